"""Ground rule: captured deliveries take the short way past Bolt, where nothing is acknowledged without its commit."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse

from bot.slack.connect import SocketConnection
from storage import capture
from tests.scenarios.stage import Room, Stage, socket_of

Json = dict[str, Any]


@pytest.fixture
def room(stage: Stage) -> Room:
    return stage.declare("Checkout errors")


@pytest.fixture
def to_bolt(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of everything that Bolt is given."""
    seen: list[str] = []
    bolt = stage.application.bolt
    dispatch = bolt.dispatch

    def watched(request: BoltRequest) -> BoltResponse:
        seen.append(request.body.get("event", request.body).get("type", request.body.get("command")))
        return dispatch(request)

    monkeypatch.setattr(bolt, "dispatch", watched)
    return seen


def stored(stage: Stage, room: Room) -> dict[str, str]:
    """Return the texts of an incident's messages by their ts, as another program reads them."""
    connection = sqlite3.connect(stage.database_url.removeprefix("sqlite:///"))
    try:
        return dict(connection.execute("SELECT ts, text FROM messages WHERE channel_id = ?", [room.channel]))
    finally:
        connection.close()


def delivered(stage: Stage, ts: str) -> list[tuple[int, bool]]:
    """Return how often each delivery of this message was tried, and whether it was acknowledged."""
    found = [one for one in list(stage.sandbox.sockets.deliveries) if one.payload["event"].get("ts") == ts]
    return [(one.attempts, one.acked) for one in found]


@contextmanager
def hasty(stage: Stage, seconds: float = 0.4) -> Iterator[None]:
    """Let Slack wait for acknowledgements only so long."""
    usual, stage.sandbox.sockets.ack_timeout = stage.sandbox.sockets.ack_timeout, seconds
    try:
        yield
    finally:
        stage.sandbox.sockets.ack_timeout = usual


@contextmanager
def held(stage: Stage) -> Iterator[None]:
    """Keep the writer from committing, so that what comes meanwhile makes one batch."""
    with stage.application.world.database.transaction():
        yield


def test_what_people_do_in_a_channel_does_not_pass_through_bolt(stage: Stage, room: Room, to_bolt: list[str]) -> None:
    stage.people.join("ben", room.channel)
    stage.settle()
    # Slack also says it in the channel, which is noise.
    assert to_bolt == ["message"]
    ts = stage.people.say("ana", room.channel, "It is down")
    stage.people.edit("ana", room.channel, ts, "It was down")
    stage.people.react("ben", room.channel, ts, "eyes")
    stage.people.unreact("ben", room.channel, ts, "eyes")
    stage.settle()
    stage.people.leave("ben", room.channel)
    stage.settle()
    assert to_bolt == ["message"] * 2
    assert stored(stage, room)[ts] == "It was down"


def test_everything_else_reaches_bolt(stage: Stage, room: Room, to_bolt: list[str]) -> None:
    stage.type("ana", room.channel, "/incident info")
    stage.people.set_topic("ana", room.channel, "a new topic")
    stage.people.rename(room.channel, f"{room.name[:60]}-renamed")
    stage.people.say("ana", room.channel, f"<@{stage.sandbox.bot_user_id}> info")
    stage.settle()
    assert {"/incident", "message", "channel_rename", "app_mention"} <= set(to_bolt)


def test_what_the_bot_says_and_marks_itself_is_not_captured(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ana", room.channel, "It is down")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert stage.is_marked(room, ts)
    said = {message["ts"] for message in stage.screen.from_bot(room.channel)}
    assert said
    assert said & set(stored(stage, room)) == set()
    assert stage.sandbox.sockets.lost == []


def test_message_that_can_not_be_read_is_acknowledged_and_not_stored(stage: Stage, room: Room) -> None:
    odd = {"type": "message", "channel": room.channel, "user": "U1", "text": "odd", "ts": "no time"}
    stage.sandbox.sockets.send_event({"type": "event_callback", "team_id": "T0", "event": odd})
    stage.settle()
    assert delivered(stage, "no time") == [(1, True)]
    assert "odd" not in stored(stage, room).values()


def test_doubled_deliveries_are_acknowledged_each_and_stored_once(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.double_events(99)
    said = [stage.people.say("ana", room.channel, f"message {number}") for number in range(20)]
    stage.settle()
    assert [delivered(stage, ts) for ts in said] == [[(1, True), (1, True)]] * 20
    assert sorted(stored(stage, room)) == sorted(said)


def test_message_that_the_database_refuses_stays_unacknowledged_alone(
    stage: Stage, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = capture.save

    def refuse(connection: Any, records: Any, **fields: Any) -> bool:
        if any(getattr(record, "text", "") == "poison" for record in records):
            raise ValueError("refused")
        return save(connection, records, **fields)

    monkeypatch.setattr("storage.writer.capture.save", refuse)
    with hasty(stage), held(stage):
        said = [stage.people.say("ana", room.channel, text) for text in ("one", "poison", "two")]
        stage.wait_until(lambda: all(delivered(stage, ts) for ts in said))
    stage.settle()
    acked = [[was_acked for _, was_acked in delivered(stage, ts)] for ts in said]
    assert acked == [[True], [False], [True]]
    assert sorted(stored(stage, room).values()) == ["one", "two"]


def test_message_that_is_committed_too_late_comes_again_and_is_stored_once(
    stage: Stage, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writer.COMMIT_SECONDS", 0.1)
    with hasty(stage, 0.6):
        with held(stage):
            ts = stage.people.say("ana", room.channel, "slow disk")
            stage.wait_until(lambda: delivered(stage, ts) == [(1, False)])
            time.sleep(0.2)
        stage.wait_until(lambda: ts in stored(stage, room))
        stage.settle()
    assert delivered(stage, ts) == [(2, True)]
    assert stored(stage, room) == {ts: "slow disk"}


def test_message_for_which_there_is_no_room_comes_again(
    stage: Stage, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = stage.application.world.writer._queue
    monkeypatch.setattr(queue, "maxsize", 1)
    with hasty(stage):
        with held(stage):
            said = [stage.people.say("ana", room.channel, f"message {number}") for number in range(9)]
            stage.wait_until(lambda: all(delivered(stage, ts) for ts in said))
        stage.wait_until(lambda: all(delivered(stage, ts)[0][0] >= 2 for ts in said[4:]))
        monkeypatch.setattr(queue, "maxsize", 100)
        stage.settle()
    assert [delivered(stage, ts)[0][1] for ts in said] == [True] * 9
    assert sorted(stored(stage, room)) == sorted(said)


def test_connection_that_is_lost_before_the_commit_loses_no_message(stage: Stage, room: Room) -> None:
    with hasty(stage, 1.0):
        with held(stage):
            said = [stage.people.say("ana", room.channel, f"message {number}") for number in range(5)]
            stage.wait_until(lambda: all(delivered(stage, ts) for ts in said))
            stage.sandbox.faults.cut_sockets()
        stage.sandbox.wait_connected()
        stage.settle()
    assert [delivered(stage, ts)[0][1] for ts in said] == [True] * 5
    assert sorted(stored(stage, room)) == sorted(said)


def test_acknowledging_goes_on_after_one_could_not_be_sent(
    stage: Stage, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = socket_of(stage.application).client
    send, failing = client.send_message, iter([True])

    def fail_once(message: str) -> None:
        if next(failing, False):
            raise ConnectionError("gone")
        send(message)

    monkeypatch.setattr(client, "send_message", fail_once)
    with hasty(stage):
        said = [stage.people.say("ana", room.channel, f"message {number}") for number in range(3)]
        stage.settle()
    assert sorted(delivered(stage, ts)[0] for ts in said) == [(1, True), (1, True), (2, True)]
    assert sorted(stored(stage, room)) == sorted(said)


def in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_stopping_commits_and_acknowledges_what_was_taken_and_takes_nothing_more(tmp_path: Any) -> None:
    stage = Stage(tmp_path)
    stage.open()
    try:
        stage.start()
        room = stage.declare("Checkout errors")
        connection = stage.application.connection
        assert isinstance(connection, SocketConnection)
        with held(stage):
            taken = [stage.people.say("ana", room.channel, f"taken {number}") for number in range(5)]
            stage.wait_until(lambda: stage.application.world.writer._queue.qsize() >= 4)
            stopping = in_background(connection._lane.stop)
            stage.wait_until(lambda: not connection._lane._is_open)
            late = stage.people.say("ana", room.channel, "too late")
        stopping.join(5)
        stage.wait_until(lambda: all(delivered(stage, ts) == [(1, True)] for ts in taken))
        assert sorted(stored(stage, room)) == taken
        stage.stop(is_gentle=False)
        # The next to connect gets what was not taken.
        stage.start()
        stage.settle()
        assert stored(stage, room)[late] == "too late"
    finally:
        stage.close()
