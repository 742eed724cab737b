"""What is kept of a channel's comparisons with Slack's history, in the due item that carries them out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.messages import time_of, ts_of, ts_rank

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread to be read, with what the history says of its length, where it was shown."""

    ts: str
    replies: int | None = None
    last_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a comparison has come.

    It began at `began_at` (an ISO time). One that is not of the whole goes back to `back_to` at least, None for the
    beginning, and reads only threads that have changed. `before` is where the next page ends, None for now. Before
    that, `votes` (each with its thread), `absent` messages and `threads` are still to be looked at, the first of the
    threads after `thread_after`. The stages follow each other: the window itself, threads that began before it,
    nothing more. `reached` is the earliest message that Slack has shown. `again_from` and `again_in` are to be looked
    at once more: messages from then on, and threads. `is_losing` says that something was not delivered, `is_hidden`
    that Slack no longer shows all that is stored.
    """

    began_at: str
    is_whole: bool
    back_to: str | None = None
    stage: str = "window"
    before: str | None = None
    votes: tuple[tuple[str, str | None], ...] = ()
    absent: tuple[str, ...] = ()
    threads: tuple[OpenThread, ...] = ()
    thread_after: str | None = None
    pages_before: int = 0
    reached: str | None = None
    again_from: str | None = None
    again_in: tuple[str, ...] = ()
    is_losing: bool = False
    is_hidden: bool = False

    @property
    def began(self) -> datetime:
        """When it began, in UTC."""
        return datetime.fromisoformat(self.began_at)

    @property
    def is_done(self) -> bool:
        """Whether everything was compared."""
        return self.stage == "done" and not (self.votes or self.absent or self.threads)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Progress":
        """Return the progress that a due item has kept."""
        return cls(
            **dict(kept)
            | {
                "votes": tuple((ts, thread_ts) for ts, thread_ts in kept["votes"]),
                "absent": tuple(kept["absent"]),
                "threads": tuple(OpenThread(**thread) for thread in kept["threads"]),
                "again_in": tuple(kept["again_in"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of a channel's comparisons from one to the next.

    `others` are threads whose numbers differ from what is stored although all is: how many replies in each are not
    ours to store, such as the bot's own, and the last reply then. `again_from` and `again_in` are what the last
    comparison left to be looked at once more. `is_closed` says that the whole was compared after the incident was over.
    """

    progress: Progress | None = None
    others: Mapping[str, tuple[int, str | None]] = field(default_factory=dict)
    again_from: str | None = None
    again_in: tuple[str, ...] = ()
    is_closed: bool = False

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Memory":
        """Return what a due item has kept."""
        progress = payload.get("progress")
        return cls(
            progress=Progress.of(progress) if progress else None,
            others={ts: (number, last) for ts, (number, last) in payload.get("others", {}).items()},
            again_from=payload.get("again_from"),
            again_in=tuple(payload.get("again_in", ())),
            is_closed=payload.get("is_closed", False),
        )

    def as_payload(self) -> dict[str, Any]:
        """Return it as a due item keeps it."""
        return asdict(self)

    def begun(self, began_at: datetime, *, is_whole: bool, back_to: datetime | None) -> "Memory":
        """Return it with a new comparison begun, which looks again at what the last one left."""
        back = ts_of(back_to) if back_to else None
        if back and self.again_from:
            back = min(back, just_before(self.again_from), key=ts_rank)
        threads = () if is_whole else tuple(OpenThread(ts) for ts in self.again_in)
        progress = Progress(began_at.isoformat(), is_whole, back_to=back, threads=threads)
        return replace(self, progress=progress, again_from=None, again_in=())


def just_before(ts: str) -> str:
    """Return the timestamp of a microsecond before."""
    return ts_of(time_of(ts) - _MOMENT)


def just_after(ts: str) -> str:
    """Return the timestamp of a microsecond later."""
    return ts_of(time_of(ts) + _MOMENT)
