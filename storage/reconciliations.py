"""How far an incident's channel was compared with Slack's history, and what is stored of it, to compare with."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, or_, select, update
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from bot.domain.messages import ts_of
from bot.domain.reconciling import TOLERANCE, Kept, KeptMessage, KeptVote
from storage.shared_files import as_files
from storage.tables import messages, reconciliations, votes
from storage.upsert import inserting

_BROADCAST = "thread_broadcast"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How far a channel was compared with Slack's history; times are UTC.

    What was said until `checked_until` is stored as Slack showed it, None before the first comparison. `problem` is
    half a sentence that says why not all could be compared. Since `doubted_at` nobody knows whether an edit, a deletion
    or a reaction was missed, however long ago its message was said.
    """

    checked_until: datetime | None = None
    tried_at: datetime | None = None
    problem: str | None = None
    doubted_at: datetime | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether all of it is to be compared, rather than what is new."""
        return self.doubted_at is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a channel, between two timestamps that are not in it; None is open-ended.

    Without `thread_ts` it is what the channel itself shows, else what stands in that thread.
    """

    after: str | None
    before: str | None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """What is stored of a thread: how many replies stand, and the last of them."""

    replies: int
    last_ts: str


def of(connection: Connection, incident: Incident) -> Reconciliation:
    """Return how far the incident's channel was compared."""
    row = connection.execute(select(reconciliations).where(_of(incident))).first()
    return _reconciliation(row) if row else Reconciliation()


def doubt(connection: Connection, incident: Incident, now: datetime) -> None:
    """Let all of it be compared: events may have been lost until now (UTC)."""
    _change(connection, incident, lambda old: replace(old, doubted_at=max(now, old.doubted_at or now)))


def confirm(connection: Connection, incident: Incident, *, began_at: datetime, now: datetime, is_whole: bool) -> None:
    """Record that a comparison that began then (UTC) came to its end.

    Only one of the whole, begun long enough after the doubt, ends it: the history may lag behind.
    """
    until = began_at - TOLERANCE

    def change(old: Reconciliation) -> Reconciliation:
        is_doubtful = old.doubted_at is not None and not (is_whole and old.doubted_at <= until)
        return Reconciliation(
            checked_until=max(until, old.checked_until or until),
            tried_at=now,
            problem=old.problem if is_doubtful and not is_whole else None,
            doubted_at=old.doubted_at if is_doubtful else None,
        )

    _change(connection, incident, change)


def fail(connection: Connection, incident: Incident, problem: str, *, now: datetime) -> None:
    """Record why not all could be compared, in half a sentence."""
    _change(connection, incident, lambda old: replace(old, problem=problem, tried_at=now))


def _change(connection: Connection, incident: Incident, change: Callable[[Reconciliation], Reconciliation]) -> None:
    connection.execute(
        inserting(connection.dialect.name, reconciliations).values(incident=incident.row_id).on_conflict_do_nothing()
    )
    query = select(reconciliations).where(_of(incident))
    # A doubt that another process has just now must not be taken for an older one.
    new = change(_reconciliation(connection.execute(query.with_for_update()).one()))
    connection.execute(update(reconciliations).where(_of(incident)).values(asdict(new)))


def _of(incident: Incident) -> ColumnElement[bool]:
    return reconciliations.c.incident == incident.row_id


def _reconciliation(row: Row[Any]) -> Reconciliation:
    return Reconciliation(row.checked_until, row.tried_at, row.problem, row.doubted_at)


def kept(connection: Connection, incident: Incident, stretch: Stretch, shown: Collection[str]) -> Kept:
    """Return what is stored of a stretch of the incident's channel, tombstones too, and of the votes on `shown`."""
    rows = connection.execute(select(messages).where(*_within(incident, stretch)).order_by(messages.c.ts)).all()
    found = {
        row.ts: KeptMessage(
            ts=row.ts,
            text=row.text,
            text_rank=row.text_rank,
            kind=row.kind,
            is_deleted=row.is_deleted,
            files=None if row.files is None else as_files(row.files),
        )
        for row in rows
    }
    cast: dict[str, list[KeptVote]] = defaultdict(list)
    for row in connection.execute(select(votes).where(*_here(votes, incident), votes.c.ts.in_(sorted(shown)))):
        cast[row.ts].append(_vote(row))
    return Kept(found, cast)


def kept_votes(connection: Connection, incident: Incident, ts: str) -> tuple[KeptVote, ...]:
    """Return what is stored of the votes on one message of the incident's channel."""
    query = select(votes).where(*_here(votes, incident), votes.c.ts == ts)
    return tuple(_vote(row) for row in connection.execute(query))


def _vote(row: Row[Any]) -> KeptVote:
    return KeptVote(row.user_id, row.emoji, row.is_on, row.event_ts)


def _here(table: Table, incident: Incident) -> list[ColumnElement[bool]]:
    return [table.c.team_id == incident.team_id, table.c.channel_id == incident.channel_id]


def _within(incident: Incident, stretch: Stretch) -> list[ColumnElement[bool]]:
    table = messages.c
    conditions = _here(messages, incident)
    if stretch.thread_ts:
        conditions.append(table.thread_ts == stretch.thread_ts)
    else:
        conditions.append(or_(table.thread_ts.is_(None), table.kind == _BROADCAST))
    # Slack's timestamps of the last two decades have the same number of digits: as texts they are in order.
    if stretch.after is not None:
        conditions.append(table.ts > stretch.after)
    if stretch.before is not None:
        conditions.append(table.ts < stretch.before)
    return conditions


def threads(connection: Connection, incident: Incident, stretch: Stretch) -> dict[str, Thread]:
    """Return what is stored of the threads that began in a stretch of the channel, by the timestamp of their first.

    Only threads with a standing reply in the incident's time are among them.
    """
    table = messages.c
    standing = [*_here(messages, incident), ~table.is_deleted, table.thread_ts.is_not(None)]
    if incident.capture_from:
        standing.append(table.ts >= ts_of(incident.capture_from))
    if incident.capture_until:
        standing.append(table.ts <= ts_of(incident.capture_until))
    if stretch.after is not None:
        standing.append(table.thread_ts > stretch.after)
    if stretch.before is not None:
        standing.append(table.thread_ts < stretch.before)
    query = select(table.thread_ts, func.count(), func.max(table.ts)).where(*standing).group_by(table.thread_ts)
    return {thread_ts: Thread(replies, last_ts) for thread_ts, replies, last_ts in connection.execute(query)}
