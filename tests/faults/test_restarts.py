"""An answer is lost or a call fails, and the process ends before it can try again: the next one carries on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import lost_answer, server_error
from tests.faults.posted import in_room, posting, reports
from tests.scenarios.stage import Room, Stage, socket_of, staged


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}) as running:
        yield running


def restart(stage: Stage) -> None:
    stage.stop()
    stage.start()


def test_every_post_of_an_incidents_life_survives_a_lost_answer_and_a_restart(stage: Stage) -> None:
    faults = stage.sandbox.faults
    faults.api("chat.postMessage", lost_answer(), when=posting("header"))
    room = stage.declare("Checkout errors")
    restart(stage)
    stage.retry_until(lambda: len(stage.screen.pins(room.channel)) == 1)

    faults.api("chat.postMessage", lost_answer(), when=posting("line"))
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    restart(stage)

    stage.type("ana", room.channel, "/incident action Add an alert @ben due 2030-01-01")
    faults.api("chat.postMessage", lost_answer(), when=posting("draft-summary"))
    faults.api("files.completeUploadExternal", lost_answer())
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    restart(stage)
    stage.retry_until(lambda: len(reports(stage.screen, room.channel)) == 1)
    restart(stage)

    faults.api("chat.postMessage", lost_answer(), when=posting("follow-up"))
    stage.pass_time(days=31)
    restart(stage)
    stage.retry_until(lambda: in_room(stage, room)["follow-up"] == 1)
    stage.pass_time(minutes=10)
    assert in_room(stage, room) == {"header": 1, "line": 1, "draft-summary": 1, "follow-up": 1}
    assert len(reports(stage.screen, room.channel)) == 1
    assert len(stage.screen.pins(room.channel)) == 1


def test_work_that_was_committed_and_never_begun_is_done_by_the_next_process(stage: Stage) -> None:
    """Ground rule: slow work follows from the committed row. Here the process ends between the two."""
    stage.stop()
    application = stage.build()
    application.world.writer.start()
    socket_of(application).connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    stage.sandbox.wait_connected()
    answer = stage.type("ana", "general", "/incident start Checkout errors")
    room = stage.room(answer)
    stage.sandbox.wait_idle()
    assert not [one for one in stage.screen.channels() if one.name == room.name]
    restart(stage)
    stage.settle()
    channel = stage.screen.channel(room.name).id
    assert in_room(stage, Room(room.incident_id, channel, room.name)) == {"header": 1}
    assert "ana" in stage.screen.members(channel)


def test_marks_follow_from_the_stored_reactions_after_a_restart(stage: Stage) -> None:
    room = stage.declare("Checkout errors")
    ts = stage.people.say("ana", room.channel, "The pool is full")
    stage.sandbox.faults.api("reactions.add", server_error(), times=2)
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    restart(stage)
    stage.retry_until(lambda: stage.is_marked(room, ts))
    assert "The pool is full" in stage.timeline("ana", room)
