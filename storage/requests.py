"""Requests that were carried out: a repeated delivery gets the same answer, not a second effect.

Whoever carries one out asks for its answer first and remembers it last, in one transaction.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage.locks import one_at_a_time
from storage.tables import requests


def answer_of(connection: Connection, team_id: str, key: str) -> Any | None:
    """Return the stored answer of a request, None if it has not been carried out.

    Of two transactions that ask for one request at the same time, the second waits until the first has ended.
    """
    one_at_a_time(connection, "request", team_id, key)
    query = select(requests.c.answer).where(requests.c.team_id == team_id, requests.c.key == key)
    return connection.execute(query).scalar()


def remember(connection: Connection, team_id: str, key: str, answer: Any, *, now: datetime) -> None:
    """Store a request's answer, in the transaction of its effect."""
    connection.execute(requests.insert().values(team_id=team_id, key=key, made_at=now, answer=answer))
