"""What people can ask for, as frozen values: the result of parsing a slash command or a mention of the bot.

A value holds what was said and nothing else: None means "not said", so that defaults stay with the services.
A command whose text is None asks for the modal instead. Texts keep every character but outer white space.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.domain.actions import ActionType, Priority
from bot.domain.handover import HandoverAnswer
from bot.domain.incident import IncidentType, Kind, Role, Severity, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem.audiences import Audience
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.tasks import TaskMove
from bot.domain.when import DueDate, Moment


class ExportFormat(StrEnum):
    """The kinds of file that a report can be had as."""

    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Context:
    """What parsing needs to know of the asker: the time (aware UTC), their IANA zone, the commands' names."""

    now: datetime
    zone: str
    command: str = "/incident"
    postmortem_command: str = "/postmortem"


@dataclass(frozen=True, slots=True)
class Start:
    """Declare an incident. Without a title the modal is wanted, prefilled with the rest."""

    title: str | None = None
    severity: Severity | None = None
    kind: Kind | None = None
    type: IncidentType | None = None
    vendor: str | None = None
    is_here: bool = False
    is_private: bool = False
    since: Moment | None = None


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Move the status, at a time (now when None), with a note."""

    status: Status
    when: Moment | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Say that somebody is on it, since a time (now when None), with a note."""

    when: Moment | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take a resolved or closed incident up again, since a time (now when None), with a note."""

    when: Moment | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Say that it was no incident, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SetMilestone:
    """Correct a milestone; it is one of SETTABLE."""

    milestone: Milestone
    when: Moment


@dataclass(frozen=True, slots=True)
class ChangeSeverity:
    """Change the severity."""

    severity: Severity


@dataclass(frozen=True, slots=True)
class ChangeTitle:
    """Change the title; it is valid and on one line."""

    title: str


@dataclass(frozen=True, slots=True)
class ChangeType:
    """Change the incident type."""

    type: IncidentType


@dataclass(frozen=True, slots=True)
class ChangeServices:
    """Say which services are affected; the names replace those known before."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeTeam:
    """Say which team owns what broke."""

    name: str


@dataclass(frozen=True, slots=True)
class AssignRole:
    """Give a role to a person; to the asker when `user_id` is None."""

    role: Role
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put a sentence on the timeline, at a time (now when None)."""

    text: str
    when: Moment | None = None


@dataclass(frozen=True, slots=True)
class StateImpact:
    """State the impact."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class StateCause:
    """State a cause."""

    kind: CauseKind = CauseKind.CONTRIBUTING
    text: str | None = None


@dataclass(frozen=True, slots=True)
class AddWhy:
    """Add the next link of the why chain."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowWhys:
    """Show the why chain."""


@dataclass(frozen=True, slots=True)
class AddAction:
    """Add follow-up work. Without a text the modal is wanted, and nothing else is set."""

    text: str | None = None
    owner_id: str | None = None
    due: DueDate | None = None
    priority: Priority | None = None
    type: ActionType | None = None


@dataclass(frozen=True, slots=True)
class AddLesson:
    """State a lesson. Without a text the modal is wanted."""

    kind: LessonKind = LessonKind.WELL
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ShowTimeline:
    """Show the timeline to the asker: the newest entries, every one when `is_all`."""

    is_all: bool = False


@dataclass(frozen=True, slots=True)
class PostUpdate:
    """Tell those outside, and when the next update comes."""

    text: str
    next_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """Put the standing reminder off."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class AddTask:
    """Add something to do now, for a person or for nobody yet."""

    text: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShowTasks:
    """Show the tasks."""


@dataclass(frozen=True, slots=True)
class MoveTask:
    """Finish, take, give (to `user_id`), drop a task, or make it an action."""

    number: int
    move: TaskMove
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Pass the lead to a person, with the state written down."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AnswerHandover:
    """Answer the offer of the lead that stands."""

    answer: HandoverAnswer


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Tell the asker where things stand."""


@dataclass(frozen=True, slots=True)
class LinkIncident:
    """Say that another incident belongs to this one; `other` is an id or its ending, upper-cased."""

    other: str


@dataclass(frozen=True, slots=True)
class MergeIncident:
    """Say that this incident is the same as another; `other` is an id or its ending, upper-cased."""

    other: str


@dataclass(frozen=True, slots=True)
class ShowInfo:
    """Show what is known of the incident."""


@dataclass(frozen=True, slots=True)
class ListIncidents:
    """List the incidents."""


@dataclass(frozen=True, slots=True)
class Help:
    """Explain the commands, or the one that `topic` names (a topic that help_text knows)."""

    topic: str | None = None


@dataclass(frozen=True, slots=True)
class MakeDraft:
    """Build the postmortem's draft and post it."""

    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """Show the draft's must-haves, checklist, score, gaps and findings."""


@dataclass(frozen=True, slots=True)
class ApproveCustomerVersion:
    """Record the approval that a customer version needs."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish the postmortem: a preview first, unless `is_confirmed`."""

    audience: Audience = Audience.INTERNAL
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class SetPostmortemDue:
    """Say by which day the postmortem is to be written."""

    due: DueDate


@dataclass(frozen=True, slots=True)
class SetMeeting:
    """Say when the review meeting is."""

    when: Moment


@dataclass(frozen=True, slots=True)
class Waive:
    """Say why no postmortem is written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """Hand the postmortem out as a file."""

    format: ExportFormat


@dataclass(frozen=True, slots=True)
class SearchPostmortems:
    """Search the archive."""

    words: str


@dataclass(frozen=True, slots=True)
class FindSimilar:
    """Find incidents like this one."""


@dataclass(frozen=True, slots=True)
class ListPostmortems:
    """List the postmortems."""


@dataclass(frozen=True, slots=True)
class ShowQuarter:
    """Show a quarter's review; the current quarter when None. `quarter` is 1 to 4."""

    year: int | None = None
    quarter: int | None = None


StateCommand: TypeAlias = (
    Start
    | ChangeStatus
    | Acknowledge
    | Reopen
    | Cancel
    | SetMilestone
    | ChangeSeverity
    | ChangeTitle
    | ChangeType
    | ChangeServices
    | ChangeTeam
    | AssignRole
)
ContentCommand: TypeAlias = (
    AddNote
    | StateImpact
    | StateCause
    | AddWhy
    | ShowWhys
    | AddAction
    | AddLesson
    | ShowTimeline
    | PostUpdate
    | Snooze
    | AddTask
    | ShowTasks
    | MoveTask
    | HandOver
    | AnswerHandover
    | CatchUp
    | LinkIncident
    | MergeIncident
    | ShowInfo
    | ListIncidents
    | Help
)
PostmortemCommand: TypeAlias = (
    MakeDraft
    | ReviewDraft
    | ApproveCustomerVersion
    | Publish
    | SetPostmortemDue
    | SetMeeting
    | Waive
    | Export
    | SearchPostmortems
    | FindSimilar
    | ListPostmortems
    | ShowQuarter
)
Command: TypeAlias = StateCommand | ContentCommand | PostmortemCommand


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command, and the incident it is for: an id or its ending in capitals, None for the channel's own."""

    target: str | None
    command: Command
