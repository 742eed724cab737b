"""Saying why an action is dropped."""

from dataclasses import replace

from slack_bolt import Ack, App

from bot.domain.actions import ActionStatus
from bot.services import actions
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import modals
from bot.slack.forms.reading import Payload, incident_request, read


def register(app: App, world: World) -> None:
    """Register the form."""

    def on_form(ack: Ack, body: Payload) -> None:
        ack(**door.submitted(world, body, "Dropped", lambda: _drop(world, body), default_field="reason"))

    app.view(modals.DROP)(on_form)


def _drop(world: World, body: Payload) -> AnswerView:
    form = read(body)
    request = replace(incident_request(world, body, form), is_exact=True)
    return actions.move_action(world, request, form.metadata["number"], ActionStatus.DROPPED, form.text("reason"))
