"""PostgreSQL goes away in the middle of things and comes back: people notice little, and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.databases import PostgresqlDatabases, PostgresqlServer
from tests.scenarios.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(postgresql_databases: PostgresqlDatabases) -> Iterator[Stage]:
    url = postgresql_databases.migrated()
    with staged(url) as running:
        yield running
    postgresql_databases.drop(url)


def end_connections(stage: Stage, postgresql: PostgresqlServer) -> None:
    name = stage.application.world.database.url.database
    postgresql.ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", name)


def test_command_after_a_lost_connection_is_answered_as_ever(stage: Stage, postgresql: PostgresqlServer) -> None:
    room = stage.declare("Lost and found")
    end_connections(stage, postgresql)
    assert stage.type("ana", room.channel, "/incident impact 1,200 customers").startswith("Impact: 1,200 customers")
    end_connections(stage, postgresql)
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    assert "Resolved" in stage.header_text(room)


def test_what_is_said_while_connections_are_lost_is_kept_once(stage: Stage, postgresql: PostgresqlServer) -> None:
    room = stage.declare("Talked through")

    def talk(speaker: int) -> None:
        for number in range(15):
            ts = stage.people.say("ana", room.channel, f"words {speaker}.{number}")
            stage.people.react("ana", room.channel, ts, "pushpin")

    with ThreadPoolExecutor(4) as pool:
        talking = [pool.submit(talk, speaker) for speaker in range(4)]
        while not all(one.done() for one in talking):
            end_connections(stage, postgresql)
    stage.settle()
    assert stage.sandbox.sockets.lost == []
    assert "Recorded: 60 messages, 61 timeline entries" in stage.info("ana", room)


def test_restarted_server_is_found_again(stage: Stage, postgresql: PostgresqlServer) -> None:
    room = stage.declare("Server restarts")
    postgresql.restart()
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    assert len([text for text in stage.bot_said(room.channel) if "Draft 1" in text]) == 1
