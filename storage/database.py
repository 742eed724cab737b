"""The engine, its transactions and the column types that keep time honest."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import DateTime, Engine, Text, create_engine, event
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.types import TypeDecorator

from bot.domain.errors import ScribeError, TryAgainError

__all__ = ["Connection", "Database", "DatabaseUnusableError", "JsonText", "UtcDateTime"]

log = structlog.get_logger()

# The first SQLite without the bug that can corrupt a database when its write-ahead log is reset:
# https://sqlite.org/releaselog/3_51_3.html
_WAL_IS_SAFE_FROM = (3, 51, 3)
# A command's ack has 3 seconds: whoever waits longer for the lock would save what Slack has already called failed.
_BUSY_SECONDS = 2.0
# A commit may have to wait for a reader, also after a long wait for its turn.
_LEAST_PATIENCE_SECONDS = 0.5
_PATIENCE = "scribe_patience"
_NOT_TAKEN = "The database didn't take that just now, and nothing was saved. Please send it again."


class DatabaseUnusableError(ScribeError):
    """The database can't be opened or written; the message says which one and why."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive datetimes, converts on the way in, restores UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; without its zone for SQLite, which can't keep one. Raises ValueError when naive."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a datetime without a zone can't be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the stored moment as an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text, the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the value as compact JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what the JSON says."""
        return None if value is None else json.loads(value)


class Database:
    """One database with short transactions: `transaction()` to write, `reading()` to read.

    On SQLite the writers of this process take turns, so that none of them has to poll for the lock.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.engine = _engine(self.url)
        self._write_turn = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a writing transaction; commit at the end, roll back on an exception.

        Raises TryAgainError when the database is locked or away; nothing was saved then.
        """
        with self._turn() as patience:
            try:
                with (
                    self.engine.connect().execution_options(scribe_patience=patience) as connection,
                    connection.begin(),
                ):
                    yield connection
            except OperationalError as error:
                # Whoever asked is told to try again; a full disk or a lost file is for whoever runs it to see.
                log.warning("database not written", reason=_reason(error))
                raise TryAgainError(_NOT_TAKEN) from error

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Yield a connection in a writing transaction that may rebuild tables; afterwards every reference holds.

        SQLite can't change a table in place: it is copied, dropped and renamed, which references to it would forbid.
        """
        with self._turn(), self.engine.connect().execution_options(scribe_migrates=True) as connection:
            try:
                with connection.begin():
                    yield connection
                    if connection.dialect.name == "sqlite":
                        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                        assert broken is None, f"the migration broke a reference: {broken}"
            finally:
                # Its settings are not those of the others in the pool.
                connection.invalidate()

    @contextmanager
    def _turn(self) -> Iterator[float]:
        """Wait for this process's turn to write; yield the seconds that may still be waited for other processes."""
        asked_at = time.monotonic()
        if not self._write_turn.acquire(timeout=_BUSY_SECONDS):
            raise TryAgainError(_NOT_TAKEN)
        try:
            yield max(_BUSY_SECONDS - (time.monotonic() - asked_at), _LEAST_PATIENCE_SECONDS)
        finally:
            self._write_turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in a reading transaction, which sees one state. Load, then leave: never render inside."""
        try:
            with self.engine.connect().execution_options(scribe_reads=True) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            log.warning("database not read", reason=_reason(error))
            raise TryAgainError("The database can't be read just now. Please try again.") from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def check_writable(self) -> None:
        """Raise DatabaseUnusableError, with the reason in one line, when this database can't be written."""
        try:
            with self.engine.connect() as connection, connection.begin() as attempt:
                connection.exec_driver_sql("CREATE TABLE scribe_write_check (at TEXT)")
                # What was only tried leaves no trace, so that a database that is refused stays as it was.
                attempt.rollback()
        except DBAPIError as error:
            raise DatabaseUnusableError(
                f"The database {self.shown_url} can't be written ({_reason(error)}). "
                "Check DATABASE_URL, for example sqlite:///scribe.db, and the folder's permissions."
            ) from error

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)


def _reason(error: DBAPIError) -> str:
    """Return the driver's words, in one line and without parameters."""
    return str(error.orig).splitlines()[0] if error.orig else "unknown"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusableError(
            f"DATABASE_URL “{url}” is not a database URL. Use for example sqlite:///scribe.db"
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUnusableError("DATABASE_URL must name a file, for example sqlite:///scribe.db")
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseUnusableError(
            f"DATABASE_URL “{parsed.render_as_string(hide_password=True)}”: this version runs on SQLite. "
            "Use for example sqlite:///scribe.db"
        )
    return parsed


def _engine(url: URL) -> Engine:
    # Parameters are what people wrote; an error that is logged must not repeat them.
    engine = create_engine(url, pool_size=16, max_overflow=64, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling would begin too late; `_begin_sqlite` begins explicitly.
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS * 1000:.0f}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    # To a tenth of a second, so that it seldom has to be said again: under load each call to SQLite counts.
    patience = round(options.get("scribe_patience", _BUSY_SECONDS), 1)
    if connection.info.get(_PATIENCE) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience * 1000:.0f}")
        connection.info[_PATIENCE] = patience
    if options.get("scribe_migrates", False):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    # A write that starts as a read and upgrades later fails at once with "database is locked": begin as a writer.
    connection.exec_driver_sql("BEGIN" if options.get("scribe_reads", False) else "BEGIN IMMEDIATE")
