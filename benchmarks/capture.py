"""Durable capture over Socket Mode, against an app with an empty listener and against a commit for each message.

Every side is a process of its own, connected over a WebSocket on this machine; the figures are taken where Slack
would stand: from writing an envelope to reading its acknowledgement.
"""

import asyncio
import itertools
import os
import selectors
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.incident import CHANNEL, TEAM, declare
from benchmarks.measure import ROUNDS, Result, seconds
from benchmarks.sides import COMMIT_SECONDS, EMPTY, OURS, SLOW, SLOW_SINGLE
from benchmarks.slack import Link, Slack, envelope
from storage import migrate
from storage.database import Database

WINDOW, MESSAGES, SLOW_MESSAGES = 64, 3_000, 600
RATE, SECONDS = 1_000, 3
_PATIENCE = 60
_numbers = itertools.count(1)


def run() -> list[Result]:
    """Return how capture compares: what it carries, the same on a slow disk, and how soon it acknowledges."""
    # Of the ways to wait, this is the one that wakes to the microsecond; RATE needs less than a millisecond.
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        return runner.run(_run())


async def _run() -> list[Result]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slack = Slack()
        server = await slack.open()
        sides = {name: stack.enter_context(_side(name, slack, folder)) for name in (OURS, SLOW, SLOW_SINGLE, EMPTY)}
        links = {name: await slack.link(name) for name in sides}
        results = [
            await _carried(links[OURS], links[EMPTY]),
            await _slow(links[SLOW], links[SLOW_SINGLE]),
            await _prompt(links[OURS], links[EMPTY]),
        ]
        server.close()
        print(f"a bare commit of one row took {_bare_commit(folder) * 1000:.1f} ms on this disk just now", flush=True)
        for name in (OURS, SLOW, SLOW_SINGLE):
            _check_all_stored(folder / f"{name}.db", acked=links[name].acked)
    return results


async def _carried(ours: Link, empty: Link) -> Result:
    mine, floor = await _in_turn(lambda: _flood(ours, MESSAGES), lambda: _flood(empty, MESSAGES))
    figures = f"{MESSAGES / mine:,.0f} against {MESSAGES / floor:,.0f} messages a second, window {WINDOW}"
    return Result("durable capture", floor / mine, ">= 0.80", figures)


async def _slow(shared: Link, single: Link) -> Result:
    mine, floor = await _in_turn(lambda: _flood(shared, SLOW_MESSAGES), lambda: _flood(single, SLOW_MESSAGES))
    figures = f"{SLOW_MESSAGES / mine:,.0f} against {SLOW_MESSAGES / floor:,.0f} messages a second"
    return Result(f"the same, {COMMIT_SECONDS * 1000:.0f} ms a commit", floor / mine, ">= 15.00", figures)


async def _prompt(ours: Link, empty: Link) -> Result:
    mine, floor = await _in_turn(lambda: _offer(ours), lambda: _offer(empty))
    figures = f"{mine * 1000:.1f} ms against {floor * 1000:.1f} ms, {RATE:,} messages a second offered"
    return Result("ack p99", mine / floor, "<= 1.50", figures)


async def _in_turn(ours: Any, floor: Any) -> tuple[float, float]:
    """Return the median figures of both sides, taken in turn after one round to warm up."""
    pairs = [(await ours(), await floor()) for _ in range(ROUNDS + 1)][1:]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


async def _flood(link: Link, count: int) -> float:
    """Deliver messages with WINDOW of them unacknowledged; return the seconds until the last is acknowledged."""
    frames = iter([built for _, built in _envelopes(count)])
    missing, finished = count, asyncio.get_running_loop().create_future()

    def on_acks(acks: list[str]) -> None:
        nonlocal missing
        missing -= len(acks)
        link.send(itertools.islice(frames, len(acks)))
        if missing == 0:
            finished.set_result(perf_counter())

    link.on_acks = on_acks
    begun = perf_counter()
    link.send(itertools.islice(frames, WINDOW))
    ended: float = await asyncio.wait_for(finished, _PATIENCE)
    link.acked += count
    return ended - begun


async def _offer(link: Link) -> float:
    """Deliver RATE messages a second, whatever comes back; return the 99th percentile of the seconds to the ack."""
    envelopes = _envelopes(RATE * SECONDS)
    sent_at: dict[str, float] = {}
    waited: list[float] = []
    finished = asyncio.get_running_loop().create_future()

    def on_acks(acks: list[str]) -> None:
        now = perf_counter()
        waited.extend(now - sent_at[one] for one in acks)
        if len(waited) == len(envelopes):
            finished.set_result(None)

    link.on_acks = on_acks
    begun = perf_counter()
    for number, (envelope_id, built) in enumerate(envelopes):
        early = begun + number / RATE - perf_counter()
        if early > 0:
            await asyncio.sleep(early)
        sent_at[envelope_id] = perf_counter()
        link.send([built])
    await asyncio.wait_for(finished, _PATIENCE)
    link.acked += len(envelopes)
    return statistics.quantiles(waited, n=100)[-1]


def _envelopes(count: int) -> list[tuple[str, bytes]]:
    """Return so many new messages as Slack delivers them: the envelope's id, and the frame."""
    numbers = list(itertools.islice(_numbers, count))
    ids = [f"00000000-0000-4000-8000-{number:012d}" for number in numbers]
    return [(one, envelope(one, _body(number))) for one, number in zip(ids, numbers, strict=True)]


def _body(number: int) -> dict[str, Any]:
    text = f"message {number}: the pool is at its limit again & queries wait"
    user_id, ts = f"U{number % 7}", f"17951{number:05d}.{number % 1_000_000:06d}"
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    event = {
        "type": "message",
        "user": user_id,
        "ts": ts,
        "client_msg_id": f"00000000-0000-4000-8000-{number:012d}",
        "text": text.replace("&", "&amp;"),
        "team": TEAM,
        "blocks": [{"type": "rich_text", "block_id": f"B{number}", "elements": [section]}],
        "channel": CHANNEL,
        "event_ts": ts,
        "channel_type": "channel",
    }
    who = {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False}
    return {
        "token": "bench",
        "team_id": TEAM,
        "api_app_id": "A0BENCH",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": 1_795_100_000,
        "authorizations": [who],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number:040d}",
    }


@contextmanager
def _side(name: str, slack: Slack, folder: Path) -> Iterator[None]:
    """Run a side in a process of its own, on a database of its own with one incident in it."""
    url = f"sqlite:///{folder / name}.db"
    database = Database(url)
    migrate.upgrade(database)
    declare(database, at=datetime.now(UTC))
    database.close()
    settings = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": f"xapp-{name}", "SCRIBE_LOG_LEVEL": "warning"}
    settings |= {"SLACK_API_URL": slack.api_url, "DATABASE_URL": url}
    command = [sys.executable, "-m", "benchmarks.sides", name]
    with subprocess.Popen(command, env=os.environ | settings) as process:
        try:
            yield
        finally:
            process.terminate()


def _bare_commit(folder: Path) -> float:
    """Return the median seconds of a commit with nothing else around it: no acknowledgement can be sooner than that."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (text)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows VALUES ('a message')")
        connection.execute("COMMIT")

    took = [seconds(commit) for _ in range(100)]
    connection.close()
    return statistics.median(took)


def _check_all_stored(file: Path, *, acked: int) -> None:
    """Raise RuntimeError unless there is a row for every acknowledged message."""
    connection = sqlite3.connect(file)
    (rows,) = connection.execute("SELECT count(*) FROM messages").fetchone()
    connection.close()
    if rows != acked:
        raise RuntimeError(f"{rows} rows for {acked} acknowledged messages")
