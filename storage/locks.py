"""Locks on what has no row to lock."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.engine import Connection


def one_at_a_time(connection: Connection, *name: str) -> None:
    """Wait until no other transaction holds this name, then hold it until this one ends.

    What is read afterwards is what the one before has committed. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_number(name))))


def _number(name: tuple[str, ...]) -> int:
    """Return the 64 bits that stand for a name; they are this program's own among those of the database."""
    digest = hashlib.sha256("\x1f".join(("incident-scribe", *name)).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
