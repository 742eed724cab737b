import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.schedule import WORKERS, Job, Pulse, Scheduler, delay
from bot.services.ports import BusyError, OutcomeUnknownError, OutsideError
from storage import due
from storage.database import Database
from storage.due import LEASE, DueItem, NewItem
from storage.tables import due_items
from tests.factories import DECLARED, TEAM
from tests.fakes import ManualClock, busy, lost
from tests.storage.stored import LockableDatabase


def put(database: Database, kind: str = "line", subject: str = "incident:1", slot: str = "", **later: float) -> None:
    with database.transaction() as connection:
        due.put(connection, NewItem(TEAM, kind, subject, slot, DECLARED + timedelta(**later)))


def claim_as(database: Database, worker: str) -> tuple[DueItem, ...]:
    with database.transaction() as connection:
        return due.claim(connection, worker=worker, now=DECLARED, limit=99)


def rows(database: Database) -> dict[str, str]:
    """Return the state of each item by its slot."""
    with database.reading() as connection:
        return {row.slot: row.state for row in connection.execute(select(due_items.c.slot, due_items.c.state))}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


@contextmanager
def running(database: Database, jobs: Mapping[str, Job], clock: ManualClock) -> Iterator[Scheduler]:
    scheduler = Scheduler(database, jobs, clock=clock)
    scheduler.start()
    yield scheduler
    scheduler.stop()


def finish_all(scheduler: Scheduler) -> None:
    """Let everything run that is due now."""
    scheduler.wake()
    until(lambda: scheduler.is_idle)


class Remembering:
    """A job that remembers what it did; it may fail first."""

    def __init__(self, *failures: Exception) -> None:
        self.done: list[str] = []
        self.tries = 0
        self._failures = list(failures)

    def __call__(self, item: DueItem) -> None:
        self.tries += 1
        if self._failures:
            raise self._failures.pop(0)
        self.done.append(item.slot)


def test_what_is_due_runs_and_what_is_not_waits_for_its_time(database: Database, clock: ManualClock) -> None:
    job = Remembering()
    put(database, slot="now")
    put(database, slot="30d", days=30)
    with running(database, {"line": job}, clock) as scheduler:
        finish_all(scheduler)
        assert job.done == ["now"]
        clock.move(days=29, hours=23, minutes=59)
        finish_all(scheduler)
        assert job.done == ["now"]
        clock.move(minutes=1)
        finish_all(scheduler)
    assert job.done == ["now", "30d"]
    assert rows(database) == {"now": "done", "30d": "done"}


def test_moved_clock_is_noticed_without_being_woken(database: Database, clock: ManualClock) -> None:
    job = Remembering()
    put(database, slot="30d", days=30)
    with running(database, {"line": job}, clock):
        clock.move(days=31)
        until(lambda: job.done == ["30d"])
    assert rows(database) == {"30d": "done"}


def test_items_of_one_subject_run_in_the_order_of_their_times(database: Database, clock: ManualClock) -> None:
    job = Remembering()
    for number in (3, 1, 2):
        put(database, slot=str(number), seconds=number)
    clock.move(seconds=5)
    with running(database, {"line": job}, clock) as scheduler:
        finish_all(scheduler)
    assert job.done == ["1", "2", "3"]


def test_items_of_one_subject_never_run_at_once_and_those_of_others_do(database: Database, clock: ManualClock) -> None:
    running_now: dict[str, int] = {"a": 0, "b": 0}
    most: dict[str, int] = {"a": 0, "b": 0}
    both = threading.Barrier(2, timeout=5)

    def job(item: DueItem) -> None:
        running_now[item.subject] += 1
        most[item.subject] = max(most[item.subject], running_now[item.subject])
        if item.slot == "0":
            both.wait()
        running_now[item.subject] -= 1

    for number in range(5):
        for subject in ("a", "b"):
            put(database, subject=subject, slot=str(number), seconds=-10 + number)
    with running(database, {"line": job}, clock) as scheduler:
        finish_all(scheduler)
    assert most == {"a": 1, "b": 1}
    assert set(rows(database).values()) == {"done"}


def test_raising_job_does_not_stop_the_others_nor_the_later_ones_of_its_subject(
    database: Database, clock: ManualClock
) -> None:
    good = Remembering()
    put(database, "bad", slot="bad", seconds=-1)
    put(database, slot="same subject")
    put(database, subject="incident:2", slot="other subject")
    put(database, "unknown kind", slot="unknown")
    with running(database, {"bad": Remembering(ZeroDivisionError()), "line": good}, clock) as scheduler:
        until(lambda: rows(database)["unknown"] == "waiting" and len(good.done) == 2)
        finish_all(scheduler)
    assert sorted(good.done) == ["other subject", "same subject"]


def test_failed_item_is_tried_again_after_its_delay_and_not_before(database: Database, clock: ManualClock) -> None:
    job = Remembering(OutsideError("no"), OutsideError("no"))
    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        for seconds, tries in ((0, 1), (0.9, 1), (0.2, 2), (1.8, 2), (0.3, 3)):
            clock.move(seconds=seconds)
            finish_all(scheduler)
            assert job.tries == tries
    assert job.done == ["x"]


def test_slacks_wish_to_wait_is_respected(database: Database, clock: ManualClock) -> None:
    job = Remembering(busy(30))
    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        finish_all(scheduler)
        clock.move(seconds=29.9)
        finish_all(scheduler)
        assert job.tries == 1
        clock.move(seconds=0.1)
        finish_all(scheduler)
    assert job.done == ["x"]


@pytest.mark.parametrize(
    ("attempts", "error", "seconds"),
    [
        (0, OutsideError("x"), 1),
        (1, OutsideError("x"), 2),
        (5, ValueError("a defect"), 32),
        (10, OutsideError("x"), 900),
        (199, OutsideError("x"), 900),
        (0, OutcomeUnknownError("x"), 2),
        (0, BusyError("x", 30), 30),
        (9, BusyError("x", 3), 3),
        (0, BusyError("x", 0), 0.1),
    ],
)
def test_delay_is_what_slack_asked_for_or_grows_up_to_a_quarter_of_an_hour(
    attempts: int, error: Exception, seconds: float
) -> None:
    assert delay(attempts, error).total_seconds() == seconds


def test_item_that_never_works_is_given_up_in_the_end(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule._ATTEMPTS", 3)
    job = Remembering(*[OutsideError("nobody left to tell")] * 9)
    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        for _ in range(6):
            finish_all(scheduler)
            clock.move(days=1)
    assert job.tries == 3
    assert rows(database) == {"x": "failed"}


def test_item_that_is_asked_to_wait_is_never_given_up(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage of an hour answers each try with a wait; what was declared meanwhile must not be lost."""
    monkeypatch.setattr("bot.schedule._ATTEMPTS", 3)
    job = Remembering(*[busy(5)] * 9)
    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        for _ in range(10):
            finish_all(scheduler)
            clock.move(seconds=5)
    assert job.done == ["x"]


def test_waits_that_slack_asked_for_do_not_count_as_tries_when_a_failure_follows(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule._ATTEMPTS", 3)
    job = Remembering(*[busy(5)] * 6, lost())
    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        for _ in range(8):
            finish_all(scheduler)
            clock.move(seconds=5)
        finish_all(scheduler)
    assert job.done == ["x"]


def test_item_of_a_crashed_process_is_taken_over_after_its_lease(database: Database, clock: ManualClock) -> None:
    job = Remembering()
    put(database, slot="x")
    claim_as(database, "crashed")
    with running(database, {"line": job}, clock) as scheduler:
        clock.move(seconds=LEASE.total_seconds() - 1)
        scheduler.wake()
        time.sleep(0.05)
        assert (job.done, scheduler.is_idle) == ([], False)
        clock.move(seconds=1)
        finish_all(scheduler)
    assert job.done == ["x"]


def test_long_job_keeps_its_lease_and_is_not_run_beside_itself(database: Database, clock: ManualClock) -> None:
    going_on = threading.Event()
    tries: list[str] = []

    def job(item: DueItem) -> None:
        tries.append(item.slot)
        going_on.wait(8)

    put(database, slot="x")
    with running(database, {"line": job}, clock) as one, running(database, {"line": job}, clock) as other:
        until(lambda: len(tries) == 1)
        for _ in range(4):
            clock.move(seconds=LEASE.total_seconds() - 1)
            for scheduler in (one, other):
                scheduler.wake()
            time.sleep(0.05)
        going_on.set()
        finish_all(one)
    assert tries == ["x"]


def test_what_could_not_be_recorded_is_done_again_by_the_same_process(database_url: str, clock: ManualClock) -> None:
    database = LockableDatabase(database_url)
    tries: list[str] = []

    def job(item: DueItem) -> None:
        tries.append(item.slot)
        database.is_locked = len(tries) == 1

    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        # Refused while it was being recorded, not while the scheduler was looking for more.
        until(lambda: len(tries) == 1 and not scheduler._busy)
        assert database.refusals > 0
        database.is_locked = False
        for _ in range(3):
            clock.move(seconds=LEASE.total_seconds() / 2)
            scheduler.wake()
            time.sleep(0.05)
        finish_all(scheduler)
    assert tries == ["x", "x"]
    assert rows(database) == {"x": "done"}
    database.close()


def test_item_put_again_while_it_runs_runs_exactly_once_more(database: Database, clock: ManualClock) -> None:
    tries: list[str] = []

    def job(item: DueItem) -> None:
        tries.append(item.slot)
        if len(tries) == 1:
            put(database, slot="x")
            put(database, slot="x")

    put(database, slot="x")
    with running(database, {"line": job}, clock) as scheduler:
        finish_all(scheduler)
    assert tries == ["x", "x"]


def test_schedulers_of_two_processes_never_do_the_same_item(database: Database, clock: ManualClock) -> None:
    job = Remembering()
    for number in range(60):
        put(database, subject=f"C{number}", slot=str(number))
    with running(database, {"line": job}, clock) as one, running(database, {"line": job}, clock) as other:
        finish_all(one)
        finish_all(other)
    assert sorted(job.done, key=int) == [str(number) for number in range(60)]


def test_it_is_idle_only_when_nothing_is_due_and_nothing_runs(database: Database, clock: ManualClock) -> None:
    going_on = threading.Event()
    started = threading.Event()

    def job(_item: DueItem) -> None:
        started.set()
        going_on.wait(8)

    with running(database, {"line": job}, clock) as scheduler:
        said = [scheduler.is_idle]
        put(database, slot="later", days=1)
        said.append(scheduler.is_idle)
        put(database)
        said.append(scheduler.is_idle)
        scheduler.wake()
        assert started.wait(5)
        said.append(scheduler.is_idle)
        going_on.set()
        until(lambda: scheduler.is_idle)
    assert said == [True, True, False, False]


def test_stopping_finishes_what_runs_and_gives_back_what_has_not_begun(database: Database, clock: ManualClock) -> None:
    going_on, started = threading.Event(), threading.Event()
    done: list[str] = []

    def job(item: DueItem) -> None:
        started.set()
        going_on.wait(8)
        done.append(item.subject)

    for subject in range(WORKERS + 3):
        for slot in ("first", "second"):
            put(database, subject=f"incident:{subject}", slot=f"{subject} {slot}")
    scheduler = Scheduler(database, {"line": job}, clock=clock)
    scheduler.start()
    assert started.wait(5)
    with ThreadPoolExecutor(1) as pool:
        stopping = pool.submit(scheduler.stop)
        time.sleep(0.1)
        going_on.set()
        stopping.result(5)
    assert 1 <= len(done) <= WORKERS
    states = list(rows(database).values())
    assert states.count("done") == len(done)
    assert states.count("waiting") == len(states) - len(done)


def test_lost_answer_is_looked_after_a_little_later_than_a_refusal() -> None:
    assert delay(0, lost()) > delay(0, OutsideError("x"))


def test_pulse_beats_about_every_second_whatever_one_of_its_beats_does() -> None:
    beats: list[float] = []

    def beat() -> None:
        beats.append(time.monotonic())
        if len(beats) == 1:
            raise ValueError("a defect")

    pulse = Pulse(beat)
    pulse.start()
    until(lambda: len(beats) == 2)
    pulse.stop()
    assert 0.5 < beats[1] - beats[0] < 5
    assert len(beats) == 2
