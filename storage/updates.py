"""The communications log: one row an update. A removed row stays, marked."""

from sqlalchemy import select
from sqlalchemy import update as updating
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from bot.domain.updates import Update
from storage.tables import updates


def add_update(connection: Connection, incident: Incident, update: Update) -> int:
    """Store an update (its `update_id` is ignored) and return its key."""
    values = {
        "text": update.text,
        "by": update.by,
        "said_at": update.said_at,
        "to": update.to,
        "next_due_at": update.next_due_at,
    }
    key: int = connection.execute(
        updates.insert().values(incident=incident.row_id, **values).returning(updates.c.id)
    ).scalar_one()
    return key


def updates_of(connection: Connection, incident: Incident) -> tuple[Update, ...]:
    """Return the updates that stand, the oldest first."""
    query = select(updates).where(updates.c.incident == incident.row_id, ~updates.c.is_removed).order_by(updates.c.id)
    return tuple(
        Update(row.id, row.text, row.by, row.said_at, row.to, row.next_due_at) for row in connection.execute(query)
    )


def set_place(connection: Connection, update: Update, to: str) -> None:
    """Say where an update could be read after all."""
    connection.execute(updating(updates).where(updates.c.id == update.update_id).values(to=to))
