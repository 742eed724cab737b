"""The one writer of captured records: many listeners hand in, one thread commits for all of them."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from queue import Full, Queue

from bot.domain.errors import ScribeError, TryAgainError
from bot.domain.messages import CaptureRecord
from storage import capture
from storage.database import Database

QUEUE_LIMIT = 10_000
BATCH_LIMIT = 500
# Slack waits three seconds for an acknowledgement.
COMMIT_SECONDS = 2.0

# Is called once, with None when the records are committed, else with what kept them from it.
Settle = Callable[[Exception | None], None]
_Handed = tuple[Sequence[CaptureRecord], Settle]

_LATE = "not committed in time"


class NotStoredError(ScribeError):
    """A record was not committed in time; the delivery must not be acknowledged, so that Slack sends it again."""


class CaptureWriter:
    """Commits captured records in batches: whatever has queued up while the last commit ran goes into the next.

    Start with `start()`, end with `stop()`, which commits what is queued. `after_commit` is called, without
    arguments, after each batch by which something is due: looking for it after every other batch would cost more than
    the batch.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime], after_commit: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._after_commit = after_commit
        self._queue: Queue[_Handed | None] = Queue(QUEUE_LIMIT)
        self._thread = threading.Thread(target=self._run, name="capture-writer", daemon=True)

    def start(self) -> None:
        """Start the writing thread."""
        self._thread.start()

    def stop(self) -> None:
        """Commit what is queued and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def save(self, records: Sequence[CaptureRecord], *, timeout: float = COMMIT_SECONDS) -> None:
        """Return once the records are committed.

        Raises NotStoredError after `timeout` seconds without a commit, and whatever kept the records from being stored.
        """
        future: Future[None] = Future()
        deadline = time.monotonic() + timeout
        try:
            self._queue.put((records, partial(_settle_future, future)), timeout=timeout)
            future.result(deadline - time.monotonic())
        except (Full, TimeoutError) as error:
            raise NotStoredError(_LATE) from error

    def hand_in(self, records: Sequence[CaptureRecord], settle: Settle) -> None:
        """Take records to be committed and return at once.

        `settle` is called from the writing thread, which it must not keep waiting; a commit that took longer than
        COMMIT_SECONDS is told as NotStoredError. Raises NotStoredError when the queue is full.
        """
        deadline = time.monotonic() + COMMIT_SECONDS

        def settle_in_time(failure: Exception | None) -> None:
            is_late = failure is None and time.monotonic() > deadline
            settle(NotStoredError(_LATE) if is_late else failure)

        try:
            self._queue.put_nowait((records, settle_in_time))
        except Full as error:
            raise NotStoredError(_LATE) from error

    def _run(self) -> None:
        is_open = True
        while is_open:
            first = self._queue.get()
            batch: list[_Handed] = [first] if first else []
            is_open = first is not None
            while is_open and len(batch) < BATCH_LIMIT and not self._queue.empty():
                handed = self._queue.get_nowait()
                is_open = handed is not None
                if handed:
                    batch.append(handed)
            if batch and self._commit(batch):
                self._after_commit()

    def _commit(self, batch: list[_Handed]) -> bool:
        """Commit what was handed in and tell so; return whether anything is due by it."""
        try:
            is_due = self._write([record for records, _ in batch for record in records])
        except Exception as error:  # noqa: BLE001 - the thread's edge: a failure belongs to those who wait for it
            if len(batch) > 1 and not isinstance(error, TryAgainError):
                # One record that the database refuses must not take the others with it.
                are_due = [self._commit([handed]) for handed in batch]
                return any(are_due)
            # A database that is locked is so for all of them; trying one by one would keep the next batch waiting.
            for _, settle in batch:
                settle(error)
            return False
        for _, settle in batch:
            settle(None)
        return is_due

    def _write(self, records: Sequence[CaptureRecord]) -> bool:
        if not records:
            return False
        # The same records make the same rows, so a transaction that was broken off is simply carried out again.
        return self._database.retrying(lambda connection: capture.save(connection, records, now=self._clock()))


def _settle_future(future: Future[None], failure: Exception | None) -> None:
    if failure is None:
        future.set_result(None)
    else:
        future.set_exception(failure)
