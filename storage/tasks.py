"""Tasks of an incident. A removed row stays, marked, and keeps its number."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.incident import Incident
from bot.domain.tasks import Task, TaskStatus
from storage.tables import tasks


def add_task(connection: Connection, incident: Incident, task: Task) -> Task:
    """Store a task under the incident's next number and return it with its key and number."""
    last = select(func.coalesce(func.max(tasks.c.number), 0)).where(tasks.c.incident == incident.row_id)
    values = {
        "number": connection.execute(last).scalar_one() + 1,
        "text": task.text,
        "by": task.by,
        "said_at": task.said_at,
        "owner_id": task.owner_id,
        "status": task.status.value,
    }
    insert = tasks.insert().values(incident=incident.row_id, **values).returning(*tasks.c)
    return _task(connection.execute(insert).one())


def _task(row: Row[Any]) -> Task:
    return Task(
        task_id=row.id,
        number=row.number,
        text=row.text,
        by=row.by,
        said_at=row.said_at,
        owner_id=row.owner_id,
        status=TaskStatus(row.status),
        status_at=row.status_at,
        status_by=row.status_by,
    )


def tasks_of(connection: Connection, incident: Incident) -> tuple[Task, ...]:
    """Return the tasks by number."""
    query = select(tasks).where(tasks.c.incident == incident.row_id, ~tasks.c.is_removed).order_by(tasks.c.number)
    return tuple(_task(row) for row in connection.execute(query))


def task_in(connection: Connection, incident: Incident, number: int) -> Task | None:
    """Return the incident's task with this number, None if there is none."""
    query = select(tasks).where(tasks.c.incident == incident.row_id, tasks.c.number == number, ~tasks.c.is_removed)
    row = connection.execute(query).first()
    return _task(row) if row else None


def move_task(connection: Connection, task: Task, status: TaskStatus, *, by: str, now: datetime) -> None:
    """Store where a task stands now."""
    values = {"status": status.value, "status_at": now, "status_by": by}
    connection.execute(update(tasks).where(tasks.c.id == task.task_id).values(values))


def give_task(connection: Connection, task: Task, owner_id: str) -> None:
    """Store whose task it is now."""
    connection.execute(update(tasks).where(tasks.c.id == task.task_id).values(owner_id=owner_id))


def restore_task(connection: Connection, task_id: int, *, after: dict[str, Any], before: dict[str, Any]) -> None:
    """Set the columns of a task back to `before`, if they still are what `after` says."""
    unchanged = [tasks.c[name] == value for name, value in after.items()]
    connection.execute(update(tasks).where(tasks.c.id == task_id, *unchanged).values(before))
