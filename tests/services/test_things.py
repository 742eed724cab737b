"""The names of groups and channels: asked for once a day, softly, and no private channel's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.services import things
from bot.services.ports import BusyError
from bot.services.world import World
from storage import names
from storage.database import Database
from tests.factories import DECLARED, TEAM
from tests.fakes import FakeSlack, world_on


@pytest.fixture
def slack() -> FakeSlack:
    made = FakeSlack()
    made.group_names = {"S1": "on-call", "S2": "sre"}
    made.channel_names = {"C1": "payments"}
    return made


@pytest.fixture
def world(database: Database, slack: FakeSlack) -> Iterator[World]:
    with world_on(database, slack, lambda: DECLARED) as made:
        yield made


def known(world: World) -> dict[str, str]:
    with world.database.reading() as connection:
        return dict(names.known(connection, TEAM, ["S1", "S9", "C1", "C2"]))


def test_names_are_read_once_a_day(world: World, slack: FakeSlack) -> None:
    for hours in (0, 1, 23):
        things.read(world, TEAM, ["S1", "S9", "C1", "C2"], now=DECLARED + timedelta(hours=hours))
    assert known(world) == {"S1": "on-call", "S9": "", "C1": "payments", "C2": ""}
    assert sorted(slack.calls) == ["channel name", "channel name", "group names"]
    slack.group_names["S1"] = "duty"
    things.read(world, TEAM, ["S1"], now=DECLARED + timedelta(hours=25))
    assert known(world)["S1"] == "duty"


def test_what_slack_can_not_tell_now_keeps_its_name(world: World, slack: FakeSlack) -> None:
    things.read(world, TEAM, ["S1", "C1"], now=DECLARED)
    slack.goes_wrong("*", BusyError("slow down", 30), times=9)
    things.read(world, TEAM, ["S1", "C1"], now=DECLARED + timedelta(days=2))
    assert known(world) == {"S1": "on-call", "C1": "payments"}


def test_who_waits_for_an_answer_waits_for_one_call(world: World, slack: FakeSlack) -> None:
    things.read(world, TEAM, ["S1", "C1", "C2"], now=DECLARED, at_most=1)
    assert slack.calls == ["group names"]
    things.read(world, TEAM, ["S1", "C1", "C2"], now=DECLARED, at_most=1)
    assert slack.calls == ["group names", "channel name"]


def test_nothing_to_name_asks_for_nothing(world: World, slack: FakeSlack) -> None:
    things.read(world, TEAM, [], now=DECLARED)
    assert slack.calls == []
