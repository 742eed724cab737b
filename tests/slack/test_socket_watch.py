"""The real socket client on the stand-in: what is told when connections are cut, silent, renewed or doubted."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.domain.capturing import GapCause
from bot.domain.errors import TryAgainError
from bot.sandbox import Sandbox, server_error
from bot.services.watching import Missed, Watch
from bot.slack.socket_watch import SocketWatch, SparingFilter

# The clock whose times are stored is not the one that measures.
AHEAD = timedelta(days=31)


class Notes(Watch):
    """Remembers what it is told; `refusals` is how often it can't."""

    def __init__(self) -> None:
        self.told: list[Missed] = []
        self.doubts = 0
        self.refusals = 0

    def missed(self, missed: Missed) -> None:
        if self.refusals:
            self.refusals -= 1
            raise TryAgainError("locked")
        self.told.append(missed)

    def doubt(self) -> None:
        self.doubts += 1


class Line:
    """A socket client on the stand-in, and the watch over it."""

    def __init__(self, sandbox: Sandbox, *, ping_interval: float, silent_after: float) -> None:
        app = App(client=WebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[]))
        app.event("message")(lambda: None)
        self.sandbox = sandbox
        self.handler = SocketModeHandler(app, sandbox.app_token, ping_interval=ping_interval)
        self.notes = Notes()
        self.watch = SocketWatch(lambda: datetime.now(UTC) + AHEAD, silent_after=silent_after)
        self.handler.connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
        sandbox.wait_connected()
        self.watch.start(self.handler.client, self.notes)
        self.wait(self.watch.is_listening)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.sandbox.wait_until(condition, timeout=20)

    def close(self) -> None:
        self.watch.stop()
        client = self.handler.client
        client.auto_reconnect_enabled = False
        self.sandbox.faults.cut_sockets()
        self.wait(lambda: not client.is_connected())
        client.closed = True
        client.enqueue_message("{}")
        self.handler.close()  # type: ignore[no-untyped-call] # Bolt leaves it untyped


Connect = Callable[..., Line]


@pytest.fixture
def connect() -> Iterator[Connect]:
    lines: list[Line] = []
    with Sandbox(redelivery_delays=(0.0, 0.05, 0.05)) as sandbox:
        sandbox.people.add_person("alice")
        sandbox.people.add_channel("ops", members=["alice", "scribe"])

        def make(*, ping_interval: float = 60.0, silent_after: float = 60.0) -> Line:
            lines.append(Line(sandbox, ping_interval=ping_interval, silent_after=silent_after))
            return lines[-1]

        yield make
        for line in lines:
            line.close()


def moment() -> datetime:
    return datetime.now(UTC) + AHEAD


@pytest.mark.parametrize("abrupt", [False, True])
def test_cut_connection_is_replaced_at_once_and_the_stretch_without_is_told(connect: Connect, *, abrupt: bool) -> None:
    line = connect(ping_interval=0.5 if abrupt else 60)
    began = moment()
    time.sleep(0.2)
    cut_at = moment()
    line.sandbox.faults.cut_sockets(abrupt=abrupt)
    line.wait(lambda: bool(line.notes.told))
    (missed,) = line.notes.told
    assert missed.cause is GapCause.DISCONNECTED
    assert began - timedelta(seconds=5) < missed.from_at <= cut_at < missed.to_at <= moment()
    assert line.watch.is_listening()
    line.sandbox.people.say("alice", "ops", "are you there?")
    line.sandbox.wait_idle()
    assert line.sandbox.sockets.lost == []


def test_nothing_comes_in_until_slack_lets_it_connect_again(connect: Connect) -> None:
    line = connect(ping_interval=0.5)
    line.sandbox.faults.api("apps.connections.open", server_error(), times=2)
    line.sandbox.faults.cut_sockets()
    line.wait(lambda: not line.watch.is_listening())
    assert line.notes.told == []
    line.wait(lambda: bool(line.notes.told))
    assert line.watch.is_listening()
    assert [missed.cause for missed in line.notes.told] == [GapCause.DISCONNECTED]


def test_renewed_connection_is_no_gap(connect: Connect) -> None:
    line = connect()
    before = line.sandbox.sockets.connections_made
    line.sandbox.faults.refresh_sockets()
    line.wait(lambda: line.sandbox.sockets.connections_made > before)
    # Longer than the stand-in leaves the old connection open, and than two looks are apart.
    time.sleep(2.5)
    assert line.watch.is_listening()
    assert line.notes.told == []


def test_silent_connection_is_replaced(connect: Connect) -> None:
    # No ping within the test: nothing at all is heard, as on a connection that a network has forgotten.
    line = connect(silent_after=1.0)
    before = line.sandbox.sockets.connections_made
    line.wait(lambda: bool(line.notes.told))
    assert line.sandbox.sockets.connections_made > before
    missed = line.notes.told[0]
    assert missed.cause is GapCause.SILENT
    assert timedelta(seconds=1) < missed.to_at - missed.from_at < timedelta(seconds=10)


def test_connection_that_answers_pings_is_not_silent(connect: Connect) -> None:
    line = connect(ping_interval=0.3, silent_after=1.5)
    time.sleep(3)
    assert line.notes.told == []


def test_connection_that_somebody_doubts_is_replaced_once_a_minute_without_a_gap(connect: Connect) -> None:
    line = connect()
    before = line.sandbox.sockets.connections_made
    line.sandbox.faults.silence_sockets()
    for _ in range(3):
        line.watch.reconnect()
    line.wait(lambda: line.notes.doubts == 1)
    line.watch.reconnect()
    time.sleep(1.5)
    assert line.sandbox.sockets.connections_made == before + 1
    assert line.notes.doubts == 1
    assert line.notes.told == []
    line.sandbox.people.say("alice", "ops", "are you there?")
    line.sandbox.wait_idle()
    assert line.sandbox.sockets.deliveries[-1].acked


def test_what_can_not_be_stored_is_told_again(connect: Connect) -> None:
    line = connect()
    line.notes.refusals = 2
    line.sandbox.faults.cut_sockets()
    line.wait(lambda: bool(line.notes.told))
    assert len(line.notes.told) == 1
    assert line.notes.refusals == 0


def test_connection_that_is_let_go_of_is_not_taken_up_again(connect: Connect) -> None:
    line = connect()
    line.handler.client.auto_reconnect_enabled = False
    before = line.sandbox.sockets.connections_made
    line.sandbox.faults.cut_sockets()
    line.wait(lambda: not line.watch.is_listening())
    time.sleep(1.2)
    assert line.sandbox.sockets.connections_made == before


def record(line: str, pathname: str = "/slack_sdk/socket_mode/client.py") -> logging.LogRecord:
    return logging.LogRecord("slack_bolt.App", logging.ERROR, pathname, 1, line, None, None)


def test_same_line_of_the_sdk_is_logged_once_a_minute() -> None:
    sparing = SparingFilter()
    lines = ["Failed to connect (session id: 1)", "Failed to connect (session id: 2)", "Other (session id: 1)"]
    assert [sparing.filter(record(line)) for line in lines] == [True, False, True]
    others = [record("Failed to run listener (error)", "/slack_bolt/listener.py") for _ in range(3)]
    assert all(sparing.filter(one) for one in others)
