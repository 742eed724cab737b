"""Notes, impact, causes, whys, lessons and actions: what the team adds. A removed row stays, marked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.actions import ActionItem, ActionMove, ActionStatus, ActionType, Priority
from bot.domain.impact import as_json as details_to_json
from bot.domain.impact import from_json as details_from_json
from bot.domain.incident import Incident
from bot.domain.statements import Cause, CauseKind, Impact, Layer, Lesson, LessonKind, Why
from bot.domain.timeline import Note, Phase
from storage.tables import action_changes, actions, causes, impacts, lessons, notes, whys

_TABLES = {table.name: table for table in (actions, causes, impacts, lessons, notes, whys)}


def _insert(connection: Connection, table: Table, incident: Incident, values: dict[str, Any]) -> int:
    key: int = connection.execute(
        table.insert().values(incident=incident.row_id, **values).returning(table.c.id)
    ).scalar_one()
    return key


def _standing(connection: Connection, table: Table, incident: Incident) -> list[Row[Any]]:
    query = select(table).where(table.c.incident == incident.row_id, ~table.c.is_removed).order_by(table.c.id)
    return list(connection.execute(query))


def remove(connection: Connection, table: str, key: int) -> None:
    """Mark a row as removed; `table` is the name of a table of this module."""
    removable = _TABLES[table]
    connection.execute(update(removable).where(removable.c.id == key).values(is_removed=True))


def add_note(connection: Connection, incident: Incident, note: Note) -> int:
    """Store a note (its `note_id` is ignored) and return its key."""
    values = {"at": note.at, "text": note.text, "by": note.by, "said_at": note.said_at, "is_key": note.is_key}
    return _insert(connection, notes, incident, values | {"phase": note.phase.value if note.phase else None})


def notes_of(connection: Connection, incident: Incident) -> tuple[Note, ...]:
    """Return the notes in the order in which they were entered."""
    return tuple(
        Note(row.id, row.at, row.text, row.by, row.said_at, Phase(row.phase) if row.phase else None, row.is_key)
        for row in _standing(connection, notes, incident)
    )


def change_note(connection: Connection, key: int, **values: Any) -> None:
    """Change columns of a note."""
    connection.execute(update(notes).where(notes.c.id == key).values(**values))


def add_impact(connection: Connection, incident: Incident, impact: Impact) -> int:
    """Store a statement of impact (its `impact_id` is ignored) and return its key."""
    details = details_to_json(impact.details) if impact.details else None
    values = {"text": impact.text, "by": impact.by, "said_at": impact.said_at, "details": details}
    return _insert(connection, impacts, incident, values)


def impacts_of(connection: Connection, incident: Incident) -> tuple[Impact, ...]:
    """Return the statements of impact in the order in which they were entered."""
    return tuple(_impact(row) for row in _standing(connection, impacts, incident))


def impact_by_key(connection: Connection, incident: Incident, key: int) -> Impact | None:
    """Return one statement of the incident's impact, also one that was replaced since; None for another key."""
    query = select(impacts).where(impacts.c.id == key, impacts.c.incident == incident.row_id)
    row = connection.execute(query).first()
    return _impact(row) if row else None


def _impact(row: Row[Any]) -> Impact:
    details = details_from_json(row.details) if row.details else None
    return Impact(row.text, row.by, row.said_at, details, row.id)


def add_cause(connection: Connection, incident: Incident, cause: Cause) -> int:
    """Store a cause (its `cause_id` is ignored) and return its key."""
    values = {
        "kind": cause.kind.value,
        "text": cause.text,
        "by": cause.by,
        "said_at": cause.said_at,
        "evidence": cause.evidence,
        "layer": cause.layer.value if cause.layer else None,
        "category": cause.category,
        "score": cause.score,
    }
    return _insert(connection, causes, incident, values)


def causes_of(connection: Connection, incident: Incident) -> tuple[Cause, ...]:
    """Return the causes in the order in which they were entered."""
    return tuple(
        Cause(
            cause_id=row.id,
            kind=CauseKind(row.kind),
            text=row.text,
            by=row.by,
            said_at=row.said_at,
            evidence=row.evidence,
            layer=Layer(row.layer) if row.layer else None,
            category=row.category,
            score=row.score,
        )
        for row in _standing(connection, causes, incident)
    )


def add_why(connection: Connection, incident: Incident, why: Why) -> int:
    """Store the next link of the chain (its `position` is ignored) and return its key."""
    values = {"text": why.text, "by": why.by, "said_at": why.said_at, "branch": why.branch}
    return _insert(connection, whys, incident, values)


def whys_of(connection: Connection, incident: Incident) -> tuple[Why, ...]:
    """Return the why chain; positions count from 1 within each branch."""
    counts: dict[str | None, int] = {}
    chain = []
    for row in _standing(connection, whys, incident):
        counts[row.branch] = counts.get(row.branch, 0) + 1
        chain.append(Why(counts[row.branch], row.text, row.by, row.said_at, row.branch))
    return tuple(chain)


def add_lesson(connection: Connection, incident: Incident, lesson: Lesson) -> int:
    """Store a lesson and return its key."""
    values = {"kind": lesson.kind.value, "text": lesson.text, "by": lesson.by, "said_at": lesson.said_at}
    return _insert(connection, lessons, incident, values)


def lessons_of(connection: Connection, incident: Incident) -> tuple[Lesson, ...]:
    """Return the lessons in the order in which they were entered."""
    return tuple(
        Lesson(LessonKind(row.kind), row.text, row.by, row.said_at) for row in _standing(connection, lessons, incident)
    )


def add_action(connection: Connection, incident: Incident, action: ActionItem) -> ActionItem:
    """Store an action under the incident's next number and return it with its key and number."""
    query = select(func.coalesce(func.max(actions.c.number), 0)).where(actions.c.incident == incident.row_id)
    number: int = connection.execute(query).scalar_one() + 1
    values = {
        "number": number,
        "text": action.text,
        "by": action.by,
        "said_at": action.said_at,
        "owner_id": action.owner_id,
        "due": action.due,
        "type": action.type.value if action.type else None,
        "priority": action.priority.value if action.priority else None,
        "status": action.status.value,
        "link": action.link,
        "source": action.source,
        "cause": action.cause_id,
    }
    return action_by_key(connection, _insert(connection, actions, incident, values))


def change_action(connection: Connection, action: ActionItem, **values: Any) -> ActionItem:
    """Set these columns of an action and return it as it is now."""
    connection.execute(update(actions).where(actions.c.id == action.action_id).values(**values))
    return action_by_key(connection, action.action_id)


def _action(row: Row[Any]) -> ActionItem:
    return ActionItem(
        action_id=row.id,
        number=row.number,
        text=row.text,
        by=row.by,
        said_at=row.said_at,
        owner_id=row.owner_id,
        due=row.due,
        type=ActionType(row.type) if row.type else None,
        priority=Priority(row.priority) if row.priority else None,
        status=ActionStatus(row.status),
        reason=row.reason,
        status_at=row.status_at,
        link=row.link,
        cause_id=row.cause,
        source=row.source,
    )


def actions_of(connection: Connection, incident: Incident) -> tuple[ActionItem, ...]:
    """Return the actions by number."""
    return tuple(_action(row) for row in _standing(connection, actions, incident))


def action_by_key(connection: Connection, action_id: int) -> ActionItem:
    """Return the action with this storage key. Raises sqlalchemy's NoResultFound for a wrong key."""
    return _action(connection.execute(select(actions).where(actions.c.id == action_id)).one())


def action_in(connection: Connection, incident: Incident, number: int) -> ActionItem | None:
    """Return the incident's action with this number, None if there is none."""
    query = select(actions).where(
        actions.c.incident == incident.row_id, actions.c.number == number, ~actions.c.is_removed
    )
    row = connection.execute(query).first()
    return _action(row) if row else None


def move_action(connection: Connection, action: ActionItem, move: ActionMove, *, by: str, now: datetime) -> ActionItem:
    """Store a decided change of state, with its history, and return the action as it is now."""
    values = {"status": move.status.value, "reason": move.reason}
    connection.execute(update(actions).where(actions.c.id == action.action_id).values(status_at=now, **values))
    connection.execute(action_changes.insert().values(action=action.action_id, by=by, said_at=now, **values))
    return action_by_key(connection, action.action_id)
