"""Ground rule: commit before ack. What was acknowledged is stored; what is not stored stays unacknowledged and comes
again.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.domain.messages import CaptureRecord
from storage.writer import NotStoredError, Settle
from tests.scenarios.stage import Room, Stage

Json = dict[str, Any]


def file_of(stage: Stage) -> str:
    return stage.database_url.removeprefix("sqlite:///")


def ask_database(stage: Stage, query: str, *values: object) -> list[Any]:
    """Ask through a connection of one's own, as another program would."""
    connection = sqlite3.connect(file_of(stage))
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def stored(stage: Stage, ts: str) -> int:
    return int(ask_database(stage, "SELECT count(*) FROM messages WHERE ts = ?", ts)[0][0])


def delivered(stage: Stage, ts: str) -> tuple[int, bool]:
    """Return how often this message was delivered, and whether it was acknowledged."""
    found = [one for one in list(stage.sandbox.sockets.deliveries) if one.payload["event"].get("ts") == ts]
    return (found[0].attempts, found[0].acked) if found else (0, False)


@contextmanager
def hasty(stage: Stage, seconds: float = 0.4) -> Iterator[None]:
    """Let Slack wait for acknowledgements only so long."""
    usual, stage.sandbox.sockets.ack_timeout = stage.sandbox.sockets.ack_timeout, seconds
    try:
        yield
    finally:
        stage.sandbox.sockets.ack_timeout = usual


def test_message_is_not_acknowledged_while_it_is_not_committed(stage: Stage) -> None:
    room = stage.declare("Checkout errors")
    with hasty(stage):
        with stage.application.world.database.transaction():
            ts = stage.people.say("ana", room.channel, "Held up")
            stage.wait_until(lambda: delivered(stage, ts)[0] >= 2)
            assert (delivered(stage, ts), stored(stage, ts)) == ((2, False), 0)
        stage.settle()
    assert (delivered(stage, ts), stored(stage, ts)) == ((2, True), 1)


def test_message_that_could_not_be_committed_comes_again_and_is_stored_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.declare("Checkout errors")
    writer = stage.application.world.writer
    hand_in, tries = writer.hand_in, []

    def fail_twice(records: list[CaptureRecord], settle: Settle) -> None:
        tries.append(records)
        if len(tries) <= 2:
            raise NotStoredError("not committed in time")
        hand_in(records, settle)

    monkeypatch.setattr(writer, "hand_in", fail_twice)
    with hasty(stage):
        ts = stage.people.say("ana", room.channel, "Third time lucky")
        stage.settle()
    assert (delivered(stage, ts), stored(stage, ts)) == ((3, True), 1)


def test_defect_while_capturing_leaves_the_message_unacknowledged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.declare("Checkout errors")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("storage.writer.capture.save", fail)
    with hasty(stage):
        ts = stage.people.say("ana", room.channel, "Nobody hears")
        stage.sandbox.wait_idle()
    assert delivered(stage, ts) == (4, False)


class Watching:
    """Looks into the database at the moment at which each acknowledgement comes in."""

    def __init__(self, stage: Stage, is_stored: Callable[[Json], bool]) -> None:
        self.seen: list[bool] = []
        self._is_stored = is_stored
        self._sent: dict[str, Json] = {}
        sockets = stage.sandbox.sockets
        self._send, self._receive = sockets._send, sockets._receive
        self.patches = {"_send": self._on_send, "_receive": self._on_receive}

    async def _on_send(self, connection: Any, envelope: Json) -> None:
        self._sent[envelope.get("envelope_id", "")] = envelope.get("payload", {})
        await self._send(connection, envelope)

    def _on_receive(self, text: str) -> None:
        payload = self._sent.get(json.loads(text).get("envelope_id", ""))
        if payload is not None:
            self.seen.append(self._is_stored(payload))
        self._receive(text)


def watch(stage: Stage, monkeypatch: pytest.MonkeyPatch, is_stored: Callable[[Json], bool]) -> Watching:
    watching = Watching(stage, is_stored)
    for name, patch in watching.patches.items():
        monkeypatch.setattr(stage.sandbox.sockets, name, patch)
    return watching


def test_every_message_is_visible_to_others_when_its_acknowledgement_arrives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.declare("Checkout errors")
    watching = watch(stage, monkeypatch, lambda payload: stored(stage, payload["event"]["ts"]) == 1)
    for number in range(60):
        stage.people.say("ana", room.channel, f"message {number}")
    stage.settle()
    assert watching.seen == [True] * 60


def test_every_vote_edit_and_deletion_is_visible_when_its_acknowledgement_arrives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.declare("Checkout errors")
    ts = stage.people.say("ana", room.channel, "first words")
    stage.settle()
    queries = {
        "reaction_added": "SELECT count(*) FROM votes WHERE is_on AND ts = ?",
        "reaction_removed": "SELECT count(*) FROM votes WHERE NOT is_on AND ts = ?",
        "message_changed": "SELECT count(*) FROM messages WHERE text = 'better words' AND ts = ?",
        "message_deleted": "SELECT count(*) FROM messages WHERE is_deleted AND text = '' AND ts = ?",
    }

    def is_stored(payload: Json) -> bool:
        event = payload["event"]
        return bool(ask_database(stage, queries[event.get("subtype") or event["type"]], ts)[0][0])

    watching = watch(stage, monkeypatch, is_stored)
    stage.people.react("ana", room.channel, ts, "eyes")
    stage.settle()
    stage.people.unreact("ana", room.channel, ts, "eyes")
    stage.settle()
    stage.people.edit("ana", room.channel, ts, "better words")
    stage.settle()
    stage.people.delete("ana", room.channel, ts)
    stage.settle()
    assert watching.seen == [True] * 4


def test_command_is_carried_out_and_visible_when_its_acknowledgement_arrives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.declare("Checkout errors")
    query = "SELECT count(*) FROM impacts WHERE text = ?"
    watching = watch(
        stage, monkeypatch, lambda payload: "command" not in payload or bool(ask_database(stage, query, "many")[0][0])
    )
    stage.type("ana", room.channel, "/incident impact many")
    assert watching.seen == [True]


def test_declaration_is_stored_with_its_work_when_its_acknowledgement_arrives(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT count(*) FROM due_items WHERE kind = 'open'"
    before = ask_database(stage, query)[0][0]
    watching = watch(stage, monkeypatch, lambda _: ask_database(stage, query)[0][0] == before + 1)
    stage.type("ana", "general", "/incident start Checkout errors")
    assert watching.seen[0] is True
    stage.settle()


def test_command_during_a_lock_says_in_time_that_nothing_was_saved(stage: Stage) -> None:
    room: Room = stage.declare("Checkout errors")
    lock = sqlite3.connect(file_of(stage), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answer = stage.type("ana", room.channel, "/incident impact nobody")
    lock.execute("COMMIT")
    lock.close()
    assert "nothing was saved. Please send it again." in answer
    assert "/incident impact nobody" in answer
    assert ask_database(stage, "SELECT count(*) FROM impacts WHERE text = 'nobody'") == [(0,)]
