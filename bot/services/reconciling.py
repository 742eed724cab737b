"""When an incident's channel is compared with Slack's history: every few minutes, after every doubt, before a draft.

What is new is compared cheaply, with one call where nothing happened: the last page of the channel, back to where it
was compared before at least, and the threads whose numbers have changed. Everything is compared after a doubt, such as
a time in which no events came in, and once when the incident is over.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.capturing import GapCause
from bot.domain.incident import Incident
from bot.domain.reconciling import CAUGHT_UP
from bot.services import jobs
from bot.services.comparing import Comparison
from bot.services.comparison_state import Memory
from bot.services.ports import BusyError, OutsideError, RefusedError
from bot.services.world import World
from storage import due, gaps, incidents, reconciliations
from storage.database import Connection
from storage.due import DueItem
from storage.reconciliations import Reconciliation

log = structlog.get_logger()

EVERY = timedelta(minutes=3)
_EVERY_WHEN_OVER = timedelta(minutes=15)
_AFTER_REFUSAL = timedelta(minutes=15)
# After an incident is over its channel is compared for so long; an adopted one until its capture ends.
_AFTER_END = timedelta(days=1)
# What is compared again although it was before.
_OVERLAP = timedelta(minutes=2)
# After so long at a stretch a comparison lets others go first, and whoever stops the program need not wait for longer.
AT_A_STRETCH = timedelta(seconds=10)
# How long a draft waits for a comparison before it goes on without.
BEFORE_DRAFT = timedelta(seconds=20)
# Whoever is asked to wait that long is one of those that Slack allows a page a minute.
_STRICT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class _Over:
    """An incident that is over: since when, and until when (UTC) its channel is compared by itself."""

    since: datetime
    ends: datetime

    @property
    def shown_at(self) -> datetime:
        """From when on the history shows all that was done until it was over."""
        return self.since + CAUGHT_UP

    def is_shown_at(self, at: datetime) -> bool:
        """Whether the history shows all that at a moment."""
        return at >= self.shown_at


def ask(connection: Connection, incident: Incident, *, now: datetime, doubtful: bool) -> None:
    """Let the incident's channel be compared soon: all of it where events may have been lost, else what is new.

    Nothing is asked of an imported incident.
    """
    if incident.is_imported:
        return
    if doubtful:
        reconciliations.doubt(connection, incident, now)
    due.ask_again(connection, jobs.reconcile(incident, at=now))


def begin(connection: Connection, incident: Incident, *, now: datetime) -> None:
    """Let the channel of an incident that begins be compared from time to time."""
    due.ask_again(connection, jobs.reconcile(incident, at=now + EVERY))


def reconcile(world: World, item: DueItem) -> None:
    """Compare the incident's channel, and again in a while. Raises OutsideError where carrying on later is right."""
    now = world.clock()
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        state = reconciliations.of(connection, incident)
        over = _over(connection, incident)
        is_there = _is_there(connection, incident)
    if incident.is_imported:
        return
    if not is_there:
        _look_again(world, item, now + EVERY)
        return
    memory = _begun(Memory.of(item.payload), state, now, over)
    comparison = Comparison(
        world, incident, memory, keep=lambda connection, now_at: due.keep(connection, item, now_at.as_payload())
    )
    try:
        comparison.run(until=now + AT_A_STRETCH)
    except RefusedError as error:
        log.warning("channel not compared", code=error.code, incident=incident.incident_id)
        _refused(world, item, incident, replace(comparison.memory, progress=None), error, over)
        return
    if not comparison.progress.is_done:
        _look_again(world, item, world.clock())
        return
    _finish(world, item, incident, comparison, over)


def _is_there(connection: Connection, incident: Incident) -> bool:
    """Whether there is a channel to compare: made, and what was said in it before taken in."""
    taking_in = jobs.take_in(incident, now=incident.declared_at, response_url=None)
    return incident.channel_id is not None and not due.is_unfinished(connection, taking_in)


def _over(connection: Connection, incident: Incident) -> _Over | None:
    """Return since when the incident is over, None while it is open."""
    whole = incidents.whole_of(connection, incident)
    if not whole.status.is_over:
        return None
    moves = [change.said_at for change in incidents.status_changes_of(connection, whole)]
    since = max([whole.declared_at, *moves])
    return _Over(since, ends=incident.capture_until + 2 * CAUGHT_UP if incident.capture_until else since + _AFTER_END)


def _begun(memory: Memory, state: Reconciliation, now: datetime, over: _Over | None) -> Memory:
    """Return what was kept with a comparison under way: the one that was, unless all is to be compared instead."""
    # Right after a doubt the history may not show everything yet: until it does, what is new is compared.
    is_due = state.doubted_at is not None and state.doubted_at + CAUGHT_UP <= now
    is_closed = memory.is_closed and over is not None
    is_whole = is_due or (over is not None and over.is_shown_at(now) and not is_closed)
    if memory.progress and (memory.progress.is_whole or not is_whole):
        return replace(memory, is_closed=is_closed)
    return replace(memory, is_closed=is_closed).begun(now, is_whole=is_whole, back_to=_back_to(state))


def _back_to(state: Reconciliation) -> datetime | None:
    return state.checked_until - _OVERLAP if state.checked_until else None


def _finish(world: World, item: DueItem, incident: Incident, comparison: Comparison, over: _Over | None) -> None:
    """Record that the comparison came to its end, and let the next one be due."""
    now = world.clock()

    def work(connection: Connection) -> None:
        state = _confirm(connection, incident, comparison, now)
        memory = _left(comparison.memory, over)
        due.keep(connection, item, memory.as_payload())
        again_at = _next(memory, state, now, over)
        if again_at:
            due.look_again(connection, item, at=again_at)

    world.database.retrying(work)


def _confirm(connection: Connection, incident: Incident, comparison: Comparison, now: datetime) -> Reconciliation:
    progress = comparison.progress
    # Slack shows a channel to those alone who are in it: here it may have told nobody that the program is back.
    is_back = gaps.end(connection, incident, GapCause.NOT_IN_CHANNEL, progress.began)
    reconciliations.confirm(connection, incident, began_at=progress.began, now=now, is_whole=progress.is_whole)
    if progress.is_hidden:
        reconciliations.fail(connection, incident, "Slack no longer shows all that was said", now=now)
    if (progress.is_losing or is_back) and not progress.is_whole:
        # What came to light in passing may not be all.
        reconciliations.doubt(connection, incident, now)
    return reconciliations.of(connection, incident)


def _left(memory: Memory, over: _Over | None) -> Memory:
    """Return what is kept for the next comparison."""
    progress = memory.progress
    assert progress is not None
    return replace(
        memory,
        progress=None,
        again_from=progress.again_from,
        again_in=progress.again_in,
        is_closed=memory.is_closed or (progress.is_whole and over is not None and over.is_shown_at(progress.began)),
    )


def _next(memory: Memory, state: Reconciliation, now: datetime, over: _Over | None) -> datetime | None:
    """Return when to compare again, None for no more."""
    if state.doubted_at:
        return max(now, state.doubted_at + CAUGHT_UP)
    if memory.again_from or memory.again_in:
        return now + CAUGHT_UP
    if over is None:
        return now + EVERY
    if not over.is_shown_at(now):
        return over.shown_at
    return min(now + _EVERY_WHEN_OVER, over.ends) if now < over.ends else None


def _refused(
    world: World, item: DueItem, incident: Incident, memory: Memory, error: RefusedError, over: _Over | None
) -> None:
    now = world.clock()
    with world.database.transaction() as connection:
        reconciliations.fail(connection, incident, _refusal(error), now=now)
        due.keep(connection, item, memory.as_payload())
        if over is None or now < over.ends:
            # The program may be let in again, and nobody would say so here.
            due.look_again(connection, item, at=now + _AFTER_REFUSAL)


def _refusal(error: RefusedError) -> str:
    return f"Slack refused to show the channel ({error.code})"


def _look_again(world: World, item: DueItem, at: datetime) -> None:
    with world.database.transaction() as connection:
        due.look_again(connection, item, at=at)


def pass_before_draft(world: World, incident: Incident) -> None:
    """Compare the channels of the incident and its parts, all of them where that is due, for a short time.

    What can't be compared by then, and why, is stored for the draft to say; it is carried on with later.
    """
    until = world.clock() + BEFORE_DRAFT
    with world.database.reading() as connection:
        parts = incidents.parts_of(connection, incident)
    for one in (incident, *parts):
        if not one.is_imported and one.channel_id:
            _compare_before_draft(world, one, until)


def _compare_before_draft(world: World, incident: Incident, until: datetime) -> None:
    now = world.clock()
    with world.database.reading() as connection:
        state = reconciliations.of(connection, incident)
        memory = Memory.of(due.kept(connection, jobs.reconcile(incident, at=now)))
        is_there = _is_there(connection, incident)
    if not is_there:
        _fail(world, incident, "what was said before is still being taken in")
        return
    begun = replace(memory, progress=None).begun(now, is_whole=state.is_doubtful, back_to=_back_to(state))
    comparison = Comparison(world, incident, begun)
    try:
        comparison.run(until=until)
    except RefusedError as error:
        _fail(world, incident, _refusal(error))
    except BusyError as error:
        wait = error.retry_after
        _fail(
            world,
            incident,
            "Slack allows one page a minute" if wait >= _STRICT_SECONDS else "Slack asked to wait",
            again_at=world.clock() + timedelta(seconds=wait),
        )
    except OutsideError as error:
        log.info("channel not compared before the draft", error=str(error), incident=incident.incident_id)
        _fail(world, incident, "Slack could not be reached", again_at=world.clock())
    else:
        if comparison.progress.is_done:
            _done_before_draft(world, incident, comparison, is_under_way=memory.progress is not None)
        else:
            _fail(world, incident, "it was too much to read at once", again_at=world.clock())


def _fail(world: World, incident: Incident, problem: str, *, again_at: datetime | None = None) -> None:
    with world.database.transaction() as connection:
        reconciliations.fail(connection, incident, problem, now=world.clock())
        if again_at:
            due.ask_again(connection, jobs.reconcile(incident, at=again_at))
    world.wake()


def _done_before_draft(world: World, incident: Incident, comparison: Comparison, *, is_under_way: bool) -> None:
    """Record that the comparison came to its end; what it left is looked at again, unless another is under way."""
    now = world.clock()

    def work(connection: Connection) -> None:
        state = _confirm(connection, incident, comparison, now)
        left = _left(comparison.memory, None)
        if (left.again_from or left.again_in or state.is_doubtful) and not is_under_way:
            item = jobs.reconcile(incident, at=max(now, (state.doubted_at or now) + CAUGHT_UP))
            due.put(connection, replace(item, payload=left.as_payload()))

    world.database.retrying(work)
    world.wake()
