"""The least of Slack that an application connects to: two methods of the Web API and the WebSocket of Socket Mode.

It is made to cost little, as it shares the machine with what is measured: frames are built beforehand, and no
library stands between the bytes and the figures.
"""

import asyncio
import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.incident import TEAM

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT, _LONG = 126, 127


def frame(opcode: int, payload: bytes) -> bytes:
    """Return one whole WebSocket frame from a server, which masks nothing."""
    length = len(payload)
    if length < _SHORT:
        return bytes((0x80 | opcode, length)) + payload
    return bytes((0x80 | opcode, _SHORT)) + length.to_bytes(2, "big") + payload


def envelope(envelope_id: str, payload: dict[str, Any]) -> bytes:
    """Return the frame that delivers an event."""
    told = {"envelope_id": envelope_id, "payload": payload, "type": "events_api", "accepts_response_payload": False}
    return frame(_TEXT, json.dumps(told | {"retry_attempt": 0, "retry_reason": ""}).encode())


class Link(asyncio.Protocol):
    """One TCP connection: a call of the Web API, or a WebSocket.

    `on_acks` gets the envelope ids of the acknowledgements that came in together; `acked` is for whoever counts them.
    """

    def __init__(self, slack: "Slack") -> None:
        self._slack = slack
        self._buffer = b""
        self._is_socket = False
        self.on_acks: Callable[[list[str]], object] = len
        self.acked = 0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write to."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request, or hand on acknowledgements."""
        self._buffer += data
        if self._is_socket:
            acks = list(self._acks())
            if acks:
                self.on_acks(acks)
        elif b"\r\n\r\n" in self._buffer:
            self._answer()

    def send(self, frames: Iterable[bytes]) -> None:
        """Write frames in one go."""
        self.transport.write(b"".join(frames))

    def _answer(self) -> None:
        head, _, body = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if len(body) < int(headers.get("content-length", "0")):
            return
        path = first.split(" ")[1]
        if "sec-websocket-key" in headers:
            self._buffer = b""
            self._open(path, headers["sec-websocket-key"].encode())
            return
        answer = json.dumps(self._slack.answer(path, headers.get("authorization", ""))).encode()
        told = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n"
        self.transport.write(told.encode() + b"Connection: close\r\n\r\n" + answer)
        self.transport.close()

    def _open(self, path: str, key: bytes) -> None:
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()
        told = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        self.transport.write(told.encode())
        self._is_socket = True
        self.send([frame(_TEXT, b'{"type": "hello", "num_connections": 1}')])
        self._slack.connected(path.strip("/?"), self)

    def _acks(self) -> Iterable[str]:
        """Yield the envelope ids of the whole frames that have come in; answer pings."""
        while (taken := _client_frame(self._buffer)) is not None:
            opcode, payload, self._buffer = taken
            if opcode == _TEXT:
                yield json.loads(payload)["envelope_id"]
            elif opcode == _PING:
                self.send([frame(_PONG, payload)])


def _client_frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Return a client's first frame, which is masked: opcode, payload, and what follows it. None: not all there."""
    if len(data) < 2:
        return None
    opcode, length, start = data[0] & 0x0F, data[1] & 0x7F, 2
    if length == _LONG:
        raise ValueError("an acknowledgement is never that long")
    if length == _SHORT:
        length, start = int.from_bytes(data[2:4], "big"), 4
    end = start + 4 + length
    if len(data) < end:
        return None
    mask, masked = data[start : start + 4], data[start + 4 : end]
    # As one number, since byte by byte would cost more than everything else here.
    stretched = (mask * (length // 4 + 1))[:length]
    payload = (int.from_bytes(masked, "big") ^ int.from_bytes(stretched, "big")).to_bytes(length, "big")
    return opcode, payload, data[end:]


class Slack:
    """Where the applications connect to. Each is known by its app-level token, `xapp-NAME`."""

    def __init__(self) -> None:
        self._links: defaultdict[str, asyncio.Future[Link]] = defaultdict(asyncio.get_running_loop().create_future)
        self.port = 0

    @property
    def api_url(self) -> str:
        """The address of the Web API."""
        return f"http://127.0.0.1:{self.port}/api/"

    async def open(self) -> asyncio.Server:
        """Start listening."""
        server = await asyncio.get_running_loop().create_server(lambda: Link(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def answer(self, path: str, authorization: str) -> dict[str, Any]:
        """Return what a method of the Web API answers."""
        if path.endswith("/auth.test"):
            who = {"team_id": TEAM, "team": "Bench", "user_id": "U0BOT", "bot_id": "B0BOT"}
            return {"ok": True, "url": "https://bench.slack.com/", "user": "scribe", **who}
        if path.endswith("/apps.connections.open"):
            return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/{authorization.rpartition('xapp-')[2]}"}
        return {"ok": False, "error": "not_in_this_benchmark"}

    def connected(self, name: str, link: Link) -> None:
        """Take in an application's WebSocket."""
        self._links[name].set_result(link)

    async def link(self, name: str) -> Link:
        """Return an application's WebSocket, waiting for it up to 30 seconds."""
        return await asyncio.wait_for(asyncio.shield(self._links[name]), 30)
