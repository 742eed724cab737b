"""What happens to messages, whoever does it: posting, editing, deleting, reacting, and the events of each.

Callers hold the workspace's lock.
"""

from dataclasses import replace
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Author, Channel, ChannelKind, Draft, Json, Message, Share
from bot.sandbox.shapes import message_json
from bot.sandbox.workspace import Workspace

TOMBSTONE_TEXT = "This message was deleted."


def post(workspace: Workspace, channel: Channel, draft: Draft, *, broadcast: bool = False) -> Message:
    """Puts a message into a channel or a thread and tells the app.

    Args:
        workspace: where.
        channel: the channel.
        draft: what to post; `Draft.thread_ts` must be a parent's.
        broadcast: a reply that also goes to the channel.
    """
    _check_thread(channel, draft.thread_ts)
    message = Message(
        ts=workspace.next_ts(),
        author=draft.author,
        text=draft.text,
        subtype="thread_broadcast" if broadcast and draft.thread_ts else draft.subtype,
        thread_ts=draft.thread_ts,
        blocks=_with_block_ids(workspace, list(draft.blocks)),
        attachments=list(draft.attachments),
        files=list(draft.files),
        metadata=draft.metadata,
        extra=dict(draft.extra),
    )
    if message.is_broadcast and draft.thread_ts:
        message.extra["root"] = message_json(workspace, channel, channel.messages[draft.thread_ts])
    channel.put(message)
    for file_id in message.files:
        workspace.files[file_id].shares.append(Share(channel.id, message.ts, message.thread_ts))
    _announce_message(workspace, channel, message)
    _announce_files(workspace, channel, message)
    _announce_mention(workspace, channel, message)
    return message


def _check_thread(channel: Channel, thread_ts: str | None) -> None:
    if thread_ts is None:
        return
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")


def _with_block_ids(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack returns them: each with a block_id, each interactive element with an action_id."""
    return [_with_action_ids(workspace, {**b, "block_id": b.get("block_id") or workspace.new_id("b")}) for b in blocks]


def _with_action_ids(workspace: Workspace, block: Json) -> Json:
    if block.get("type") == "actions":
        block["elements"] = [{**e, "action_id": e.get("action_id") or workspace.new_id("a")} for e in block["elements"]]
    return block


def _announce_message(workspace: Workspace, channel: Channel, message: Message) -> None:
    shown = message_json(workspace, channel, message)
    where = {"channel": channel.id, "channel_type": channel.kind.value, "event_ts": message.ts}
    workspace.announce(shown | where, channel)


def _announce_files(workspace: Workspace, channel: Channel, message: Message) -> None:
    for file_id in message.files:
        event: Json = {
            "type": "file_shared",
            "file_id": file_id,
            "user_id": message.author.user,
            "file": {"id": file_id},
            "channel_id": channel.id,
            "event_ts": workspace.next_ts(),
        }
        workspace.announce(event, channel)


def _announce_mention(workspace: Workspace, channel: Channel, message: Message) -> None:
    mention = f"<@{workspace.bot_user_id}"
    own = message.author.bot_id == workspace.bot_id
    if mention not in message.text or own or channel.kind is ChannelKind.IM:
        return
    if message.subtype not in {None, "thread_broadcast", "bot_message", "file_share"}:
        return
    shown = message_json(workspace, channel, message)
    shown.pop("subtype", None)
    workspace.announce(shown | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}, channel)


def change(workspace: Workspace, channel: Channel, message: Message, *, by: str | None, **changed: Any) -> None:
    """Changes a message and tells the app with ``message_changed``.

    Args:
        workspace: where.
        channel: the message's channel.
        message: the message.
        by: who edits it; None for a change that nobody made, such as an unfurl: it gets no ``edited`` mark.
        changed: the new values of Message's fields.
    """
    before = message_json(workspace, channel, message)
    ts = workspace.next_ts()
    if "blocks" in changed:
        changed["blocks"] = _with_block_ids(workspace, changed["blocks"])
    for name, value in changed.items():
        setattr(message, name, value)
    if by is not None:
        message.edited = {"user": by, "ts": ts}
    _announce_change(workspace, channel, message_json(workspace, channel, message), before, ts)
    mention = f"<@{workspace.bot_user_id}"
    if by is not None and mention in message.text and mention not in str(before["text"]):
        _announce_mention(workspace, channel, message)


def _announce_change(workspace: Workspace, channel: Channel, after: Json, before: Json, ts: str) -> None:
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": after,
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "ts": ts,
        "event_ts": ts,
    }
    workspace.announce(event, channel)


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Deletes a message and tells the app; a parent with replies stays behind as a tombstone."""
    before = message_json(workspace, channel, message)
    channel.pins = [pin for pin in channel.pins if pin["ts"] != message.ts]
    if channel.replies(message.ts):
        _bury(message)
        _announce_change(workspace, channel, message_json(workspace, channel, message), before, workspace.next_ts())
        return
    channel.take_out(message)
    ts = workspace.next_ts()
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "ts": ts,
        "event_ts": ts,
    }
    workspace.announce(event, channel)
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and parent.is_tombstone and not channel.replies(parent.ts):
        channel.take_out(parent)


def _bury(message: Message) -> None:
    message.subtype = "tombstone"
    message.text = TOMBSTONE_TEXT
    message.author = replace(message.author, user=None)
    message.blocks, message.attachments, message.files = [], [], []
    message.reactions, message.metadata, message.edited, message.extra = {}, None, None, {}


def react(workspace: Workspace, channel: Channel, message: Message, *, user: str, emoji: str) -> None:
    """Puts somebody's reaction on a message; raises SlackError ``already_reacted``."""
    users = message.reactions.setdefault(emoji, [])
    if user in users:
        raise SlackError("already_reacted")
    users.append(user)
    _announce_reaction(workspace, "reaction_added", channel, message, user=user, emoji=emoji)


def unreact(workspace: Workspace, channel: Channel, message: Message, *, user: str, emoji: str) -> None:
    """Takes somebody's reaction off again; raises SlackError ``no_reaction``."""
    users = message.reactions.get(emoji, [])
    if user not in users:
        raise SlackError("no_reaction")
    users.remove(user)
    if not users:
        del message.reactions[emoji]
    _announce_reaction(workspace, "reaction_removed", channel, message, user=user, emoji=emoji)


def _announce_reaction(
    workspace: Workspace, kind: str, channel: Channel, message: Message, *, user: str, emoji: str
) -> None:
    event: Json = {
        "type": kind,
        "user": user,
        "reaction": emoji,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": workspace.next_ts(),
    }
    if message.author.user:
        event["item_user"] = message.author.user
    workspace.announce(event, channel)


def notice(workspace: Workspace, channel: Channel, user: str, subtype: str, text: str, **extra: Any) -> None:
    """Posts one of the channel's own messages, such as ``channel_join``."""
    post(workspace, channel, Draft(Author(user=user), text, subtype=subtype, extra=extra))
