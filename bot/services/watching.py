"""Whether what is said reaches the program: heartbeats while it listens, and the stretches in which it did not.

A stretch is stored when it is over, for every incident whose channel is recorded, together with the request to compare
the whole with Slack's history. As long as one lasts there is no heartbeat, so whoever dies in it is missed from its
beginning on.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.capturing import NOTED_AFTER_END, GapCause, stretch
from bot.domain.durations import in_words
from bot.domain.errors import TryAgainError
from bot.services import reconciling
from bot.services.world import World
from storage import gaps, heartbeats, incidents
from storage.database import Connection

log = structlog.get_logger()

HEARTBEAT = timedelta(seconds=15)
# Those that another process that was listening meanwhile makes up for.
_OF_ONE_PROCESS = (GapCause.NOT_RUNNING, GapCause.DISCONNECTED, GapCause.SILENT)


@dataclass(frozen=True, slots=True)
class Missed:
    """A stretch (UTC) in which this process did not hear what was said."""

    cause: GapCause
    from_at: datetime
    to_at: datetime


class Watch:
    """This process's share in listening. May be used from several threads.

    `is_listening` says whether Slack's events can reach this process now.
    """

    def __init__(self, world: World, team_id: str, is_listening: Callable[[], bool]) -> None:
        self._world = world
        self._team_id = team_id
        self._is_listening = is_listening
        self._worker = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._connected_at: datetime | None = None
        self._since: datetime | None = None
        self._beaten_at: datetime | None = None

    def began(self) -> None:
        """Note that events come in from now on, and store since when none did.

        Without the database that is left to the next `tick`.
        """
        self._connected_at = self._world.clock()
        self.tick()

    def tick(self) -> None:
        """Store that this process is listening, if it is and has not said so lately. To be called about every second.

        A database that can't be written now is tried again at the next.
        """
        if not self._is_listening():
            return
        try:
            with self._lock:
                if self._since is None:
                    self._begin()
                elif self._is_due():
                    self._beat(self._since)
        except TryAgainError as error:
            log.warning("heartbeat not stored", error=str(error))

    def ended(self) -> None:
        """Store that this process has been listening until now: what comes next is missed."""
        try:
            with self._lock:
                if self._since is not None and self._is_listening():
                    self._beat(self._since)
        except TryAgainError as error:
            log.warning("last heartbeat not stored", error=str(error))

    def missed(self, missed: Missed) -> None:
        """Store that this process did not hear what was said for a while and does again. Raises TryAgainError."""
        with self._lock:
            if self._since is None:
                self._begin()
            self._store(missed)
        log.info("capture may be missing something", cause=missed.cause.words, length=_length(missed))
        self._world.wake()

    def doubt(self) -> None:
        """Let all that is recorded be compared as a whole: nobody knows what is missing. Raises TryAgainError."""
        now = self._world.clock()
        with self._world.database.transaction() as connection:
            self._ask(connection, None, since=now, now=now)
        self._world.wake()

    def _is_due(self) -> bool:
        # A clock that was moved back must not keep it waiting.
        return self._beaten_at is None or abs(self._world.clock() - self._beaten_at) >= HEARTBEAT

    def _begin(self) -> None:
        now = self._world.clock()
        connected_at = self._connected_at or now
        with self._world.database.transaction() as connection:
            last = heartbeats.last(connection, self._team_id)
            # Without any heartbeat nobody knows since when nothing was heard: only the comparison can tell.
            missed = Missed(GapCause.NOT_RUNNING, last, connected_at) if last and last < connected_at else None
            self._ask(connection, missed, since=last or now, now=now)
            heartbeats.forget_old(connection, self._team_id, now=now)
            heartbeats.beat(connection, self._team_id, self._worker, since=connected_at, at=now)
        self._since, self._beaten_at = connected_at, now
        if missed:
            log.info("was not running", length=_length(missed))
        self._world.wake()

    def _beat(self, since: datetime) -> None:
        now = self._world.clock()
        with self._world.database.transaction() as connection:
            heartbeats.beat(connection, self._team_id, self._worker, since=since, at=now)
            # What this process has heard without a break, no other has lost.
            gaps.withdraw(connection, self._team_id, _OF_ONE_PROCESS, since, now)
        self._beaten_at = now

    def _store(self, missed: Missed) -> None:
        now = self._world.clock()
        with self._world.database.transaction() as connection:
            self._ask(connection, missed, since=missed.from_at, now=now)
            heartbeats.beat(connection, self._team_id, self._worker, since=missed.to_at, at=now)
        self._since, self._beaten_at = missed.to_at, now

    def _ask(self, connection: Connection, missed: Missed | None, *, since: datetime, now: datetime) -> None:
        """Ask for a comparison of all that was recorded then, and note the stretch, if one is known."""
        for incident in incidents.recorded(connection, self._team_id, since=since - NOTED_AFTER_END):
            lost = stretch(incident, missed.from_at, missed.to_at) if missed else None
            if missed and lost:
                gaps.add(connection, incident, missed.cause, *lost)
            if lost or not missed:
                reconciling.ask(connection, incident, now=now, doubtful=True)


def _length(missed: Missed) -> str:
    return in_words(missed.to_at - missed.from_at)
