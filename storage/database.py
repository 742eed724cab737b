"""The database and its transactions, and the column types that keep time honest."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.types import TypeDecorator

from bot.domain.errors import TryAgainError
from storage.postgresql import Postgresql
from storage.refusals import NOT_READ, NOT_TAKEN, BrokenOffError, DatabaseUnusableError
from storage.sqlite import Sqlite
from storage.url import parsed, shown

__all__ = ["BrokenOffError", "Connection", "Database", "DatabaseUnusableError", "JsonText", "UtcDateTime"]

log = structlog.get_logger()

T = TypeVar("T")


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
    """One database with short transactions: `transaction()` to write, `reading()` to read."""

    def __init__(self, url: str) -> None:
        self.url = parsed(url)
        self._kind = Sqlite(self.url) if self.url.get_backend_name() == "sqlite" else Postgresql(self.url)
        self.engine = self._kind.engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection in a writing transaction; commit at the end, roll back on an exception.

        Raises TryAgainError when the database is locked or away, and nothing was saved then; of that BrokenOffError
        when the same at once may work.
        """
        is_committing = False
        with self._kind.writing() as options:
            try:
                with self.engine.connect().execution_options(**options) as connection, connection.begin():
                    yield connection
                    is_committing = True
            except (DBAPIError, PoolTimeoutError) as error:
                refusal = self._refusal(error, is_committing=is_committing)
                if refusal is None:
                    raise
                # Whoever asked is told to try again; a full disk or a lost file is for whoever runs it to see.
                log.warning("database not written", reason=reason_of(error))
                raise refusal from error

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Yield a connection in a writing transaction that may rebuild tables; afterwards every reference holds.

        A second process waits for it. Raises sqlalchemy's DBAPIError as it is, TryAgainError without a turn.
        """
        with (
            self._kind.writing() as options,
            self.engine.connect().execution_options(**options) as connection,
            self._kind.migrating(connection),
        ):
            yield connection

    def _refusal(self, error: DBAPIError | PoolTimeoutError, *, is_committing: bool) -> TryAgainError | None:
        """Return what to say of an error that is the database's and not the program's, else None."""
        if isinstance(error, DBAPIError) and self._kind.is_worth_another_try(error):
            return BrokenOffError(is_certain=not (is_committing and error.connection_invalidated))
        if isinstance(error, OperationalError | PoolTimeoutError):
            return TryAgainError(NOT_TAKEN)
        return None

    def retrying(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns from a writing transaction; it is done again, once, when that is broken off.

        For work that finds out when it was done before, as the first commit may have come through unheard. Raises
        TryAgainError.
        """
        try:
            with self.transaction() as connection:
                return work(connection)
        except BrokenOffError as first:
            try:
                with self.transaction() as connection:
                    return work(connection)
            except TryAgainError:
                if first.is_certain:
                    raise
                raise first from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in a reading transaction, which sees one state. Load, then leave: never render inside."""
        try:
            with self.engine.connect().execution_options(**self._kind.reading) as connection, connection.begin():
                yield connection
        except (DBAPIError, PoolTimeoutError) as error:
            if self._refusal(error, is_committing=False) is None:
                raise
            log.warning("database not read", reason=reason_of(error))
            raise TryAgainError(NOT_READ) from error

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
                f"The database {self.shown_url} can't be written ({reason_of(error)}). {self._kind.advice}"
            ) from error

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return shown(self.url)


def reason_of(error: DBAPIError | PoolTimeoutError) -> str:
    """Return the driver's words, in one line and without parameters."""
    if isinstance(error, PoolTimeoutError):
        return "all connections are in use"
    words = str(error.orig).strip() if error.orig else ""
    first = words.splitlines()[0] if words else "unknown"
    return first.removeprefix("connection failed: ").removeprefix("connection is bad: ")
