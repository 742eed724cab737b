"""Tasks during the incident: adding them, and finishing, taking, giving or dropping them."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.actions import ActionItem
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import valid_statement
from bot.domain.tasks import Task, TaskMove, TaskStatus, finished_count, open_tasks
from bot.domain.text import clipped, counted, mention, one_line
from bot.services import jobs, people
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.views import AnswerView, TasksView
from bot.services.world import World
from storage import statements, tasks
from storage.database import Connection
from storage.due import NewItem
from storage.undo import RemoveRow, RestoreTask, Step

_ECHO_LENGTH = 120
_CANNOT = "can't be given a task"
_STATE_WORDS = {
    TaskStatus.OPEN: "is open",
    TaskStatus.DONE: "is done",
    TaskStatus.DROPPED: "is dropped",
    TaskStatus.ACTION: "was made an action",
}


def _short(text: str) -> str:
    return clipped(one_line(text), _ECHO_LENGTH)


def add_task(world: World, request: Request, text: str, owner_id: str | None) -> AnswerView:
    """Enter something to do now, for a person or for nobody yet.

    Raises UserError for an owner who can't have one, and once the incident is over.
    """
    valid = valid_statement(text, what="what is to be done now", example="Restart the workers")
    if owner_id:
        people.check_member(world, request.actor.team_id, owner_id, _CANNOT, now=request.now)

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_open(world, request, incident, valid, owner_id)
        new = Task(0, 0, valid, request.actor.user_id, request.now, owner_id=owner_id)
        task = tasks.add_task(connection, incident, new)
        whose = f"for {mention(owner_id)}" if owner_id else "nobody's yet"
        return Outcome(
            f"Task {task.number} ({whose}): {_short(valid)}",
            undo=(RemoveRow("tasks", task.task_id),),
            jobs=_tell_owner(world, request, incident, task),
        )

    return carry_out(world, request, Right.STATE, change)


def _check_open(world: World, request: Request, incident: Incident, text: str, owner_id: str | None) -> None:
    if incident.status.is_over:
        owner = f" {mention(owner_id)}" if owner_id else ""
        right = f"{addressed(world, request, incident)} action {_short(text)}{owner}"
        raise UserError(
            f"{incident.incident_id} is {incident.status.value}, and tasks are for during the incident. For afterwards",
            right=right,
        )


def _tell_owner(world: World, request: Request, incident: Incident, task: Task) -> tuple[NewItem, ...]:
    """Return what tells a person that somebody else gave them a task, nothing for one of their own.

    They wait for it without knowing, and nobody else would tell them: one line in the channel, which notifies them
    alone. It comes after the invitation: Slack notifies nobody who is outside.
    """
    by = request.actor.user_id
    if task.owner_id is None or task.owner_id == by:
        return ()
    text = (
        f"Task {task.number} for {mention(task.owner_id)}, from {mention(by)}: {_short(task.text)} "
        f"(when it is done: {world.policy.command} tasks done {task.number})"
    )
    return (
        jobs.invite(incident, task.owner_id, now=request.now),
        jobs.line(incident, request.key, text, now=request.now, notifies=[task.owner_id]),
    )


def show(world: World, request: Request, *, said: str = "", undo: int | None = None) -> TasksView:
    """Return the tasks for the asker. Raises UserError when they may not see the incident.

    `said` is what was just done with one of them, `undo` the key that takes it back.
    """
    incident = look(world, request)
    with world.database.reading() as connection:
        stored = tasks.tasks_of(connection, incident)
    return TasksView(
        incident=incident,
        open=open_tasks(stored),
        finished={status: finished_count(stored, status) for status in TaskStatus if status is not TaskStatus.OPEN},
        reader_id=request.actor.user_id,
        now=request.now,
        command=addressed(world, request, incident),
        said=said,
        undo=undo,
    )


def find(world: World, request: Request, incident: Incident, number: int) -> Task:
    """Return the incident's task with this number. Raises NotFoundError when there is none."""
    with world.database.reading() as connection:
        return _found(connection, incident, number, listing=f"{addressed(world, request, incident)} tasks")


def _found(connection: Connection, incident: Incident, number: int, *, listing: str) -> Task:
    task = tasks.task_in(connection, incident, number)
    if task is None:
        raise NotFoundError(f"{incident.incident_id} has no task {number}. To see those there are", right=listing)
    return task


def move_task(world: World, request: Request, number: int, move: TaskMove, owner_id: str | None = None) -> AnswerView:
    """Finish a task, take it, give it to somebody (`owner_id`), make it an action or drop it.

    Raises UserError for an unknown number, for a task that is finished, and for an owner who can't have one.
    """
    new_owner = request.actor.user_id if move is TaskMove.TAKE else owner_id
    if move is TaskMove.GIVE and new_owner:
        people.check_member(world, request.actor.team_id, new_owner, _CANNOT, now=request.now)

    def change(connection: Connection, incident: Incident) -> Outcome:
        task = _found(connection, incident, number, listing=f"{addressed(world, request, incident)} tasks")
        if not task.is_open:
            raise UserError(f"Task {number} {_STATE_WORDS[task.status]} already.")
        if move.ends_as is None:
            assert new_owner is not None
            return _give(world, connection, incident, request, task, new_owner)
        return _finish(connection, incident, request, task, move.ends_as)

    return carry_out(world, request, Right.STATE, change)


def _give(
    world: World, connection: Connection, incident: Incident, request: Request, task: Task, owner_id: str
) -> Outcome:
    by = request.actor.user_id
    whose = "yours" if owner_id == by else f"for {mention(owner_id)}"
    if task.owner_id == owner_id:
        raise UserError(f"Task {task.number} is {whose} already.")
    tasks.give_task(connection, task, owner_id)
    given = replace(task, owner_id=owner_id)
    told = _tell_owner(world, request, incident, given)
    if task.owner_id and task.owner_id != by:
        # Whoever had it may be at it: they are told that they need not go on.
        taken = f"Task {task.number} is no longer for {mention(task.owner_id)} but for {mention(owner_id)}: "
        notifies = [user_id for user_id in (task.owner_id, owner_id) if user_id != by]
        line = jobs.line(incident, request.key, taken + _short(task.text), now=request.now, notifies=notifies)
        told = (jobs.invite(incident, owner_id, now=request.now), line)
    return Outcome(f"Task {task.number} is {whose}: {_short(task.text)}", undo=(RestoreTask(task, given),), jobs=told)


def _finish(connection: Connection, incident: Incident, request: Request, task: Task, status: TaskStatus) -> Outcome:
    by, now = request.actor.user_id, request.now
    tasks.move_task(connection, task, status, by=by, now=now)
    steps: list[Step] = [RestoreTask(task, replace(task, status=status))]
    said = f"Task {task.number} {_STATE_WORDS[status]}"
    if status is TaskStatus.ACTION:
        item = ActionItem(0, 0, task.text, by, now, owner_id=task.owner_id)
        action = statements.add_action(connection, incident, item)
        steps.append(RemoveRow("actions", action.action_id))
        said = f"Task {task.number} is action {action.number} now, for afterwards"
    answer = f"{said}: {_short(task.text)}"
    has_it = task.owner_id if task.owner_id != by else None
    if task.by == by and has_it is None:
        return Outcome(answer, undo=tuple(steps))
    # Whoever entered it waits for it, and reads so; whoever has it may be at it, and is notified.
    text = f"{said} ({mention(by)}{f', for {mention(has_it)}' if has_it else ''}): {_short(task.text)}"
    line = jobs.line(incident, request.key, text, now=now, notifies=[has_it] if has_it else [])
    return Outcome(answer, undo=tuple(steps), jobs=(line,))


def tell_taken_back(
    connection: Connection, incident: Incident, request: Request, before: Sequence[Task]
) -> tuple[NewItem, ...]:
    """Return what tells people that an undo has changed what they were told of a task; `before` are those before it."""
    by = request.actor.user_id
    after = {task.number: task for task in tasks.tasks_of(connection, incident)}
    told: list[NewItem] = []
    for task in before:
        now_is = after.get(task.number)
        owners = [task.owner_id, now_is.owner_id if now_is else None]
        if owners[0] != owners[1] and any(owner not in (None, by) for owner in owners):
            whose = f"for {mention(owners[1])} again" if owners[1] else f"no longer for {mention(str(owners[0]))}"
        elif now_is and now_is.status is not task.status and {task.by, task.owner_id or by} != {by}:
            whose = f"open again, for {mention(task.owner_id)}" if task.owner_id not in (None, by) else "open again"
        else:
            continue
        text = f"Task {task.number} is {whose}, undone by {mention(by)}: {_short(task.text)}"
        notifies = list(dict.fromkeys(owner for owner in owners if owner and owner != by))
        told.append(jobs.line(incident, f"{request.key}:{task.number}", text, now=request.now, notifies=notifies))
    return tuple(told)


def still_open(world: World, connection: Connection, request: Request, incident: Incident) -> str:
    """Return a sentence on the tasks that are still open, empty when there are none."""
    count = len(open_tasks(tasks.tasks_of(connection, incident)))
    verb = "is" if count == 1 else "are"
    listing = f"{addressed(world, request, incident)} tasks"
    return f"{counted(count, 'task')} {verb} still open: {listing}" if count else ""
