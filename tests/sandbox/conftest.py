"""A stand-in with a small team in it, and a real Bolt app on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Sandbox


def hang_up(sandbox: Sandbox, handlers: list[SocketModeHandler]) -> None:
    """Closes the app's side at once: left alone, its reader waits 3 seconds for bytes and its queue 1 for a message."""
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    sandbox.faults.cut_sockets()
    sandbox.wait_until(lambda: not any(h.client.is_connected() for h in handlers), what="the app did not hang up")
    for handler in handlers:
        handler.client.closed = True
        handler.client.enqueue_message("{}")
        handler.close()  # type: ignore[no-untyped-call] # Bolt leaves it untyped


EVENTS = ("message", "reaction_added", "reaction_removed", "app_mention", "app_home_opened")


def populate(sandbox: Sandbox) -> Sandbox:
    for name in ("alice", "bob"):
        sandbox.people.add_person(name)
    sandbox.people.add_channel("ops", members=["alice", "bob", "scribe"])
    sandbox.people.add_channel("lounge", members=["alice"])
    sandbox.people.add_channel("secret", private=True, members=["alice"])
    return sandbox


@pytest.fixture
def offline() -> Sandbox:
    """A stand-in that is not listening: for rules that need no network."""
    return populate(Sandbox())


@pytest.fixture
def told(offline: Sandbox) -> list[dict[str, Any]]:
    """The inner events that the offline stand-in would deliver, in order."""
    events: list[dict[str, Any]] = []
    offline.workspace.deliver = lambda payload: events.append(payload["event"])
    return events


Answer = Callable[..., dict[str, Any]]


@pytest.fixture
def call(offline: Sandbox) -> Answer:
    """Calls a Web API method on the offline stand-in and gives its answer."""

    def answer(method: str, **args: Any) -> dict[str, Any]:
        return offline._api.answer(method, offline.bot_token, args)

    return answer


@pytest.fixture
def sandbox_options() -> dict[str, Any]:
    return {}


@pytest.fixture
def sandbox(sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    options: dict[str, Any] = {
        "ack_timeout": 2.0,
        "redelivery_delays": (0.0, 0.05, 0.05),
        "events": EVENTS,
    } | sandbox_options
    with Sandbox(**options) as running:
        yield populate(running)


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def app_options() -> dict[str, Any]:
    return {}


@pytest.fixture
def app(client: WebClient, app_options: dict[str, Any]) -> App:
    return App(client=client, **app_options)


@pytest.fixture
def connect(app: App, sandbox: Sandbox) -> Iterator[Callable[[], SocketModeHandler]]:
    """Connects the app; call it after its listeners are registered."""
    handlers: list[SocketModeHandler] = []

    def start() -> SocketModeHandler:
        handler = SocketModeHandler(app, sandbox.app_token, ping_interval=0.3)
        handlers.append(handler)
        handler.connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
        sandbox.wait_connected(connections=len(handlers))
        return handler

    yield start
    hang_up(sandbox, handlers)
