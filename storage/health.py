"""How a database is: whether it can be used, which schema it has and what it runs on. Changes nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.domain.errors import TryAgainError
from storage.database import Connection, Database, DatabaseUnusableError
from storage.migrate import Schema, schema_of


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. `shown_url` has no password; `engine` names the program that keeps it, with its version."""

    shown_url: str
    schema: Schema
    is_sqlite: bool
    engine: str


def examine(url: str) -> Health:
    """Return how the database is. Raises DatabaseUnusableError when it can't be read and written."""
    database = Database(url)
    is_sqlite = database.engine.dialect.name == "sqlite"
    try:
        if is_sqlite and not _exists(database):
            return Health(database.shown_url, Schema.NONE, is_sqlite, "SQLite")
        database.check_writable()
        with database.reading() as connection:
            return Health(
                database.shown_url,
                schema_of(connection),
                is_sqlite,
                _sqlite(connection) if is_sqlite else _postgresql(connection),
            )
    except (DBAPIError, TryAgainError) as error:
        raise DatabaseUnusableError(f"The database {database.shown_url} can't be read just now. Try again.") from error
    finally:
        database.close()


def _exists(database: Database) -> bool:
    """Whether the file is there: connecting would make it. Raises DatabaseUnusableError when it can't be made."""
    path = Path(database.url.database or "")
    if path.exists():
        return True
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        problem = "there is no such folder" if not path.parent.is_dir() else "its folder can't be written"
        raise DatabaseUnusableError(
            f"The database {database.shown_url} can't be made ({problem}). "
            "Check DATABASE_URL, for example sqlite:///scribe.db."
        )
    return False


def _sqlite(connection: Connection) -> str:
    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    return f"SQLite {version}, {'write-ahead log' if journal == 'wal' else 'rollback journal'}"


def _postgresql(connection: Connection) -> str:
    version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    return f"PostgreSQL {version.split()[0]}, {connection.dialect.driver}"
