"""`scribe run` on PostgreSQL, both of them killed: nothing acknowledged is lost, and nothing is said twice."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresqlDatabases, PostgresqlServer
from tests.e2e.acknowledged import assert_nothing_acknowledged_is_lost
from tests.e2e.process import Scribe, running
from tests.e2e.test_kill import opened
from tests.faults.posted import purposes, reports


@pytest.fixture
def scribe(tmp_path: Path, postgresql_databases: PostgresqlDatabases) -> Iterator[Scribe]:
    url = postgresql_databases.empty()
    with running(tmp_path, url) as started:
        yield started
    postgresql_databases.drop(url)


def test_process_and_server_are_ended_in_the_middle_of_talk_and_the_report_is_whole(
    scribe: Scribe, postgresql: PostgresqlServer
) -> None:
    channel = opened(scribe)
    scribe.people.join("ben", channel)

    def talk() -> None:
        for number in range(120):
            ts = scribe.people.say("ben", channel, f"message {number}")
            if number % 10 == 0:
                scribe.people.react("ana", channel, ts, "pushpin")
            time.sleep(0.01)

    talking = threading.Thread(target=talk)
    talking.start()
    time.sleep(0.3)
    postgresql.crash()
    time.sleep(0.3)
    scribe.restart()
    talking.join()
    scribe.settle()
    assert_nothing_acknowledged_is_lost(scribe, channel)

    scribe.type("ana", channel, "/incident resolve")
    scribe.type("ana", channel, "/postmortem draft")
    scribe.settle()
    assert purposes(scribe.screen, channel) == {"header": 1, "line": 1, "draft-summary": 1}
    assert len(reports(scribe.screen, channel)) == 1
    (report,) = scribe.screen.files()
    voted = scribe.ask("SELECT text FROM messages WHERE ts IN (SELECT ts FROM votes WHERE is_on)")
    assert len(voted) == 12
    assert all(f"{text}\n" in report.text or f"{text} " in report.text for (text,) in voted)
    assert scribe.terminate() == 0
    errors = (scribe.folder / "stderr").read_text()
    assert "database not written" in errors
    assert not any(f"message {number}" in errors for number in range(120))
