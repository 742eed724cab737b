"""HTTP mode: a server in a thread of its own that takes Slack's requests."""

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from slack_bolt import App
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.address import PATH, Address, ListenError, listening
from bot.web.signatures import Signatures
from bot.web.slack_events import SlackEvents

# More than balancers keep an idle connection, so that it is they who close it and no request meets a closed one.
_KEEP_ALIVE_SECONDS = 75
_DRAIN_SECONDS = 10
_POLL_SECONDS = 0.01


class HttpConnection:
    """Takes Slack's requests at an address. `start` and `stop` it once.

    Args:
        bolt: Bolt's app; it need not check signatures.
        address: where to listen.
        secret: the app's signing secret.
        threads: how many listeners may run at a time.
    """

    def __init__(self, bolt: App, address: Address, *, secret: str, threads: int) -> None:
        self._address = address
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="slack-request")
        events = SlackEvents(bolt, Signatures(secret), self._threads)
        self._server = uvicorn.Server(
            uvicorn.Config(
                Starlette(
                    routes=[Route(PATH, events.answer, methods=["POST"])],
                    exception_handlers={HTTPException: _elsewhere},
                ),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_DRAIN_SECONDS,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)
        self._socket: socket.socket | None = None

    def start(self) -> str:
        """Listen, and return where in a sentence. Raises ListenError."""
        self._socket = listening(self._address)
        bound = Address(self._address.host, self._socket.getsockname()[1])
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise ListenError(f"The server at {bound.url} ended as soon as it began. Standard error says why.")
            time.sleep(_POLL_SECONDS)
        return f"Listening on {bound.url}{PATH}."

    def stop(self) -> None:
        """Take no more requests, and answer those that are under way."""
        self._server.should_exit = True
        if self._socket is not None:
            self._thread.join()
            self._socket.close()
        self._threads.shutdown()

    def _serve(self) -> None:
        assert self._socket is not None
        asyncio.run(self._server.serve(sockets=[self._socket]))


async def _elsewhere(_request: Request, error: Exception) -> Response:
    """Answer what is sent to another address, or in another way."""
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"Slack's requests go to POST {PATH}.", error.status_code, error.headers)
