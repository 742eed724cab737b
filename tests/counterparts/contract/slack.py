"""What the contract needs of a Slack: a client of its Web API, the app's end of Socket Mode, and people."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.counterparts.local_slack import wait_until

Json = dict[str, Any]
STAND_IN, LOCAL_SLACK = "stand-in", "local-slack"
TIMESTAMP = r"\d{10}\.\d{6}"
OK = "ok"


def outcome(method: Callable[..., Any], **arguments: Any) -> str:
    """Return `ok` or Slack's error code."""
    try:
        method(**arguments)
    except SlackApiError as error:
        return str(error.response["error"])
    return OK


class App:
    """The app's end of one Socket Mode connection: keeps every envelope, and acknowledges it.

    `answers` are the payloads of the acknowledgements to come, by the envelope's type, each used once; None stays
    without an acknowledgement.
    """

    def __init__(self, client: WebClient, app_token: str) -> None:
        self.hello: Json = {}
        self.envelopes: list[Json] = []
        self.answers: dict[str, list[Json | None]] = {}
        self._socket: ClientConnection | None = None
        address = str(client.apps_connections_open(app_token=app_token)["url"])
        self._thread = threading.Thread(target=self._serve, args=(address,), daemon=True)
        self._thread.start()
        wait_until(lambda: bool(self.hello), "there was no hello")

    def _serve(self, address: str) -> None:
        with suppress(ConnectionClosed), connect(address, proxy=None, max_size=None, close_timeout=1) as opened:
            self._socket = opened
            while True:
                self._take(opened, json.loads(opened.recv()))

    def _take(self, opened: ClientConnection, envelope: Json) -> None:
        if envelope["type"] == "hello":
            self.hello = envelope
            return
        self.envelopes.append(envelope)
        waiting = self.answers.get(envelope["type"])
        answer = waiting.pop(0) if waiting else {}
        if answer is not None:
            payload = {"payload": answer} if answer else {}
            opened.send(json.dumps({"envelope_id": envelope["envelope_id"], **payload}))

    def answer(self, kind: str, payload: Json | None) -> None:
        """Acknowledge the next envelope of this type with this."""
        self.answers.setdefault(kind, []).append(payload)

    def payloads(self, kind: str) -> list[Json]:
        """Return what has come in envelopes of this type."""
        return [one["payload"] for one in list(self.envelopes) if one["type"] == kind]

    def last(self, kind: str, *, of: str | None = None) -> Json:
        """Return the newest payload of this type; wait for one `of` a type of its own, for what nobody waits for."""
        if of is not None:
            wait_until(lambda: [one["type"] for one in self.payloads(kind)[-1:]] == [of], f"no {of} came")
        return self.payloads(kind)[-1]

    def events(self, kind: str, channel: str | None = None) -> list[Json]:
        """Return the inner events of this type, of one channel or of all."""
        events = [one["event"] for one in self.payloads("events_api")]
        return [one for one in events if one["type"] == kind and channel in (None, place(one))]

    def event(self, kind: str, channel: str | None = None, *, subtype: str | None = None) -> Json:
        """Wait for the newest event of this type, and of this subtype, and return it."""

        def found() -> list[Json]:
            return [one for one in self.events(kind, channel) if one.get("subtype") == subtype]

        wait_until(lambda: bool(found()), f"no {kind} {subtype or ''} came")
        return found()[-1]

    def close(self) -> None:
        assert self._socket is not None
        self._socket.close()
        self._thread.join(5)


def place(event: Json) -> str | None:
    """Return the channel that an event is about."""
    channel = event.get("channel") or event.get("item", {}).get("channel")
    return str(channel) if channel else None


class Slack(Protocol):
    """One workspace with a small team in it, and an app connected to it. Users and channels are given by id.

    What people do returns when the app has been told of it.
    """

    name: str
    client: WebClient
    app: App
    app_token: str
    team: str
    ana: str
    ben: str
    bot_user: str
    bot_id: str

    def channel(self) -> str:
        """Return a new public channel with ana, ben and the bot in it."""

    def say(self, user: str, channel: str, typed: str, *, thread: str | None = None) -> str:
        """Post what was typed; return its ts."""

    def edit(self, user: str, channel: str, ts: str, typed: str) -> None:
        """Change one's message."""

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's message."""

    def react(self, user: str, channel: str, ts: str, emoji: str, *, is_on: bool = True) -> None:
        """Put a reaction on a message or take it off."""

    def share(self, user: str, channel: str, name: str, content: str) -> None:
        """Share a file."""

    def command(self, user: str, channel: str, command: str, text: str) -> None:
        """Type a slash command; return when it is acknowledged."""

    def press(self, user: str, channel: str, ts: str, action_id: str, *, option: str | None = None) -> None:
        """Press a button or choose an option; return when it is acknowledged."""

    def press_in_home(self, user: str, action_id: str) -> None:
        """Press a button of the Home tab."""

    def submit(self, user: str, values: Mapping[str, Any]) -> dict[str, str]:
        """Submit the open modal; return the errors at its fields."""

    def close_modal(self, user: str) -> None:
        """Close the open modal."""

    def open_home(self, user: str) -> None:
        """Open the Home tab."""

    def modal(self, user: str) -> Json | None:
        """Return the modal that somebody sees."""

    def home(self, user: str) -> Json:
        """Return the Home tab that somebody sees."""

    def messages(self, channel: str) -> list[Json]:
        """Return what everyone sees in a channel and its threads, oldest first."""

    def whispers(self, user: str, channel: str) -> list[Json]:
        """Return what only this person sees in a channel, oldest first."""

    def read(self, message: Json) -> str:
        """Return the text of the file shared with a message."""

    def close(self) -> None:
        """End it."""
