"""What deliveries teach about messages, votes and members. Any shuffle of the same records gives the same rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, tuple_
from sqlalchemy.engine import Connection

from bot.domain.messages import (
    RANK_DELETED,
    CaptureRecord,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    VoteCast,
    time_of,
    ts_rank,
)
from storage import due
from storage.tables import incidents, marks, memberships, message_revisions, messages, votes
from storage.upsert import Insert, inserting

MARK_JOB = "mark"


def save(connection: Connection, records: Sequence[CaptureRecord], *, now: datetime) -> None:
    """Store what belongs to incident channels; records of other channels are dropped.

    Each reaction also leaves a due item, so that the message's mark is brought up to date after the commit.
    Records of one kind go to the database in one call: their order among the kinds does not matter.
    """
    watched = _watched_channels(connection, records)
    kept = [record for record in records if (record.team_id, record.channel_id) in watched]
    seen = [record for record in kept if isinstance(record, MessageSeen)]
    cast = [record for record in kept if isinstance(record, VoteCast)]
    dialect = connection.dialect.name
    for statement, rows in (
        (_message_upsert(dialect), [_message_row(one) for one in seen]),
        (_revision_insert(dialect), [_revision_row(one) for one in seen if one.edited_ts]),
        (_deletion_upsert(dialect), [_deletion_row(one) for one in kept if isinstance(one, MessageDeleted)]),
        (_vote_upsert(dialect), [_vote_row(one) for one in cast]),
        (_membership_upsert(dialect), [_membership_row(one) for one in kept if isinstance(one, MembershipChanged)]),
    ):
        if rows:
            connection.execute(statement, rows)
    for one in dict.fromkeys((vote.team_id, vote.channel_id, vote.ts) for vote in cast):
        team_id, channel_id, ts = one
        due.put(connection, due.NewItem(team_id, MARK_JOB, channel_id, ts, due_at=now))


def _watched_channels(connection: Connection, records: Sequence[CaptureRecord]) -> set[tuple[str, str]]:
    named = {(record.team_id, record.channel_id) for record in records}
    query = select(incidents.c.team_id, incidents.c.channel_id).where(
        tuple_(incidents.c.team_id, incidents.c.channel_id).in_(list(named))
    )
    return {(row.team_id, row.channel_id) for row in connection.execute(query)}


_MESSAGE_KEY = ("team_id", "channel_id", "ts")


_FILLED = ("user_id", "bot_id", "author_name", "thread_ts", "kind")


def _greater(old: ColumnElement[Any], new: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((old.is_(None), new), (new > old, new), else_=old)


def _message_row(seen: MessageSeen) -> dict[str, Any]:
    return {
        "team_id": seen.team_id,
        "channel_id": seen.channel_id,
        "ts": seen.ts,
        "at": time_of(seen.ts),
        "text": seen.text,
        "text_rank": seen.text_rank,
        "user_id": seen.user_id,
        "bot_id": seen.bot_id,
        "author_name": seen.author_name,
        "thread_ts": seen.thread_ts,
        "kind": seen.kind,
        "is_deleted": False,
    }


@cache
def _message_upsert(dialect: str) -> Insert:
    insert = inserting(dialect, messages)
    old, new = messages.c, insert.excluded
    is_newer = or_(new.text_rank > old.text_rank, and_(new.text_rank == old.text_rank, new.text > old.text))
    return insert.on_conflict_do_update(
        index_elements=_MESSAGE_KEY,
        set_={
            "text": case((is_newer, new.text), else_=old.text),
            "text_rank": case((is_newer, new.text_rank), else_=old.text_rank),
            # A tombstone that came first knows nothing of the author; whoever does fills the holes. Two records
            # that say different things never should meet; the greater wins in either order.
            **{name: _greater(old[name], new[name]) for name in _FILLED},
        },
    )


def _revision_row(seen: MessageSeen) -> dict[str, Any]:
    return {"team_id": seen.team_id, "channel_id": seen.channel_id, "ts": seen.ts, "edited_ts": seen.edited_ts}


@cache
def _revision_insert(dialect: str) -> Insert:
    return inserting(dialect, message_revisions).on_conflict_do_nothing()


def _deletion_row(deleted: MessageDeleted) -> dict[str, Any]:
    return {
        "team_id": deleted.team_id,
        "channel_id": deleted.channel_id,
        "ts": deleted.ts,
        "at": time_of(deleted.ts),
        "text": "",
        "text_rank": RANK_DELETED,
        "kind": "",
        "is_deleted": True,
    }


@cache
def _deletion_upsert(dialect: str) -> Insert:
    gone = {"text": "", "text_rank": RANK_DELETED, "is_deleted": True}
    return inserting(dialect, messages).on_conflict_do_update(index_elements=_MESSAGE_KEY, set_=gone)


def _vote_row(vote: VoteCast) -> dict[str, Any]:
    return {
        "team_id": vote.team_id,
        "channel_id": vote.channel_id,
        "ts": vote.ts,
        "user_id": vote.user_id,
        "emoji": vote.emoji,
        "is_on": vote.is_on,
        "event_ts": vote.event_ts,
        "event_rank": ts_rank(vote.event_ts),
    }


@cache
def _vote_upsert(dialect: str) -> Insert:
    insert = inserting(dialect, votes)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[*_MESSAGE_KEY, "user_id", "emoji"],
        set_={"is_on": new.is_on, "event_ts": new.event_ts, "event_rank": new.event_rank},
        # One event can't say both; if two ever claim the same moment, off wins in either order.
        where=or_(
            new.event_rank > votes.c.event_rank,
            and_(new.event_rank == votes.c.event_rank, votes.c.is_on, ~new.is_on),
        ),
    )


def _membership_row(change: MembershipChanged) -> dict[str, Any]:
    return {
        "team_id": change.team_id,
        "channel_id": change.channel_id,
        "user_id": change.user_id,
        "is_member": change.is_member,
        "event_rank": ts_rank(change.event_ts),
    }


@cache
def _membership_upsert(dialect: str) -> Insert:
    insert = inserting(dialect, memberships)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["team_id", "channel_id", "user_id"],
        set_={"is_member": new.is_member, "event_rank": new.event_rank},
        where=or_(
            new.event_rank > memberships.c.event_rank,
            and_(new.event_rank == memberships.c.event_rank, memberships.c.is_member, ~new.is_member),
        ),
    )


def has_message(connection: Connection, team_id: str, channel_id: str, ts: str) -> bool:
    """Whether this message is stored, standing or as a tombstone."""
    query = select(messages.c.ts).where(
        messages.c.team_id == team_id, messages.c.channel_id == channel_id, messages.c.ts == ts
    )
    return connection.execute(query).first() is not None


def is_marked(connection: Connection, team_id: str, channel_id: str, ts: str) -> bool:
    """Whether the bot's mark is on the message, as far as Slack has confirmed."""
    query = select(marks.c.is_on).where(marks.c.team_id == team_id, marks.c.channel_id == channel_id, marks.c.ts == ts)
    return bool(connection.execute(query).scalar())


def set_marked(connection: Connection, team_id: str, channel_id: str, ts: str, *, is_on: bool) -> None:
    """Record that Slack confirmed the mark on or off."""
    insert = inserting(connection.dialect.name, marks).values(
        team_id=team_id, channel_id=channel_id, ts=ts, is_on=is_on
    )
    connection.execute(
        insert.on_conflict_do_update(index_elements=["team_id", "channel_id", "ts"], set_={"is_on": is_on})
    )


def channels_of(connection: Connection, team_id: str, user_id: str) -> frozenset[str]:
    """Return the incident channels that somebody is known to be in."""
    query = select(memberships.c.channel_id).where(
        memberships.c.team_id == team_id, memberships.c.user_id == user_id, memberships.c.is_member
    )
    return frozenset(connection.execute(query).scalars())
