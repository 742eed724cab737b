"""Carrying out `start`: with the form, in a channel of its own, or in the one where it was typed."""

from bot.domain.incident import IncidentType, Kind
from bot.domain.when import echo
from bot.services import adopting, declare
from bot.services.declare import Declaration
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack.blocks import modals
from bot.slack.blocks.forms import Form
from bot.slack.grammar.commands import Start


def carry_start(world: World, request: Request, command: Start) -> AnswerView | Form:
    """Declare the incident, or open the form that asks for what it is. Raises UserError."""
    declaration = Declaration(
        title=command.title or "",
        severity=command.severity or world.policy.default_severity,
        kind=command.kind or Kind.LIVE,
        type=command.type or IncidentType.PRODUCTION,
        vendor=command.vendor,
        is_private=command.is_private,
        since=command.since.at if command.since else None,
    )
    if command.title is None:
        return _form(world, request, command, declaration)
    if command.is_here:
        return adopting.ask(world, request, declaration)
    return declare.declare(world, request, declaration)


def _form(world: World, request: Request, command: Start, declaration: Declaration) -> Form:
    """Return the form, prefilled. What is submitted knows no channel: it carries where it was opened."""
    metadata = {
        "since": declaration.since.isoformat() if declaration.since else None,
        "channel": request.channel_id,
        "opened": request.now.isoformat(),
        "channel_name": request.channel_name,
        "here": command.is_here,
        "response_url": request.response_url,
    }
    view = modals.declare(
        severity=declaration.severity,
        kind=declaration.kind,
        type_=declaration.type,
        is_private=declaration.is_private,
        vendor=declaration.vendor or "",
        notes=[f"It started {echo(command.since, now=request.now)}."] if command.since else (),
        metadata=metadata,
    )
    return Form(view, instead=f"{world.policy.command} start Checkout errors in the EU --sev 2")
