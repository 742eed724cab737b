"""The channels of an imported incident: the first stands in the incident's own row, the further ones here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from bot.domain.messages import ts_of
from storage import incidents
from storage.tables import incidents as incident_rows
from storage.tables import messages, sources


@dataclass(frozen=True, slots=True)
class Source:
    """A channel that an incident was taken in from, as it was called then, without `#`."""

    channel_id: str
    name: str


def add(connection: Connection, incident: Incident, further: Sequence[Source]) -> None:
    """Store the further channels of an incident that is being taken in, in their order."""
    rows = [{"incident": incident.row_id, "channel_id": one.channel_id, "channel_name": one.name} for one in further]
    if rows:
        connection.execute(sources.insert(), rows)


def of(connection: Connection, incident: Incident) -> tuple[Source, ...]:
    """Return the further channels of an incident, in their order; none of one that was not taken in."""
    if not incident.is_imported:
        return ()
    query = select(sources).where(sources.c.incident == incident.row_id).order_by(sources.c.id)
    return tuple(Source(row.channel_id, row.channel_name) for row in connection.execute(query))


def each_apart(connection: Connection, incident: Incident) -> tuple[Incident, ...]:
    """Return the incident once for each of its further channels, as if that were its own."""
    return tuple(
        replace(incident, channel_id=one.channel_id, channel_name=one.name) for one in of(connection, incident)
    )


def parts_of(connection: Connection, incident: Incident) -> tuple[Incident, ...]:
    """Return what is read together with the incident's own channel, each named by its channel.

    That are its further channels, the incidents that have become part of it, and the further channels of those. A
    further channel has the key and the id of its incident.
    """
    parts = incidents.parts_of(connection, incident)
    return (
        *each_apart(connection, incident),
        *(one for part in parts for one in (part, *each_apart(connection, part))),
    )


def taken_from(connection: Connection, team_id: str, channel_id: str) -> tuple[Incident, ...]:
    """Return the incidents one of whose further channels this is, the newest first, as if it were their own."""
    query = (
        select(incident_rows.c.id, sources.c.channel_name)
        .join(sources, sources.c.incident == incident_rows.c.id)
        .where(incident_rows.c.team_id == team_id, sources.c.channel_id == channel_id)
        .order_by(incident_rows.c.id.desc())
    )
    return tuple(
        replace(incidents.by_row(connection, row.id), channel_id=channel_id, channel_name=row.channel_name)
        for row in connection.execute(query).all()
    )


def standing_between(connection: Connection, team_id: str, channel_id: str, first_ts: str, last_ts: str) -> int:
    """Return how many messages of a channel stand from one timestamp to another, both of ten digits of seconds."""
    table = messages.c
    query = select(func.count()).where(
        table.team_id == team_id,
        table.channel_id == channel_id,
        table.ts >= first_ts,
        table.ts <= last_ts,
        ~table.is_deleted,
    )
    return connection.execute(query).scalar_one()


def standing(connection: Connection, incident: Incident) -> int:
    """Return how many messages stand in all the channels of an imported incident."""
    assert incident.capture_from is not None
    assert incident.capture_until is not None
    bounds = ts_of(incident.capture_from), ts_of(incident.capture_until)
    return sum(
        standing_between(connection, one.team_id, one.channel_id or "", *bounds)
        for one in (incident, *each_apart(connection, incident))
    )
