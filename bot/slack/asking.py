"""The forms that open instead of an answer, prefilled with what is known, for whoever may send them in."""

from typing import Any

from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.timeline import Mark
from bot.services import actions, entries, impact
from bot.services.requests import Request, addressed, look
from bot.services.world import World
from bot.slack.blocks import action_modals, entry_modals, impact_modals, statement_modals
from bot.slack.blocks.forms import Form


def metadata_of(incident: Incident, request: Request, more: dict[str, Any]) -> dict[str, Any]:
    """Return what a form about an incident carries: which one, and where and when it was opened."""
    opened = request.now.isoformat()
    return {"row": incident.row_id, "channel": request.channel_id, "opened": opened, **more}


def ask_impact(world: World, request: Request, *, added: str = "", **more: Any) -> Form:
    """Return the form of the impact, `added` below what is stated. Raises UserError where it may not be stated."""
    form = impact.open_form(world, request)
    metadata = metadata_of(form.incident, request, {"base": form.base, **more})
    text = f"{form.text}\n{added}".strip()
    example = f"{addressed(world, request, form.incident)} impact 1 in 5 checkouts failed for 40 minutes"
    return Form(impact_modals.impact(text=text, held=form.held, metadata=metadata), instead=example)


def ask_cause(world: World, request: Request, kind: CauseKind) -> Form:
    """Return the form of a cause. Raises UserError where none may be stated."""
    incident = look(world, request, Right.STATE)
    example = f"{addressed(world, request, incident)} cause root the pool had no upper limit"
    return Form(statement_modals.cause(kind=kind, metadata=metadata_of(incident, request, {})), instead=example)


def ask_action(world: World, request: Request, *, text: str = "", **more: Any) -> Form:
    """Return the form of an action. Raises UserError where none may be added."""
    incident, causes = actions.answerable(world, request)
    example = f"{addressed(world, request, incident)} action Alert on the queue's length due friday P1"
    metadata = metadata_of(incident, request, more)
    return Form(action_modals.action(text=text, causes=causes, metadata=metadata), instead=example)


def ask_entry(world: World, request: Request, reference: str, **more: Any) -> Form:
    """Return the form of a timeline's entry. Raises UserError where it may not be edited, or is gone."""
    form = entries.open_form(world, request, reference)
    metadata = metadata_of(form.incident, request, {"reference": reference, "base": form.base, **more})
    view = entry_modals.correct_time if form.entry.milestone else entry_modals.edit_entry
    return Form(view(held=form.held, metadata=metadata))


def ask_proposed(world: World, request: Request, mark: Mark, ts: str, **more: Any) -> Form:
    """Return the form of what a reaction proposes, with the message's words. Raises UserError when that is gone."""
    message = entries.proposed(world, request, ts)
    match mark:
        case Mark.LESSON:
            return ask_lesson(world, request, text=message.text, **more)
        case Mark.IMPACT:
            return ask_impact(world, request, added=message.text, **more)
        case _:
            return ask_action(world, request, text=message.text, source=message.link, **more)


def ask_lesson(
    world: World, request: Request, kind: LessonKind = LessonKind.WELL, *, text: str = "", **more: Any
) -> Form:
    """Return the form of a lesson. Raises UserError where none may be added."""
    incident = look(world, request, Right.STATE)
    example = f"{addressed(world, request, incident)} lesson well the alert was quick"
    metadata = metadata_of(incident, request, more)
    return Form(statement_modals.lesson(kind=kind, text=text, metadata=metadata), instead=example)
