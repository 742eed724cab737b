"""Web API: reading messages back."""

from decimal import Decimal, InvalidOperation

from bot.sandbox.calls import Call, Method, page
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json, Message
from bot.sandbox.shapes import message_json

_MOST = 999


def _history(call: Call) -> Json:
    """The channel's own messages; thread replies only where they were also sent to the channel.

    A page is newest first. Pages go back from ``latest`` (now); where only ``oldest`` is given they go forward from
    there, as Slack's do: the first page is then the one nearest to ``oldest``.
    """
    channel = call.joined()
    own = [m for m in channel.messages.values() if not m.is_reply or m.is_broadcast]
    within = [m for m in own if _in_range(call, m)]
    forward = call.args.has("oldest") and not call.args.has("latest")
    found, cursor = page(call, within if forward else within[::-1], default=100, most=_MOST)
    full = call.args.flag("include_all_metadata")
    return {
        "messages": [_shown(call, m, full=full) for m in (found[::-1] if forward else found)],
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
        **_next(cursor),
    }


def _replies(call: Call) -> Json:
    """A thread: the parent, then the replies, oldest first.

    The ts of a reply gives that reply alone, as Slack does: its thread is found by its ``thread_ts``.
    """
    channel = call.joined()
    asked = channel.messages.get(call.args.text("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    thread = [asked] if asked.is_reply else [asked, *channel.replies(asked.ts)]
    within = [m for m in thread if m is asked or _in_range(call, m)]
    found, cursor = page(call, within, default=1000)
    full = call.args.flag("include_all_metadata")
    return {"messages": [_shown(call, m, full=full) for m in found], "has_more": bool(cursor), **_next(cursor)}


def _shown(call: Call, message: Message, *, full: bool) -> Json:
    channel = call.channel()
    shown = message_json(call.workspace, channel, message)
    return shown | ({"metadata": message.metadata} if full and message.metadata else {})


def _next(cursor: str) -> Json:
    return {"response_metadata": {"next_cursor": cursor}} if cursor else {}


def _in_range(call: Call, message: Message) -> bool:
    at = Decimal(message.ts)
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    if call.args.flag("inclusive"):
        return (oldest is None or at >= oldest) and (latest is None or at <= latest)
    return (oldest is None or at > oldest) and (latest is None or at < latest)


def _bound(call: Call, name: str) -> Decimal | None:
    text = call.args.text(name)
    if not text or text == "now":
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise SlackError(f"invalid_ts_{name}") from None


METHODS: dict[str, Method] = {"conversations.history": _history, "conversations.replies": _replies}
