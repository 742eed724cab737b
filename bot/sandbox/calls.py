"""A Web API call: its arguments, what a method may reach, and the pages of a long answer."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, ChannelKind, Json
from bot.sandbox.sockets import SocketMode
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

T = TypeVar("T")
_PAGE_LIMIT = 1000


@dataclass(frozen=True)
class ApiCall:
    """One line of the log of calls.

    Attributes:
        method: such as ``chat.postMessage``; ``upload`` and ``response_url`` for those two addresses.
        args: the arguments, without the token.
        outcome: ``ok``, Slack's error code, ``http_429`` and the like, or ``dropped`` when no answer was given.
        at: the workspace's time of the call.
        answer: what was answered (for a lost answer: what would have been).
    """

    method: str
    args: Mapping[str, Any]
    outcome: str
    at: datetime
    answer: Json


class Args:
    """A call's arguments, which come as strings (form) or as values (JSON)."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no: ``true``, ``1`` or a JSON true."""
        if not self.has(name):
            return default
        return str(self.values[name]).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """A whole number; raises SlackError ``invalid_arguments``."""
        try:
            return int(self.values.get(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def names(self, name: str) -> list[str]:
        """A list, given as one or separated by commas."""
        value = self.values.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(p).strip() for p in parts if str(p).strip()]

    def data(self, name: str, error: str) -> Any:
        """A JSON value, or a string that holds one; None when not given. Raises SlackError ``error``."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError(error) from None


@dataclass(frozen=True)
class Call:
    """What a method gets: its arguments, the workspace and the services beside it."""

    args: Args
    workspace: Workspace
    views: Views
    triggers: Triggers
    response_urls: ResponseUrls
    sockets: SocketMode
    base_url: str

    def channel(self, name: str = "channel") -> Channel:
        """The channel that an argument names, as far as the app can see it; raises ``channel_not_found``."""
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or (channel.is_private and not self.workspace.is_member(channel)):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """As `channel`, and the app must be in it; raises ``not_in_channel``."""
        channel = self.channel(name)
        if not self.workspace.is_member(channel):
            raise SlackError("not_in_channel")
        return channel

    def open_channel(self, name: str = "channel") -> Channel:
        """As `joined`, and it must not be archived; raises ``is_archived``."""
        channel = self.channel(name)
        if channel.archived:
            raise SlackError("is_archived")
        return self.joined(name)

    def not_direct(self, channel: Channel) -> Channel:
        """The channel itself; raises ``method_not_supported_for_channel_type`` for a direct message."""
        if channel.kind is ChannelKind.IM:
            raise SlackError("method_not_supported_for_channel_type")
        return channel


Method: TypeAlias = Callable[[Call], Json]


def page(call: Call, items: Sequence[T], *, default: int, most: int = _PAGE_LIMIT) -> tuple[list[T], str]:
    """One page of a list by ``limit`` and ``cursor``, and the next cursor (empty at the end).

    Raises SlackError ``invalid_limit`` or ``invalid_cursor``.
    """
    limit = call.args.number("limit", default)
    if limit < 1:
        raise SlackError("invalid_limit")
    start = _offset(call.args.text("cursor"))
    stop = start + min(limit, most)
    return list(items[start:stop]), _cursor(stop) if stop < len(items) else ""


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        label, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if label != "next":
            raise SlackError("invalid_cursor")
        return int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise SlackError("invalid_cursor") from None
