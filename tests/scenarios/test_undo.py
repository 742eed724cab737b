"""Undo: once, by whoever typed it, and seen by those who saw what is taken back."""

import pytest

from bot.sandbox import SandboxError, visible_text
from tests.scenarios.stage import Room, Stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Undo {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    return room


def undo_button(stage: Stage, user: str, room: Room) -> str:
    """Returns the ts of the newest answer that offers Undo to this person."""
    offering = [one for one in stage.screen.ephemerals(user, room.channel) if "answer.undo" in str(one["blocks"])]
    return str(offering[-1]["ts"])


def press_undo(stage: Stage, user: str, room: Room) -> str:
    """Presses the newest Undo and returns what its message says then."""
    ts = undo_button(stage, user, room)
    stage.people.press(user, room.channel, ts, "answer.undo")
    stage.settle()
    return next(visible_text(one) for one in stage.screen.ephemerals(user, room.channel) if one["ts"] == ts)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("note restarted the workers", "restarted the workers"),
        ("set started 30 minutes ago", "The disruption started"),
        ("ack", "The incident was acknowledged"),
        ("identified", "The cause was identified"),
        ("mitigated -- rolled back", "rolled back"),
        ("resolve", "The incident was resolved"),
        ("cancel wrong probe", "The incident was cancelled"),
    ],
)
def test_undone_command_leaves_the_timeline(stage: Stage, room: Room, typed: str, words: str) -> None:
    stage.type("ana", room.channel, f"/incident {typed}")
    assert words in stage.timeline("ana", room)
    assert press_undo(stage, "ana", room) == "Undone."
    assert words not in stage.timeline("ana", room)


@pytest.mark.parametrize(
    ("typed", "changed", "again"),
    [
        ("severity 1", "SEV1", "Severity: SEV3 again, undone by @Ana Silva"),
        ("title Something else", "Something else", "Title: {title} again, undone by @Ana Silva"),
    ],
)
def test_undone_change_is_back_in_the_header_and_said_in_the_channel(
    stage: Stage, room: Room, typed: str, changed: str, again: str
) -> None:
    title = stage.header_text(room).splitlines()[0].partition(" · ")[2]
    stage.type("ana", room.channel, f"/incident {typed}")
    stage.settle()
    assert changed in stage.header_text(room)
    assert press_undo(stage, "ana", room) == "Undone."
    assert changed not in stage.header_text(room)
    assert changed not in stage.timeline("ana", room)
    assert stage.bot_said(room.channel)[-1] == again.format(title=title)


def counted(stage: Stage, room: Room) -> str:
    """What was entered, without the messages: how far those were compared changes with time."""
    line = stage.info("ana", room).split("Recorded: ")[1].splitlines()[0]
    return line.partition("messages, ")[2]


@pytest.mark.parametrize(
    "typed", ["impact 12 customers", "cause root No limit", "why no test", "lesson well Quick", "action Add a test"]
)
def test_undone_statement_is_not_counted_any_more(stage: Stage, room: Room, typed: str) -> None:
    before = counted(stage, room)
    stage.type("ana", room.channel, f"/incident {typed}")
    press_undo(stage, "ana", room)
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    report = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]
    assert typed.split(" ", 1)[1] not in report
    assert counted(stage, room) == before


def test_undone_status_gives_the_header_and_the_channel_the_one_before(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident identified")
    stage.type("ana", room.channel, "/incident mitigated")
    stage.settle()
    press_undo(stage, "ana", room)
    assert "*Status*\nIdentified" in stage.header_text(room)
    assert "Mitigated:" not in stage.info("ana", room)
    assert stage.bot_said(room.channel)[-1] == "Status: identified again, undone by @Ana Silva"


def test_undone_correction_gives_the_milestone_what_it_was(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident set started 30 minutes ago")
    before = stage.info("ana", room)
    stage.type("ana", room.channel, "/incident set started 20 minutes ago")
    press_undo(stage, "ana", room)
    started = next(line for line in before.split("\n") if line.startswith("Started"))
    assert started in stage.info("ana", room)


def test_undone_reopening_is_over_again_with_its_times(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident resolve")
    before = next(line for line in stage.info("ana", room).split("\n") if line.startswith("Resolved"))
    stage.type("ana", room.channel, "/incident reopen")
    press_undo(stage, "ana", room)
    shown = stage.info("ana", room)
    assert before in shown
    assert "· resolved ·" in shown


def test_undo_of_an_old_move_leaves_the_status_that_came_after(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident identified")
    ts = undo_button(stage, "ana", room)
    stage.type("ben", room.channel, "/incident mitigated")
    stage.people.press("ana", room.channel, ts, "answer.undo")
    stage.settle()
    assert "*Status*\nMitigated" in stage.header_text(room)
    assert "The cause was identified" not in stage.timeline("ana", room)


def test_undo_works_once(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident note once")
    ts = undo_button(stage, "ana", room)
    stored = next(one for one in stage.sandbox.workspace.ephemerals if one.ts == ts)
    blocks = [dict(block) for block in stored.blocks]
    stage.people.press("ana", room.channel, ts, "answer.undo")
    stage.settle()
    with pytest.raises(SandboxError):
        stage.people.press("ana", room.channel, ts, "answer.undo")
    # A client that has not drawn the answer yet can still send the press.
    stored.blocks = blocks
    stored.deleted = False
    stage.people.press("ana", room.channel, ts, "answer.undo")
    stage.settle()
    assert "That was undone before." in stage.whispered("ana", room.channel)


def test_undo_of_somebody_else_is_refused(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident note mine")
    stage.type("ben", room.channel, "/incident note another")
    mine = next(one for one in stage.sandbox.workspace.ephemerals if one.ts == undo_button(stage, "ana", room))
    others = next(one for one in stage.sandbox.workspace.ephemerals if one.ts == undo_button(stage, "ben", room))
    others.blocks = mine.blocks
    stage.people.press("ben", room.channel, others.ts, "answer.undo")
    stage.settle()
    assert stage.whispered("ben", room.channel)[-1] == "Only the one who typed it can undo it."
    assert "mine" in stage.timeline("ana", room)
