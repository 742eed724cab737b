"""What everything that acts for people has in common: the services, the lock, names to records."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.records import Channel, Json, Message, Person
from bot.sandbox.richtext import escape
from bot.sandbox.sockets import Ack, OnAck, SocketMode
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

_MARGIN_SECONDS = 10.0
"""Real seconds beyond the acknowledgement's own limit: a guard against a stand-in that hangs."""


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

    def _send(self, envelope_type: str, payload: dict[str, Any], on_ack: OnAck | None = None) -> Ack:
        """Sends an interaction and waits for its acknowledgement. Never call it with the lock held."""
        sent = self._sockets.send_once(envelope_type, payload, on_ack)
        return sent.result(timeout=self._sockets.ack_timeout + _MARGIN_SECONDS)

    def _payload(self, kind: str, person: Person, *, view_id: str | None = None) -> Json:
        workspace = self._workspace
        return {
            "type": kind,
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team_id},
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": workspace.app_id,
            "token": "sandbox-verification",
            "trigger_id": self._triggers.issue(person.id, view_id=view_id),
        }

    # Words

    def typed(self, text: str, *, labels: bool = False) -> str:
        """What Slack makes of typed text: escaped, with ``@name`` and ``#name`` as tokens where there is one.

        Args:
            text: as typed; tokens such as ``<@U..>`` that stand in it stay.
            labels: with the name in each token (``<@U..|name>``), as in commands.
        """
        with self._acting():
            return "".join(self._typed_piece(piece, labels=labels) for piece in _PIECES.split(text))

    def _typed_piece(self, piece: str, *, labels: bool) -> str:
        if piece.startswith(("<@", "<#")) and piece.endswith(">"):
            return self._token(piece[1], piece[2:-1].partition("|")[0], labels=labels) or piece
        if piece[:1] in {"@", "#"}:
            return self._token(piece[0], piece[1:], labels=labels) or escape(piece)
        return escape(piece)

    def _token(self, sign: str, name_or_id: str, *, labels: bool) -> str | None:
        """The token of a person, a user group or a channel; None when nobody goes by that name."""
        workspace = self._workspace
        found: Any
        if sign == "#":
            found = workspace.channels.get(name_or_id) or workspace.channel_named(name_or_id)
        else:
            found = next((p for p in workspace.people.values() if name_or_id in {p.id, p.name}), None)
            for group in workspace.usergroups.values():
                if found is None and name_or_id == group.handle:
                    return f"<!subteam^{group.id}|@{group.handle}>" if labels else f"<!subteam^{group.id}>"
        if found is None:
            return None
        return f"<{sign}{found.id}|{found.name}>" if labels or sign == "#" else f"<{sign}{found.id}>"


_PIECES = re.compile(r"(<[@#][A-Z0-9]+(?:\|[^>]*)?>|(?<![\w@#])[@#][a-z0-9_-]+(?:\.[a-z0-9_-]+)*)")
