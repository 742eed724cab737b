"""`scribe run` as a process of its own against local-slack: what people type there, press and read."""

import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.sandbox import visible_text
from tests.counterparts import local_slack
from tests.counterparts.local_slack import ANA, GENERAL, Server
from tests.counterparts.people import People
from tests.e2e.process import SCRIBE, Clock, plain_environment

SOCKET, HTTP = "socket", "http"
# Past the lease of what a killed process had claimed, so that a restart need not wait for it in real time.
_PAST_LEASE = timedelta(seconds=21)
_EVENT = re.compile(r"""event=(['"])(.*?)\1""")
_DECLARED = re.compile(r"(INC-[\w-]+) \(SEV\d\) is declared\. Making #(\S+)")


@dataclass(frozen=True)
class Room:
    """An incident as people know it."""

    incident_id: str
    channel: str
    name: str


class Scribe:
    """One workspace of local-slack, one database, and one process of the bot after the other."""

    def __init__(self, folder: Path, mode: str, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self._settings = settings
        self.file = folder / "scribe.db"
        self.mode = mode
        self.clock = Clock()
        self.port = _free_port()
        request_url = f"http://127.0.0.1:{self.port}/slack/events" if mode == HTTP else None
        self.server: Server = local_slack.start(folder / "slack", request_url=request_url)
        self.people = People(self.server.url)
        self._process: subprocess.Popen[bytes] | None = None

    # Starting and ending

    def start(self) -> None:
        """Start the process and return when it can be reached."""
        arguments = ["--http", f"127.0.0.1:{self.port}"] if self.mode == HTTP else []
        with (self.folder / "stdout").open("ab") as out, (self.folder / "stderr").open("ab") as errors:
            self._process = subprocess.Popen(
                [SCRIBE, "run", *arguments], env=self._environment(), cwd=self.folder, stdout=out, stderr=errors
            )
        local_slack.wait_until(self._is_reachable, "the bot was not there", 20)

    def _environment(self) -> dict[str, str]:
        tokens = {"SLACK_BOT_TOKEN": local_slack.BOT_TOKEN, "SLACK_APP_TOKEN": local_slack.APP_TOKEN}
        if self.mode == HTTP:
            tokens = {"SLACK_BOT_TOKEN": local_slack.BOT_TOKEN, "SLACK_SIGNING_SECRET": local_slack.SIGNING_SECRET}
        settings = {
            "SLACK_API_URL": self.server.api_url,
            "DATABASE_URL": f"sqlite:///{self.file}",
            "SCRIBE_ANNOUNCE_CHANNEL": "incidents",
            "SCRIBE_CLOCK_OFFSET": f"+{int(self.clock.moved.total_seconds())}s",
        }
        return local_slack.without_proxies(plain_environment()) | tokens | settings | dict(self._settings)

    def _is_reachable(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the bot ended: {self.errors()}"
        if self.mode == SOCKET:
            return self.people.is_connected()
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """End the process as with kill -9."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask the process to end and return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(15)
        self._process = None
        if self.mode == SOCKET:
            local_slack.wait_until(lambda: not self.people.is_connected(), "the connection did not end")
        return code

    def restart(self, **later: float) -> None:
        """Kill the process, start the next one this much later by its clock (`days=31`), and let it come to rest."""
        self.kill()
        self.start_later(**later)
        self.settle()

    def start_later(self, **later: float) -> None:
        """Start the next process, this much later by its clock and past the lease of whatever the last one did."""
        self.clock.moved += _PAST_LEASE + timedelta(**later)
        self.start()

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self.server.close()

    # Doing

    def type(self, user: str, channel: str, command: str) -> str:
        """Type a command, such as `/incident info`, and return what the asker reads in its answer."""
        name, _, text = command.partition(" ")
        answer = self.people.command(user, channel, name, text)
        return visible_text(answer) if answer else ""

    def declare(self, rest: str, *, by: str = ANA, channel: str = GENERAL) -> Room:
        """Declare an incident and return it when its channel stands."""
        return self.room(self.type(by, channel, f"/incident start {rest}"))

    def room(self, answer: str) -> Room:
        """Return the incident that an answer says is declared, when its channel stands."""
        found = _DECLARED.search(answer)
        assert found, f"nothing was declared: {answer}"
        self.settle()
        return Room(found[1], str(self.people.channel(found[2])["id"]), found[2])

    def settle(self) -> None:
        """Return when nothing is due any more, tries that wait a little included."""
        local_slack.wait_until(lambda: not self._due(), lambda: f"{self._due()} was not done", 20)

    def _due(self) -> list[Any]:
        """Return what is due now or within a minute: its kind, its subject, how often it was tried, what went wrong."""
        now, soon = (
            (self.clock() + later).replace(tzinfo=None).isoformat(" ") for later in (timedelta(0), timedelta(minutes=1))
        )
        # That a channel is compared once more in a while is nothing to wait for.
        due = "finished_at IS NULL AND (due_at <= ? OR (due_at <= ? AND kind <> 'reconcile'))"
        return self.ask(
            f"SELECT kind, subject, due_at, state, attempts, last_error FROM due_items WHERE {due}", now, soon
        )

    # Seeing

    def header(self, room: Room) -> dict[str, Any]:
        """Return the incident's header: the first thing that the bot posted in its channel."""
        return self.people.from_bot(room.channel)[0]

    def header_text(self, room: Room) -> str:
        return visible_text(self.header(room))

    def timeline(self, user: str, room: Room) -> str:
        return self.type(user, room.channel, "/incident timeline all")

    def ask(self, query: str, *values: object) -> list[Any]:
        """Ask the database, as another program would."""
        with closing(sqlite3.connect(self.file, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def errors(self) -> str:
        """Return what the processes wrote on standard error."""
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def warnings(self) -> list[str]:
        """Return the events of the warnings in the log, in order."""
        lines = [line for line in self.errors().splitlines() if "level='warning'" in line]
        return [found[2] for line in lines if (found := _EVENT.search(line))]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, mode: str = SOCKET, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Scribe]:
    """Yield the bot, started with these settings more, in a workspace of local-slack with a small team."""
    scribe = Scribe(folder, mode, settings)
    try:
        scribe.start()
        yield scribe
    finally:
        scribe.close()
