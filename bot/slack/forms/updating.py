"""Sending an update with the form."""

from datetime import timedelta

from slack_bolt import Ack, App

from bot.services import updates
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import update_modals
from bot.slack.forms.reading import Payload, incident_request, read


def register(app: App, world: World) -> None:
    """Register the form."""

    def on_form(ack: Ack, body: Payload) -> None:
        ack(**door.submitted(world, body, "Sent", lambda: _send(world, body), default_field="text"))

    app.view(update_modals.SEND)(on_form)


def _send(world: World, body: Payload) -> AnswerView:
    form = read(body)
    request = incident_request(world, body, form)
    chosen = form.choice("next") or update_modals.NO_NEXT
    next_in = None if chosen == update_modals.NO_NEXT else timedelta(seconds=int(chosen))
    return updates.send_update(world, request, form.text("text"), next_in)
