"""What the app is told when people do things, without a network."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox import Sandbox, SandboxError

Answer = Callable[..., dict[str, Any]]
Told = list[dict[str, Any]]


def kinds(told: Told) -> list[str]:
    return [e["type"] + (f".{e['subtype']}" if e.get("subtype") else "") for e in told]


def test_an_envelope_names_team_app_bot_and_time(offline: Sandbox) -> None:
    payloads: list[dict[str, Any]] = []
    offline.workspace.deliver = payloads.append
    offline.people.say("alice", "ops", "a")
    offline.people.say("alice", "ops", "b")
    first, second = payloads
    assert (first["type"], first["team_id"], first["api_app_id"]) == ("event_callback", offline.team_id, offline.app_id)
    assert first["authorizations"][0]["user_id"] == offline.bot_user_id
    assert first["event_id"] != second["event_id"]
    assert first["event_time"] == int(first["event"]["ts"].split(".")[0])


def test_an_edit_carries_the_new_and_the_old_message(offline: Sandbox, told: Told) -> None:
    ts = offline.people.say("alice", "ops", "teh database")
    offline.people.edit("alice", "ops", ts, "the database")
    event = told[-1]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["message"]["ts"], event["message"]["text"]) == (ts, "the database")
    assert event["previous_message"]["text"] == "teh database"
    assert event["message"]["edited"] == {"user": offline.workspace.person("alice").id, "ts": event["ts"]}
    assert event["ts"] != ts


def test_an_unfurl_changes_the_message_without_an_edit(offline: Sandbox, told: Told) -> None:
    ts = offline.people.say("alice", "ops", "<https://example.com/>")
    offline.people.unfurl("ops", ts)
    event = told[-1]
    assert (event["subtype"], event["message"]["text"]) == ("message_changed", "<https://example.com/>")
    assert "edited" not in event["message"]
    assert event["message"]["attachments"][0]["from_url"] == "https://example.com/"


def test_a_deletion_names_what_was_deleted(offline: Sandbox, told: Told) -> None:
    ts = offline.people.say("alice", "ops", "oops")
    offline.people.delete("alice", "ops", ts)
    event = told[-1]
    assert (event["subtype"], event["deleted_ts"], event["previous_message"]["text"]) == ("message_deleted", ts, "oops")


def test_a_deleted_parent_is_told_as_a_change_to_a_tombstone(offline: Sandbox, told: Told) -> None:
    parent = offline.people.say("alice", "ops", "oops")
    offline.people.say("bob", "ops", "reply", thread=parent)
    offline.people.delete("alice", "ops", parent)
    event = told[-1]
    assert event["subtype"] == "message_changed"
    assert (event["message"]["subtype"], event["message"]["ts"]) == ("tombstone", parent)
    assert event["previous_message"]["text"] == "oops"


def test_a_reaction_names_message_giver_and_author(offline: Sandbox, told: Told) -> None:
    ts = offline.people.say("alice", "ops", "look")
    offline.people.react("bob", "ops", ts, ":pushpin:")
    offline.people.unreact("bob", "ops", ts, "pushpin")
    alice, bob = (offline.workspace.person(n).id for n in ("alice", "bob"))
    added, removed = told[-2:]
    assert (added["type"], removed["type"]) == ("reaction_added", "reaction_removed")
    assert (added["user"], added["reaction"], added["item_user"]) == (bob, "pushpin", alice)
    assert added["item"] == {"type": "message", "channel": offline.screen.channel("ops").id, "ts": ts}
    assert added["event_ts"] < removed["event_ts"]


def test_a_mention_is_told_twice_as_message_and_as_mention(offline: Sandbox, told: Told) -> None:
    parent = offline.people.say("alice", "ops", "help")
    text = offline.people.typed("@scribe action fix it")
    ts = offline.people.say("bob", "ops", text, thread=parent)
    assert kinds(told[1:]) == ["message", "app_mention"]
    assert all((e["ts"], e["thread_ts"], e["text"]) == (ts, parent, text) for e in told[1:])


def test_a_mention_put_in_by_an_edit_is_told_too(offline: Sandbox, told: Told) -> None:
    ts = offline.people.say("alice", "ops", "action fix it")
    offline.people.edit("alice", "ops", ts, f"<@{offline.bot_user_id}> action fix it")
    assert kinds(told) == ["message", "message.message_changed", "app_mention"]


def test_a_direct_message_is_no_mention(offline: Sandbox, told: Told) -> None:
    offline.people.dm("alice", f"<@{offline.bot_user_id}> hello")
    assert [(e["type"], e["channel_type"]) for e in told] == [("message", "im")]


def test_an_alert_of_another_app_has_no_user(offline: Sandbox, told: Told) -> None:
    offline.people.alert("Pager", "ops", "CPU at 100 %", attachments=[{"text": "host-1"}])
    (event,) = told
    assert (event["subtype"], event["username"], "user" in event) == ("bot_message", "Pager", False)
    assert event["bot_profile"]["name"] == "Pager"


def test_shared_files_come_with_the_message(offline: Sandbox, told: Told) -> None:
    offline.people.say("alice", "ops", "the graph", files=[("graph.png", b"png")])
    assert kinds(told) == ["message.file_share", "file_shared"]
    (shared,) = told[0]["files"]
    assert (shared["name"], shared["mimetype"], shared["size"]) == ("graph.png", "image/png", 3)
    assert offline.screen.files()[0].content == b"png"


def test_joining_is_told_as_membership_and_as_message(offline: Sandbox, told: Told) -> None:
    offline.people.add_person("carol")
    offline.people.join("carol", "ops")
    offline.people.leave("carol", "ops")
    assert kinds(told) == [
        "member_joined_channel",
        "message.channel_join",
        "message.channel_leave",
        "member_left_channel",
    ]


def test_the_bot_hears_of_a_channel_from_its_invitation_on(offline: Sandbox, told: Told) -> None:
    offline.people.say("alice", "secret", "before")
    offline.people.invite("alice", "secret", "scribe")
    offline.people.say("alice", "secret", "after")
    offline.people.kick("alice", "secret", "scribe")
    offline.people.say("alice", "secret", "too late")
    assert kinds(told) == [
        "member_joined_channel",
        "message.channel_join",
        "message",
        "message.channel_leave",
        "group_left",
    ]
    assert told[0]["inviter"] == offline.workspace.person("alice").id
    assert told[2]["channel_type"] == "group"


def test_a_channels_changes_are_told(offline: Sandbox, told: Told) -> None:
    offline.people.set_topic("alice", "ops", "calm")
    offline.people.rename("ops", "operations")
    offline.people.archive("operations")
    offline.people.unarchive("operations")
    offline.people.convert_to_private("operations")
    offline.people.remove_channel("operations")
    assert kinds(told) == [
        "message.channel_topic",
        "message.channel_name",
        "channel_rename",
        "message.channel_archive",
        "channel_archive",
        "channel_unarchive",
        "message.channel_unarchive",
        "message.channel_convert_to_private",
        "group_deleted",
    ]
    assert (told[0]["topic"], told[1]["old_name"], told[1]["name"]) == ("calm", "ops", "operations")
    with pytest.raises(SandboxError, match="there is no channel operations"):
        offline.screen.channel("operations")


def test_a_private_channel_that_is_shared_has_another_id(offline: Sandbox, told: Told) -> None:
    old = offline.people.add_channel("room", private=True, members=["alice", "scribe"])
    ts = offline.people.say("alice", "room", "before")
    new = offline.people.share("room")
    offline.people.say("alice", "room", "after")
    assert new != old
    assert (told[1]["type"], told[1]["old_channel_id"], told[1]["new_channel_id"]) == ("channel_id_changed", old, new)
    assert (told[0]["channel"], told[2]["channel"]) == (old, new)
    assert offline.screen.message(new, ts)["text"] == "before"
    with pytest.raises(SandboxError):
        offline.screen.channel(old)


def test_a_broadcast_reply_is_content(offline: Sandbox, told: Told) -> None:
    parent = offline.people.say("alice", "ops", "help")
    offline.people.say("bob", "ops", "mitigated", thread=parent, broadcast=True)
    assert (told[-1]["subtype"], told[-1]["thread_ts"], told[-1]["root"]["text"]) == (
        "thread_broadcast",
        parent,
        "help",
    )


def test_only_subscribed_events_are_sent() -> None:
    sandbox = Sandbox(events=["message.channels", "reaction_added"])
    sandbox.people.add_person("alice")
    sandbox.people.add_channel("ops", members=["alice", "scribe"])
    sandbox.people.add_channel("secret", private=True, members=["alice", "scribe"])
    told: Told = []
    sandbox.workspace.deliver = lambda payload: told.append(payload["event"])
    ts = sandbox.people.say("alice", "ops", "public")
    sandbox.people.say("alice", "secret", "private")
    sandbox.people.react("alice", "ops", ts, "eyes")
    sandbox.people.unreact("alice", "ops", ts, "eyes")
    assert kinds(told) == ["message", "reaction_added"]


def test_opening_home_shows_what_was_published(call: Answer, offline: Sandbox, told: Told) -> None:
    offline.people.open_home("alice")
    assert (told[-1]["type"], told[-1]["tab"], "view" in told[-1]) == ("app_home_opened", "home", False)
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    call("views.publish", user_id=offline.workspace.person("alice").id, view=home)
    offline.people.open_home("alice")
    assert told[-1]["view"]["type"] == "home"


def test_posts_of_the_app_are_told_with_its_bot_id(call: Answer, offline: Sandbox, told: Told) -> None:
    ts = call("chat.postMessage", channel="#ops", text="hello")["ts"]
    call("chat.update", channel=offline.screen.channel("ops").id, ts=ts, text="hello again")
    assert kinds(told) == ["message", "message.message_changed"]
    assert told[0]["bot_id"] == told[1]["message"]["bot_id"] == offline.bot_id


def test_typed_text_becomes_tokens_and_escapes(offline: Sandbox) -> None:
    alice, ops = offline.workspace.person("alice").id, offline.screen.channel("ops").id
    group = offline.people.add_usergroup("oncall", ["alice"])
    assert offline.people.typed("@alice & @oncall in #ops <now>, mail a@example.com or @nobody") == (
        f"<@{alice}> &amp; <!subteam^{group}> in <#{ops}|ops> &lt;now&gt;, mail a@example.com or @nobody"
    )
    assert offline.people.typed(f"to <@{alice}>", labels=True) == f"to <@{alice}|alice>"


def test_what_nobody_could_do_is_refused(offline: Sandbox) -> None:
    ts = offline.people.say("alice", "ops", "mine")
    offline.people.add_person("carol")
    impossible: list[tuple[Callable[[], Any], str]] = [
        (lambda: offline.people.say("carol", "ops", "x"), "carol is not in #ops"),
        (lambda: offline.people.edit("bob", "ops", ts, "x"), "only edit their own"),
        (lambda: offline.people.delete("bob", "ops", ts), "only delete their own"),
        (lambda: offline.people.react("bob", "ops", "1.000000", "eyes"), "no message 1.000000"),
        (lambda: offline.people.unreact("bob", "ops", ts, "eyes"), "no_reaction"),
        (lambda: offline.people.join("carol", "secret"), "is private"),
        (lambda: offline.people.say("nobody", "ops", "x"), "no person nobody"),
        (lambda: offline.people.add_person("alice"), "already a person alice"),
        (lambda: offline.people.add_channel("ops"), "name_taken"),
    ]
    for act, reason in impossible:
        with pytest.raises(SandboxError, match=reason):
            act()
    offline.people.archive("ops")
    with pytest.raises(SandboxError, match="is archived"):
        offline.people.say("alice", "ops", "x")


def test_the_rich_text_beside_a_message_names_its_tokens(offline: Sandbox, told: Told) -> None:
    text = "hi <@U1>, see <#C1|ops> and <https://example.com/?a=1&amp;b=2|this> &lt;now&gt; <!here> <!subteam^S1>"
    offline.people.say("alice", "ops", text)
    (section,) = told[0]["blocks"][0]["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": ", see "},
        {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": " and "},
        {"type": "link", "url": "https://example.com/?a=1&b=2", "text": "this"},
        {"type": "text", "text": " <now> "},
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " "},
        {"type": "usergroup", "usergroup_id": "S1"},
    ]


def test_a_channel_that_is_made_now_is_told_to_all(offline: Sandbox, told: Told) -> None:
    offline.people.create_channel("alice", "war-room")
    offline.people.create_channel("alice", "quiet-room", private=True)
    assert [(e["type"], e["channel"]["name"]) for e in told] == [("channel_created", "war-room")]


def test_another_bots_user_writes_with_its_bot_id(offline: Sandbox, told: Told) -> None:
    robo = offline.people.add_person("robo", bot=True)
    offline.people.invite("alice", "ops", "robo")
    offline.people.say("robo", "ops", "beep")
    assert (told[-1]["user"], told[-1]["bot_id"].startswith("B")) == (robo, True)
