"""From a parsed command about tasks, updates, a handover or catching up to the service that carries it out."""

from collections.abc import Callable

from bot.domain.handover import HandoverAnswer
from bot.domain.text import mention
from bot.services import catchup, handover, reminders, tasks, updates
from bot.services.requests import Request, addressed
from bot.services.views import AnswerView, CatchUpView, TasksView
from bot.services.world import World
from bot.slack import asking
from bot.slack.blocks import leading_modals
from bot.slack.blocks.forms import Form
from bot.slack.grammar.commands import (
    AddTask,
    AnswerHandover,
    CatchUp,
    HandOver,
    MoveTask,
    PostUpdate,
    ShowTasks,
    Snooze,
)

_ANSWERS: dict[HandoverAnswer, Callable[[World, Request], AnswerView]] = {
    HandoverAnswer.ACCEPT: handover.accept,
    HandoverAnswer.DECLINE: handover.decline,
    HandoverAnswer.WITHDRAW: handover.withdraw,
}
LeadingCommand = AddTask | ShowTasks | MoveTask | HandOver | AnswerHandover | CatchUp | PostUpdate | Snooze


def carry_leading(
    world: World, request: Request, command: LeadingCommand
) -> AnswerView | TasksView | CatchUpView | Form:
    """Carry out a command and return what to show the asker. Raises UserError."""
    match command:
        case AddTask(text, user_id):
            return tasks.add_task(world, request, text, user_id)
        case ShowTasks():
            return tasks.show(world, request)
        case MoveTask(number, move, user_id):
            return tasks.move_task(world, request, number, move, user_id)
        case HandOver(user_id):
            return _hand_over(world, request, user_id)
        case AnswerHandover(answer):
            return _ANSWERS[answer](world, request)
        case PostUpdate() | Snooze():
            return _tell(world, request, command)
        case CatchUp():
            return catchup.catch_up(world, request)


def _tell(world: World, request: Request, command: PostUpdate | Snooze) -> AnswerView:
    match command:
        case PostUpdate(text, next_in):
            return updates.send_update(world, request, text, next_in)
        case Snooze(length):
            return reminders.snooze(world, request, length)


def _hand_over(world: World, request: Request, user_id: str) -> Form:
    blank = handover.prepare(world, request, user_id)
    metadata = asking.metadata_of(blank.incident, request, {"to": user_id})
    view = leading_modals.handover(to_name=blank.to_name, brief=blank.brief, metadata=metadata)
    # Without a form nothing can be written down, but the lead can still pass.
    return Form(view, instead=f"{addressed(world, request, blank.incident)} role lead {mention(user_id)}")
