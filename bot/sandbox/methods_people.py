"""Web API: tests, users, bots and user groups."""

from bot.sandbox.calls import Call, Method, page
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, ChannelKind, Json
from bot.sandbox.shapes import channel_json, user_json

_KINDS = {"public_channel": ChannelKind.PUBLIC, "private_channel": ChannelKind.PRIVATE, "im": ChannelKind.IM}


def _api_test(call: Call) -> Json:
    if call.args.has("error"):
        raise SlackError(call.args.text("error"))
    return {"args": call.args.values} if call.args.values else {}


def _auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.people[workspace.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _connections_open(call: Call) -> Json:
    base = call.base_url.replace("http://", "ws://")
    return {"url": f"{base}link/?ticket={call.sockets.new_ticket()}&app_id={call.workspace.app_id}"}


def _users_info(call: Call) -> Json:
    person = call.workspace.people.get(call.args.text("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": user_json(call.workspace, person)}


def _users_list(call: Call) -> Json:
    people, cursor = page(call, list(call.workspace.people.values()), default=1000)
    members = [user_json(call.workspace, p) for p in people]
    return {"members": members, "cache_ts": call.workspace.seconds(), "response_metadata": {"next_cursor": cursor}}


def _bots_info(call: Call) -> Json:
    workspace, wanted = call.workspace, call.args.text("bot")
    if wanted == workspace.bot_id:
        bot = workspace.people[workspace.bot_user_id]
        found = {"id": wanted, "app_id": workspace.app_id, "name": bot.real_name, "user_id": bot.id}
    elif wanted in workspace.other_apps:
        app = workspace.other_apps[wanted]
        found = {"id": wanted, "app_id": app.app_id, "name": app.name}
    else:
        raise SlackError("bot_not_found")
    return {"bot": found | {"deleted": False, "updated": 1, "icons": {}}}


def visible_channels(call: Call) -> list[Channel]:
    """The channels of the asked ``types`` that the app can see; raises SlackError ``invalid_types``."""
    wanted = call.args.names("types") or ["public_channel"]
    if any(t not in {*_KINDS, "mpim"} for t in wanted):
        raise SlackError("invalid_types")
    kinds = {_KINDS[t] for t in wanted if t in _KINDS}
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (not channel.is_private or call.workspace.is_member(channel))
        and not (channel.archived and call.args.flag("exclude_archived"))
    ]


def _users_conversations(call: Call) -> Json:
    user = call.args.text("user") or call.workspace.bot_user_id
    mine = [c for c in visible_channels(call) if user in c.members]
    found, cursor = page(call, mine, default=100)
    shown = [channel_json(call.workspace, c) for c in found]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _usergroups_list(call: Call) -> Json:
    return {
        "usergroups": [
            {
                "id": group.id,
                "team_id": call.workspace.team_id,
                "is_usergroup": True,
                "name": group.handle,
                "handle": group.handle,
                "date_delete": 0,
                "user_count": len(group.members),
                "users": list(group.members) if call.args.flag("include_users") else [],
            }
            for group in call.workspace.usergroups.values()
        ]
    }


def _usergroup_members(call: Call) -> Json:
    group = call.workspace.usergroups.get(call.args.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


METHODS: dict[str, Method] = {
    "api.test": _api_test,
    "auth.test": _auth_test,
    "apps.connections.open": _connections_open,
    "users.info": _users_info,
    "users.list": _users_list,
    "users.conversations": _users_conversations,
    "bots.info": _bots_info,
    "usergroups.list": _usergroups_list,
    "usergroups.users.list": _usergroup_members,
}
