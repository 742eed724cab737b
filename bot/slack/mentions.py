"""Mentions of the bot: the words of the command where no command can be typed, in threads above all.

The event leaves a due item and is acknowledged; what was asked for is carried out from that item, once for each
message, however often it is delivered or edited, and answered to the asker alone where they asked.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from slack_bolt import App

from bot.domain.messages import is_ts
from bot.domain.text import clipped, mention
from bot.services.mentioning import heard
from bot.services.ports import RefusedError
from bot.services.views import AnswerView, TimelineView, View
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks.forms import Form
from bot.slack.events import Identity
from bot.slack.grammar.parse import parse_incident
from storage.due import DueItem

log = structlog.get_logger()

Payload = Mapping[str, Any]
# Far more than a command has; the rest of a long message is none.
_LIMIT = 4_000
_TOO_LONG = {"msg_blocks_too_long", "msg_too_long"}


def register(app: App, world: World, identity: Identity) -> None:
    """Register the listener."""

    def on_mention(body: Payload) -> None:
        asked = asked_in(body["event"], identity.bot_user_id)
        if asked:
            heard(world, str(body.get("team_id", "")), asked)

    app.event("app_mention")(on_mention)


def asked_in(event: Payload, bot_user_id: str) -> dict[str, Any] | None:
    """Return what a mention asks for: who, where, which message, which words.

    None where the mention does not begin the message, for then it is a sentence about the bot; and for what other
    bots post.
    """
    user_id, channel_id, ts = event.get("user"), event.get("channel"), event.get("ts")
    found = re.match(rf"\s*<@{re.escape(bot_user_id)}(?:\|[^>]*)?>[\s:,]*", str(event.get("text") or ""))
    is_odd = not (isinstance(user_id, str) and isinstance(channel_id, str) and isinstance(ts, str) and is_ts(ts))
    if found is None or is_odd or event.get("bot_id") or user_id == bot_user_id:
        return None
    return {
        "user_id": user_id,
        "channel_id": channel_id,
        "ts": ts,
        "thread_ts": event.get("thread_ts"),
        "text": clipped(str(event["text"])[found.end() :], _LIMIT),
        "bot": bot_user_id,
    }


def answer(world: World, item: DueItem) -> None:
    """Carry out what a mention asked for, and tell the asker. Raises OutsideError while trying again may help."""
    asked = item.payload
    # Whoever asked in a thread can't type the command there: every right form that they read begins with the mention.
    named = mention(asked["bot"])
    there = replace(world, policy=replace(world.policy, command=named))
    request = door.request_of(
        world,
        team_id=item.team_id,
        user_id=asked["user_id"],
        channel_id=asked["channel_id"],
        key=f"mention:{asked['channel_id']}:{asked['ts']}",
        response_url=None,
    )
    request = replace(request, now=datetime.fromisoformat(asked["now"]))
    # Pasted with the name of the command in front, it means the same.
    words = re.sub(rf"^{re.escape(world.policy.command)}(?!\S)\s*", "", asked["text"])
    carried = door.carried_text(there, request, parse_incident, command=named, raw=words)
    try:
        _tell(world, asked, _without_form(carried))
    except RefusedError as error:
        log.warning("mention not answered", code=error.code, channel=asked["channel_id"])


def _tell(world: World, asked: Payload, view: View) -> None:
    """Show the answer to the asker alone where they asked; one that is too long to be posted says where to have it."""
    channel_id, user_id, thread_ts = asked["channel_id"], asked["user_id"], asked["thread_ts"]
    try:
        world.messenger.whisper(channel_id, user_id, view, thread_ts=thread_ts)
    except RefusedError as error:
        if error.code not in _TOO_LONG:
            raise
        instead = AnswerView(f"That is too long for a message. Type it outside a thread: {world.policy.command} …")
        world.messenger.whisper(channel_id, user_id, instead, thread_ts=thread_ts)


def _without_form(carried: View | Form) -> View:
    """Return the answer; a form needs the trigger that only a command or a button has."""
    if isinstance(carried, TimelineView):
        return replace(carried, is_posted=True)
    if not isinstance(carried, Form):
        return carried
    return AnswerView(
        f"No form can be opened from a message. Say it in one line instead, for example: {carried.instead}\n"
        "The slash command opens the form, typed in the channel and not in a thread."
    )
