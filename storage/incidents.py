"""Incidents: their ids, their rows, roles, status and milestones."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.incident import (
    Incident,
    IncidentType,
    Kind,
    Role,
    RoleHolder,
    Severity,
    Status,
    StatusChange,
    private_id,
    public_id,
)
from bot.domain.milestones import Milestone, Stamp
from storage.locks import one_at_a_time
from storage.tables import id_counters, incidents, milestones, roles, status_changes
from storage.upsert import inserting

_PRIVATE_BITS = 20


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What an incident is declared with. `declared_at` is UTC; its day makes the id."""

    team_id: str
    title: str
    kind: Kind
    type: IncidentType
    severity: Severity
    is_private: bool
    reporter_id: str
    declared_at: datetime
    vendor: str | None = None


def create(connection: Connection, new: NewIncident) -> Incident:
    """Insert the incident under the next free id of its UTC day, or under a random one where it is private."""
    incident_id = _private_id(connection, new) if new.is_private else _next_id(connection, new)
    values: dict[str, Any] = {
        "team_id": new.team_id,
        "incident_id": incident_id,
        "title": new.title,
        "kind": new.kind.value,
        "type": new.type.value,
        "severity": new.severity.value,
        "status": Status.INVESTIGATING.value,
        "is_private": new.is_private,
        "reporter_id": new.reporter_id,
        "declared_at": new.declared_at,
        "vendor": new.vendor,
        "services": [],
        "called_in": [],
    }
    connection.execute(incidents.insert().values(values))
    return _one(connection, _all().where(incidents.c.team_id == new.team_id, incidents.c.incident_id == incident_id))


def _next_id(connection: Connection, new: NewIncident) -> str:
    day = new.declared_at.date()
    insert = inserting(connection.dialect.name, id_counters).values(team_id=new.team_id, day=day, last=1)
    number: int = connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "day"], set_={"last": id_counters.c.last + 1}
        ).returning(id_counters.c.last)
    ).scalar_one()
    return public_id(day, number)


def _private_id(connection: Connection, new: NewIncident) -> str:
    # So that of two that draw the same ending at once, the second sees that it is taken.
    one_at_a_time(connection, "private id", new.team_id)
    while True:
        candidate = private_id(new.declared_at.date(), secrets.randbits(_PRIVATE_BITS))
        taken = select(incidents.c.id).where(incidents.c.team_id == new.team_id, incidents.c.incident_id == candidate)
        if connection.execute(taken).first() is None:
            return candidate


def _all() -> Select[Any]:
    return select(incidents)


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        row_id=row.id,
        team_id=row.team_id,
        incident_id=row.incident_id,
        title=row.title,
        kind=Kind(row.kind),
        type=IncidentType(row.type),
        severity=Severity(row.severity),
        status=Status(row.status),
        is_private=row.is_private,
        reporter_id=row.reporter_id,
        declared_at=row.declared_at,
        channel_id=row.channel_id,
        channel_name=row.channel_name,
        vendor=row.vendor,
        services=tuple(row.services),
        owning_team=row.owning_team,
        is_adopted=row.is_adopted,
        holds_channel=row.holds_channel,
        capture_from=row.capture_from,
        capture_until=row.capture_until,
        postmortem_due=row.postmortem_due,
        meeting_at=row.meeting_at,
        waive_reason=row.waive_reason,
        merged_into=row.merged_into,
        is_imported=row.is_imported,
    )


def _one(connection: Connection, query: Select[Any]) -> Incident:
    return _incident(connection.execute(query).one())


def by_row(connection: Connection, row_id: int) -> Incident:
    """Return the incident with this storage key. Raises sqlalchemy's NoResultFound for a wrong key: a bug."""
    return _one(connection, _all().where(incidents.c.id == row_id))


def locked(connection: Connection, incident: Incident) -> Incident:
    """Return the incident as it is now, and let nobody else decide upon it until this transaction ends.

    On PostgreSQL that takes its row for an update that leaves the key alone: rows that only point to the incident can
    still be written meanwhile. SQLite has one writer at a time anyway.
    """
    return _one(connection, _all().where(incidents.c.id == incident.row_id).with_for_update(key_share=True))


def lock_merging(connection: Connection, team_id: str) -> None:
    """Let nobody else join the team's incidents, or take them apart, until this transaction ends."""
    one_at_a_time(connection, "merging", team_id)


def whole_of(connection: Connection, incident: Incident) -> Incident:
    """Return the incident that this one has become part of, else itself."""
    return incident if incident.merged_into is None else by_row(connection, incident.merged_into)


def parts_of(connection: Connection, incident: Incident) -> tuple[Incident, ...]:
    """Return the incidents that have become part of this one, the oldest first."""
    rows = connection.execute(_all().where(incidents.c.merged_into == incident.row_id).order_by(incidents.c.id))
    return tuple(_incident(row) for row in rows)


def find_row(connection: Connection, team_id: str, row_id: int) -> Incident | None:
    """Return the team's incident with this storage key, None if it has none."""
    row = connection.execute(_all().where(incidents.c.id == row_id, incidents.c.team_id == team_id)).first()
    return _incident(row) if row else None


def by_channel(connection: Connection, team_id: str, channel_id: str) -> Incident | None:
    """Return the incident that holds this channel, None if it is not an incident's channel."""
    query = _all().where(
        incidents.c.team_id == team_id, incidents.c.channel_id == channel_id, incidents.c.holds_channel
    )
    row = connection.execute(query).first()
    return _incident(row) if row else None


def lock_channel(connection: Connection, team_id: str, channel_id: str) -> None:
    """Let nobody else decide who holds this channel until this transaction ends."""
    one_at_a_time(connection, "channel", team_id, channel_id)


def in_channel(connection: Connection, team_id: str, channel_id: str) -> tuple[Incident, ...]:
    """Return all incidents that are or were led in this channel, the newest first."""
    query = _all().where(incidents.c.team_id == team_id, incidents.c.channel_id == channel_id)
    return tuple(_incident(row) for row in connection.execute(query.order_by(incidents.c.id.desc())))


def by_ending(connection: Connection, team_id: str, ending: str) -> tuple[Incident, ...]:
    """Return the team's incidents whose id is or ends with this, any case, the newest first."""
    query = _all().where(
        incidents.c.team_id == team_id, incidents.c.incident_id.endswith(ending.upper(), autoescape=True)
    )
    rows = connection.execute(query.order_by(incidents.c.declared_at.desc(), incidents.c.id.desc()))
    return tuple(_incident(row) for row in rows)


def of_team(
    connection: Connection, team_id: str | None, *, only_open: bool, has_parts: bool = False
) -> tuple[Incident, ...]:
    """Return the incidents of a team (None: of every team), the newest first.

    One that has become part of another is left out, as it counts there already; `has_parts` keeps it in.
    """
    query = _all()
    if not has_parts:
        query = query.where(incidents.c.merged_into.is_(None))
    if team_id is not None:
        query = query.where(incidents.c.team_id == team_id)
    if only_open:
        over = [status.value for status in Status if status.is_over]
        query = query.where(incidents.c.status.not_in(over))
    rows = connection.execute(query.order_by(incidents.c.declared_at.desc(), incidents.c.id.desc()))
    return tuple(_incident(row) for row in rows)


def recorded(connection: Connection, team_id: str, *, since: datetime) -> tuple[Incident, ...]:
    """Return the team's incidents with a channel that is recorded, the oldest first.

    That are those not over, and those over whose status was moved after `since` (UTC). None was taken in from an
    export.
    """
    moved = select(status_changes.c.incident).where(status_changes.c.said_at >= since)
    over = [status.value for status in Status if status.is_over]
    is_recent = or_(incidents.c.status.not_in(over), incidents.c.id.in_(moved))
    query = _all().where(incidents.c.team_id == team_id, incidents.c.channel_id.is_not(None), ~incidents.c.is_imported)
    return tuple(_incident(row) for row in connection.execute(query.where(is_recent).order_by(incidents.c.id)))


def lock_channel_names(connection: Connection, team_id: str) -> None:
    """Let nobody else reserve or record the names of channels until this transaction ends."""
    one_at_a_time(connection, "channel names", team_id)


def taken_channel_names(connection: Connection, team_id: str) -> frozenset[str]:
    """Return the channel names that the team's incidents have reserved.

    Until this transaction ends, nobody else is told: whoever asks wants to reserve one that is free.
    """
    lock_channel_names(connection, team_id)
    query = select(incidents.c.channel_name).where(
        incidents.c.team_id == team_id, incidents.c.channel_name.is_not(None), ~incidents.c.is_imported
    )
    return frozenset(connection.execute(query).scalars())


def change(connection: Connection, incident: Incident, **values: Any) -> Incident:
    """Set the named columns and return the incident as it is now; enums and tuples are stored as plain values."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    connection.execute(update(incidents).where(incidents.c.id == incident.row_id).values(plain))
    return by_row(connection, incident.row_id)


def rename_channel(connection: Connection, incident: Incident, name: str) -> Incident:
    """Record what the incident's channel is called now; another incident that is known by this name forgets it.

    Slack's names are unique: whoever else had it must have been renamed since, or has only reserved it.
    """
    lock_channel_names(connection, incident.team_id)
    others = and_(incidents.c.team_id == incident.team_id, incidents.c.channel_name == name, ~incidents.c.is_imported)
    connection.execute(update(incidents).where(others, incidents.c.id != incident.row_id).values(channel_name=None))
    return change(connection, incident, channel_name=name)


def topic_of(connection: Connection, incident: Incident) -> str | None:
    """Return the channel's topic as it was last set, None before."""
    return connection.execute(select(incidents.c.topic).where(incidents.c.id == incident.row_id)).scalar()


def called_in(connection: Connection, incident: Incident) -> tuple[str, ...]:
    """Return the ids of the groups that were brought into the channel."""
    return tuple(
        connection.execute(select(incidents.c.called_in).where(incidents.c.id == incident.row_id)).scalar_one()
    )


def set_role(connection: Connection, incident: Incident, holder: RoleHolder) -> None:
    """Give the role to somebody, instead of who held it."""
    values: dict[str, Any] = {"user_id": holder.user_id, "since": holder.since}
    insert = inserting(connection.dialect.name, roles).values(
        incident=incident.row_id, role=holder.role.value, **values
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["incident", "role"], set_=values))


def roles_of(connection: Connection, incident: Incident) -> tuple[RoleHolder, ...]:
    """Return who holds which role, in the order of Role."""
    rows = connection.execute(select(roles).where(roles.c.incident == incident.row_id)).all()
    held = {Role(row.role): RoleHolder(Role(row.role), row.user_id, row.since) for row in rows}
    return tuple(held[role] for role in Role if role in held)


def add_status_change(connection: Connection, incident: Incident, made: StatusChange) -> int:
    """Record a move of the status and return its key; the incident's own status is set by `change`."""
    key: int = connection.execute(
        status_changes.insert()
        .values(
            incident=incident.row_id,
            status=made.status.value,
            at=made.at,
            by=made.by,
            said_at=made.said_at,
            note=made.note,
            is_reopening=made.is_reopening,
        )
        .returning(status_changes.c.id)
    ).scalar_one()
    return key


def status_changes_of(connection: Connection, incident: Incident) -> tuple[StatusChange, ...]:
    """Return the moves of the status in the order in which they were made."""
    query = (
        select(status_changes)
        .where(status_changes.c.incident == incident.row_id, ~status_changes.c.is_removed)
        .order_by(status_changes.c.id)
    )
    return tuple(
        StatusChange(Status(row.status), row.at, row.by, row.said_at, row.note, row.is_reopening)
        for row in connection.execute(query)
    )


def retime_move(connection: Connection, incident: Incident, status: Status, at: datetime) -> None:
    """Set when the last move to this status was, among those since the last reopening; without one do nothing."""
    moves = status_changes.c
    standing = and_(moves.incident == incident.row_id, ~moves.is_removed)
    reopened = select(func.coalesce(func.max(moves.id), 0)).where(standing, moves.is_reopening)
    last = select(func.max(moves.id)).where(
        standing, moves.status == status.value, moves.id > reopened.scalar_subquery()
    )
    connection.execute(update(status_changes).where(moves.id == last.scalar_subquery()).values(at=at))


def set_stamp(connection: Connection, incident: Incident, stamp: Stamp) -> None:
    """Set a milestone, instead of what it was."""
    values: dict[str, Any] = {
        "at": stamp.at,
        "by": stamp.by,
        "said_at": stamp.said_at,
        "message_ts": stamp.message_ts,
        "link": stamp.link,
    }
    insert = inserting(connection.dialect.name, milestones).values(
        incident=incident.row_id, name=stamp.milestone.value, **values
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["incident", "name"], set_=values))


def clear_stamp(connection: Connection, incident: Incident, milestone: Milestone) -> None:
    """Make a milestone unknown."""
    connection.execute(
        delete(milestones).where(milestones.c.incident == incident.row_id, milestones.c.name == milestone.value)
    )


def stamps_of(connection: Connection, incident: Incident) -> tuple[Stamp, ...]:
    """Return the known milestones in the order of Milestone."""
    rows = connection.execute(select(milestones).where(milestones.c.incident == incident.row_id)).all()
    known = {
        Milestone(row.name): Stamp(Milestone(row.name), row.at, row.by, row.said_at, row.message_ts, row.link)
        for row in rows
    }
    return tuple(known[milestone] for milestone in Milestone if milestone in known)
