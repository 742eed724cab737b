"""The one due table: everything that has to happen later, now or in sixty days, and only once.

An item is named by (team, kind, subject, slot). It is put in the transaction of the change that made it due, claimed
by one worker for a short lease, and finished, or put back with a later time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, tuple_, update
from sqlalchemy.engine import Connection, Row

from storage.locks import one_at_a_time
from storage.tables import due_items
from storage.upsert import Insert, inserting

LEASE = timedelta(seconds=20)
WAITING, CLAIMED, DONE, FAILED = "waiting", "claimed", "done", "failed"


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something to be done at `due_at` (UTC)."""

    team_id: str
    kind: str
    subject: str
    slot: str
    due_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueItem:
    """A claimed item. `generation` tells whether it was put again meanwhile; `attempts` counts earlier tries."""

    item_id: int
    team_id: str
    kind: str
    subject: str
    slot: str
    due_at: datetime
    payload: Mapping[str, Any]
    generation: int
    attempts: int


def _inserting(connection: Connection, item: NewItem) -> Insert:
    return inserting(connection.dialect.name, due_items).values(
        team_id=item.team_id,
        kind=item.kind,
        subject=item.subject,
        slot=item.slot,
        due_at=item.due_at,
        payload=dict(item.payload),
        state=WAITING,
        generation=1,
        attempts=0,
    )


def put(connection: Connection, item: NewItem) -> None:
    """Put an item, or ask for it again: a finished one waits anew, a running one runs once more afterwards."""
    insert = _inserting(connection, item)
    new = insert.excluded
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "kind", "subject", "slot"],
            set_={
                "due_at": new.due_at,
                "payload": new.payload,
                "generation": due_items.c.generation + 1,
                "attempts": 0,
                # A claimed one keeps its claim; `finish` sees the new generation and puts it back.
                "state": case((due_items.c.state == CLAIMED, CLAIMED), else_=WAITING),
                "finished_at": None,
            },
        )
    )


def put_once(connection: Connection, item: NewItem) -> None:
    """Put an item that happens once: nothing changes when it has been put before, finished or not."""
    connection.execute(_inserting(connection, item).on_conflict_do_nothing())


def ask_again(connection: Connection, item: NewItem) -> None:
    """Put an item, or ask for it again as `put` does, without losing what it has kept.

    One that waits because Slack asked it to keeps its time.
    """
    insert = _inserting(connection, item)
    old = due_items.c
    is_asked_to_wait = and_(old.state == WAITING, old.last_error.is_not(None), old.attempts == 0)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "kind", "subject", "slot"],
            set_={
                "due_at": case((is_asked_to_wait, old.due_at), else_=insert.excluded.due_at),
                "generation": old.generation + 1,
                "attempts": 0,
                "state": case((old.state == CLAIMED, CLAIMED), else_=WAITING),
                "finished_at": None,
            },
        )
    )


def move_if_waiting(connection: Connection, item: NewItem) -> None:
    """Give a waiting item another time; one that is running or finished stays as it is."""
    connection.execute(update(due_items).where(_named(item), due_items.c.state == WAITING).values(due_at=item.due_at))


def look_again(connection: Connection, item: DueItem, *, at: datetime) -> None:
    """Let an item that is running run once more at `at`; one that was put again meanwhile keeps that time."""
    unchanged = and_(due_items.c.id == item.item_id, due_items.c.generation == item.generation)
    connection.execute(
        update(due_items).where(unchanged).values(due_at=at, generation=due_items.c.generation + 1, attempts=0)
    )


def _named(item: NewItem) -> Any:
    return and_(
        due_items.c.team_id == item.team_id,
        due_items.c.kind == item.kind,
        due_items.c.subject == item.subject,
        due_items.c.slot == item.slot,
    )


def _is_due(worker: str, now: datetime, busy_subjects: Collection[str]) -> ColumnElement[bool]:
    held = due_items.alias("held")
    held_elsewhere = select(held.c.team_id, held.c.subject).where(
        held.c.state == CLAIMED, held.c.claimed_until > now, held.c.claimed_by != worker
    )
    return and_(
        due_items.c.finished_at.is_(None),
        due_items.c.due_at <= now,
        due_items.c.subject.not_in(list(busy_subjects)),
        tuple_(due_items.c.team_id, due_items.c.subject).not_in(held_elsewhere),
        or_(
            due_items.c.state == WAITING,
            and_(due_items.c.state == CLAIMED, due_items.c.claimed_until <= now),
        ),
    )


def is_any_due(connection: Connection, *, worker: str, now: datetime, busy_subjects: Collection[str] = ()) -> bool:
    """Whether there is anything that this worker could claim."""
    query = select(due_items.c.id).where(_is_due(worker, now, busy_subjects)).limit(1)
    return connection.execute(query).first() is not None


def claim(
    connection: Connection, *, worker: str, now: datetime, limit: int, busy_subjects: Collection[str] = ()
) -> tuple[DueItem, ...]:
    """Claim up to `limit` items that are due, the earliest first, for LEASE from `now`.

    Items of `busy_subjects` are left, and those of subjects that another worker is at: what concerns one incident
    happens in order, also while two processes overlap. Items whose worker has let its lease run out are taken over.
    On PostgreSQL workers claim one after the other, as a claim must see the subjects that the others are at; rows that
    somebody is putting again at this moment are skipped, they are due later.
    """
    one_at_a_time(connection, "claim")
    rows = connection.execute(
        select(due_items)
        .where(_is_due(worker, now, busy_subjects))
        .order_by(due_items.c.due_at, due_items.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        connection.execute(
            update(due_items)
            .where(due_items.c.id.in_([row.id for row in rows]))
            .values(state=CLAIMED, claimed_by=worker, claimed_until=now + LEASE)
        )
    return tuple(_item(row) for row in rows)


def _item(row: Row[Any]) -> DueItem:
    return DueItem(
        item_id=row.id,
        team_id=row.team_id,
        kind=row.kind,
        subject=row.subject,
        slot=row.slot,
        due_at=row.due_at,
        payload=row.payload,
        generation=row.generation,
        attempts=row.attempts,
    )


def renew(connection: Connection, item_ids: Collection[int], *, worker: str, now: datetime) -> None:
    """Lengthen the lease of the items that this worker is at, leaving out what somebody is putting again just now."""
    mine = _claimed_by(worker).where(due_items.c.id.in_(list(item_ids)))
    connection.execute(update(due_items).where(due_items.c.id.in_(mine)).values(claimed_until=now + LEASE))


def release(connection: Connection, *, worker: str) -> None:
    """Give back what this worker has claimed and won't begin, so that the next one need not wait for the lease."""
    connection.execute(
        update(due_items)
        .where(due_items.c.id.in_(_claimed_by(worker)))
        .values(state=WAITING, claimed_by=None, claimed_until=None)
    )


def _claimed_by(worker: str) -> Select[Any]:
    """Return the ids of a worker's items, without waiting for those that a running transaction has changed.

    Such a transaction may be about to change another of them: to wait for each other would be a deadlock.
    """
    mine = due_items.c.claimed_by == worker, due_items.c.state == CLAIMED
    return select(due_items.c.id).where(*mine).with_for_update(skip_locked=True)


def finish(connection: Connection, item: DueItem, *, worker: str, now: datetime) -> None:
    """Record that the item is done; if it was put again while it ran, it waits for its next run."""
    mine = and_(due_items.c.id == item.item_id, due_items.c.claimed_by == worker)
    unchanged = due_items.c.generation == item.generation
    connection.execute(
        update(due_items)
        .where(mine)
        .values(
            state=case((unchanged, DONE), else_=WAITING),
            finished_at=case((unchanged, now), else_=None),
            claimed_by=None,
            claimed_until=None,
            last_error=None,
        )
    )


def put_back(
    connection: Connection, item: DueItem, *, worker: str, again_at: datetime, error: str, is_failure: bool = True
) -> None:
    """Let the item wait until `again_at`, remembering what went wrong; only a failure counts as a try."""
    connection.execute(
        update(due_items)
        .where(due_items.c.id == item.item_id, due_items.c.claimed_by == worker)
        .values(
            state=WAITING,
            due_at=again_at,
            attempts=due_items.c.attempts + (1 if is_failure else 0),
            claimed_by=None,
            claimed_until=None,
            last_error=error[:500],
        )
    )


def give_up(connection: Connection, item: DueItem, *, worker: str, now: datetime, error: str) -> None:
    """Record that the item failed for good; if it was put again while it ran, it waits for its next run."""
    unchanged = due_items.c.generation == item.generation
    connection.execute(
        update(due_items)
        .where(due_items.c.id == item.item_id, due_items.c.claimed_by == worker)
        .values(
            state=case((unchanged, FAILED), else_=WAITING),
            finished_at=case((unchanged, now), else_=None),
            claimed_by=None,
            claimed_until=None,
            last_error=error[:500],
        )
    )


def keep_progress(connection: Connection, item: DueItem, payload: Mapping[str, Any]) -> None:
    """Let the item's next run, after a crash or a pause, begin with this payload; not if it was put anew meanwhile."""
    connection.execute(
        update(due_items)
        .where(due_items.c.id == item.item_id, due_items.c.generation == item.generation)
        .values(payload=dict(payload))
    )


def keep(connection: Connection, item: DueItem, payload: Mapping[str, Any]) -> None:
    """As `keep_progress`, also when the item was asked for again meanwhile; for those that are never put anew."""
    connection.execute(update(due_items).where(due_items.c.id == item.item_id).values(payload=dict(payload)))


def kept(connection: Connection, item: NewItem) -> Mapping[str, Any]:
    """Return what an item has kept, nothing when it was never put."""
    payload: Mapping[str, Any] | None = connection.execute(select(due_items.c.payload).where(_named(item))).scalar()
    return payload or {}


def is_unfinished(connection: Connection, item: NewItem) -> bool:
    """Whether an item waits or runs."""
    query = select(due_items.c.id).where(_named(item), due_items.c.finished_at.is_(None))
    return connection.execute(query).first() is not None


def is_another_unfinished(connection: Connection, item: NewItem | DueItem) -> bool:
    """Whether an item of the same kind and subject but another slot waits or runs."""
    query = select(due_items.c.id).where(
        due_items.c.team_id == item.team_id,
        due_items.c.kind == item.kind,
        due_items.c.subject == item.subject,
        due_items.c.slot != item.slot,
        due_items.c.finished_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None


def is_behind(connection: Connection, item: DueItem) -> bool:
    """Whether an earlier item of the same kind and subject is not finished yet."""
    query = select(due_items.c.id).where(
        due_items.c.team_id == item.team_id,
        due_items.c.kind == item.kind,
        due_items.c.subject == item.subject,
        due_items.c.id < item.item_id,
        due_items.c.finished_at.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None


def unfinished(connection: Connection, *, before: datetime) -> int:
    """Return how many items are due before this time and not finished."""
    query = select(due_items.c.id).where(due_items.c.finished_at.is_(None), due_items.c.due_at <= before)
    return len(connection.execute(query).all())
