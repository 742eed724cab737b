"""Incidents that belong together. A link has no direction: the pair stands once, the older row first."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from storage import incidents
from storage.tables import links
from storage.upsert import inserting


def add(connection: Connection, incident: Incident, other: Incident, *, by: str, now: datetime) -> bool:
    """Link two incidents; return whether they were not linked before. An incident can't be linked with itself."""
    first, second = sorted((incident.row_id, other.row_id))
    insert = inserting(connection.dialect.name, links).values(incident=first, other=second, by=by, said_at=now)
    return connection.execute(insert.on_conflict_do_nothing().returning(links.c.incident)).first() is not None


def remove(connection: Connection, row: int, other_row: int) -> None:
    """Take a link away; without one do nothing."""
    connection.execute(delete(links).where(_pair(row, other_row)))


def _pair(row: int, other_row: int) -> ColumnElement[bool]:
    first, second = sorted((row, other_row))
    return and_(links.c.incident == first, links.c.other == second)


def of(connection: Connection, incident: Incident) -> tuple[Incident, ...]:
    """Return the incidents that this one is linked with, the oldest first; who may see each is the caller's matter.

    What became part of another belongs together with what that one does.
    """
    own = {incident.row_id, *(part.row_id for part in incidents.parts_of(connection, incident))}
    query = select(links.c.incident, links.c.other).where(or_(links.c.incident.in_(own), links.c.other.in_(own)))
    rows = {row for pair in connection.execute(query) for row in pair}
    others = {incidents.whole_of(connection, incidents.by_row(connection, row)).row_id for row in rows - own}
    return tuple(incidents.by_row(connection, other) for other in sorted(others - own))
