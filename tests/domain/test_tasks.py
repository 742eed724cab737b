from bot.domain.tasks import TaskMove, TaskStatus, finished_count, open_tasks
from tests.factories import make_task


def test_open_tasks_keep_their_order_and_the_finished_are_counted_by_their_end() -> None:
    ends = [TaskStatus.OPEN, TaskStatus.DONE, TaskStatus.OPEN, TaskStatus.DROPPED, TaskStatus.DONE]
    tasks = [make_task(number, status=status) for number, status in enumerate(ends, 1)]
    assert [task.number for task in open_tasks(tasks)] == [1, 3]
    assert {status: finished_count(tasks, status) for status in TaskStatus} == {
        TaskStatus.OPEN: 2,
        TaskStatus.DONE: 2,
        TaskStatus.DROPPED: 1,
        TaskStatus.ACTION: 0,
    }


def test_only_taking_and_giving_leave_a_task_open() -> None:
    assert {move for move in TaskMove if move.ends_as is None} == {TaskMove.TAKE, TaskMove.GIVE}
