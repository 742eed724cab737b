"""What people would see: `sandbox.screen`."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.calls import ApiCall
from bot.sandbox.errors import SandboxError
from bot.sandbox.records import Channel, Ephemeral, Json, Message, Share
from bot.sandbox.shapes import message_json
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class FileSeen:
    """A file that was shared or uploaded for good."""

    id: str
    title: str
    name: str
    content: bytes
    shares: tuple[Share, ...]

    @property
    def text(self) -> str:
        """The content as UTF-8 text."""
        return self.content.decode()


class Screen:
    """Reads the workspace as people see it. Answers are copies in Slack's JSON shapes."""

    def __init__(self, workspace: Workspace, views: Views, calls: Callable[[], list[ApiCall]]) -> None:
        self._workspace = workspace
        self._views = views
        self._calls = calls

    def messages(self, channel: str) -> list[Json]:
        """The channel's own messages, oldest first, with metadata; replies only where sent to the channel too."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            return [self._shown(place, m) for m in place.messages.values() if not m.is_reply or m.is_broadcast]

    def message(self, channel: str, ts: str) -> Json:
        """One message, a thread reply too; raises SandboxError when there is none."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            if ts not in place.messages:
                raise SandboxError(f"there is no message {ts} in #{place.name}")
            return self._shown(place, place.messages[ts])

    def from_bot(self, channel: str) -> list[Json]:
        """What the app under test posted in a channel and its threads, oldest first."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            own = [m for m in place.messages.values() if m.author.bot_id == self._workspace.bot_id]
            return [
                self._shown(place, m)
                for m in own
                if m.subtype in {None, "bot_message", "file_share", "thread_broadcast"}
            ]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A message and its replies, oldest first."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            return [self._shown(place, m) for m in place.messages.values() if ts in {m.ts, m.thread_ts}]

    def ephemerals(self, user: str, channel: str | None = None) -> list[Json]:
        """What only this person sees, in one channel or in all, oldest first."""
        with self._workspace.lock:
            person = self._workspace.person(user).id
            place = self._workspace.channel(channel).id if channel else None
            return [copy.deepcopy(e.to_json()) for e in self._workspace.ephemerals if _visible(e, person, place)]

    def dms(self, user: str) -> list[Json]:
        """The direct messages between a person and the app, oldest first."""
        with self._workspace.lock:
            place = self._workspace.direct(self._workspace.person(user).id)
            return [self._shown(place, m) for m in place.messages.values()]

    def modal(self, user: str) -> Json | None:
        """The modal that a person has open, topmost; None without one. What is filled in stands in ``state``."""
        with self._workspace.lock:
            view = self._views.top(self._workspace.person(user).id)
            return copy.deepcopy(self._views.to_json(view)) if view else None

    def home(self, user: str) -> Json | None:
        """The Home tab that the app published for a person; None without one."""
        with self._workspace.lock:
            view = self._views.home(self._workspace.person(user).id)
            return copy.deepcopy(self._views.to_json(view)) if view else None

    def pins(self, channel: str) -> list[Json]:
        """The pinned messages, in the order of pinning."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            return [self._shown(place, place.messages[pin["ts"]]) for pin in place.pins]

    def bookmarks(self, channel: str) -> list[Json]:
        """The channel's bookmarks."""
        with self._workspace.lock:
            return copy.deepcopy(self._workspace.channel(channel).bookmarks)

    def topic(self, channel: str) -> str:
        """The channel's topic."""
        return self._workspace.channel(channel).topic.value

    def channel(self, name_or_id: str) -> Channel:
        """A channel's record: name, kind, members, creator, archived, topic; raises SandboxError without one."""
        return self._workspace.channel(name_or_id)

    def channels(self) -> list[Channel]:
        """All channels, archived ones included, without direct messages."""
        with self._workspace.lock:
            return [c for c in self._workspace.channels.values() if c.im_user is None]

    def members(self, channel: str) -> list[str]:
        """The names of those in a channel, in the order of joining."""
        with self._workspace.lock:
            return [self._workspace.people[m].name for m in self._workspace.channel(channel).members]

    def files(self) -> list[FileSeen]:
        """The files of the workspace, oldest first; uploads that were never completed are left out."""
        with self._workspace.lock:
            return [
                FileSeen(f.id, f.title or f.name, f.name, f.content or b"", tuple(f.shares))
                for f in self._workspace.files.values()
                if f.completed
            ]

    def reactions(self, channel: str, ts: str) -> dict[str, list[str]]:
        """The reactions on a message: emoji to the ids of those who gave it."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            return {emoji: list(users) for emoji, users in place.messages[ts].reactions.items()}

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """The app's Web API calls so far, oldest first, of one method or of all."""
        return [c for c in self._calls() if method in {None, c.method}]

    def _shown(self, place: Channel, message: Message) -> Json:
        return copy.deepcopy(message_json(self._workspace, place, message, full=True))


def _visible(shown: Ephemeral, person: str, place: str | None) -> bool:
    return shown.user == person and place in {None, shown.channel} and not shown.deleted
