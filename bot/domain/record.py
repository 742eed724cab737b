"""Everything known of one incident, as storage hands it over and the report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident, Kind, Role, RoleHolder, Severity, Status, StatusChange
from bot.domain.people import Person
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.tasks import Task
from bot.domain.timeline import Material


@dataclass(frozen=True, slots=True)
class CaptureGap:
    """A stretch (UTC) in which events may have been lost, and how many messages were recovered from it.

    `to_at` is None while it lasts. `cause` is for people, such as "the program was not running"; `changed` counts the
    edits, deletions and reactions that were taken in afterwards.
    """

    from_at: datetime
    to_at: datetime | None
    recovered: int
    cause: str
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """What was captured. `messages` are those that stand; `checked_until` is None when never compared.

    `unchecked` says in sentences for people what could not be compared with Slack's history, and why. What was taken in
    from an export (`is_imported`) is never compared.
    """

    messages: int = 0
    edits: int = 0
    deletes: int = 0
    recovered: int = 0
    checked_until: datetime | None = None
    gaps: tuple[CaptureGap, ...] = ()
    unchecked: tuple[str, ...] = ()
    is_imported: bool = False


@dataclass(frozen=True, slots=True)
class Communication:
    """One update to those outside: when (UTC), to whom, what."""

    at: datetime
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """A linked incident, as far as everybody who reads this one's report may know of it."""

    incident_id: str
    title: str
    kind: Kind
    severity: Severity
    status: Status


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """One incident with all that belongs to it, read in one transaction.

    `people` knows the people named anywhere in it; `workspace_url` makes permalinks; `things` are the channels and user
    groups that were mentioned by their ids alone.
    """

    incident: Incident
    material: Material
    roles: tuple[RoleHolder, ...] = ()
    status_changes: tuple[StatusChange, ...] = ()
    impacts: tuple[Impact, ...] = ()
    causes: tuple[Cause, ...] = ()
    whys: tuple[Why, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    tasks: tuple[Task, ...] = ()
    communications: tuple[Communication, ...] = ()
    related: tuple[Related, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    capture: Capture = Capture()
    workspace_url: str | None = None
    things: frozenset[str] = frozenset()

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The incident, then those that have become part of it and the further channels of an imported one."""
        return (self.incident, *(part.incident for part in self.material.parts))

    def holder(self, role: Role) -> str | None:
        """Return who holds the role now, None if nobody."""
        return next((held.user_id for held in self.roles if held.role is role), None)
