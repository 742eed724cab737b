"""Web API: reactions, pins and bookmarks."""

import re

from bot.sandbox import posting
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.shapes import message_json, reactions_json

_PIN_LIMIT = 100
_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _marked(call: Call, channel: Channel) -> Message:
    ts = call.args.text("timestamp")
    if not ts:
        raise SlackError("no_item_specified")
    if not re.fullmatch(r"\d+\.\d{6}", ts):
        raise SlackError("bad_timestamp")
    return call.workspace.message(channel, ts)


def _emoji(call: Call) -> str:
    name = call.args.text("name")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def _react(call: Call) -> Json:
    channel, emoji = call.open_channel(), _emoji(call)
    message = _marked(call, channel)
    posting.react(call.workspace, channel, message, user=call.workspace.bot_user_id, emoji=emoji)
    return {}


def _unreact(call: Call) -> Json:
    channel, emoji = call.joined(), _emoji(call)
    message = _marked(call, channel)
    posting.unreact(call.workspace, channel, message, user=call.workspace.bot_user_id, emoji=emoji)
    return {}


def _reactions(call: Call) -> Json:
    channel = call.joined()
    message = _marked(call, channel)
    shown = message_json(call.workspace, channel, message)
    if message.reactions:
        shown["reactions"] = reactions_json(message, full=call.args.flag("full"))
    return {"type": "message", "channel": channel.id, "message": shown}


def _pin(call: Call) -> Json:
    channel = call.open_channel()
    message = _marked(call, channel)
    if channel.is_pinned(message.ts):
        raise SlackError("already_pinned")
    if len(channel.pins) >= _PIN_LIMIT:
        raise SlackError("too_many_pins")
    user, created = call.workspace.bot_user_id, call.workspace.seconds()
    channel.pins.append({"ts": message.ts, "created": created, "created_by": user})
    _announce_pin(call, "pin_added", channel, message)
    return {}


def _unpin(call: Call) -> Json:
    channel = call.joined()
    message = _marked(call, channel)
    if not channel.is_pinned(message.ts):
        raise SlackError("no_pin")
    channel.pins = [pin for pin in channel.pins if pin["ts"] != message.ts]
    _announce_pin(call, "pin_removed", channel, message)
    return {}


def _announce_pin(call: Call, kind: str, channel: Channel, message: Message) -> None:
    shown = message_json(call.workspace, channel, message)
    event: Json = {
        "type": kind,
        "user": call.workspace.bot_user_id,
        "channel_id": channel.id,
        "item": {"type": "message", "channel": channel.id, "message": shown},
        "event_ts": call.workspace.next_ts(),
    }
    call.workspace.announce(event, channel)


def _pins(call: Call) -> Json:
    channel = call.joined()
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "created": pin["created"],
            "created_by": pin["created_by"],
            "message": message_json(call.workspace, channel, channel.messages[pin["ts"]]),
        }
        for pin in reversed(channel.pins)
    ]
    return {"items": items}


def _bookmark(call: Call) -> Json:
    channel = call.open_channel("channel_id")
    title, kind, link = (call.args.text(name) for name in ("title", "type", "link"))
    if not title or kind != "link":
        raise SlackError("invalid_arguments")
    if not re.match(r"https?://", link):
        raise SlackError("invalid_link")
    bookmark = {
        "id": call.workspace.new_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.args.text("emoji"),
        "type": kind,
        "date_created": call.workspace.seconds(),
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def _bookmarks(call: Call) -> Json:
    return {"bookmarks": list(call.joined("channel_id").bookmarks)}


METHODS: dict[str, Method] = {
    "reactions.add": _react,
    "reactions.remove": _unreact,
    "reactions.get": _reactions,
    "pins.add": _pin,
    "pins.remove": _unpin,
    "pins.list": _pins,
    "bookmarks.add": _bookmark,
    "bookmarks.list": _bookmarks,
}
