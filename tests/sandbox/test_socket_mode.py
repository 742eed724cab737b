import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as dial_websocket

from bot.sandbox import Sandbox, SandboxTimeoutError

Connect = Callable[[], SocketModeHandler]
HASTY = {"ack_timeout": 0.3}


@pytest.fixture
def heard(app: App) -> list[dict[str, Any]]:
    """Every message and reaction event that the app acknowledged."""
    events: list[dict[str, Any]] = []

    @app.event("message")
    def on_message(event: dict[str, Any]) -> None:
        events.append(event)

    @app.event("reaction_added")
    def on_reaction(event: dict[str, Any]) -> None:
        events.append(event)

    return events


def test_an_event_reaches_a_real_bolt_app_and_is_acknowledged(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    ts = sandbox.people.say("alice", "ops", "the database is down")
    sandbox.wait_idle()
    assert [(e["ts"], e["text"], e["channel_type"]) for e in heard] == [(ts, "the database is down", "channel")]
    assert [(d.attempts, d.acked) for d in sandbox.sockets.deliveries] == [(1, True)]


def test_events_of_channels_without_the_bot_do_not_reach_it(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    sandbox.people.say("alice", "lounge", "not for the bot")
    sandbox.people.say("alice", "secret", "not for the bot either")
    sandbox.wait_idle()
    assert heard == []


def test_the_bots_own_posts_are_delivered_and_bolt_ignores_them(
    sandbox: Sandbox, client: WebClient, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    client.chat_postMessage(channel=sandbox.screen.channel("ops").id, text="from the bot")
    sandbox.wait_idle()
    assert heard == []
    assert [d.payload["event"]["text"] for d in sandbox.sockets.deliveries] == ["from the bot"]


@pytest.mark.parametrize("sandbox_options", [HASTY])
@pytest.mark.parametrize("app_options", [{"process_before_response": True}])
def test_an_event_that_fails_comes_again_until_it_is_acknowledged(sandbox: Sandbox, app: App, connect: Connect) -> None:
    tries: list[tuple[str, list[str]]] = []

    @app.event("message")
    def on_message(body: dict[str, Any], request: Any) -> None:
        tries.append((body["event_id"], request.headers.get("x-slack-retry-num", [])))
        if len(tries) < 3:
            raise RuntimeError("the database is locked")

    connect()
    sandbox.people.say("alice", "ops", "hello")
    sandbox.wait_idle()
    assert [retry for _, retry in tries] == [["0"], ["1"], ["2"]]
    assert len({event_id for event_id, _ in tries}) == 1
    assert [(d.attempts, d.acked, d.lost) for d in sandbox.sockets.deliveries] == [(3, True, False)]


@pytest.mark.parametrize("sandbox_options", [HASTY])
def test_an_event_that_nobody_handles_is_lost_after_the_last_redelivery(sandbox: Sandbox, connect: Connect) -> None:
    connect()
    sandbox.people.say("alice", "ops", "nobody listens")
    sandbox.wait_idle()
    assert [(d.attempts, d.acked, d.lost) for d in sandbox.sockets.deliveries] == [(4, False, True)]
    assert [p["event"]["text"] for p in sandbox.sockets.lost] == ["nobody listens"]


def test_an_event_without_any_connection_is_lost_after_the_schedule(sandbox: Sandbox) -> None:
    sandbox.people.say("alice", "ops", "too early")
    sandbox.wait_idle()
    assert [p["event"]["text"] for p in sandbox.sockets.lost] == ["too early"]


@pytest.mark.parametrize("sandbox_options", [{"keep_unconnected": 5.0}])
def test_an_event_waits_for_a_connection_where_that_is_asked_for(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    sandbox.people.say("alice", "ops", "early")
    connect()
    sandbox.wait_idle()
    assert [e["text"] for e in heard] == ["early"]


def test_each_event_goes_to_one_of_several_connections(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    connect()
    for number in range(6):
        sandbox.people.say("alice", "ops", f"message {number}")
    sandbox.wait_idle()
    assert sorted(e["text"] for e in heard) == [f"message {n}" for n in range(6)]
    assert sandbox.sockets.connections_made == 2


def test_the_app_connects_again_after_its_sockets_were_cut(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    assert sandbox.faults.cut_sockets() == 1
    sandbox.wait_connected()
    sandbox.people.say("alice", "ops", "after the cut")
    sandbox.wait_idle()
    assert [e["text"] for e in heard] == ["after the cut"]


def test_an_abrupt_cut_is_noticed_by_the_clients_pings(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    sandbox.faults.cut_sockets(abrupt=True)
    sandbox.wait_connected(timeout=20)
    sandbox.people.say("alice", "ops", "back again")
    sandbox.wait_idle()
    assert [e["text"] for e in heard] == ["back again"]


def test_a_refresh_moves_the_app_to_a_new_connection(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    connect()
    assert sandbox.faults.refresh_sockets() == 1
    sandbox.wait_until(lambda: sandbox.sockets.connections_made == 2)
    sandbox.wait_connected()
    sandbox.people.say("alice", "ops", "on the new one")
    sandbox.wait_idle()
    # The client may take the event in twice: it reads its new connection only once the old one is gone.
    assert {e["text"] for e in heard} == {"on the new one"}


@pytest.mark.parametrize("sandbox_options", [HASTY])
def test_a_silenced_socket_looks_connected_and_delivers_nothing(
    sandbox: Sandbox, connect: Connect, heard: list[dict[str, Any]]
) -> None:
    handler = connect()
    sandbox.faults.silence_sockets()
    sandbox.people.say("alice", "ops", "into the void")
    sandbox.wait_idle()
    assert heard == []
    assert handler.client.is_connected()
    assert len(sandbox.sockets.lost) == 1


@pytest.mark.parametrize("sandbox_options", [{"redelivery_delays": (30.0,)}])
def test_waiting_for_idle_says_what_is_still_under_way(sandbox: Sandbox) -> None:
    sandbox.people.say("alice", "ops", "hello")
    with pytest.raises(SandboxTimeoutError, match=r"1 deliveries.*unacknowledged: message"):
        sandbox.wait_idle(timeout=0.2)


def test_a_ticket_opens_one_connection_only(sandbox: Sandbox, client: WebClient) -> None:
    opened = WebClient(token=sandbox.app_token, base_url=sandbox.api_url).apps_connections_open(
        app_token=sandbox.app_token
    )
    assert opened["url"].startswith("ws://127.0.0.1:")
    assert sandbox.sockets._admit(opened["url"].split("ticket=")[1].split("&")[0])
    assert not sandbox.sockets._admit(opened["url"].split("ticket=")[1].split("&")[0])


# The protocol itself, without Bolt


def dial(sandbox: Sandbox) -> ClientConnection:
    ticket = sandbox.sockets.new_ticket()
    return dial_websocket(f"{sandbox.api_url.replace('http', 'ws').removesuffix('api/')}link/?ticket={ticket}")


def test_a_connection_starts_with_hello(sandbox: Sandbox) -> None:
    with dial(sandbox) as socket:
        hello = json.loads(socket.recv(timeout=5))
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)


def test_an_envelope_is_acknowledged_by_its_id_only(sandbox: Sandbox) -> None:
    with dial(sandbox) as socket:
        socket.recv(timeout=5)
        sandbox.people.say("alice", "ops", "hello")
        envelope = json.loads(socket.recv(timeout=5))
        assert (envelope["type"], envelope["retry_attempt"], envelope["accepts_response_payload"]) == (
            "events_api",
            0,
            False,
        )
        socket.send(json.dumps({"envelope_id": "another"}))
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        sandbox.wait_idle()
    assert (sandbox.sockets.late_acks, sandbox.sockets.deliveries[0].acked) == (1, True)


@pytest.mark.parametrize("sandbox_options", [HASTY])
def test_an_ack_that_comes_late_does_not_count(sandbox: Sandbox) -> None:
    with dial(sandbox) as socket:
        socket.recv(timeout=5)
        sandbox.people.say("alice", "ops", "hello")
        first, second = (json.loads(socket.recv(timeout=5)) for _ in range(2))
        assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
        assert second["payload"] == first["payload"]
        socket.send(json.dumps({"envelope_id": first["envelope_id"]}))
        socket.send(json.dumps({"envelope_id": second["envelope_id"]}))
        sandbox.wait_idle()
    assert (sandbox.sockets.late_acks, sandbox.sockets.deliveries[0].attempts) == (1, 2)


def test_the_eleventh_connection_is_turned_away(sandbox: Sandbox) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(dial(sandbox)).recv(timeout=5)
        extra = stack.enter_context(dial(sandbox))
        assert json.loads(extra.recv(timeout=5)) == {"type": "disconnect", "reason": "too_many_websockets"}
        assert sandbox.sockets.connected == 10


def test_a_connection_needs_a_ticket(sandbox: Sandbox) -> None:
    url = f"{sandbox.api_url.replace('http', 'ws').removesuffix('api/')}link/?ticket=made-up"
    with pytest.raises(InvalidStatus, match="403"):
        dial_websocket(url)
