"""What people are shown, as data: the Slack room turns it into blocks. Texts are plain and unescaped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident, Role
from bot.domain.milestones import Milestone
from bot.domain.timeline import Entry, Proposal

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that the asker alone sees.

    `undo` is the key of the Undo button, `publish` a revision to confirm, `channel_id` a channel to go to;
    `is_help` says that it is the help, whose lines are headings, commands and what they do.
    """

    text: str
    undo: int | None = None
    publish: int | None = None
    incident_row: int | None = None
    channel_id: str | None = None
    is_help: bool = False


@dataclass(frozen=True, slots=True)
class HeaderView:
    """The pinned header of an incident's channel."""

    incident: Incident
    holders: Mapping[Role, str]
    milestones: Mapping[Milestone, datetime]
    names: Names
    called_in: tuple[str, ...]
    command: str
    has_draft: bool


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """The announcement of an incident, for those outside its channel."""

    incident: Incident
    names: Names


@dataclass(frozen=True, slots=True)
class LineView:
    """One short line in the incident's channel; its mentions name people without notifying them."""

    text: str
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The timeline for the asker: the newest entries, of `total`, with what reactions propose."""

    incident: Incident
    entries: tuple[Entry, ...]
    total: int
    proposals: tuple[Proposal, ...]
    links: Mapping[str, str]
    is_whole: bool
    command: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The summary message of a posted draft: the thread below it holds the report.

    `seconds` are the metrics as in the report's JSON; `gaps` are (question, command).
    """

    incident: Incident
    revision: int
    summary: str
    seconds: Mapping[str, int | None]
    counts: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    published_revision: int | None
    published_by: str | None
    published_at: datetime | None
    names: Names


@dataclass(frozen=True, slots=True)
class PublishedView:
    """The announcement that a postmortem is published."""

    incident: Incident
    revision: int
    summary: str
    link: str | None


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
    """The Home tab: open incidents that the reader may see, and their own open actions."""

    incidents: tuple[Incident, ...]
    actions: tuple[tuple[Incident, ActionItem], ...]
    command: str


View = AnswerView | HeaderView | AnnouncementView | LineView | TimelineView | DraftView | PublishedView | FollowUpView
