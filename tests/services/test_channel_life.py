"""What Slack tells of a channel, in any order and as often as it comes, leaves the same behind."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest

from bot.domain.adoption import ChannelFacts
from bot.domain.channels import ChannelChange, ChannelChanged, ChannelMoved
from bot.domain.incident import Incident, Severity
from bot.domain.messages import time_of, ts_of
from bot.domain.record import CaptureGap
from bot.services import opening
from bot.services.channel_life import learn, moved, noticed
from bot.services.declare import Declaration, declare
from bot.services.world import World
from storage import due, gaps, incidents, people, reconciliations, statements
from storage.database import Database
from storage.people import Team
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.fakes import FakeSlack, ManualClock, ask, world_on
from tests.services.test_merging import Doing, merging_of, together
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


def test_name_that_was_reserved_goes_to_the_channel_that_has_it_and_the_incident_takes_another(
    here: World, slack: FakeSlack
) -> None:
    known = store_incident(here.database)
    made = declare(here, ask("a", channel_id="C9"), Declaration("Checkout errors", Severity.SEV2))
    assert made.incident_row is not None
    with here.database.reading() as connection:
        reserved = incidents.by_row(connection, made.incident_row)
    assert reserved.channel_name is not None
    learn(here, known, ChannelFacts(CHANNEL, reserved.channel_name))
    with here.database.transaction() as connection:
        (item,) = [one for one in due.claim(connection, worker="w", now=here.clock(), limit=99) if one.kind == "open"]
    opening.open_channel(here, item)
    with here.database.reading() as connection:
        opened = incidents.by_row(connection, reserved.row_id)
        renamed = incidents.by_row(connection, known.row_id)
    assert renamed.channel_name == reserved.channel_name
    assert opened.channel_name == f"{reserved.channel_name}-2"
    assert slack.channels == {opened.channel_name: opened.channel_id}


@pytest.mark.parametrize("_again", range(3))
def test_names_that_are_reserved_and_recorded_at_once_stay_unique(here: World, _again: int) -> None:
    known = store_incident(here.database)
    name = "inc-20261120-checkout-errors"

    def recording(world: World) -> str:
        learn(world, known, ChannelFacts(CHANNEL, name))
        return ""

    def declaring(number: int) -> Doing:
        declaration = Declaration("Checkout errors", Severity.SEV2)
        return lambda world: declare(world, ask(f"a{number}", channel_id="C9"), declaration).text

    told = together(here, recording, *map(declaring, range(4)))
    assert told[0] == ""
    assert all("is declared" in text for text in told[1:])
    with here.database.reading() as connection:
        names = [one.channel_name for one in incidents.of_team(connection, TEAM, only_open=False) if one.channel_name]
    assert name in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("_again", range(5))
def test_channel_made_private_while_its_incident_is_merged_leaves_nothing_half_private(
    here: World, _again: int
) -> None:
    part, whole = (store_incident(here.database, channel_id=channel) for channel in ("C1", "C2"))

    def hiding(world: World) -> str:
        learn(world, part, ChannelFacts("C1", "ops", is_private=True))
        return ""

    told = together(here, hiding, merging_of(1, part, whole))
    assert told[0] == ""
    with here.database.reading() as connection:
        now = [incidents.by_row(connection, one.row_id) for one in (part, whole)]
    is_merged = now[0].merged_into == whole.row_id
    assert [one.is_private for one in now] == [True, is_merged]


def notes(world: World, incident: Incident) -> list[str]:
    with world.database.reading() as connection:
        found = sorted(statements.notes_of(connection, incident), key=lambda note: note.at)
    return [note.text for note in found]


def gaps_of(world: World, incident: Incident) -> tuple[CaptureGap, ...]:
    with world.database.reading() as connection:
        return gaps.of(connection, incident)


def is_doubtful(world: World, incident: Incident) -> bool:
    with world.database.reading() as connection:
        return reconciliations.of(connection, incident).is_doubtful


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
    (gap,) = gaps_of(here, incident)
    assert (gap.to_at, gap.cause) == (None, "the program was not in the channel")


@pytest.mark.parametrize("order", list(permutations((*GONE, RETURNED, RETURNED))), ids=range(24))
def test_leaving_and_coming_back_are_noted_in_any_order(here: World, order: tuple[ChannelChanged, ...]) -> None:
    incident = store_incident(here.database)
    for one in order:
        noticed(here, one)
    assert notes(here, incident) == [OUT, BACK]
    (gap,) = gaps_of(here, incident)
    assert gap.from_at in [time_of(one.event_ts) for one in GONE]
    assert gap.to_at == time_of(RETURNED.event_ts)
    assert is_doubtful(here, incident)


def test_coming_into_the_channel_that_it_made_is_no_news(here: World) -> None:
    incident = store_incident(here.database)
    noticed(here, change(ChannelChange.JOINED, 0))
    assert notes(here, incident) == []
    assert gaps_of(here, incident) == ()
    assert told(here) == 0


def test_being_made_private_is_stored_at_once(here: World) -> None:
    incident = store_incident(here.database)
    noticed(here, change(ChannelChange.MADE_PRIVATE, 0))
    with here.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).is_private


def test_channel_without_an_incident_leaves_nothing_to_do(here: World) -> None:
    noticed(here, change(ChannelChange.ARCHIVED, 0))
    assert told(here) == 0


def test_leaving_after_the_capture_ended_is_no_gap(here: World) -> None:
    incident = store_incident(here.database)
    with here.database.transaction() as connection:
        window = {"capture_from": DECLARED, "capture_until": DECLARED + timedelta(seconds=5)}
        incidents.change(connection, incident, is_adopted=True, **window)
    noticed(here, change(ChannelChange.LEFT, 10))
    assert gaps_of(here, incident) == ()


def test_channel_is_followed_to_its_new_id_and_compared(here: World) -> None:
    incident = store_incident(here.database)
    for _ in range(2):
        moved(here, ChannelMoved(TEAM, CHANNEL, "C0NEW", ts_of(DECLARED - timedelta(seconds=3))))
    with here.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).channel_id == "C0NEW"
    (gap,) = gaps_of(here, incident)
    assert (gap.from_at, gap.to_at) == (DECLARED - timedelta(seconds=3), DECLARED)
    assert is_doubtful(here, incident)


def test_channel_of_no_incident_is_not_followed(here: World) -> None:
    incident = store_incident(here.database)
    moved(here, ChannelMoved(TEAM, "C7", "C0NEW", ts_of(DECLARED)))
    assert not is_doubtful(here, incident)
