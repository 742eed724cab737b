"""What the bot means to post and has posted. The intent is committed before the message is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from storage.tables import posts
from storage.upsert import inserting


class PostState(StrEnum):
    """Intended: not tried yet. Sending: tried, the outcome not known. Sent: Slack has it."""

    INTENDED = "intended"
    SENDING = "sending"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the bot. `key` is unique and travels in the message's metadata."""

    post_id: int
    key: str
    purpose: str
    channel_id: str
    thread_ts: str | None
    state: PostState
    ts: str | None
    file_id: str | None
    intended_at: datetime


@dataclass(frozen=True, slots=True)
class NewPost:
    """A message to be posted."""

    key: str
    team_id: str
    incident_row: int | None
    purpose: str
    channel_id: str
    thread_ts: str | None = None


def intend(connection: Connection, new: NewPost, *, now: datetime) -> Post:
    """Store the intent, or return the one stored under this key before."""
    connection.execute(
        inserting(connection.dialect.name, posts)
        .values(
            key=new.key,
            team_id=new.team_id,
            incident=new.incident_row,
            purpose=new.purpose,
            channel_id=new.channel_id,
            thread_ts=new.thread_ts,
            state=PostState.INTENDED.value,
            intended_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )
    post = by_key(connection, new.key)
    assert post is not None
    return post


def _post(row: Row[Any]) -> Post:
    return Post(
        post_id=row.id,
        key=row.key,
        purpose=row.purpose,
        channel_id=row.channel_id,
        thread_ts=row.thread_ts,
        state=PostState(row.state),
        ts=row.ts,
        file_id=row.file_id,
        intended_at=row.intended_at,
    )


def by_key(connection: Connection, key: str) -> Post | None:
    """Return the post with this key, None if it was never intended."""
    row = connection.execute(select(posts).where(posts.c.key == key)).first()
    return _post(row) if row else None


def of_purpose(connection: Connection, incident_row: int, purpose: str) -> tuple[Post, ...]:
    """Return the incident's posts of one purpose that Slack has, the oldest first."""
    query = (
        select(posts)
        .where(posts.c.incident == incident_row, posts.c.purpose == purpose, posts.c.state == PostState.SENT.value)
        .order_by(posts.c.id)
    )
    return tuple(_post(row) for row in connection.execute(query))


def outside(connection: Connection, incident_row: int, channel_id: str | None) -> tuple[Post, ...]:
    """Return what was posted about the incident in other channels than its own; nothing that was written to a person.

    Slack's ids of direct conversations begin with a D.
    """
    query = select(posts).where(
        posts.c.incident == incident_row,
        posts.c.state == PostState.SENT.value,
        posts.c.ts.is_not(None),
        posts.c.channel_id != (channel_id or ""),
        posts.c.channel_id.not_like("D%"),
    )
    return tuple(_post(row) for row in connection.execute(query.order_by(posts.c.id)))


def set_state(
    connection: Connection,
    post: Post,
    state: PostState,
    *,
    ts: str | None = None,
    file_id: str | None = None,
    sent_at: datetime | None = None,
) -> None:
    """Record how far the post has come; given values are kept beside those known before."""
    values = {name: value for name, value in (("ts", ts), ("file_id", file_id), ("sent_at", sent_at)) if value}
    connection.execute(update(posts).where(posts.c.id == post.post_id).values(state=state.value, **values))
