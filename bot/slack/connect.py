"""Connecting to Slack: who the bot is, and the socket."""

import time
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.domain.errors import ScribeError
from bot.domain.text import cleaned
from bot.services.ports import OutsideError, RefusedError
from bot.services.watching import Watch
from bot.slack.calls import call
from bot.slack.capture_lane import CaptureLane
from bot.slack.socket_watch import SocketWatch
from storage.people import Team

_PAUSES = (0.5, 1.0, 2.0, 4.0)


class ConnectError(ScribeError):
    """Slack can't be connected to; the message says why and what to do."""


def identify(client: WebClient) -> Team:
    """Ask Slack which workspace the token belongs to and who the bot is in it, a few times. Raises ConnectError."""
    advice = "Copy it again from “OAuth & Permissions” of your app into SLACK_BOT_TOKEN."
    who = _asked(client, lambda: call(client.auth_test), refused="bot token", advice=advice)
    return Team(who["team_id"], cleaned(who.get("team", "")), who.get("url", ""), who["user_id"], who.get("bot_id", ""))


class SocketConnection:
    """Socket Mode: Slack's events come over a connection that this side has opened. `start` and `stop` it once.

    `line` watches the connection and tells `watch` what was missed.
    """

    def __init__(self, handler: SocketModeHandler, lane: CaptureLane, line: SocketWatch, watch: Watch) -> None:
        self.handler = handler
        self._lane = lane
        self._line = line
        self._watch = watch

    def start(self) -> str:
        """Connect, and say so. Raises ConnectError."""
        self._lane.start()
        open_socket(self.handler)
        self._line.start(self.handler.client, self._watch)
        return "Connected."

    def stop(self) -> None:
        """Acknowledge what is committed, and disconnect."""
        self._line.stop()
        self._lane.stop()
        self.handler.close()  # type: ignore[no-untyped-call]


def open_socket(handler: SocketModeHandler) -> None:
    """Connect in Socket Mode. Raises ConnectError, in one line, when Slack refuses the app-level token or is away."""
    client = handler.client.web_client
    advice = (
        "Make one with the scope connections:write under “Basic Information” of your app and put it into "
        "SLACK_APP_TOKEN."
    )
    _asked(
        client,
        lambda: call(client.apps_connections_open, app_token=handler.app_token),
        refused="app-level token",
        advice=advice,
    )
    handler.connect()  # type: ignore[no-untyped-call]


def _asked(client: WebClient, ask: Callable[[], dict[str, Any]], *, refused: str, advice: str) -> dict[str, Any]:
    """Return the answer, asking again while Slack is away; `refused` and `advice` word a no. Raises ConnectError."""
    for pause in (*_PAUSES, None):
        try:
            return ask()
        except RefusedError as error:
            raise ConnectError(f"Slack refused the {refused} ({error.code}). {advice}") from error
        except OutsideError as error:
            if pause is None:
                raise ConnectError(
                    f"Slack can't be reached at {client.base_url} ({error}). Check SLACK_API_URL and the network."
                ) from error
            time.sleep(pause)
    raise AssertionError("the last round returns or raises")
