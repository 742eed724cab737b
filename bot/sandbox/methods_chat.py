"""Web API: the app's own messages."""

from typing import Any

from bot.sandbox import posting, rules
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Author, Channel, Draft, Ephemeral, Json, Message
from bot.sandbox.shapes import message_json

_ATTACHMENT_LIMIT = 100
NO_CONTENT = "This content can't be displayed."


def _target(call: Call) -> Channel:
    """The channel to post to: by id, by ``#name``, or a user's direct message by user id."""
    wanted, workspace = call.args.text("channel"), call.workspace
    if wanted in workspace.people:
        if workspace.people[wanted].bot:
            raise SlackError("channel_not_found")
        return workspace.direct(wanted)
    named = workspace.channel_named(wanted.removeprefix("#"))
    if named is not None:
        call.args.values["channel"] = named.id
    return call.open_channel()


def content(args_source: Call) -> Json:
    """Text, blocks and attachments as given, checked; an absent one is left out.

    Raises SlackError ``no_text``, ``msg_too_long``, ``invalid_blocks``, ``invalid_attachments`` and the like.
    """
    args = args_source.args
    given: Json = {}
    if args.has("text"):
        given["text"] = args.text("text")
    if args.has("markdown_text"):
        if "text" in given or args.has("blocks"):
            raise SlackError("markdown_text_conflict")
        given["text"] = args.text("markdown_text")
    if args.has("blocks"):
        given["blocks"] = args.data("blocks", "invalid_blocks_format") or []
        rules.check_message_blocks(given["blocks"])
    if args.has("attachments"):
        given["attachments"] = _attachments(args.data("attachments", "invalid_attachments"))
    if len(given.get("text", "")) > rules.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    return given


def _attachments(given: Any) -> list[Json]:
    if not isinstance(given, list) or not all(isinstance(a, dict) for a in given):
        raise SlackError("invalid_attachments")
    if len(given) > _ATTACHMENT_LIMIT:
        raise SlackError("too_many_attachments")
    for attachment in given:
        if attachment.get("blocks"):
            rules.check_message_blocks(attachment["blocks"])
    return given


def _posted(call: Call) -> Json:
    """As `content`, for what Web API methods post; what answers through a response_url may be longer."""
    given = content(call)
    rules.check_posted_length(given.get("blocks") or [])
    return given


def _filled(given: Json) -> Json:
    if not (given.get("text") or given.get("blocks") or given.get("attachments")):
        raise SlackError("no_text")
    text = given.get("text") or (NO_CONTENT if given.get("blocks") else "")
    return {**given, "text": text}


def _metadata(call: Call) -> Json | None:
    metadata = call.args.data("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not metadata.get("event_type"):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload", {}), dict):
        raise SlackError("invalid_metadata_schema")
    return {"event_type": metadata["event_type"], "event_payload": metadata.get("event_payload", {})}


def _post_message(call: Call) -> Json:
    channel = _target(call)
    given = _filled(_posted(call))
    author = call.workspace.bot_author
    if call.args.has("username"):
        author = Author(
            user=author.user, bot_id=author.bot_id, app_id=author.app_id, username=call.args.text("username")
        )
    draft = Draft(
        author,
        given["text"],
        thread_ts=call.args.text("thread_ts") or None,
        blocks=given.get("blocks", []),
        attachments=given.get("attachments", []),
        metadata=_metadata(call),
    )
    message = posting.post(call.workspace, channel, draft, broadcast=call.args.flag("reply_broadcast"))
    shown = message_json(call.workspace, channel, message, full=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _own(call: Call, error: str) -> tuple[Channel, Message]:
    channel = call.joined()
    message = call.workspace.message(channel, call.args.text("ts"))
    if message.author.bot_id != call.workspace.bot_id:
        raise SlackError(error)
    return channel, message


def _update(call: Call) -> Json:
    channel, message = _own(call, "cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    given = _posted(call)
    changed = dict(given)
    if not given or ("text" in given and not any(given.values())):
        raise SlackError("no_text")
    if len(given.get("text", "")) > rules.UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if "text" in given:
        # A text without blocks takes the place of the blocks that stood there.
        changed.setdefault("blocks", [])
    if call.args.has("metadata"):
        changed["metadata"] = _metadata(call)
    if "text" not in given and given.get("blocks"):
        changed["text"] = NO_CONTENT
    posting.change(call.workspace, channel, message, by=call.workspace.bot_user_id, **changed)
    shown = message_json(call.workspace, channel, message, full=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _delete(call: Call) -> Json:
    channel, message = _own(call, "cant_delete_message")
    posting.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _post_ephemeral(call: Call) -> Json:
    channel = call.open_channel()
    user = call.args.text("user")
    given = _filled(_posted(call))
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    shown = Ephemeral(
        call.workspace.next_ts(),
        user,
        channel.id,
        given["text"],
        given.get("blocks", []),
        given.get("attachments", []),
        call.args.text("thread_ts") or None,
    )
    call.workspace.ephemerals.append(shown)
    return {"message_ts": shown.ts}


def _permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.workspace.message(channel, call.args.text("message_ts"))
    link = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS: dict[str, Method] = {
    "chat.postMessage": _post_message,
    "chat.update": _update,
    "chat.delete": _delete,
    "chat.postEphemeral": _post_ephemeral,
    "chat.getPermalink": _permalink,
}
