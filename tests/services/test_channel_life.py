"""What Slack tells of a channel, in any order and as often as it comes, leaves the same behind."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.channels import ChannelChange, ChannelChanged
from bot.domain.incident import Incident
from bot.domain.messages import ts_of
from bot.services.channel_life import noticed
from bot.services.world import World
from storage import due, incidents, people, statements
from storage.database import Database
from storage.people import Team
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.fakes import FakeSlack, ManualClock, world_on
from tests.storage.stored import store_incident

OUT = "Incident Scribe was taken out of the channel: what was said from here on is not recorded"
BACK = "Incident Scribe is in the channel again"


def change(kind: ChannelChange, seconds: int) -> ChannelChanged:
    return ChannelChanged(TEAM, CHANNEL, kind, ts_of(DECLARED + timedelta(seconds=seconds)))


@pytest.fixture
def here(database: Database, slack: FakeSlack, clock: ManualClock) -> Iterator[World]:
    with world_on(database, slack, clock) as world:
        with database.transaction() as connection:
            people.save_team(connection, Team(TEAM, "Acme", "https://acme.slack.com/", "UBOT", "BBOT"))
        yield world


def notes(world: World, incident: Incident) -> list[str]:
    with world.database.reading() as connection:
        found = sorted(statements.notes_of(connection, incident), key=lambda note: note.at)
    return [note.text for note in found]


def told(world: World) -> int:
    with world.database.transaction() as connection:
        items = due.claim(connection, worker="w", now=world.clock() + timedelta(minutes=1), limit=99)
    return sum(item.kind == "tell" for item in items)


GONE = (change(ChannelChange.LEFT, 10), change(ChannelChange.LEFT, 11))
RETURNED = change(ChannelChange.JOINED, 60)


@pytest.mark.parametrize("order", list(permutations((*GONE, *GONE))), ids=range(24))
def test_leaving_is_noted_and_told_once_however_often_it_comes(here: World, order: tuple[ChannelChanged, ...]) -> None:
    incident = store_incident(here.database)
    for one in order:
        noticed(here, one)
    assert notes(here, incident) == [OUT]
    assert told(here) == 1


@pytest.mark.parametrize("order", list(permutations((*GONE, RETURNED, RETURNED))), ids=range(24))
def test_leaving_and_coming_back_are_noted_in_any_order(here: World, order: tuple[ChannelChanged, ...]) -> None:
    incident = store_incident(here.database)
    for one in order:
        noticed(here, one)
    assert notes(here, incident) == [OUT, BACK]


def test_coming_into_the_channel_that_it_made_is_no_news(here: World) -> None:
    incident = store_incident(here.database)
    noticed(here, change(ChannelChange.JOINED, 0))
    assert notes(here, incident) == []
    assert told(here) == 0


def test_being_made_private_is_stored_at_once(here: World) -> None:
    incident = store_incident(here.database)
    noticed(here, change(ChannelChange.MADE_PRIVATE, 0))
    with here.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).is_private


def test_channel_without_an_incident_leaves_nothing_to_do(here: World) -> None:
    noticed(here, change(ChannelChange.ARCHIVED, 0))
    assert told(here) == 0
