"""The short way of captured deliveries in Socket Mode: from the socket to the writer, acknowledged by whole commits.

With Bolt a thread waits for the commit of each delivery; here none does. Whatever is more than a delivery to be stored
goes on to Bolt. See docs/decisions/0019-the-short-way-of-captures.md.
"""

import json
import socket
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

import structlog
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.domain.errors import ScribeError
from bot.domain.messages import CaptureRecord
from bot.services.capture import capture, capture_later
from bot.services.world import World
from bot.slack.events import Identity, lone_record

log = structlog.get_logger()

# Where the connection is being replaced an acknowledgement may have to wait; whoever stops doesn't wait that long.
_STOP_SECONDS = 2.0
_AGAIN = "not acknowledged: Slack will deliver it again"

# An envelope's id, and why its record is not committed, None when it is.
_Settled = tuple[str, Exception | None]


class CaptureLane:
    """Takes captured deliveries from a socket to the writer, and acknowledges them once they are committed.

    `start` it before the client connects and `stop` it before the client is closed, each once.
    """

    def __init__(self, world: World, identity: Identity, client: SocketModeClient) -> None:
        self._world = world
        self._identity = identity
        self._client = client
        self._to_bolt = client.enqueue_message
        self._is_open = True
        self._settled: SimpleQueue[_Settled | None] = SimpleQueue()
        self._prompt: Connection | None = None
        # Of its own: sending may have to wait for a new connection, and no commit must wait for that.
        self._thread = Thread(target=self._acknowledge_settled, name="acknowledging", daemon=True)

    def start(self) -> None:
        """Start taking deliveries."""
        self._thread.start()
        # The one place of the SDK that comes before its queue and its threads.
        self._client.enqueue_message = self._sort  # type: ignore[method-assign]

    def stop(self) -> None:
        """Take nothing more; commit and acknowledge what was taken, as far as that is done in time."""
        self._is_open = False
        try:
            # Nothing to store: it returns when everything that was handed in before is committed.
            capture(self._world)
        except ScribeError as error:
            log.warning("stopped before everything was committed: Slack will deliver it again", reason=str(error))
        self._settled.put(None)
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _sort(self, message: str) -> None:
        """Take a message that came in, or leave it to Bolt. Never waits: the thread that calls it reads the socket."""
        read = self._read(message)
        if read is None:
            self._to_bolt(message)
        elif self._is_open:
            # Else it stays without an acknowledgement: Slack sends it again, to whoever is connected then.
            self._take(*read)

    def _read(self, message: str) -> tuple[str, CaptureRecord] | None:
        try:
            envelope = json.loads(message)
            if envelope["type"] != "events_api":
                return None
            record = lone_record(envelope["payload"], self._identity)
            return (str(envelope["envelope_id"]), record) if record else None
        except Exception:  # noqa: BLE001 - the reading thread's edge: what can't be read is Bolt's to refuse and to log
            return None

    def _take(self, envelope_id: str, record: CaptureRecord) -> None:
        def settle(failure: Exception | None) -> None:
            self._settled.put((envelope_id, failure))

        try:
            capture_later(self._world, record, settle)
        except Exception as error:  # noqa: BLE001 - the reading thread's edge: what was read behind this must not be lost
            settle(error)

    def _acknowledge_settled(self) -> None:
        while (settled := self._settled.get()) is not None:
            try:
                self._acknowledge(*settled)
            except Exception as error:  # noqa: BLE001 - the thread's edge: whatever the SDK raises when it can't send
                log.warning(_AGAIN, reason=f"{type(error).__name__}: {error}")

    def _acknowledge(self, envelope_id: str, failure: Exception | None) -> None:
        if failure is None:
            self._send_promptly()
            self._client.send_socket_mode_response(SocketModeResponse(envelope_id))
        elif isinstance(failure, ScribeError):
            log.warning(_AGAIN, reason=str(failure))
        else:
            log.error(_AGAIN, exc_info=failure)

    def _send_promptly(self) -> None:
        """Let the connection send each acknowledgement at once; by itself it holds one back until the last is heard."""
        session = self._client.current_session
        if session is not None and session is not self._prompt:
            self._prompt = session
            # One that has just been closed is for the SDK to replace.
            with suppress(OSError):
                if session.sock is not None:
                    session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
