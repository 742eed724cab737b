"""What deliveries teach about messages, votes and members. Any shuffle of the same records gives the same rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
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
from storage.upsert import Insert, by_code_point, inserting

MARK_JOB = "mark"


def save(connection: Connection, records: Sequence[CaptureRecord], *, now: datetime) -> None:
    """Store what belongs to an incident: of an adopted channel the messages of its window, of other channels nothing.

    Each reaction also leaves a due item, so that the message's mark is brought up to date after the commit.
    Records of one table go to the database in one call, each table's rows in the order of their keys: two processes
    that store the same messages then wait for each other, and never crosswise.
    """
    windows = _windows(connection, records)
    kept = [record for record in records if _belongs(record, windows[record.team_id, record.channel_id])]
    seen = [record for record in kept if isinstance(record, MessageSeen)]
    cast = [record for record in kept if isinstance(record, VoteCast)]
    gone = [_deletion_row(one) for one in kept if isinstance(one, MessageDeleted)]
    dialect = connection.dialect.name
    for statement, key, rows in (
        (_message_upsert(dialect), _MESSAGE_KEY, [_message_row(one) for one in seen] + gone),
        (_revision_insert(dialect), _REVISION_KEY, [_revision_row(one) for one in seen if one.edited_ts]),
        (_vote_upsert(dialect), _VOTE_KEY, [_vote_row(one) for one in cast]),
        (
            _membership_upsert(dialect),
            _MEMBERSHIP_KEY,
            [_membership_row(one) for one in kept if isinstance(one, MembershipChanged)],
        ),
    ):
        if rows:
            connection.execute(statement, sorted(rows, key=itemgetter(*key)))
    for team_id, channel_id, ts in sorted({(vote.team_id, vote.channel_id, vote.ts) for vote in cast}):
        due.put(connection, due.NewItem(team_id, MARK_JOB, channel_id, ts, due_at=now))


_Window = tuple[datetime | None, datetime | None]


def _windows(connection: Connection, records: Sequence[CaptureRecord]) -> dict[tuple[str, str], list[_Window]]:
    """Return for each channel that a record names from when to when its incidents record it; None is open-ended."""
    table = incidents.c
    found: dict[tuple[str, str], list[_Window]] = {(record.team_id, record.channel_id): [] for record in records}
    query = select(table.team_id, table.channel_id, table.capture_from, table.capture_until).where(
        tuple_(table.team_id, table.channel_id).in_(list(found))
    )
    for team_id, channel_id, starts, ends in connection.execute(query):
        found[team_id, channel_id].append((starts, ends))
    return found


def _belongs(record: CaptureRecord, windows: Sequence[_Window]) -> bool:
    """Whether a record is kept. Who is in a channel matters at any time; all else goes by when the message was said."""
    if isinstance(record, MembershipChanged) or (None, None) in windows:
        return bool(windows)
    at = time_of(record.ts)
    return any((starts is None or starts <= at) and (ends is None or at <= ends) for starts, ends in windows)


_MESSAGE_KEY = ("team_id", "channel_id", "ts")
_REVISION_KEY = (*_MESSAGE_KEY, "edited_ts")
_VOTE_KEY = (*_MESSAGE_KEY, "user_id", "emoji")
_MEMBERSHIP_KEY = ("team_id", "channel_id", "user_id")

_FILLED = ("user_id", "bot_id", "author_name", "thread_ts", "kind")


def _greater(old: ColumnElement[Any], new: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    return case((old.is_(None), new), (by_code_point(new, dialect) > old, new), else_=old)


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
    is_newer = or_(
        by_code_point(new.text_rank, dialect) > old.text_rank,
        and_(new.text_rank == old.text_rank, by_code_point(new.text, dialect) > old.text),
    )
    return insert.on_conflict_do_update(
        index_elements=_MESSAGE_KEY,
        set_={
            "text": case((is_newer, new.text), else_=old.text),
            "text_rank": case((is_newer, new.text_rank), else_=old.text_rank),
            # A tombstone that came first knows nothing of the author; whoever does fills the holes. Two records
            # that say different things never should meet; the greater wins in either order.
            **{name: _greater(old[name], new[name], dialect) for name in _FILLED},
            "is_deleted": or_(old.is_deleted, new.is_deleted),
        },
    )


def _revision_row(seen: MessageSeen) -> dict[str, Any]:
    return {"team_id": seen.team_id, "channel_id": seen.channel_id, "ts": seen.ts, "edited_ts": seen.edited_ts}


@cache
def _revision_insert(dialect: str) -> Insert:
    return inserting(dialect, message_revisions).on_conflict_do_nothing()


def _deletion_row(deleted: MessageDeleted) -> dict[str, Any]:
    """Return the tombstone: a row like a message's, whose empty text outranks every other."""
    return {
        "team_id": deleted.team_id,
        "channel_id": deleted.channel_id,
        "ts": deleted.ts,
        "at": time_of(deleted.ts),
        "text": "",
        "text_rank": RANK_DELETED,
        "user_id": None,
        "bot_id": None,
        "author_name": None,
        "thread_ts": None,
        "kind": "",
        "is_deleted": True,
    }


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
        index_elements=_VOTE_KEY,
        set_={"is_on": new.is_on, "event_ts": new.event_ts, "event_rank": new.event_rank},
        # One event can't say both; if two ever claim the same moment, off wins in either order.
        where=or_(
            by_code_point(new.event_rank, dialect) > votes.c.event_rank,
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
        index_elements=_MEMBERSHIP_KEY,
        set_={"is_member": new.is_member, "event_rank": new.event_rank},
        where=or_(
            by_code_point(new.event_rank, dialect) > memberships.c.event_rank,
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


def membership(connection: Connection, team_id: str, channel_id: str, user_id: str) -> MembershipChanged | None:
    """Return the last that was seen of somebody's coming to a channel and going, None for nothing."""
    query = select(memberships.c.is_member, memberships.c.event_rank).where(
        memberships.c.team_id == team_id, memberships.c.channel_id == channel_id, memberships.c.user_id == user_id
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    seconds, fraction = row.event_rank.split(".")
    return MembershipChanged(team_id, channel_id, user_id, row.is_member, f"{int(seconds)}.{fraction}")
