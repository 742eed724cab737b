"""Ground rule: every delivery may come again, late and out of order; it is carried out once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.doing import undo
from tests.faults.posted import in_room, purposes
from tests.scenarios.stage import Room, Stage

Json = dict[str, Any]


class Postman:
    """Keeps what Slack sent of commands, presses and forms, and sends it once more."""

    def __init__(self, stage: Stage) -> None:
        self.sockets = stage.sandbox.sockets
        self.sent: list[tuple[str, Json]] = []
        self._send_once = self.sockets.send_once

    def send_once(self, kind: str, payload: Json, on_ack: Callable[[Json], Any] | None = None) -> Any:
        self.sent.append((kind, payload))
        return self._send_once(kind, payload, on_ack)

    def send_again(self, times: int = 2) -> list[Json]:
        """Send the last one again, at once; return the payloads of the acknowledgements."""
        acks = [future.result(5) for future in [self._send_once(*self.sent[-1]) for _ in range(times)]]
        assert all(ack.acked for ack in acks)
        return [ack.payload for ack in acks]


@pytest.fixture
def postman(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postman]:
    keeping = Postman(stage)
    monkeypatch.setattr(stage.sandbox.sockets, "send_once", keeping.send_once)
    yield keeping
    stage.settle()


@pytest.fixture
def room(stage: Stage) -> Room:
    return stage.declare("Checkout errors")


def declared(stage: Stage) -> int:
    return purposes(stage.screen, "incidents")["announcement"]


def test_command_delivered_again_gets_its_answer_again_and_adds_nothing(
    stage: Stage, room: Room, postman: Postman
) -> None:
    first = stage.people.command("ana", room.channel, "/incident", "action Add an alert @ben due 2030-01-01")
    for again in postman.send_again():
        assert again["text"] == first.text
        assert again["blocks"] == first.blocks
    assert "1 action" in stage.info("ana", room)


def test_declaration_delivered_again_makes_one_incident(stage: Stage, postman: Postman) -> None:
    before = declared(stage)
    answer = stage.people.command("ana", "general", "/incident", "start Twice delivered")
    assert [again["text"] for again in postman.send_again()] == [answer.text] * 2
    stage.settle()
    assert declared(stage) == before + 1


def test_press_delivered_again_moves_the_status_once(stage: Stage, room: Room, postman: Postman) -> None:
    header = stage.header(room)
    stage.people.press("ana", room.channel, header["ts"], "header.move.identified")
    postman.send_again()
    stage.settle()
    assert in_room(stage, room)["line"] == 1
    (answer,) = stage.whispered("ana", room.channel)
    assert answer.startswith(f"{room.incident_id} is identified.")


def test_undo_delivered_again_takes_one_thing_back(stage: Stage, room: Room, postman: Postman) -> None:
    stage.type("ana", room.channel, "/incident impact 1,200 orders lost")
    stage.type("ana", room.channel, "/incident impact 4,700 orders lost")
    undo(stage, "ana", room.channel)
    postman.send_again()
    stage.settle()
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    (file,) = [one for one in stage.screen.files() if one.name.startswith(room.incident_id)]
    assert "1,200 orders" in file.text
    assert "4,700 orders" not in file.text


def test_draft_asked_for_again_by_the_same_delivery_is_one_revision(stage: Stage, room: Room, postman: Postman) -> None:
    stage.type("ana", room.channel, "/postmortem draft")
    postman.send_again()
    stage.settle()
    postman.send_again()
    stage.settle()
    names = [one.name for one in stage.screen.files() if one.name.startswith(room.incident_id)]
    assert names == [f"{room.incident_id}-draft-1.md"]


def test_submitted_form_delivered_again_declares_once(stage: Stage, postman: Postman) -> None:
    before = declared(stage)
    stage.people.command("ana", "general", "/incident", "start")
    stage.people.submit("ana", values={"title": "From a form"})
    postman.send_again()
    stage.settle()
    assert declared(stage) == before + 1


def test_shortcut_delivered_again_makes_one_entry(stage: Stage, room: Room, postman: Postman) -> None:
    ts = stage.people.say("ben", "general", "elsewhere")
    stage.people.join("ben", room.channel)
    ts = stage.people.say("ben", room.channel, "The pool is full")
    stage.people.message_shortcut("ana", room.channel, ts, "add_to_timeline")
    postman.send_again()
    stage.settle()
    assert stage.stands("ana", room).count("The pool is full") == 1


def live_through(stage: Stage, room: Room) -> None:
    """Let people talk, change their minds and vote; every act is an event."""
    people = stage.people
    people.join("ben", room.channel)
    kept = people.say("ana", room.channel, "first words")
    people.react("ana", room.channel, kept, "pushpin")
    people.edit("ana", room.channel, kept, "better words")
    people.react("ben", room.channel, kept, "pushpin")
    people.unreact("ana", room.channel, kept, "pushpin")
    people.unfurl(room.channel, kept, url="https://example.com/")
    dropped = people.say("ben", room.channel, "voted off again")
    people.react("ben", room.channel, dropped, "pushpin")
    people.unreact("ben", room.channel, dropped, "pushpin")
    gone = people.say("ben", room.channel, "taken back")
    people.react("ana", room.channel, gone, "pushpin")
    people.delete("ben", room.channel, gone)
    reply = people.say("ana", room.channel, "in the thread", thread=kept)
    people.react("ben", room.channel, reply, "pushpin")


def said_on_the_timeline(stage: Stage, room: Room) -> list[str]:
    shown = stage.timeline("ana", room)
    words = ("first words", "better words", "voted off again", "taken back", "in the thread")
    return [one for one in words if one in shown]


@pytest.mark.parametrize("seed", range(4))
def test_events_in_any_order_give_the_same_timeline(stage: Stage, room: Room, seed: int) -> None:
    stage.sandbox.faults.reorder_events(15, seed=seed)
    live_through(stage, room)
    stage.sandbox.faults.release_held_events()
    stage.settle()
    assert said_on_the_timeline(stage, room) == ["better words", "in the thread"]


def test_events_delivered_twice_give_the_same_timeline(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.double_events(99)
    live_through(stage, room)
    stage.settle()
    assert said_on_the_timeline(stage, room) == ["better words", "in the thread"]


def test_reaction_on_a_message_that_was_never_delivered_fetches_that_message(stage: Stage, room: Room) -> None:
    stage.people.join("ben", room.channel)
    parent = stage.people.say("ana", room.channel, "the parent")
    stage.sandbox.faults.drop_events(2, when=lambda event: event.get("text", "").startswith("lost"))
    lost = stage.people.say("ben", room.channel, "lost on the way")
    reply = stage.people.say("ben", room.channel, "lost in the thread", thread=parent)
    for ts in (lost, reply):
        stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    shown = stage.timeline("ana", room)
    assert "lost on the way" in shown
    assert "lost in the thread" in shown
    assert "the parent" not in shown


def test_reaction_on_the_bots_own_message_makes_no_entry(stage: Stage, room: Room) -> None:
    """The bot's own posts and marks don't count, also where a reaction leads to them."""
    header = stage.header(room)
    stage.people.react("ana", room.channel, header["ts"], "pushpin")
    stage.settle()
    assert not stage.is_marked(room, header["ts"])
    assert "0 messages" in stage.info("ana", room)


def test_votes_of_guests_and_bots_do_not_count(stage: Stage, room: Room) -> None:
    stage.people.add_person(f"guest-{room.name[-6:]}", guest=True)
    guest = f"guest-{room.name[-6:]}"
    stage.people.invite("ana", room.channel, guest)
    ts = stage.people.say("ana", room.channel, "only a guest liked this")
    stage.people.react(guest, room.channel, ts, "pushpin")
    stage.settle()
    assert not stage.is_marked(room, ts)
    assert "only a guest liked this" not in stage.timeline("ana", room)


def read_as_mrkdwn(node: Any) -> Iterator[str]:
    """Yield every text of a message in which Slack looks for mentions; plain_text is shown as it is."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str) and node.get("type") != "plain_text":
            yield node["text"]
        for inner in node.values():
            yield from read_as_mrkdwn(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from read_as_mrkdwn(inner)


def test_text_is_escaped_once_at_each_exit(stage: Stage, room: Room) -> None:
    """What people type can notify nobody and stays as typed: in the answer, in the channel, in the report."""
    hostile = "a < b & c > d <!channel> *bold* @here"
    typed = stage.sandbox.people.typed(hostile)
    ts = stage.people.say("ana", room.channel, typed)
    stage.people.react("ana", room.channel, ts, "pushpin")
    answer = stage.people.command("ana", room.channel, "/incident", f"impact {hostile}")
    stage.type("ana", room.channel, f"/incident title {hostile}")
    stage.settle()
    assert "a &lt; b &amp; c &gt; d" in str(answer.blocks)
    assert "&amp;lt;" not in str(answer.blocks)
    posted = [text for message in stage.screen.from_bot(room.channel) for text in read_as_mrkdwn(message)]
    assert any("&lt;!channel&gt;" in text for text in posted)
    assert [text for text in posted if "<!" in text and "<!date" not in text] == []
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    (file,) = [one for one in stage.screen.files() if one.name.startswith(room.incident_id)]
    assert "&amp;lt;" not in file.text
    assert "&amp;amp;" not in file.text
