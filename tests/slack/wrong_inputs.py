# ruff: noqa: E501 - each sentence stands whole on its line, as people read it
"""Wrong inputs and the exact sentence that answers each: read by the tests, and by the documentation.

They are typed on 2026-11-20 at 14:30 UTC by somebody in Berlin.
"""

from dataclasses import dataclass

from bot.domain.text import mention

ANNA = mention("UANNA")
BEN = mention("UBEN")


@dataclass(frozen=True, slots=True)
class WrongInput:
    """What was typed after a slash command, and the sentence that answers it."""

    command: str
    typed: str
    answer: str


WRONG = (
    # commands
    WrongInput("/incident", "severty 2", "“severty” is not a command. Did you mean: /incident severity 2"),
    WrongInput("/incident", "SEVERTY 2", "“SEVERTY” is not a command. Did you mean: /incident severity 2"),
    WrongInput("/incident", "foo", "“foo” is not a command. All commands: /incident help"),
    WrongInput(
        "/incident",
        "checkout is down",
        "“checkout” is not a command (/incident help lists them). To start an incident: /incident start checkout is down",
    ),
    WrongInput(
        "/incident",
        "500 errors everywhere",
        "“errors” is not a command (/incident help lists them). To start an incident: /incident start 500 errors everywhere",
    ),
    WrongInput(
        "/incident", "investigating", "“investigating” is not a command. Did you mean: /incident status investigating"
    ),
    WrongInput("/incident", f"owner {ANNA}", f"“owner” is not a command. Did you mean: /incident role owner {ANNA}"),
    WrongInput(
        "/incident",
        "root the pool was too small",
        "“root” is not a command. Did you mean: /incident cause root the pool was too small",
    ),
    WrongInput(
        "/incident",
        "well the alert was quick",
        "“well” is not a command. Did you mean: /incident lesson well the alert was quick",
    ),
    WrongInput(
        "/incident", "detected 13:58", "“detected” is not a command. Did you mean: /incident set detected 13:58"
    ),
    WrongInput("/incident", "fixed", "“fixed” is not a command. Did you mean: /incident resolve"),
    WrongInput("/incident", "001 done", "“done” is not a command. Did you mean: /incident 001 resolve"),
    WrongInput(
        "/incident",
        "undo",
        "“undo” is not a command. Undo is the button below the answer to what you typed. All commands: /incident help",
    ),
    WrongInput("/incident", "draft", "“draft” is not a command. Did you mean: /postmortem draft"),
    WrongInput(
        "/incident", "nte 14:05 rolled back", "“nte” is not a command. Did you mean: /incident note 14:05 rolled back"
    ),
    WrongInput("/incident", "nots title is odd", "“nots” is not a command. Did you mean: /incident note title is odd"),
    WrongInput("/postmortem", "note rolled back", "“note” is not a command. Did you mean: /incident note rolled back"),
    WrongInput("/postmortem", "foo", "“foo” is not a command. All commands: /postmortem help"),
    WrongInput("/postmortem", "publsh", "“publsh” is not a command. Did you mean: /postmortem publish"),
    # incidents
    WrongInput("/incident", "001", "Say what to do with 001: /incident 001 info"),
    WrongInput("/incident", "7k3q", "Say what to do with 7K3Q: /incident 7K3Q info"),
    WrongInput(
        "/incident", "001 staus mitigated", "“staus” is not a command. Did you mean: /incident 001 status mitigated"
    ),
    WrongInput(
        "/incident",
        "INC-2026-11-20-001 staus mitigated",
        "“staus” is not a command. Did you mean: /incident INC-2026-11-20-001 status mitigated",
    ),
    WrongInput(
        "/incident",
        "1 info",
        "“1” is neither a command (/incident help lists them) nor an incident's id. With one: /incident INC-2026-11-20-001 info",
    ),
    WrongInput(
        "/incident",
        "42! note rolled back",
        "“42!” is neither a command (/incident help lists them) nor an incident's id. With one: /incident INC-2026-11-20-001 note rolled back",
    ),
    WrongInput("/incident", "001 list", "No incident id goes before “list”: /incident list"),
    WrongInput(
        "/incident", "001 start Checkout errors", "No incident id goes before “start”: /incident start Checkout errors"
    ),
    WrongInput("/incident", "info 001", "The incident goes in front: /incident 001 info"),
    WrongInput("/incident", "info please", "Nothing goes after “info”: /incident info"),
    WrongInput("/incident", "list open", "Nothing goes after “list”: /incident list"),
    WrongInput("/postmortem", "7k3q drft", "“drft” is not a command. Did you mean: /postmortem 7K3Q draft"),
    # start
    WrongInput(
        "/incident",
        "start Checkout --sev 9",
        "“9” is not a severity. Use 1 (worst) to 4: /incident start Checkout --sev 1",
    ),
    WrongInput("/incident", "start Checkout --sev", "--sev needs a value: /incident start Checkout --sev 2"),
    WrongInput(
        "/incident",
        "start Checkout --sev high in the EU",
        "“high” is not a severity. Use 1 (worst) to 4: /incident start Checkout --sev 1 in the EU",
    ),
    WrongInput(
        "/incident",
        "start Checkout --severty 2",
        "“--severty” is not an option. Did you mean: /incident start Checkout --sev 2",
    ),
    WrongInput(
        "/incident",
        "start Checkout —sevrity 2",
        "“--sevrity” is not an option. Did you mean: /incident start Checkout --sev 2",
    ),
    WrongInput(
        "/incident",
        "start Checkout --foo 2",
        "“--foo” is not an option. Use --sev, --kind, --type, --vendor, --here, --private or --since, or leave it out: /incident start Checkout 2",
    ),
    WrongInput(
        "/incident",
        "start Checkout --kind outage",
        "“outage” is not a kind of incident. Use live, near-miss, drill or retro: /incident start Checkout --kind live",
    ),
    WrongInput(
        "/incident",
        "start Checkout --kind near-mis",
        "“near-mis” is not a kind of incident. Use live, near-miss, drill or retro: /incident start Checkout --kind near-miss",
    ),
    WrongInput(
        "/incident",
        "start Checkout --type prodcution",
        "“prodcution” is not a type of incident. Use production, security, product or process: /incident start Checkout --type production",
    ),
    WrongInput(
        "/incident",
        "start Checkout --vendor Big Cloud",
        'Put a name of several words in quotes, and the title in front: /incident start Checkout --vendor "Big Cloud"',
    ),
    WrongInput(
        "/incident",
        'start Checkout --vendor "Big Cloud',
        'A quote is opened and not closed after --vendor: /incident start Checkout --vendor "Big Cloud"',
    ),
    WrongInput(
        "/incident",
        "start Checkout --sev 1 --sev 2",
        "--sev stands there twice. Give it once: /incident start Checkout --sev 1",
    ),
    WrongInput(
        "/incident",
        "start Checkout --since soonish",
        'I can\'t place "soonish" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    WrongInput(
        "/incident", "start Checkout --hree", "“--hree” is not an option. Did you mean: /incident start Checkout --here"
    ),
    WrongInput(
        "/incident",
        "start Checkout --here --here",
        "--here stands there twice. Give it once: /incident start Checkout --here",
    ),
    WrongInput(
        "/incident",
        "start Checkout --here --since noonish",
        'I can\'t place "noonish" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    # what it is about, and what belongs together
    WrongInput("/incident", "type", "Say the type: /incident type security"),
    WrongInput(
        "/incident",
        "type secuirty",
        "“secuirty” is not a type of incident. Use production, security, product or process: /incident type security",
    ),
    WrongInput(
        "/incident",
        "001 type outage",
        "“outage” is not a type of incident. Use production, security, product or process: /incident 001 type production",
    ),
    WrongInput("/incident", "service", "Say which service: /incident service checkout-api payments"),
    WrongInput("/incident", "servce payments", "“servce” is not a command. Did you mean: /incident service payments"),
    WrongInput(
        "/incident",
        f"service {' '.join(f's{number}' for number in range(21))}",
        "21 services are too many; 20 is the limit. The main ones: /incident service s0 s1 s2",
    ),
    WrongInput("/incident", "team", "Say which team: /incident team Payments"),
    WrongInput(
        "/incident",
        f"team {'x' * 101}",
        f"The name “{'x' * 39}…” has 101 characters; 100 is the limit. Use a shorter one.",
    ),
    WrongInput(
        "/incident",
        "link",
        "Say which incident, by its id or the id's end: /incident link INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "001 link",
        "Say which incident, by its id or the id's end: /incident 001 link INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "link Checkout errors",
        "“Checkout errors” is not an incident's id or the end of one: /incident link INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "link 001 002",
        "“001 002” is not an incident's id or the end of one: /incident link INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "merge",
        "Say which incident, by its id or the id's end: /incident merge INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "001 merge",
        "Say which incident, by its id or the id's end: /incident 001 merge INC-2026-11-20-001",
    ),
    WrongInput(
        "/incident",
        "merge with the database one",
        "“with the database one” is not an incident's id or the end of one: /incident merge INC-2026-11-20-001",
    ),
    WrongInput("/incident", "merg 001", "“merg” is not a command. Did you mean: /incident merge 001"),
    WrongInput("/incident", "lnik 001", "“lnik” is not a command. Did you mean: /incident link 001"),
    # status
    WrongInput("/incident", "status", "Say which status (/incident info shows it): /incident status mitigated"),
    WrongInput(
        "/incident",
        "status fixed",
        "“fixed” is not a status. Use investigating, identified, mitigated, resolved or closed: /incident status mitigated",
    ),
    WrongInput(
        "/incident",
        "status mitigatd 14:05",
        "“mitigatd” is not a status. Use investigating, identified, mitigated, resolved or closed: /incident status mitigated 14:05",
    ),
    WrongInput(
        "/incident",
        "status mitigated rolled back",
        "“rolled back” is not a time. A note goes after two dashes: /incident status mitigated -- rolled back",
    ),
    WrongInput(
        "/incident",
        "status mitigated 14:05 rolled back",
        "A note goes after two dashes: /incident status mitigated 14:05 -- rolled back",
    ),
    WrongInput(
        "/incident",
        "status mitigated 3 pods restarted",
        'I can\'t place "3 pods restarted" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z. A note goes after two dashes: /incident status mitigated -- 3 pods restarted',
    ),
    WrongInput(
        "/incident",
        "status mitigated 25:61",
        'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    WrongInput(
        "/incident",
        "mitigated rolled back",
        "“rolled back” is not a time. A note goes after two dashes: /incident mitigated -- rolled back",
    ),
    WrongInput(
        "/incident",
        "resolve all good",
        "“all good” is not a time. A note goes after two dashes: /incident resolve -- all good",
    ),
    WrongInput("/incident", "ack on it", "“on it” is not a time. A note goes after two dashes: /incident ack -- on it"),
    WrongInput(
        "/incident",
        "reopen the errors are back",
        "“the errors are back” is not a time. A note goes after two dashes: /incident reopen -- the errors are back",
    ),
    WrongInput("/incident", "cancel", "Say why it was no incident: /incident cancel the probe was wrong"),
    WrongInput("/incident", "cancel --", "Say why it was no incident: /incident cancel the probe was wrong"),
    WrongInput("/incident", "status cancelled", "Say why it was no incident: /incident cancel the probe was wrong"),
    # set
    WrongInput("/incident", "set", "Say which milestone and when: /incident set started 14:05"),
    WrongInput("/incident", "set started", "Say when: /incident set started 14:05"),
    WrongInput(
        "/incident",
        "set begun 13:50",
        "“begun” is not a milestone that can be corrected. Use started, detected, acknowledged, identified, mitigated or resolved: /incident set started 13:50",
    ),
    WrongInput(
        "/incident",
        "set declared 13:50",
        "The time of the declaration stays as it is. To correct the start: /incident set started 13:50",
    ),
    WrongInput(
        "/incident",
        "set started 25:61",
        'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    # severity, title
    WrongInput("/incident", "sev", "Say how severe it is, 1 (worst) to 4: /incident severity 2"),
    WrongInput("/incident", "sev 9", "“9” is not a severity. Use 1 (worst) to 4: /incident severity 1"),
    WrongInput("/incident", "sev9", "“9” is not a severity. Use 1 (worst) to 4: /incident severity 1"),
    WrongInput("/incident", "sev2 now", "“2 now” is not a severity. Use 1 (worst) to 4: /incident severity 2"),
    WrongInput(
        "/incident",
        "severity 2 checkout is slow",
        "“2 checkout is slow” is not a severity. Use 1 (worst) to 4: /incident severity 2",
    ),
    WrongInput("/incident", "7k3q sev 9", "“9” is not a severity. Use 1 (worst) to 4: /incident 7K3Q severity 1"),
    WrongInput("/incident", "title", "Say the new title: /incident title Checkout errors in the EU"),
    WrongInput("/incident", 'title ""', "Say the new title: /incident title Checkout errors in the EU"),
    # role
    WrongInput(
        "/incident", "role", "Say which role, for you, or for somebody else with @name after it: /incident role lead"
    ),
    WrongInput(
        "/incident",
        f"role boss {ANNA}",
        f"“boss” is not a role. Use lead, comms, notes, ops or owner: /incident role lead {ANNA}",
    ),
    WrongInput("/incident", f"role {ANNA}", f"Say which role: /incident role lead {ANNA}"),
    WrongInput(
        "/incident", f"role lead {BEN} please", f"One person goes here, and nothing else: /incident role lead {BEN}"
    ),
    WrongInput(
        "/incident", f"role lead {ANNA} {BEN}", f"One person goes here, and nothing else: /incident role lead {ANNA}"
    ),
    WrongInput(
        "/incident",
        "role lead @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident role lead @carl",
    ),
    WrongInput(
        "/incident",
        "role ops carl",
        "“carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident role ops @name",
    ),
    WrongInput(
        "/postmortem",
        "owner @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /postmortem owner @carl",
    ),
    WrongInput(
        "/postmortem", f"owner {ANNA} due friday", f"One person goes here, and nothing else: /postmortem owner {ANNA}"
    ),
    # note, impact, cause, why, lesson
    WrongInput("/incident", "note", "Say what happened: /incident note 14:05 the alert came"),
    WrongInput("/incident", "note 14:05", "Say what happened then: /incident note 14:05 the alert came"),
    WrongInput(
        "/incident",
        "note 25:61 rolled back",
        'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:30Z.',
    ),
    WrongInput("/incident", "whys 3", "Nothing goes after “whys”: /incident whys"),
    WrongInput("/incident", "why", "Say why: /incident why the pool was smaller than the load"),
    WrongInput(
        "/incident",
        "lesson The alert was quick",
        "Say which kind of lesson, well, poorly, lucky, hard or unknown: /incident lesson well The alert was quick",
    ),
    WrongInput(
        "/incident",
        "lesson wel The alert was quick",
        "“wel” is not a kind of lesson. Use well, poorly, lucky, hard or unknown: /incident lesson well The alert was quick",
    ),
    WrongInput("/incident", "timeline everything", "Only “all” goes after timeline: /incident timeline all"),
    # action
    WrongInput(
        "/incident",
        f"action {ANNA} due friday",
        f"Say what is to be done: /incident action Add an alert on the queue {ANNA} due friday",
    ),
    WrongInput(
        "/incident",
        "action Add an alert @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident action Add an alert @carl",
    ),
    WrongInput(
        "/incident",
        "action Add an alert P7 due friday",
        "“P7” is not a priority. Use P0, P1 or P2: /incident action Add an alert P2 due friday",
    ),
    WrongInput(
        "/incident",
        "action Add an alert --type preventt",
        "“preventt” is not a type of action. Use investigate, mitigate, repair, detect, mitigate-future or prevent: /incident action Add an alert --type prevent",
    ),
    WrongInput(
        "/incident",
        "action Add an alert --type",
        "--type needs a value, investigate, mitigate, repair, detect, mitigate-future or prevent: /incident action Add an alert --type prevent",
    ),
    WrongInput("/incident", "action Add an alert due 30 feb", "There is no 30 feb. Try 28 Feb."),
    WrongInput("/incident", "action Add an alert due 2020-01-01", '"2020-01-01" is in the past. Try 2027-01-01.'),
    WrongInput(
        "/incident",
        "action Add an alert due friday P1 please",
        "“P1 please” stands after the date. Put it before: /incident action Add an alert P1 please due friday",
    ),
    # updates and reminders
    WrongInput(
        "/incident",
        "update",
        "Say what those outside should know: /incident update Payments are back for most customers next 30m",
    ),
    WrongInput(
        "/incident",
        "update next 30m",
        "Say what those outside should know: /incident update Payments are back for most customers next 30m",
    ),
    WrongInput(
        "/incident",
        "update Payments are back next 45x",
        "“45x” is no length of time: /incident update Payments are back next 45m",
    ),
    WrongInput(
        "/incident",
        "001 update Payments are back next 45",
        "“45” is no length of time: /incident 001 update Payments are back next 45m",
    ),
    WrongInput(
        "/incident",
        "update Payments are back next 0m",
        "“0m” is no length of time: /incident update Payments are back next 30m",
    ),
    WrongInput(
        "/incident",
        "update Payments are back, next in 0 minutes.",
        "“0 minutes” is no length of time: /incident update Payments are back next 30m",
    ),
    WrongInput(
        "/incident",
        "update Payments are back next 30s",
        "The next update can't come in 30 s; 1 min is the least: /incident update Payments are back next 30m",
    ),
    WrongInput(
        "/incident",
        "update Payments are back next 5 weeks",
        "The next update can't come in 5 w; 7 d is the most: /incident update Payments are back next 1d",
    ),
    WrongInput(
        "/incident",
        f"update {'long ' * 601}",
        "That has 3,004 characters; 3,000 is the limit. Say it shorter, or in parts.",
    ),
    WrongInput("/incident", "snooze until tomorrow", "“until tomorrow” is no length of time: /incident snooze 30m"),
    WrongInput("/incident", "snooze 20", "“20” is no length of time: /incident snooze 20m"),
    WrongInput("/incident", "snooze for 0h", "“0h” is no length of time: /incident snooze 30m"),
    WrongInput(
        "/incident", "snooze 2 weeks", "A reminder can't be put off by 2 w; 7 d is the most: /incident snooze 1d"
    ),
    # task, tasks
    WrongInput("/incident", "task", "Say what is to be done now: /incident task restart the workers"),
    WrongInput("/incident", f"task {BEN}", f"Say what is to be done now: /incident task restart the workers {BEN}"),
    WrongInput(
        "/incident",
        "task restart the workers @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident task restart the workers @carl",
    ),
    WrongInput(
        "/incident",
        f"task {'long ' * 601}",
        "That has 3,004 characters; 3,000 is the limit. Say it shorter, or in parts.",
    ),
    WrongInput("/incident", "task done 3 please", "Nothing goes after the number: /incident tasks done 3"),
    WrongInput(
        "/incident",
        "tasks open",
        "“open” is not something to do with a task. Use done, take, give, action or drop: /incident tasks done 1",
    ),
    WrongInput(
        "/incident",
        "tasks doen 3",
        "“doen” is not something to do with a task. Use done, take, give, action or drop: /incident tasks done 3",
    ),
    WrongInput("/incident", "tasks 3", "Say what to do with task 3: /incident tasks done 3"),
    WrongInput(
        "/incident",
        "tasks done",
        "Say which task, by its number (/incident tasks shows them): /incident tasks done 1",
    ),
    WrongInput(
        "/incident",
        "001 tasks drop the first",
        "Say which task, by its number (/incident 001 tasks shows them): /incident 001 tasks drop 1",
    ),
    WrongInput("/incident", "tasks done 3 now", "Nothing goes after the number: /incident tasks done 3"),
    WrongInput("/incident", f"tasks take 3 {BEN}", "Nothing goes after the number: /incident tasks take 3"),
    WrongInput("/incident", "tasks give 3", "Say who does it: /incident tasks give 3 @name"),
    WrongInput(
        "/incident",
        "tasks give 3 @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident tasks give 3 @carl",
    ),
    WrongInput(
        "/incident",
        f"tasks give 3 {ANNA} {BEN}",
        f"One person goes here, and nothing else: /incident tasks give 3 {ANNA}",
    ),
    # handover, catchup
    WrongInput("/incident", "handover", "Say who takes over: /incident handover @name"),
    WrongInput("/incident", "001 handover", "Say who takes over: /incident 001 handover @name"),
    WrongInput(
        "/incident",
        "handover @carl",
        "“@carl” did not arrive as a person. Pick the name from Slack's list after the @: /incident handover @carl",
    ),
    WrongInput(
        "/incident", f"handover {BEN} please", f"One person goes here, and nothing else: /incident handover {BEN}"
    ),
    WrongInput(
        "/incident", f"handover {ANNA} {BEN}", f"One person goes here, and nothing else: /incident handover {ANNA}"
    ),
    WrongInput(
        "/incident",
        "handover acept",
        "“acept” is neither a person nor an answer to a handover. Did you mean: /incident handover accept",
    ),
    WrongInput("/incident", "catchup please", "Nothing goes after “catchup”: /incident catchup"),
    # postmortem
    WrongInput("/postmortem", "draft customer", "Name the audience like this: /postmortem draft --audience customer"),
    WrongInput("/postmortem", "draft now", "“now” means nothing here: /postmortem draft --audience internal"),
    WrongInput(
        "/postmortem",
        "draft --audience everybody",
        "“everybody” is not an audience. Use internal, executive or customer: /postmortem draft --audience internal",
    ),
    WrongInput("/postmortem", "draft --audience", "--audience needs a value: /postmortem draft --audience customer"),
    WrongInput(
        "/postmortem",
        "draft --audiense customer",
        "“--audiense” is not an option. Did you mean: /postmortem draft --audience customer",
    ),
    WrongInput(
        "/postmortem",
        "publish --audience executive",
        "“executive” is not an audience to publish for. Use internal or customer: /postmortem publish --audience internal",
    ),
    WrongInput(
        "/postmortem",
        "publish --now",
        "“--now” is not an option. Use --audience or --yes, or leave it out: /postmortem publish",
    ),
    # help
    WrongInput("/postmortem", "due", "Say by when it is to be written: /postmortem due friday"),
    WrongInput("/postmortem", "due 30 feb", "There is no 30 feb. Try 28 Feb."),
    WrongInput("/postmortem", "due soon", 'I can\'t read "soon" as a due date. Try friday, in 2 weeks, or 2026-12-04.'),
    WrongInput("/postmortem", "due 2020-01-01", '"2020-01-01" is in the past. Try 2027-01-01.'),
    WrongInput("/postmortem", "meeting", "Say when the review meeting is: /postmortem meeting tomorrow 10:00"),
    WrongInput(
        "/postmortem", "meeting friday", 'I can\'t place "friday" in time. Try friday 14:05 or 2026-11-21T14:30Z.'
    ),
    WrongInput(
        "/postmortem",
        "meeting 25:61",
        'I can\'t place "25:61" in time. Try 14:05, tomorrow 10:00, or 2026-11-21T14:30Z.',
    ),
    WrongInput("/postmortem", "waive", "Say why none is written: /postmortem waive same cause as last week's"),
    WrongInput("/postmortem", "export", "Say as which kind of file, md, html, pdf or json: /postmortem export html"),
    WrongInput(
        "/postmortem", "export docx", "“docx” is not a format. Use md, html, pdf or json: /postmortem export md"
    ),
    WrongInput("/postmortem", "search", "Say what to look for: /postmortem search connection pool"),
    WrongInput("/postmortem", "similar 001", "Nothing goes after “similar”: /postmortem similar"),
    WrongInput(
        "/postmortem", "quarter Q3", "“Q3” is not a quarter. Write the year, then Q1 to Q4: /postmortem quarter 2026Q4"
    ),
    WrongInput(
        "/postmortem",
        "quarter 2026Q5",
        "“2026Q5” is not a quarter. Write the year, then Q1 to Q4: /postmortem quarter 2026Q4",
    ),
    WrongInput("/postmortem", "list open", "Nothing goes after “list”: /postmortem list"),
    WrongInput("/postmortem", "001 list", "No incident id goes before “list”: /postmortem list"),
    WrongInput("/incident", "help severty", "There is no help on “severty”. Did you mean: /incident help severity"),
    WrongInput("/incident", "help tsks", "There is no help on “tsks”. Did you mean: /incident help tasks"),
    WrongInput("/postmortem", "approve", "Only the customer version needs an approval: /postmortem approve customer"),
    WrongInput(
        "/postmortem", "approve internal", "Only the customer version needs an approval: /postmortem approve customer"
    ),
    WrongInput("/postmortem", "review please", "Nothing goes after “review”: /postmortem review"),
)
