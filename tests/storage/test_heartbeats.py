"""What each process says of when it was listening."""

from datetime import timedelta

from sqlalchemy import select

from storage import heartbeats
from storage.database import Database
from storage.tables import heartbeats as rows
from tests.factories import DECLARED, TEAM, at


def test_the_last_heartbeat_is_that_of_any_process_of_the_team(database: Database) -> None:
    with database.transaction() as connection:
        assert heartbeats.last(connection, TEAM) is None
        heartbeats.beat(connection, TEAM, "a", since=at("14:00"), at=at("14:30"))
        heartbeats.beat(connection, TEAM, "b", since=at("14:00"), at=at("14:20"))
        heartbeats.beat(connection, "T2", "c", since=at("14:00"), at=at("15:00"))
        assert heartbeats.last(connection, TEAM) == at("14:30")
        heartbeats.beat(connection, TEAM, "b", since=at("14:35"), at=at("14:40"))
        assert heartbeats.last(connection, TEAM) == at("14:40")


def test_what_old_processes_said_is_forgotten(database: Database) -> None:
    with database.transaction() as connection:
        for worker, days in (("old", 2), ("new", 0.5)):
            then = DECLARED - timedelta(days=days)
            heartbeats.beat(connection, TEAM, worker, since=then, at=then)
        heartbeats.forget_old(connection, TEAM, now=DECLARED)
        assert connection.execute(select(rows.c.worker)).scalars().all() == ["new"]
