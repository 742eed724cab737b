"""Shortcuts on messages: onto the timeline, out of the report, into an action, into an incident of its own."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.errors import ElsewhereError, UserError
from bot.domain.incident import TITLE_LIMIT
from bot.domain.messages import MessageSeen, time_of, with_files
from bot.domain.rights import Right, may
from bot.domain.text import clipped, one_line
from bot.domain.when import Moment, echo
from bot.services import people, timeline
from bot.services.answering import answer_later
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import asking, door
from bot.slack.blocks import modals
from bot.slack.blocks.forms import Form
from bot.slack.carrying import Carried
from bot.slack.commands import with_form
from bot.slack.events import Identity
from bot.slack.forms.reading import Payload
from bot.slack.payloads import message_from_history

ADD_TO_TIMELINE = "add_to_timeline"
KEEP_OUT = "keep_out"
CREATE_ACTION = "create_action"
DECLARE_FROM_MESSAGE = "declare_from_message"
# What Slack calls a place where not everybody can read along, instead of its name.
_PRIVATE_PLACES = ("privategroup", "directmessage")
_GROUP_MESSAGE = "mpdm-"
_EXAMPLE_LENGTH = 100


def register(app: App, world: World, identity: Identity) -> None:
    """Register the shortcuts on messages."""

    def on_message_shortcut(ack: Ack, body: Payload, client: WebClient) -> None:
        request = door.press_request(world, body)

        def run() -> Carried:
            seen = _message(body, identity)
            match body["callback_id"]:
                case callback if callback == KEEP_OUT:
                    return timeline.keep_out(world, request, seen.channel_id, seen.ts)
                case callback if callback == CREATE_ACTION:
                    return _action(world, request, seen)
                case callback if callback == DECLARE_FROM_MESSAGE:
                    return _declaration(world, request, seen, str(body["channel"].get("name", "")))
                case _:
                    return timeline.add_message(world, request, seen)

        shown = with_form(client, str(body.get("trigger_id", "")), door.answered(run))
        if isinstance(shown, AnswerView):
            answer_later(world, request, shown)
        ack()

    for callback_id in (ADD_TO_TIMELINE, KEEP_OUT, CREATE_ACTION, DECLARE_FROM_MESSAGE):
        app.shortcut(callback_id)(on_message_shortcut)


def _message(body: Payload, identity: Identity) -> MessageSeen:
    """Return the message that a shortcut was used on. Raises UserError for noise and for the bot's own."""
    message = body["message"]
    is_timeline = body["callback_id"] in (ADD_TO_TIMELINE, KEEP_OUT)
    if message.get("bot_id") == identity.bot_id:
        what = "go on the timeline" if is_timeline else "say anything new"
        raise UserError(f"The bot's own messages don't {what}.")
    seen = message_from_history(door.team_of(body), str(body["channel"]["id"]), message)
    if seen is None:
        what = "go on the timeline" if is_timeline else "be used here"
        raise UserError(f"Only messages that people or alerts posted can {what}.")
    return seen


def _spoken(world: World, request: Request, seen: MessageSeen) -> str:
    said = with_files(seen.text, seen.files)
    return people.spoken(world, request.actor.team_id, said, now=request.now, at_most=1).strip()


def _action(world: World, request: Request, seen: MessageSeen) -> Form:
    """Return the form of an action with the message's words. Raises UserError outside an incident's channel."""
    text = _spoken(world, request, seen)
    link = people.link_to(world, seen)
    try:
        return asking.ask_action(world, request, text=text, source=link)
    except ElsewhereError as error:
        example = f"{world.policy.command} {error.incident_id} action {clipped(one_line(text), _EXAMPLE_LENGTH)}"
        raise UserError("This is not an incident's channel. To add an action from here", right=example) from error


def _declaration(world: World, request: Request, seen: MessageSeen, place: str) -> Form:
    """Return the form that declares an incident, with the message's first line as its title.

    Raises UserError for those who may not declare one.
    """
    may(request.actor, Right.DECLARE, None)
    at = time_of(seen.ts)
    when = echo(Moment(at, request.zone, explicit_zone=False), now=request.now)
    notes = [f"The message becomes the evidence that it was detected, {when}."]
    if place in _PRIVATE_PLACES or place.startswith(_GROUP_MESSAGE):
        notes.append(
            "Not everybody can read that message. Of its words only this title goes further, "
            "and everybody can read it unless you tick Private."
        )
    first = next((line for line in _spoken(world, request, seen).split("\n") if line.strip()), "")
    metadata: dict[str, Any] = {
        "channel": request.channel_id,
        "opened": request.now.isoformat(),
        "channel_name": place,
        "response_url": request.response_url,
        "detected": [seen.channel_id, seen.ts, seen.thread_ts],
    }
    view = modals.declare(
        title=clipped(one_line(first), TITLE_LIMIT),
        severity=world.policy.default_severity,
        notes=notes,
        metadata=metadata,
    )
    return Form(view, instead=f"{world.policy.command} start Checkout errors in the EU --sev 2")
