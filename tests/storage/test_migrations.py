import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.domain.milestones import Milestone, Stamp
from storage import incidents, migrate
from storage.database import Database, DatabaseUnusableError
from storage.tables import metadata
from tests.factories import REPORTER, at
from tests.storage.stored import output_of, start_process, store_incident


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    database.close()


def schema(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
        )
        return {name: " ".join(sql.split()) for name, sql in rows}


def tables(database: Database) -> dict[str, list[str]]:
    """Return what each table and index is made of; SQLite writes a rebuilt table's constraints in any order."""
    return {name: sorted(part.strip(" ,)") for part in sql.split(", ")) for name, sql in schema(database).items()}


def revision(database: Database) -> str | None:
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_upgraded_database_is_what_the_tables_say(empty: Database) -> None:
    migrate.upgrade(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_indexes_of_the_migrations_have_the_conditions_of_the_tables(empty: Database, tmp_path: Path) -> None:
    migrate.upgrade(empty)
    made_directly = Database(f"sqlite:///{tmp_path / 'direct.db'}")
    metadata.create_all(made_directly.engine)
    wanted = {name: sql for name, sql in schema(made_directly).items() if sql.startswith("CREATE INDEX")}
    assert {name: sql for name, sql in schema(empty).items() if sql.startswith("CREATE INDEX")} == wanted
    assert any("WHERE finished_at IS NULL" in sql for sql in wanted.values())
    made_directly.close()


def test_upgrading_again_changes_nothing(empty: Database) -> None:
    migrate.upgrade(empty)
    incident = store_incident(empty)
    before = schema(empty), revision(empty)
    migrate.upgrade(empty)
    assert (schema(empty), revision(empty)) == before
    assert incident.incident_id == "INC-2026-11-20-001"


def test_downgrade_takes_every_table_away_and_upgrade_brings_them_back(empty: Database) -> None:
    migrate.upgrade(empty)
    full = tables(empty)
    migrate.downgrade(empty)
    assert schema(empty) == {}
    migrate.upgrade(empty)
    assert tables(empty) == full


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


def test_database_of_a_newer_version_is_refused_and_stays_as_it_was(database_file: Path) -> None:
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = database_file.read_bytes()
    database = Database(f"sqlite:///{database_file}")
    with pytest.raises(DatabaseUnusableError, match=r"newer version of Incident Scribe \(revision 9999\)") as refused:
        migrate.upgrade(database)
    database.close()
    assert "\n" not in str(refused.value)
    assert database_file.read_bytes() == before


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


@pytest.mark.parametrize(
    "url", ["not a url", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgresql://u:secret@h/d"]
)
def test_url_that_is_no_sqlite_file_is_refused_without_telling_a_password(url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match=r"sqlite:///scribe\.db") as refused:
        Database(url)
    assert "secret" not in str(refused.value)


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


def test_processes_that_upgrade_at_once_wait_for_each_other(tmp_path: Path) -> None:
    url, go = f"sqlite:///{tmp_path / 'shared.db'}", tmp_path / "go"
    processes = [start_process(_UPGRADE, url, str(go)) for _ in range(3)]
    for process in processes:
        assert first_line(process) == "ready\n"
    go.touch()
    for process in processes:
        output_of(process)
    database = Database(url)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["0002"]
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
