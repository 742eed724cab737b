from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SandboxTimeoutError

Connect = Callable[[], SocketModeHandler]


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
