"""What everything that acts for people has in common: the services, the lock, names to records."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.records import Channel, Message, Person
from bot.sandbox.sockets import Ack, SocketMode
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace


class Driver:
    """Base of `People`: finds who and where, under the lock, and sends what must be acknowledged."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        views: Views,
        triggers: Triggers,
        response_urls: ResponseUrls,
        sockets: SocketMode,
        call: Callable[[Mapping[str, Any]], Call],
        should_escape: bool,
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._triggers = triggers
        self._response_urls = response_urls
        self._sockets = sockets
        self._call = call
        self._should_escape = should_escape

    @contextmanager
    def _acting(self) -> Iterator[Workspace]:
        """Holds the lock; what Slack would refuse becomes a SandboxError."""
        with self._workspace.lock:
            try:
                yield self._workspace
            except SlackError as refused:
                raise SandboxError(f"Slack would refuse this: {refused.code}") from refused

    def _present(self, user: str, channel: str) -> tuple[Person, Channel]:
        """A person in a channel that they may write in; raises SandboxError when they can't."""
        person, place = self._workspace.person(user), self._workspace.channel(channel)
        if person.id not in place.members:
            raise SandboxError(f"{person.name} is not in #{place.name or place.id}: join or invite first")
        if place.archived:
            raise SandboxError(f"#{place.name} is archived")
        return person, place

    def _message(self, channel: Channel, ts: str) -> Message:
        found = channel.messages.get(ts)
        if found is None or found.is_tombstone:
            raise SandboxError(f"there is no message {ts} in #{channel.name or channel.id}")
        return found

    def _send(self, envelope_type: str, payload: dict[str, Any]) -> Ack:
        """Sends an interaction and waits for its acknowledgement. Never call it with the lock held."""
        return self._sockets.send_once(envelope_type, payload).result(timeout=self._sockets.ack_timeout + 10)
