"""Events in which Slack tells what has become of a channel, read once: dict in, dataclass out, None for the others.

Shapes: https://docs.slack.dev/reference/events. A channel that is made private or public says so in a message.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.channels import ChannelChange, ChannelChanged, ChannelMoved
from bot.domain.messages import is_ts

_RENAMED, _ARCHIVED, _UNARCHIVED = ChannelChange.RENAMED, ChannelChange.ARCHIVED, ChannelChange.UNARCHIVED
# By the type of the event; those of private channels have names of their own.
CHANNEL_EVENTS = {
    "channel_archive": _ARCHIVED,
    "channel_deleted": ChannelChange.DELETED,
    "channel_left": ChannelChange.LEFT,
    "channel_rename": _RENAMED,
    "channel_unarchive": _UNARCHIVED,
    "group_archive": _ARCHIVED,
    "group_deleted": ChannelChange.DELETED,
    "group_left": ChannelChange.LEFT,
    "group_rename": _RENAMED,
    "group_unarchive": _UNARCHIVED,
}
_SUBTYPES = {
    "channel_convert_to_private": ChannelChange.MADE_PRIVATE,
    "channel_convert_to_public": ChannelChange.MADE_PUBLIC,
}
_OWN = {"member_joined_channel": ChannelChange.JOINED, "member_left_channel": ChannelChange.LEFT}


def channel_changed(team_id: str, event: Mapping[str, Any], *, own_user_id: str) -> ChannelChanged | None:
    """Return what an event tells of a channel, or of the program's own coming and going; None for anything else."""
    channel, event_ts = event.get("channel"), event.get("event_ts")
    # A renamed channel comes as an object, every other as its id.
    channel_id = channel.get("id") if isinstance(channel, Mapping) else channel
    change = _change(event, own_user_id)
    if change is None or not isinstance(channel_id, str) or not isinstance(event_ts, str) or not is_ts(event_ts):
        return None
    return ChannelChanged(team_id, channel_id, change, event_ts)


def _change(event: Mapping[str, Any], own_user_id: str) -> ChannelChange | None:
    kind = event.get("type")
    if kind == "message":
        return _SUBTYPES.get(str(event.get("subtype")))
    if kind in _OWN:
        return _OWN[kind] if event.get("user") == own_user_id else None
    return CHANNEL_EVENTS.get(str(kind))


def channel_moved(team_id: str, event: Mapping[str, Any]) -> ChannelMoved | None:
    """Return what an event tells of a channel's new id; None for what tells of none."""
    ids, event_ts = (event.get("old_channel_id"), event.get("new_channel_id")), event.get("event_ts")
    if not all(isinstance(one, str) and one for one in ids) or not isinstance(event_ts, str) or not is_ts(event_ts):
        return None
    old_id, new_id = map(str, ids)
    return ChannelMoved(team_id, old_id, new_id, event_ts) if old_id != new_id else None
