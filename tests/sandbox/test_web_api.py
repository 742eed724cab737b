from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.scopes import METHOD_SCOPES
from bot.sandbox.webapi import METHODS

Answer = Callable[..., dict[str, Any]]


def channel_id(sandbox: Sandbox, name: str) -> str:
    return sandbox.screen.channel(name).id


def user_id(sandbox: Sandbox, name: str) -> str:
    return sandbox.workspace.person(name).id


# Who may call


def test_every_method_but_the_apps_own_has_a_line_in_the_table_of_scopes() -> None:
    assert set(METHODS) == set(METHOD_SCOPES) | {"apps.connections.open"}


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-sandbox-app", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox-bot", "not_allowed_token_type"),
        ("chat.shout", "xoxb-sandbox-bot", "unknown_method"),
    ],
)
def test_a_wrong_token_or_method_is_refused(offline: Sandbox, method: str, token: str, error: str) -> None:
    assert offline._api.answer(method, token, {})["error"] == error


def test_auth_test_names_the_bot(call: Answer, offline: Sandbox) -> None:
    answer = call("auth.test")
    assert (answer["ok"], answer["user_id"], answer["bot_id"], answer["team_id"]) == (
        True,
        offline.bot_user_id,
        offline.bot_id,
        offline.team_id,
    )


SCOPES = {
    ("conversations.history", "ops"): "channels:history",
    ("conversations.history", "war-room"): "groups:history",
    ("chat.postMessage", "ops"): "chat:write",
    ("reactions.add", "ops"): "reactions:write",
    ("pins.add", "ops"): "pins:write",
    ("conversations.archive", "war-room"): "groups:write",
}


@pytest.mark.parametrize(("asked", "needed"), SCOPES.items(), ids=str)
def test_a_missing_scope_is_named(asked: tuple[str, str], needed: str) -> None:
    sandbox = Sandbox(scopes=["users:read"])
    sandbox.people.add_channel("ops", members=["scribe"])
    sandbox.people.add_channel("war-room", private=True, members=["scribe"])
    method, channel = asked
    answer = sandbox._api.answer(method, sandbox.bot_token, {"channel": channel_id(sandbox, channel)})
    assert answer == {"ok": False, "error": "missing_scope", "needed": needed, "provided": "users:read"}


def test_a_granted_scope_lets_the_call_through() -> None:
    sandbox = Sandbox(scopes=["users:read"])
    assert sandbox._api.answer("users.list", sandbox.bot_token, {})["ok"]


# Channels


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("!!!", "invalid_name_punctuation"),
        ("Has-Capitals", "invalid_name_specials"),
        ("with space", "invalid_name_specials"),
        ("with.dot", "invalid_name_specials"),
        ("ops", "name_taken"),
    ],
)
def test_a_channel_name_that_will_not_do_is_refused(call: Answer, name: str, error: str) -> None:
    assert call("conversations.create", name=name)["error"] == error


def test_an_archived_channels_name_stays_taken(call: Answer, offline: Sandbox) -> None:
    offline.people.archive("ops")
    assert call("conversations.create", name="ops")["error"] == "name_taken"


def test_the_bot_is_creator_and_member_of_the_channel_it_makes(call: Answer, offline: Sandbox) -> None:
    channel = call("conversations.create", name="inc-20261120-db", is_private="true")["channel"]
    assert (channel["creator"], channel["is_member"], channel["is_private"]) == (offline.bot_user_id, True, True)
    assert channel["created"] > 0


def test_a_private_channel_without_the_bot_does_not_exist_for_it(call: Answer, offline: Sandbox) -> None:
    secret = channel_id(offline, "secret")
    for method in ("conversations.info", "conversations.join", "conversations.history", "chat.postMessage"):
        assert call(method, channel=secret, text="hello")["error"] == "channel_not_found"
    listed = call("conversations.list", types="public_channel,private_channel")["channels"]
    assert [c["name"] for c in listed] == ["ops", "lounge"]


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("chat.postMessage", {"text": "hello"}),
        ("conversations.history", {}),
        ("conversations.setTopic", {"topic": "t"}),
        ("conversations.invite", {"users": "bob"}),
        ("conversations.archive", {}),
        ("pins.list", {}),
    ],
)
def test_a_public_channel_without_the_bot_is_not_its_to_use(
    call: Answer, offline: Sandbox, method: str, args: dict[str, str]
) -> None:
    assert call(method, channel=channel_id(offline, "lounge"), **args)["error"] == "not_in_channel"


def test_joining_twice_is_fine_and_says_so(call: Answer, offline: Sandbox) -> None:
    lounge = channel_id(offline, "lounge")
    assert "warning" not in call("conversations.join", channel=lounge)
    assert call("conversations.join", channel=lounge)["warning"] == "already_in_channel"
    assert offline.screen.members("lounge") == ["alice", "scribe"]


def test_an_invitation_names_who_could_not_be_invited(call: Answer, offline: Sandbox) -> None:
    carol, dave = offline.people.add_person("carol"), offline.people.add_person("dave", deactivated=True)
    ops, alice = channel_id(offline, "ops"), user_id(offline, "alice")
    answer = call("conversations.invite", channel=ops, users=f"{carol},{alice},U404,{dave},{offline.bot_user_id}")
    assert answer["error"] == "already_in_channel"
    assert [e["error"] for e in answer["errors"]] == [
        "already_in_channel",
        "user_not_found",
        "cant_invite",
        "cant_invite_self",
    ]
    assert "carol" not in offline.screen.members("ops")


def test_a_forced_invitation_takes_those_who_can_be_invited(call: Answer, offline: Sandbox) -> None:
    carol, alice = offline.people.add_person("carol"), user_id(offline, "alice")
    answer = call("conversations.invite", channel=channel_id(offline, "ops"), users=f"{carol},{alice}", force="true")
    assert answer["ok"]
    assert "carol" in offline.screen.members("ops")


@pytest.mark.parametrize(("users", "error"), [("", "no_user"), (",".join(["U1"] * 101), "too_many_users")])
def test_an_invitation_takes_1_to_100_users(call: Answer, offline: Sandbox, users: str, error: str) -> None:
    assert call("conversations.invite", channel=channel_id(offline, "ops"), users=users)["error"] == error


def test_an_archived_channel_takes_nothing_more(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    ts = offline.people.say("alice", "ops", "before")
    assert call("conversations.archive", channel=ops)["ok"]
    assert call("conversations.archive", channel=ops)["error"] == "already_archived"
    assert call("chat.postMessage", channel=ops, text="hello")["error"] == "is_archived"
    assert call("conversations.invite", channel=ops, users="U1")["error"] == "is_archived"
    assert call("reactions.add", channel=ops, timestamp=ts, name="eyes")["error"] == "is_archived"
    assert call("conversations.history", channel=ops)["ok"]
    assert call("conversations.list", exclude_archived=True)["channels"][0]["name"] == "lounge"


def test_a_bot_token_cannot_unarchive(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    assert call("conversations.unarchive", channel=ops)["error"] == "not_archived"
    offline.people.archive("ops")
    assert call("conversations.unarchive", channel=ops)["error"] == "not_in_channel"


def test_topic_and_purpose_take_250_characters(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    assert call("conversations.setTopic", channel=ops, topic="x" * 251)["error"] == "too_long"
    assert call("conversations.setPurpose", channel=ops, purpose="x" * 251)["error"] == "too_long"
    assert call("conversations.setTopic", channel=ops, topic="x" * 250)["ok"]
    assert offline.screen.topic("ops") == "x" * 250


def test_only_its_own_channels_are_the_bots_to_rename(call: Answer, offline: Sandbox) -> None:
    assert call("conversations.rename", channel=channel_id(offline, "ops"), name="other")["error"] == "not_authorized"
    own = call("conversations.create", name="inc-1")["channel"]["id"]
    assert call("conversations.rename", channel=own, name="Bad Name")["error"] == "invalid_name_specials"
    renamed = call("conversations.rename", channel=own, name="inc-2")["channel"]
    assert (renamed["name"], renamed["previous_names"]) == ("inc-2", ["inc-1"])


def test_long_lists_come_in_pages(call: Answer, offline: Sandbox) -> None:
    for number in range(5):
        offline.people.add_channel(f"room-{number}")
    seen: list[str] = []
    cursor = ""
    while True:
        answer = call("conversations.list", limit="3", cursor=cursor)
        assert len(answer["channels"]) <= 3
        seen += [c["name"] for c in answer["channels"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == ["ops", "lounge", *(f"room-{n}" for n in range(5))]
    assert call("conversations.list", cursor="nonsense")["error"] == "invalid_cursor"


def test_a_direct_message_is_opened_once(call: Answer, offline: Sandbox) -> None:
    alice = user_id(offline, "alice")
    first, second = call("conversations.open", users=alice), call("conversations.open", users=alice)
    assert first["channel"] == second["channel"]
    assert "already_open" not in first
    assert second["already_open"]
    assert call("conversations.open", users="U404")["error"] == "user_not_found"
    assert call("conversations.setTopic", channel=first["channel"]["id"], topic="t")["error"] == (
        "method_not_supported_for_channel_type"
    )


# People


def test_a_user_object_tells_zone_guest_bot_and_deactivation(call: Answer, offline: Sandbox) -> None:
    guest = offline.people.add_person("gina", real_name="Gina Guest", tz="Asia/Kolkata", guest=True)
    shown = call("users.info", user=guest)["user"]
    assert (shown["tz"], shown["tz_offset"], shown["is_restricted"]) == ("Asia/Kolkata", 19800, True)
    assert shown["profile"]["real_name"] == "Gina Guest"
    gone = offline.people.add_person("gone", deactivated=True)
    assert call("users.info", user=gone)["user"]["deleted"]
    assert call("users.info", user=offline.people.add_person("robo", bot=True))["user"]["is_bot"]
    assert call("users.info", user="U404")["error"] == "user_not_found"


def test_a_user_group_lists_its_members(call: Answer, offline: Sandbox) -> None:
    group = offline.people.add_usergroup("oncall", ["alice", "bob"])
    expected = [user_id(offline, "alice"), user_id(offline, "bob")]
    assert call("usergroups.users.list", usergroup=group)["users"] == expected
    assert call("usergroups.list", include_users=True)["usergroups"][0]["users"] == expected
    assert call("usergroups.users.list", usergroup="S404")["error"] == "no_such_subteam"


def test_another_apps_bot_can_be_looked_up(call: Answer, offline: Sandbox) -> None:
    ts = offline.people.alert("Pager", "ops", "CPU at 100 %")
    message = offline.screen.message("ops", ts)
    assert (message["subtype"], message["username"]) == ("bot_message", "Pager")
    assert call("bots.info", bot=message["bot_id"])["bot"]["name"] == "Pager"
    assert call("bots.info", bot="B404")["error"] == "bot_not_found"


# Messages


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"blocks": "[]"}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": '[{"type": "divide"}]'}, "invalid_blocks"),
        ({"text": "x", "attachments": "{}"}, "invalid_attachments"),
        ({"text": "x", "metadata": '{"event_payload": {}}'}, "invalid_metadata_format"),
        ({"text": "x", "metadata": "no json"}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ],
)
def test_a_message_that_will_not_do_is_refused(
    call: Answer, offline: Sandbox, args: dict[str, str], error: str
) -> None:
    assert call("chat.postMessage", channel=channel_id(offline, "ops"), **args)["error"] == error
    assert offline.screen.messages("ops") == []


def test_posting_answers_with_the_message_as_it_stands(call: Answer, offline: Sandbox) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]
    metadata = {"event_type": "scribe_post", "event_payload": {"key": "k1"}}
    answer = call("chat.postMessage", channel="#ops", text="hello", blocks=blocks, metadata=metadata)
    (shown,) = offline.screen.messages("ops")
    assert answer["message"] == shown
    assert (shown["bot_id"], shown["user"], shown["metadata"]) == (offline.bot_id, offline.bot_user_id, metadata)
    assert shown["blocks"][0]["block_id"]


def test_posting_to_a_user_goes_to_their_direct_messages(call: Answer, offline: Sandbox) -> None:
    call("chat.postMessage", channel=user_id(offline, "alice"), text="just for you")
    assert [m["text"] for m in offline.screen.dms("alice")] == ["just for you"]


def test_a_reply_hangs_on_its_parent_and_never_on_a_reply(call: Answer, offline: Sandbox) -> None:
    ops, parent = channel_id(offline, "ops"), offline.people.say("alice", "ops", "help")
    reply = call("chat.postMessage", channel=ops, text="on it", thread_ts=parent)["ts"]
    assert [m["text"] for m in offline.screen.thread("ops", parent)] == ["help", "on it"]
    assert offline.screen.messages("ops")[0]["reply_count"] == 1
    answer = call("chat.postMessage", channel=ops, text="deeper", thread_ts=reply)
    assert answer["error"] == "cannot_reply_to_message"


def test_an_update_keeps_blocks_only_where_no_text_takes_their_place(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    blocks = [{"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "old"}}]
    ts = call("chat.postMessage", channel=ops, text="old", blocks=blocks)["ts"]
    call("chat.update", channel=ops, ts=ts, attachments=[{"text": "more"}])
    assert [b["block_id"] for b in offline.screen.message("ops", ts)["blocks"]] == ["b"]
    call("chat.update", channel=ops, ts=ts, text="new")
    shown = offline.screen.message("ops", ts)
    assert ("blocks" not in shown, shown["text"]) == (True, "new")


@pytest.mark.parametrize(
    ("given", "error"), [({}, "no_text"), ({"text": ""}, "no_text"), ({"text": "x" * 4001}, "msg_too_long")]
)
def test_an_update_takes_between_one_and_four_thousand_characters(
    call: Answer, offline: Sandbox, given: dict[str, str], error: str
) -> None:
    ops = channel_id(offline, "ops")
    ts = call("chat.postMessage", channel=ops, text="x" * 4001)["ts"]
    assert call("chat.update", channel=ops, ts=ts, **given)["error"] == error
    assert call("chat.update", channel=ops, ts=ts, text="x" * 4000)["ok"]


def test_a_message_of_an_archived_channel_stays_as_it_is(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    ts = call("chat.postMessage", channel=ops, text="before")["ts"]
    assert call("conversations.archive", channel=ops)["ok"]
    assert call("chat.update", channel=ops, ts=ts, text="after")["error"] == "is_inactive"


def test_only_its_own_messages_are_the_bots_to_change(call: Answer, offline: Sandbox) -> None:
    ops, ts = channel_id(offline, "ops"), offline.people.say("alice", "ops", "mine")
    assert call("chat.update", channel=ops, ts=ts, text="x")["error"] == "cant_update_message"
    assert call("chat.delete", channel=ops, ts=ts)["error"] == "cant_delete_message"
    assert call("chat.update", channel=ops, ts="1.000000", text="x")["error"] == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_member_only(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    assert call("chat.postEphemeral", channel=ops, user=user_id(offline, "alice"), text="psst")["message_ts"]
    assert [e["text"] for e in offline.screen.ephemerals("alice", "ops")] == ["psst"]
    assert offline.screen.ephemerals("bob") == []
    assert offline.screen.messages("ops") == []
    stranger = offline.people.add_person("carol")
    assert call("chat.postEphemeral", channel=ops, user=stranger, text="psst")["error"] == "user_not_in_channel"


def test_a_permalink_names_message_and_thread(call: Answer, offline: Sandbox) -> None:
    ops, parent = channel_id(offline, "ops"), offline.people.say("alice", "ops", "help")
    reply = offline.people.say("bob", "ops", "yes", thread=parent)
    link = call("chat.getPermalink", channel=ops, message_ts=reply)["permalink"]
    assert link.endswith(f"/archives/{ops}/p{reply.replace('.', '')}?thread_ts={parent}&cid={ops}")
    assert call("chat.getPermalink", channel=ops, message_ts="1.000000")["error"] == "message_not_found"


# Marks


def test_reactions_are_given_once_and_taken_back_once(call: Answer, offline: Sandbox) -> None:
    target = {"channel": channel_id(offline, "ops"), "timestamp": offline.people.say("alice", "ops", "x")}
    assert call("reactions.add", name="eyes", **target)["ok"]
    assert call("reactions.add", name="eyes", **target)["error"] == "already_reacted"
    assert offline.screen.reactions("ops", target["timestamp"]) == {"eyes": [offline.bot_user_id]}
    assert call("reactions.remove", name="eyes", **target)["ok"]
    assert call("reactions.remove", name="eyes", **target)["error"] == "no_reaction"
    assert call("reactions.add", name=":eyes:", **target)["error"] == "invalid_name"
    assert call("reactions.add", name="eyes", channel=target["channel"])["error"] == "no_item_specified"
    assert call("reactions.add", name="eyes", channel=target["channel"], timestamp="9")["error"] == "bad_timestamp"
    gone = call("reactions.add", name="eyes", channel=target["channel"], timestamp="1.000000")
    assert gone["error"] == "message_not_found"


def test_a_history_cuts_the_names_behind_a_reaction_short(call: Answer, offline: Sandbox) -> None:
    ts = offline.people.say("alice", "ops", "x")
    for number in range(7):
        offline.people.add_person(f"p{number}")
        offline.people.invite("alice", "ops", f"p{number}")
        offline.people.react(f"p{number}", "ops", ts, "tada")
    ops = channel_id(offline, "ops")
    (shown,) = call("conversations.history", channel=ops, oldest=ts, latest=ts, inclusive=True)["messages"]
    assert (shown["reactions"][0]["count"], len(shown["reactions"][0]["users"])) == (7, 5)
    full = call("reactions.get", channel=ops, timestamp=ts, full=True)["message"]["reactions"][0]
    assert len(full["users"]) == 7


def test_a_message_is_pinned_once(call: Answer, offline: Sandbox) -> None:
    target = {"channel": channel_id(offline, "ops"), "timestamp": offline.people.say("alice", "ops", "x")}
    assert call("pins.remove", **target)["error"] == "no_pin"
    assert call("pins.add", **target)["ok"]
    assert call("pins.add", **target)["error"] == "already_pinned"
    assert [p["text"] for p in offline.screen.pins("ops")] == ["x"]
    assert [i["message"]["ts"] for i in call("pins.list", channel=target["channel"])["items"]] == [target["timestamp"]]
    assert call("pins.remove", **target)["ok"]
    assert offline.screen.pins("ops") == []


def test_a_bookmark_needs_a_title_and_a_link(call: Answer, offline: Sandbox) -> None:
    place = {"channel_id": channel_id(offline, "ops"), "type": "link"}
    assert call("bookmarks.add", title="Runbook", link="https://example.com/run", **place)["ok"]
    assert call("bookmarks.add", title="Runbook", link="ftp://example.com", **place)["error"] == "invalid_link"
    assert call("bookmarks.add", title="", link="https://example.com", **place)["error"] == "invalid_arguments"
    assert [b["title"] for b in offline.screen.bookmarks("ops")] == ["Runbook"]


# Corners


def test_the_channels_of_the_bot_and_of_others(call: Answer, offline: Sandbox) -> None:
    offline.people.dm("alice", "hello")
    mine = call("users.conversations", types="public_channel,im")["channels"]
    assert [(c.get("name"), c.get("user"), c.get("is_im", False)) for c in mine] == [
        ("ops", None, False),
        (None, user_id(offline, "alice"), True),
    ]
    hers = call("users.conversations", user=user_id(offline, "alice"))["channels"]
    assert [c["name"] for c in hers] == ["ops", "lounge"]
    assert call("users.conversations", types="rooms")["error"] == "invalid_types"


def test_a_direct_message_opens_only_with_one_living_person(call: Answer, offline: Sandbox) -> None:
    alice, bob = user_id(offline, "alice"), user_id(offline, "bob")
    offline.people.deactivate("bob")
    refused = {
        "": "users_list_not_supplied",
        f"{alice},{bob}": "method_not_supported_for_channel_type",
        bob: "user_disabled",
        offline.bot_user_id: "cannot_dm_bot",
    }
    assert {users: call("conversations.open", users=users)["error"] for users in refused} == refused
    opened = call("conversations.open", users=alice, return_im=True)["channel"]
    assert (opened["is_im"], opened["user"]) == (True, alice)
    assert call("conversations.open", channel=opened["id"])["already_open"]
    ops = channel_id(offline, "ops")
    assert call("conversations.open", channel=ops)["error"] == "method_not_supported_for_channel_type"


def test_leaving_is_possible_once_and_not_when_archived(call: Answer, offline: Sandbox) -> None:
    lounge, ops = channel_id(offline, "lounge"), channel_id(offline, "ops")
    assert call("conversations.leave", channel=lounge)["not_in_channel"]
    assert call("conversations.leave", channel=ops) == {"ok": True}
    assert "scribe" not in offline.screen.members("ops")
    offline.people.archive("lounge")
    assert call("conversations.leave", channel=lounge)["error"] == "is_archived"
    assert call("conversations.join", channel=lounge)["error"] == "is_archived"


def test_the_bot_knows_itself(call: Answer, offline: Sandbox) -> None:
    assert call("bots.info", bot=offline.bot_id)["bot"]["user_id"] == offline.bot_user_id
    assert call("api.test", error="my_error")["error"] == "my_error"
    assert call("api.test", foo="bar")["args"] == {"foo": "bar"}
    assert "scribe" in [m["name"] for m in call("users.list")["members"]]


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("files.getUploadURLExternal", {"filename": "a.txt", "length": "three"}),
        ("files.completeUploadExternal", {"files": "[]"}),
        ("files.completeUploadExternal", {"files": "{"}),
        ("views.open", {"trigger_id": "1.2.3"}),
        ("views.publish", {"user_id": "U404", "view": '{"type": "home", "blocks": []}'}),
    ],
)
def test_arguments_that_will_not_do_are_refused(call: Answer, method: str, args: dict[str, str]) -> None:
    assert call(method, **args)["error"] == "invalid_arguments"


@pytest.mark.parametrize("args", [{"filename": "a.txt", "length": "0"}, {"filename": "", "length": "3"}, {}])
def test_an_upload_needs_a_name_and_at_least_one_byte(call: Answer, args: dict[str, str]) -> None:
    assert call("files.getUploadURLExternal", **args)["error"] == "missing_argument"


def test_a_channel_takes_a_hundred_pins(call: Answer, offline: Sandbox) -> None:
    ops = channel_id(offline, "ops")
    stamps = [offline.people.say("alice", "ops", str(n)) for n in range(101)]
    answers = [call("pins.add", channel=ops, timestamp=ts) for ts in stamps]
    assert [a["ok"] for a in answers] == [True] * 100 + [False]
    assert answers[-1]["error"] == "too_many_pins"


def test_a_private_channel_needs_its_own_scope_to_be_made() -> None:
    sandbox = Sandbox(scopes=["channels:manage"])
    public = sandbox._api.answer("conversations.create", sandbox.bot_token, {"name": "a", "is_private": "false"})
    private = sandbox._api.answer("conversations.create", sandbox.bot_token, {"name": "b", "is_private": "true"})
    assert (public["ok"], private["needed"]) == (True, "groups:write")


def test_what_the_bot_posted_can_be_read_apart(call: Answer, offline: Sandbox) -> None:
    parent = offline.people.say("alice", "ops", "help")
    call("chat.postMessage", channel="#ops", text="here", thread_ts=parent)
    assert [m["text"] for m in offline.screen.from_bot("ops")] == ["here"]
