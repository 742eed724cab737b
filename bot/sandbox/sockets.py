"""Socket Mode: connections, envelopes, acknowledgements and redelivery, by Slack's rules.

Everything that touches a connection runs on the server's event loop; other threads hand work in with
`SocketMode.send_event` and `SocketMode.send_once`.
"""

import asyncio
import itertools
import json
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.faults import Timed
from bot.sandbox.records import Json

MAX_CONNECTIONS = 10
REFRESH_GRACE = 0.2
"""Real seconds between a ``disconnect`` envelope and the end of its connection (Slack gives some ten)."""


OnAck = Callable[[Json], Any]


@dataclass(frozen=True)
class Ack:
    """What came back for an envelope.

    Attributes:
        acked: whether it came in time.
        payload: what the app sent with it.
        effect: what the sender's ``on_ack`` made of the payload, at the moment it came in.
    """

    acked: bool
    payload: Json = field(default_factory=dict)
    effect: Any = None


@dataclass(frozen=True)
class _Waiting:
    """An envelope that was sent: where its ack goes, and what it does."""

    answer: "asyncio.Future[Ack]"
    on_ack: OnAck | None


@dataclass(eq=False)
class Connection:
    """One websocket. ``silenced`` swallows what is sent; ``retiring`` was told to go."""

    socket: WebSocket
    silenced: bool = False
    retiring: bool = False
    closed: bool = False


@dataclass
class Delivery:
    """The story of one event: how often it was sent, and how it ended."""

    payload: Json
    attempts: int = 0
    acked: bool = False
    lost: bool = False


class SocketMode:
    """Delivers events and interactions to the app.

    Args:
        app_id: named in the hello message.
        ack_timeout: real seconds until an envelope counts as not acknowledged.
        redelivery_delays: real seconds before each redelivery of an event; after the last it is lost.
        keep_unconnected: real seconds for which an attempt waits for a connection when there is none.

    Attributes:
        take: what becomes of an event, by the armed faults.
        drop: ends the TCP connection of a websocket without a word.
        deliveries: the story of every event.
        late_acks: acknowledgements that came too late, or for nothing.
        connections_made: how many connections there have been.
        failures: faults of the stand-in itself.
    """

    def __init__(
        self,
        *,
        app_id: str,
        ack_timeout: float,
        redelivery_delays: Sequence[float],
        keep_unconnected: float,
    ) -> None:
        self.app_id = app_id
        self.ack_timeout = ack_timeout
        self.redelivery_delays = tuple(redelivery_delays)
        self.keep_unconnected = keep_unconnected
        self.deliveries: list[Delivery] = []
        self.late_acks = 0
        self.connections_made = 0
        self.failures: list[BaseException] = []
        self.take: Callable[[Json], list[Timed]] = lambda payload: [Timed(payload)]
        self.drop: Callable[[WebSocket], None] = lambda _socket: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: list[Connection] = []
        self._turn = itertools.count()
        self._waiting: dict[str, _Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self._lock = threading.Lock()
        self._outstanding = 0
        self._tickets: set[str] = set()

    # From any thread

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Says which event loop the connections live on; called once by the server as it starts."""
        self._loop = loop

    @property
    def outstanding(self) -> int:
        """Envelopes that are on their way, unacknowledged, or waiting to be sent again."""
        with self._lock:
            return self._outstanding

    @property
    def connected(self) -> int:
        """Open connections that have not been told to go."""
        return sum(not c.closed and not c.retiring for c in list(self._connections))

    @property
    def lost(self) -> list[Json]:
        """The events that were given up after the last redelivery."""
        return [d.payload for d in list(self.deliveries) if d.lost]

    def new_ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = str(uuid.uuid4())
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    def send_event(self, payload: Json) -> None:
        """Sends an event through the armed faults, and again until it is acknowledged or lost."""
        for timed in self.take(payload):
            self.send_event_now(timed.payload, after=timed.after)

    def send_event_now(self, payload: Json, *, after: float = 0.0) -> None:
        """As `send_event`, past the faults; ``after`` in real seconds."""
        self._start(lambda: self._deliver(payload, after))

    def send_once(self, envelope_type: str, payload: Json, on_ack: OnAck | None = None) -> Future[Ack]:
        """Sends a command or an interaction: once, never again. The future gives its ack.

        ``on_ack`` takes effect as the ack comes in, before anything that the app sends after it.
        """
        future: Future[Ack] = Future()

        async def send() -> None:
            future.set_result(await self._attempt(envelope_type, payload, accepts_response=True, on_ack=on_ack))

        if not self._start(send):
            future.set_result(Ack(acked=False))
        return future

    def cut(self, *, abrupt: bool) -> int:
        """Ends every connection: with a close frame, or by dropping it without a word."""
        return self._on_all(self._cut if abrupt else self._close)

    def silence(self) -> int:
        """Delivers nothing on the present connections any more."""
        return self._on_all(self._silence)

    def refresh(self, reason: str) -> int:
        """Sends ``disconnect`` on the present connections and closes them a little later."""
        return self._on_all(lambda c: self._retire(c, reason))

    # On the loop

    def _start(self, work: Callable[[], Any]) -> bool:
        loop = self._loop
        if loop is None or loop.is_closed():
            return False
        with self._lock:
            self._outstanding += 1

        def launch() -> None:
            task = loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._finished)

        loop.call_soon_threadsafe(launch)
        return True

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with self._lock:
            self._outstanding -= 1
        if not task.cancelled() and (failure := task.exception()) is not None:
            self.failures.append(failure)

    def _on_all(self, act: Callable[[Connection], Any]) -> int:
        loop = self._loop
        if loop is None:
            return 0

        async def run() -> int:
            present = [c for c in self._connections if not c.closed]
            for connection in present:
                await act(connection)
            return len(present)

        return asyncio.run_coroutine_threadsafe(run(), loop).result(timeout=5)

    async def _deliver(self, payload: Json, after: float) -> None:
        if after:
            await asyncio.sleep(after)
        delivery = Delivery(payload)
        self.deliveries.append(delivery)
        for attempt, delay in enumerate((0.0, *self.redelivery_delays)):
            if delay:
                await asyncio.sleep(delay)
            delivery.attempts += 1
            if (await self._attempt("events_api", payload, retry=attempt)).acked:
                delivery.acked = True
                return
        delivery.lost = True

    async def _attempt(
        self,
        envelope_type: str,
        payload: Json,
        *,
        retry: int | None = None,
        accepts_response: bool = False,
        on_ack: OnAck | None = None,
    ) -> Ack:
        connection = await self._choose()
        if connection is None:
            return Ack(acked=False)
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": payload,
            "type": envelope_type,
            "accepts_response_payload": accepts_response,
        }
        if retry is not None:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = _Waiting(answer, on_ack)
        await self._send(connection, envelope)
        try:
            return await asyncio.wait_for(answer, self.ack_timeout)
        except TimeoutError:
            return Ack(acked=False)
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def _choose(self) -> Connection | None:
        if not self._open_connections() and self.keep_unconnected:
            self._connected.clear()
            try:
                await asyncio.wait_for(self._connected.wait(), self.keep_unconnected)
            except TimeoutError:
                return None
        candidates = self._open_connections()
        return candidates[next(self._turn) % len(candidates)] if candidates else None

    def _open_connections(self) -> list[Connection]:
        return [c for c in self._connections if not c.closed and not c.retiring]

    async def _send(self, connection: Connection, envelope: Json) -> None:
        if connection.silenced or connection.closed:
            return
        try:
            await connection.socket.send_text(json.dumps(envelope))
        except (WebSocketDisconnect, RuntimeError):
            connection.closed = True

    async def serve(self, socket: WebSocket) -> None:
        """Serves one connection until it ends: hello, then acknowledgements. For the server."""
        if not self._admit(socket.query_params.get("ticket", "")):
            await socket.close(code=4001)
            return
        await socket.accept()
        connection = Connection(socket)
        if len(self._open_connections()) >= MAX_CONNECTIONS:
            await self._send(connection, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self._connections.append(connection)
        self.connections_made += 1
        await self._send(connection, self._hello())
        self._connected.set()
        try:
            await self._read(socket)
        finally:
            connection.closed = True
            self._connections.remove(connection)

    async def _read(self, socket: WebSocket) -> None:
        while True:
            try:
                text = await socket.receive_text()
            except (WebSocketDisconnect, RuntimeError):
                return
            try:
                self._receive(text)
            except Exception as failure:
                self.failures.append(failure)
                raise

    def _admit(self, ticket: str) -> bool:
        with self._lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
        return known

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open_connections()),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app_id},
        }

    def _receive(self, text: str) -> None:
        message = json.loads(text)
        waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is None or waiting.answer.done():
            self.late_acks += 1
            return
        payload = message.get("payload") or {}
        effect = waiting.on_ack(payload) if waiting.on_ack else None
        waiting.answer.set_result(Ack(acked=True, payload=payload, effect=effect))

    async def _cut(self, connection: Connection) -> None:
        connection.closed = True
        self.drop(connection.socket)

    async def _silence(self, connection: Connection) -> None:
        connection.silenced = True

    async def _retire(self, connection: Connection, reason: str) -> None:
        await self._send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        connection.retiring = True
        asyncio.get_running_loop().call_later(REFRESH_GRACE, self._close_later, connection)

    def _close_later(self, connection: Connection) -> None:
        if not connection.closed:
            task = asyncio.get_running_loop().create_task(self._close(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _close(self, connection: Connection) -> None:
        connection.closed = True
        try:
            await connection.socket.close()
        except (WebSocketDisconnect, RuntimeError):
            return

    def stop(self) -> None:
        """Ends every delivery and connection; called by the server as it stops."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._shut_down(), loop).result(timeout=10)
        self._loop = None

    async def _shut_down(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*list(self._tasks), return_exceptions=True)
        for connection in list(self._connections):
            await self._close(connection)
