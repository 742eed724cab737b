"""Taking back what a command did: its steps are stored with it, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionItem, ActionStatus
from bot.domain.incident import Incident, Status
from bot.domain.milestones import Milestone, Stamp
from storage import incidents
from storage.tables import actions, causes, impacts, lessons, notes, status_changes, undos, whys
from storage.tables import incidents as incidents_table

_REMOVABLE = {table.name: table for table in (notes, impacts, causes, whys, lessons, actions, status_changes)}


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Undo an addition: mark the row as removed. `table` is the table's name."""

    table: str
    key: int


@dataclass(frozen=True, slots=True)
class RestoreStamp:
    """Undo a change of a milestone from `before` to `after` (None: unknown); one corrected since stays."""

    milestone: Milestone
    before: Stamp | None
    after: Stamp | None


@dataclass(frozen=True, slots=True)
class RestoreStatus:
    """Undo a move of the status from `before` to `after`; a status that has been moved on since stays."""

    before: Status
    after: Status


@dataclass(frozen=True, slots=True)
class RestoreAction:
    """Undo a move of an action from `before` to `after`; one that has been moved on since stays."""

    before: ActionItem
    after: ActionStatus


@dataclass(frozen=True, slots=True)
class RestoreColumns:
    """Undo a change of the incident's own columns; one that has been changed again since stays.

    `before` and `after` have the same names; values are plain, dates and datetimes among them.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]


Step = RemoveRow | RestoreStamp | RestoreStatus | RestoreAction | RestoreColumns


def remember(connection: Connection, incident: Incident, steps: list[Step], *, by: str, now: datetime) -> int:
    """Store how to take this command back; return the key for the Undo button."""
    key: int = connection.execute(
        undos.insert()
        .values(incident=incident.row_id, by=by, said_at=now, steps=[_to_json(step) for step in steps], is_used=False)
        .returning(undos.c.id)
    ).scalar_one()
    return key


def _to_json(step: Step) -> dict[str, Any]:
    match step:
        case RemoveRow(table, key):
            return {"remove": table, "key": key}
        case RestoreStatus(before, after):
            return {"status": before.value, "after": after.value}
        case RestoreAction(before, after):
            return {
                "action": before.action_id,
                "before": before.status.value,
                "reason": before.reason,
                "since": before.status_at.isoformat() if before.status_at else None,
                "after": after.value,
            }
        case RestoreColumns(before, after):
            return {"columns": {name: [_plain(before[name]), _plain(after[name])] for name in before}}
        case RestoreStamp(milestone, before, after):
            return {
                "milestone": milestone.value,
                "before": _stamp_to_json(before),
                "after": _stamp_to_json(after),
            }


def _plain(value: Any) -> Any:
    """Return a column's value as JSON knows it."""
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _from_plain(value: Any) -> Any:
    """Return what `_plain` was given; what was a tuple stays a list."""
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value


def _stamp_to_json(stamp: Stamp | None) -> dict[str, Any] | None:
    if stamp is None:
        return None
    return {
        "at": stamp.at.isoformat(),
        "by": stamp.by,
        "said_at": stamp.said_at.isoformat(),
        "message_ts": stamp.message_ts,
    }


def incident_of(connection: Connection, key: int) -> Incident | None:
    """Return the incident that this undo belongs to, None for an unknown key."""
    row = connection.execute(select(undos.c.incident).where(undos.c.id == key)).first()
    return incidents.by_row(connection, row.incident) if row else None


def owner_of(connection: Connection, key: int) -> str | None:
    """Return who gave the command."""
    return connection.execute(select(undos.c.by).where(undos.c.id == key)).scalar()


def take_back(connection: Connection, incident: Incident, key: int) -> bool:
    """Carry out the steps, once. Return False when it was taken back before."""
    used = connection.execute(update(undos).where(undos.c.id == key, ~undos.c.is_used).values(is_used=True))
    if used.rowcount != 1:
        return False
    for step in connection.execute(select(undos.c.steps).where(undos.c.id == key)).scalar_one():
        _carry_out(connection, incident, step)
    return True


def _carry_out(connection: Connection, incident: Incident, step: dict[str, Any]) -> None:
    if "remove" in step:
        table = _REMOVABLE[step["remove"]]
        connection.execute(update(table).where(table.c.id == step["key"]).values(is_removed=True))
    elif "status" in step:
        if incident.status is Status(step["after"]):
            incidents.change(connection, incident, status=Status(step["status"]).value)
    elif "action" in step:
        _restore_action(connection, step)
    elif "columns" in step:
        _restore_columns(connection, incident, step["columns"])
    else:
        _restore_stamp(connection, incident, step)


def _restore_action(connection: Connection, step: dict[str, Any]) -> None:
    since = datetime.fromisoformat(step["since"]) if step["since"] else None
    moved = update(actions).where(actions.c.id == step["action"], actions.c.status == step["after"])
    connection.execute(moved.values(status=step["before"], reason=step["reason"], status_at=since))


def _restore_columns(connection: Connection, incident: Incident, changed: Mapping[str, list[Any]]) -> None:
    table = incidents_table
    row = connection.execute(select(table).where(table.c.id == incident.row_id)).mappings().one()
    for name, (before, after) in changed.items():
        if _plain(row[name]) == after:
            incidents.change(connection, incident, **{name: _from_plain(before)})


def _restore_stamp(connection: Connection, incident: Incident, step: dict[str, Any]) -> None:
    milestone = Milestone(step["milestone"])
    known = {stamp.milestone: stamp for stamp in incidents.stamps_of(connection, incident)}
    if _stamp_to_json(known.get(milestone)) != step["after"]:
        return
    before = step["before"]
    if before is None:
        incidents.clear_stamp(connection, incident, milestone)
    else:
        at, said_at = (datetime.fromisoformat(before[name]) for name in ("at", "said_at"))
        incidents.set_stamp(connection, incident, Stamp(milestone, at, before["by"], said_at, before["message_ts"]))
