"""Web API: channels and who is in them."""

from bot.sandbox import channels
from bot.sandbox.calls import Call, Method, page
from bot.sandbox.errors import SlackError
from bot.sandbox.methods_people import visible_channels
from bot.sandbox.records import Channel, ChannelKind, Json
from bot.sandbox.shapes import channel_json

_INVITE_LIMIT = 100


def _create(call: Call) -> Json:
    channel = channels.create(
        call.workspace,
        call.args.text("name"),
        creator=call.workspace.bot_user_id,
        private=call.args.flag("is_private"),
    )
    return {"channel": channel_json(call.workspace, channel)}


def _list(call: Call) -> Json:
    found, cursor = page(call, visible_channels(call), default=100)
    shown = [channel_json(call.workspace, c) for c in found]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _info(call: Call) -> Json:
    shown = channel_json(call.workspace, call.channel())
    if not call.args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def _members(call: Call) -> Json:
    members, cursor = page(call, call.channel().members, default=100)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def _invite(call: Call) -> Json:
    channel = call.not_direct(call.channel())
    if channel.archived:
        raise SlackError("is_archived")
    users = call.args.names("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > _INVITE_LIMIT:
        raise SlackError("too_many_users")
    call.joined()
    refused = [{"user": u, "ok": False, "error": e} for u in users if (e := _cannot_invite(call, channel, u))]
    if refused and not (call.args.flag("force") and len(refused) < len(users)):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    for user in users:
        if all(r["user"] != user for r in refused):
            channels.join(call.workspace, channel, user, inviter=call.workspace.bot_user_id)
    return {"channel": channel_json(call.workspace, channel)} | ({"errors": refused} if refused else {})


def _cannot_invite(call: Call, channel: Channel, user: str) -> str | None:
    person = call.workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if user == call.workspace.bot_user_id:
        return "cant_invite_self"
    if person.deactivated:
        return "cant_invite"
    return "already_in_channel" if user in channel.members else None


def _join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind is not ChannelKind.PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    present = call.workspace.is_member(channel)
    channels.join(call.workspace, channel, call.workspace.bot_user_id)
    answer: Json = {"channel": channel_json(call.workspace, channel)}
    if present:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def _leave(call: Call) -> Json:
    channel = call.not_direct(call.channel())
    if channel.archived:
        raise SlackError("is_archived")
    if not call.workspace.is_member(channel):
        return {"not_in_channel": True}
    channels.leave(call.workspace, channel, call.workspace.bot_user_id)
    return {}


def _archive(call: Call) -> Json:
    channel = call.not_direct(call.channel())
    if channel.archived:
        raise SlackError("already_archived")
    call.joined()
    channels.archive(call.workspace, channel, call.workspace.bot_user_id)
    return {}


def _unarchive(call: Call) -> Json:
    """Slack's reference says of this method that bot tokens cannot use it, so it never succeeds here."""
    channel = call.not_direct(call.channel())
    raise SlackError("not_in_channel" if channel.archived else "not_archived")


def _rename(call: Call) -> Json:
    channel = call.not_direct(call.joined())
    if channel.creator != call.workspace.bot_user_id:
        raise SlackError("not_authorized")
    channels.rename(call.workspace, channel, call.args.text("name"), call.workspace.bot_user_id)
    return {"channel": channel_json(call.workspace, channel)}


def _set_topic(call: Call) -> Json:
    return _set_caption(call, "topic")


def _set_purpose(call: Call) -> Json:
    return _set_caption(call, "purpose")


def _set_caption(call: Call, what: str) -> Json:
    channel = call.not_direct(call.open_channel())
    value = call.args.text(what)
    channels.caption(call.workspace, channel, what, value, call.workspace.bot_user_id)
    return {"channel": channel_json(call.workspace, channel), what: value}


def _open(call: Call) -> Json:
    if call.args.has("channel"):
        channel = call.channel()
        if channel.kind is not ChannelKind.IM:
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    users = call.args.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = call.workspace.people.get(users[0])
    if person is None:
        raise SlackError("user_not_found")
    if person.deactivated:
        raise SlackError("user_disabled")
    if person.bot:
        raise SlackError("cannot_dm_bot")
    known = any(c.im_user == person.id for c in call.workspace.channels.values())
    return _opened(call, call.workspace.direct(person.id), already=known)


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    full = call.args.flag("return_im")
    shown = channel_json(call.workspace, channel) if full else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if already else {})


METHODS: dict[str, Method] = {
    "conversations.create": _create,
    "conversations.list": _list,
    "conversations.info": _info,
    "conversations.members": _members,
    "conversations.invite": _invite,
    "conversations.join": _join,
    "conversations.leave": _leave,
    "conversations.archive": _archive,
    "conversations.unarchive": _unarchive,
    "conversations.rename": _rename,
    "conversations.setTopic": _set_topic,
    "conversations.setPurpose": _set_purpose,
    "conversations.open": _open,
}
