"""Gaps: what the report needs and does not have, each with the command that fills it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident, Kind, Role, Status
from bot.domain.milestones import SETTABLE, Milestone, Stamp
from bot.domain.naming import Naming
from bot.domain.postmortem.details import is_owed
from bot.domain.postmortem.model import Gap, Section
from bot.domain.record import IncidentRecord
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.tasks import open_tasks
from bot.domain.text import one_line, shortened

_TEXT_LIMIT = 200
_A_MONTH = timedelta(days=30)
_HARMLESS = (Kind.NEAR_MISS, Kind.DRILL)
_MILESTONE_QUESTIONS = {
    Milestone.STARTED: (Section.DETAILS, "When did the disruption start?"),
    Milestone.DETECTED: (Section.DETECTION, "When was it detected?"),
    Milestone.ACKNOWLEDGED: (Section.DETECTION, "When did somebody first take it on?"),
    Milestone.IDENTIFIED: (Section.RESPONSE, "When was the cause identified?"),
    Milestone.MITIGATED: (Section.RESPONSE, "When did the impact stop?"),
    Milestone.RESOLVED: (Section.RESOLUTION, "When was it resolved?"),
}
_CAUSES = {
    CauseKind.TRIGGER: (
        Section.TRIGGER,
        "What set it off?",
        "cause trigger The 13:50 deploy doubled the queries per checkout",
    ),
    CauseKind.ROOT: (
        Section.ROOT_CAUSES,
        "Which condition has to go so that this kind of incident does not come back?",
        "cause root The pool size is fixed by hand and nothing compares it with the load",
    ),
    CauseKind.CONTRIBUTING: (
        Section.FACTORS,
        "What else helped it to happen or to last?",
        "cause contributing The dashboard for the pool was not linked from the alert",
    ),
}
_LESSONS = {
    LessonKind.WELL: (Section.WELL, "What went well?", "lesson well The rollback took four minutes"),
    LessonKind.POORLY: (
        Section.POORLY,
        "What went poorly?",
        "lesson poorly The alert came eleven minutes after the first failed payment",
    ),
    LessonKind.LUCKY: (Section.LUCKY, "Where did we get lucky?", "lesson lucky It happened outside the evening peak"),
    LessonKind.HARD: (
        Section.LESSONS,
        "What made it hard?",
        "lesson hard Two dashboards showed different error rates",
    ),
    LessonKind.UNKNOWN: (
        Section.LESSONS,
        "What is still unknown?",
        "lesson unknown Why the second region recovered on its own",
    ),
}
_NEAR_MISS = ("What could have happened, and what stopped it?", "lesson lucky The canary stopped it at 1% of customers")


@dataclass(frozen=True, slots=True)
class Commands:
    """The names of the two commands in this workspace."""

    incident: str = "/incident"
    postmortem: str = "/postmortem"


def commands_about(incident: Incident, commands: Commands) -> Commands:
    """Return how commands about an incident begin: about an import, which no channel is for, with its id."""
    if not incident.is_imported:
        return commands
    return Commands(*(f"{name} {incident.incident_id}" for name in (commands.incident, commands.postmortem)))


@dataclass(frozen=True, slots=True)
class Asking:
    """What the gaps are read from: the record, the milestones that are known and those that are proposed (UTC).

    `suggested` counts the entries that stand on the timeline although nobody has decided about them.
    """

    record: IncidentRecord
    stamps: Mapping[Milestone, Stamp]
    proposed: Mapping[Milestone, datetime] = field(default_factory=dict)
    suggested: int = 0


def gaps(asking: Asking, commands: Commands, names: Naming) -> tuple[Gap, ...]:
    """Return the gaps in the order of the report's sections."""
    record = asking.record
    found = [
        *_about(record, commands),
        *_milestones(asking, commands),
        *_suggested(asking.suggested, commands),
        *_statements(record, commands),
        *_actions(record, commands, names),
        *_open_tasks(record, commands, names),
        *_communications(record, commands),
    ]
    order = tuple(Section)
    return tuple(sorted(found, key=lambda gap: order.index(gap.section)))


def _about(record: IncidentRecord, commands: Commands) -> Iterator[Gap]:
    if not record.holder(Role.OWNER):
        yield Gap(Section.ABOUT, "Who owns this report?", f"{commands.postmortem} owner @user")


def _milestones(asking: Asking, commands: Commands) -> Iterator[Gap]:
    incident = asking.record.incident
    for milestone in SETTABLE:
        if milestone not in asking.stamps and is_owed(milestone, incident.status):
            section, question = _MILESTONE_QUESTIONS[milestone]
            when = asking.proposed.get(milestone, incident.declared_at).astimezone(UTC)
            yield Gap(section, question, f"{commands.incident} set {milestone.value} {when:%Y-%m-%dT%H:%MZ}")


def _suggested(number: int, commands: Commands) -> Iterator[Gap]:
    if number:
        question = (
            "One entry is suggested by the program: does it belong here?"
            if number == 1
            else f"{number} entries are suggested by the program: which of them belong here?"
        )
        yield Gap(Section.TIMELINE, question, f"{commands.incident} timeline")


def _statements(record: IncidentRecord, commands: Commands) -> Iterator[Gap]:
    kind = record.incident.kind
    if not record.impacts and kind not in _HARMLESS:
        yield Gap(
            Section.IMPACT,
            "Who and what was affected, how much and for how long?",
            f"{commands.incident} impact 1,200 customers could not pay for 40 minutes",
        )
    causes = {cause.kind for cause in record.causes}
    for cause, (section, question, example) in _CAUSES.items():
        if cause not in causes:
            yield Gap(section, question, f"{commands.incident} {example}")
    if not record.whys:
        yield Gap(
            Section.WHYS,
            "Why did it happen, and why was that so?",
            f"{commands.incident} why Checkout failed because it waited for a database connection",
        )
    lessons = {lesson.kind for lesson in record.lessons}
    for lesson, (section, question, example) in _LESSONS.items():
        if lesson not in lessons:
            is_near_miss = kind is Kind.NEAR_MISS and lesson is LessonKind.LUCKY
            asked, words = _NEAR_MISS if is_near_miss else (question, example)
            yield Gap(section, asked, f"{commands.incident} {words}")


def _actions(record: IncidentRecord, commands: Commands, names: Naming) -> Iterator[Gap]:
    if not record.actions:
        yield Gap(
            Section.ACTIONS,
            "What is done so that it does not come back?",
            f"{commands.incident} action Alert on pool saturation @user due friday --type detect",
        )
    for action in record.actions:
        question = _open_question(action)
        if question:
            yield Gap(Section.ACTIONS, question, f"{commands.incident} action {_again(action, record, names)}")


def _open_tasks(record: IncidentRecord, commands: Commands, names: Naming) -> Iterator[Gap]:
    """Yield the tasks that the incident left behind: the report knows no tasks, only actions."""
    if record.incident.status.is_over:
        for task in open_tasks(record.tasks):
            text = shortened(one_line(names.text(task.text)), _TEXT_LIMIT)
            question = f"Task {task.number} was left open ({text}). Is it work for afterwards?"
            yield Gap(Section.ACTIONS, question, f"{commands.incident} tasks action {task.number}")


def _communications(record: IncidentRecord, commands: Commands) -> Iterator[Gap]:
    incident = record.incident
    # Of a cancelled incident there is nothing to tell, and the command says so.
    if not record.communications and incident.kind not in _HARMLESS and incident.status is not Status.CANCELLED:
        yield Gap(
            Section.COMMUNICATIONS,
            "What was told to those outside?",
            f"{commands.incident} update Payments work again since 15:10 UTC",
        )


def _open_question(action: ActionItem) -> str:
    if action.status.is_finished or (action.owner_id and action.due):
        return ""
    if action.owner_id:
        return f"When is action {action.number} due?"
    return (
        f"Who owns action {action.number}?" if action.due else f"Who owns action {action.number}, and when is it due?"
    )


def _again(action: ActionItem, record: IncidentRecord, names: Naming) -> str:
    """Return the action with owner and date; its words typed again change that very action."""
    owner = record.people.get(action.owner_id) if action.owner_id else None
    due = action.due or (record.incident.declared_at + _A_MONTH).date()
    parts = [
        shortened(one_line(names.text(action.text)), _TEXT_LIMIT),
        f"@{owner.display_name or owner.name}" if owner else "@user",
        f"due {due:%Y-%m-%d}",
        action.priority.value if action.priority else "",
        f"--type {action.type.value}" if action.type else "",
    ]
    return " ".join(part for part in parts if part)
