"""Tasks: work to be done now, during the incident. Work for afterwards is an action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskStatus(StrEnum):
    """Where a task stands. `ACTION`: it was made an action, to be done afterwards."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    ACTION = "action"


class TaskMove(StrEnum):
    """What can be done with a task."""

    DONE = "done"
    TAKE = "take"
    GIVE = "give"
    ACTION = "action"
    DROP = "drop"

    @property
    def ends_as(self) -> TaskStatus | None:
        """How the task stands afterwards; None for a move that only changes whose it is."""
        return _ENDS.get(self)


_ENDS = {
    TaskMove.DONE: TaskStatus.DONE,
    TaskMove.ACTION: TaskStatus.ACTION,
    TaskMove.DROP: TaskStatus.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do now. `number` counts from 1 within its incident; `owner_id` is None while it is nobody's.

    `by` and `said_at` say who entered it and when; `status_by` and `status_at` who moved it last and when (UTC),
    None while nobody has.
    """

    task_id: int
    number: int
    text: str
    by: str
    said_at: datetime
    owner_id: str | None = None
    status: TaskStatus = TaskStatus.OPEN
    status_at: datetime | None = None
    status_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status is TaskStatus.OPEN


def open_tasks(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """Return the tasks that are still to be done, in their order."""
    return tuple(task for task in tasks if task.is_open)


def finished_count(tasks: Iterable[Task], status: TaskStatus) -> int:
    """Return how many of the tasks ended in this way."""
    return sum(task.status is status for task in tasks)
