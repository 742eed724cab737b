"""What a workspace consists of: plain records, changed only by this package under the workspace's lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class ChannelKind(StrEnum):
    """What a conversation is; the value is the ``channel_type`` of its message events."""

    PUBLIC = "channel"
    PRIVATE = "group"
    IM = "im"


@dataclass
class Person:
    """A user: somebody at a keyboard, or a bot's user."""

    id: str
    name: str
    real_name: str
    tz: str = "Europe/London"
    guest: bool = False
    bot: bool = False
    deactivated: bool = False
    bot_id: str | None = None


@dataclass(frozen=True)
class OtherApp:
    """Another app of the workspace, such as a monitoring system that posts alerts."""

    bot_id: str
    app_id: str
    name: str


@dataclass(frozen=True)
class Usergroup:
    """A user group such as ``@oncall``."""

    id: str
    handle: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Caption:
    """A channel's topic or purpose."""

    value: str = ""
    creator: str = ""
    last_set: int = 0

    def to_json(self) -> Json:
        """The shape that stands in a conversation object."""
        return {"value": self.value, "creator": self.creator, "last_set": self.last_set}


@dataclass(frozen=True)
class Author:
    """Who a message is from: a user, a bot's user, or an app without a user (``bot_message``)."""

    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None


@dataclass
class Message:
    """A message as it stands in a channel now.

    Attributes:
        reactions: emoji name to the ids of those who gave it, in order.
        extra: the fields of its subtype, such as ``topic`` or ``inviter``.
    """

    ts: str
    author: Author
    text: str
    subtype: str | None = None
    thread_ts: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    edited: Json | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in another message's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_broadcast(self) -> bool:
        """Whether it is a thread reply that was also sent to the channel."""
        return self.subtype == "thread_broadcast"

    @property
    def is_tombstone(self) -> bool:
        """Whether it is what remains of a deleted message that has replies."""
        return self.subtype == "tombstone"


@dataclass(frozen=True)
class Draft:
    """A message about to be posted. ``text`` is in Slack's escaped form."""

    author: Author
    text: str
    subtype: str | None = None
    thread_ts: str | None = None
    blocks: Sequence[Json] = ()
    attachments: Sequence[Json] = ()
    files: Sequence[str] = ()
    metadata: Json | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Ephemeral:
    """A message that only one person sees, until they reload."""

    ts: str
    user: str
    channel: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    deleted: bool = False

    def to_json(self) -> Json:
        """What the person sees, with the channel it stands in."""
        shown: Json = {
            "type": "message",
            "is_ephemeral": True,
            "ts": self.ts,
            "user": self.user,
            "channel": self.channel,
            "text": self.text,
            "blocks": self.blocks,
            "attachments": self.attachments,
        }
        return shown | ({"thread_ts": self.thread_ts} if self.thread_ts else {})


@dataclass(frozen=True)
class Share:
    """Where a file was posted."""

    channel: str
    ts: str
    thread_ts: str | None


@dataclass
class StoredFile:
    """A file that was uploaded. Until ``completed`` it is private to the app."""

    id: str
    name: str
    owner: str
    created: int
    declared_size: int
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    shares: list[Share] = field(default_factory=list)


@dataclass
class Channel:
    """A conversation with its messages by ts, oldest first.

    Attributes:
        threads: the ts of each message with replies, to theirs; kept by `put` and `take_out`.
        shared: whether another organisation is in it (Slack Connect).
    """

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    archived: bool = False
    topic: Caption = field(default_factory=Caption)
    purpose: Caption = field(default_factory=Caption)
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)
    im_user: str | None = None
    shared: bool = False

    @property
    def is_private(self) -> bool:
        """Whether only its members can see it."""
        return self.kind is not ChannelKind.PUBLIC

    def put(self, message: Message) -> None:
        """Adds a message, and to its thread if it is a reply."""
        self.messages[message.ts] = message
        if message.is_reply and message.thread_ts:
            self.threads.setdefault(message.thread_ts, []).append(message.ts)

    def take_out(self, message: Message) -> None:
        """Removes a message, and from its thread if it is a reply."""
        del self.messages[message.ts]
        if message.is_reply and message.thread_ts:
            self.threads[message.thread_ts].remove(message.ts)

    def replies(self, parent_ts: str) -> list[Message]:
        """The replies in a message's thread, oldest first."""
        return [self.messages[ts] for ts in self.threads.get(parent_ts, ())]

    def is_pinned(self, ts: str) -> bool:
        """Whether the message is pinned here."""
        return any(pin["ts"] == ts for pin in self.pins)
