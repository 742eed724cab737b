"""The program in a simulation: the real services, readers and database, without threads, mortal at every step."""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import IgnoringSelfEvents
from slack_bolt.request.internals import extract_user_id
from slack_sdk.socket_mode.response import SocketModeResponse
from sqlalchemy import event

from bot.domain.errors import ScribeError, TryAgainError
from bot.domain.messages import CaptureRecord
from bot.rendering import Renderer
from bot.schedule import Scheduler
from bot.services import jobs, marking, reconciling
from bot.services.ports import OutsideError
from bot.services.watching import Watch
from bot.services.world import Policy, World
from bot.slack import events
from bot.slack.capture_lane import CaptureLane
from bot.slack.events import Identity
from bot.slack.history import SlackHistory
from storage import due
from storage.database import Connection, Database
from storage.due import DueItem
from storage.writer import CaptureWriter, Settle
from tests.fakes import FakeChannels, FakeDirectory, FakeFiles, FakeMessenger, FakeSlack, Killed
from tests.faults.simulation.shapes import OWN_BOT, OWN_USER, TEAM
from tests.faults.simulation.webapi import TrueWebApi

Json = dict[str, Any]
Jobs = dict[str, Callable[[World, DueItem], None]]


def _leave_undone(_item: DueItem) -> None:
    """Do nothing with an item that has nothing to do with what is stored of the channel."""


# What is about the capture. All other work, such as the header, is left undone.
WORK: Jobs = {jobs.MARK: marking.bring_up_to_date, jobs.RECONCILE: reconciling.reconcile}
IDENTITY = Identity(TEAM, OWN_USER, OWN_BOT)
_AUTHORIZED = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_id=OWN_BOT, bot_user_id=OWN_USER)


class Fate:
    """Says when the process ends: at the step that `arm` counts to. A step is whatever would leave a trace outside."""

    def __init__(self) -> None:
        self._left: int | None = None

    def arm(self, steps: int) -> None:
        """Let the process end at its so many-th step from now, the next one for 0."""
        self._left = steps

    def disarm(self) -> None:
        """Let it live."""
        self._left = None

    def step(self, where: str) -> None:
        """Pass a step, or raise Killed, which says where."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                self._left = None
                raise Killed(where)


class MortalDatabase(Database):
    """A database whose process may end before a transaction, in the middle of it, and after its commit.

    Nothing is synchronised to the disk: here only the process dies, not the machine, and what the operating system has
    taken stays. A process that ends in the middle is a transaction rolled back, by whoever opens the file next.
    """

    def __init__(self, file: Path, fate: Fate) -> None:
        super().__init__(f"sqlite:///{file}")
        self._fate = fate
        event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        self._fate.step("before a transaction")
        with super().transaction() as connection:
            yield connection
            self._fate.step("before a commit")
        self._fate.step("after a commit")


class InlineWriter(CaptureWriter):
    """The writer without its thread: what is handed in is committed in one batch by `flush`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(database, clock=clock, after_commit=lambda: None)
        self._handed: list[tuple[Sequence[CaptureRecord], Settle]] = []

    def save(self, records: Sequence[CaptureRecord], *, timeout: float = 0.0) -> None:
        failures: list[Exception | None] = []
        self._commit([(records, failures.append)])
        for failure in failures:
            if failure:
                raise failure

    def hand_in(self, records: Sequence[CaptureRecord], settle: Settle) -> None:
        self._handed.append((records, settle))

    def flush(self) -> None:
        """Commit what was handed in."""
        handed, self._handed = self._handed, []
        if handed:
            self._commit(handed)


class Listeners:
    """Collects what `events.register` hands to Bolt, and does what Bolt's first middlewares do."""

    def __init__(self) -> None:
        self._listeners: list[tuple[str | re.Pattern[str], Callable[[Json], None]]] = []

    def event(self, kind: str | re.Pattern[str]) -> Callable[[Callable[[Json], None]], None]:
        return lambda listener: self._listeners.append((kind, listener))

    def dispatch(self, body: Json) -> None:
        """Call the first listener that fits, unless the bot itself did it."""
        bot_id = body["event"].get("bot_id")
        if IgnoringSelfEvents._is_self_event(_AUTHORIZED, extract_user_id(body), bot_id, body):
            return
        kind = body["event"]["type"]
        next(
            listener
            for wanted, listener in self._listeners
            if (wanted == kind if isinstance(wanted, str) else wanted.search(kind))
        )(body)


class Socket:
    """Stands in for the SDK's client: what the lane leaves goes to Bolt, a response to who waits for it."""

    current_session = None

    def __init__(self, to_bolt: Callable[[Json, Callable[[], None]], None]) -> None:
        self._to_bolt = to_bolt
        self.waiting: dict[str, Callable[[], None]] = {}

    def enqueue_message(self, message: str) -> None:
        envelope = json.loads(message)
        self._to_bolt(envelope["payload"], self.waiting.pop(envelope["envelope_id"]))

    def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        self.waiting.pop(response.envelope_id)()


class Program:
    """One process: made when it starts, thrown away when it ends.

    `is_listening` says whether the connection stands; `defects` are failures of due work that no fault explains.
    """

    def __init__(
        self,
        database: MortalDatabase,
        client: TrueWebApi,
        slack: FakeSlack,
        clock: Callable[[], datetime],
        *,
        work: Jobs = WORK,
        writer: Callable[[Database, Callable[[], datetime]], InlineWriter] = InlineWriter,
    ) -> None:
        self._clock = clock
        self.defects: list[Exception] = []
        self.is_listening = True
        self.writer = writer(database, clock)
        self.world = World(
            database=database,
            writer=self.writer,
            clock=clock,
            policy=Policy(),
            renderer=Renderer(None),
            messenger=FakeMessenger(slack),
            channels=FakeChannels(slack),
            files=FakeFiles(slack),
            history=SlackHistory(client, OWN_BOT, OWN_USER, clock),  # type: ignore[arg-type]  # only what reading needs
            directory=FakeDirectory(slack),
            wake=lambda: None,
        )
        self.watch = Watch(self.world, TEAM, lambda: self.is_listening)
        self._listeners = Listeners()
        events.register(self._listeners, self.world, IDENTITY)  # type: ignore[arg-type]  # only what registering needs
        self._socket = Socket(self.tell_over_http)
        self._lane = CaptureLane(self.world, IDENTITY, self._socket)  # type: ignore[arg-type]  # as far as the lane needs
        observed = {kind: self._observed(job) for kind, job in work.items()}
        self._scheduler = Scheduler(database, defaultdict(lambda: _leave_undone, observed), clock=clock)

    def start(self) -> None:
        """Begin as the application does once it is connected."""
        self.watch.began()

    def tell_over_socket(self, body: Json, acknowledge: Callable[[], None]) -> None:
        """Take an event over Socket Mode; what is stored of it is committed with the next `flush`."""
        envelope_id = uuid.uuid4().hex
        self._socket.waiting[envelope_id] = acknowledge
        self._lane._sort(json.dumps({"type": "events_api", "envelope_id": envelope_id, "payload": body}))
        self._acknowledge_settled()

    def tell_over_http(self, body: Json, acknowledge: Callable[[], None]) -> None:
        """Take an event as Bolt hands it in: who returns has acknowledged it."""
        try:
            self._listeners.dispatch(body)
        except ScribeError:
            return
        acknowledge()

    def flush(self) -> None:
        """Commit what was taken over the socket, all at once, and acknowledge it."""
        self.writer.flush()
        self._acknowledge_settled()

    def _acknowledge_settled(self) -> None:
        """Do what the lane's thread does."""
        while not self._lane._settled.empty():
            settled = self._lane._settled.get_nowait()
            assert settled is not None
            self._lane._acknowledge(*settled)

    def work(self) -> int:
        """Do what is due now, and return how much that was."""
        worker = self._scheduler._worker
        with self.world.database.transaction() as connection:
            items = due.claim(connection, worker=worker, now=self._clock(), limit=20)
        for item in sorted(items, key=lambda one: (one.due_at, one.item_id)):
            self._scheduler._settle(item)
        return len(items)

    def _observed(self, job: Callable[[World, DueItem], None]) -> Callable[[DueItem], None]:
        def run(item: DueItem) -> None:
            try:
                job(self.world, item)
            except (OutsideError, TryAgainError):
                raise
            except Exception as error:
                self.defects.append(error)
                raise

        return run
