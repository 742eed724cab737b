"""Nobody listens for a while: what was said meanwhile is taken in, and the report says so."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.sandbox import error
from storage import gaps, incidents
from tests.scenarios.stage import Room, Stage

DOWN = "the program was not running"


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    stage = Stage(database_url)
    stage.open()
    stage.start()
    yield stage
    stage.close()


def known(stage: Stage, room: Room) -> list[tuple[datetime, datetime | None, int, str]]:
    """Returns the gaps that are stored."""
    world = stage.application.world
    with world.database.reading() as connection:
        (incident,) = incidents.by_ending(connection, stage.sandbox.team_id, room.incident_id)
        return [(gap.from_at, gap.to_at, gap.recovered, gap.cause) for gap in gaps.of(connection, incident)]


def report(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return stage.screen.files()[-1].text


def away(stage: Stage, **by: float) -> None:
    """Stops the application and lets time pass; everything is compared before, as it is from time to time."""
    stage.pass_time(minutes=4)
    stage.application.watch.tick()
    stage.stop()
    stage.clock.move(timedelta(**by))


def minute(at: datetime) -> str:
    return f"{at:%H:%M}"


def test_what_was_said_while_the_application_was_away_is_there_and_told(stage: Stage) -> None:
    room = stage.declare("Away for a while")
    stage.people.join("ben", room.channel)
    early = stage.people.say("ana", room.channel, "errors are rising")
    stage.settle()
    stopped = stage.clock() + timedelta(minutes=4)
    away(stage, minutes=11)
    stage.people.edit("ana", room.channel, early, "errors rise since 14:02")
    stage.people.react("ben", room.channel, early, "pushpin")
    stage.people.say("ben", room.channel, "it is the new pool size", thread=early)
    stage.people.say("ben", room.channel, "rolled back")
    stage.wait_until(lambda: len(stage.sandbox.sockets.lost) == 4, "Slack did not give up")
    stage.start()
    stage.settle()
    ((begins, ends, recovered, cause),) = known(stage, room)
    assert ends is not None
    assert abs(begins - stopped) < timedelta(seconds=10)
    assert timedelta(minutes=11) < ends - begins < timedelta(minutes=11, seconds=30)
    assert (recovered, cause) == (2, DOWN)
    gap = f"a gap of 11 minutes ({minute(begins)} to {minute(ends)} UTC, {DOWN})"
    assert f"3 messages, 2 of them recovered after {gap}." in report(stage, room)
    assert "errors rise since 14:02" in stage.timeline("ana", room)

    stage.pass_time(minutes=3)
    assert f"3 of 3 messages, 2 of them recovered after {gap}." in report(stage, room)
    told = stage.info("ana", room)
    assert "Recorded: 3 of 3 messages" in told
    assert f"2 messages were recovered after {gap}." in told
    (summary,) = [text for text in stage.bot_said(room.channel) if "Postmortem of" in text]
    assert "Made from 3 messages, 2 of them recovered." in summary


def test_without_a_gap_the_report_says_that_nothing_is_missing(stage: Stage) -> None:
    room = stage.declare("Never away")
    stage.people.say("ana", room.channel, "errors are rising")
    stage.pass_time(minutes=4)
    told = report(stage, room)
    assert "1 of 1 message." in told
    assert "No stretch is known in which capture was lost." in told


def test_short_absence_in_which_nothing_was_said_is_not_told(stage: Stage) -> None:
    room = stage.declare("Away for a moment")
    away(stage, seconds=20)
    stage.start()
    stage.settle()
    stage.pass_time(minutes=3)
    assert len(known(stage, room)) == 1
    told = report(stage, room)
    assert "No stretch of a minute or more is known in which capture was lost." in told
    assert "Where capture was lost" not in told


def test_report_says_what_could_not_be_compared_and_why(stage: Stage) -> None:
    room = stage.declare("Not to be read")
    stage.people.say("ana", room.channel, "errors are rising")
    stage.pass_time(minutes=4)
    stage.sandbox.faults.api("conversations.history", error("missing_scope"), times=99)
    told = report(stage, room)
    assert "1 message." in told
    assert "1 of 1" not in told
    assert re.search(
        r"It could not be compared since \d{4}-\d\d-\d\d \d\d:\d\d UTC: Slack refused to show the channel", told
    )


def test_gap_while_the_program_is_out_of_the_channel_lasts_until_it_is_back(stage: Stage) -> None:
    room = stage.declare("Taken out")
    stage.people.kick("ana", room.channel, "scribe")
    stage.pass_time(minutes=5)
    assert [(ends, cause) for _, ends, _, cause in known(stage, room)] == [(None, "the program was not in the channel")]
    told = stage.info("ana", room)
    assert re.search(r"missing from a gap that still lasts \(since \d\d:\d\d UTC, the program was not in", told)
    stage.people.say("ana", room.channel, "said behind its back")
    stage.people.invite("ana", room.channel, "scribe")
    stage.settle()
    stage.pass_time(minutes=3)
    ((_, ends, recovered, _),) = known(stage, room)
    assert ends is not None
    assert recovered == 1
    assert "1 message was recovered after a gap of 5 minutes" in stage.info("ana", room)


def test_cut_connection_is_a_gap_and_what_was_dropped_in_it_is_recovered(stage: Stage) -> None:
    room = stage.declare("Cut off")
    stage.sandbox.faults.drop_events(1)
    stage.sandbox.faults.cut_sockets()
    stage.people.say("ana", room.channel, "said meanwhile")
    stage.wait_until(lambda: bool(known(stage, room)), "the gap was not noticed")
    stage.settle()
    ((*_, recovered, cause),) = known(stage, room)
    assert (recovered, cause) == (1, "the connection to Slack was down")


def test_no_gap_while_another_application_listens(stage: Stage) -> None:
    room = stage.declare("Two of them")
    first = stage.application
    stage.start()
    stage.stop_last()
    stage.clock.move(timedelta(minutes=11))
    first.watch.tick()
    stage.clock.move(timedelta(seconds=10))
    stage.start()
    stage.settle()
    stage.clock.move(timedelta(seconds=15))
    first.watch.tick()
    assert known(stage, room) == []


def test_channel_that_gets_a_new_id_is_followed(stage: Stage) -> None:
    room = stage.declare("Shared later --private")
    stage.people.say("ana", room.channel, "before")
    moved = Room(room.incident_id, stage.people.share(room.channel), room.name)
    stage.people.say("ana", moved.channel, "after")
    stage.settle()
    stage.pass_time(minutes=3)
    assert "Recorded: 2 of 2 messages" in stage.info("ana", moved)
    stage.type("ana", moved.channel, "/incident mitigated")
    stage.settle()
    assert "Mitigated" in stage.header_text(moved)
