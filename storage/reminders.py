"""The one reminder of each incident: what its message asks for, and until when it is snoozed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from bot.domain.reminders import Reminder, ReminderKind
from storage.tables import reminders
from storage.upsert import inserting


def reminder_of(connection: Connection, incident: Incident) -> Reminder:
    """Return the incident's reminder; one that asks nothing where none has stood yet."""
    row = connection.execute(select(reminders).where(reminders.c.incident == incident.row_id)).first()
    if row is None:
        return Reminder()
    kind = ReminderKind(row.kind) if row.kind else None
    return Reminder(kind, row.since, row.number, row.snoozed_until, row.snoozed_by)


def begin(connection: Connection, incident: Incident, kind: ReminderKind, since: datetime, *, number: int) -> None:
    """Record that message `number` is about to ask for something."""
    values = {"kind": kind.value, "since": since, "number": number, "snoozed_until": None, "snoozed_by": None}
    insert = inserting(connection.dialect.name, reminders).values(incident=incident.row_id, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["incident"], set_=values))


def turn(connection: Connection, incident: Incident, kind: ReminderKind, since: datetime) -> None:
    """Record that the standing message asks for this now; a snooze stays as it is."""
    _set(connection, incident, kind=kind.value, since=since)


def end(connection: Connection, incident: Incident) -> None:
    """Record that no reminder stands."""
    _set(connection, incident, kind=None, since=None, snoozed_until=None, snoozed_by=None)


def snooze(connection: Connection, incident: Incident, *, until: datetime, by: str) -> None:
    """Record until when the standing reminder is snoozed, and by whom."""
    _set(connection, incident, snoozed_until=until, snoozed_by=by)


def _set(connection: Connection, incident: Incident, **values: Any) -> None:
    connection.execute(update(reminders).where(reminders.c.incident == incident.row_id).values(values))
