"""The witness: remembers what everybody saw, and when, by looking at the screen after each step."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo import readable
from bot.sandbox import Sandbox

Json = dict[str, Any]
# The topic says what the header says; showing each change of it twice helps nobody.
_LEFT_OUT = ("channel_topic",)


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said from one step on."""

    step: int
    at: datetime
    lines: tuple[str, ...]


@dataclass
class Seen:
    """One message in all its versions.

    `purpose` says what the application posted it for ("header", "follow-up" ...), "form" for a form that it opened,
    empty for everybody else's; `only_for` is the name of the one person who sees it, None where all do. `gone_at` is
    when it was taken back.
    """

    place: str
    ts: str
    thread_ts: str | None
    author: str
    purpose: str
    only_for: str | None
    is_notice: bool
    versions: list[Version]
    is_edited: bool = False
    gone_at: datetime | None = None
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_reply(self) -> bool:
        """Whether it stands in another message's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def text(self) -> str:
        """What it says now, on one line."""
        return " ".join(self.versions[-1].lines)


@dataclass(frozen=True, slots=True)
class News:
    """What one step brought to the screen: new messages, and those that now say something else."""

    new: tuple[Seen, ...]
    changed: tuple[Seen, ...]


@dataclass
class Witness:
    """Watches a stand-in. `seen` is everything in the order in which it came."""

    sandbox: Sandbox
    seen: dict[tuple[str, str, str], Seen] = field(default_factory=dict)

    def name_of(self, some_id: str) -> str:
        """Return the name of a person or channel; the id where nobody has it."""
        workspace = self.sandbox.workspace
        if person := workspace.people.get(some_id):
            return person.real_name
        channel = workspace.channels.get(some_id)
        return channel.name if channel else some_id

    def look(self, step: int, at: datetime, here: str) -> News:
        """Look at every channel and at what single people see; return what is new since the last look.

        `here` is the name of the channel in which forms are open.
        """
        new, changed, standing = [], [], set()
        for key, message, place in (*self._visible(), *self._open_modals(here)):
            standing.add(key)
            known = self.seen.get(key)
            read = readable.modal_lines if message.get("type") == "modal" else readable.lines
            lines = tuple(read(message, self.name_of))
            if known is None:
                known = self.seen[key] = self._first(key, message, place, Version(step, at, lines))
                new.append(known)
            elif lines != known.versions[-1].lines:
                known.versions.append(Version(step, at, lines))
                changed.append(known)
            known.is_edited = bool(message.get("edited"))
            known.reactions = self._reactions(message)
        for key, seen in self.seen.items():
            # An answer that was replaced by the next one was still seen; a message that was taken back is gone.
            if key not in standing and seen.only_for is None and seen.gone_at is None:
                seen.gone_at = at
        return News(tuple(new), tuple(changed))

    def _visible(self) -> Iterator[tuple[tuple[str, str, str], Json, str]]:
        screen = self.sandbox.screen
        for channel in screen.channels():
            for message in list(screen.messages(channel.id)):
                if message.get("subtype") in _LEFT_OUT:
                    continue
                thread = screen.thread(channel.id, message["ts"]) if message.get("reply_count") else [message]
                for each in thread:
                    if each.get("subtype") != "tombstone":
                        yield (channel.id, each["ts"], ""), each, channel.name
        for person in list(self.sandbox.workspace.people.values()):
            for answer in screen.ephemerals(person.id):
                yield (answer["channel"], answer["ts"], person.id), answer, self.name_of(answer["channel"])

    def _open_modals(self, here: str) -> Iterator[tuple[tuple[str, str, str], Json, str]]:
        for person in list(self.sandbox.workspace.people.values()):
            if modal := self.sandbox.screen.modal(person.id):
                # A form keeps its id when it turns into its next step, or into what has come of it.
                key = ("modal", f"{modal['id']}:{modal.get('callback_id', '')}", person.id)
                yield key, modal, here

    def _first(self, key: tuple[str, str, str], message: Json, place: str, version: Version) -> Seen:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        is_own = message.get("bot_id") == self.sandbox.bot_id
        is_form = message.get("type") == "modal" and readable.is_form(message)
        shared = "form" if is_form else "file" if is_own and message.get("files") else ""
        author = message.get("username") or self.name_of(str(message.get("user", "")))
        return Seen(
            place=place,
            ts=message.get("ts", ""),
            thread_ts=message.get("thread_ts"),
            author=self.name_of(self.sandbox.bot_user_id) if key[2] else author,
            purpose=str(payload.get("key", "")).partition(":")[0] or shared,
            only_for=self.name_of(key[2]) if key[2] else None,
            is_notice=message.get("subtype") == "channel_join",
            versions=[version],
        )

    def _reactions(self, message: Json) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (given["name"], tuple(self.name_of(user) for user in given["users"]))
            for given in message.get("reactions") or []
        )
