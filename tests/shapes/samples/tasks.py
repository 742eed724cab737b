"""The tasks during the incident."""

from datetime import timedelta
from typing import Any

from bot.domain.incident import Incident
from bot.domain.tasks import Task, TaskStatus
from bot.domain.text import mention
from bot.services.views import TasksView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL

NOW = DECLARED + timedelta(minutes=30)


def task(number: int = 1, text: str = "Restart the workers", **fields: Any) -> Task:
    return Task(number, number, text, "ULEAD", DECLARED, **fields)


def tasks(incident: Incident, *still_open: Task, **fields: Any) -> TasksView:
    values: dict[str, Any] = {"finished": {}, "reader_id": "ULEAD", "now": NOW, "command": "/incident"}
    return TasksView(incident, still_open, **(values | fields))


MANY = tuple(task(number, HOSTILE[:3000], owner_id="U0BEN") for number in range(1, 301))

add(EMPTY, tasks(SHORT), to_asker=True)
add(EMPTY, tasks(SHORT, command=mention("UBOT")), to_asker=True, label="in a thread")
add(
    TYPICAL,
    tasks(USUAL, task(), task(2, "Tell the support team", owner_id="ULEAD"), finished={TaskStatus.DONE: 3}),
    to_asker=True,
)
add(TYPICAL, tasks(USUAL, task(), said="Task 2 is done.", undo=12), to_asker=True, label="after a move")
add(
    FULL,
    tasks(LONG, *MANY, finished=dict.fromkeys(set(TaskStatus) - {TaskStatus.OPEN}, 10**6), said=HOSTILE, undo=10**9),
    to_asker=True,
    rest="more open tasks: `/incident tasks` shows them",
)
