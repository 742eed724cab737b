"""Watches whether Slack's events come in over the socket, and has it replaced when they don't.

slack_sdk connects anew by itself, and replaces a connection that Slack announces the end of before it lets go of the
old one, so that nothing is missed. It does not tell from when to when there was none, and keeps one that is silent.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.domain.errors import TryAgainError
from bot.services.watching import Missed, Watch
from bot.slack.socket_state import SILENT_SECONDS, Seen, SocketState, announces_end

log = structlog.get_logger()

_LOOK_SECONDS = 0.5
_RETRY_SECONDS = 5.0
_RENEW_SECONDS = 60.0
_SAME_LINE_SECONDS = 60.0


class SocketWatch:
    """Watches one socket client. `start` and `stop` it once; `reconnect` may be called at any time, from any thread.

    `clock` gives the times that are stored; what is measured is real time.
    """

    def __init__(self, clock: Callable[[], datetime], *, silent_after: float = SILENT_SECONDS) -> None:
        self._clock = clock
        self._state = SocketState(silent_after=silent_after)
        self._client: SocketModeClient | None = None
        self._watch: Watch | None = None
        self._text_at = 0.0
        self._ending: str | None = None
        self._tried_at = self._renewed_at = 0.0
        self._is_renewal_wanted = self._is_doubtful = False
        self._missed: deque[Missed] = deque()
        self._sparing = SparingFilter()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="socket-watch", daemon=True)

    def start(self, client: SocketModeClient, watch: Watch) -> None:
        """Start watching a client that is connected; `watch` is told what was missed."""
        self._client, self._watch = client, watch
        client.on_message_listeners.append(self._hear)
        client.logger.addFilter(self._sparing)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching: what becomes of the connection from now on is meant."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._client is not None:
            self._client.logger.removeFilter(self._sparing)

    def reconnect(self) -> None:
        """Have the connection replaced, soon and at most once a minute: it does not deliver everything."""
        self._is_renewal_wanted = True
        self._wake.set()

    def is_listening(self) -> bool:
        """Whether events come in, as far as anybody can tell."""
        return self._state.loss is None and self._client is not None and self._client.is_connected()

    def _hear(self, message: str) -> None:
        self._text_at = time.time()
        if self._client is not None and announces_end(message):
            self._ending = self._client.session_id()

    def _run(self) -> None:
        client, watch = self._client, self._watch
        assert client is not None
        assert watch is not None
        while not self._stopping.is_set():
            try:
                # Whoever lets go of the client has it connect no more.
                if client.auto_reconnect_enabled:
                    self._look(client)
                    self._mend(client)
                self._tell(watch)
            except TryAgainError as error:
                log.warning("what was missed is not stored yet", error=str(error))
            except Exception:
                # The thread's edge: whatever goes wrong in one round, the next ones are needed all the more.
                log.exception("watching the connection to Slack failed")
            self._state.pause(time.time())
            self._wake.wait(_LOOK_SECONDS)
            self._wake.clear()

    def _look(self, client: SocketModeClient) -> None:
        before, at = self._state.loss, time.time()
        back = self._state.look(self._seen(client), at)
        loss = self._state.loss
        if loss is not None and before is None:
            log.warning("nothing comes in from Slack", cause=loss.cause.words)
        if back is not None:
            self._missed.append(Missed(back.cause, self._moment(back.since, at), self._moment(back.until, at)))

    def _seen(self, client: SocketModeClient) -> Seen:
        session = client.current_session
        if session is None:
            return Seen(None, is_active=False, heard=self._text_at, ending=self._ending)
        heard = max(self._text_at, session.last_ping_pong_time or 0.0)
        return Seen(session.session_id, session.is_active(), heard, self._ending)

    def _moment(self, second: float, at: float) -> datetime:
        return self._clock() - timedelta(seconds=at - second)

    def _mend(self, client: SocketModeClient) -> None:
        """Have a lost or silent connection replaced, or one that somebody has doubts of."""
        now = time.time()
        if client.connect_operation_lock.locked():
            # The SDK is at it.
            return
        if self._state.loss is not None:
            if now - self._tried_at >= _RETRY_SECONDS:
                self._replace(client)
        elif self._is_renewal_wanted and now - self._renewed_at >= _RENEW_SECONDS:
            self._is_renewal_wanted, self._renewed_at = False, now
            log.warning("Slack does not deliver everything: the connection is replaced")
            self._ending = client.session_id()
            self._is_doubtful |= self._replace(client)

    def _replace(self, client: SocketModeClient) -> bool:
        """Connect anew, before the old connection is let go of if there still is one; return whether that worked."""
        self._tried_at = time.time()
        try:
            client.connect_to_new_endpoint(force=client.is_connected())
        except Exception as error:  # noqa: BLE001 - the SDK raises what the network and Slack make of it; it is tried again
            log.warning("not connected to Slack", error=f"{type(error).__name__}: {error}")
            return False
        return client.is_connected()

    def _tell(self, watch: Watch) -> None:
        while self._missed:
            watch.missed(self._missed[0])
            self._missed.popleft()
        if self._is_doubtful:
            watch.doubt()
            self._is_doubtful = False


class SparingFilter:
    """Lets the same line of the SDK about its connection through once a minute: it says it again at each try."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write this line."""
        if "socket_mode" not in record.pathname:
            return True
        # What differs between two of the same follows in brackets.
        line, now = record.getMessage().partition("(")[0], time.monotonic()
        is_new = now - self._said.get(line, -_SAME_LINE_SECONDS) >= _SAME_LINE_SECONDS
        if is_new:
            self._said[line] = now
        return is_new
