"""Faults on demand: answers that go wrong, events that get lost, doubled or shuffled, sockets that die."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol

from bot.sandbox.records import Json

ApiCondition = Callable[[Mapping[str, Any]], bool]
EventCondition = Callable[[Json], bool]


class FaultKind(Enum):
    """What goes wrong with an HTTP call."""

    RATE_LIMITED = auto()
    SERVER_ERROR = auto()
    LOST_ANSWER = auto()
    REFUSED = auto()
    SLOW = auto()
    ERROR = auto()


@dataclass(frozen=True)
class ApiFault:
    """One fault of a Web API call; made by the functions below."""

    kind: FaultKind
    seconds: float = 0.0
    status: int = 200
    code: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def rate_limited(retry_after: int = 1) -> ApiFault:
    """HTTP 429 with ``Retry-After`` in seconds; the call has no effect."""
    return ApiFault(FaultKind.RATE_LIMITED, seconds=retry_after, status=429)


def server_error(status: int = 503) -> ApiFault:
    """HTTP 5xx; the call has no effect."""
    return ApiFault(FaultKind.SERVER_ERROR, status=status)


def lost_answer() -> ApiFault:
    """The call takes effect, then the connection is dropped without an answer."""
    return ApiFault(FaultKind.LOST_ANSWER)


def refused() -> ApiFault:
    """The connection is dropped before the call takes effect."""
    return ApiFault(FaultKind.REFUSED)


def slow(seconds: float) -> ApiFault:
    """The call takes effect and is answered, after a wait in real seconds."""
    return ApiFault(FaultKind.SLOW, seconds=seconds)


def error(code: str, **fields: Any) -> ApiFault:
    """Slack's ``ok: false`` with that code; the call has no effect."""
    return ApiFault(FaultKind.ERROR, code=code, fields=fields)


class Sockets(Protocol):
    """What faults do to Socket Mode connections."""

    def cut(self, *, abrupt: bool) -> int:
        """Ends every connection; how many there were."""

    def silence(self) -> int:
        """Keeps every connection open but delivers nothing on it any more; how many there were."""

    def refresh(self, reason: str) -> int:
        """Announces the end of every connection; how many there were."""


@dataclass
class _ApiRule:
    method: str | None
    fault: ApiFault
    left: int
    when: ApiCondition | None
    skip: int


@dataclass
class _EventRule:
    act: Callable[[Json], list["Timed"]]
    left: int
    when: EventCondition | None


@dataclass(frozen=True)
class Timed:
    """An event to deliver after a wait in real seconds."""

    payload: Json
    after: float = 0.0


class Faults:
    """The faults that are armed. Every method may be called from any thread."""

    def __init__(self, sockets: Sockets, release: Callable[[Json], None]) -> None:
        self._sockets = sockets
        self._release = release
        self._lock = threading.Lock()
        self._api: list[_ApiRule] = []
        self._events: list[_EventRule] = []
        self._held: list[Json] = []
        self.dropped_events: list[Json] = []

    # Web API

    def api(
        self,
        method: str | None,
        fault: ApiFault,
        *,
        times: int = 1,
        when: ApiCondition | None = None,
        skip: int = 0,
    ) -> None:
        """Arms a fault for calls of a method.

        Args:
            method: such as ``chat.postMessage``; ``upload`` and ``response_url`` name those two addresses; None
                for every method.
            fault: what goes wrong.
            times: for how many calls.
            when: only for calls with these arguments.
            skip: how many matching calls go right first.
        """
        with self._lock:
            self._api.append(_ApiRule(method, fault, times, when, skip))

    def take_api(self, method: str, args: Mapping[str, Any]) -> ApiFault | None:
        """The fault for this call, used up by it; None when it goes right. For the server."""
        with self._lock:
            for rule in self._api:
                if rule.method not in {None, method} or (rule.when and not rule.when(args)):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                rule.left -= 1
                self._api = [r for r in self._api if r.left > 0]
                return rule.fault
        return None

    # Events

    def drop_events(self, times: int = 1, *, when: EventCondition | None = None) -> None:
        """Loses the next events for good (those for which ``when(inner event)`` holds)."""
        self._arm(times, when, self._drop)

    def double_events(self, times: int = 1, *, when: EventCondition | None = None) -> None:
        """Delivers each of the next events twice, with the same event_id."""
        self._arm(times, when, lambda payload: [Timed(payload), Timed(payload)])

    def delay_events(self, seconds: float, times: int = 1, *, when: EventCondition | None = None) -> None:
        """Delivers each of the next events that many real seconds late."""
        self._arm(times, when, lambda payload: [Timed(payload, seconds)])

    def reorder_events(self, count: int, *, seed: int = 0, when: EventCondition | None = None) -> None:
        """Holds the next ``count`` events, then delivers them shuffled; the same seed gives the same order."""
        shuffler = random.Random(seed)  # noqa: S311 - a repeatable order for tests, no secret

        def hold(payload: Json) -> list[Timed]:
            self._held.append(payload)
            if len(self._held) < count:
                return []
            held, self._held = self._held, []
            shuffler.shuffle(held)
            return [Timed(p) for p in held]

        self._arm(count, when, hold)

    def release_held_events(self) -> int:
        """Delivers what `reorder_events` still holds, in order; how many there were."""
        with self._lock:
            held, self._held = self._held, []
        for payload in held:
            self._release(payload)
        return len(held)

    def _arm(self, times: int, when: EventCondition | None, act: Callable[[Json], list[Timed]]) -> None:
        with self._lock:
            self._events.append(_EventRule(act, times, when))

    def _drop(self, payload: Json) -> list[Timed]:
        self.dropped_events.append(payload)
        return []

    def take_event(self, payload: Json) -> list[Timed]:
        """What becomes of an event. For the server."""
        with self._lock:
            for rule in self._events:
                if rule.when and not rule.when(payload["event"]):
                    continue
                rule.left -= 1
                self._events = [r for r in self._events if r.left > 0]
                return rule.act(payload)
        return [Timed(payload)]

    # Sockets

    def cut_sockets(self, *, abrupt: bool = False) -> int:
        """Ends every Socket Mode connection at once; how many there were.

        Args:
            abrupt: drops them without a close frame, as a dying network does. slack_sdk's own client notices that
                only after 4 to 5 of its ping intervals (some 20 seconds by default); a close frame it notices at once.
        """
        return self._sockets.cut(abrupt=abrupt)

    def silence_sockets(self) -> int:
        """Keeps the present connections open and answering pings, but delivers nothing on them any more."""
        return self._sockets.silence()

    def refresh_sockets(self, reason: str = "refresh_requested") -> int:
        """Sends ``disconnect`` on the present connections, as Slack does before it replaces a server."""
        return self._sockets.refresh(reason)

    def clear(self) -> None:
        """Disarms everything that is armed; held events are forgotten."""
        with self._lock:
            self._api.clear()
            self._events.clear()
            self._held.clear()
