"""Slash commands: carried out and committed before the ack, which carries the answer."""

from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.services.ports import OutsideError
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack.blocks.forms import Form
from bot.slack.calls import call
from bot.slack.carrying import Carried
from bot.slack.door import Parse, ack_arguments, answer_command
from bot.slack.grammar.parse import parse_incident, parse_postmortem

log = structlog.get_logger()

Payload = dict[str, Any]


def register(app: App, world: World) -> None:
    """Register the two commands under the names that the settings give them."""
    for name, parse in ((world.policy.command, parse_incident), (world.policy.postmortem_command, parse_postmortem)):
        app.command(name)(_listener(world, parse))


def _listener(world: World, parse: Parse) -> Any:
    def listener(ack: Ack, body: Payload, client: WebClient) -> None:
        shown = with_form(client, str(body.get("trigger_id", "")), answer_command(world, body, parse))
        if shown is None:
            ack()
        else:
            ack(**ack_arguments(shown))

    return listener


def with_form(client: WebClient, trigger_id: str, carried: Carried) -> Any:
    """Open a form, while its trigger lives (3 s), and return None; return any other answer as it is."""
    if not isinstance(carried, Form):
        return carried
    try:
        call(client.views_open, trigger_id=trigger_id, view=carried.view)
    except OutsideError as error:
        log.warning("form not opened", error=str(error))
        if not carried.instead:
            return AnswerView(f"The form could not be opened ({error}). Please choose it again.")
        text = f"The form could not be opened ({error}). Type it in one line instead, for example: {carried.instead}"
        return AnswerView(text, right=carried.instead)
    return None
