"""The true channel: what people see in Slack, at any moment, and the events that Slack makes of what they do."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.faults.simulation import shapes

Json = dict[str, Any]

# Timestamps of one channel differ at least by so much.
_TICK = Decimal("0.000100")


@dataclass(frozen=True, slots=True)
class TrueMessage:
    """A message as it stands. `votes` are (emoji, who); a parent that is `gone` stays as a placeholder with replies."""

    ts: str
    author: str
    text: str
    subtype: str = ""
    thread_ts: str | None = None
    edited_ts: str | None = None
    files: tuple[str, ...] = ()
    votes: tuple[tuple[str, str], ...] = ()
    is_unfurled: bool = False
    is_gone: bool = False

    @property
    def is_reply(self) -> bool:
        """Whether it is an answer in a thread."""
        return self.thread_ts is not None

    @property
    def is_content(self) -> bool:
        """Whether the program is to keep it: not its own, no noise, not taken back."""
        return not self.is_gone and self.subtype not in shapes.NOISE and self.author != shapes.OWN_USER


State = Mapping[str, TrueMessage]


@dataclass
class TrueChannel:
    """What happens in the channel, moment by moment. Each thing done returns the events that Slack makes of it.

    `now` is Slack's time, in seconds. Nothing that was ever said is forgotten: `state(at)` is what stood then. What was
    said before `recorded_from` is not the program's to keep.
    """

    now: Decimal
    recorded_from: Decimal = Decimal(0)
    _moments: list[Decimal] = field(default_factory=list)
    _states: list[State] = field(default_factory=list)
    ever: dict[str, TrueMessage] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    edits: int = 0

    # Seeing

    def state(self, at: Decimal | None = None) -> State:
        """Return the messages that stood at a moment, now without one."""
        if at is None:
            return self._states[-1] if self._states else {}
        number = bisect_right(self._moments, at)
        return self._states[number - 1] if number else {}

    def standing(self) -> list[TrueMessage]:
        """Return what people see now and can do something with, in order."""
        return [one for one in self.state().values() if one.is_content]

    def kept(self) -> list[TrueMessage]:
        """Return what the program is to know of that."""
        return [one for one in self.standing() if self.is_recorded(one.ts)]

    def is_recorded(self, ts: str) -> bool:
        """Whether the program is to know of a message at all."""
        return Decimal(ts) >= self.recorded_from

    # Doing

    def post(self, author: str, text: str, **fields: Any) -> Iterator[Json]:
        """Somebody says something: in the channel, in a thread, with a file, as an app."""
        message = TrueMessage(self._tick(), author, text, **fields)
        self._put(message)
        self.ever[message.ts] = message
        yield shapes.posted(message)
        parent = self.state().get(message.thread_ts or "")
        if parent:
            yield shapes.replied(parent, self._tick(), self.state())

    def edit(self, ts: str, text: str) -> Iterator[Json]:
        """The author writes something else. Slack notes the second of it."""
        before = self.state()[ts]
        event_ts = self._tick()
        self.edits += 1
        after = replace(before, text=text, edited_ts=f"{int(Decimal(event_ts))}.000000")
        self._put(after)
        yield shapes.changed(before, after, event_ts, self.state())

    def unfurl(self, ts: str) -> Iterator[Json]:
        """Slack adds a preview of a link: a change that is no edit."""
        before = self.state()[ts]
        after = replace(before, is_unfurled=True)
        event_ts = self._tick()
        self._put(after)
        yield shapes.changed(before, after, event_ts, self.state())

    def delete(self, ts: str) -> Iterator[Json]:
        """The author takes it back. A thread keeps a placeholder for its parent, as long as it has replies."""
        before, state = self.state()[ts], dict(self.state())
        event_ts = self._tick()
        self.taken_back.add(ts)
        if any(one.thread_ts == ts for one in state.values()):
            after = replace(before, is_gone=True, text="This message was deleted.", votes=(), files=(), edited_ts=None)
            self._put(after)
            yield shapes.changed(before, after, event_ts, self.state())
            return
        del state[ts]
        parent = state.get(before.thread_ts or "")
        is_last_reply = parent and not any(one.thread_ts == parent.ts for one in state.values())
        if parent and parent.is_gone and is_last_reply:
            del state[parent.ts]
        self._keep(state)
        yield shapes.deleted(before, event_ts)
        if parent and parent.is_gone and is_last_reply:
            yield shapes.deleted(parent, self._tick())
        elif parent:
            yield shapes.replied(parent, self._tick(), self.state())

    def react(self, ts: str, user: str, emoji: str, *, is_on: bool) -> Iterator[Json]:
        """Somebody puts a reaction on a message or takes it off; nothing happens where that is so already."""
        before = self.state()[ts]
        if ((emoji, user) in before.votes) == is_on:
            return
        votes = (*before.votes, (emoji, user)) if is_on else tuple(v for v in before.votes if v != (emoji, user))
        event_ts = self._tick()
        self._put(replace(before, votes=votes))
        yield shapes.reacted(before, user, emoji, event_ts, is_on=is_on)

    def _tick(self) -> str:
        self.now += _TICK
        return f"{self.now:.6f}"

    def _put(self, message: TrueMessage) -> None:
        self._keep({**self.state(), message.ts: message})

    def _keep(self, state: State) -> None:
        self._moments.append(self.now)
        self._states.append(state)
