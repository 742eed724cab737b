"""Records as Slack's JSON objects: users, conversations, messages, files."""

import mimetypes
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from bot.sandbox.records import Channel, ChannelKind, Json, Message, Person, StoredFile
from bot.sandbox.richtext import rich_text_block
from bot.sandbox.workspace import SLACKBOT, Workspace

SHORT_USER_LIST = 5
"""How many of those who gave a reaction a history names; Slack cuts the list, and the count tells."""


def user_json(workspace: Workspace, person: Person) -> Json:
    """The user object of users.info and users.list."""
    base: Json = {
        "id": person.id,
        "team_id": workspace.team_id,
        "name": person.name,
        "deleted": person.deactivated,
        "real_name": person.real_name,
        "profile": _profile(person),
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": 1,
    }
    if person.deactivated:
        return base
    offset = workspace.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    return base | {
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
    }


def _profile(person: Person) -> Json:
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": "" if person.bot else person.name,
        "display_name_normalized": "" if person.bot else person.name,
        "title": "",
    }
    return profile | ({"bot_id": person.bot_id} if person.bot_id else {})


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    """The conversation object of conversations.info, .list, .create."""
    if channel.kind is ChannelKind.IM:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": False,
            "context_team_id": workspace.team_id,
            "user": channel.im_user,
            "is_open": True,
        }
    public = channel.kind is ChannelKind.PUBLIC
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": not public,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.archived,
        "is_general": False,
        "unlinked": 0,
        "is_shared": channel.shared,
        "is_org_shared": False,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": workspace.team_id,
        "is_member": workspace.is_member(channel),
        "topic": channel.topic.to_json(),
        "purpose": channel.purpose.to_json(),
        "previous_names": list(channel.previous_names),
        "num_members": len(channel.members),
    }


def message_json(workspace: Workspace, channel: Channel, message: Message, *, full: bool = False) -> Json:
    """A message as events and conversations.history have it.

    Args:
        workspace: where it stands.
        channel: the channel it stands in.
        message: the message.
        full: with metadata, and with everyone who reacted.
    """
    shown: Json = {"type": "message", "text": message.text, "ts": message.ts}
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.is_tombstone:
        return shown | {"user": SLACKBOT, "hidden": True} | thread_json(channel, message)
    shown |= _author_json(workspace, message)
    shown |= _content_json(workspace, message)
    if message.edited:
        shown["edited"] = message.edited
    if full and message.metadata:
        shown["metadata"] = message.metadata
    if channel.is_pinned(message.ts):
        shown["pinned_to"] = [channel.id]
    shown |= thread_json(channel, message) | message.extra
    if message.reactions:
        shown["reactions"] = reactions_json(message, full=full)
    return shown


def _content_json(workspace: Workspace, message: Message) -> Json:
    shown: Json = {}
    if message.blocks:
        shown["blocks"] = message.blocks
    elif message.author.user and not message.author.bot_id and message.text and message.subtype is None:
        shown["blocks"] = [rich_text_block(message.text, "rt" + message.ts[-4:])]
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = [file_json(workspace, workspace.files[f]) for f in message.files if f in workspace.files]
    return shown


def _author_json(workspace: Workspace, message: Message) -> Json:
    author = message.author
    shown: Json = {}
    if author.user:
        shown |= {"user": author.user, "team": workspace.team_id}
    if author.username:
        shown["username"] = author.username
    if author.bot_id:
        shown |= {"bot_id": author.bot_id, "app_id": author.app_id}
        name = author.username or workspace.people[workspace.bot_user_id].real_name
        shown["bot_profile"] = {
            "id": author.bot_id,
            "app_id": author.app_id,
            "name": name,
            "team_id": workspace.team_id,
            "deleted": False,
            "updated": 1,
            "icons": {},
        }
    return shown


def thread_json(channel: Channel, message: Message) -> Json:
    """What a message says of its thread: its parent when it is a reply, its replies when it has some."""
    if message.is_reply and message.thread_ts:
        parent = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.author.user if parent else None}
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(r.author.user or r.author.bot_id for r in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message, *, full: bool) -> list[Json]:
    """The reactions of a message; the list of users is cut short unless it is asked for in full."""
    return [
        {"name": name, "users": list(users) if full else users[:SHORT_USER_LIST], "count": len(users)}
        for name, users in message.reactions.items()
    ]


def file_json(workspace: Workspace, stored: StoredFile) -> Json:
    """The file object of files.info and of file_share messages."""
    mimetype = mimetypes.guess_type(stored.name)[0] or "application/octet-stream"
    by_kind: dict[ChannelKind, list[str]] = {kind: [] for kind in ChannelKind}
    shares: Json = {}
    for share in stored.shares:
        kind = workspace.channels[share.channel].kind if share.channel in workspace.channels else ChannelKind.PUBLIC
        by_kind[kind].append(share.channel)
        entry = {"ts": share.ts} | ({"thread_ts": share.thread_ts} if share.thread_ts else {})
        side = "public" if kind is ChannelKind.PUBLIC else "private"
        shares.setdefault(side, {}).setdefault(share.channel, []).append(entry)
    return {
        "id": stored.id,
        "created": stored.created,
        "timestamp": stored.created,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": mimetype,
        "filetype": PurePosixPath(stored.name).suffix.lstrip(".") or "binary",
        "user": stored.owner,
        "user_team": workspace.team_id,
        "size": len(stored.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(by_kind[ChannelKind.PUBLIC]),
        "url_private": f"{workspace.files_url}{stored.id}/{stored.name}",
        "url_private_download": f"{workspace.files_url}{stored.id}/download/{stored.name}",
        "permalink": f"https://{workspace.domain}.slack.com/files/{stored.owner}/{stored.id}/{stored.name}",
        "channels": by_kind[ChannelKind.PUBLIC],
        "groups": by_kind[ChannelKind.PRIVATE],
        "ims": by_kind[ChannelKind.IM],
        "shares": shares,
    }
