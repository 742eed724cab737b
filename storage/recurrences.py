"""Answers to a follow-up's question whether the cause came back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from storage.tables import recurrences
from storage.upsert import inserting


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Whether the cause had come back by this follow-up, and who said so when (UTC)."""

    came_back: bool
    by: str
    said_at: datetime


def answer(connection: Connection, incident: Incident, slot: str, given: Recurrence) -> None:
    """Store the answer, instead of an earlier one."""
    values = {"came_back": given.came_back, "by": given.by, "said_at": given.said_at}
    insert = inserting(connection.dialect.name, recurrences).values(incident=incident.row_id, slot=slot, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["incident", "slot"], set_=values))


def of_slot(connection: Connection, incident: Incident, slot: str) -> Recurrence | None:
    """Return the answer given to this follow-up, None while there is none."""
    query = select(recurrences).where(recurrences.c.incident == incident.row_id, recurrences.c.slot == slot)
    row = connection.execute(query).first()
    return Recurrence(row.came_back, row.by, row.said_at) if row else None
