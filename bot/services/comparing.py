"""One comparison of an incident's channel with Slack's history, call by call.

It goes back in time from now, page by page, and reads threads as it comes to them. Each step asks Slack one thing,
stores what that taught, and then how far it has come, in one transaction: so it carries on after a crash, or a pause
that Slack asks for. A step that finds nothing new writes nothing but that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.adoption import covers
from bot.domain.history import Said
from bot.domain.incident import Incident
from bot.domain.messages import MessageDeleted, time_of, ts_of, ts_rank
from bot.domain.reconciling import SHORTEST_RETENTION, Found, Place, compare, compare_votes
from bot.services import recovering
from bot.services.comparison_state import Memory, OpenThread, Progress, just_after, just_before
from bot.services.ports import ChannelGoneError, Page, RefusedError
from bot.services.world import World
from storage import gaps, reconciliations
from storage.database import Connection
from storage.reconciliations import Stretch, Thread

log = structlog.get_logger()

# Of threads that began before an incident's window, those with a reply in it are looked for in so many pages.
EARLIER_PAGES = 5
_NEXT = timedelta(seconds=1)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step came to: what was found, and where to go on."""

    found: Found
    memory: Memory


_Decide = Callable[[Connection], _Step]


class Comparison:
    """A comparison under way. `keep` stores how far it has come; without it that is only returned."""

    def __init__(
        self,
        world: World,
        incident: Incident,
        memory: Memory,
        *,
        keep: Callable[[Connection, Memory], None] | None = None,
    ) -> None:
        assert incident.channel_id is not None
        assert memory.progress is not None
        self._world = world
        self._incident = incident
        self._place = Place(incident.team_id, incident.channel_id)
        self._keep = keep
        self.memory = memory
        # Not in the window: the moment before it, None for the channel's beginning.
        self._after = ts_of(incident.capture_from - _MOMENT) if incident.capture_from else None

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        assert self.memory.progress is not None
        return self.memory.progress

    def run(self, *, until: datetime | None = None) -> Memory:
        """Compare until all is, or no longer than this (UTC); return what is known then. Raises OutsideError."""
        while not self.progress.is_done and (until is None or self._world.clock() < until):
            self._step()
        return self.memory

    def _step(self) -> None:
        progress = self.progress
        if progress.votes:
            self._look_at_votes(progress)
        elif progress.absent:
            self._look_for(progress)
        elif progress.threads:
            self._read_thread(progress)
        elif progress.stage == "window":
            self._read_page(progress)
        else:
            self._read_earlier(progress)

    def _settle(self, asked_at: datetime, decide: _Decide) -> None:
        """Carry out what was decided, and go on from there."""
        database = self._world.database
        with database.reading() as connection:
            step = decide(connection)
        if step.found.records:
            # Decided once more where nobody else stores anything meanwhile, so that it is counted as it is.
            step, is_silent = database.retrying(lambda connection: self._store(connection, asked_at, decide))
            self._world.wake()
            if is_silent:
                log.warning("messages were not delivered", incident=self._incident.incident_id)
                self._world.reconnect()
        elif self._keep and not _progress(step.memory).is_done:
            with database.transaction() as connection:
                self._keep(connection, step.memory)
        self.memory = step.memory

    def _store(self, connection: Connection, asked_at: datetime, decide: _Decide) -> tuple[_Step, bool]:
        step = decide(connection)
        loss = recovering.store(connection, self._incident, step.found, asked_at=asked_at, now=self._world.clock())
        if loss.is_any:
            progress = replace(_progress(step.memory), is_losing=True)
            step = replace(step, memory=replace(step.memory, progress=progress))
        if self._keep:
            self._keep(connection, step.memory)
        return step, loss.is_recent

    def _is_lost(self, connection: Connection) -> Callable[[datetime], bool]:
        return lambda at: gaps.covering(connection, self._incident, at)

    # The channel itself

    def _read_page(self, progress: Progress) -> None:
        asked_at = self._world.clock()
        before = progress.before or self._end(asked_at)
        page = self._world.history.page(*self._channel, after=self._after, before=before)
        lowest = _lowest(page)
        is_far_enough = not progress.is_whole and progress.back_to is not None and lowest is not None
        is_end = page.is_last or (is_far_enough and ts_rank(lowest or "") <= ts_rank(progress.back_to or ""))
        after = self._after if page.is_last or lowest is None else just_before(lowest)
        stretch = Stretch(after, before)

        def decide(connection: Connection) -> _Step:
            found = self._compared(connection, stretch, page, asked_at)
            moved = replace(
                self._noted(progress, found),
                before=lowest,
                reached=lowest or progress.reached,
                threads=self._threads(connection, stretch, page.messages),
            )
            if is_end and progress.is_whole and self._incident.capture_from:
                moved = replace(moved, stage="earlier", before=None)
            elif is_end:
                moved = replace(moved, stage="done")
            return _Step(found, replace(self.memory, progress=moved))

        self._settle(asked_at, decide)

    @property
    def _channel(self) -> tuple[str, str]:
        return self._place.team_id, self._place.channel_id

    def _end(self, now: datetime) -> str:
        """Return the end of what is to be compared, which is not in it."""
        ends = self._incident.capture_until
        return ts_of(min(now + _NEXT, ends + _MOMENT) if ends else now + _NEXT)

    def _compared(self, connection: Connection, stretch: Stretch, page: Page, asked_at: datetime) -> Found:
        shown = [said for said in page.messages if covers(self._incident, time_of(said.ts))]
        kept = reconciliations.kept(connection, self._incident, stretch, {said.ts for said in shown})
        # A thread may go on after the window, recorded by another incident: that is neither shown nor missed here.
        ours = {ts: one for ts, one in kept.messages.items() if covers(self._incident, time_of(ts))}
        return compare(
            self._place,
            replace(kept, messages=ours),
            shown,
            asked_at=asked_at,
            is_thorough=self.progress.is_whole,
            is_lost=self._is_lost(connection),
        )

    @staticmethod
    def _noted(progress: Progress, found: Found, thread_ts: str | None = None) -> Progress:
        """Return the progress with what is to be looked at next, and what once more."""
        progress = replace(progress, votes=tuple((ts, thread_ts) for ts in found.cut), absent=found.absent)
        if found.is_settled:
            return progress
        if thread_ts:
            return replace(progress, again_in=tuple(dict.fromkeys((*progress.again_in, thread_ts))))
        known = [progress.again_from] if progress.again_from else []
        return replace(progress, again_from=min((*known, *found.unsettled), key=ts_rank))

    # Threads

    def _threads(self, connection: Connection, stretch: Stretch, shown: Sequence[Said]) -> tuple[OpenThread, ...]:
        """Return the threads of a stretch that are to be read: of a whole all, else those that seem to have changed."""
        stored = reconciliations.threads(connection, self._incident, stretch)
        to_read = [
            OpenThread(said.ts, said.replies, said.last_reply_ts)
            for said in shown
            if said.replies and (self.progress.is_whole or self._is_other(said, stored.get(said.ts)))
        ]
        with_replies = {said.ts for said in shown if said.replies}
        # Of these every reply is gone, or so it seems.
        return (*to_read, *(OpenThread(ts) for ts in stored if ts not in with_replies))

    def _is_other(self, said: Said, stored: Thread | None) -> bool:
        number, last_ts = self.memory.others.get(said.ts, (0, None))
        known = (stored.replies, stored.last_ts) if stored else (0, None)
        return said.replies != known[0] + number or said.last_reply_ts not in (known[1], last_ts)

    def _read_thread(self, progress: Progress) -> None:
        thread, *others = progress.threads
        after = progress.thread_after or max(self._after or "0", thread.ts, key=ts_rank)
        asked_at = self._world.clock()
        page = self._world.history.replies(*self._channel, thread.ts, after=after)
        last = page.messages[-1].ts if page.messages else after
        stretch = Stretch(after, None if page.is_last else just_after(last), thread.ts)

        def decide(connection: Connection) -> _Step:
            found = self._compared(connection, stretch, page, asked_at)
            moved = self._noted(progress, found, thread.ts)
            if not page.is_last:
                return _Step(found, replace(self.memory, progress=replace(moved, thread_after=last)))
            moved = replace(moved, threads=tuple(others), thread_after=None)
            not_ours = self._not_ours(connection, thread, found) if thread.ts not in moved.again_in else {}
            kept = {ts: other for ts, other in self.memory.others.items() if ts != thread.ts}
            return _Step(found, replace(self.memory, progress=moved, others=kept | not_ours))

        self._settle(asked_at, decide)

    def _not_ours(self, connection: Connection, thread: OpenThread, found: Found) -> dict[str, tuple[int, str | None]]:
        """Return by how much the length of a thread that was read differs from what is stored of it, if it does."""
        if thread.replies is None:
            return {}
        itself = Stretch(just_before(thread.ts), just_after(thread.ts))
        stored = reconciliations.threads(connection, self._incident, itself).get(thread.ts)
        last = max([stored.last_ts if stored else "0", *(seen.ts for seen in found.missing)], key=ts_rank)
        number = thread.replies - ((stored.replies if stored else 0) + len(found.missing) - len(found.absent))
        return {thread.ts: (number, thread.last_ts)} if number or last != thread.last_ts else {}

    def _read_earlier(self, progress: Progress) -> None:
        """Look for threads that began before the window and go on in it.

        History has no way to ask for those: the ones that a stored reply names are certain, the last pages before the
        window have the likely ones.
        """
        assert self._incident.capture_from is not None
        asked_at = self._world.clock()
        starts = ts_of(self._incident.capture_from)
        page = self._world.history.page(*self._channel, after=None, before=progress.before or starts)
        going_on = threads_into(page, starts)
        pages = progress.pages_before + 1

        def decide(connection: Connection) -> _Step:
            named: Mapping[str, Thread] = {}
            if not progress.pages_before:
                named = reconciliations.threads(connection, self._incident, Stretch(None, starts))
            threads = [*going_on, *(OpenThread(ts) for ts in named if ts not in {one.ts for one in going_on})]
            is_end = page.is_last or pages >= EARLIER_PAGES
            moved = replace(
                progress,
                threads=tuple(threads),
                before=_lowest(page),
                pages_before=pages,
                stage="done" if is_end else progress.stage,
            )
            return _Step(Found(), replace(self.memory, progress=moved))

        self._settle(asked_at, decide)

    # Single messages

    def _look_for(self, progress: Progress) -> None:
        """Ask once more for a message that was not shown: it counts as deleted if Slack still shows what was before."""
        ts, *others = progress.absent
        asked_at = self._world.clock()
        is_gone = self._world.history.message(*self._channel, ts) is None
        reached = progress.reached
        is_old = time_of(ts) < asked_at - SHORTEST_RETENTION
        if is_gone and is_old and not (reached and ts_rank(reached) < ts_rank(ts)):
            # Messages also disappear because the workspace keeps them only for so long. What is stored stays then.
            reached = _lowest(self._world.history.page(*self._channel, after=None, before=ts)) or reached
        is_deleted = is_gone and (not is_old or (reached is not None and ts_rank(reached) < ts_rank(ts)))
        found = Found(changes=(MessageDeleted(*self._channel, ts),)) if is_deleted else Found()
        moved = replace(
            progress,
            absent=tuple(others),
            reached=reached,
            is_hidden=progress.is_hidden or (is_gone and not is_deleted),
        )
        self._settle(asked_at, lambda _: _Step(found, replace(self.memory, progress=moved)))

    def _look_at_votes(self, progress: Progress) -> None:
        """Ask for all reactions on a message of which the history showed only some."""
        (ts, thread_ts), *others = progress.votes
        left = replace(progress, votes=tuple(others))
        asked_at = self._world.clock()
        try:
            shown = self._world.history.votes(*self._channel, ts)
        except ChannelGoneError:
            raise
        except RefusedError as error:
            log.warning("reactions not compared", code=error.code, incident=self._incident.incident_id)
            self._settle(asked_at, lambda _: _Step(Found(), replace(self.memory, progress=left)))
            return

        def decide(connection: Connection) -> _Step:
            known = reconciliations.kept_votes(connection, self._incident, ts)
            found = compare_votes(self._place, ts, known, shown, asked_at=asked_at)
            noted = self._noted(left, found, thread_ts)
            moved = replace(noted, votes=left.votes, absent=left.absent)
            return _Step(found, replace(self.memory, progress=moved))

        self._settle(asked_at, decide)


def _progress(memory: Memory) -> Progress:
    assert memory.progress is not None
    return memory.progress


def threads_into(page: Page, starts: str) -> tuple[OpenThread, ...]:
    """Return the threads of a page that have replies from a timestamp on."""
    return tuple(
        OpenThread(said.ts, said.replies, said.last_reply_ts)
        for said in page.messages
        if said.replies and ts_rank(said.last_reply_ts or "0") >= ts_rank(starts)
    )


def _lowest(page: Page) -> str | None:
    return min((said.ts for said in page.messages), key=ts_rank, default=None)
