"""What holds for SQLite alone."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from bot.domain.errors import TryAgainError
from storage.database import Database
from storage.tables import incidents
from tests.storage.stored import store_incident


@pytest.fixture
def database(sqlite_file: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{sqlite_file}")
    yield opened
    opened.close()


def test_writer_begins_as_a_writer_and_reader_as_a_reader(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: said.append(arguments[2]))
    with database.transaction() as connection:
        connection.execute(select(incidents.c.id))
    with database.reading() as connection:
        connection.execute(select(incidents.c.id))
    assert [one for one in said if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


@pytest.mark.parametrize(("pragma", "value"), [("foreign_keys", 1), ("synchronous", 2)])
def test_every_connection_has_the_safe_settings(database: Database, pragma: str, value: int) -> None:
    # Also after the tables were changed, which is done without references.
    with database.migrating() as connection:
        connection.execute(select(incidents.c.id))
    for way in (database.transaction, database.reading):
        with way() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_write_ahead_log_is_used_only_where_it_cannot_corrupt(database: Database) -> None:
    wanted = "wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "delete"
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == wanted


def test_reason_why_nothing_was_saved_or_read_is_logged_without_what_people_wrote(database: Database) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE incidents RENAME TO lost")
    with capture_logs() as logged:
        with pytest.raises(TryAgainError):
            store_incident(database)
        with pytest.raises(TryAgainError), database.reading() as connection:
            connection.execute(select(incidents.c.id))
    assert logged == [
        {"event": "database not written", "reason": "no such table: incidents", "log_level": "warning"},
        {"event": "database not read", "reason": "no such table: incidents", "log_level": "warning"},
    ]
