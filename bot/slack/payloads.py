"""What Slack sends, read once at the door: dict in, dataclass out, or None for what is not for us.

Shapes: https://docs.slack.dev/reference/events/message and the interaction payloads' reference.
"""

from collections.abc import Iterator, Mapping
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
from bot.domain.text import cleaned
from bot.slack.text import decode

Payload = Mapping[str, Any]

# Subtypes that are content; every other one (joins, topics, names, archiving ...) is noise of the channel's life.
_CONTENT = ("", "bot_message", "file_share", "me_message", "thread_broadcast")
# What Slack puts in the place of a text that an app left out.
_PLACEHOLDERS = ("", "This content can't be displayed.", "[no preview available]")
# Blocks that are read by people; the others are to be pressed, filled in or looked at.
_READ = ("header", "section", "context", "markdown")


def message_record(team_id: str, event: Payload, *, own_bot_id: str, own_user_id: str) -> CaptureRecord | None:
    """Return what a message event teaches, None for noise and for the bot's own messages."""
    channel_id = _text(event.get("channel"))
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        return _deleted(team_id, channel_id, event.get("deleted_ts"))
    message = event
    rank = RANK_POST
    if subtype == "message_changed":
        message = _dict(event.get("message"))
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
    return MessageDeleted(team_id, channel_id, str(ts)) if channel_id and _are_ts(ts) else None


def _edited_ts(message: Payload) -> str | None:
    ts = _dict(message.get("edited")).get("ts")
    return str(ts) if _are_ts(ts) else None


def _event_ts(event: Payload) -> str:
    ts = event.get("event_ts") or event.get("ts")
    return str(ts) if _are_ts(ts) else "0.0"


def _seen(team_id: str, channel_id: str, message: Payload, rank: str) -> MessageSeen | None:
    ts, thread_ts = message.get("ts"), message.get("thread_ts")
    subtype = message.get("subtype") or ""
    if not channel_id or subtype not in _CONTENT or not _are_ts(ts):
        return None
    name = _text(message.get("username")) or _text(_dict(message.get("bot_profile")).get("name"))
    return MessageSeen(
        team_id=team_id,
        channel_id=channel_id,
        ts=str(ts),
        text=readable(message),
        text_rank=rank,
        user_id=_text(message.get("user")) or None,
        bot_id=_text(message.get("bot_id")) or None,
        author_name=decode(name) or None,
        thread_ts=str(thread_ts) if _are_ts(thread_ts) and thread_ts != ts else None,
        edited_ts=_edited_ts(message),
        kind=str(subtype or "message"),
    )


def readable(message: Payload) -> str:
    """Return a message's text: what was typed, else what its blocks and attachments say, and its files' names."""
    text = decode(_text(message.get("text")))
    if text.strip() in _PLACEHOLDERS:
        said = [*_block_lines(message), *(line for item in _dicts(message, "attachments") for line in _lines(item))]
        text = "\n".join(said) or text.strip()
    files = [
        f"[file: {decode(_text(file.get('title')) or _text(file.get('name')) or 'unnamed')}]"
        for file in _dicts(message, "files")
    ]
    return "\n".join(part for part in (text, *files) if part)


def _lines(attachment: Payload) -> list[str]:
    """Return the readable lines of an alert's attachment, without saying anything twice."""
    fields = [
        f"{_text(field.get('title'))}: {_text(field.get('value'))}".strip(": ")
        for field in _dicts(attachment, "fields")
    ]
    written = [_text(attachment.get(name)) for name in ("pretext", "title", "text")]
    lines = [decode(line) for line in (*written, *fields) if line] + list(_block_lines(attachment))
    return lines or [decode(_text(attachment.get("fallback")))]


def _block_lines(holder: Payload) -> Iterator[str]:
    """Yield the readable lines of what an app wrote as blocks."""
    for block in _dicts(holder, "blocks"):
        if block.get("type") in _READ:
            parts = [block.get("text"), *_dicts(block, "fields"), *_dicts(block, "elements")]
            for part in parts:
                line = decode(_text(part) or _text(_dict(part).get("text"))).strip()
                if line:
                    yield line


def vote_record(team_id: str, event: Payload) -> VoteCast | None:
    """Return what a reaction event teaches, None for reactions to anything but a message."""
    item = _dict(event.get("item"))
    ts, event_ts = item.get("ts"), event.get("event_ts")
    channel_id, user_id, emoji = _text(item.get("channel")), _text(event.get("user")), _text(event.get("reaction"))
    if item.get("type") != "message" or not _are_ts(ts, event_ts) or not (channel_id and user_id and emoji):
        return None
    return VoteCast(
        team_id=team_id,
        channel_id=channel_id,
        ts=str(ts),
        user_id=user_id,
        emoji=emoji,
        is_on=event.get("type") == "reaction_added",
        event_ts=str(event_ts),
    )


def membership_record(team_id: str, event: Payload) -> MembershipChanged | None:
    """Return what a join or leave teaches, None for one that names nobody."""
    event_ts = event.get("event_ts")
    channel_id, user_id = _text(event.get("channel")), _text(event.get("user"))
    if not _are_ts(event_ts) or not (channel_id and user_id):
        return None
    return MembershipChanged(
        team_id=team_id,
        channel_id=channel_id,
        user_id=user_id,
        is_member=event.get("type") == "member_joined_channel",
        event_ts=str(event_ts),
    )


def _are_ts(*values: object) -> bool:
    return all(isinstance(value, str) and is_ts(value) for value in values)


# What is not as documented counts as not there: one odd payload must not come again and again for want of an ack.


def _text(value: object) -> str:
    # Clean also where it is only a name or an id: PostgreSQL stores no null, and nothing stores half a character.
    return cleaned(value) if isinstance(value, str) else ""


def _dict(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _dicts(holder: Payload, name: str) -> list[Payload]:
    value = holder.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
