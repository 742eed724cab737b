"""Shortcuts on a message: Add to timeline, Keep out of the report."""

import pytest

from tests.scenarios.stage import Room, Stage

ADD, KEEP_OUT = "add_to_timeline", "keep_out"


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    room = stage.declare("Shortcuts")
    stage.people.join("ben", room.channel)
    stage.people.add_person("visitor", guest=True)
    stage.people.invite("ana", room.channel, "visitor")
    stage.settle()
    return room


def choose(stage: Stage, user: str, channel: str, ts: str, shortcut: str) -> str:
    """Chooses a shortcut on a message and returns what the person is answered."""
    assert stage.people.message_shortcut(user, channel, ts, shortcut).acked
    stage.settle()
    return stage.whispered(user, channel)[-1]


def test_message_is_added_to_the_timeline_and_marked(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "added by hand")
    assert choose(stage, "ana", room.channel, ts, ADD) == f"On the timeline of {room.incident_id}."
    assert "added by hand" in stage.timeline("ana", room)
    assert stage.is_marked(room, ts)


def test_message_added_twice_stands_once(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "added twice")
    for user in ("ana", "ben"):
        choose(stage, user, room.channel, ts, ADD)
    assert stage.timeline("ana", room).count("added twice") == 1


def test_thread_reply_is_added_with_its_own_words(stage: Stage, room: Room) -> None:
    parent = stage.people.say("ben", room.channel, "the question")
    reply = stage.people.say("ana", room.channel, "the answer in the thread", thread=parent)
    choose(stage, "ana", room.channel, reply, ADD)
    shown = stage.timeline("ana", room)
    assert "the answer in the thread" in shown
    assert "the question" not in shown


def test_message_that_was_never_delivered_can_be_added(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.drop_events(1, when=lambda event: event["type"] == "message")
    ts = stage.people.say("ben", room.channel, "never delivered")
    choose(stage, "ana", room.channel, ts, ADD)
    assert "never delivered" in stage.timeline("ana", room)


def test_message_kept_out_loses_its_entry_and_no_later_reaction_brings_it_back(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "better not printed")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert choose(stage, "ben", room.channel, ts, KEEP_OUT) == "That message stays out of the report.\nUndo"
    assert not stage.is_marked(room, ts)
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.people.edit("ben", room.channel, ts, "better not printed at all")
    stage.settle()
    assert "better not printed" not in stage.timeline("ana", room)
    assert not stage.is_marked(room, ts)
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    report = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]
    assert "better not printed" not in report


def test_message_kept_out_before_any_reaction_stays_out(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "out from the start")
    stage.settle()
    choose(stage, "ben", room.channel, ts, KEEP_OUT)
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert "out from the start" not in stage.timeline("ana", room)


def test_message_that_was_never_delivered_can_be_kept_out(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.drop_events(1, when=lambda event: event["type"] == "message")
    ts = stage.people.say("ben", room.channel, "unheard and unwanted")
    assert choose(stage, "ben", room.channel, ts, KEEP_OUT) == "That message stays out of the report.\nUndo"
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert "unheard and unwanted" not in stage.timeline("ana", room)


def test_adding_again_by_hand_brings_a_kept_out_message_back(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "in after all")
    stage.settle()
    choose(stage, "ben", room.channel, ts, KEEP_OUT)
    choose(stage, "ben", room.channel, ts, ADD)
    assert "in after all" in stage.timeline("ana", room)
    assert stage.is_marked(room, ts)


@pytest.mark.parametrize("shortcut", [ADD, KEEP_OUT])
def test_own_messages_of_the_bot_are_refused(stage: Stage, room: Room, shortcut: str) -> None:
    said = choose(stage, "ana", room.channel, stage.header(room)["ts"], shortcut)
    assert said == "The bot's own messages don't go on the timeline."


@pytest.mark.parametrize("shortcut", [ADD, KEEP_OUT])
def test_message_outside_an_incident_is_refused(stage: Stage, shortcut: str) -> None:
    ts = stage.people.say("ana", "general", "just talking")
    said = choose(stage, "ana", "general", ts, shortcut)
    assert said == "This is not an incident's channel, so its messages are on no timeline."


@pytest.mark.parametrize("shortcut", [ADD, KEEP_OUT])
def test_guest_is_refused(stage: Stage, room: Room, shortcut: str) -> None:
    ts = stage.people.say("visitor", room.channel, "said by a guest")
    assert choose(stage, "visitor", room.channel, ts, shortcut).startswith("Guests can't mark messages")
    assert "said by a guest" not in stage.timeline("ana", room)


def test_keeping_out_can_be_undone(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "kept out by mistake")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    choose(stage, "ana", room.channel, ts, KEEP_OUT)
    answer = stage.screen.ephemerals("ana", room.channel)[-1]
    stage.people.press("ana", room.channel, answer["ts"], "answer.undo")
    stage.settle()
    assert "kept out by mistake" in stage.timeline("ana", room)
    assert stage.is_marked(room, ts)
