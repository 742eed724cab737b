"""Rows for tests, and other processes that use the same database."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.errors import TryAgainError
from bot.domain.incident import Incident, IncidentType, Kind, Severity
from bot.domain.messages import RANK_POST, MessageSeen
from storage import incidents
from storage.database import Connection, Database
from storage.incidents import NewIncident
from storage.tables import metadata
from tests.factories import CHANNEL, DECLARED, HELPER, REPORTER, TEAM, at, ts_of

ROOT = Path(__file__).parents[2]

T = TypeVar("T")


class LockableDatabase(Database):
    """A database that refuses to be written while `is_locked`; it counts how often it did."""

    is_locked = False
    refusals = 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        if self.is_locked:
            self.refusals += 1
            raise TryAgainError("locked")
        with super().transaction() as connection:
            yield connection


def new_incident(**fields: Any) -> NewIncident:
    values: dict[str, Any] = {
        "team_id": TEAM,
        "title": "Checkout errors in the EU",
        "kind": Kind.LIVE,
        "type": IncidentType.PRODUCTION,
        "severity": Severity.SEV2,
        "is_private": False,
        "reporter_id": REPORTER,
        "declared_at": DECLARED,
    }
    return NewIncident(**(values | fields))


def store_incident(database: Database, *, channel_id: str | None = CHANNEL, **fields: Any) -> Incident:
    with database.transaction() as connection:
        return incident_in(connection, channel_id=channel_id, **fields)


def incident_in(connection: Connection, *, channel_id: str | None = CHANNEL, **fields: Any) -> Incident:
    made = incidents.create(connection, new_incident(**fields))
    return incidents.change(connection, made, channel_id=channel_id) if channel_id else made


def seen(clock: str | datetime = "14:10", text: str = "It is down", **fields: Any) -> MessageSeen:
    moment = at(clock) if isinstance(clock, str) else clock
    values: dict[str, Any] = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "ts": ts_of(moment),
        "text": text,
        "text_rank": RANK_POST,
        "user_id": HELPER,
    }
    return MessageSeen(**(values | fields))


def at_once(url: str, *works: Callable[[Database], T]) -> list[T | Exception]:
    """Carry out each work in a thread of its own, all from one moment on.

    On PostgreSQL each has connections of its own, as processes would; SQLite is meant for one process.
    Return what each returned or raised, in order.
    """
    shared = Database(url)
    is_shared = shared.engine.dialect.name == "sqlite"
    ready = threading.Barrier(len(works))

    def run(work: Callable[[Database], T]) -> T:
        database = shared if is_shared else Database(url)
        # Connected already, so that what follows really happens at once.
        with database.reading():
            ready.wait(30)
        try:
            return work(database)
        finally:
            if not is_shared:
                database.close()

    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(run, work) for work in works]
    shared.close()
    return [_outcome(future) for future in futures]


def _outcome(future: Future[Any]) -> Any:
    error = future.exception()
    if error is None:
        return future.result()
    assert isinstance(error, Exception)
    return error


def start_process(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start another Python in the checkout, with these arguments in sys.argv."""
    command = [sys.executable, "-c", code, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def output_of(process: subprocess.Popen[str], *, timeout: float = 60) -> str:
    """Return what the process printed; fail with its errors when it failed."""
    out, errors = process.communicate(timeout=timeout)
    assert process.returncode == 0, errors
    return out


_HOLD_LOCK = """
import select, sys
from storage.database import Database
from tests.storage.stored import lock_everything
database = Database(sys.argv[1])
with database.transaction() as connection:
    lock_everything(connection)
    print("locked", flush=True)
    select.select([sys.stdin], [], [], float(sys.argv[2]))
"""


def lock_everything(connection: Connection) -> None:
    """Let nobody else write until this writing transaction ends; on SQLite nobody can anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(metadata.tables)} IN EXCLUSIVE MODE")


@contextmanager
def locked_elsewhere(url: str, *, seconds: float) -> Iterator[None]:
    """Let another process keep everybody from writing for so many seconds, or until this is left."""
    process = start_process(_HOLD_LOCK, url, str(seconds))
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    try:
        yield
    finally:
        output_of(process)
