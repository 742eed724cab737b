"""Ground rule: whoever hands in without waiting is told of the commit after it, or why there was none, and once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.errors import TryAgainError
from bot.domain.messages import MessageSeen
from storage.database import Database
from storage.tables import messages
from storage.writer import CaptureWriter, NotStoredError, Settle
from tests.factories import DECLARED
from tests.storage.stored import LockableDatabase, lock_everything, seen, store_incident


def numbered(number: int) -> MessageSeen:
    return seen(DECLARED + timedelta(milliseconds=number), f"message {number}")


def count_messages(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(messages)).scalar_one()


class Told:
    """What was said of each record that was handed in, in order, with how many messages others could read then."""

    def __init__(self, database: Database) -> None:
        self.heard: list[tuple[int, Exception | None]] = []
        self.readable: list[int] = []
        self._database = database

    def of(self, number: int) -> Settle:
        def settle(failure: Exception | None) -> None:
            self.readable.append(count_messages(self._database))
            self.heard.append((number, failure))

        return settle

    @property
    def failures(self) -> dict[int, type]:
        return {number: type(failure) for number, failure in self.heard if failure}


@contextmanager
def writing(database: Database) -> Iterator[CaptureWriter]:
    writer = idle_writer(database)
    writer.start()
    yield writer
    writer.stop()


def idle_writer(database: Database) -> CaptureWriter:
    return CaptureWriter(database, clock=lambda: DECLARED, after_commit=lambda: None)


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Keep the writer from committing."""
    with database.transaction() as connection:
        lock_everything(connection)
        yield


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def watched(database: Database) -> Database:
    store_incident(database)
    return database


def test_handing_in_waits_for_no_commit_and_is_told_of_it_afterwards(watched: Database, database_url: str) -> None:
    other = Database(database_url)
    told = Told(other)
    with writing(watched) as writer:
        with held(watched):
            started = time.monotonic()
            writer.hand_in([numbered(1)], told.of(1))
            assert time.monotonic() - started < 0.2
            time.sleep(0.1)
            assert told.heard == []
        until(lambda: bool(told.heard))
    other.close()
    assert told.heard == [(1, None)]
    assert told.readable == [1]


def test_whole_batch_is_readable_when_the_first_of_it_is_told(watched: Database, database_url: str) -> None:
    other = Database(database_url)
    told = Told(other)
    writer = idle_writer(watched)
    for number in range(20):
        writer.hand_in([numbered(number)], told.of(number))
    writer.start()
    writer.stop()
    other.close()
    assert told.heard == [(number, None) for number in range(20)]
    assert told.readable == [20] * 20


def test_record_that_is_refused_is_told_alone_and_the_others_after_their_own_commit(
    watched: Database, database_url: str
) -> None:
    other = Database(database_url)
    told = Told(other)
    writer = idle_writer(watched)
    for number in (1, 2):
        writer.hand_in([numbered(number)], told.of(number))
    writer.hand_in([seen(ts="no time")], told.of(3))
    writer.hand_in([numbered(4)], told.of(4))
    writer.start()
    writer.stop()
    other.close()
    assert told.failures == {3: ValueError}
    assert told.readable == [1, 2, 2, 3]


def test_commit_that_comes_too_late_is_told_as_none_though_the_record_is_stored(
    watched: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writer.COMMIT_SECONDS", 0.1)
    told = Told(watched)
    with writing(watched) as writer:
        with held(watched):
            writer.hand_in([numbered(1)], told.of(1))
            time.sleep(0.3)
        until(lambda: bool(told.heard))
        writer.hand_in([numbered(1)], told.of(2))
        until(lambda: len(told.heard) == 2)
    assert told.failures == {1: NotStoredError}
    assert count_messages(watched) == 1


def test_full_queue_is_told_at_once(watched: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.writer.QUEUE_LIMIT", 1)
    told = Told(watched)
    writer = idle_writer(watched)
    writer.hand_in([numbered(1)], told.of(1))
    started = time.monotonic()
    with pytest.raises(NotStoredError):
        writer.hand_in([numbered(2)], told.of(2))
    assert time.monotonic() - started < 0.2
    writer.start()
    writer.stop()
    assert told.heard == [(1, None)]


def test_locked_database_is_told_to_everybody_after_one_try(database_url: str) -> None:
    database = LockableDatabase(database_url)
    database.is_locked = True
    failures: list[Exception | None] = []
    writer = idle_writer(database)
    for number in range(10):
        writer.hand_in([numbered(number)], failures.append)
    writer.start()
    writer.stop()
    database.close()
    assert [type(failure) for failure in failures] == [TryAgainError] * 10
    assert database.refusals == 1


def test_saving_nothing_returns_when_everything_before_it_is_told(watched: Database) -> None:
    told = Told(watched)
    with writing(watched) as writer:
        for number in range(50):
            writer.hand_in([numbered(number)], told.of(number))
        writer.save([])
        assert len(told.heard) == 50
    assert told.failures == {}
