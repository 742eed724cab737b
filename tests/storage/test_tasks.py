from dataclasses import replace

from bot.domain.incident import Incident
from bot.domain.tasks import Task, TaskStatus
from storage import tasks, undo
from storage.database import Database
from storage.undo import RemoveRow, RestoreTask, Step
from tests.factories import DECLARED, HELPER, LEAD, at, make_task
from tests.storage.stored import store_incident


def add(database: Database, incident: Incident, text: str = "Restart the workers", **fields: object) -> Task:
    with database.transaction() as connection:
        return tasks.add_task(connection, incident, make_task(0, text, **fields))


def stored(database: Database, incident: Incident) -> tuple[Task, ...]:
    with database.reading() as connection:
        return tasks.tasks_of(connection, incident)


def take_back(database: Database, incident: Incident, *steps: Step) -> None:
    with database.transaction() as connection:
        key = undo.remember(connection, incident, list(steps), by=LEAD, now=DECLARED)
        assert undo.take_back(connection, incident, key)


def test_tasks_are_numbered_within_their_incident_and_read_back_whole(database: Database) -> None:
    incident, other = store_incident(database), store_incident(database, channel_id="COTHER")
    first = add(database, incident, owner_id=HELPER)
    second = add(database, incident, "Call the vendor")
    elsewhere = add(database, other)
    assert [task.number for task in (first, second, elsewhere)] == [1, 2, 1]
    assert stored(database, incident) == (first, second)
    assert replace(first, task_id=0, number=0) == replace(
        make_task(0, "Restart the workers", owner_id=HELPER), task_id=0
    )


def test_number_of_a_task_that_was_taken_back_is_not_given_again(database: Database) -> None:
    incident = store_incident(database)
    take_back(database, incident, RemoveRow("tasks", add(database, incident).task_id))
    assert stored(database, incident) == ()
    with database.reading() as connection:
        assert tasks.task_in(connection, incident, 1) is None
    assert add(database, incident).number == 2


def test_moved_task_knows_by_whom_and_when(database: Database) -> None:
    incident = store_incident(database)
    task = add(database, incident)
    with database.transaction() as connection:
        tasks.move_task(connection, task, TaskStatus.DONE, by=HELPER, now=at("15:00"))
        tasks.give_task(connection, task, LEAD)
        found = tasks.task_in(connection, incident, 1)
    assert found == replace(task, status=TaskStatus.DONE, status_by=HELPER, status_at=at("15:00"), owner_id=LEAD)


def test_move_is_taken_back_to_what_was_before(database: Database) -> None:
    incident = store_incident(database)
    task = add(database, incident, owner_id=HELPER)
    with database.transaction() as connection:
        tasks.move_task(connection, task, TaskStatus.DONE, by=LEAD, now=at("15:00"))
    take_back(database, incident, RestoreTask(task, replace(task, status=TaskStatus.DONE)))
    assert stored(database, incident) == (task,)


def test_task_of_nobody_that_was_taken_is_nobodys_again(database: Database) -> None:
    incident = store_incident(database)
    task = add(database, incident)
    with database.transaction() as connection:
        tasks.give_task(connection, task, HELPER)
    take_back(database, incident, RestoreTask(task, replace(task, owner_id=HELPER)))
    assert stored(database, incident) == (task,)


def test_task_that_has_been_given_away_since_stays_where_it_is(database: Database) -> None:
    incident = store_incident(database)
    task = add(database, incident)
    with database.transaction() as connection:
        tasks.give_task(connection, task, LEAD)
    take_back(database, incident, RestoreTask(task, replace(task, owner_id=HELPER)))
    assert [one.owner_id for one in stored(database, incident)] == [LEAD]
