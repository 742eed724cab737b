"""What looking at a socket now and then tells: whether something was missed, why, and from when to when.

Pure: what is seen and when goes in, as seconds since 1970.
"""

import json
from dataclasses import dataclass, replace

from bot.domain.capturing import GapCause

# Three of the pings that the SDK sends stayed without an answer.
SILENT_SECONDS = 15.0
# Whoever looks that late was not late: the whole process stood still.
FROZEN_SECONDS = 15.0
# What announces the end of a connection is short; nothing longer needs to be looked through for it.
_ANNOUNCEMENT = 1_000


def announces_end(message: str) -> bool:
    """Whether Slack says with this text that it is about to end the connection that it came over."""
    if len(message) >= _ANNOUNCEMENT or '"disconnect"' not in message:
        return False
    try:
        envelope = json.loads(message)
    except ValueError:
        return False
    return isinstance(envelope, dict) and envelope.get("type") == "disconnect"


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as it is now. `heard` is the last sign of life, `ending` the session whose end Slack has announced."""

    session: str | None
    is_active: bool
    heard: float
    ending: str | None = None

    def announces_end_of(self, session: str | None) -> bool:
        """Whether Slack has announced the end of this session."""
        return session is not None and self.ending == session


@dataclass(frozen=True, slots=True)
class Loss:
    """Nothing comes in, since when, why, and when that was noticed in which session."""

    cause: GapCause
    since: float
    noticed: float
    session: str | None


@dataclass(frozen=True, slots=True)
class Back:
    """Events come in again."""

    cause: GapCause
    since: float
    until: float


class SocketState:
    """What is known of the connection. `loss` is not None while nothing comes in."""

    def __init__(self, *, silent_after: float = SILENT_SECONDS) -> None:
        self._silent_after = silent_after
        self._last: Seen | None = None
        self._looked_at: float | None = None
        self._may_be_changing = False
        self.loss: Loss | None = None

    def look(self, seen: Seen, at: float) -> Back | None:
        """Take note of what is seen at this moment; return what was missed when that is over now."""
        # Of a session that is new nothing may have been heard yet, but it has just been made.
        last = self._last or replace(seen, heard=at)
        if self.loss is None:
            self.loss = self._lost(last, seen, at)
        is_new = seen.session != last.session and seen.is_active
        self._last = replace(seen, heard=max(at if is_new else last.heard, seen.heard))
        self._looked_at = at
        return self._back(seen, at)

    def pause(self, at: float) -> None:
        """Nobody looked until now, for a good reason."""
        self._looked_at = at

    def _lost(self, last: Seen, seen: Seen, at: float) -> Loss | None:
        might, self._may_be_changing = self._may_be_changing, False
        if self._looked_at is not None and at - self._looked_at > FROZEN_SECONDS:
            return Loss(GapCause.NOT_RUNNING, self._looked_at, at, last.session)
        if seen.session != last.session:
            # What Slack announces the end of is replaced before it ends.
            return (
                None
                if seen.announces_end_of(last.session)
                else Loss(GapCause.DISCONNECTED, last.heard, at, last.session)
            )
        heard = max(seen.heard, last.heard)
        if not seen.is_active:
            # While a session is being replaced there is a moment without any.
            self._may_be_changing = seen.announces_end_of(seen.session) and not might
            return None if self._may_be_changing else Loss(GapCause.DISCONNECTED, heard, at, last.session)
        return Loss(GapCause.SILENT, heard, at, last.session) if at - heard > self._silent_after else None

    def _back(self, seen: Seen, at: float) -> Back | None:
        loss = self.loss
        if loss is None or not seen.is_active or (seen.session == loss.session and seen.heard <= loss.noticed):
            return None
        self.loss = None
        return Back(loss.cause, loss.since, at)
