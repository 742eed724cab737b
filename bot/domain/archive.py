"""Where each incident's postmortem stands, and by when it is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.incident import Incident, Kind, Role, RoleHolder, Status

# A draft within two days, while people remember.
WRITTEN_WITHIN = timedelta(hours=48)


class Stage(StrEnum):
    """How far a postmortem is."""

    RUNNING = "the incident is still open"
    OWED = "no draft yet"
    DRAFTED = "drafted"
    PUBLISHED = "published"
    WAIVED = "waived"
    NONE = "cancelled"

    @property
    def is_owed(self) -> bool:
        """Whether somebody still has to write or publish it."""
        return self in (Stage.OWED, Stage.DRAFTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One incident's postmortem: how far it is, by which day it is owed (None: no day), who writes it."""

    incident: Incident
    stage: Stage
    due: date | None = None
    revision: int | None = None
    published_at: datetime | None = None
    owner_id: str | None = None


def standing(
    incident: Incident,
    roles: Iterable[RoleHolder],
    *,
    resolved_at: datetime | None,
    revision: int | None,
    published_at: datetime | None,
) -> Standing:
    """Return where the postmortem stands.

    `resolved_at` is UTC. `revision` is the newest draft's, `published_at` when the newest published one was; None
    for none. Without a day set it is owed two days after the resolution; of a drill only where a day was set.
    """
    stage = _stage(incident, revision, published_at)
    due = incident.postmortem_due
    if due is None and resolved_at is not None and incident.kind is not Kind.DRILL:
        due = (resolved_at + WRITTEN_WITHIN).date()
    return Standing(
        incident,
        stage,
        due=due if stage.is_owed else None,
        revision=revision,
        published_at=published_at,
        owner_id=_writer(roles),
    )


def _stage(incident: Incident, revision: int | None, published_at: datetime | None) -> Stage:
    if incident.status is Status.CANCELLED:
        return Stage.NONE
    if not incident.status.is_over:
        return Stage.RUNNING
    if published_at is not None:
        return Stage.PUBLISHED
    if incident.waive_reason is not None:
        return Stage.WAIVED
    return Stage.OWED if revision is None else Stage.DRAFTED


def _writer(roles: Iterable[RoleHolder]) -> str | None:
    """Return the postmortem owner; until one is named it is the incident lead's."""
    holders = {holder.role: holder.user_id for holder in roles}
    return holders.get(Role.OWNER) or holders.get(Role.LEAD)


def in_order(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return the postmortems as a list shows them: what is owed by its day, then the rest, the newest first."""
    newest_first = sorted(standings, key=lambda one: one.incident.declared_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda one: (not one.stage.is_owed, one.due or date.max)))
