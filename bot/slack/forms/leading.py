"""Handing over the lead, and giving a task to somebody, with their forms."""

from dataclasses import replace
from functools import partial

from slack_bolt import Ack, App

from bot.domain.errors import UserError
from bot.domain.handover import Brief
from bot.domain.tasks import TaskMove
from bot.services import handover, tasks
from bot.services.showing import Shown, show_later
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import leading_modals
from bot.slack.blocks.handover import LABELS
from bot.slack.forms.reading import Payload, incident_request, read


def register(app: App, world: World) -> None:
    """Register the forms."""

    def on_handover(ack: Ack, body: Payload) -> None:
        run = partial(_offer, world, body)
        ack(**door.submitted(world, body, "Hand over the lead", run, default_field="state"))

    def on_task(ack: Ack, body: Payload) -> None:
        run = partial(_give, world, body)
        ack(**door.submitted(world, body, "Give a task", run, default_field="owner"))

    app.view(leading_modals.HANDOVER)(on_handover)
    app.view(leading_modals.GIVE_TASK)(on_task)


def _offer(world: World, body: Payload) -> AnswerView:
    form = read(body)
    brief = Brief.of({name: form.text(name) for name in LABELS})
    return handover.offer(world, incident_request(world, body, form), form.metadata["to"], brief)


def _give(world: World, body: Payload) -> AnswerView:
    form = read(body)
    request = replace(incident_request(world, body, form), is_exact=True)
    owner = form.person("owner")
    if owner is None:
        raise UserError("Choose who does it.")
    given = tasks.move_task(world, request, form.metadata["number"], TaskMove.GIVE, owner)
    # The list that the form was opened from shows it too.
    listed = replace(request, response_url=form.metadata["response_url"])
    show_later(world, listed, Shown.TASKS, said=given, replaces=True)
    return given
