"""From a command that adds to an incident to its service, or to a form where the text was left out."""

from typing import assert_never

from bot.domain.causes import NewCause
from bot.services import actions, statements
from bot.services.actions import NewAction
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import asking
from bot.slack.blocks.forms import Form
from bot.slack.grammar.commands import AddAction, AddLesson, AddNote, AddWhy, ShowWhys, StateCause, StateImpact

StatementCommand = StateImpact | StateCause | AddWhy | ShowWhys | AddLesson | AddNote | AddAction


def carry_statement(world: World, request: Request, command: StatementCommand) -> AnswerView | Form:
    """Carry out what adds to an incident and return what to show the asker. Raises UserError."""
    return _form(world, request, command) or _state(world, request, command)


def _form(world: World, request: Request, command: StatementCommand) -> Form | None:
    """Return the form that asks for a text that was left out, None where none was."""
    match command:
        case StateImpact(None):
            return asking.ask_impact(world, request)
        case StateCause(kind, None):
            return asking.ask_cause(world, request, kind)
        case AddLesson(kind, None):
            return asking.ask_lesson(world, request, kind)
        case AddAction(None):
            return asking.ask_action(world, request)
        case _:
            return None


def _state(world: World, request: Request, command: StatementCommand) -> AnswerView:
    match command:
        case AddNote(text, when):
            return statements.add_note(world, request, when, text)
        case AddWhy(text):
            return statements.add_why(world, request, text)
        case ShowWhys():
            return statements.whys(world, request)
        case StateImpact(text):
            return statements.add_impact(world, request, text or "")
        case StateCause(kind, text):
            return statements.add_cause(world, request, NewCause(kind, text or ""))
        case AddLesson(kind, text):
            return statements.add_lesson(world, request, kind, text or "")
        case AddAction():
            return actions.add_action(world, request, _new_action(command))
        case _:
            assert_never(command)


def _new_action(command: AddAction) -> NewAction:
    return NewAction(
        command.text or "",
        owner_id=command.owner_id,
        due=command.due.on if command.due else None,
        priority=command.priority,
        type=command.type,
    )
