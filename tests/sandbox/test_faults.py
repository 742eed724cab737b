from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.sandbox import Sandbox, error, lost_answer, rate_limited, refused, server_error, slow

Connect = Callable[[], SocketModeHandler]


@pytest.fixture
def heard(app: App) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    def on_message(body: dict[str, Any]) -> None:
        bodies.append(body)

    return bodies


def texts(bodies: list[dict[str, Any]]) -> list[str]:
    return [b["event"]["text"] for b in bodies]


def test_a_lost_answer_means_the_message_stands(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.api("chat.postMessage", lost_answer())
    with pytest.raises(OSError, match=r"closed connection|reset"):
        client.chat_postMessage(channel="#ops", text="once")
    assert [m["text"] for m in sandbox.screen.messages("ops")] == ["once"]
    assert [c.outcome for c in sandbox.screen.calls("chat.postMessage")] == ["dropped"]
    client.chat_postMessage(channel="#ops", text="twice")
    assert len(sandbox.screen.messages("ops")) == 2


def test_a_refused_connection_means_nothing_happened(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.api("chat.postMessage", refused())
    with pytest.raises(OSError, match=r"closed connection|reset"):
        client.chat_postMessage(channel="#ops", text="never")
    assert sandbox.screen.messages("ops") == []


def test_a_rate_limit_names_its_wait_and_a_client_may_heed_it(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.api("chat.postMessage", rate_limited(1), times=2)
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="#ops", text="too fast")
    assert (limited.value.response.status_code, limited.value.response.headers["retry-after"]) == (429, "1")
    client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=1)]
    client.chat_postMessage(channel="#ops", text="in time")
    assert [c.outcome for c in sandbox.screen.calls("chat.postMessage")] == ["ratelimited", "ratelimited", "ok"]
    assert [m["text"] for m in sandbox.screen.messages("ops")] == ["in time"]


def test_a_server_error_and_an_error_have_no_effect(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.api("chat.postMessage", server_error(503))
    sandbox.faults.api("chat.postMessage", error("is_archived"))
    with pytest.raises(SlackApiError) as broken:
        client.chat_postMessage(channel="#ops", text="x")
    assert broken.value.response.status_code == 503
    with pytest.raises(SlackApiError, match="is_archived"):
        client.chat_postMessage(channel="#ops", text="x")
    assert [c.outcome for c in sandbox.screen.calls("chat.postMessage")] == ["http_503", "is_archived"]
    assert sandbox.screen.messages("ops") == []


def test_a_slow_call_takes_effect_though_the_client_gave_up(sandbox: Sandbox) -> None:
    sandbox.faults.api("chat.postMessage", slow(1.2))
    hasty = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel="#ops", text="patience")
    sandbox.wait_idle()
    assert [m["text"] for m in sandbox.screen.messages("ops")] == ["patience"]


def test_a_fault_meets_only_the_calls_it_is_meant_for(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.api("chat.postMessage", error("is_archived"), when=lambda a: a["text"] == "second", skip=1)
    client.chat_postMessage(channel="#ops", text="second")
    client.chat_postMessage(channel="#ops", text="first")
    with pytest.raises(SlackApiError, match="is_archived"):
        client.chat_postMessage(channel="#ops", text="second")
    sandbox.faults.api(None, error("fatal_error"), times=5)
    sandbox.faults.clear()
    assert client.auth_test()["ok"]


def test_dropped_events_never_arrive(sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]) -> None:
    connect()
    sandbox.faults.drop_events(when=lambda e: e["text"] == "lost")
    for text in ("before", "lost", "after"):
        sandbox.people.say("alice", "ops", text)
    sandbox.wait_idle()
    assert sorted(texts(heard)) == ["after", "before"]
    assert texts(sandbox.faults.dropped_events) == ["lost"]
    assert len(sandbox.screen.messages("ops")) == 3


def test_a_doubled_event_comes_twice_with_one_id(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    sandbox.faults.double_events()
    sandbox.people.say("alice", "ops", "twice")
    sandbox.people.say("alice", "ops", "once")
    sandbox.wait_idle()
    assert sorted(texts(heard)) == ["once", "twice", "twice"]
    assert len({b["event_id"] for b in heard}) == 2


def test_a_delayed_event_comes_after_the_next(sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]) -> None:
    connect()
    sandbox.faults.delay_events(0.3)
    sandbox.people.say("alice", "ops", "slow")
    sandbox.people.say("alice", "ops", "quick")
    sandbox.wait_idle()
    assert texts(heard) == ["quick", "slow"]


def shuffled(seed: int) -> list[str]:
    sandbox = Sandbox()
    sandbox.people.add_person("alice")
    sandbox.people.add_channel("ops", members=["alice", "scribe"])
    delivered: list[str] = []
    sandbox.workspace.deliver = lambda p: delivered.extend(
        t.payload["event"]["text"] for t in sandbox.faults.take_event(p)
    )
    sandbox.faults.reorder_events(5, seed=seed)
    for number in range(6):
        sandbox.people.say("alice", "ops", str(number))
    return delivered


def test_reordered_events_come_shuffled_and_the_same_way_for_a_seed() -> None:
    assert sorted(shuffled(1)) == list("012345")
    assert shuffled(1)[-1] == "5"
    assert shuffled(1) != list("012345")
    assert shuffled(1) == shuffled(1)
    assert len({tuple(shuffled(seed)) for seed in range(5)}) > 1


def test_held_events_can_be_released_early(sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]) -> None:
    connect()
    sandbox.faults.reorder_events(10)
    sandbox.people.say("alice", "ops", "held")
    sandbox.wait_idle()
    assert heard == []
    assert sandbox.faults.release_held_events() == 1
    sandbox.wait_idle()
    assert texts(heard) == ["held"]


def test_the_app_cannot_connect_while_connections_are_refused(sandbox: Sandbox, app: App) -> None:
    sandbox.faults.api("apps.connections.open", error("internal_error"))
    handler = SocketModeHandler(app, sandbox.app_token)
    with pytest.raises(SlackApiError, match="internal_error"):
        handler.connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    handler.client.closed = True
    handler.client.enqueue_message("{}")
    handler.close()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    assert sandbox.sockets.connected == 0
