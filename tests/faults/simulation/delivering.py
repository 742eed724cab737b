"""Slack's delivery of events: late, twice or never, and again while nobody acknowledges."""

import heapq
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.faults.simulation.story import Sent

Json = dict[str, Any]

# Slack waits three seconds for an acknowledgement; then it sends again at once, after one minute and after five.
_AGAIN = (Decimal(3), Decimal(60), Decimal(300))
_ON_ITS_WAY = Decimal("0.05")
_TWIN = Decimal("0.4")


@dataclass(eq=False)
class Delivery:
    """The story of one event. `acked_at` is when the process first acknowledged it, whether or not Slack heard that."""

    body: Json
    unheard: int = 0
    attempts: int = 0
    acked_at: Decimal | None = None
    is_heard: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether Slack has given it up."""
        return self.attempts > len(_AGAIN) and not self.is_heard

    def acknowledge(self, now: Decimal) -> None:
        """Let the process acknowledge it."""
        self.acked_at = self.acked_at or now
        self.unheard -= 1
        self.is_heard = self.is_heard or self.unheard < 0


@dataclass
class Deliveries:
    """What is under way to the program, in order of time."""

    every: list[Delivery] = field(default_factory=list)
    dropped: int = 0
    _queue: list[tuple[Decimal, int, Delivery]] = field(default_factory=list)
    _number: int = 0

    def send(self, body: Json, sent: Sent, now: Decimal) -> None:
        """Hand in an event."""
        if not sent.times:
            self.dropped += 1
        for number in range(sent.times):
            delivery = Delivery(body, unheard=1 if sent.is_unheard else 0)
            self.every.append(delivery)
            self._put(now + _ON_ITS_WAY + Decimal(str(sent.late)) + number * _TWIN, delivery)

    def next_at(self) -> Decimal | None:
        """Return when something is delivered next."""
        return self._queue[0][0] if self._queue else None

    def take(self, now: Decimal) -> Delivery | None:
        """Return what is to be delivered next, now; None where it has been acknowledged meanwhile.

        It comes again, unless it is acknowledged before that.
        """
        _, _, delivery = heapq.heappop(self._queue)
        if delivery.is_heard:
            return None
        delivery.attempts += 1
        if not delivery.is_lost:
            self._put(now + _AGAIN[delivery.attempts - 1], delivery)
        return delivery

    def _put(self, at: Decimal, delivery: Delivery) -> None:
        self._number += 1
        heapq.heappush(self._queue, (at, self._number, delivery))
