"""Ground rule: one writer commits for all listeners, and whoever was not committed for in time is told so."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bot.domain.errors import TryAgainError
from bot.domain.messages import CaptureRecord, MessageSeen, VoteCast
from storage.database import Connection, Database
from storage.tables import messages
from storage.writer import CaptureWriter, NotStoredError
from tests.factories import CHANNEL, DECLARED, HELPER, TEAM, ts_of
from tests.storage.stored import LockableDatabase, lock_everything, locked_elsewhere, seen, store_incident


def numbered(number: int) -> MessageSeen:
    return seen(DECLARED + timedelta(milliseconds=number), f"message {number}")


def vote(ts: str) -> VoteCast:
    return VoteCast(TEAM, CHANNEL, ts, HELPER, "pushpin", is_on=True, event_ts=ts)


def count_messages(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(messages)).scalar_one()


def idle_writer(database: Database) -> CaptureWriter:
    return CaptureWriter(database, clock=lambda: DECLARED, after_commit=lambda: None)


@contextmanager
def writing(database: Database, after_commit: Callable[[], None] = lambda: None) -> Iterator[CaptureWriter]:
    writer = CaptureWriter(database, clock=lambda: DECLARED, after_commit=after_commit)
    writer.start()
    yield writer
    writer.stop()


@pytest.fixture
def watched(database: Database) -> Database:
    store_incident(database)
    return database


def save_all(writer: CaptureWriter, count: int, *, threads: int = 64) -> list[Exception | None]:
    """Save so many messages from so many threads; return each one's failure or None."""
    with ThreadPoolExecutor(threads) as pool:
        return [future.exception() for future in [pool.submit(writer.save, [numbered(n)]) for n in range(count)]]  # type: ignore[misc]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def test_saved_means_that_another_connection_can_read_it(watched: Database, database_url: str) -> None:
    other = Database(database_url)
    with writing(watched) as writer:
        for number in range(5):
            writer.save([numbered(number)])
            assert count_messages(other) == number + 1
    other.close()


def test_many_listeners_share_few_commits(watched: Database) -> None:
    commits: list[float] = []

    def on_commit(_connection: Connection) -> None:
        commits.append(time.monotonic())
        time.sleep(0.005)  # a slow disk

    event.listen(watched.engine, "commit", on_commit)
    with writing(watched) as writer:
        assert save_all(writer, 1000) == [None] * 1000
    event.remove(watched.engine, "commit", on_commit)
    assert count_messages(watched) == 1000
    assert len(commits) < 1000 / 10


def test_lone_message_waits_for_no_others(watched: Database) -> None:
    with writing(watched) as writer:
        writer.save([numbered(0)])
        started = time.monotonic()
        writer.save([numbered(1)])
        assert time.monotonic() - started < 0.25


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Keep the writer from committing, so that what comes meanwhile makes one batch."""
    with database.transaction() as connection:
        lock_everything(connection)
        yield


def hand_in(pool: ThreadPoolExecutor, writer: CaptureWriter, *given: CaptureRecord) -> list[Future[None]]:
    """Let listeners wait with these records, so that a writer that is started now finds them as one batch."""
    futures = [pool.submit(writer.save, [record], timeout=5) for record in given]
    until(lambda: writer._queue.qsize() == len(given))
    return futures


def test_record_that_the_database_refuses_does_not_take_the_others_with_it(watched: Database) -> None:
    broken = seen(ts="no time")
    writer = idle_writer(watched)
    with ThreadPoolExecutor(16) as pool:
        futures = hand_in(pool, writer, numbered(1), numbered(2), broken, numbered(3), numbered(4))
        writer.start()
        failures = [future.exception() for future in futures]
    writer.stop()
    assert [type(failure) for failure in failures] == [type(None), type(None), ValueError, type(None), type(None)]
    assert count_messages(watched) == 4


def test_listener_that_waits_too_long_is_told_and_a_second_delivery_is_stored_once(watched: Database) -> None:
    with writing(watched) as writer:
        with held(watched):
            started = time.monotonic()
            with pytest.raises(NotStoredError):
                writer.save([numbered(1)], timeout=0.2)
            assert 0.2 <= time.monotonic() - started < 1
        writer.save([numbered(1)])
    assert count_messages(watched) == 1


def test_listener_waits_two_seconds_by_default(watched: Database) -> None:
    with writing(watched) as writer, held(watched):
        started = time.monotonic()
        with pytest.raises((NotStoredError, TryAgainError)):
            writer.save([numbered(1)])
        assert 1.9 <= time.monotonic() - started < 2.5


def test_full_queue_is_waited_for_no_longer_than_a_commit(watched: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.writer.QUEUE_LIMIT", 1)
    writer = idle_writer(watched)
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(NotStoredError):
            writer.save([numbered(1)], timeout=0.3)
        assert 0.3 <= time.monotonic() - started < 0.55


def test_stopping_commits_what_is_queued(watched: Database) -> None:
    writer = idle_writer(watched)
    with ThreadPoolExecutor(16) as pool:
        futures = hand_in(pool, writer, *(numbered(number) for number in range(10)))
        writer.start()
        writer.stop()
        assert [future.exception() for future in futures] == [None] * 10
    assert count_messages(watched) == 10


def test_stopped_writer_accepts_nothing(watched: Database) -> None:
    with writing(watched) as writer:
        pass
    with pytest.raises(NotStoredError):
        writer.save([numbered(1)], timeout=0.1)
    assert count_messages(watched) == 0


def test_schedule_is_told_after_the_commit_and_not_before(watched: Database, database_url: str) -> None:
    other = Database(database_url)
    counts: list[int] = []
    with writing(watched, after_commit=lambda: counts.append(count_messages(other))) as writer:
        for number in (1, 2):
            message = numbered(number)
            writer.save([message, vote(message.ts)])
    other.close()
    assert counts == [1, 2]


def test_schedule_is_left_alone_when_nothing_is_due(watched: Database) -> None:
    woken: list[bool] = []
    with writing(watched, after_commit=lambda: woken.append(True)) as writer:
        writer.save([numbered(1)])
    assert woken == []


def test_schedule_is_told_also_when_a_record_beside_the_vote_is_refused(watched: Database) -> None:
    woken: list[bool] = []
    writer = CaptureWriter(watched, clock=lambda: DECLARED, after_commit=lambda: woken.append(True))
    with ThreadPoolExecutor(16) as pool:
        futures = hand_in(pool, writer, vote(ts_of(DECLARED)), seen(ts="no time"), numbered(1))
        writer.start()
        assert [type(future.exception()) for future in futures] == [type(None), ValueError, type(None)]
    writer.stop()
    assert woken == [True]


def test_short_lock_by_another_program_only_delays(watched: Database, database_url: str) -> None:
    with writing(watched) as writer, locked_elsewhere(database_url, seconds=1):
        started = time.monotonic()
        writer.save([numbered(1)])
        assert time.monotonic() - started > 0.5
    assert count_messages(watched) == 1


def test_long_lock_by_another_program_means_not_acknowledged_rather_than_lost(
    watched: Database, database_url: str
) -> None:
    with writing(watched) as writer:
        with locked_elsewhere(database_url, seconds=3), pytest.raises((NotStoredError, TryAgainError)):
            writer.save([numbered(1)])
        writer.save([numbered(1)])
    assert count_messages(watched) == 1


def test_locked_database_is_tried_once_for_a_batch_and_not_once_for_each(database_url: str) -> None:
    database = LockableDatabase(database_url)
    database.is_locked = True
    writer = idle_writer(database)
    with ThreadPoolExecutor(16) as pool:
        futures = hand_in(pool, writer, *(numbered(number) for number in range(10)))
        writer.start()
        assert {type(future.exception()) for future in futures} == {TryAgainError}
    writer.stop()
    database.close()
    assert database.refusals == 1


def test_stored_text_is_whole_whatever_is_in_it(watched: Database) -> None:
    text = "naïve 🎉 'quoted' \"twice\" -- ; DROP TABLE messages; \u2028\nlast line"
    with writing(watched) as writer:
        writer.save([seen(ts=ts_of(DECLARED), text=text)])
    with watched.reading() as connection:
        assert connection.execute(select(messages.c.text)).scalar_one() == text
