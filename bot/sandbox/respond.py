"""Answers that the app gives through an acknowledgement or a response address: shown to one person, or to all."""

from bot.sandbox import posting
from bot.sandbox.calls import Call
from bot.sandbox.errors import SlackError
from bot.sandbox.methods_chat import content
from bot.sandbox.records import Author, Channel, Draft, Ephemeral, Json
from bot.sandbox.triggers import ResponseUrl


def respond(call: Call, url: ResponseUrl) -> None:
    """Does what a post to a response address asks for; raises SlackError for content that will not do.

    A command's address has no original: ``replace_original`` there shows a new message beside the first, as Slack
    does.
    """
    channel = call.workspace.channels.get(url.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    if call.args.flag("delete_original"):
        _delete_original(call, channel, url)
    elif call.args.flag("replace_original") and url.source is not None:
        _replace_original(call, channel, url)
    else:
        show(call, channel, url.user, thread_ts=call.args.text("thread_ts") or None)


def show(call: Call, channel: Channel, user: str, *, thread_ts: str | None = None) -> str | None:
    """Shows the content of a call to its user, or to the channel for ``response_type`` ``in_channel``.

    Returns the ts, or None when the call has no content (a bare acknowledgement).
    """
    given = content(call)
    if not any(given.values()):
        return None
    if call.args.text("response_type") == "in_channel":
        return posting.post(call.workspace, channel, _public_draft(call, given, thread_ts)).ts
    shown = Ephemeral(
        call.workspace.next_ts(),
        user,
        channel.id,
        given.get("text", ""),
        given.get("blocks", []),
        given.get("attachments", []),
        thread_ts,
    )
    call.workspace.ephemerals.append(shown)
    return shown.ts


def _public_draft(call: Call, given: Json, thread_ts: str | None) -> Draft:
    workspace = call.workspace
    name = workspace.people[workspace.bot_user_id].real_name
    return Draft(
        Author(bot_id=workspace.bot_id, app_id=workspace.app_id, username=name),
        given.get("text", ""),
        subtype="bot_message",
        thread_ts=thread_ts,
        blocks=given.get("blocks", []),
        attachments=given.get("attachments", []),
    )


def _ephemeral(call: Call, url: ResponseUrl) -> Ephemeral:
    for shown in call.workspace.ephemerals:
        if shown.ts == url.source and shown.user == url.user and not shown.deleted:
            return shown
    raise SlackError("message_not_found")


def _delete_original(call: Call, channel: Channel, url: ResponseUrl) -> None:
    if url.source is None:
        return
    if url.ephemeral:
        _ephemeral(call, url).deleted = True
        return
    posting.delete(call.workspace, channel, call.workspace.message(channel, url.source))


def _replace_original(call: Call, channel: Channel, url: ResponseUrl) -> None:
    given = content(call)
    if not any(given.values()):
        raise SlackError("no_text")
    changed: Json = {"text": "", "blocks": [], "attachments": []} | given
    if url.ephemeral:
        shown = _ephemeral(call, url)
        shown.text, shown.blocks, shown.attachments = changed["text"], changed["blocks"], changed["attachments"]
        return
    message = call.workspace.message(channel, url.source or "")
    posting.change(call.workspace, channel, message, by=call.workspace.bot_user_id, **changed)
