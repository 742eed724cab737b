"""The stand-in as a whole: a server on loopback in a thread of its own, and the doors to it."""

import asyncio
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import uvicorn

from bot.sandbox.errors import SandboxError, SandboxTimeoutError
from bot.sandbox.faults import Faults
from bot.sandbox.http import Http, Transports, protocol
from bot.sandbox.people import People
from bot.sandbox.screen import Screen
from bot.sandbox.sockets import SocketMode
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.webapi import WebApi
from bot.sandbox.workspace import Workspace

BOT_TOKEN = "xoxb-sandbox-bot"  # noqa: S105 - a made-up token that only the stand-in knows
APP_TOKEN = "xapp-sandbox-app"  # noqa: S105 - a made-up token that only the stand-in knows
_START_SECONDS = 10.0
_POLL_SECONDS = 0.005


class Sandbox:
    """A stand-in for Slack that a real app talks to over HTTP and Socket Mode.

    Use it as a context manager, or call `start` and `stop`.

    Args:
        clock: the workspace's now, as an aware datetime; the real time by default.
        redelivery_delays: real seconds before each redelivery of an event that was not acknowledged; after the last
            it is lost.
        ack_timeout: real seconds that the app has to acknowledge anything.
        port: the port on 127.0.0.1; 0 for a free one.
        scopes: the scopes that the app was granted; None for every one.
        events: the event types that the app is subscribed to; None for every one.
        keep_unconnected: real seconds for which a delivery waits for a connection when there is none, before it
            counts as failed.
        trigger_lifetime: real seconds for which a trigger id is good.
        should_escape: whether commands come with ``<@U..|name>`` tokens, as the manifest's switch of that name says.

    Attributes:
        people: acts for the people of the workspace.
        screen: reads what they see.
        faults: makes things go wrong.
        workspace: the state itself.
        sockets: the deliveries, with their attempts and what was lost.
    """

    def __init__(  # noqa: PLR0913 - each is one rule of the stand-in that a test may want otherwise
        self,
        *,
        clock: Callable[[], datetime] | None = None,
        redelivery_delays: Sequence[float] = (0.0, 60.0, 300.0),
        ack_timeout: float = 3.0,
        port: int = 0,
        scopes: Iterable[str] | None = None,
        events: Iterable[str] | None = None,
        keep_unconnected: float = 0.0,
        trigger_lifetime: float = 3.0,
        should_escape: bool = True,
    ) -> None:
        self.bot_token = BOT_TOKEN
        self.app_token = APP_TOKEN
        self.workspace = Workspace(clock=clock, events=events)
        self.sockets = SocketMode(
            app_id=self.workspace.app_id,
            ack_timeout=ack_timeout,
            redelivery_delays=redelivery_delays,
            keep_unconnected=keep_unconnected,
        )
        self.faults = Faults(self.sockets, self.sockets.send_event_now)
        self.sockets.take = self.faults.take_event
        self.workspace.deliver = self.sockets.send_event
        views, triggers = Views(self.workspace), Triggers(trigger_lifetime)
        self._response_urls = ResponseUrls(self.workspace)
        self._api = WebApi(
            self.workspace,
            views=views,
            triggers=triggers,
            response_urls=self._response_urls,
            sockets=self.sockets,
            tokens=(self.bot_token, self.app_token),
            scopes=scopes,
        )
        self._transports: Transports = weakref.WeakValueDictionary()
        self._http = Http(self._api, self.faults, self._transports)
        self.sockets.drop = self._http.drop
        self.people = People(
            self.workspace,
            views=views,
            triggers=triggers,
            response_urls=self._response_urls,
            sockets=self.sockets,
            call=self._api.call,
            should_escape=should_escape,
        )
        self.screen = Screen(self.workspace, views, self._http.log)
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._listener: socket.socket | None = None
        self._base_url = ""

    @property
    def api_url(self) -> str:
        """The Web API's base address, for `WebClient(base_url=...)`; only while running."""
        if not self._base_url:
            raise SandboxError("the sandbox is not running: start it first")
        return f"{self._base_url}api/"

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.workspace.team_id

    @property
    def app_id(self) -> str:
        """The app's id."""
        return self.workspace.app_id

    @property
    def bot_user_id(self) -> str:
        """The user id of the app's bot; its name is ``scribe``."""
        return self.workspace.bot_user_id

    @property
    def bot_id(self) -> str:
        """The bot id of the app, as it stands on its messages."""
        return self.workspace.bot_id

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listens on 127.0.0.1 and returns when calls can come in."""
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self._port))
        self._base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._api.base_url = self._base_url
        self._response_urls.base_url = f"{self._base_url}response/"
        self.workspace.files_url = f"{self._base_url}files/"
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._http.app(),
                http=protocol(self._transports),
                ws="websockets-sansio",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._run, name="slack-sandbox", daemon=True)
        self._thread.start()
        self._wait(lambda: bool(self._server and self._server.started), _START_SECONDS, "the server did not start")

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        assert self._server is not None
        assert self._listener is not None
        self.sockets.bind(asyncio.get_running_loop())
        await self._server.serve(sockets=[self._listener])

    def stop(self) -> None:
        """Ends every connection and the server's thread; raises SandboxError for a fault of its own."""
        if self._server is None or self._thread is None or self._listener is None:
            return
        self.sockets.stop()
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._listener.close()
        self._base_url = ""
        self._server = self._thread = self._listener = None
        failures = [*self.sockets.failures, *self._http.failures]
        if failures:
            raise SandboxError("the sandbox itself failed") from failures[0]

    def wait_connected(self, timeout: float = 10.0, *, connections: int = 1) -> None:
        """Waits until the app has that many Socket Mode connections; raises SandboxTimeoutError."""
        self._wait(lambda: self.sockets.connected >= connections, timeout, "the app did not connect")

    def wait_idle(self, timeout: float = 10.0, *, quiet: float = 0.05) -> None:
        """Waits until every event is acknowledged or lost and no call has come in for ``quiet`` seconds.

        Raises SandboxTimeoutError, saying what is still under way. An event that waits for a redelivery is under
        way: choose short ``redelivery_delays`` in tests.
        """
        deadline = time.monotonic() + timeout
        still_since, seen = time.monotonic(), -1
        while time.monotonic() < deadline:
            count = len(self._http.log()) + len(self.sockets.deliveries)
            if self._busy() or count != seen:
                still_since, seen = time.monotonic(), count
            elif time.monotonic() - still_since >= quiet:
                return
            time.sleep(_POLL_SECONDS)
        raise SandboxTimeoutError(
            f"not idle after {timeout:g} s: {self.sockets.outstanding} deliveries and "
            f"{self._http.in_flight} calls under way; unacknowledged: {', '.join(self._unacked()) or 'none'}"
        )

    def _busy(self) -> bool:
        return self.sockets.outstanding > 0 or self._http.in_flight > 0

    def _unacked(self) -> list[str]:
        pending = [d.payload["event"] for d in list(self.sockets.deliveries) if not d.acked and not d.lost]
        return [f"{e['type']} {e.get('subtype', '')}".strip() for e in pending]

    def wait_until(self, condition: Callable[[], bool], timeout: float = 10.0, what: str = "it did not happen") -> None:
        """Waits until a condition holds; raises SandboxTimeoutError saying ``what`` otherwise."""
        self._wait(condition, timeout, what)

    def _wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise SandboxTimeoutError(f"{what} within {timeout:g} s")
            time.sleep(_POLL_SECONDS)
