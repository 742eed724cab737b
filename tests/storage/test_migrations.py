import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, inspect

from bot.domain.milestones import Milestone, Stamp
from storage import incidents, migrate
from storage.database import Connection, Database, DatabaseUnusableError
from storage.tables import metadata
from tests.databases import Databases
from tests.factories import REPORTER, at
from tests.storage.stored import output_of, start_process, store_incident


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def schema(database: Database) -> dict[str, list[str]]:
    """Return what each table is made of, in an order that does not depend on the way it was made."""
    with database.reading() as connection:
        found = inspect(connection)
        return {
            name: sorted(
                str(described(part))
                for part in (
                    *found.get_columns(name),
                    found.get_pk_constraint(name),
                    *found.get_foreign_keys(name),
                    *found.get_unique_constraints(name),
                    *found.get_check_constraints(name),
                    *found.get_indexes(name),
                )
            )
            for name in found.get_table_names()
            if name != "alembic_version"
        }


def described(part: Any) -> Any:
    """Return what SQLAlchemy found out about a part of a table as values that compare."""
    if isinstance(part, Mapping):
        return {name: described(value) for name, value in sorted(part.items())}
    return [described(value) for value in part] if isinstance(part, list) else str(part)


def indexes(database: Database) -> dict[str, list[str]]:
    """Return each table's indexes; a rebuilt table may have them in another order."""
    with database.reading() as connection:
        found = inspect(connection)
        return {name: sorted(str(described(index)) for index in found.get_indexes(name)) for name in metadata.tables}


def revision(database: Database) -> str | None:
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return migrate._scripts().get_current_head()


def test_upgraded_database_is_what_the_tables_say(empty: Database) -> None:
    migrate.upgrade(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_indexes_of_the_migrations_have_the_conditions_of_the_tables(empty: Database, databases: Databases) -> None:
    migrate.upgrade(empty)
    url = databases.empty()
    made_directly = Database(url)
    metadata.create_all(made_directly.engine)
    wanted = indexes(made_directly)
    assert indexes(empty) == wanted
    assert any("finished_at IS NULL" in index for index in wanted["due_items"])
    made_directly.close()
    databases.drop(url)


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    incident = store_incident(empty)
    before = schema(empty), revision(empty)
    migrate.upgrade(empty)
    assert (schema(empty), revision(empty)) == before
    assert incident.incident_id == "INC-2026-11-20-001"


def test_downgrade_takes_every_table_away_and_upgrade_brings_them_back(empty: Database) -> None:
    migrate.upgrade(empty)
    full = schema(empty)
    migrate.downgrade(empty)
    assert schema(empty) == {}
    migrate.upgrade(empty)
    assert schema(empty) == full


def test_database_with_incidents_goes_up_and_down_and_loses_none(empty: Database) -> None:
    migrate.upgrade(empty)
    incident = store_incident(empty)
    stamp = Stamp(Milestone.DETECTED, at("14:00"), REPORTER, at("14:01"))
    with empty.transaction() as connection:
        incidents.set_stamp(connection, incident, stamp)
    migrate.downgrade(empty, "0001")
    migrate.upgrade(empty)
    with empty.reading() as connection:
        assert incidents.by_row(connection, incident.row_id) == incident
        assert incidents.stamps_of(connection, incident) == (stamp,)


def test_merged_incidents_are_two_again_for_an_earlier_version_and_lose_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    whole, part = store_incident(empty, channel_id="C2"), store_incident(empty)
    with empty.transaction() as connection:
        incidents.change(connection, part, merged_into=whole.row_id)
    migrate.downgrade(empty, "0003")
    migrate.upgrade(empty)
    with empty.reading() as connection:
        assert incidents.of_team(connection, whole.team_id, only_open=False) == (part, whole)


_MOMENT = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


def a_value(column: Column[Any]) -> Any:
    """Return something that fits a column, whatever it means."""
    match column.type:
        case Boolean():
            return True
        case DateTime():
            return _MOMENT if getattr(column.type, "timezone", False) else _MOMENT.replace(tzinfo=None)
        case Date():
            return _MOMENT.date()
        case Integer():
            return 1
    return "x" * (getattr(column.type, "length", None) or 40)


def rows(connection: Connection, tables: MetaData) -> dict[str, list[Any]]:
    return {table.name: list(connection.execute(table.select())) for table in tables.sorted_tables}


def test_database_of_the_first_version_keeps_every_row_up_and_down_again(empty: Database) -> None:
    migrate.upgrade(empty, "0001")
    first = MetaData()
    with empty.transaction() as connection:
        first.reflect(connection)
        first.remove(first.tables["alembic_version"])
        for table in first.sorted_tables:
            connection.execute(table.insert().values({column.name: a_value(column) for column in table.columns}))
        before = rows(connection, first)
    migrate.upgrade(empty)
    with empty.reading() as connection:
        assert rows(connection, first) == before
    assert revision(empty) == newest()
    migrate.downgrade(empty, "0001")
    with empty.reading() as connection:
        assert rows(connection, first) == before
    assert revision(empty) == "0001"
    assert min(map(len, before.values())) == 1


def test_database_of_a_newer_version_is_refused_and_stays_as_it_was(database: Database) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = schema(database)
    with pytest.raises(DatabaseUnusableError, match=r"newer version of Incident Scribe \(revision 9999\)") as refused:
        migrate.upgrade(database)
    assert "\n" not in str(refused.value)
    assert (schema(database), revision(database)) == (before, "9999")


def test_file_of_a_newer_version_stays_as_it_was_to_the_byte(sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = sqlite_file.read_bytes()
    database = Database(f"sqlite:///{sqlite_file}")
    with pytest.raises(DatabaseUnusableError):
        migrate.upgrade(database)
    database.close()
    assert sqlite_file.read_bytes() == before


def test_migration_that_fails_half_way_leaves_everything_as_it_was(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(empty, "0001")
    before = schema(empty)
    run = migrate._run

    def run_and_fail(*arguments: Any, **options: Any) -> None:
        run(*arguments, **options)
        raise ZeroDivisionError

    monkeypatch.setattr(migrate, "_run", run_and_fail)
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade(empty)
    assert (schema(empty), revision(empty)) == (before, "0001")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///{folder}/missing/scribe.db", "unable to open database file"),
        ("sqlite:///{folder}", "unable to open database file"),
        ("sqlite:////proc/scribe.db", "unable to open database file"),
        ("sqlite:///file:{folder}/there.db?mode=ro&uri=true", "readonly database"),
        ("sqlite:///{folder}/no-database.db", "not a database"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(tmp_path: Path, url: str, reason: str) -> None:
    sqlite3.connect(tmp_path / "there.db").close()
    (tmp_path / "no-database.db").write_text("this is a letter, not a database " * 50)
    database = Database(url.format(folder=tmp_path))
    with pytest.raises(DatabaseUnusableError, match=reason) as refused:
        migrate.upgrade(database)
    database.close()
    assert "\n" not in str(refused.value)
    assert "DATABASE_URL" in str(refused.value)


_UPGRADE = """
import sys, time
from pathlib import Path
from storage import migrate
from storage.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
migrate.upgrade(database)
database.close()
"""


def test_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str, tmp_path: Path) -> None:
    go = tmp_path / "go"
    processes = [start_process(_UPGRADE, empty_url, str(go)) for _ in range(3)]
    for process in processes:
        assert first_line(process) == "ready\n"
    go.touch()
    for process in processes:
        output_of(process)
    database = Database(empty_url)
    assert revision(database) == newest()
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
