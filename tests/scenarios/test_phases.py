"""Reactions that say more: SCRIBE_EMOJI=phases."""

import re

import pytest

from tests.scenarios.stage import Room, Stage


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SCRIBE_EMOJI": "phases"}


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    room = stage.declare("Phases")
    stage.people.join("ben", room.channel)
    return room


def react(stage: Stage, room: Room, text: str, *emoji: str) -> str:
    """Says something and reacts to it, in this order; returns the message's ts."""
    ts = stage.people.say("ana", room.channel, text)
    for one in emoji:
        stage.people.react("ben", room.channel, ts, one)
    stage.settle()
    return ts


def line_of(stage: Stage, room: Room, text: str) -> str:
    """Returns the timeline's words about one message: its line and the small print below it."""
    lines = stage.timeline("ana", room).split("\n")
    at = next((number for number, line in enumerate(lines) if text in line), None)
    return "" if at is None else "\n".join(lines[at : at + 2])


@pytest.mark.parametrize(
    ("emoji", "phase"),
    [
        ("rotating_light", "detection"),
        ("mag", "investigation"),
        ("wrench", "mitigation"),
        ("checkered_flag", "resolution"),
        ("scales", "key decision"),
    ],
)
def test_emoji_makes_an_entry_of_its_phase(stage: Stage, room: Room, emoji: str, phase: str) -> None:
    ts = react(stage, room, f"said for {emoji}", emoji)
    assert line_of(stage, room, f"said for {emoji}").endswith(f" · {phase}_")
    assert stage.is_marked(room, ts)


def test_pushpin_makes_an_entry_without_a_phase(stage: Stage, room: Room) -> None:
    react(stage, room, "plain entry", "pushpin")
    assert re.fullmatch(r"_\d\d:\d\d UTC · <@\w+>_", line_of(stage, room, "plain entry").split("\n")[1])


def test_skin_tone_of_an_emoji_does_not_matter(stage: Stage, room: Room) -> None:
    react(stage, room, "toned entry", "pushpin::skin-tone-3")
    assert line_of(stage, room, "toned entry")


def test_phase_that_was_given_last_wins(stage: Stage, room: Room) -> None:
    ts = react(stage, room, "two phases", "mag", "wrench")
    assert "mitigation" in line_of(stage, room, "two phases")
    stage.people.react("ana", room.channel, ts, "mag")
    stage.settle()
    assert "investigation" in line_of(stage, room, "two phases")


def test_key_decision_keeps_the_phase_beside_it(stage: Stage, room: Room) -> None:
    react(stage, room, "decided to roll back", "wrench", "scales")
    assert "mitigation · key decision" in line_of(stage, room, "decided to roll back")


def test_phase_taken_off_leaves_what_the_others_say(stage: Stage, room: Room) -> None:
    ts = react(stage, room, "changed its phase", "mag", "wrench")
    stage.people.unreact("ben", room.channel, ts, "wrench")
    stage.settle()
    assert "investigation" in line_of(stage, room, "changed its phase")


@pytest.mark.parametrize(
    ("emoji", "words"),
    [
        ("bulb", "a lesson"),
        ("dart", "an action"),
        ("boom", "an impact"),
    ],
)
def test_proposal_is_shown_beside_the_entries(stage: Stage, emoji: str, words: str) -> None:
    room = stage.declare(f"Proposing {emoji}")
    stage.people.join("ben", room.channel)
    ts = react(stage, room, f"worth keeping {emoji}", emoji)
    shown = stage.type("ana", room.channel, "/incident timeline")
    assert f"Proposed as {words}: worth keeping {emoji}" in shown
    assert not stage.is_marked(room, ts)
    assert f"worth keeping {emoji}" not in shown.split("Proposed")[0]


def test_reactions_never_move_the_status(stage: Stage) -> None:
    room = stage.declare("Flags")
    stage.people.join("ben", room.channel)
    react(stage, room, "all good now", "checkered_flag")
    assert "investigating" in stage.info("ana", room)
