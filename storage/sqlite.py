"""SQLite: one file, one writer at a time. See docs/decisions/0006-sqlite-settings.md."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import TryAgainError
from storage.refusals import NOT_TAKEN, DatabaseUnusableError
from storage.url import EXAMPLE

# The first SQLite without the bug that can corrupt a database when its write-ahead log is reset:
# https://sqlite.org/releaselog/3_51_3.html
_WAL_IS_SAFE_FROM = (3, 51, 3)
# A command's ack has 3 seconds: whoever waits longer for the lock would save what Slack has already called failed.
_BUSY_SECONDS = 2.0
# A commit may have to wait for a reader, also after a long wait for its turn.
_LEAST_PATIENCE_SECONDS = 0.5
_PATIENCE = "scribe_patience"


class Sqlite:
    """The engine for one file, and how its transactions begin.

    The writers of this process take turns, so that none of them has to poll for the lock.
    """

    reading: Mapping[str, Any] = MappingProxyType({"scribe_reads": True})
    advice = f"Check DATABASE_URL, for example {EXAMPLE}, and the folder's permissions."

    def __init__(self, url: URL) -> None:
        self.engine = _engine(url)
        self._write_turn = threading.Lock()

    @contextmanager
    def writing(self) -> Iterator[Mapping[str, Any]]:
        """Wait for this process's turn to write; yield how long may still be waited for other processes.

        Raises TryAgainError when the turn doesn't come in time.
        """
        asked_at = time.monotonic()
        if not self._write_turn.acquire(timeout=_BUSY_SECONDS):
            raise TryAgainError(NOT_TAKEN)
        try:
            waited = time.monotonic() - asked_at
            yield {_PATIENCE: max(_BUSY_SECONDS - waited, _LEAST_PATIENCE_SECONDS)}
        finally:
            self._write_turn.release()

    @staticmethod
    def is_worth_another_try(error: DBAPIError) -> bool:  # noqa: ARG004 - the other database's signature
        """Whether the same at once may work: never, a lock has been waited for already."""
        return False

    @contextmanager
    def migrating(self, connection: Connection) -> Iterator[None]:
        """Yield in a transaction that may change tables. Raises DatabaseUnusableError when a reference is broken then.

        SQLite makes a table anew to change it, which it forbids while references to it are enforced; that can only be
        switched outside a transaction.
        """
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise DatabaseUnusableError(f"A row of the table {broken[0]} would point nowhere.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _engine(url: URL) -> Engine:
    # Parameters are what people wrote; an error that is logged must not repeat them.
    engine = create_engine(url, pool_size=16, max_overflow=64, hide_parameters=True)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling would begin too late; `_begin` begins explicitly.
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS * 1000:.0f}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # To a tenth of a second, so that it seldom has to be said again: under load each call to SQLite counts.
    patience = round(options.get(_PATIENCE, _BUSY_SECONDS), 1)
    if connection.info.get(_PATIENCE) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience * 1000:.0f}")
        connection.info[_PATIENCE] = patience
    # A write that starts as a read and upgrades later fails at once with "database is locked": begin as a writer.
    connection.exec_driver_sql("BEGIN" if options.get("scribe_reads", False) else "BEGIN IMMEDIATE")
