"""What Slack sends, read once at the door: dict in, dataclass out, or None for what is not for us.

Shapes: https://docs.slack.dev/reference/events/message and the interaction payloads' reference.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.messages import (
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    VoteCast,
    edit_rank,
    is_ts,
)
from bot.slack.text import decode

Payload = Mapping[str, Any]

# Subtypes that are content; every other one (joins, topics, names, archiving ...) is noise of the channel's life.
_CONTENT = {None, "bot_message", "file_share", "me_message", "thread_broadcast"}


def message_record(team_id: str, event: Payload, *, own_bot_id: str, own_user_id: str) -> CaptureRecord | None:
    """Return what a message event teaches, None for noise and for the bot's own messages."""
    channel_id = str(event.get("channel", ""))
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        return _deleted(team_id, channel_id, event.get("deleted_ts"))
    message: Payload = event
    rank = RANK_POST
    if subtype == "message_changed":
        message = event.get("message") or {}
        # Deleting a thread's first message leaves a placeholder, announced as a change.
        if message.get("subtype") == "tombstone":
            return _deleted(team_id, channel_id, message.get("ts"))
        edited_ts = _edited_ts(message)
        rank = edit_rank(edited_ts, _event_ts(event)) if edited_ts else RANK_UNFURL
    if message.get("bot_id") == own_bot_id or message.get("user") == own_user_id:
        return None
    return _seen(team_id, channel_id, message, rank)


def message_from_history(team_id: str, channel_id: str, message: Payload) -> MessageSeen | None:
    """Return a message as conversations.history or .replies gives it, None for noise."""
    edited_ts = _edited_ts(message)
    return _seen(team_id, channel_id, message, edit_rank(edited_ts, edited_ts) if edited_ts else RANK_POST)


def _deleted(team_id: str, channel_id: str, ts: object) -> MessageDeleted | None:
    return MessageDeleted(team_id, channel_id, ts) if isinstance(ts, str) and is_ts(ts) else None


def _edited_ts(message: Payload) -> str | None:
    ts = (message.get("edited") or {}).get("ts")
    return ts if isinstance(ts, str) and is_ts(ts) else None


def _event_ts(event: Payload) -> str:
    ts = event.get("event_ts") or event.get("ts") or ""
    return ts if is_ts(ts) else "0.0"


def _seen(team_id: str, channel_id: str, message: Payload, rank: str) -> MessageSeen | None:
    ts = message.get("ts")
    subtype = message.get("subtype")
    if subtype not in _CONTENT or not isinstance(ts, str) or not is_ts(ts):
        return None
    profile = message.get("bot_profile") or {}
    thread_ts = message.get("thread_ts")
    return MessageSeen(
        team_id=team_id,
        channel_id=channel_id,
        ts=ts,
        text=readable(message),
        text_rank=rank,
        user_id=message.get("user"),
        bot_id=message.get("bot_id"),
        author_name=decode(message.get("username") or profile.get("name") or "") or None,
        thread_ts=thread_ts if thread_ts != ts else None,
        edited_ts=_edited_ts(message),
        kind=str(subtype or "message"),
    )


def readable(message: Payload) -> str:
    """Return a message's text: what was typed, else what its attachments say, and the names of its files."""
    text = decode(message.get("text") or "")
    if not text.strip():
        text = "\n".join(part for item in message.get("attachments") or [] for part in _attachment_lines(item))
    files = [
        f"[file: {decode(file.get('title') or file.get('name') or 'unnamed')}]" for file in message.get("files") or []
    ]
    return "\n".join(part for part in (text, *files) if part)


def _attachment_lines(attachment: Payload) -> list[str]:
    """Return the readable lines of an alert's attachment, without saying anything twice."""
    fields = [
        f"{field.get('title', '')}: {field.get('value', '')}".strip(": ") for field in attachment.get("fields") or []
    ]
    written = [attachment.get(name) or "" for name in ("pretext", "title", "text")]
    lines = [decode(line) for line in (*written, *fields) if line]
    return lines or [decode(attachment.get("fallback") or "")]


def vote_record(team_id: str, event: Payload) -> VoteCast | None:
    """Return what a reaction event teaches, None for reactions to anything but a message."""
    item = event.get("item") or {}
    ts, event_ts = item.get("ts"), event.get("event_ts")
    if item.get("type") != "message" or not _are_ts(ts, event_ts):
        return None
    return VoteCast(
        team_id=team_id,
        channel_id=str(item.get("channel", "")),
        ts=str(ts),
        user_id=str(event.get("user", "")),
        emoji=str(event.get("reaction", "")),
        is_on=event.get("type") == "reaction_added",
        event_ts=str(event_ts),
    )


def membership_record(team_id: str, event: Payload) -> MembershipChanged | None:
    """Return what a join or leave teaches."""
    event_ts = event.get("event_ts")
    if not _are_ts(event_ts):
        return None
    return MembershipChanged(
        team_id=team_id,
        channel_id=str(event.get("channel", "")),
        user_id=str(event.get("user", "")),
        is_member=event.get("type") == "member_joined_channel",
        event_ts=str(event_ts),
    )


def _are_ts(*values: object) -> bool:
    return all(isinstance(value, str) and is_ts(value) for value in values)
