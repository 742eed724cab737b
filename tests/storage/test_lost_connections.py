"""PostgreSQL ends connections, restarts and breaks down: what was committed stays, and everything goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from bot.domain.errors import TryAgainError
from bot.domain.messages import MessageSeen
from bot.schedule import Scheduler
from storage import due, requests
from storage.database import BrokenOffError, Connection, Database
from storage.due import DueItem, NewItem
from storage.tables import incidents, messages
from storage.writer import CaptureWriter, NotStoredError
from tests.databases import PostgresqlDatabases, PostgresqlServer
from tests.factories import DECLARED, TEAM
from tests.storage.stored import incident_in, seen, store_incident


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


@pytest.fixture
def end_all(postgresql: PostgresqlServer, database: Database) -> Callable[[], None]:
    """Return what ends every connection to the database."""
    query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"

    def end_all() -> None:
        postgresql.ask(query, database.url.database)

    return end_all


def ids(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(incidents.c.incident_id).order_by(incidents.c.id)).scalars())


def pool_of(database: Database, size: int) -> None:
    """Let so many connections lie in the pool."""
    ready = threading.Barrier(size)

    def use(_number: int) -> None:
        with database.reading():
            ready.wait(10)

    with ThreadPoolExecutor(size) as pool:
        list(pool.map(use, range(size)))


def test_connections_lost_between_transactions_are_noticed_by_nobody(
    database: Database, end_all: Callable[[], None]
) -> None:
    pool_of(database, 5)
    end_all()
    store_incident(database)
    end_all()
    assert len(ids(database)) == 1


def test_restart_between_transactions_is_noticed_by_nobody(database: Database, postgresql: PostgresqlServer) -> None:
    for restart in (postgresql.restart, postgresql.crash):
        pool_of(database, 3)
        store_incident(database, channel_id=None)
        restart()
        store_incident(database, channel_id=None)
    assert ids(database) == [f"INC-2026-11-20-{number:03d}" for number in (1, 2, 3, 4)]


def test_connection_lost_within_a_transaction_saves_nothing_and_says_so(
    database: Database, end_all: Callable[[], None]
) -> None:
    def lose(connection: Connection) -> None:
        incident_in(connection)
        end_all()
        connection.execute(select(incidents.c.id))

    with pytest.raises(BrokenOffError, match="nothing was saved") as refused, database.transaction() as connection:
        lose(connection)
    assert refused.value.is_certain
    assert ids(database) == []


def test_connection_lost_while_reading_says_try_again(database: Database, end_all: Callable[[], None]) -> None:
    def lose(connection: Connection) -> None:
        end_all()
        connection.execute(select(incidents.c.id))

    with pytest.raises(TryAgainError, match="can't be read just now"), database.reading() as connection:
        lose(connection)
    assert ids(database) == []


def test_work_that_was_broken_off_is_done_again_from_its_beginning(
    database: Database, end_all: Callable[[], None]
) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> str:
        tries.append(1)
        made = incident_in(connection)
        if len(tries) == 1:
            end_all()
        connection.execute(select(incidents.c.id))
        return made.incident_id

    assert database.retrying(work) == "INC-2026-11-20-001"
    assert (len(tries), ids(database)) == (2, ["INC-2026-11-20-001"])


def test_work_that_is_broken_off_twice_is_given_up(database: Database, end_all: Callable[[], None]) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        incident_in(connection)
        end_all()

    # Lost while nothing was under way, it shows at the commit: whether that came through can't be known.
    with pytest.raises(BrokenOffError, match="isn't certain") as refused:
        database.retrying(work)
    assert not refused.value.is_certain
    assert (len(tries), ids(database)) == (2, [])


def lose_the_answer_to_the_next_commit(database: Database) -> None:
    """Let the next commit come through, and its connection break before that is heard."""

    def commit_and_break(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.commit()
        driver.close()

    event.listen(database.engine, "commit", commit_and_break, once=True)


def test_request_whose_commit_came_through_unheard_is_not_carried_out_twice(database: Database) -> None:
    def work(connection: Connection) -> str:
        given = requests.answer_of(connection, TEAM, "press:1")
        if given is None:
            given = incident_in(connection).incident_id
            requests.remember(connection, TEAM, "press:1", given, now=DECLARED)
        return str(given)

    lose_the_answer_to_the_next_commit(database)
    assert database.retrying(work) == "INC-2026-11-20-001"
    assert ids(database) == ["INC-2026-11-20-001"]


def test_commit_that_came_through_unheard_is_not_called_unsaved_because_the_second_try_failed(
    database: Database, end_all: Callable[[], None]
) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        incident_in(connection, channel_id=None)
        if len(tries) == 2:
            end_all()
            connection.execute(select(incidents.c.id))

    lose_the_answer_to_the_next_commit(database)
    with pytest.raises(BrokenOffError, match="isn't certain"):
        database.retrying(work)
    assert (len(tries), len(ids(database))) == (2, 1)


def test_commit_that_came_through_unheard_is_never_called_unsaved(database: Database) -> None:
    lose_the_answer_to_the_next_commit(database)
    with pytest.raises(BrokenOffError) as refused:
        store_incident(database)
    assert "nothing was saved" not in str(refused.value)
    assert "Please look before you send it again" in str(refused.value)
    assert len(ids(database)) == 1


class Slack:
    """Delivers messages through a writer, each again until it is acknowledged."""

    def __init__(self, writer: CaptureWriter) -> None:
        self._writer = writer
        self.acked: list[str] = []
        self.refusals = 0

    def deliver(self, message: MessageSeen) -> None:
        while True:
            try:
                self._writer.save([message])
            except (NotStoredError, TryAgainError):
                self.refusals += 1
                time.sleep(0.05)
            else:
                self.acked.append(message.text)
                return


def stored_texts(database: Database) -> list[str]:
    with database.reading() as connection:
        return sorted(connection.execute(select(messages.c.text)).scalars())


def numbered(number: int) -> MessageSeen:
    return seen(DECLARED + timedelta(seconds=number), f"message {number}")


def test_writer_takes_a_lost_connection_up_again_without_a_second_delivery(
    database: Database, end_all: Callable[[], None]
) -> None:
    store_incident(database)
    writer = CaptureWriter(database, clock=lambda: DECLARED, after_commit=lambda: None)
    slack = Slack(writer)
    lost: list[int] = []

    def lose_once(connection: Connection, *_statement: object) -> None:
        if connection.get_execution_options().get("postgresql_readonly") or len(lost) > 2:
            return
        lost.append(1)
        if len(lost) == 2:
            end_all()

    event.listen(database.engine, "before_cursor_execute", lose_once)
    writer.start()
    for number in range(3):
        slack.deliver(numbered(number))
    writer.stop()
    assert (slack.refusals, len(lost)) == (0, 3)
    assert stored_texts(database) == [f"message {number}" for number in range(3)]


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_writer_and_scheduler_go_on_after_a_restart_and_nothing_acknowledged_is_lost(
    database: Database, postgresql: PostgresqlServer, way: str
) -> None:
    store_incident(database)
    done: list[str] = []

    def job(item: DueItem) -> None:
        done.append(item.slot)

    scheduler = Scheduler(database, {"line": job}, clock=lambda: DECLARED)
    writer = CaptureWriter(database, clock=lambda: DECLARED, after_commit=scheduler.wake)
    slack = Slack(writer)
    writer.start()
    scheduler.start()

    def talk(speaker: int) -> None:
        for number in range(40):
            slack.deliver(numbered(100 * speaker + number))
            time.sleep(0.02)

    def put(slot: str) -> None:
        with database.transaction() as connection:
            due.put_once(connection, NewItem(TEAM, "line", "incident:1", slot, due_at=DECLARED))

    put("before")
    with ThreadPoolExecutor(4) as pool:
        talking = [pool.submit(talk, speaker) for speaker in range(4)]
        time.sleep(0.2)
        getattr(postgresql, way)()
        for talk_of_one in talking:
            talk_of_one.result(30)
    put("after")
    scheduler.wake()
    deadline = time.monotonic() + 20
    while "after" not in done and time.monotonic() < deadline:
        time.sleep(0.01)
    writer.stop()
    scheduler.stop()
    assert stored_texts(database) == sorted(slack.acked)
    assert len(slack.acked) == 160
    assert done == ["before", "after"]
