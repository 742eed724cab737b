"""A stage for scenarios: the real application on the stand-in for Slack, a clock to move, and eyes."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import app, config
from bot.app import Application
from bot.sandbox import Sandbox, visible_text
from bot.slack.connect import SocketConnection

Json = dict[str, Any]

# Who there is: name, real name, zone. In November New York is five hours behind London, which keeps UTC.
PEOPLE = (
    ("ana", "Ana Silva", "Europe/London"),
    ("ben", "Ben Okoro", "America/New_York"),
    ("cleo", "Cleo Marchetti", "Europe/London"),
)
_DECLARED = re.compile(r"(INC-[\w-]+) \(SEV\d\) is declared\. Making #(\S+)")


class Clock:
    """The system's time in UTC, moved by as much as a scenario needs."""

    def __init__(self) -> None:
        self._moved = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._moved

    def move(self, by: timedelta) -> None:
        self._moved += by


@dataclass(frozen=True)
class Room:
    """An incident as people know it: its id and its channel."""

    incident_id: str
    channel: str
    name: str

    @property
    def ending(self) -> str:
        """What people type for it elsewhere."""
        return self.incident_id.removeprefix("INC-")


class Stage:
    """One workspace with the application running in it.

    `where` is the URL of its database, or a folder for one in a file. `settings` are those of the environment.
    """

    # How long the stand-in waits for an acknowledgement, in seconds, as Slack does.
    ack_timeout = 3.0

    def __init__(self, where: Path | str, **settings: str) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(clock=self.clock, ack_timeout=self.ack_timeout, redelivery_delays=(0.0, 0.1, 0.1))
        self.people = self.sandbox.people
        self.screen = self.sandbox.screen
        self.database_url = f"sqlite:///{where / 'scribe.db'}" if isinstance(where, Path) else where
        self._settings = settings
        self._running: list[Application] = []

    @property
    def application(self) -> Application:
        """The application that was wired last."""
        assert self._running, "the application is not running"
        return self._running[-1]

    # Opening and closing

    def open(self) -> None:
        """Starts the stand-in, with a small team in it: ana, ben and cleo, #general and #incidents."""
        self.sandbox.start()
        for name, real_name, zone in PEOPLE:
            self.people.add_person(name, real_name=real_name, tz=zone)
        everyone = [name for name, *_ in PEOPLE]
        self.people.add_channel("general", members=everyone)
        self.people.add_channel("incidents", members=[*everyone, "scribe"])

    def build(self, **settings: str) -> Application:
        """Wires the application without starting it; `settings` go before those of the stage."""
        given = {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": self.database_url,
        }
        self._running.append(app.build(config.read({**given, **self._settings, **settings}, None), clock=self.clock))
        return self.application

    def start(self, **settings: str) -> None:
        """Starts the application, on the database as it is; beside those that run already."""
        self.build(**settings).start()
        self.sandbox.wait_connected(connections=len(self._running))

    def stop(self, *, is_gentle: bool = True) -> None:
        """Stops the application, without the seconds that Bolt's own reader would wait for bytes.

        Gently: when nothing is under way. Otherwise acknowledgements may find their connection gone.
        """
        running, self._running = self._running, []
        if running and is_gentle:
            self.sandbox.wait_idle(quiet=0.02)
        clients = [socket_of(one).client for one in running]
        for client in clients:
            client.auto_reconnect_enabled = False
        self.sandbox.faults.cut_sockets()
        self.sandbox.wait_until(lambda: not any(client.is_connected() for client in clients), what="nobody hung up")
        for client in clients:
            client.closed = True
            client.enqueue_message("{}")
        for one in running:
            one.stop()

    def stop_last(self) -> None:
        """Stops the application that was wired last; those that were before it go on."""
        self._running.pop().stop()
        self.sandbox.wait_connected(connections=len(self._running))

    def close(self) -> None:
        """Ends everything."""
        self.stop()
        self.sandbox.stop()

    # Time

    def settle(self) -> None:
        """Returns when nothing is under way any more, on either side."""
        self.sandbox.wait_until(self._is_quiet, what="the application did not come to rest")

    def _is_quiet(self) -> bool:
        self.sandbox.wait_idle(quiet=0.02)
        return all(one.scheduler.is_idle for one in self._running)

    def wait_until(self, condition: Callable[[], bool], what: str = "it did not happen") -> None:
        self.sandbox.wait_until(condition, what=what)

    def pass_time(self, **by: float) -> None:
        """Moves the clock, `days=30`, and lets everything happen that has become due."""
        self.clock.move(timedelta(**by))
        for one in self._running:
            one.scheduler.wake()
        self.settle()

    def retry_until(self, condition: Callable[[], bool]) -> None:
        """Moves the clock on in small steps, past the pauses between the application's tries, until this holds."""

        def holds() -> bool:
            if condition():
                return True
            self.pass_time(seconds=2)
            return False

        self.sandbox.wait_until(holds, what="trying again did not help")
        self.settle()

    # Doing

    def type(self, user: str, channel: str, command: str) -> str:
        """Types a command such as `/incident info` and returns what the person reads in the answer."""
        name, _, text = command.partition(" ")
        answer = self.people.command(user, channel, name, text)
        assert answer.acked, f"{command} was not acknowledged"
        assert answer.problem is None, f"Slack would refuse the answer to {command}: {answer.problem}"
        return visible_text({"text": answer.text or "", "blocks": answer.blocks})

    def declare(self, rest: str, *, by: str = "ana", channel: str = "general") -> Room:
        """Declares an incident, waits until its channel stands, and returns it."""
        room = self.room(self.type(by, channel, f"/incident start {rest}"))
        self.settle()
        return Room(room.incident_id, self.screen.channel(room.name).id, room.name)

    @staticmethod
    def room(answer: str) -> Room:
        """Returns the incident that an answer says is declared; its channel is only a name yet."""
        found = _DECLARED.search(answer)
        assert found, f"nothing was declared: {answer}"
        return Room(found[1], "", found[2])

    # Seeing

    def seen_in(self, channel: str) -> list[str]:
        """What everyone reads in a channel, oldest first, thread replies left out."""
        return [visible_text(message) for message in self.screen.messages(channel)]

    def bot_said(self, channel: str) -> list[str]:
        """What the bot posted in a channel and its threads, oldest first."""
        return [visible_text(message) for message in self.screen.from_bot(channel)]

    def whispered(self, user: str, channel: str | None = None) -> list[str]:
        """What only this person reads, oldest first."""
        return [visible_text(message) for message in self.screen.ephemerals(user, channel)]

    def told_directly(self, user: str) -> list[str]:
        """What the bot wrote to this person directly."""
        return [visible_text(message) for message in self.screen.dms(user)]

    def header(self, room: Room) -> Json:
        """The header of an incident's channel: its only pinned message."""
        pins = self.screen.pins(room.channel)
        assert len(pins) == 1, f"{len(pins)} messages are pinned"
        return pins[0]

    def header_text(self, room: Room) -> str:
        return visible_text(self.header(room))

    def timeline(self, user: str, room: Room) -> str:
        return self.type(user, room.channel, "/incident timeline all")

    def stands(self, user: str, room: Room) -> str:
        """Returns the timeline without what the program suggests and proposes for it."""
        return re.split(r"Suggested from what was said|Proposed: ", self.timeline(user, room))[0]

    def info(self, user: str, room: Room) -> str:
        return self.type(user, room.channel, "/incident info")

    def is_marked(self, room: Room, ts: str) -> bool:
        """Whether the bot's quiet mark is on a message."""
        return self.sandbox.bot_user_id in self.screen.reactions(room.channel, ts).get("spiral_note_pad", [])

    def calls(self, method: str) -> int:
        return len(self.screen.calls(method))


def socket_of(application: Application) -> SocketModeHandler:
    """Returns the application's socket, as Bolt holds it."""
    assert isinstance(application.connection, SocketConnection)
    return application.connection.handler


@contextmanager
def staged(
    where: Path | str, settings: Mapping[str, str] = MappingProxyType({}), *, is_started: bool = True
) -> Iterator[Stage]:
    """Yields an open stage, with the application running on it unless told otherwise."""
    stage = Stage(where, **settings)
    stage.open()
    try:
        if is_started:
            stage.start()
        yield stage
    finally:
        stage.close()


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Yields every button and menu of a message."""
    for block in blocks:
        yield from block.get("elements", []) if block["type"] == "actions" else ()
        if "accessory" in block:
            yield block["accessory"]


def has_element(blocks: list[Json], action_id: str) -> bool:
    return any(one["action_id"] == action_id for one in elements(blocks))


def element(blocks: list[Json], action_id: str) -> Json:
    found = [one for one in elements(blocks) if one["action_id"] == action_id]
    assert found, f"there is no {action_id} among {[one['action_id'] for one in elements(blocks)]}"
    return found[0]


def labels(message: Json) -> list[str]:
    """The words on a message's buttons, in order; the primary one with a star."""
    return [
        one["text"]["text"] + ("*" if one.get("style") == "primary" else "")
        for one in elements(message["blocks"])
        if one["type"] == "button"
    ]
