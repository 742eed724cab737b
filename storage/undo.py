"""Taking back what a command did: its steps are stored with it, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionItem, ActionStatus
from bot.domain.incident import Incident, Status
from bot.domain.milestones import Milestone, Stamp
from bot.domain.tasks import Task
from storage import incidents, links, merging
from storage import tasks as stored_tasks
from storage.merging import Moved
from storage.tables import (
    actions,
    causes,
    curations,
    impacts,
    lessons,
    notes,
    status_changes,
    tasks,
    undos,
    updates,
    whys,
)
from storage.tables import incidents as incidents_table

_REMOVABLE = {
    table.name: table for table in (notes, impacts, causes, whys, lessons, actions, status_changes, tasks, updates)
}

# Steps that name the row or the message that they restore, whichever incident it belongs to by now.
_OF_ROWS = {"remove", "row", "action", "task", "curation"}


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
class RestoreTask:
    """Undo a move of a task from `before` to `after`; one that has been moved on or given away since stays."""

    before: Task
    after: Task


@dataclass(frozen=True, slots=True)
class RestoreColumns:
    """Undo a change of the incident's own columns; one that has been changed again since stays.

    `before` and `after` have the same names; values are plain, dates and datetimes among them.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RestoreRow:
    """Undo a change of a removable row; a column that has been changed again since stays.

    `before` and `after` hold the changed columns; values are plain, datetimes among them.
    """

    table: str
    key: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RestoreCuration:
    """Undo a decision about a message's entry; what was decided again since stays. Columns as for RestoreRow."""

    channel_id: str
    ts: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """Undo the linking of the incident with another, named by its row."""

    other: int


@dataclass(frozen=True, slots=True)
class OfAnother:
    """A step that concerns another incident than the command did, named by its row."""

    row: int
    step: "SingleStep"


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Undo that an incident became part of another: what was entered in it belongs to it again."""

    moved: Moved


SingleStep = (
    RemoveRow
    | RemoveLink
    | RestoreStamp
    | RestoreStatus
    | RestoreAction
    | RestoreTask
    | RestoreColumns
    | RestoreRow
    | RestoreCuration
)
Step = SingleStep | OfAnother | GiveBack


def remember(connection: Connection, incident: Incident, steps: list[Step], *, by: str, now: datetime) -> int:
    """Store how to take this command back; return the key for the Undo button."""
    key: int = connection.execute(
        undos.insert()
        .values(incident=incident.row_id, by=by, said_at=now, steps=[_to_json(step) for step in steps], is_used=False)
        .returning(undos.c.id)
    ).scalar_one()
    return key


def _to_json(step: Step) -> dict[str, Any]:
    if isinstance(step, OfAnother):
        return _one_to_json(step.step) | {"of": step.row}
    return {"moved": step.moved.to_json()} if isinstance(step, GiveBack) else _one_to_json(step)


def _one_to_json(step: SingleStep) -> dict[str, Any]:
    match step:
        case RemoveRow(table, key):
            return {"remove": table, "key": key}
        case RemoveLink(other):
            return {"unlink": other}
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
        case RestoreTask(before, after):
            return {
                "task": before.task_id,
                "before": {"status": before.status.value, "owner_id": before.owner_id, "status_by": before.status_by},
                "since": before.status_at.isoformat() if before.status_at else None,
                "after": {"status": after.status.value, "owner_id": after.owner_id},
            }
        case RestoreColumns(before, after):
            return {"columns": _pairs(before, after)}
        case RestoreRow(table, key, before, after):
            return {"row": table, "key": key, "changed": _pairs(before, after)}
        case RestoreCuration(channel_id, ts, before, after):
            return {"curation": [channel_id, ts], "changed": _pairs(before, after)}
        case RestoreStamp(milestone, before, after):
            return {
                "milestone": milestone.value,
                "before": _stamp_to_json(before),
                "after": _stamp_to_json(after),
            }


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [_plain(before[name]), _plain(after[name])] for name in before}


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
        **({"link": stamp.link} if stamp.link else {}),
    }


def incident_of(connection: Connection, key: int) -> Incident | None:
    """Return the incident that this undo belongs to, None for an unknown key."""
    row = connection.execute(select(undos.c.incident).where(undos.c.id == key)).first()
    return incidents.by_row(connection, row.incident) if row else None


def owner_of(connection: Connection, key: int) -> str | None:
    """Return who gave the command."""
    return connection.execute(select(undos.c.by).where(undos.c.id == key)).scalar()


def messages_of(connection: Connection, key: int) -> tuple[tuple[str, str], ...]:
    """Return the messages, by channel and ts, whose entries this undo changes."""
    return tuple((step["curation"][0], step["curation"][1]) for step in _steps(connection, key) if "curation" in step)


def merged_of(connection: Connection, key: int) -> tuple[int, int] | None:
    """Return the keys of the part and of the whole where this undo takes a merge back, None for another command."""
    for step in _steps(connection, key):
        if "moved" in step:
            return step["moved"]["part"], step["moved"]["whole"]
    return None


def is_of_rows(connection: Connection, key: int) -> bool:
    """Whether this undo changes only what was entered, wherever that belongs by now, and nothing of the incident."""
    return all(_OF_ROWS & step.keys() and step.get("remove") != "status_changes" for step in _steps(connection, key))


def made_at(connection: Connection, key: int) -> datetime:
    """Return when the command was given (UTC)."""
    at: datetime = connection.execute(select(undos.c.said_at).where(undos.c.id == key)).scalar_one()
    return at


def is_used(connection: Connection, key: int) -> bool:
    """Whether it was taken back before."""
    return bool(connection.execute(select(undos.c.is_used).where(undos.c.id == key)).scalar())


def keep_private(connection: Connection, incident: Incident) -> None:
    """Let no undo make the incident public again; what else they take back stays."""
    query = select(undos.c.id, undos.c.steps).where(undos.c.incident == incident.row_id, ~undos.c.is_used)
    for key, steps in connection.execute(query).all():
        kept = [_without_privacy(step) for step in steps]
        if kept != steps:
            connection.execute(update(undos).where(undos.c.id == key).values(steps=kept))


def _without_privacy(step: dict[str, Any]) -> dict[str, Any]:
    if "columns" not in step:
        return step
    return step | {"columns": {name: pair for name, pair in step["columns"].items() if name != "is_private"}}


def _steps(connection: Connection, key: int) -> list[dict[str, Any]]:
    return list(connection.execute(select(undos.c.steps).where(undos.c.id == key)).scalar_one())


def take_back(connection: Connection, incident: Incident, key: int) -> bool:
    """Carry out the steps, once. Return False when it was taken back before."""
    used = connection.execute(update(undos).where(undos.c.id == key, ~undos.c.is_used).values(is_used=True))
    if used.rowcount != 1:
        return False
    for step in _steps(connection, key):
        _carry_out(connection, incident, step)
    return True


def _carry_out(connection: Connection, incident: Incident, step: dict[str, Any]) -> None:
    if "of" in step:
        incident = incidents.by_row(connection, step["of"])
    if "moved" in step:
        merging.move_back(connection, step["moved"])
    elif _OF_ROWS & step.keys():
        _restore_row(connection, incident, step)
    elif "unlink" in step:
        links.remove(connection, incident.row_id, step["unlink"])
    elif "status" in step:
        if incident.status is Status(step["after"]):
            incidents.change(connection, incident, status=Status(step["status"]).value)
    elif "columns" in step:
        _restore_columns(connection, incident, step["columns"])
    else:
        _restore_stamp(connection, incident, step)


def _restore_row(connection: Connection, incident: Incident, step: dict[str, Any]) -> None:
    """Restore what was entered, or decided of a message."""
    if "remove" in step:
        table = _REMOVABLE[step["remove"]]
        connection.execute(update(table).where(table.c.id == step["key"]).values(is_removed=True))
    elif "action" in step:
        _restore_action(connection, step)
    elif "task" in step:
        since = datetime.fromisoformat(step["since"]) if step["since"] else None
        before = step["before"] | {"status_at": since}
        stored_tasks.restore_task(connection, step["task"], after=step["after"], before=before)
    elif "row" in step:
        table = _REMOVABLE[step["row"]]
        _restore(connection, table, [table.c.id == step["key"]], step["changed"])
    else:
        channel_id, ts = step["curation"]
        here = [curations.c.team_id == incident.team_id, curations.c.channel_id == channel_id, curations.c.ts == ts]
        _restore(connection, curations, here, step["changed"])


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


def _restore(
    connection: Connection, table: Table, here: Sequence[ColumnElement[bool]], changed: Mapping[str, list[Any]]
) -> None:
    row = connection.execute(select(table).where(*here)).mappings().one()
    values = {name: _from_plain(before) for name, (before, after) in changed.items() if _plain(row[name]) == after}
    if values:
        connection.execute(update(table).where(*here).values(**values))


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
        stamp = Stamp(milestone, at, before["by"], said_at, before["message_ts"], before.get("link"))
        incidents.set_stamp(connection, incident, stamp)
