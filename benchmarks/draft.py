"""Drafting a long timeline: load, assemble and render, against reading the raw rows and joining the same output."""

import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.incident import CHANNEL, TEAM, declare
from benchmarks.measure import Result, interleaved
from bot.domain.messages import RANK_POST, MessageSeen, VoteCast
from bot.domain.postmortem import assemble
from bot.domain.timeline import PLAIN_EMOJI
from bot.rendering import Renderer
from storage import capture, incidents, migrate, records
from storage.database import Database

ENTRIES = 10_000
_START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def run() -> list[Result]:
    """Return how many times the raw read and join a draft of ENTRIES entries takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = Database(f"sqlite:///{path}")
        migrate.upgrade(database)
        _fill(database)
        renderer = Renderer(None)

        def ours() -> None:
            with database.reading() as connection:
                incident = incidents.by_ending(connection, TEAM, "001")[0]
                record = records.load(connection, incident)
            renderer.markdown(assemble(record, now=_START + timedelta(days=1), revision=1, emoji=PLAIN_EMOJI))

        mine, floor = interleaved(ours, lambda: _raw(path))
        database.close()
    figures = f"{mine:.2f} s against {floor:.2f} s of reading and joining"
    return [Result("draft of 10,000 entries", mine / floor, "<= 2.00", figures)]


def _fill(database: Database) -> None:
    declare(database, at=_START)
    base = int(_START.timestamp())
    with database.transaction() as connection:
        for number in range(ENTRIES):
            ts = f"{base + number}.000100"
            seen = MessageSeen(
                TEAM,
                CHANNEL,
                ts,
                f"step {number}: looked at the pool | and <the> queue",
                RANK_POST,
                user_id=f"U{number % 7}",
            )
            vote = VoteCast(TEAM, CHANNEL, ts, "U1", "pushpin", is_on=True, event_ts=ts)
            capture.save(connection, [seen, vote], now=_START)


def _raw(path: Path) -> str:
    """Read the same rows with the bare driver and join a line for each."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT m.at, m.text, m.user_id, m.ts FROM messages m JOIN votes v ON v.ts = m.ts AND v.is_on ORDER BY m.at"
    ).fetchall()
    connection.close()
    return "\n".join(f"| {at} | {text} | {user_id} | {ts} |" for at, text, user_id, ts in rows)
