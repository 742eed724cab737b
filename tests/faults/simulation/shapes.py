"""What Slack sends and shows of a true message, as JSON.

Shapes: https://docs.slack.dev/reference/events/message and https://docs.slack.dev/reference/methods/conversations.history
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.simulation.truth import TrueMessage

Json = dict[str, Any]

TEAM, CHANNEL = "T1", "C1"
OWN_USER, OWN_BOT = "USCRIBE", "BSCRIBE"
ALERTING = "BPAGER"
NOISE = ("channel_join", "channel_topic")


def escaped(text: str) -> str:
    """Return a text as Slack sends it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message_json(message: TrueMessage, state: Mapping[str, TrueMessage], *, most_users: int | None = None) -> Json:
    """Return a message as the history shows it, with at most so many people named for each of its reactions."""
    if message.is_gone:
        shown: Json = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
        shown |= {"text": message.text, "ts": message.ts}
    else:
        shown = _as_posted(message)
        shown |= {"edited": {"user": message.author, "ts": message.edited_ts}} if message.edited_ts else {}
        shown |= {"reactions": list(_reactions(message, most_users))} if message.votes else {}
    replies = [one for one in state.values() if one.thread_ts == message.ts]
    if replies:
        people = list(dict.fromkeys(one.author for one in replies))
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": people[:2],
            "reply_users_count": len(people),
            "latest_reply": max(one.ts for one in replies),
        }
    return shown


def _as_posted(message: TrueMessage) -> Json:
    shown: Json = {"type": "message", "ts": message.ts, "text": escaped(message.text), "team": TEAM}
    if message.author == ALERTING:
        title, _, rest = message.text.partition("\n")
        shown |= {"text": "", "subtype": "bot_message", "bot_id": ALERTING, "username": "Pager"}
        shown["attachments"] = [{"title": escaped(title), "text": escaped(rest), "fallback": "alert"}]
    else:
        shown |= {"user": message.author}
    if message.author == OWN_USER:
        shown |= {"bot_id": OWN_BOT, "bot_profile": {"id": OWN_BOT, "name": "scribe"}}
    if message.subtype:
        shown |= {"subtype": message.subtype}
    if message.thread_ts:
        shown |= {"thread_ts": message.thread_ts, "parent_user_id": "U1"}
    if message.files:
        shown["files"] = [_file(name, number) for number, name in enumerate(message.files, 1)]
    if message.is_unfurled:
        preview = {"from_url": "https://example.com", "title": "Example", "text": "An example page"}
        shown["attachments"] = [*shown.get("attachments", ()), preview]
    return shown


def _file(name: str, number: int) -> Json:
    return {
        "id": f"F{number}",
        "name": name,
        "title": name,
        "mimetype": "image/png",
        "filetype": "png",
        "pretty_type": "PNG",
        "mode": "hosted",
        "permalink": f"https://example.slack.com/files/{name}",
        "url_private": f"https://files.slack.com/{name}",
    }


def _reactions(message: TrueMessage, most: int | None) -> list[Json]:
    by_emoji: dict[str, list[str]] = {}
    for emoji, user in message.votes:
        by_emoji.setdefault(emoji, []).append(user)
    return [{"name": name, "users": users[:most], "count": len(users)} for name, users in by_emoji.items()]


# Events


def posted(message: TrueMessage) -> Json:
    """Return the event of a new message."""
    return _event(message.ts, **{**_as_posted(message), "channel": CHANNEL, "channel_type": "channel"})


def changed(before: TrueMessage, after: TrueMessage, event_ts: str, state: Mapping[str, TrueMessage]) -> Json:
    """Return the event of a change: an edit, an unfurl, or the placeholder for a thread's parent."""
    return _hidden(
        "message_changed", event_ts, message=message_json(after, state), previous_message=message_json(before, state)
    )


def replied(parent: TrueMessage, event_ts: str, state: Mapping[str, TrueMessage]) -> Json:
    """Return the event that tells of a thread's new reply, or of one fewer."""
    return _hidden("message_replied", event_ts, message=message_json(parent, state))


def deleted(before: TrueMessage, event_ts: str) -> Json:
    """Return the event of a message that was taken back."""
    return _hidden("message_deleted", event_ts, deleted_ts=before.ts, previous_message=_as_posted(before))


def _hidden(subtype: str, event_ts: str, **fields: Any) -> Json:
    return _event(event_ts, type="message", subtype=subtype, hidden=True, ts=event_ts, channel=CHANNEL, **fields)


def reacted(message: TrueMessage, user: str, emoji: str, event_ts: str, *, is_on: bool) -> Json:
    """Return the event of a reaction."""
    return _event(
        event_ts,
        type="reaction_added" if is_on else "reaction_removed",
        user=user,
        reaction=emoji,
        item={"type": "message", "channel": CHANNEL, "ts": message.ts},
        item_user=message.author,
    )


def _event(event_ts: str, **event: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": f"Ev{event_ts.replace('.', '')}",
        "event_time": int(event_ts.partition(".")[0]),
        "event": {**event, "event_ts": event_ts},
    }
