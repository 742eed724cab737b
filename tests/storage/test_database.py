import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, StatementError

from bot.domain.errors import TryAgainError
from storage.database import Connection, Database, JsonText, UtcDateTime
from storage.tables import due_items, incidents, people, roles
from tests.factories import DECLARED, TEAM
from tests.storage.stored import LockableDatabase, incident_in, locked_elsewhere, store_incident

BERLIN = ZoneInfo("Europe/Berlin")
SQLITE, POSTGRESQL = (make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://"))


def store_moment(database: Database, moment: datetime) -> None:
    flags = {"is_bot": False, "is_guest": False, "is_deactivated": False}
    names = {"display_name": "", "real_name": "", "zone": "UTC"}
    with database.transaction() as connection:
        connection.execute(people.insert().values(team_id=TEAM, user_id="U1", read_at=moment, **names, **flags))


def stored_moment(database: Database) -> datetime:
    with database.reading() as connection:
        moment: datetime = connection.execute(select(people.c.read_at)).scalar_one()
        return moment


def count_incidents(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(incidents.c.id)).all())


def test_naive_datetime_is_refused_and_nothing_is_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        store_moment(database, datetime(2026, 11, 20, 14, 5))  # noqa: DTZ001 - that is what is refused
    with database.reading() as connection:
        assert connection.execute(select(people.c.user_id)).all() == []


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 20, 15, 5, 33, 123456, tzinfo=BERLIN),
        datetime(2026, 11, 20, 14, 5, 33, 123456, tzinfo=UTC),
        datetime(2026, 11, 20, 19, 50, 33, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(2026, 11, 20, 4, 5, 33, 123456, tzinfo=timezone(timedelta(hours=-10))),
    ],
)
def test_moment_of_any_zone_comes_back_in_utc(database: Database, moment: datetime) -> None:
    store_moment(database, moment)
    back = stored_moment(database)
    assert back == datetime(2026, 11, 20, 14, 5, 33, 123456, tzinfo=UTC)
    assert back.tzinfo is UTC
    with database.reading() as connection:
        kept: str = connection.exec_driver_sql("SELECT CAST(read_at AS TEXT) FROM people").scalar_one()
    assert kept.removesuffix("+00") == "2026-11-20 14:05:33.123456"


def test_both_hours_of_the_autumn_fold_are_told_apart(database: Database) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    kept = []
    for moment in (first, second):
        bound = UtcDateTime().process_bind_param(moment, SQLITE)
        kept.append(UtcDateTime().process_result_value(bound, SQLITE))
    assert kept == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis wants it so
        max_value=datetime(2999, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
        timezones=st.timezones(),
    )
)
def test_every_moment_survives_on_both_databases(moment: datetime) -> None:
    for dialect in (SQLITE, POSTGRESQL):
        back = UtcDateTime().process_result_value(UtcDateTime().process_bind_param(moment, dialect), dialect)
        assert back is not None
        assert back == moment.astimezone(UTC)
        assert back.utcoffset() == timedelta(0)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_json_comes_back_as_it_went_in(value: object) -> None:
    assert JsonText().process_result_value(JsonText().process_bind_param(value, SQLITE), SQLITE) == value


def fail_after_deleting(database: Database) -> None:
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
        raise ZeroDivisionError


def test_exception_rolls_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_deleting(database)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() is not None


def test_row_that_points_nowhere_is_refused(database: Database) -> None:
    row = {"incident": 999, "role": "lead", "user_id": "U1", "since": DECLARED}
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(roles.insert().values(row))


def test_severity_out_of_range_is_refused(database: Database) -> None:
    incident = store_incident(database)
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(incidents.update().where(incidents.c.id == incident.row_id).values(severity=5))


def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    store_incident(database)
    with database.reading() as connection:
        before = connection.execute(select(incidents.c.id)).all()
        writer = threading.Thread(target=store_incident, args=(database,), kwargs={"channel_id": "C2"})
        writer.start()
        time.sleep(0.05)
        assert connection.execute(select(incidents.c.id)).all() == before
    writer.join()
    assert count_incidents(database) == 2


def test_threads_that_write_at_once_never_meet_a_lock(database: Database) -> None:
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            for turn in range(5):
                store_incident(database, channel_id=f"C{number}-{turn}")
        except TryAgainError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert count_incidents(database) == 80


def test_database_locked_by_another_program_says_try_again_before_an_ack_would_be_late(
    database: Database, database_url: str
) -> None:
    with locked_elsewhere(database_url, seconds=3):
        started = time.monotonic()
        with pytest.raises(TryAgainError, match="nothing was saved"):
            store_incident(database)
        assert time.monotonic() - started < 2.9
    assert count_incidents(database) == 0
    store_incident(database)
    assert count_incidents(database) == 1


def seconds_until_refused(database: Database) -> float:
    started = time.monotonic()
    with pytest.raises(TryAgainError):
        store_incident(database, channel_id=None)
    return time.monotonic() - started


def test_writers_that_queue_up_behind_a_lock_all_give_up_in_time(database: Database, database_url: str) -> None:
    """Each has its own ack to give: waiting for one's turn and for the lock must not add up."""
    with locked_elsewhere(database_url, seconds=9), ThreadPoolExecutor(4) as pool:
        waiting = []
        for _ in range(4):
            waiting.append(pool.submit(seconds_until_refused, database))
            time.sleep(0.4)
        assert max(one.result() for one in waiting) < 2.7
    assert count_incidents(database) == 0


def test_due_items_are_found_without_reading_the_whole_table(database: Database) -> None:
    query = select(due_items.c.id).where(due_items.c.finished_at.is_(None), due_items.c.due_at <= DECLARED)
    sql = str(query.compile(database.engine, compile_kwargs={"literal_binds": True}))
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.reading() as connection:
        if not is_sqlite:
            # It would rather read an empty table than an index.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(f"{'EXPLAIN QUERY PLAN' if is_sqlite else 'EXPLAIN'} {sql}").all()
    assert "ix_due_items_unfinished" in " ".join(map(str, rows))


def test_two_openings_of_one_database_share_what_is_stored(database: Database, database_url: str) -> None:
    incident = store_incident(database)
    other = Database(database_url)
    with other.reading() as connection:
        assert connection.execute(select(incidents.c.incident_id)).scalar_one() == incident.incident_id
    other.close()


def test_work_is_done_once_where_nothing_is_in_its_way(database: Database) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> str:
        tries.append(1)
        return incident_in(connection).incident_id

    assert database.retrying(work) == "INC-2026-11-20-001"
    assert (len(tries), count_incidents(database)) == (1, 1)


def test_database_that_is_locked_is_not_tried_twice(database_url: str) -> None:
    database = LockableDatabase(database_url)
    database.is_locked = True
    with pytest.raises(TryAgainError):
        database.retrying(incident_in)
    assert database.refusals == 1
    database.close()
