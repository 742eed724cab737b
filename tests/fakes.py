"""Stand-ins for the ports: one workspace that remembers what people would see, and can be told to go wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.domain.adoption import ChannelFacts
from bot.domain.history import Said
from bot.domain.messages import MessageSeen, VoteCast
from bot.domain.people import Person
from bot.domain.rights import Actor
from bot.rendering import Renderer
from bot.services.ports import (
    BusyError,
    ChannelGoneError,
    NameTakenError,
    OutcomeUnknownError,
    Outgoing,
    Page,
    RefusedError,
)
from bot.services.requests import Request
from bot.services.views import HomeView, View
from bot.services.world import Policy, World
from storage.database import Database
from storage.writer import CaptureWriter
from tests.factories import CHANNEL, DECLARED, LEAD, TEAM

T = TypeVar("T")


class Killed(BaseException):
    """The process ends here, as with kill -9: nothing catches it."""


def busy(seconds: float = 7.0) -> BusyError:
    return BusyError("Slack asks to slow down", seconds)


def lost() -> OutcomeUnknownError:
    return OutcomeUnknownError("Slack's answer was lost")


def refused(code: str = "missing_scope") -> RefusedError:
    return RefusedError(f"Slack refused: {code}", code)


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = DECLARED) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class Mishap:
    """A call that goes wrong: before it takes effect, or after it, so that only the answer is lost."""

    call: str
    error: BaseException
    is_after: bool
    skip: int
    times: int


@dataclass(frozen=True)
class Shown:
    """A message as it stands in a channel."""

    ts: str
    channel_id: str
    thread_ts: str | None
    key: str
    view: View


@dataclass
class SharedFile:
    """A file as it was announced, and what has become of it."""

    name: str
    content: bytes = b""
    title: str = ""
    shared_in: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass
class FakeSlack:
    """What everyone in the workspace would see. `calls` are the calls made, in order."""

    messages: list[Shown] = field(default_factory=list)
    channels: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    pins: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    files: dict[str, SharedFile] = field(default_factory=dict)
    whispers: list[tuple[str, View]] = field(default_factory=list)
    answers: list[tuple[str, View]] = field(default_factory=list)
    homes: dict[str, HomeView] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    channel_names: dict[str, str] = field(default_factory=dict)
    facts: dict[str, ChannelFacts] = field(default_factory=dict)
    said: dict[str, MessageSeen] = field(default_factory=dict)
    votes: dict[str, list[VoteCast]] = field(default_factory=dict)
    # How many messages a page of a history has.
    page: int = 3
    calls: list[str] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def goes_wrong(
        self, call: str, error: BaseException, *, is_after: bool = False, skip: int = 0, times: int = 1
    ) -> None:
        """Let calls of this name (`*`: any) fail, before their effect or after it."""
        self.mishaps.append(Mishap(call, error, is_after, skip, times))

    def does(self, call: str, effect: Callable[[], T]) -> T:
        """Carry out a call, unless it is to go wrong."""
        self.calls.append(call)
        mishap = self._mishap(call)
        if mishap and not mishap.is_after:
            raise mishap.error
        result = effect()
        if mishap:
            raise mishap.error
        return result

    def _mishap(self, call: str) -> Mishap | None:
        for mishap in self.mishaps:
            if mishap.call in (call, "*") and mishap.times:
                if mishap.skip:
                    mishap.skip -= 1
                    continue
                mishap.times -= 1
                return mishap
        return None

    def posted(self, key: str) -> list[Shown]:
        """Return the messages whose key begins so."""
        return [one for one in self.messages if one.key.startswith(key)]


class FakeMessenger:
    """Posts into the fake workspace."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def send(self, post: Outgoing) -> str:
        def effect() -> str:
            ts = f"1795190000.{next(self._slack.numbers):06d}"
            self._slack.messages.append(Shown(ts, post.channel_id, post.thread_ts, post.key, post.view))
            return ts

        return self._slack.does("send", effect)

    def find(self, post: Outgoing, *, since_epoch: int) -> str | None:
        def effect() -> str | None:
            place = post.channel_id, post.thread_ts, post.key
            there = [one.ts for one in self._slack.messages if (one.channel_id, one.thread_ts, one.key) == place]
            return there[0] if there else None

        return self._slack.does("find", effect)

    def update(self, channel_id: str, ts: str, view: View) -> None:
        def effect() -> None:
            self._slack.messages = [replace(m, view=view) if m.ts == ts else m for m in self._slack.messages]

        self._slack.does("update", effect)

    def delete(self, channel_id: str, ts: str) -> None:
        def effect() -> None:
            self._slack.messages = [message for message in self._slack.messages if message.ts != ts]

        self._slack.does("delete", effect)

    def whisper(self, channel_id: str, user_id: str, view: View, *, thread_ts: str | None = None) -> None:
        self._slack.does("whisper", lambda: self._slack.whispers.append((user_id, view)))

    def respond(self, response_url: str, view: View, *, replaces: bool) -> None:
        self._slack.does("respond", lambda: self._slack.answers.append((response_url, view)))

    def show_home(self, user_id: str, view: HomeView) -> None:
        self._slack.does("show_home", lambda: self._slack.homes.update({user_id: view}))


class FakeChannels:
    """Makes channels in the fake workspace: name to id."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self._own: set[str] = set()

    def create(self, name: str, *, is_private: bool) -> str:
        def effect() -> str:
            if name in self._slack.channels:
                raise NameTakenError("Slack refused: name_taken", "name_taken")
            self._slack.channels[name] = f"CNEW{next(self._slack.numbers)}"
            self._own.add(name)
            return self._slack.channels[name]

        return self._slack.does("create", effect)

    def find_own(self, name: str, *, since_epoch: int) -> str | None:
        return self._slack.does("find_own", lambda: self._slack.channels[name] if name in self._own else None)

    def invite(self, channel_id: str, user_ids: Sequence[str]) -> None:
        def effect() -> None:
            inside = self._slack.members.setdefault(channel_id, [])
            inside += [user_id for user_id in user_ids if user_id not in inside]

        self._slack.does("invite", effect)

    def about(self, channel_id: str) -> ChannelFacts:
        def effect() -> ChannelFacts:
            if channel_id not in self._slack.facts:
                raise ChannelGoneError("Slack refused: channel_not_found", "channel_not_found")
            return self._slack.facts[channel_id]

        return self._slack.does("about", effect)

    def join(self, channel_id: str) -> None:
        self._slack.does("join", lambda: self._is_in(channel_id, is_member=True))

    def leave(self, channel_id: str) -> None:
        self._slack.does("leave", lambda: self._is_in(channel_id, is_member=False))

    def _is_in(self, channel_id: str, *, is_member: bool) -> None:
        self._slack.facts[channel_id] = replace(self._slack.facts[channel_id], is_member=is_member)

    def members(self, channel_id: str) -> tuple[str, ...]:
        return self._slack.does("members", lambda: tuple(self._slack.members.get(channel_id, ())))

    def set_topic(self, channel_id: str, topic: str) -> None:
        self._slack.does("set_topic", lambda: self._slack.topics.update({channel_id: topic}))

    def pin(self, channel_id: str, ts: str) -> None:
        self._slack.does("pin", lambda: self._slack.pins.add(ts))

    def direct(self, user_id: str) -> str:
        return self._slack.does("direct", lambda: f"D{user_id}")

    def mark(self, channel_id: str, ts: str, *, is_on: bool) -> None:
        change = self._slack.marked.add if is_on else self._slack.marked.discard
        self._slack.does("mark", lambda: change(ts))


class FakeFiles:
    """Shares files in the fake workspace."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def begin(self, name: str, size: int) -> tuple[str, str]:
        def effect() -> tuple[str, str]:
            file_id = f"F{next(self._slack.numbers)}"
            self._slack.files[file_id] = SharedFile(name)
            return file_id, f"https://files/{file_id}"

        return self._slack.does("begin_file", effect)

    def share(
        self, file_id: str, address: str, content: bytes, *, title: str, channel_id: str, thread_ts: str | None
    ) -> None:
        def effect() -> None:
            file = self._slack.files[file_id]
            file.content, file.title = content, title
            file.shared_in.append((channel_id, thread_ts))

        self._slack.does("share_file", effect)

    def is_shared(self, file_id: str, channel_id: str) -> bool:
        places = self._slack.files[file_id].shared_in
        return self._slack.does("is_shared", lambda: channel_id in [channel for channel, _ in places])


class FakeHistory:
    """Knows what was said, by ts."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def message(self, team_id: str, channel_id: str, ts: str) -> MessageSeen | None:
        return self._slack.does("history", lambda: self._slack.said.get(ts))

    def page(self, team_id: str, channel_id: str, *, after: str | None, before: str) -> Page:
        def effect() -> Page:
            stretch = self._stretch(channel_id, after, before)
            there = [one for one in stretch if one.thread_ts is None or one.kind == "thread_broadcast"]
            shown = tuple(self._said(one) for one in reversed(there[-self._slack.page :]))
            return Page(shown, is_last=len(there) <= self._slack.page)

        return self._slack.does("page", effect)

    def replies(self, team_id: str, channel_id: str, thread_ts: str, *, after: str) -> Page:
        def effect() -> Page:
            there = [one for one in self._stretch(channel_id, after, None) if one.thread_ts == thread_ts]
            shown = tuple(self._said(one) for one in there[: self._slack.page])
            return Page(shown, is_last=len(there) <= self._slack.page)

        return self._slack.does("replies", effect)

    def votes(self, team_id: str, channel_id: str, ts: str) -> tuple[VoteCast, ...]:
        return self._slack.does("votes", lambda: tuple(self._slack.votes.get(ts, ())))

    def _stretch(self, channel_id: str, after: str | None, before: str | None) -> list[MessageSeen]:
        there = sorted(self._slack.said.values(), key=lambda one: one.ts)
        return [
            one
            for one in there
            if one.channel_id == channel_id and (after or "") < one.ts and (before is None or one.ts < before)
        ]

    def _said(self, seen: MessageSeen) -> Said:
        replies = [one for one in self._slack.said.values() if one.thread_ts == seen.ts]
        votes = tuple(self._slack.votes.get(seen.ts, ()))
        return Said(
            ts=seen.ts,
            seen=seen,
            votes=votes[:1],
            has_more_votes=len(votes) > 1,
            replies=len(replies),
            repliers=tuple({one.user_id for one in replies if one.user_id}),
            last_reply_ts=max((one.ts for one in replies), default=None),
        )


class FakeDirectory:
    """Knows the people of the fake workspace."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def person(self, user_id: str) -> Person | None:
        return self._slack.does("person", lambda: self._slack.people.get(user_id))

    def group_members(self, group_id: str, *, is_awaited: bool = False) -> tuple[str, ...]:
        return self._slack.does("group", lambda: self._slack.groups[group_id])

    def group_names(self) -> Mapping[str, str]:
        return self._slack.does("group names", lambda: dict(self._slack.group_names))

    def channel_name(self, channel_id: str) -> str | None:
        return self._slack.does("channel name", lambda: self._slack.channel_names.get(channel_id))


@contextmanager
def world_on(
    database: Database, slack: FakeSlack, clock: Callable[[], datetime], policy: Policy | None = None
) -> Iterator[World]:
    """Yield a world on the fake workspace, with a running writer."""
    writer = CaptureWriter(database, clock=clock, after_commit=lambda: None)
    writer.start()
    yield World(
        database=database,
        writer=writer,
        clock=clock,
        policy=policy or Policy(),
        renderer=Renderer(None),
        messenger=FakeMessenger(slack),
        channels=FakeChannels(slack),
        files=FakeFiles(slack),
        history=FakeHistory(slack),
        directory=FakeDirectory(slack),
        wake=lambda: None,
    )
    writer.stop()


def ask(key: str = "command:1", user_id: str = LEAD, channel_id: str = CHANNEL, **fields: Any) -> Request:
    """Return the request of a member who types in a channel."""
    actor = Actor(TEAM, user_id, member_of=frozenset({channel_id}))
    values: dict[str, Any] = {"now": DECLARED, "channel_id": channel_id}
    return Request(actor, key, **(values | fields))
