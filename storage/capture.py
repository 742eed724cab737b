"""What deliveries teach about messages, votes and members. Any shuffle of the same records gives the same rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, tuple_
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
from storage.upsert import inserting

MARK_JOB = "mark"


def save(connection: Connection, records: Sequence[CaptureRecord], *, now: datetime) -> None:
    """Store what belongs to incident channels; records of other channels are dropped.

    Each reaction also leaves a due item, so that the message's mark is brought up to date after the commit.
    """
    watched = _watched_channels(connection, records)
    for record in records:
        if (record.team_id, record.channel_id) in watched:
            _save_one(connection, record, now)


def _watched_channels(connection: Connection, records: Sequence[CaptureRecord]) -> set[tuple[str, str]]:
    named = {(record.team_id, record.channel_id) for record in records}
    query = select(incidents.c.team_id, incidents.c.channel_id).where(
        tuple_(incidents.c.team_id, incidents.c.channel_id).in_(list(named))
    )
    return {(row.team_id, row.channel_id) for row in connection.execute(query)}


def _save_one(connection: Connection, record: CaptureRecord, now: datetime) -> None:
    match record:
        case MessageSeen():
            _save_message(connection, record)
        case MessageDeleted():
            _save_deletion(connection, record)
        case VoteCast():
            _save_vote(connection, record)
            due.put(
                connection,
                due.NewItem(record.team_id, MARK_JOB, record.channel_id, record.ts, due_at=now),
            )
        case MembershipChanged():
            _save_membership(connection, record)


def _save_message(connection: Connection, seen: MessageSeen) -> None:
    row: dict[str, Any] = {
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
    insert = inserting(connection, messages).values(row)
    new = insert.excluded
    is_newer = new.text_rank > messages.c.text_rank
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "ts"],
            set_={
                "text": case((is_newer, new.text), else_=messages.c.text),
                "text_rank": case((is_newer, new.text_rank), else_=messages.c.text_rank),
                # A tombstone that came first knows nothing of the author; whoever does fills the holes.
                **{
                    name: func.coalesce(messages.c[name], new[name])
                    for name in ("user_id", "bot_id", "author_name", "thread_ts")
                },
                "kind": case((messages.c.kind == "", new.kind), else_=messages.c.kind),
            },
        )
    )
    if seen.edited_ts:
        revision = {name: row[name] for name in ("team_id", "channel_id", "ts")} | {"edited_ts": seen.edited_ts}
        connection.execute(inserting(connection, message_revisions).values(revision).on_conflict_do_nothing())


def _save_deletion(connection: Connection, deleted: MessageDeleted) -> None:
    insert = inserting(connection, messages).values(
        team_id=deleted.team_id,
        channel_id=deleted.channel_id,
        ts=deleted.ts,
        at=time_of(deleted.ts),
        text="",
        text_rank=RANK_DELETED,
        kind="",
        is_deleted=True,
    )
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "ts"],
            set_={"text": "", "text_rank": RANK_DELETED, "is_deleted": True},
        )
    )


def _save_vote(connection: Connection, vote: VoteCast) -> None:
    insert = inserting(connection, votes).values(
        team_id=vote.team_id,
        channel_id=vote.channel_id,
        ts=vote.ts,
        user_id=vote.user_id,
        emoji=vote.emoji,
        is_on=vote.is_on,
        event_ts=vote.event_ts,
        event_rank=ts_rank(vote.event_ts),
    )
    new = insert.excluded
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "ts", "user_id", "emoji"],
            set_={"is_on": new.is_on, "event_ts": new.event_ts, "event_rank": new.event_rank},
            # One event can't say both; if two ever claim the same moment, off wins in either order.
            where=or_(
                new.event_rank > votes.c.event_rank,
                and_(new.event_rank == votes.c.event_rank, votes.c.is_on, ~new.is_on),
            ),
        )
    )


def _save_membership(connection: Connection, change: MembershipChanged) -> None:
    insert = inserting(connection, memberships).values(
        team_id=change.team_id,
        channel_id=change.channel_id,
        user_id=change.user_id,
        is_member=change.is_member,
        event_rank=ts_rank(change.event_ts),
    )
    new = insert.excluded
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "user_id"],
            set_={"is_member": new.is_member, "event_rank": new.event_rank},
            where=new.event_rank > memberships.c.event_rank,
        )
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
    insert = inserting(connection, marks).values(team_id=team_id, channel_id=channel_id, ts=ts, is_on=is_on)
    connection.execute(
        insert.on_conflict_do_update(index_elements=["team_id", "channel_id", "ts"], set_={"is_on": is_on})
    )


def channels_of(connection: Connection, team_id: str, user_id: str) -> frozenset[str]:
    """Return the incident channels that somebody is known to be in."""
    query = select(memberships.c.channel_id).where(
        memberships.c.team_id == team_id, memberships.c.user_id == user_id, memberships.c.is_member
    )
    return frozenset(connection.execute(query).scalars())
