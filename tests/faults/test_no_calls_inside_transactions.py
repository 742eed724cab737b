"""Ground rule: no call to Slack while a transaction is open, neither a writing nor a reading one."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from storage.database import Connection, Database
from tests.faults.doing import undo
from tests.scenarios.stage import Room, Stage

Opener = Callable[[Database], AbstractContextManager[Connection]]


class Watch:
    """Notes each HTTP request of the bot, and those that are made while the same thread holds a transaction."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.inside: list[str] = []
        self._open = threading.local()

    def opener(self, original: Opener) -> Callable[[Database], AbstractContextManager[Connection]]:
        @contextmanager
        def opened(database: Database) -> Iterator[Connection]:
            self._open.count = getattr(self._open, "count", 0) + 1
            try:
                with original(database) as connection:
                    yield connection
            finally:
                self._open.count -= 1

        return opened

    def requester(self, original: Callable[..., None]) -> Callable[..., None]:
        def request(connection: http.client.HTTPConnection, method: str, url: str, *rest: Any, **named: Any) -> None:
            self.requests.append(url)
            if getattr(self._open, "count", 0):
                self.inside.append(url)
            original(connection, method, url, *rest, **named)

        return request


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watching = Watch()
    monkeypatch.setattr(Database, "transaction", watching.opener(Database.transaction))
    monkeypatch.setattr(Database, "reading", watching.opener(Database.reading))
    monkeypatch.setattr(http.client.HTTPConnection, "request", watching.requester(http.client.HTTPConnection.request))
    return watching


def live_through(stage: Stage) -> Room:
    """Let an incident happen, from its declaration to its second follow-up."""
    room = stage.declare("Checkout errors --sev 1")
    people = stage.people
    people.join("ben", room.channel)
    ts = people.say("ben", room.channel, "The pool is full, <@U0000000001>")
    people.react("ana", room.channel, ts, "pushpin")
    people.react("cleo", "incidents", stage.screen.messages("incidents")[-1]["ts"], "eyes")
    stage.settle()
    people.unreact("ana", room.channel, ts, "pushpin")
    people.message_shortcut("ana", room.channel, ts, "add_to_timeline")
    for command in (
        "role lead @ben",
        "identified",
        "note 1 minute ago Rolled back",
        "action Add an alert @ben due 2030-01-01",
        "severity 2",
        "title Checkout errors everywhere",
        "task restart the workers @ben",
        "tasks",
        "catchup",
        "timeline",
        "info",
        "list",
        "resolve",
        "help",
    ):
        stage.type("ana", room.channel, f"/incident {command}")
    undo(stage, "ana", room.channel)
    hand_over(stage, room)
    stage.type("ana", room.channel, "/incident resolve")
    people.open_home("ben")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    stage.pass_time(days=31)
    follow_up = stage.screen.from_bot(room.channel)[-1]
    people.press("ben", room.channel, follow_up["ts"], "followup.action.1", selected="Done")
    stage.settle()
    stage.pass_time(days=30)
    return room


def hand_over(stage: Stage, room: Room) -> None:
    """Let Ben, who leads, hand over to Cleo, who takes a task afterwards."""
    stage.people.command("ben", room.channel, "/incident", "handover @cleo")
    stage.people.submit("ben", "handover", {"risks": "The evening peak"})
    stage.people.close_modal("ben", everything=True)
    stage.settle()
    stage.people.press("cleo", room.channel, stage.screen.from_bot(room.channel)[-1]["ts"], "handover.accept")
    stage.type("cleo", room.channel, "/incident tasks")
    listed = stage.screen.ephemerals("cleo", room.channel)[-1]["ts"]
    stage.people.press("cleo", room.channel, listed, "tasks.move.1", selected="Take it")
    stage.settle()
    stage.people.press("cleo", room.channel, stage.header(room)["ts"], "header.catch_up")
    stage.settle()


def test_whole_journey_makes_no_call_while_a_transaction_is_open(stage: Stage, watch: Watch) -> None:
    live_through(stage)
    assert len(watch.requests) > 30
    assert watch.inside == []


def tell_and_ask(stage: Stage) -> None:
    """Let people tell those outside, ask for what is known, write the postmortem, and lead one where they talk."""
    stage.people.add_usergroup("legal", ["ana"])
    room, other = stage.declare("Payments are slow --sev 2"), stage.declare("Payments are slow too")
    channel = stage.people.add_channel("payments", members=["ana", "ben"])
    stage.people.say("ben", channel, "payments hang")
    for typed in (
        "update We are at it, @ben next 30m",
        "type process",
        "service payments",
        "team Payments",
        f"link {other.incident_id}",
        "impact 1 in 5 payments failed",
        "cause root The pool has no limit @cleo",
        "why The pool was full",
        "whys",
        "lesson unknown why it was quick",
        "snooze 30m",
        f"{other.incident_id} merge {room.incident_id}",
        "resolve",
    ):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.settle()
    stage.people.say("ana", room.channel, stage.people.typed("@scribe note said in a thread @ben"))
    for typed in ("draft --audience customer", "review", "due 2030-01-01", "meeting 2030-01-01 10:00", "export html"):
        stage.type("ana", room.channel, f"/postmortem {typed}")
        stage.settle()
    for typed in ("approve customer", "search payments", "similar", "quarter", "list", "waive it was nothing"):
        stage.type("ana", room.channel, f"/postmortem {typed}")
    undo(stage, "ana", room.channel)
    stage.type("ana", channel, "/incident start Payments hang --here")
    stage.settle()
    stage.people.press("ana", channel, stage.screen.ephemerals("ana", channel)[-1]["ts"], "adoption.take_in")
    stage.settle()
    stage.people.command("ana", channel, "/incident", "impact")
    stage.people.submit("ana", "impact", {"text": "payments of @ben hung"})
    stage.people.close_modal("ana", everything=True)
    stage.people.rename(channel, "payments-again", "ana")
    stage.people.convert_to_private(channel, "ana")
    stage.settle()


def test_telling_asking_writing_and_adopting_make_no_call_while_a_transaction_is_open(
    stage: Stage, watch: Watch
) -> None:
    tell_and_ask(stage)
    assert len(watch.requests) > 30
    assert watch.inside == []


def test_watch_would_notice_a_call_inside_a_transaction(stage: Stage, watch: Watch) -> None:
    world = stage.application.world
    for open_one in (world.database.transaction, world.database.reading):
        with open_one():
            world.channels.direct(stage.people.add_person(f"dora{len(watch.inside)}"))
    assert len(watch.inside) == 2
