"""What Slack does not deliver is found in its history by itself, while everything seems to be in order."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.sandbox import error, rate_limited, server_error
from bot.slack.forms.shortcuts import KEEP_OUT
from tests.scenarios.stage import Room, Stage
from tests.scenarios.test_adopting import channel_of, looked_at
from tests.scenarios.test_capture import texts

Json = dict[str, Any]
_NUMBERS = count(1)


@pytest.fixture
def room(stage: Stage) -> Room:
    room = stage.declare(f"Something was lost {next(_NUMBERS)}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


@pytest.fixture(autouse=True)
def no_faults(stage: Stage) -> Iterator[None]:
    """No test leaves faults behind for the next."""
    yield
    stage.settle()
    stage.sandbox.faults.clear()


def lose(stage: Stage, room: Room, number: int) -> None:
    """Lets the next events of a channel disappear; the connection stands all the time."""
    stage.sandbox.faults.drop_events(number, when=_of(room))


def _of(room: Room) -> Callable[[Json], bool]:
    return lambda event: room.channel in (event.get("channel"), event.get("item", {}).get("channel"))


def _asks_for(room: Room) -> Callable[[Mapping[str, Any]], bool]:
    return lambda args: args.get("channel") == room.channel


def draft(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return stage.screen.files()[-1].text


def test_message_and_reaction_that_were_lost_are_on_the_timeline_after_a_few_minutes(stage: Stage, room: Room) -> None:
    lose(stage, room, 2)
    ts = stage.people.say("ana", room.channel, "rolled back")
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.settle()
    assert texts(stage, room.channel) == []
    stage.pass_time(minutes=4)
    stage.pass_time(minutes=2)
    assert texts(stage, room.channel) == ["rolled back"]
    assert "rolled back" in stage.timeline("ana", room)
    assert stage.is_marked(room, ts)


def test_draft_has_what_was_lost_before_anybody_noticed(stage: Stage, room: Room) -> None:
    lose(stage, room, 1)
    stage.people.say("ana", room.channel, "lost before the draft")
    stage.clock.move(timedelta(minutes=2))
    assert "| 1 | Slack did not deliver it |" in draft(stage, room)
    assert texts(stage, room.channel) == ["lost before the draft"]


def test_draft_is_made_while_slack_shows_a_page_a_minute(stage: Stage, room: Room) -> None:
    stage.people.say("ana", room.channel, "heard")
    stage.clock.move(timedelta(minutes=2))
    stage.sandbox.faults.api("conversations.history", rate_limited(60), times=9, when=_asks_for(room))
    assert "Slack allows one page a minute" in draft(stage, room)


def test_message_kept_out_of_the_report_stays_out(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ana", room.channel, "a private matter")
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.settle()
    stage.people.message_shortcut("ana", room.channel, ts, KEEP_OUT)
    stage.settle()
    lose(stage, room, 2)
    stage.people.edit("ana", room.channel, ts, "a private matter, edited")
    stage.people.react("ana", room.channel, ts, "mag")
    stage.pass_time(minutes=4)
    stage.pass_time(minutes=2)
    assert texts(stage, room.channel) == ["a private matter, edited"]
    assert "a private matter" not in draft(stage, room)


def test_slack_that_fails_for_a_while_is_asked_again(stage: Stage, room: Room) -> None:
    lose(stage, room, 1)
    stage.people.say("ana", room.channel, "found in the end")
    stage.sandbox.faults.api("conversations.history", server_error(), times=3, when=_asks_for(room))
    stage.pass_time(minutes=4)
    assert "found in the end" not in texts(stage, room.channel), "Slack failed each time until now"
    stage.retry_until(lambda: "found in the end" in texts(stage, room.channel))
    assert texts(stage, room.channel).count("found in the end") == 1


def test_channel_that_slack_refuses_to_show_fails_nothing_else(stage: Stage, room: Room) -> None:
    stage.people.say("ana", room.channel, "heard")
    stage.settle()
    stage.clock.move(timedelta(minutes=2))
    stage.sandbox.faults.api("conversations.history", error("missing_scope"), times=9, when=_asks_for(room))
    assert "Slack refused to show the channel (missing_scope)" in draft(stage, room)


def test_preview_that_nobody_answers_leaves_nobody_behind(stage: Stage) -> None:
    channel = channel_of(stage)
    looked_at(stage, channel)
    assert "scribe" in stage.screen.members(channel)
    stage.pass_time(minutes=31)
    assert "scribe" not in stage.screen.members(channel)
