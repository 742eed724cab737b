"""How a database is: which schema it has, what it runs on; looking changes nothing."""

import re

import pytest
from sqlalchemy import inspect

from storage import migrate
from storage.database import Database, DatabaseUnusableError
from storage.health import examine
from storage.migrate import Schema

ENGINES = {
    "sqlite": r"SQLite \d[\d.]+, (rollback journal|write-ahead log)",
    "postgresql": r"PostgreSQL \d[\w.]*, psycopg",
}


def set_revision(url: str, revision: str) -> None:
    database = Database(url)
    with database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    database.close()


def tables(url: str) -> list[str]:
    database = Database(url)
    names = sorted(inspect(database.engine).get_table_names())
    database.close()
    return names


def test_database_that_is_up_to_date_is_told_with_what_keeps_it(database_url: str, backend: str) -> None:
    before = tables(database_url)

    found = examine(database_url)

    assert (found.schema, found.is_sqlite) == (Schema.CURRENT, backend == "sqlite")
    assert re.fullmatch(ENGINES[backend], found.engine)
    assert tables(database_url) == before


def test_database_without_tables_has_no_schema_and_gets_none(empty_url: str) -> None:
    assert examine(empty_url).schema is Schema.NONE
    assert tables(empty_url) == []


def test_database_of_an_earlier_revision_is_older(empty_url: str) -> None:
    database = Database(empty_url)
    migrate.upgrade(database, "0001")
    database.close()

    assert examine(empty_url).schema is Schema.OLDER


def test_database_of_a_revision_that_nobody_here_knows_is_newer(database_url: str) -> None:
    set_revision(database_url, "9999")

    assert examine(database_url).schema is Schema.NEWER


@pytest.mark.parametrize(
    "url", ["postgresql://scribe:secret@127.0.0.1:1/scribe", "sqlite:////nowhere/scribe.db", "nonsense"]
)
def test_database_that_can_not_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnusableError) as refused:
        examine(url)

    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
