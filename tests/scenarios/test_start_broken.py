"""A start that broke half-way: what was committed is carried on by the next process, once."""

from collections.abc import Iterator

import pytest

from bot.sandbox import refused, server_error
from tests.scenarios.stage import Room, Stage, socket_of, staged


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with staged(database_url, {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}, is_started=False) as stage:
        yield stage


def assert_opened_once(stage: Stage, room: Room) -> None:
    made = [one for one in stage.screen.channels() if one.name.startswith("inc-")]
    assert [one.name for one in made] == [room.name]
    assert len(stage.screen.pins(made[0].id)) == 1
    assert len([text for text in stage.bot_said(made[0].id) if room.incident_id in text]) == 1
    assert len([text for text in stage.seen_in("incidents") if room.incident_id in text]) == 1
    assert "ana" in stage.screen.members(made[0].id)


def test_incident_committed_by_a_process_that_died_is_opened_by_the_next(stage: Stage) -> None:
    # Without its scheduler the process acknowledges and commits, and does nothing else: as if it died there.
    dying = stage.build()
    dying.world.writer.start()
    socket_of(dying).connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    stage.sandbox.wait_connected()
    room = stage.room(stage.type("ana", "general", "/incident start Died in between"))
    assert not [one for one in stage.screen.channels() if one.name.startswith("inc-")]
    stage.stop()
    stage.start()
    stage.settle()
    assert_opened_once(stage, room)


@pytest.mark.parametrize(
    "method", ["conversations.create", "conversations.invite", "chat.postMessage", "pins.add", "conversations.setTopic"]
)
def test_opening_that_broke_at_any_call_is_carried_on_by_the_next_process(stage: Stage, method: str) -> None:
    stage.start()
    stage.sandbox.faults.api(method, server_error(), times=1000)
    room = stage.room(stage.type("ana", "general", "/incident start Broke in between"))
    stage.wait_until(lambda: stage.calls(method) > 0)
    stage.stop()
    stage.sandbox.faults.clear()
    stage.start()
    stage.pass_time(minutes=1)
    assert_opened_once(stage, room)


def test_announcement_that_could_not_be_sent_follows_once(stage: Stage) -> None:
    stage.start()
    stage.sandbox.faults.api("chat.postMessage", refused(), skip=1)
    room = stage.room(stage.type("ana", "general", "/incident start Announced late"))
    stage.retry_until(lambda: any(room.incident_id in text for text in stage.seen_in("incidents")))
    assert_opened_once(stage, room)
