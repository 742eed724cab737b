# ruff: noqa: E501 - each sentence stands whole on its line, as people read it
"""Wrong inputs and the exact sentence that answers each: read by the tests, and by the documentation.

They are typed on 2026-11-20 at 14:30 UTC by somebody in Berlin, while what `NOT_YET` lists is not there yet.
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
        "“checkout” is not a command. To start an incident: /incident start checkout is down. All commands: /incident help",
    ),
    WrongInput(
        "/incident",
        "500 errors everywhere",
        "“errors” is not a command. To start an incident: /incident start 500 errors everywhere. All commands: /incident help",
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
        "“1” is neither a command nor an incident's id, like: /incident INC-2026-11-20-001 info. All commands: /incident help",
    ),
    WrongInput(
        "/incident",
        "42! note rolled back",
        "“42!” is neither a command nor an incident's id, like: /incident INC-2026-11-20-001 note rolled back. All commands: /incident help",
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
        "“--foo” is not an option. Use --sev, --kind, --type, --vendor, --private or --since, or leave it out: /incident start Checkout 2",
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
        "/incident",
        "start Checkout --here",
        "/incident start --here isn't there yet. Without it the incident gets a channel of its own: /incident start Checkout",
    ),
    WrongInput(
        "/incident",
        "start Checkout --here --sev 2",
        "/incident start --here isn't there yet. Without it the incident gets a channel of its own: /incident start Checkout --sev 2",
    ),
    # status
    WrongInput("/incident", "status", "Say which status: /incident status mitigated (to see it: /incident info)"),
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
    WrongInput("/incident", "role", "Say which role: /incident role lead (you), or /incident role lead @name"),
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
    WrongInput("/incident", "why", "Say why: /incident why the pool was smaller than the load"),
    WrongInput("/incident", "lesson", "Say which kind and what: /incident lesson well the alert was quick"),
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
    WrongInput("/incident", "lesson well", "Say what there is to learn: /incident lesson well the alert was quick"),
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
    WrongInput("/incident", "help severty", "There is no help on “severty”. Did you mean: /incident help severity"),
    WrongInput("/incident", "help handover", "/incident handover isn't there yet."),
    WrongInput("/incident", "help /postmortem list", "/postmortem list isn't there yet."),
)
NOT_YET = (
    WrongInput(
        "/incident", "type security", "/incident type isn't there yet. Until then: /incident note Type: security"
    ),
    WrongInput(
        "/incident",
        "service checkout-api",
        "/incident service isn't there yet. Until then: /incident note Affected: checkout-api",
    ),
    WrongInput(
        "/incident", "team Payments", "/incident team isn't there yet. Until then: /incident note Owning team: Payments"
    ),
    WrongInput(
        "/incident", f"handover {ANNA}", f"/incident handover isn't there yet. Until then: /incident role lead {ANNA}"
    ),
    WrongInput(
        "/incident",
        f"001 handover {ANNA}",
        f"/incident handover isn't there yet. Until then: /incident 001 role lead {ANNA}",
    ),
    WrongInput("/incident", "handover", "/incident handover isn't there yet. Until then: /incident role lead @anna"),
    WrongInput("/incident", "catchup", "/incident catchup isn't there yet. Until then: /incident timeline"),
    WrongInput(
        "/incident",
        "update Payments are back",
        "/incident update isn't there yet. Until then: /incident note Update: Payments are back",
    ),
    WrongInput("/incident", "link 001", "/incident link isn't there yet. Until then: /incident note Belongs to 001"),
    WrongInput(
        "/incident",
        "merge INC-2026-11-20-002",
        "/incident merge isn't there yet. Until then: /incident note Same as INC-2026-11-20-002",
    ),
    WrongInput("/incident", "whys", "/incident whys isn't there yet. Until then: /postmortem draft"),
    WrongInput(
        "/incident",
        "task restart the workers",
        "/incident task isn't there yet. Until then: /incident action restart the workers",
    ),
    WrongInput("/incident", "tasks", "/incident tasks isn't there yet. Until then: /incident timeline"),
    WrongInput("/postmortem", "review", "/postmortem review isn't there yet. Until then: /postmortem draft"),
    WrongInput(
        "/postmortem",
        "approve customer",
        "/postmortem approve isn't there yet. Until then: /postmortem draft",
    ),
    WrongInput(
        "/postmortem",
        "due friday",
        "/postmortem due isn't there yet. Until then: /incident action Write the postmortem due friday",
    ),
    WrongInput(
        "/postmortem",
        "meeting tomorrow 10:00",
        "/postmortem meeting isn't there yet. Until then: /incident action Hold the review meeting due tomorrow 10:00",
    ),
    WrongInput(
        "/postmortem",
        "waive same cause as last week's",
        "/postmortem waive isn't there yet. Until then: /incident note No postmortem: same cause as last week's",
    ),
    WrongInput("/postmortem", "export pdf", "/postmortem export isn't there yet. Until then: /postmortem draft"),
    WrongInput(
        "/postmortem", "search connection pool", "/postmortem search isn't there yet. Until then: /incident list"
    ),
    WrongInput("/postmortem", "001 similar", "/postmortem similar isn't there yet. Until then: /incident list"),
    WrongInput("/postmortem", "list", "/postmortem list isn't there yet. Until then: /incident list"),
    WrongInput("/postmortem", "quarter 2026Q3", "/postmortem quarter isn't there yet. Until then: /incident list"),
)
