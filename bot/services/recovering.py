"""Storing what a comparison with Slack's history brought, and what it says about deliveries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.adoption import covers
from bot.domain.capturing import GapCause
from bot.domain.incident import Incident
from bot.domain.messages import MessageSeen, time_of
from bot.domain.reconciling import TOLERANCE, Found
from storage import capture, gaps, reconciliations
from storage.database import Connection

# What was not delivered within so long of each other was lost in one stretch.
_APART = timedelta(minutes=10)
# A connection that lost something longer ago than this has been doubted since, or was another.
_RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Loss:
    """Whether anything was lost that no known stretch explains, and lately so that the connection seems silent."""

    is_any: bool
    is_recent: bool


def store(connection: Connection, incident: Incident, found: Found, *, asked_at: datetime, now: datetime) -> Loss:
    """Store messages and changes, count them into the stretches in which they were lost, and note stretches not known.

    Only what was said after the declaration counts as recovered: nobody recorded before.
    """
    missing = [seen for seen in found.missing if covers(incident, time_of(seen.ts))]
    recovered = [seen for seen in missing if time_of(seen.ts) >= incident.declared_at]
    capture.save(connection, [*missing, *found.changes], now=now, missing={seen.ts for seen in recovered})
    lost = sorted(
        at
        for at in (time_of(seen.ts) for seen in recovered)
        if at < asked_at - TOLERANCE and not gaps.covering(connection, incident, at)
    )
    for first, last in _stretches(lost):
        gaps.add(connection, incident, GapCause.NOT_DELIVERED, first, last)
    was_doubtful = reconciliations.of(connection, incident).is_doubtful
    _count(connection, incident, found, was_doubtful=was_doubtful)
    is_any = bool(lost) or (bool(found.changes) and not was_doubtful)
    return Loss(is_any=is_any, is_recent=any(at > now - _RECENT for at in lost))


def _count(connection: Connection, incident: Incident, found: Found, *, was_doubtful: bool) -> None:
    others = 0
    for record in found.changes:
        edited_ts = record.edited_ts if isinstance(record, MessageSeen) else None
        if edited_ts:
            gaps.count_changes(connection, incident, 1, at=time_of(edited_ts))
        else:
            others += 1
    # When somebody deleted something or reacted to it, Slack doesn't say: while everything is doubted, in the last
    # stretch that is known.
    if others and was_doubtful:
        gaps.count_changes(connection, incident, others)


def _stretches(moments: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the first and the last moment of each group that lies apart from the others."""
    first = last = None
    for at in moments:
        if first is not None and last is not None and at - last > _APART:
            yield first, last
            first = None
        first = first or at
        last = at
    if first is not None and last is not None:
        yield first, last
