"""What people are shown, as data: the Slack room turns it into blocks. Texts are plain and unescaped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.actions import ActionItem
from bot.domain.adoption import Talk
from bot.domain.archive import Standing
from bot.domain.handover import Handover
from bot.domain.incident import Incident, Role
from bot.domain.metrics import Metrics
from bot.domain.milestones import Milestone
from bot.domain.reminders import ReminderKind
from bot.domain.review import Review
from bot.domain.suggestions import ProposedMilestone
from bot.domain.tasks import Task, TaskStatus
from bot.domain.timeline import Entry, Proposal
from bot.domain.updates import Update

Names = Mapping[str, str]


class Confirmation(StrEnum):
    """What a preview's button does with the revision that it shows."""

    PUBLISH = "publish"
    APPROVE_CUSTOMER = "approve-customer"
    PUBLISH_CUSTOMER = "publish-customer"


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that the asker alone sees.

    `undo` is the key of the Undo button, `publish` a revision to confirm and `confirms` what is done with it,
    `channel_id` a channel to go to; `right` is a command with which the first line ends;
    `is_help` says that it is the help, whose lines are headings, commands and what they do.
    """

    text: str
    undo: int | None = None
    publish: int | None = None
    confirms: Confirmation = Confirmation.PUBLISH
    incident_row: int | None = None
    channel_id: str | None = None
    right: str = ""
    is_help: bool = False


@dataclass(frozen=True, slots=True)
class AdoptionView:
    """What leading an incident in a channel that is there already would take in, for the asker to decide.

    `value` comes back from its buttons. `again` is the command to be typed with a later time, for too much talk.
    """

    channel_id: str
    title: str
    talk: Talk
    is_private: bool
    again: str
    value: str


@dataclass(frozen=True, slots=True)
class HeaderView:
    """The pinned header of an incident's channel. `related` are the ids of linked incidents that everybody may see.

    `parts` are the ids of the incidents that have become part of it; `merged_into` is the one that it has become part
    of itself.
    """

    incident: Incident
    holders: Mapping[Role, str]
    milestones: Mapping[Milestone, datetime]
    names: Names
    called_in: tuple[str, ...]
    command: str
    has_draft: bool
    related: tuple[str, ...] = ()
    last_update: Update | None = None
    parts: tuple[str, ...] = ()
    merged_into: Incident | None = None


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """The announcement of an incident, for those outside its channel, with the latest update if there is one.

    `merged_into` is the incident that it has become part of.
    """

    incident: Incident
    names: Names
    update: Update | None = None
    merged_into: Incident | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """One short line in the incident's channel.

    Its mentions name people without notifying them, but for those of `notifies`, who wait for it.
    """

    text: str
    names: Names = field(default_factory=dict)
    notifies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderView:
    """The live reminder: what an open incident is asked for, and since when that was due (UTC).

    `asked` is whose part it is, None where nobody has that role. It is one quiet line while `snoozed_until` is set.
    """

    incident: Incident
    kind: ReminderKind
    since: datetime
    asked: str | None
    names: Names
    command: str
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The timeline for the asker: the newest entries, of `total`, with what reactions and the program itself propose.

    `suggestions` are entries that the program found, the earliest first, and `milestones` those that nobody has set.
    `said` is what was just done with one of them, `undo` the key that takes it back. `is_posted` says that it does
    not answer a command or a press, so that less of it fits.
    """

    incident: Incident
    entries: tuple[Entry, ...]
    total: int
    proposals: tuple[Proposal, ...]
    links: Mapping[str, str]
    is_whole: bool
    command: str
    said: str = ""
    undo: int | None = None
    is_posted: bool = False
    suggestions: tuple[Entry, ...] = ()
    milestones: tuple[ProposedMilestone, ...] = ()


@dataclass(frozen=True, slots=True)
class TasksView:
    """The tasks for one reader: those still to be done, and how many of the others ended in which way.

    `said` is what was just done with one of them, `undo` the key that takes it back; `command` is how a command
    about this incident begins where the reader is.
    """

    incident: Incident
    open: tuple[Task, ...]
    finished: Mapping[TaskStatus, int]
    reader_id: str
    now: datetime
    command: str
    said: str = ""
    undo: int | None = None


@dataclass(frozen=True, slots=True)
class HandoverView:
    """The lead offered to somebody, with the state written down, and what has become of it."""

    incident: Incident
    handover: Handover
    names: Names
    command: str


@dataclass(frozen=True, slots=True)
class InfoView:
    """What is known of an incident, for one reader.

    `milestones` are the known ones in their order, `open_for` how long it has been open, None when it is over.
    `related` are the linked incidents that the reader may see, `recorded` how much was captured and entered, a part
    each, `captured` says in sentences how whole the capture is; `parts` are the incidents that have become part of it.
    `taken_from` names the channels of an imported one.
    """

    incident: Incident
    holders: Mapping[Role, str]
    milestones: Mapping[Milestone, datetime]
    metrics: Metrics
    open_for: timedelta | None
    related: tuple[Incident, ...]
    recorded: tuple[str, ...]
    captured: tuple[str, ...] = ()
    parts: tuple[Incident, ...] = ()
    taken_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatchUpView:
    """Where an incident stands, for one reader.

    `began` is when it started, as far as known, else when it was declared; `ended` when it was resolved, None while
    it is not. `since` is when it came to its status. `moments` are the ones worth knowing, `more` how many entries
    the timeline has beside them. `handover` is an offer of the lead that stands. `header` and `draft` are links.
    `is_here` says that the reader is in its channel, `command` how a command about this incident begins where they are.
    """

    incident: Incident
    began: datetime
    ended: datetime | None
    since: datetime
    now: datetime
    update: Update | None
    moments: tuple[Entry, ...]
    more: int
    holders: Mapping[Role, str]
    tasks: tuple[Task, ...]
    handover: Handover | None
    header: str | None
    draft: str | None
    is_here: bool
    command: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The summary message of a posted draft: the thread below it holds the report.

    `made_from` says of how many messages; `seconds` are the metrics as in the report's JSON; `gaps` are (question,
    command).
    """

    incident: Incident
    revision: int
    summary: str
    made_from: str
    seconds: Mapping[str, int | None]
    counts: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    published_revision: int | None
    published_by: str | None
    published_at: datetime | None
    names: Names


@dataclass(frozen=True, slots=True)
class PublishedView:
    """The announcement that a postmortem is published, or its version for customers."""

    incident: Incident
    revision: int
    summary: str
    link: str | None
    is_for_customers: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What a report would be worth if it were drafted now; `gaps` are (question, command)."""

    incident: Incident
    review: Review
    gaps: tuple[tuple[str, str], ...]
    postmortem_command: str


@dataclass(frozen=True, slots=True)
class MeetingView:
    """When the review meeting is (UTC; None: it was called off), with an agenda of what is still open."""

    incident: Incident
    at: datetime | None
    questions: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """A 30- or 60-day review: the actions by state with a menu each, and who is asked.

    `came_back` is None until somebody has answered whether the cause came back. `is_direct` says that it is
    shown outside the incident's channel, so it explains itself.
    """

    incident: Incident
    slot: str
    days: int
    open: tuple[ActionItem, ...]
    done: tuple[ActionItem, ...]
    dropped: tuple[ActionItem, ...]
    asked: tuple[str, ...]
    names: Names
    link: str | None
    came_back: bool | None
    answered_by: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class HomeView:
    """The Home tab: open incidents that the reader may see, their own open actions, the postmortems they owe.

    `today` is the reader's date, which says what is overdue.
    """

    incidents: tuple[Incident, ...]
    actions: tuple[tuple[Incident, ActionItem], ...]
    command: str
    drafts: tuple[Standing, ...] = ()
    postmortem_command: str = "/postmortem"
    today: date | None = None


View = (
    AnswerView
    | AdoptionView
    | HeaderView
    | AnnouncementView
    | LineView
    | ReminderView
    | TimelineView
    | TasksView
    | HandoverView
    | InfoView
    | CatchUpView
    | DraftView
    | PublishedView
    | MeetingView
    | ReviewView
    | FollowUpView
)
