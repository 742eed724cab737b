"""What holds for PostgreSQL alone: its sessions, its errors, and how it compares texts."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.testing import capture_logs

from bot.domain.errors import TryAgainError
from storage import capture, migrate
from storage.database import BrokenOffError, Connection, Database, DatabaseUnusableError
from storage.tables import incidents, roles
from storage.upsert import Insert
from tests.databases import PostgresqlDatabases, PostgresqlServer
from tests.storage.stored import incident_in, store_incident

PASSWORD = "xyzzy-secret"
DIALECT = make_url("postgresql+psycopg://").get_dialect()()


@pytest.fixture
def url(postgresql_databases: PostgresqlDatabases) -> Iterator[str]:
    made = postgresql_databases.migrated()
    yield made
    postgresql_databases.drop(made)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def shows(connection: Connection, *names: str) -> list[str]:
    return [str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in names]


def test_writer_reads_what_is_committed_and_reader_sees_one_state_and_can_write_nothing(database: Database) -> None:
    names = ("transaction_isolation", "transaction_read_only")
    for _ in range(2):
        with database.transaction() as connection:
            assert shows(connection, *names) == ["read committed", "off"]
        with database.reading() as connection:
            assert shows(connection, *names) == ["repeatable read", "on"]
    with pytest.raises(DBAPIError, match="read-only transaction"), database.reading() as connection:
        incident_in(connection)


def test_session_is_in_utc_and_gives_up_before_an_ack_would_be_late(database: Database) -> None:
    names = ("timezone", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "application_name")
    with database.transaction() as connection:
        assert shows(connection, *names) == ["UTC", "2s", "30s", "10s", "incident-scribe"]


def test_options_of_the_url_are_kept_and_go_before_ours(url: str) -> None:
    options = {"options": "-c lock_timeout=7s -c search_path=other", "application_name": "mine"}
    database = Database(make_url(url).update_query_dict(options).render_as_string(hide_password=False))
    with database.transaction() as connection:
        found = shows(connection, "lock_timeout", "search_path", "timezone", "application_name")
    assert found == ["7s", "other", "UTC", "mine"]
    database.close()


def refusal(url: str) -> str:
    """Return how a database that can't be used is refused: in one line, in time, without a password."""
    database = Database(url)
    started = time.monotonic()
    with pytest.raises(DatabaseUnusableError) as refused:
        migrate.upgrade(database)
    assert time.monotonic() - started < 10
    database.close()
    said = str(refused.value)
    assert "\n" not in said
    assert PASSWORD not in said
    assert "Check DATABASE_URL, for example postgresql://scribe:PASSWORD@db.example.com/scribe" in said
    return said


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"postgresql://scribe:{PASSWORD}@127.0.0.1:1/scribe", "Connection refused"),
        (f"postgresql://scribe:{PASSWORD}@nowhere.invalid/scribe", "nowhere.invalid"),
        ("postgresql://scribe@/scribe?host=/nowhere", "No such file or directory"),
        (f"postgresql://scribe:{PASSWORD}@127.0.0.1:1/scribe?nonsense=1", "nonsense"),
    ],
)
def test_server_that_is_not_there_is_told_in_one_line(url: str, reason: str) -> None:
    assert reason in refusal(url)


def test_database_that_is_not_there_is_told_in_one_line(postgresql: PostgresqlServer) -> None:
    assert 'database "missing" does not exist' in refusal(postgresql.url("missing"))


@pytest.fixture
def as_careful(postgresql: PostgresqlServer, url: str) -> Iterator[Callable[[str], str]]:
    """Return the URL of a database for a user who needs a password and owns nothing."""
    postgresql.ask(f"CREATE ROLE careful LOGIN PASSWORD '{PASSWORD}'")
    made = make_url(url).set(username="careful")
    yield lambda password: made.set(password=password).render_as_string(hide_password=False)
    postgresql.ask("DROP ROLE careful")


def test_wrong_password_is_told_in_one_line_without_it(as_careful: Callable[[str], str]) -> None:
    assert 'password authentication failed for user "careful"' in refusal(as_careful(PASSWORD[::-1]))


def test_user_who_may_create_nothing_is_told_so_in_one_line(as_careful: Callable[[str], str]) -> None:
    assert "permission denied for schema public" in refusal(as_careful(PASSWORD))


def test_database_that_only_reads_is_told_so_in_one_line(database: Database, url: str) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {database.url.database} SET default_transaction_read_only = on")
    assert "read-only transaction" in refusal(url)


def test_server_that_became_a_standby_is_left_for_its_successor(database: Database) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    with pytest.raises(BrokenOffError):
        store_incident(database)
    # On the connection that has taken its place.
    store_incident(database)


def test_what_people_wrote_is_in_no_error_and_no_log(database: Database) -> None:
    incident = store_incident(database)
    row = {"incident": incident.row_id, "role": "lead", "user_id": "UWROTE", "since": None}
    with capture_logs() as logged, pytest.raises(IntegrityError) as refused, database.transaction() as connection:
        connection.execute(roles.insert().values(row))
    assert "null value in column" in str(refused.value)
    assert "UWROTE" not in f"{refused.value}{refused.value.orig}{refused.value.__cause__}{logged}"


def test_connections_that_are_all_in_use_are_waited_for_no_longer_than_a_lock(database: Database) -> None:
    done = threading.Event()
    with ThreadPoolExecutor(15) as pool, ExitStack() as stack:
        stack.callback(done.set)
        ready = threading.Barrier(16)

        def hold() -> None:
            with database.reading():
                ready.wait(10)
                done.wait(10)

        for _ in range(15):
            pool.submit(hold)
        ready.wait(10)
        started = time.monotonic()
        with capture_logs() as logged, pytest.raises(TryAgainError):
            store_incident(database)
        assert 1.5 < time.monotonic() - started < 2.7
    assert logged == [{"event": "database not written", "reason": "all connections are in use", "log_level": "warning"}]


def test_transaction_of_a_process_that_froze_is_ended_and_its_rows_are_free_again(database: Database, url: str) -> None:
    incident = store_incident(database)
    other = Database(url)

    def freeze() -> None:
        with other.transaction() as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '300ms'")
            connection.execute(incidents.update().where(incidents.c.id == incident.row_id).values(severity=1))
            time.sleep(1)
            connection.execute(select(incidents.c.id))

    with ThreadPoolExecutor(1) as pool:
        frozen = pool.submit(freeze)
        time.sleep(0.2)
        with database.transaction() as connection:
            connection.execute(incidents.update().where(incidents.c.id == incident.row_id).values(severity=4))
        assert isinstance(frozen.exception(), BrokenOffError)
    with database.reading() as connection:
        assert connection.execute(select(incidents.c.severity)).scalar_one() == 4
    other.close()


@pytest.mark.parametrize(
    "statement",
    [capture._message_upsert, capture._vote_upsert, capture._membership_upsert],
    ids=lambda one: one.__name__,
)
def test_texts_are_compared_by_code_point_whatever_the_language_of_the_database(
    statement: Callable[[str], Insert],
) -> None:
    sql = str(statement("postgresql").compile(dialect=DIALECT))
    compared = re.findall(r"(\S+(?: COLLATE \S+)?) > ", sql)
    assert len(compared) > 0
    assert all(one.rstrip(")").endswith('COLLATE "C"') for one in compared)
