from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import Sandbox

Answer = Callable[..., dict[str, Any]]


@pytest.fixture
def ops(offline: Sandbox) -> str:
    return offline.screen.channel("ops").id


def texts(answer: dict[str, Any]) -> list[str]:
    return [m["text"] for m in answer["messages"]]


def test_history_is_newest_first_and_leaves_replies_out(call: Answer, offline: Sandbox, ops: str) -> None:
    parent = offline.people.say("alice", "ops", "first")
    offline.people.say("bob", "ops", "in the thread", thread=parent)
    offline.people.say("bob", "ops", "for all", thread=parent, broadcast=True)
    offline.people.say("alice", "ops", "second")
    answer = call("conversations.history", channel=ops)
    assert texts(answer) == ["second", "for all", "first"]
    assert answer["has_more"] is False
    broadcast, first = answer["messages"][1], answer["messages"][2]
    assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", parent)
    assert (first["reply_count"], first["thread_ts"]) == (2, parent)


def test_bounds_are_exclusive_unless_asked_otherwise(call: Answer, offline: Sandbox, ops: str) -> None:
    stamps = [offline.people.say("alice", "ops", str(n)) for n in range(5)]
    bounds = {"channel": ops, "oldest": stamps[1], "latest": stamps[3]}
    assert texts(call("conversations.history", **bounds)) == ["2"]
    assert texts(call("conversations.history", inclusive="true", **bounds)) == ["3", "2", "1"]
    one = call("conversations.history", channel=ops, oldest=stamps[2], latest=stamps[2], inclusive=1, limit=1)
    assert texts(one) == ["2"]
    assert call("conversations.history", channel=ops, oldest="yesterday")["error"] == "invalid_ts_oldest"
    assert call("conversations.history", channel=ops, latest="now?")["error"] == "invalid_ts_latest"


def test_with_oldest_alone_the_pages_go_forward(call: Answer, offline: Sandbox, ops: str) -> None:
    stamps = [offline.people.say("alice", "ops", str(n)) for n in range(5)]
    first = call("conversations.history", channel=ops, oldest=stamps[0], limit=2)
    assert texts(first) == ["2", "1"]
    cursor = first["response_metadata"]["next_cursor"]
    assert texts(call("conversations.history", channel=ops, oldest=stamps[0], limit=2, cursor=cursor)) == ["4", "3"]


@given(count=st.integers(0, 12), limit=st.integers(1, 15), forward=st.booleans())
def test_following_the_cursor_reads_every_message_once(count: int, limit: int, forward: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    sandbox = Sandbox()
    sandbox.people.add_person("alice")
    channel = sandbox.people.add_channel("ops", members=["alice", "scribe"])
    said = [sandbox.people.say("alice", "ops", str(n)) for n in range(count)]
    args: dict[str, Any] = {"channel": channel, "limit": limit} | ({"oldest": "0"} if forward else {})
    seen: list[str] = []
    while True:
        answer = sandbox._api.answer("conversations.history", sandbox.bot_token, args)
        seen += [m["ts"] for m in answer["messages"]]
        if not answer["has_more"]:
            break
        args["cursor"] = answer["response_metadata"]["next_cursor"]
    assert sorted(seen) == said


def test_replies_come_oldest_first_with_their_parent(call: Answer, offline: Sandbox, ops: str) -> None:
    parent = offline.people.say("alice", "ops", "parent")
    replies = [offline.people.say("bob", "ops", f"reply {n}", thread=parent) for n in range(3)]
    assert texts(call("conversations.replies", channel=ops, ts=parent)) == ["parent", "reply 0", "reply 1", "reply 2"]
    first = call("conversations.replies", channel=ops, ts=parent, limit=2)
    assert (texts(first), first["has_more"]) == (["parent", "reply 0"], True)
    assert texts(call("conversations.replies", channel=ops, ts=replies[1])) == ["reply 1"]
    assert call("conversations.replies", channel=ops, ts="1.000000")["error"] == "thread_not_found"


def test_a_message_without_replies_is_its_whole_thread(call: Answer, offline: Sandbox, ops: str) -> None:
    ts = offline.people.say("alice", "ops", "alone")
    (shown,) = call("conversations.replies", channel=ops, ts=ts)["messages"]
    assert "thread_ts" not in shown


def test_metadata_comes_only_when_asked_for(call: Answer, ops: str) -> None:
    metadata = {"event_type": "scribe_post", "event_payload": {"key": "k1"}}
    call("chat.postMessage", channel=ops, text="x", metadata=metadata)
    assert "metadata" not in call("conversations.history", channel=ops)["messages"][0]
    full = call("conversations.history", channel=ops, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


def test_a_deleted_parent_stays_as_a_tombstone_while_it_has_replies(call: Answer, offline: Sandbox, ops: str) -> None:
    parent = offline.people.say("alice", "ops", "regrettable")
    reply = offline.people.say("bob", "ops", "reply", thread=parent)
    offline.people.delete("alice", "ops", parent)
    (shown,) = call("conversations.history", channel=ops)["messages"]
    assert (shown["subtype"], shown["text"], shown["reply_count"]) == ("tombstone", "This message was deleted.", 1)
    offline.people.delete("bob", "ops", reply)
    assert call("conversations.history", channel=ops)["messages"] == []


def test_timestamps_follow_the_clock_and_never_repeat() -> None:
    moments = [datetime(2026, 11, 20, 14, 5, tzinfo=UTC)]
    sandbox = Sandbox(clock=lambda: moments[0])
    sandbox.people.add_person("alice")
    sandbox.people.add_channel("ops", members=["alice"])
    first, second = sandbox.people.say("alice", "ops", "a"), sandbox.people.say("alice", "ops", "b")
    moments[0] += timedelta(minutes=1)
    third = sandbox.people.say("alice", "ops", "c")
    moments[0] -= timedelta(hours=1)
    fourth = sandbox.people.say("alice", "ops", "d")
    assert first == "1795183500.000000"
    assert third == "1795183560.000000"
    assert first < second < third < fourth
    assert fourth.startswith("1795183560.0000")
