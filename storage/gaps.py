"""The stretches in which events may have been lost, and what was recovered from each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, not_, or_, select, update
from sqlalchemy.engine import Connection

from bot.domain.capturing import GapCause
from bot.domain.incident import Incident
from bot.domain.record import CaptureGap
from storage.tables import capture_gaps, incidents, messages
from storage.upsert import inserting

# How far the clock of this machine may be from Slack's: what was said that close to a stretch belongs to it.
_CLOCK_TOLERANCE = timedelta(seconds=5)


def add(connection: Connection, incident: Incident, cause: GapCause, from_at: datetime, to_at: datetime) -> None:
    """Record a stretch (UTC) that is over. The same again changes nothing; a later end lengthens it."""
    insert = inserting(connection.dialect.name, capture_gaps)
    old, new = capture_gaps.c, insert.excluded
    connection.execute(
        insert.values(incident=incident.row_id, cause=cause.value, from_at=from_at, to_at=to_at).on_conflict_do_update(
            index_elements=["incident", "cause", "from_at"],
            set_={"to_at": case((or_(old.to_at.is_(None), old.to_at < new.to_at), new.to_at), else_=old.to_at)},
        )
    )


def begin(connection: Connection, incident: Incident, cause: GapCause, from_at: datetime) -> None:
    """Record a stretch (UTC) that lasts, unless one of this cause does already. The same again changes nothing."""
    lasting = select(capture_gaps.c.id).where(_lasting(incident, cause))
    if connection.execute(lasting).first() is None:
        insert = inserting(connection.dialect.name, capture_gaps)
        values = {"incident": incident.row_id, "cause": cause.value, "from_at": from_at}
        connection.execute(insert.values(values).on_conflict_do_nothing())


def end(connection: Connection, incident: Incident, cause: GapCause, to_at: datetime) -> bool:
    """Let the stretch of this cause that lasts be over since then (UTC); return whether there was one."""
    lasting = and_(_lasting(incident, cause), capture_gaps.c.from_at <= to_at)
    return connection.execute(update(capture_gaps).where(lasting).values(to_at=to_at)).rowcount > 0


def covering(connection: Connection, incident: Incident, at: datetime) -> bool:
    """Whether a stretch is recorded in which what was said at this moment (UTC) may have been lost."""
    return connection.execute(_around(incident, at)).first() is not None


def count_changes(connection: Connection, incident: Incident, number: int, *, at: datetime | None = None) -> bool:
    """Add edits, deletions and reactions that were taken in afterwards to the stretch in which they were made.

    That is the last one around `at` (UTC), or the last of all where the moment is not known. Return whether there was
    one to count them in.
    """
    query = _around(incident, at) if at else _of(incident)
    last = connection.execute(query.order_by(capture_gaps.c.from_at.desc(), capture_gaps.c.id.desc())).first()
    if last is None:
        return False
    changed = capture_gaps.c.changed + number
    connection.execute(update(capture_gaps).where(capture_gaps.c.id == last.id).values(changed=changed))
    return True


def withdraw(
    connection: Connection, team_id: str, causes: Sequence[GapCause], from_at: datetime, to_at: datetime
) -> int:
    """Forget the stretches of these causes that lie within a time (UTC) in which nothing was lost; return how many."""
    of_team = select(incidents.c.id).where(incidents.c.team_id == team_id)
    within = and_(capture_gaps.c.from_at >= from_at, capture_gaps.c.to_at <= to_at)
    named = capture_gaps.c.cause.in_([cause.value for cause in causes])
    return connection.execute(delete(capture_gaps).where(within, named, capture_gaps.c.incident.in_(of_team))).rowcount


def of(connection: Connection, incident: Incident) -> tuple[CaptureGap, ...]:
    """Return the stretches in order of time, each with the messages recovered from it.

    A message counts in one of them: the first in which it lies, else the first to which it is close. None lasts
    longer than the capture.
    """
    query = _of(incident).order_by(capture_gaps.c.from_at, capture_gaps.c.id)
    if incident.capture_until:
        query = query.where(capture_gaps.c.from_at < incident.capture_until)
    rows = connection.execute(query).all()
    counts = dict.fromkeys((row.id for row in rows), 0)
    for at in recovered_at(connection, incident) if rows else ():
        for tolerance in (timedelta(0), _CLOCK_TOLERANCE):
            found = next((row.id for row in rows if _is_within(at, row.from_at, row.to_at, tolerance)), None)
            if found is not None:
                counts[found] += 1
                break
    return tuple(
        CaptureGap(row.from_at, _ended(row.to_at, incident), counts[row.id], GapCause(row.cause).words, row.changed)
        for row in rows
    )


def recovered_at(connection: Connection, incident: Incident) -> tuple[datetime, ...]:
    """Return when (UTC) the messages were said that stand and that a comparison with Slack's history brought."""
    conditions = [
        messages.c.team_id == incident.team_id,
        messages.c.channel_id == incident.channel_id,
        messages.c.recovered_at.is_not(None),
        ~messages.c.is_deleted,
    ]
    if incident.capture_from:
        conditions.append(messages.c.at >= incident.capture_from)
    if incident.capture_until:
        conditions.append(messages.c.at <= incident.capture_until)
    return tuple(connection.execute(select(messages.c.at).where(*conditions).order_by(messages.c.at)).scalars())


def _of(incident: Incident) -> Select[Any]:
    return select(capture_gaps).where(capture_gaps.c.incident == incident.row_id)


def _around(incident: Incident, at: datetime) -> Select[Any]:
    ended_before = capture_gaps.c.to_at < at - _CLOCK_TOLERANCE
    return _of(incident).where(
        capture_gaps.c.from_at <= at + _CLOCK_TOLERANCE, or_(capture_gaps.c.to_at.is_(None), not_(ended_before))
    )


def _is_within(at: datetime, from_at: datetime, to_at: datetime | None, tolerance: timedelta) -> bool:
    return from_at - tolerance <= at and (to_at is None or at <= to_at + tolerance)


def _ended(to_at: datetime | None, incident: Incident) -> datetime | None:
    known = [end for end in (to_at, incident.capture_until) if end]
    return min(known, default=None)


def _lasting(incident: Incident, cause: GapCause) -> ColumnElement[bool]:
    return and_(
        capture_gaps.c.incident == incident.row_id, capture_gaps.c.cause == cause.value, capture_gaps.c.to_at.is_(None)
    )
