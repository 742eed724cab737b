"""The HTTP face: Web API, uploads, downloads, response addresses and the websocket, with the armed faults."""

import asyncio
import json
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox import respond
from bot.sandbox.calls import ApiCall
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import ApiFault, FaultKind, Faults
from bot.sandbox.records import Json
from bot.sandbox.webapi import WebApi

Transports = weakref.WeakValueDictionary[tuple[str, int], asyncio.Transport]


def protocol(transports: Transports) -> type[H11Protocol]:
    """An HTTP protocol that notes each connection by its peer, so that one can be dropped without an answer."""

    class Noting(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

    return Noting


class _Dropped(Response):
    """No answer at all: the connection ends."""

    def __init__(self, drop: Callable[[], None]) -> None:
        super().__init__()
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        self._drop()
        while (await receive())["type"] != "http.disconnect":
            continue


class Http:
    """The routes, and the log of calls.

    Args:
        api: the Web API behind them.
        faults: the faults that are armed.
        transports: the open connections by peer.

    Attributes:
        failures: faults of the stand-in itself, which the app saw as a 500.
    """

    def __init__(self, api: WebApi, faults: Faults, transports: Transports) -> None:
        self._api = api
        self._faults = faults
        self._transports = transports
        self._lock = threading.Lock()
        self._log: list[ApiCall] = []
        self._in_flight = 0
        self.failures: list[Exception] = []

    @property
    def in_flight(self) -> int:
        """Calls that have come in and have not been answered."""
        with self._lock:
            return self._in_flight

    def log(self) -> list[ApiCall]:
        """The calls so far, oldest first."""
        with self._lock:
            return list(self._log)

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/api/{method}", self._counted(self._web_api), methods=["GET", "POST"]),
                Route("/upload/v1/{file_id}", self._counted(self._upload), methods=["POST"]),
                Route("/response/{key}", self._counted(self._response_url), methods=["POST"]),
                Route("/files/{file_id}/{rest:path}", self._counted(self._download), methods=["GET"]),
                WebSocketRoute("/link/", self._socket),
            ]
        )

    def drop(self, connection: HTTPConnection) -> None:
        """Ends a connection without a word."""
        client = connection.client
        transport = self._transports.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()

    def _counted(self, endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def counted(request: Request) -> Response:
            with self._lock:
                self._in_flight += 1
            try:
                response: Response = await endpoint(request)
            except ClientDisconnect:
                return Response()
            except Exception as failure:
                self.failures.append(failure)
                raise
            finally:
                with self._lock:
                    self._in_flight -= 1
            return response

        return counted

    async def _socket(self, socket: WebSocket) -> None:
        await self._api.sockets.serve(socket)

    async def _web_api(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            args = await _arguments(request)
        except json.JSONDecodeError:
            return self._slack_json({"ok": False, "error": "invalid_json"})
        token = str(args.pop("token", "")) or _bearer(request)

        def act() -> Response:
            return self._slack_json(self._api.answer(method, token, args))

        return await self._with_faults(request, method, args, act)

    def _slack_json(self, answer: Json, status: int = 200) -> JSONResponse:
        return JSONResponse(answer, status, headers={"x-oauth-scopes": self._api.granted()})

    async def _with_faults(
        self, request: Request, method: str, args: Mapping[str, Any], act: Callable[[], Response]
    ) -> Response:
        fault = self._faults.take_api(method, args)
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        response = act() if _takes_effect(fault) else self._faulty(fault)
        dropped = fault is not None and fault.kind in {FaultKind.LOST_ANSWER, FaultKind.REFUSED}
        self._note(method, args, response, dropped=dropped)
        return _Dropped(lambda: self.drop(request)) if dropped else response

    def _faulty(self, fault: ApiFault | None) -> Response:
        if fault is None or fault.kind is FaultKind.REFUSED:
            return PlainTextResponse("")
        if fault.kind is FaultKind.ERROR:
            return self._slack_json({"ok": False, "error": fault.code, **fault.fields})
        if fault.kind is FaultKind.RATE_LIMITED:
            limited = self._slack_json({"ok": False, "error": "ratelimited"}, fault.status)
            limited.headers["retry-after"] = str(int(fault.seconds))
            return limited
        return PlainTextResponse("upstream connect error", fault.status)

    def _note(self, method: str, args: Mapping[str, Any], response: Response, *, dropped: bool) -> None:
        answer = _json_of(response)
        outcome = "ok" if answer.get("ok", response.status_code == 200) else str(answer.get("error", "error"))  # noqa: PLR2004 - HTTP's number
        if response.status_code != 200 and "error" not in answer:  # noqa: PLR2004 - HTTP's number
            outcome = f"http_{response.status_code}"
        line = ApiCall(method, dict(args), "dropped" if dropped else outcome, self._api.workspace.now(), answer)
        with self._lock:
            self._log.append(line)

    async def _upload(self, request: Request) -> Response:
        body = await request.body()
        stored = self._api.workspace.files.get(request.path_params["file_id"])

        def act() -> Response:
            if stored is None or stored.content is not None:
                return PlainTextResponse("invalid upload", 404)
            if len(body) != stored.declared_size:
                return PlainTextResponse("length mismatch", 400)
            stored.content = body
            return PlainTextResponse(f"OK - {len(body)}")

        return await self._with_faults(request, "upload", {"file_id": request.path_params["file_id"]}, act)

    async def _download(self, request: Request) -> Response:
        stored = self._api.workspace.files.get(request.path_params["file_id"])
        if _bearer(request) != self._api.bot_token or stored is None or stored.content is None:
            return PlainTextResponse("not found", 404)
        return Response(stored.content, media_type="application/octet-stream")

    async def _response_url(self, request: Request) -> Response:
        args = await _arguments(request)

        def act() -> Response:
            with self._api.workspace.lock:
                try:
                    url = self._api.response_urls.use(request.path_params["key"])
                    respond.respond(self._api.call(args), url)
                except SlackError as refused:
                    return JSONResponse({"ok": False, "error": refused.code} | refused.fields, 404)
            return PlainTextResponse("ok")

        return await self._with_faults(request, "response_url", args, act)


def _takes_effect(fault: ApiFault | None) -> bool:
    return fault is None or fault.kind in {FaultKind.LOST_ANSWER, FaultKind.SLOW}


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


async def _arguments(request: Request) -> dict[str, Any]:
    """The arguments, wherever they stand: the address, a form or a JSON object."""
    args: dict[str, Any] = dict(request.query_params)
    body = (await request.body()).decode()
    if request.headers.get("content-type", "").startswith("application/json"):
        given = json.loads(body or "{}")
        args |= given if isinstance(given, dict) else {}
    else:
        args |= dict(parse_qsl(body, keep_blank_values=True))
    return args


def _json_of(response: Response) -> Json:
    if not isinstance(response, JSONResponse):
        return {}
    shown: Json = json.loads(bytes(response.body))
    return shown
