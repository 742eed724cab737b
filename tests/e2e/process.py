"""`scribe run` as a process of its own against the stand-in for Slack, to be killed and started again."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bot.sandbox import Sandbox, visible_text

SCRIBE = str(Path(sys.executable).with_name("scribe"))
# Past the lease of what a killed process had claimed, so that a restart need not wait for it in real time.
_PAST_LEASE = timedelta(seconds=21)


class Clock:
    """The system's time, moved; the stand-in follows it, and each start of the process is told how far."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


def plain_environment() -> dict[str, str]:
    """Return this process's environment without any setting of the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "SCRIBE_", "DATABASE"))}


class Scribe:
    """One workspace, one database, and one process after the other. Without a URL the database is a file."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.file = folder / "scribe.db"
        self.database_url = database_url or f"sqlite:///{self.file}"
        self.clock = Clock()
        self.sandbox = Sandbox(
            clock=self.clock, ack_timeout=2.0, redelivery_delays=(0.1, 0.3, 0.5, 1.0), keep_unconnected=4.0
        )
        self.people = self.sandbox.people
        self.screen = self.sandbox.screen
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """Return the environment of the next process."""
        settings = {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": self.database_url,
            "SCRIBE_ANNOUNCE_CHANNEL": "incidents",
            "SCRIBE_CLOCK_OFFSET": f"+{int(self.clock.moved.total_seconds())}s",
        }
        return plain_environment() | settings

    def start(self) -> None:
        """Start the process and return when it is connected."""
        with (self.folder / "stdout").open("ab") as out, (self.folder / "stderr").open("ab") as errors:
            self.process = subprocess.Popen(
                [SCRIBE, "run"], env=self.environment(), cwd=self.folder, stdout=out, stderr=errors
            )
        self.sandbox.wait_connected(15)

    def kill(self) -> None:
        """End the process as with kill -9, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask the process to end and return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(15)
        self.process = None
        self.sandbox.wait_until(lambda: self.sandbox.sockets.connected == 0, what="the connection did not end")
        return code

    def restart(self, **later: float) -> None:
        """Kill the process and start the next one, this much later (`days=31`)."""
        self.kill()
        self.clock.moved += _PAST_LEASE + timedelta(**later)
        if self.is_sqlite:
            assert self.ask("PRAGMA integrity_check") == [("ok",)]
        self.start()

    def close(self) -> None:
        if self.process is not None:
            self.kill()
        self.sandbox.stop()

    # Looking

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    def ask(self, query: str, *values: object) -> list[Any]:
        """Ask the database, as another program would; values stand where a question mark is."""
        if not self.is_sqlite:
            with psycopg.connect(self.database_url, options="-c timezone=UTC") as connection:
                return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
        with closing(sqlite3.connect(self.file, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def settle(self) -> None:
        """Return when nothing is under way and nothing is due, tries that wait a little included."""
        self.sandbox.wait_until(self._is_quiet, 20, "the process did not come to rest")

    def _is_quiet(self) -> bool:
        self.sandbox.wait_idle(20, quiet=0.02)
        now, soon = (
            (self.clock() + later).replace(tzinfo=None).isoformat(" ") for later in (timedelta(0), timedelta(minutes=1))
        )
        # That a channel is compared once more in a while is nothing to wait for.
        wanted = "(due_at <= ? OR (due_at <= ? AND kind <> 'reconcile'))"
        waiting = self.ask(f"SELECT count(*) FROM due_items WHERE finished_at IS NULL AND {wanted}", now, soon)
        return bool(waiting == [(0,)])

    def type(self, user: str, channel: str, command: str) -> str:
        """Type a command and return what the person reads in the answer."""
        name, _, text = command.partition(" ")
        answer = self.people.command(user, channel, name, text)
        assert answer.acked, f"{command} was not acknowledged"
        return visible_text({"text": answer.text or "", "blocks": answer.blocks})

    def acknowledged(self) -> list[dict[str, Any]]:
        """Return the events that the bot has acknowledged."""
        return [one.payload["event"] for one in list(self.sandbox.sockets.deliveries) if one.acked]


@contextmanager
def running(folder: Path, database_url: str | None = None) -> Iterator[Scribe]:
    """Yield the process, started, in a workspace with a small team."""
    scribe = Scribe(folder, database_url)
    scribe.sandbox.start()
    try:
        for name, real_name in (("ana", "Ana Silva"), ("ben", "Ben Okoro")):
            scribe.people.add_person(name, real_name=real_name)
        scribe.people.add_channel("general", members=["ana", "ben"])
        scribe.people.add_channel("incidents", members=["ana", "ben", "scribe"])
        scribe.start()
        yield scribe
    finally:
        scribe.close()
