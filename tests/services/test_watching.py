"""When nobody listened, what it is called, and that everything is compared afterwards."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.domain.capturing import GapCause
from bot.domain.incident import Incident, Status, StatusChange
from bot.services.watching import Missed, Watch
from bot.services.world import World
from storage import gaps, incidents, reconciliations
from storage.database import Database
from tests.factories import DECLARED, LEAD, TEAM, at
from tests.fakes import FakeSlack, ManualClock, world_on
from tests.storage.stored import LockableDatabase, store_incident

DOWN = GapCause.NOT_RUNNING.words


class Process:
    """One process of the program; it listens unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.is_listening = True
        self.watch = Watch(world, TEAM, lambda: self.is_listening)
        self.watch.began()


@pytest.fixture
def incident(database: Database) -> Incident:
    return store_incident(database)


def gaps_of(world: World, incident: Incident) -> list[tuple[datetime, datetime | None, str]]:
    with world.database.reading() as connection:
        return [(gap.from_at, gap.to_at, gap.cause) for gap in gaps.of(connection, incident)]


def doubted_at(world: World, incident: Incident) -> datetime | None:
    with world.database.reading() as connection:
        return reconciliations.of(connection, incident).doubted_at


def run(process: Process, clock: ManualClock, seconds: int) -> None:
    """Let a process listen for a while."""
    for _ in range(seconds):
        clock.move(seconds=1)
        process.watch.tick()


def test_first_start_ever_knows_no_gap_and_compares_everything(world: World, incident: Incident) -> None:
    Process(world)
    assert gaps_of(world, incident) == []
    assert doubted_at(world, incident) == DECLARED


def test_killed_process_was_not_running_from_its_last_heartbeat_to_the_next_start(
    world: World, incident: Incident, clock: ManualClock
) -> None:
    run(Process(world), clock, 40)
    clock.move(minutes=11)
    Process(world)
    assert gaps_of(world, incident) == [(DECLARED + timedelta(seconds=30), clock(), DOWN)]
    assert doubted_at(world, incident) == clock()


def test_process_that_was_stopped_says_when(world: World, incident: Incident, clock: ManualClock) -> None:
    process = Process(world)
    run(process, clock, 40)
    process.watch.ended()
    clock.move(seconds=3)
    Process(world)
    assert gaps_of(world, incident) == [(DECLARED + timedelta(seconds=40), DECLARED + timedelta(seconds=43), DOWN)]


def test_gap_begins_with_the_incident_when_that_came_later(world: World, clock: ManualClock) -> None:
    Process(world).watch.ended()
    clock.move(minutes=30)
    late = store_incident(world.database, declared_at=at("14:25"))
    Process(world)
    assert gaps_of(world, late) == [(at("14:25"), at("14:35"), DOWN)]


def test_adopted_channel_has_gaps_only_in_its_window(world: World, incident: Incident, clock: ManualClock) -> None:
    before = store_incident(world.database, channel_id="C2")
    with world.database.transaction() as connection:
        for one, ends in ((incident, "14:15"), (before, "14:00")):
            incidents.change(connection, one, is_adopted=True, capture_from=at("13:00"), capture_until=at(ends))
    Process(world).watch.ended()
    clock.move(minutes=30)
    Process(world)
    assert gaps_of(world, incident) == [(DECLARED, at("14:15"), DOWN)]
    assert gaps_of(world, before) == []


@pytest.mark.parametrize(("days", "is_noted"), [(6, True), (8, False)])
def test_incident_that_is_over_is_noted_for_a_week(
    world: World, incident: Incident, clock: ManualClock, days: int, *, is_noted: bool
) -> None:
    with world.database.transaction() as connection:
        incidents.change(connection, incident, status=Status.RESOLVED.value)
        incidents.add_status_change(connection, incident, StatusChange(Status.RESOLVED, DECLARED, LEAD, DECLARED))
    clock.move(days=days)
    Process(world).watch.ended()
    clock.move(days=30)
    Process(world)
    assert bool(gaps_of(world, incident)) is is_noted


def test_no_gap_while_another_process_was_listening(world: World, incident: Incident, clock: ManualClock) -> None:
    dying, living = Process(world), Process(world)
    run(dying, clock, 20)
    run(living, clock, 100)
    clock.move(seconds=10)
    asked_at = clock()
    Process(world)
    assert doubted_at(world, incident) == asked_at
    run(living, clock, 16)
    assert gaps_of(world, incident) == []


def test_process_that_came_later_takes_no_gap_back(world: World, incident: Incident, clock: ManualClock) -> None:
    one, two = Process(world), Process(world)
    one.watch.ended()
    two.watch.ended()
    clock.move(minutes=5)
    later = Process(world)
    clock.move(minutes=5)
    another = Process(world)
    run(later, clock, 16)
    run(another, clock, 16)
    assert gaps_of(world, incident) == [(DECLARED, DECLARED + timedelta(minutes=5), DOWN)]


@pytest.mark.parametrize("cause", [GapCause.DISCONNECTED, GapCause.SILENT])
def test_what_was_missed_while_the_socket_was_down_is_noted_and_compared(
    world: World, incident: Incident, clock: ManualClock, cause: GapCause
) -> None:
    process = Process(world)
    run(process, clock, 60)
    process.is_listening = False
    run(process, clock, 300)
    process.is_listening = True
    process.watch.missed(Missed(cause, at("14:06"), clock()))
    assert gaps_of(world, incident) == [(at("14:06"), clock(), cause.words)]
    assert doubted_at(world, incident) == clock()
    run(process, clock, 60)
    assert gaps_of(world, incident) == [(at("14:06"), at("14:11"), cause.words)]


def test_process_that_dies_while_it_is_disconnected_is_missed_from_its_last_heartbeat(
    world: World, incident: Incident, clock: ManualClock
) -> None:
    process = Process(world)
    run(process, clock, 60)
    process.is_listening = False
    run(process, clock, 300)
    Process(world)
    assert gaps_of(world, incident) == [(at("14:06"), at("14:11"), DOWN)]


def test_doubt_has_everything_compared_without_a_gap(world: World, incident: Incident, clock: ManualClock) -> None:
    process = Process(world)
    clock.move(minutes=2)
    process.watch.doubt()
    assert gaps_of(world, incident) == []
    assert doubted_at(world, incident) == clock()


@pytest.fixture
def lockable(database_url: str, slack: FakeSlack, clock: ManualClock) -> Iterator[tuple[World, LockableDatabase]]:
    locked = LockableDatabase(database_url)
    with world_on(locked, slack, clock) as world:
        yield world, locked
    locked.close()


def test_start_without_the_database_is_noted_once_it_is_there(
    lockable: tuple[World, LockableDatabase], clock: ManualClock
) -> None:
    world, database = lockable
    incident = store_incident(database)
    Process(world).watch.ended()
    clock.move(minutes=5)
    database.is_locked = True
    process = Process(world)
    run(process, clock, 20)
    database.is_locked = False
    run(process, clock, 1)
    assert gaps_of(world, incident) == [(DECLARED, DECLARED + timedelta(minutes=5), DOWN)]


def test_heartbeat_that_could_not_be_stored_is_stored_as_soon_as_it_can(
    lockable: tuple[World, LockableDatabase], clock: ManualClock
) -> None:
    world, database = lockable
    incident = store_incident(database)
    process = Process(world)
    database.is_locked = True
    run(process, clock, 59)
    process.watch.ended()
    database.is_locked = False
    run(process, clock, 1)
    clock.move(minutes=5)
    Process(world)
    assert gaps_of(world, incident) == [(at("14:06"), at("14:11"), DOWN)]
