"""What deliveries teach about messages, votes and members. Any shuffle of the same records gives the same rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, bindparam, case, or_, select, union_all
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
from storage import due, revisions, shared_files
from storage.tables import incidents, marks, memberships, messages, sources, votes
from storage.upsert import Insert, by_code_point, inserting

MARK_JOB = "mark"
_NONE: Mapping[str, datetime] = {}


def save(
    connection: Connection, records: Sequence[CaptureRecord], *, now: datetime, missing: Collection[str] = ()
) -> bool:
    """Store what belongs to an incident: of an adopted channel the messages of its window, of other channels nothing.

    Each reaction also leaves a due item, so that the message's mark is brought up to date after the commit; not in an
    imported incident, of which Slack shows nothing. Those found `missing`, by their timestamps, are marked as
    recovered unless they are stored by now. Return whether anything is due by this.
    """
    windows = _windows(connection, records)
    kept = [record for record in records if _belongs(record, windows[record.team_id, record.channel_id])]
    store(connection, kept, recovered_at=dict.fromkeys(missing, now))
    marked = {
        (vote.team_id, vote.channel_id, vote.ts)
        for vote in kept
        if isinstance(vote, VoteCast)
        and _belongs(vote, [one for one in windows[vote.team_id, vote.channel_id] if not one.is_imported])
    }
    for team_id, channel_id, ts in sorted(marked):
        due.put(connection, due.NewItem(team_id, MARK_JOB, channel_id, ts, due_at=now))
    return bool(marked)


def store(
    connection: Connection, records: Sequence[CaptureRecord], *, recovered_at: Mapping[str, datetime] = _NONE
) -> None:
    """Store records, whatever incident they belong to. `recovered_at` says when (UTC) those missing were found.

    Records of one table go to the database in one call, each table's rows in the order of their keys: two processes
    that store the same messages then wait for each other, and never crosswise.
    """
    seen = [record for record in records if isinstance(record, MessageSeen)]
    cast = [record for record in records if isinstance(record, VoteCast)]
    gone = [_deletion_row(one) for one in records if isinstance(one, MessageDeleted)]
    dialect = connection.dialect.name
    for statement, key, rows in (
        (_message_upsert(dialect), _MESSAGE_KEY, [_message_row(one, recovered_at.get(one.ts)) for one in seen] + gone),
        (_vote_upsert(dialect), _VOTE_KEY, [_vote_row(one) for one in cast]),
        (
            _membership_upsert(dialect),
            _MEMBERSHIP_KEY,
            [_membership_row(one) for one in records if isinstance(one, MembershipChanged)],
        ),
    ):
        if rows:
            connection.execute(statement, sorted(rows, key=itemgetter(*key)))
    revisions.keep(connection, seen, [one for one in records if isinstance(one, MessageDeleted)])


class _Window(NamedTuple):
    """From when to when an incident records a channel; None is open-ended."""

    starts: datetime | None
    ends: datetime | None
    is_imported: bool


def _windows(connection: Connection, records: Sequence[CaptureRecord]) -> dict[tuple[str, str], list[_Window]]:
    """Return for each channel that a record names from when to when its incidents record it; None is open-ended."""
    found: dict[tuple[str, str], list[_Window]] = {(record.team_id, record.channel_id): [] for record in records}
    named = {"teams": list({key[0] for key in found}), "channels": list({key[1] for key in found})}
    for team_id, channel_id, *window in connection.execute(_window_query(), named):
        # One team's channel may have the id of another's.
        if (team_id, channel_id) in found:
            found[team_id, channel_id].append(_Window(*window))
    return found


@cache
def _window_query() -> CompoundSelect[Any]:
    """Return the query for the windows of `channels` in `teams`: made once, as every batch of deliveries asks it."""
    table = incidents.c
    teams = bindparam("teams", type_=String, expanding=True)
    channels = bindparam("channels", type_=String, expanding=True)
    window = (table.capture_from, table.capture_until, table.is_imported)
    own = select(table.team_id, table.channel_id, *window)
    further = select(table.team_id, sources.c.channel_id, *window).join(sources, sources.c.incident == table.id)
    return union_all(
        own.where(table.team_id.in_(teams), table.channel_id.in_(channels)),
        # Not by team too: SQLite would then go through all of the team's incidents.
        further.where(sources.c.channel_id.in_(channels)),
    )


def _belongs(record: CaptureRecord, windows: Sequence[_Window]) -> bool:
    """Whether a record is kept. Who is in a channel matters at any time; all else goes by when the message was said."""
    if isinstance(record, MembershipChanged) or any(one.starts is None and one.ends is None for one in windows):
        return bool(windows)
    at = time_of(record.ts)
    return any((one.starts is None or one.starts <= at) and (one.ends is None or at <= one.ends) for one in windows)


_MESSAGE_KEY = ("team_id", "channel_id", "ts")
_VOTE_KEY = (*_MESSAGE_KEY, "user_id", "emoji")
_MEMBERSHIP_KEY = ("team_id", "channel_id", "user_id")

_FILLED = ("user_id", "bot_id", "author_name", "thread_ts", "kind")


def _greater(old: ColumnElement[Any], new: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    return case((old.is_(None), new), (by_code_point(new, dialect) > old, new), else_=old)


def _message_row(seen: MessageSeen, recovered_at: datetime | None) -> dict[str, Any]:
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
        "files": shared_files.as_kept(seen),
        # Only what is inserted gets it: what was stored before was not missing.
        "recovered_at": recovered_at,
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
            **{name: _greater(old[name], new[name], dialect) for name in (*_FILLED, "files")},
            "is_deleted": or_(old.is_deleted, new.is_deleted),
        },
    )


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
        "files": shared_files.DELETED_FILES,
        "recovered_at": None,
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
