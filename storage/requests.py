"""Requests that were carried out: a repeated delivery gets the same answer, not a second effect."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage.tables import requests


def answer_of(connection: Connection, team_id: str, key: str) -> Any | None:
    """Return the stored answer of a request, None if it has not been carried out."""
    query = select(requests.c.answer).where(requests.c.team_id == team_id, requests.c.key == key)
    return connection.execute(query).scalar()


def remember(connection: Connection, team_id: str, key: str, answer: Any, *, now: datetime) -> None:
    """Store a request's answer, in the transaction of its effect. A second row of the same key fails: a race lost."""
    connection.execute(requests.insert().values(team_id=team_id, key=key, made_at=now, answer=answer))
