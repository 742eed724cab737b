"""The tasks during the incident, for one reader."""

from datetime import timedelta

from bot.domain.durations import in_words
from bot.domain.tasks import Task, TaskMove, TaskStatus
from bot.domain.text import clipped, counted, mention, one_line
from bot.services.views import TasksView
from bot.slack.blocks.elements import Block, Rendered, actions, button, context, menu, message, section
from bot.slack.text import to_type, whispered

MENU = "tasks.move"
UNDO = "tasks.undo"
_SHOWN = 40
_TEXT = 250
# Seconds are noise here.
_NEW = timedelta(minutes=1)
_FINISHED_WORDS = {
    TaskStatus.DONE: "done",
    TaskStatus.DROPPED: "dropped",
    TaskStatus.ACTION: "made an action",
}
_MOVES = {
    TaskMove.DONE: "Done",
    TaskMove.TAKE: "Take it",
    TaskMove.GIVE: "Give it to somebody",
    TaskMove.ACTION: "Make it an action",
    TaskMove.DROP: "Drop it",
}


def tasks(view: TasksView) -> Rendered:
    """Return what was just done, the open tasks with a menu each, and how many are finished."""
    title = f"Tasks of {view.incident.incident_id}: {len(view.open)} open" if view.open else _none(view)
    blocks = [section(whispered(view.said))] if view.said else []
    blocks += [section(f"*{title}*" if view.open else title)]
    blocks += [section(_line(view, task), _menu(view, task)) for task in view.open[:_SHOWN]]
    if len(view.open) > _SHOWN:
        rest = counted(len(view.open) - _SHOWN, "more open task")
        blocks.append(context(f"… and {rest}: {to_type(f'{view.command} tasks')} shows them as these are finished"))
    finished = [f"{count} {_FINISHED_WORDS[status]}" for status, count in view.finished.items() if count]
    if finished:
        blocks.append(context(f"Finished: {', '.join(finished)}"))
    if view.undo is not None:
        blocks.append(actions("tasks", [button("Undo", UNDO, f"{view.incident.row_id}:{view.undo}")]))
    return message(title, blocks)


def _none(view: TasksView) -> str:
    example = to_type(f"{view.command} task restart the workers")
    return f"No task of {view.incident.incident_id} is open. To add one: {example}"


def _line(view: TasksView, task: Task) -> str:
    owner = whispered(mention(task.owner_id)) if task.owner_id else "nobody's yet"
    text = whispered(clipped(one_line(task.text), _TEXT))
    age = view.now - task.said_at
    return f"*{task.number}.* {text}\n{owner}, {'new' if age < _NEW else f'{in_words(age)} old'}"


def _menu(view: TasksView, task: Task) -> Block:
    options = [
        (words, f"{view.incident.row_id}:{task.number}:{move.value}")
        for move, words in _MOVES.items()
        if not (move is TaskMove.TAKE and task.owner_id == view.reader_id)
    ]
    return menu(f"{MENU}.{task.number}", options)
