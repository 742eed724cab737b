# ruff: noqa: E501 - each sentence stands whole on its line, as people read it
"""Commands that are read and refused all the same, and the exact answer to each: read by the tests and by the docs.

They are typed on 2026-11-20 at 14:30 UTC. The incident is INC-2026-11-20-001, another one INC-2026-11-20-002.
"""

from dataclasses import dataclass

HERE, OTHER, HIDDEN = "INC-2026-11-20-001", "INC-2026-11-20-002", "INC-2026-11-20-7K3Q"


@dataclass(frozen=True, slots=True)
class Situation:
    """How an incident stands.

    `start` is what it is declared with. `typed` is typed in its channel before, each line by who stands in front of
    it; `>` presses a button of the newest answer. A form that opens is sent in as it is.
    """

    when: str
    start: str = "Checkout errors --sev 2"
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed in an incident's channel, by whom and when, and the first line of the answer."""

    typed: str
    when: Situation
    answer: str
    by: str = "ana"


OPEN = Situation("it is open")
ACKNOWLEDGED = Situation("it is acknowledged", typed=("ana /incident ack",))
IDENTIFIED = Situation("it is identified", typed=("ana /incident identified",))
MITIGATED = Situation("it is mitigated", typed=("ana /incident mitigated",))
DETECTED = Situation("it was detected at 14:00", typed=("ana /incident set detected 14:00 UTC",))
RESOLVED = Situation("it is resolved", typed=("ana /incident resolve",))
CLOSED = Situation("it is closed", typed=("ana /incident resolve", "ana /incident close"))
CANCELLED = Situation("it is cancelled", typed=("ana /incident cancel the probe was wrong",))
DESCRIBED = Situation(
    "type, services and team are known",
    typed=("ana /incident service checkout-api", "ana /incident team Payments"),
)
LED = Situation("Ana is the lead", typed=("ana /incident role lead",))
OFFERED = Situation("Ana has offered the lead to Ben", typed=("ana /incident role lead", "ana /incident handover @ben"))
OVERTAKEN = Situation(
    "Ana has offered the lead to Ben, and it is resolved",
    typed=("ana /incident role lead", "ana /incident handover @ben", "ana /incident resolve"),
)
TASKS = Situation(
    "task 1 is Ana's, task 2 is done",
    typed=(
        "ana /incident task restart the workers @ana",
        "ana /incident task call the vendor",
        "ana /incident tasks done 2",
    ),
)
LINKED = Situation("it is linked with another", typed=(f"ana /incident link {OTHER}",))
MERGED = Situation("it is part of another", typed=(f"ana /incident merge {OTHER}",))
PRIVATE = Situation("it is private", start="Layoffs --private")
DRILL = Situation("it is a drill", start="Evacuation --kind drill")
SECURITY = Situation(
    "it is a security incident, and no SCRIBE_APPROVERS are set",
    start="Stolen laptop --type security",
    typed=("ana /postmortem draft --audience customer",),
)
DRAFTED = Situation("it is resolved and drafted", typed=("ana /incident resolve", "ana /postmortem draft"))
DRAFTED_OPEN = Situation("it is drafted and still open", typed=("ana /postmortem draft",))
DRAFTED_CANCELLED = Situation(
    "it was drafted, then cancelled", typed=("ana /postmortem draft", "ana /incident cancel the probe was wrong")
)
VERSION_OPEN = Situation(
    "its customer version is drafted, and it is still open", typed=("ana /postmortem draft --audience customer",)
)
VERSION = Situation(
    "its customer version is drafted",
    typed=("ana /incident resolve", "ana /postmortem draft --audience customer"),
)
APPROVED = Situation(
    "its customer version is approved",
    typed=(*VERSION.typed, "ben /postmortem approve customer", "ben > answer.approve_customer"),
)
TOLD = Situation(
    "its customer version is published",
    typed=(*APPROVED.typed, "ana /postmortem publish --audience customer --yes"),
)
PUBLISHED = Situation("its postmortem is published", typed=(*DRAFTED.typed, "ana /postmortem publish --yes"))
PLANNED = Situation(
    "Ana owns its postmortem, due on Friday, with a meeting tomorrow",
    typed=("ana /postmortem owner", "ana /postmortem due friday", "ana /postmortem meeting tomorrow 10:00"),
)
WAIVED = Situation(
    "its postmortem is waived", typed=("ana /incident resolve", "ana /postmortem waive the same cause as last week's")
)

REFUSALS = (
    Refusal(
        "/incident start Another one --here",
        OPEN,
        "INC-2026-11-20-001 is led in this channel. Without --here the new one gets a channel of its own, and the two are linked: `/incident start Another one --sev 3`",
    ),
    Refusal(
        "/incident status investigating",
        OPEN,
        "INC-2026-11-20-001 is investigating already. To see where it stands: `/incident info`",
    ),
    Refusal(
        "/incident status closed", OPEN, "INC-2026-11-20-001 is investigating. Resolve it first: `/incident resolve`"
    ),
    Refusal(
        "/incident status mitigated",
        RESOLVED,
        "INC-2026-11-20-001 is resolved. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/incident status mitigated",
        CANCELLED,
        "INC-2026-11-20-001 is cancelled. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/incident ack",
        ACKNOWLEDGED,
        "INC-2026-11-20-001 was acknowledged at 2026-11-20 14:30 UTC. To correct it: `/incident set acknowledged 14:05`",
    ),
    Refusal(
        "/incident identified",
        IDENTIFIED,
        "INC-2026-11-20-001 is identified already. To correct when: `/incident set identified 14:05`",
    ),
    Refusal(
        "/incident identified", RESOLVED, "INC-2026-11-20-001 is resolved. To take it up again: `/incident reopen`"
    ),
    Refusal(
        "/incident mitigated",
        MITIGATED,
        "INC-2026-11-20-001 is mitigated already. To correct when: `/incident set mitigated 14:05`",
    ),
    Refusal("/incident mitigated", CLOSED, "INC-2026-11-20-001 is closed. To take it up again: `/incident reopen`"),
    Refusal(
        "/incident resolve",
        RESOLVED,
        "INC-2026-11-20-001 is resolved already. To correct when: `/incident set resolved 14:05`",
    ),
    Refusal("/incident resolve", CLOSED, "INC-2026-11-20-001 is closed. To take it up again: `/incident reopen`"),
    Refusal("/incident resolve", CANCELLED, "INC-2026-11-20-001 is cancelled. To take it up again: `/incident reopen`"),
    Refusal("/incident close", OPEN, "INC-2026-11-20-001 is investigating. Resolve it first: `/incident resolve`"),
    Refusal(
        "/incident close", CLOSED, "INC-2026-11-20-001 is closed already. To see where it stands: `/incident info`"
    ),
    Refusal("/incident close", CANCELLED, "INC-2026-11-20-001 is cancelled. To take it up again: `/incident reopen`"),
    Refusal(
        "/incident reopen",
        OPEN,
        "INC-2026-11-20-001 is still open (investigating). To see where it stands: `/incident info`",
    ),
    Refusal(
        "/incident cancel a false alarm",
        RESOLVED,
        "INC-2026-11-20-001 is resolved already. To see where it stands: `/incident info`",
    ),
    Refusal(
        "/incident cancel a false alarm",
        CANCELLED,
        "INC-2026-11-20-001 is cancelled already. To see where it stands: `/incident info`",
    ),
    Refusal("/incident severity 2", OPEN, "INC-2026-11-20-001 is SEV2 already."),
    Refusal("/incident type production", OPEN, "INC-2026-11-20-001 is a production incident already."),
    Refusal("/incident service checkout-api", DESCRIBED, "INC-2026-11-20-001 affects checkout-api already."),
    Refusal("/incident team Payments", DESCRIBED, "The owning team of INC-2026-11-20-001 is Payments already."),
    Refusal("/incident role lead", LED, "@ana is the incident lead already."),
    Refusal("/incident role lead @ana", LED, "@ana is the incident lead already."),
    Refusal(
        "/incident role lead @robot",
        OPEN,
        "Robot is a bot and can't be incident lead. Name a member of this workspace.",
    ),
    Refusal(
        "/incident role comms @guest",
        OPEN,
        "Gus Guest is a guest and can't be communications lead. Name a member of this workspace.",
    ),
    Refusal(
        "/incident role ops @left",
        OPEN,
        "Lea Left is no longer in this workspace and can't be operations lead. Name a member of this workspace.",
    ),
    Refusal(
        "/incident handover @ana", LED, "The lead is handed over to somebody else. To take it: `/incident role lead`"
    ),
    Refusal(
        "/incident handover @robot", LED, "Robot is a bot and can't be incident lead. Name a member of this workspace."
    ),
    Refusal(
        "/incident handover @guest",
        LED,
        "Gus Guest is a guest and can't be incident lead. Name a member of this workspace.",
    ),
    Refusal(
        "/incident handover @left",
        LED,
        "Lea Left is no longer in this workspace and can't be incident lead. Name a member of this workspace.",
    ),
    Refusal(
        "/incident handover @cleo",
        LED,
        "@ana is the incident lead, and only they hand it over. To name another without them: /incident role lead @cleo",
        by="ben",
    ),
    Refusal("/incident handover @ana", LED, "@ana is the incident lead already.", by="ben"),
    Refusal(
        "/incident handover @ben",
        RESOLVED,
        "INC-2026-11-20-001 is resolved, so there is no lead to hand over. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/incident handover accept",
        OPEN,
        "The lead of INC-2026-11-20-001 is offered to nobody. To hand it over: `/incident handover @name`",
    ),
    Refusal(
        "/incident handover accept",
        OFFERED,
        "This is offered to @ben, so only they can accept it. To take the lead: `/incident role lead`",
    ),
    Refusal("/incident handover decline", OFFERED, "This is offered to @ben, so only they can decline it."),
    Refusal("/incident handover withdraw", OFFERED, "@ana made this offer, so only they can withdraw it.", by="ben"),
    Refusal(
        "/incident handover accept",
        OVERTAKEN,
        "INC-2026-11-20-001 is resolved, so there is no lead to take. To take it up again: `/incident reopen`",
        by="ben",
    ),
    Refusal(
        "/incident set started 14:10 UTC",
        DETECTED,
        "“started” at 2026-11-20 14:10 UTC would come after “detected” at 2026-11-20 14:00 UTC. Correct that one first, for example: `/incident set detected 2026-11-20T14:10Z`",
    ),
    Refusal(
        "/incident set resolved 13:50 UTC",
        DETECTED,
        "“resolved” at 2026-11-20 13:50 UTC would come before “detected” at 2026-11-20 14:00 UTC. Correct that one first, for example: `/incident set detected 2026-11-20T13:50Z`",
    ),
    Refusal(
        "/incident update All is well",
        CANCELLED,
        "INC-2026-11-20-001 is cancelled: it was no incident. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/incident snooze 1h", OPEN, "No reminder stands in INC-2026-11-20-001 now, so there is nothing to snooze."
    ),
    Refusal(
        "/incident link INC-2026-11-20-001",
        OPEN,
        "INC-2026-11-20-001 can't be linked with itself. To see the others: `/incident list`",
    ),
    Refusal(
        "/incident link 2020-01-01-001",
        OPEN,
        "There is no incident 2020-01-01-001 that you can see. To see the open ones: `/incident list`",
    ),
    Refusal(
        "/incident link INC-2026-11-20-002",
        LINKED,
        "INC-2026-11-20-001 and INC-2026-11-20-002 are linked already: `/incident info`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-001",
        OPEN,
        "INC-2026-11-20-001 can't be merged with itself. To see the others: `/incident list`",
    ),
    Refusal(
        "/incident merge 2020-01-01-001",
        OPEN,
        "There is no incident 2020-01-01-001 that you can see. To see the open ones: `/incident list`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-002",
        CANCELLED,
        "INC-2026-11-20-001 is cancelled: it was no incident. To take it up again first: `/incident INC-2026-11-20-001 reopen`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-002",
        DRILL,
        "INC-2026-11-20-001 is a drill and INC-2026-11-20-002 is not, so they are no one outage. To let each point to the other: `/incident INC-2026-11-20-001 link INC-2026-11-20-002`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-002",
        PUBLISHED,
        "The postmortem of INC-2026-11-20-001 is published, so it stays as it is. To let each point to the other: `/incident INC-2026-11-20-001 link INC-2026-11-20-002`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-002",
        PRIVATE,
        "INC-2026-11-20-7K3Q is private and INC-2026-11-20-002 is not: merged, everybody could read what was said among few. To let each point to the other: `/incident INC-2026-11-20-7K3Q link INC-2026-11-20-002`",
    ),
    Refusal(
        "/incident merge INC-2026-11-20-002",
        MERGED,
        "INC-2026-11-20-001 is part of INC-2026-11-20-002 already. To see what is known of it: `/incident INC-2026-11-20-002 info`",
    ),
    Refusal(
        "/incident action Alert on the queue @robot",
        OPEN,
        "Robot is a bot and can't own an action. Name somebody who can do it.",
    ),
    Refusal(
        "/incident action Alert on the queue @left",
        OPEN,
        "Lea Left is no longer in this workspace and can't own an action. Name somebody who can do it.",
    ),
    Refusal(
        "/incident task restart the workers @robot",
        OPEN,
        "Robot is a bot and can't be given a task. Name a member of this workspace.",
    ),
    Refusal(
        "/incident task restart the workers @guest",
        OPEN,
        "Gus Guest is a guest and can't be given a task. Name a member of this workspace.",
    ),
    Refusal(
        "/incident task restart the workers",
        RESOLVED,
        "INC-2026-11-20-001 is resolved, and tasks are for during the incident. For afterwards: `/incident action restart the workers`",
    ),
    Refusal(
        "/incident tasks done 9", TASKS, "INC-2026-11-20-001 has no task 9. To see those there are: `/incident tasks`"
    ),
    Refusal("/incident tasks done 2", TASKS, "Task 2 is done already."),
    Refusal("/incident tasks take 1", TASKS, "Task 1 is yours already."),
    Refusal("/incident tasks give 1 @ana", TASKS, "Task 1 is yours already."),
    Refusal(
        "/incident tasks give 1 @guest",
        TASKS,
        "Gus Guest is a guest and can't be given a task. Name a member of this workspace.",
    ),
    Refusal("/incident tasks give 1 @ana", TASKS, "Task 1 is for @ana already.", by="ben"),
    Refusal(
        "/postmortem draft",
        CANCELLED,
        "INC-2026-11-20-001 was cancelled, so there is nothing to draft. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/postmortem draft --audience customer",
        DRILL,
        "INC-2026-11-20-001 is a drill, so there is nothing to tell customers. For those inside: `/postmortem draft`",
    ),
    Refusal("/postmortem publish", OPEN, "INC-2026-11-20-001 has no draft yet. Make one first: `/postmortem draft`"),
    Refusal(
        "/postmortem publish",
        DRAFTED_OPEN,
        "INC-2026-11-20-001 is investigating. Resolve it first: `/incident resolve`",
    ),
    Refusal(
        "/postmortem publish",
        PUBLISHED,
        "Draft 1 was published at 2026-11-20 14:30 UTC. To publish what is new, draft it first: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem publish",
        DRAFTED_CANCELLED,
        "INC-2026-11-20-001 was cancelled, so there is nothing to publish. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        OPEN,
        "INC-2026-11-20-001 has no draft yet. Make one first: `/postmortem draft --audience customer`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        DRAFTED,
        "Draft 1 has no customer version. Make one first: `/postmortem draft --audience customer`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        VERSION,
        "The customer version of draft 1 is not approved yet: `/postmortem approve customer`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        VERSION_OPEN,
        "INC-2026-11-20-001 is investigating. Resolve it first: `/incident resolve`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        TOLD,
        "The customer version of draft 1 was published at 2026-11-20 14:30 UTC. To publish what is new, draft it first: `/postmortem draft --audience customer`",
    ),
    Refusal(
        "/postmortem publish --audience customer",
        DRILL,
        "INC-2026-11-20-001 is a drill, so there is nothing to tell customers. For those inside: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem approve customer",
        OPEN,
        "INC-2026-11-20-001 has no draft yet. Make one first: `/postmortem draft --audience customer`",
    ),
    Refusal(
        "/postmortem approve customer",
        DRAFTED,
        "Draft 1 has no customer version. Make one first: `/postmortem draft --audience customer`",
    ),
    Refusal(
        "/postmortem approve customer",
        APPROVED,
        "The customer version of draft 1 was approved by @ben. To publish it: `/postmortem publish --audience customer`",
    ),
    Refusal(
        "/postmortem approve customer",
        SECURITY,
        "The customer version of a security incident needs legal or infosec to agree. Whoever runs Incident Scribe names them, or their user group, in SCRIBE_APPROVERS.",
    ),
    Refusal("/postmortem owner", PLANNED, "@ana is the postmortem owner already."),
    Refusal(
        "/postmortem owner @robot",
        OPEN,
        "Robot is a bot and can't be postmortem owner. Name a member of this workspace.",
    ),
    Refusal("/postmortem due friday", PLANNED, "The postmortem of INC-2026-11-20-001 is due Fri 2026-11-27 already."),
    Refusal(
        "/postmortem due friday",
        CANCELLED,
        "INC-2026-11-20-001 was cancelled, so no postmortem is written. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/postmortem due friday",
        WAIVED,
        "The postmortem of INC-2026-11-20-001 was waived (“the same cause as last week's”). To write one all the same: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem due friday",
        PUBLISHED,
        "The postmortem of INC-2026-11-20-001 was published at 2026-11-20 14:30 UTC. To publish what is new, draft it first: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem meeting tomorrow 10:00",
        PLANNED,
        "The review meeting of INC-2026-11-20-001 is tomorrow 10:00 UTC already.",
    ),
    Refusal(
        "/postmortem meeting 2026-11-19T10:00Z",
        OPEN,
        "That has passed (yesterday 10:00 UTC). Name a time to come, for example: `/postmortem meeting tomorrow 10:00`",
    ),
    Refusal(
        "/postmortem meeting tomorrow 10:00",
        CANCELLED,
        "INC-2026-11-20-001 was cancelled, so no postmortem is written. To take it up again: `/incident reopen`",
    ),
    Refusal(
        "/postmortem waive too small",
        OPEN,
        "INC-2026-11-20-001 is investigating. Resolve it first: `/incident resolve`",
    ),
    Refusal(
        "/postmortem waive too small",
        WAIVED,
        "The postmortem of INC-2026-11-20-001 was waived (“the same cause as last week's”). To write one all the same: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem waive too small",
        PUBLISHED,
        "The postmortem of INC-2026-11-20-001 was published at 2026-11-20 14:30 UTC. To publish what is new, draft it first: `/postmortem draft`",
    ),
    Refusal(
        "/postmortem waive too small",
        CANCELLED,
        "INC-2026-11-20-001 was cancelled, so no postmortem is written. To take it up again: `/incident reopen`",
    ),
    Refusal("/postmortem export md", OPEN, "INC-2026-11-20-001 has no draft yet. Make one first: `/postmortem draft`"),
    Refusal(
        "/postmortem export pdf",
        OPEN,
        "PDF isn't there yet. A browser prints this one to PDF: `/postmortem export html`",
    ),
    Refusal(
        "/postmortem search one two three four five six seven eight nine",
        OPEN,
        "That is too much to look for; 8 words are the limit. Try: `/postmortem search one two three`",
    ),
    Refusal("/postmortem quarter 2099Q1", OPEN, "2099Q1 has not begun. The current one: `/postmortem quarter 2026Q4`"),
)

# What is answered whichever command it is. Those that are about no incident need none.
OUTSIDE = "This is not an incident's channel. Type it there, or put the incident's id in front, for example: {right}"
UNSEEN = f"There is no incident {HIDDEN} that you can see. To see the open ones: `/incident list`"
ABOUT_NONE = (
    "/incident start",
    "/incident list",
    "/incident help",
    "/postmortem search",
    "/postmortem list",
    "/postmortem quarter",
    "/postmortem help",
)
GUEST = "Guests can't {do}. Ask a member of this workspace to do it."
GUESTS_CAN_NOT = {
    "declare an incident": ("/incident start",),
    "change this incident": (
        "/incident status",
        "/incident ack",
        "/incident identified",
        "/incident mitigated",
        "/incident resolve",
        "/incident close",
        "/incident reopen",
        "/incident cancel",
        "/incident severity",
        "/incident title",
        "/incident type",
        "/incident service",
        "/incident team",
        "/incident role",
        "/incident handover",
        "/incident set",
        "/incident update",
        "/incident snooze",
        "/incident link",
        "/incident merge",
        "/postmortem owner",
        "/postmortem due",
        "/postmortem meeting",
    ),
    "add to this incident": (
        "/incident note",
        "/incident impact",
        "/incident cause",
        "/incident why",
        "/incident lesson",
        "/incident action",
        "/incident task",
    ),
    "make the draft": ("/postmortem draft", "/postmortem review", "/postmortem export"),
    "publish the postmortem": ("/postmortem publish", "/postmortem waive"),
    "approve the customer version": ("/postmortem approve",),
}
GUESTS_CAN = (
    "/incident list",
    "/incident info",
    "/incident help",
    "/incident timeline",
    "/incident catchup",
    "/incident whys",
    "/incident tasks",
    "/postmortem search",
    "/postmortem similar",
    "/postmortem list",
    "/postmortem quarter",
    "/postmortem help",
)
