"""What Slack sends, read once at the door: dict in, dataclass out, or None for what is not for us.

Shapes: https://docs.slack.dev/reference/events/message and the interaction payloads' reference.
"""

from bot.domain.messages import (
    AS_POSTED,
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    Revision,
    VoteCast,
    edit_rank,
)
from bot.slack.reading import SUBTYPES, Treatment, app_name, files, strangers_name, treatment, words
from bot.slack.reading.shapes import Payload, are_ts, mapping, string

_KINDS = frozenset(one.name for one in SUBTYPES if one.name)


def message_record(team_id: str, event: Payload, *, own_bot_id: str, own_user_id: str) -> CaptureRecord | None:
    """Return what a message event teaches, None for noise and for the bot's own messages."""
    channel_id = string(event.get("channel"))
    match treatment(event):
        case Treatment.LEFT_OUT:
            return None
        case Treatment.DELETES:
            return _deleted(team_id, channel_id, event.get("ts" if is_tombstone(event) else "deleted_ts"))
        case Treatment.CHANGES:
            message, before = mapping(event.get("message")), mapping(event.get("previous_message"))
            # Deleting a thread's first message leaves a placeholder, announced as a change.
            if is_tombstone(message):
                return _deleted(team_id, channel_id, message.get("ts"))
            rank = _rank_of_change(message, _event_ts(event))
        case _:
            message, before, rank = event, {}, RANK_POST
    if message.get("bot_id") == own_bot_id or message.get("user") == own_user_id:
        return None
    return _seen(team_id, channel_id, message, rank, before)


def message_from_history(team_id: str, channel_id: str, message: Payload) -> MessageSeen | None:
    """Return a message as conversations.history, .replies or an export gives it, None for noise and what is deleted."""
    edited_ts = _edited_ts(message)
    return _seen(team_id, channel_id, message, edit_rank(edited_ts, edited_ts) if edited_ts else RANK_POST)


def is_tombstone(message: Payload) -> bool:
    """Whether a history says that the first message of a thread was deleted."""
    return message.get("subtype") == "tombstone"


def _rank_of_change(message: Payload, event_ts: str) -> str:
    edited_ts = _edited_ts(message)
    if edited_ts:
        return edit_rank(edited_ts, event_ts)
    # An app that writes while it thinks makes its message longer without editing it: of two posts the longer one wins.
    return RANK_POST if message.get("streaming_state") else RANK_UNFURL


def _deleted(team_id: str, channel_id: str, ts: object) -> MessageDeleted | None:
    return MessageDeleted(team_id, channel_id, str(ts)) if channel_id and are_ts(ts) else None


def _edited_ts(message: Payload) -> str | None:
    ts = mapping(message.get("edited")).get("ts")
    return str(ts) if are_ts(ts) else None


def _event_ts(event: Payload) -> str:
    ts = event.get("event_ts") or event.get("ts")
    return str(ts) if are_ts(ts) else "0.0"


_NOTHING: Payload = {}


def _seen(team_id: str, channel_id: str, message: Payload, rank: str, before: Payload = _NOTHING) -> MessageSeen | None:
    ts, thread_ts = message.get("ts"), message.get("thread_ts")
    how = treatment(message)
    if not channel_id or how not in (Treatment.TAKEN_IN, Treatment.WITHHELD) or not are_ts(ts):
        return None
    if how is Treatment.WITHHELD:
        # Nobody wrote that, and what is known of the message outranks it.
        return MessageSeen(team_id, channel_id, str(ts), words(message), RANK_UNFURL, kind="")
    edited_ts = _edited_ts(message)
    return MessageSeen(
        team_id=team_id,
        channel_id=channel_id,
        ts=str(ts),
        text=words(message),
        text_rank=rank,
        user_id=string(message.get("user") or mapping(message.get("comment")).get("user")) or None,
        bot_id=string(message.get("bot_id")) or None,
        author_name=app_name(message) or strangers_name(message, team_id) or None,
        thread_ts=str(thread_ts) if are_ts(thread_ts) and thread_ts != ts else None,
        edited_ts=edited_ts,
        kind=_kind(message),
        files=files(message),
        before=_before(before, edited_ts) if before and edited_ts else None,
    )


def _kind(message: Payload) -> str:
    subtype = message.get("subtype")
    # One that nobody knew yet may be longer than its column.
    return subtype if isinstance(subtype, str) and subtype in _KINDS else "message"


def _before(message: Payload, edited_ts: str) -> Revision | None:
    """Return what the message said before its last edit, None for a change that was no edit."""
    key = _edited_ts(message) or AS_POSTED
    return Revision(key, words(message)) if key != edited_ts else None


def vote_record(team_id: str, event: Payload) -> VoteCast | None:
    """Return what a reaction event teaches, None for reactions to anything but a message."""
    item = mapping(event.get("item"))
    ts, event_ts = item.get("ts"), event.get("event_ts")
    channel_id, user_id, emoji = string(item.get("channel")), string(event.get("user")), string(event.get("reaction"))
    if item.get("type") != "message" or not are_ts(ts, event_ts) or not (channel_id and user_id and emoji):
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
    channel_id, user_id = string(event.get("channel")), string(event.get("user"))
    if not are_ts(event_ts) or not (channel_id and user_id):
        return None
    return MembershipChanged(
        team_id=team_id,
        channel_id=channel_id,
        user_id=user_id,
        is_member=event.get("type") == "member_joined_channel",
        event_ts=str(event_ts),
    )
