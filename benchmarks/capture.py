"""Durable capture: Bolt's dispatch with a commit before each ack, against the same app with an empty listener."""

import itertools
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from benchmarks.incident import CHANNEL, TEAM, declare
from benchmarks.measure import Result, interleaved
from bot.services.world import Policy, World
from bot.slack import events
from bot.slack.events import Identity
from storage import migrate
from storage.database import Database
from storage.writer import CaptureWriter

WINDOW, MESSAGES = 64, 3_000
_numbers = itertools.count(1)


def run() -> Result:
    """Return captured messages per second as a share of what an empty listener gets."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        declare(database, at=_now())
        writer = CaptureWriter(database, clock=_now, after_commit=_nothing)
        writer.start()
        ours = _app()
        # Capture touches the database and the writer alone; the other ports stay closed.
        closed = cast("Any", None)
        world = World(database, writer, _now, Policy(), closed, closed, closed, closed, closed, closed, wake=_nothing)
        events.register(ours, world, Identity(TEAM, "U0BOT", "B0BOT"))
        empty = _app()
        empty.event("message")(_empty)
        mine, floor = interleaved(lambda: _send(ours), lambda: _send(empty))
        writer.stop()
        _check_all_stored(database)
        database.close()
    return Result(
        "durable capture",
        floor / mine,
        ">= 0.80",
        f"{MESSAGES / mine:,.0f} against {MESSAGES / floor:,.0f} messages a second, window {WINDOW}",
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing() -> None:
    """Stand for what a running application would be told."""


def _empty(body: dict[str, Any]) -> None:
    """Listen and do nothing: the floor."""


def _app() -> App:
    who = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_id="B0BOT", bot_user_id="U0BOT")
    return App(
        client=WebClient(retry_handlers=[]),
        authorize=lambda **_: who,
        process_before_response=True,
        attaching_conversation_kwargs_enabled=False,
    )


def _send(app: App) -> None:
    """Dispatch messages with WINDOW of them under way. Raises RuntimeError when one is not acknowledged."""
    with ThreadPoolExecutor(WINDOW) as pool:
        statuses = set(pool.map(_dispatcher(app), range(MESSAGES)))
    if statuses != {200}:
        raise RuntimeError(f"not every message was acknowledged: {statuses}")


def _dispatcher(app: App) -> Callable[[int], int]:
    def dispatch(_: int) -> int:
        number = next(_numbers)
        event = {
            "type": "message",
            "channel": CHANNEL,
            "user": f"U{number % 7}",
            "text": f"message {number} about the pool",
            "ts": f"17951{number:05d}.{number % 1_000_000:06d}",
        }
        body = {"type": "event_callback", "team_id": TEAM, "event": event, "event_id": f"Ev{number}"}
        response = app.dispatch(BoltRequest(mode="socket_mode", body=json.loads(json.dumps(body))))
        return response.status if response else 0

    return dispatch


def _check_all_stored(database: Database) -> None:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM messages").scalar_one()
    expected = next(_numbers) - 1
    # The floor's messages are numbered too, and stored nowhere: half of all.
    if rows * 2 != expected:
        raise RuntimeError(f"{rows} rows for {expected // 2} acknowledged messages")
