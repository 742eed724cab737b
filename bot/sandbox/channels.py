"""What happens to channels, whoever does it: creating, joining, renaming, archiving, and the events of each.

Callers hold the workspace's lock.
"""

import re

from bot.sandbox.errors import SlackError
from bot.sandbox.posting import notice
from bot.sandbox.records import Caption, Channel, ChannelKind, Json
from bot.sandbox.workspace import Workspace

NAME_LIMIT = 80
CAPTION_LIMIT = 250


def check_name(workspace: Workspace, name: str) -> None:
    """Slack's rules for a channel's name; raises SlackError ``invalid_name_*`` or ``name_taken``."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackError("invalid_name_punctuation")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if workspace.channel_named(name) is not None:
        raise SlackError("name_taken")


def create(workspace: Workspace, name: str, *, creator: str, private: bool = False) -> Channel:
    """Creates a channel with its creator in it; raises SlackError for a name that will not do."""
    check_name(workspace, name)
    kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
    channel = Channel(workspace.new_id("C"), name, kind, creator, workspace.seconds())
    workspace.channels[channel.id] = channel
    if not private:
        brief = {"id": channel.id, "name": name, "created": channel.created, "creator": creator}
        workspace.announce({"type": "channel_created", "channel": brief, "event_ts": workspace.next_ts()})
    join(workspace, channel, creator)
    return channel


def join(workspace: Workspace, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    """Puts a user into a channel; does nothing when they are in it."""
    if user in channel.members:
        return
    channel.members.append(user)
    event = _membership(workspace, "member_joined_channel", channel, user)
    if inviter:
        event["inviter"] = inviter
    workspace.announce(event, channel)
    extra = {"inviter": inviter} if inviter else {}
    notice(workspace, channel, user, "channel_join", f"<@{user}> has joined the channel", **extra)


def leave(workspace: Workspace, channel: Channel, user: str) -> None:
    """Takes a user out of a channel; raises SlackError ``not_in_channel``."""
    if user not in channel.members:
        raise SlackError("not_in_channel")
    notice(workspace, channel, user, "channel_leave", f"<@{user}> has left the channel")
    channel.members.remove(user)
    workspace.announce(_membership(workspace, "member_left_channel", channel, user), channel)
    if user == workspace.bot_user_id:
        kind = "group_left" if channel.is_private else "channel_left"
        gone = {"type": kind, "channel": channel.id, "actor_id": user, "event_ts": workspace.next_ts()}
        workspace.announce(gone, channel, always=True)


def _membership(workspace: Workspace, kind: str, channel: Channel, user: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.team_id,
        "event_ts": workspace.next_ts(),
    }


def archive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Archives a channel; raises SlackError ``already_archived``."""
    if channel.archived:
        raise SlackError("already_archived")
    notice(workspace, channel, user, "channel_archive", f"<@{user}> archived the channel")
    channel.archived = True
    _announce_state(workspace, "archive", channel, user)


def unarchive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Opens an archived channel again; raises SlackError ``not_archived``."""
    if not channel.archived:
        raise SlackError("not_archived")
    channel.archived = False
    _announce_state(workspace, "unarchive", channel, user)
    notice(workspace, channel, user, "channel_unarchive", f"<@{user}> un-archived the channel")


def remove(workspace: Workspace, channel: Channel, user: str) -> None:
    """Deletes a channel for good, with everything in it."""
    del workspace.channels[channel.id]
    _announce_state(workspace, "deleted", channel, user)


def _announce_state(workspace: Workspace, what: str, channel: Channel, user: str) -> None:
    kind = f"group_{what}" if channel.is_private else f"channel_{what}"
    event: Json = {"type": kind, "channel": channel.id, "event_ts": workspace.next_ts()}
    if what != "deleted":
        event["user"] = user
    workspace.announce(event, channel)


def rename(workspace: Workspace, channel: Channel, name: str, user: str) -> None:
    """Renames a channel; raises SlackError for a name that will not do."""
    check_name(workspace, name)
    old, channel.name = channel.name, name
    channel.previous_names.append(old)
    text = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
    notice(workspace, channel, user, "channel_name", text, old_name=old, name=name)
    kind = "group_rename" if channel.is_private else "channel_rename"
    brief = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    workspace.announce({"type": kind, "channel": brief, "event_ts": workspace.next_ts()}, channel)


def convert_to_private(workspace: Workspace, channel: Channel, user: str) -> None:
    """Makes a public channel private; its id stays."""
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    channel.kind = ChannelKind.PRIVATE
    text = "made this channel *private*. Now, it can only be viewed or joined by invitation."
    notice(workspace, channel, user, "channel_convert_to_private", text)


def share(workspace: Workspace, channel: Channel) -> None:
    """Shares a private channel with another organisation, which gives it another id."""
    if not channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    old = channel.id
    del workspace.channels[old]
    channel.id, channel.shared = workspace.new_id("C"), True
    workspace.channels[channel.id] = channel
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": channel.id}
    workspace.announce(event | {"event_ts": workspace.next_ts()}, channel)


def caption(workspace: Workspace, channel: Channel, what: str, value: str, user: str) -> None:
    """Sets a channel's ``topic`` or ``purpose``; raises SlackError ``too_long``."""
    if len(value) > CAPTION_LIMIT:
        raise SlackError("too_long")
    setattr(channel, what, Caption(value, user, workspace.seconds()))
    text = f"<@{user}> set the channel {what}: {value}" if value else f"<@{user}> cleared the channel {what}"
    notice(workspace, channel, user, f"channel_{what}", text, **{what: value})
