"""`scribe run` as people start and stop it."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, slow
from storage import migrate
from storage.database import Database
from tests.e2e.process import SCRIBE, Scribe, plain_environment


def test_process_asked_to_end_commits_and_ends_in_seconds_with_success(scribe: Scribe) -> None:
    scribe.type("ana", "general", "/incident start Checkout errors")
    scribe.settle()
    started = time.monotonic()
    assert scribe.terminate() == 0
    assert time.monotonic() - started < 6
    assert (scribe.folder / "stdout").read_bytes() == b""
    errors = (scribe.folder / "stderr").read_text()
    assert "Connected. Type /incident help in Slack" in errors
    assert "Traceback" not in errors
    assert scribe.ask("PRAGMA integrity_check") == [("ok",)]


def test_process_asked_to_end_in_the_middle_of_work_leaves_it_to_the_next(scribe: Scribe) -> None:
    scribe.sandbox.faults.api("conversations.create", slow(1))
    scribe.type("ana", "general", "/incident start Checkout errors")
    assert scribe.terminate() == 0
    scribe.start()
    scribe.settle()
    (channel,) = [one for one in scribe.screen.channels() if one.name.startswith("inc-")]
    assert len(scribe.screen.pins(channel.id)) == 1


def test_client_connects_again_after_slack_has_hung_up(scribe: Scribe) -> None:
    made = scribe.sandbox.sockets.connections_made
    scribe.sandbox.faults.refresh_sockets()
    scribe.sandbox.wait_until(lambda: scribe.sandbox.sockets.connections_made > made, 15)
    scribe.sandbox.wait_connected()
    assert "No incident is open" in scribe.type("ana", "general", "/incident list")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def environment(folder: Path, sandbox: Sandbox, **settings: str) -> dict[str, str]:
    given = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'scribe.db'}",
    }
    return {name: value for name, value in (plain_environment() | given | settings).items() if value}


# A signal to a process may reach any of its threads.
SIGNALLED_ELSEWHERE = """
import signal, sys, threading
from bot.cli import main

def ask():
    sys.stdin.readline()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=ask, daemon=True).start()
main(["run"])
"""


def test_process_ends_also_when_another_thread_receives_the_signal(tmp_path: Path, sandbox: Sandbox) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SIGNALLED_ELSEWHERE],
        env=environment(tmp_path, sandbox),
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "Connected" in process.stderr.readline()
        # Until it waits for nothing but being asked to end.
        time.sleep(0.5)
        try:
            process.communicate("now\n", timeout=10)
        finally:
            process.kill()
    assert process.returncode == 0


def start(folder: Path, sandbox: Sandbox, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIBE, *arguments],
        env=environment(folder, sandbox, **settings),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN: not set. It begins with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-wrong-kind"}, "SLACK_APP_TOKEN: not a token of this kind. It begins with xapp-"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack refused the bot token (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack refused the app-level token (invalid_auth)"),
        ({"DATABASE_URL": "sqlite:////proc/scribe.db"}, "sqlite:////proc/scribe.db can't be written"),
        ({"DATABASE_URL": "sqlite:///missing/scribe.db"}, "sqlite:///missing/scribe.db can't be written"),
        ({"DATABASE_URL": "scribe.db"}, "“scribe.db” is not a database URL"),
        ({"SCRIBE_COMAND": "/inc"}, "SCRIBE_COMAND: there is no such setting. Did you mean SCRIBE_COMMAND?"),
        ({"SCRIBE_CLOCK_OFFSET": "+31d", "SLACK_API_URL": ""}, "SCRIBE_CLOCK_OFFSET: accepted only where"),
        ({"SCRIBE_DEFAULT_SEVERITY": "5"}, "SCRIBE_DEFAULT_SEVERITY: “5” is not a severity"),
    ],
)
def test_wrong_setting_is_one_line_on_standard_error(
    tmp_path: Path, sandbox: Sandbox, settings: dict[str, str], said: str
) -> None:
    result = start(tmp_path, sandbox, "run", **settings)
    assert (result.returncode, result.stdout) == (3, "")
    (line,) = result.stderr.splitlines()
    assert said in line


def test_database_of_a_newer_version_is_refused_in_one_line_and_stays_as_it_was(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    file = tmp_path / "scribe.db"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    database.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    result = start(tmp_path, sandbox, "run")
    assert (result.returncode, result.stdout) == (3, "")
    (line,) = result.stderr.splitlines()
    assert "made by a newer version of Incident Scribe (revision 9999)" in line
    assert file.read_bytes() == before


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["runn"], ["draft"]])
def test_wrong_usage_ends_with_two_and_says_how(tmp_path: Path, sandbox: Sandbox, arguments: list[str]) -> None:
    result = start(tmp_path, sandbox, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Usage: scribe" in result.stderr
    assert "Traceback" not in result.stderr
