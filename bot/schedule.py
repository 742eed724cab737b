"""The clock's entrance: claims what is due and calls the services with it."""

import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from bot.domain.errors import TryAgainError
from bot.services.ports import BusyError, OutcomeUnknownError, OutsideError
from storage import due
from storage.database import Database
from storage.due import DueItem

log = structlog.get_logger()

Job = Callable[[DueItem], None]

WORKERS = 4
_CLAIMED_PER_WORKER = 5
_POLL_SECONDS = 1.0
_LONGEST_DELAY = timedelta(minutes=15)
# Some two days. Being asked to wait is no failure, however long an outage lasts.
_ATTEMPTS = 200


class Scheduler:
    """Runs due items on a few threads. What concerns one incident runs in order; a crash leaves items to be claimed.

    `clock` says what is due; the polling itself uses real time, so that a moved clock is noticed within a second.
    """

    def __init__(self, database: Database, jobs: Mapping[str, Job], *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock
        self._worker = uuid.uuid4().hex
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._busy: dict[str, list[int]] = {}
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="due")
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        """Start looking for due items."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is running, give back what has not begun, and stop."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)
        try:
            with self._database.transaction() as connection:
                due.release(connection, worker=self._worker)
        except TryAgainError as error:
            log.warning("due items not given back; their lease will run out", error=str(error))

    def wake(self) -> None:
        """Look now: something may have become due."""
        self._wake.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is running and nothing is due."""
        with self._lock:
            if self._busy:
                return False
        with self._database.reading() as connection:
            return due.unfinished(connection, before=self._clock()) == 0

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tick()
            except TryAgainError as error:
                log.warning("due items can't be read just now", error=str(error))
            except Exception:
                # The thread's edge: a defect in one round must not stop every later nudge.
                log.exception("looking for due items failed")
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()

    def _tick(self) -> None:
        now = self._clock()
        with self._lock:
            busy = dict(self._busy)
        with self._database.reading() as connection:
            waiting = due.is_any_due(connection, worker=self._worker, now=now, busy_subjects=busy)
        free = WORKERS - len(busy)
        if busy or waiting:
            with self._database.transaction() as connection:
                running = [item_id for item_ids in busy.values() for item_id in item_ids]
                due.renew(connection, running, worker=self._worker, now=now)
                limit = _CLAIMED_PER_WORKER * max(free, 0)
                items = due.claim(connection, worker=self._worker, now=now, limit=limit, busy_subjects=busy)
            self._start(items)

    def _start(self, items: tuple[DueItem, ...]) -> None:
        by_subject = sorted(items, key=lambda item: item.subject)
        for subject, group in groupby(by_subject, key=lambda item: item.subject):
            claimed = list(group)
            with self._lock:
                self._busy[subject] = [item.item_id for item in claimed]
            self._pool.submit(self._run_in_order, subject, claimed)

    def _run_in_order(self, subject: str, items: list[DueItem]) -> None:
        try:
            for item in sorted(items, key=lambda item: (item.due_at, item.item_id)):
                if not self._stopping.is_set():
                    self._settle(item)
        finally:
            with self._lock:
                del self._busy[subject]
            self._wake.set()

    def _settle(self, item: DueItem) -> None:
        """Run one item and record how it went. What can't be recorded is claimed again when the lease is over."""
        try:
            error = self._attempt(item)
            is_failure = not isinstance(error, BusyError)
            with self._database.transaction() as connection:
                if error is None:
                    due.finish(connection, item, worker=self._worker, now=self._clock())
                elif item.attempts + 1 >= _ATTEMPTS and is_failure:
                    log.error("due item given up", kind=item.kind, slot=item.slot, error=str(error))
                    due.give_up(connection, item, worker=self._worker, now=self._clock(), error=str(error))
                else:
                    again_at = self._clock() + delay(item.attempts, error)
                    due.put_back(
                        connection,
                        item,
                        worker=self._worker,
                        again_at=again_at,
                        error=str(error),
                        is_failure=is_failure,
                    )
        except Exception:
            # The worker's edge: nothing may be lost silently, and the pool would swallow it.
            log.exception("due item can't be settled", kind=item.kind, slot=item.slot)

    def _attempt(self, item: DueItem) -> Exception | None:
        try:
            self._jobs[item.kind](item)
        except (OutsideError, TryAgainError) as error:
            log.warning("due item put back", kind=item.kind, slot=item.slot, tries=item.attempts + 1, error=str(error))
            return error
        except Exception as error:
            # The jobs' edge: a defect in one kind of work must not stop the others.
            log.exception("due item failed", kind=item.kind, slot=item.slot, tries=item.attempts + 1)
            return error
        return None


def delay(attempts: int, error: Exception) -> timedelta:
    """Return how long to wait before the next try: what Slack asked for, else 1, 2, 4 ... seconds up to 15 minutes."""
    if isinstance(error, BusyError):
        return timedelta(seconds=max(error.retry_after, 0.1))
    # After a lost answer the message may take a moment to show in the history that is searched for it.
    first = 1 if isinstance(error, OutcomeUnknownError) else 0
    return min(timedelta(seconds=2.0 ** min(attempts + first, 10)), _LONGEST_DELAY)


class Pulse:
    """Calls something about every second on a thread of its own, so that nothing that is due keeps it waiting."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Start calling."""
        self._thread.start()

    def stop(self) -> None:
        """Call no more; a call that is under way is finished."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            try:
                self._beat()
            except Exception:
                # The thread's edge: a defect in one beat must not stop the next ones.
                log.exception("the pulse failed")
