"""Shortcuts and the submissions of modals."""

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.actions import ActionStatus
from bot.domain.errors import UserError
from bot.domain.messages import MessageSeen
from bot.domain.text import cleaned
from bot.services import actions, timeline
from bot.services.answering import answer_later
from bot.services.declare import declare
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import modals
from bot.slack.carrying import Carried, Form
from bot.slack.commands import with_form
from bot.slack.events import Identity
from bot.slack.payloads import message_from_history

Payload = dict[str, Any]

ADD_TO_TIMELINE = "add_to_timeline"
KEEP_OUT = "keep_out"
DECLARE_SHORTCUT = "declare_incident"


def register(app: App, world: World, identity: Identity) -> None:
    """Register the shortcuts and the forms."""

    def on_message_shortcut(ack: Ack, body: Payload) -> None:
        request = door.press_request(world, body)

        def run() -> Carried:
            seen = _message(body, identity)
            if body["callback_id"] == KEEP_OUT:
                return timeline.keep_out(world, request, seen.channel_id, seen.ts)
            return timeline.add_message(world, request, seen)

        shown = door.answered(run)
        if isinstance(shown, AnswerView):
            answer_later(world, request, shown)
        ack()

    def on_declare_shortcut(ack: Ack, body: Payload, client: WebClient) -> None:
        form = Form(modals.declare(severity=world.policy.default_severity, metadata={}))
        # There is no place for words here: where the ack stays out, Slack itself says that it did not work.
        if with_form(world, client, str(body["trigger_id"]), form) is None:
            ack()

    def on_declaration(ack: Ack, body: Payload) -> None:
        request = _form_request(world, body)
        view = body["view"]
        default = world.policy.default_severity

        def run() -> AnswerView:
            return declare(world, request, door.declaration_of(view, default_severity=default))

        ack(**door.submitted("Declared", run, default_field="title"))

    def on_drop(ack: Ack, body: Payload) -> None:
        ack(**door.submitted("Dropped", lambda: _drop(world, body), default_field="reason"))

    app.shortcut(ADD_TO_TIMELINE)(on_message_shortcut)
    app.shortcut(KEEP_OUT)(on_message_shortcut)
    app.shortcut(DECLARE_SHORTCUT)(on_declare_shortcut)
    app.view(modals.DECLARE)(on_declaration)
    app.view(modals.DROP)(on_drop)


def _message(body: Payload, identity: Identity) -> MessageSeen:
    """Return the message that a shortcut was used on. Raises UserError for noise and for the bot's own."""
    message = body["message"]
    if message.get("bot_id") == identity.bot_id:
        raise UserError("The bot's own messages don't go on the timeline.")
    seen = message_from_history(door.team_of(body), str(body["channel"]["id"]), message)
    if seen is None:
        raise UserError("Only messages that people or alerts posted can go on the timeline.")
    return seen


def _form_request(world: World, body: Payload, row: int | None = None) -> Request:
    """Return the request of a submitted form; the view's id names it."""
    return door.request_of(
        world,
        team_id=door.team_of(body),
        user_id=str(body["user"]["id"]),
        channel_id="",
        key=f"view:{body['view']['id']}",
        response_url=None,
        row=row,
    )


def _drop(world: World, body: Payload) -> AnswerView:
    metadata = json.loads(body["view"]["private_metadata"])
    reason = cleaned(body["view"]["state"]["values"]["reason"]["reason"].get("value") or "")
    request = _form_request(world, body, row=metadata["row"])
    return actions.move_action(world, request, metadata["number"], ActionStatus.DROPPED, reason)
