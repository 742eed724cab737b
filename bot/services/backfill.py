"""Reading a stretch of a channel's history: counting it for a preview, and taking it in.

Both go back in time from now, page by page. Taking in keeps its progress after each step, so that it carries on after
a crash or a pause that Slack asks for. It only adds: what capture learned meanwhile outranks what the history shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.adoption import LOOK_BACK, MOST_MESSAGES, Talk, beginning
from bot.domain.history import Said
from bot.domain.incident import Incident
from bot.domain.messages import CaptureRecord, time_of, ts_of
from bot.domain.text import counted
from bot.services import jobs, reconciling
from bot.services.comparing import EARLIER_PAGES, threads_into
from bot.services.ports import BusyError, OutsideError, Page, RefusedError
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due, incidents, reconciliations
from storage.due import DueItem
from storage.reconciliations import Stretch

log = structlog.get_logger()

_NEXT = timedelta(seconds=1)
_BEFORE = timedelta(microseconds=1)


def count(world: World, team_id: str, channel_id: str, since: datetime | None, now: datetime) -> Talk:
    """Return how much was said in a channel since then, or in the talk that runs up to now. Raises OutsideError.

    When Slack asks to wait, what was counted until then is returned, and said to be only a part.
    """
    first = since or now - LOOK_BACK
    found: list[Said] = []
    is_whole = True
    try:
        for page in _pages(world, team_id, channel_id, first, now):
            found += page.messages
            if sum(1 + said.replies for said in found) > MOST_MESSAGES:
                is_whole = False
                break
    except BusyError as error:
        log.info("counting cut short", seconds=error.retry_after)
        is_whole = False
    if since is None:
        first = beginning(_moments(found), now) or now
    return _talk([said for said in found if time_of(said.ts) >= first], first, is_whole=is_whole)


def _pages(world: World, team_id: str, channel_id: str, first: datetime, now: datetime) -> Iterator[Page]:
    before = ts_of(now + _NEXT)
    while True:
        page = world.history.page(team_id, channel_id, after=ts_of(first - _BEFORE), before=before)
        yield page
        if page.is_last:
            return
        before = page.messages[-1].ts


def _moments(found: list[Said]) -> Iterator[datetime]:
    for said in found:
        if said.seen:
            yield time_of(said.ts)
        if said.last_reply_ts:
            yield time_of(said.last_reply_ts)


def _talk(found: list[Said], first: datetime, *, is_whole: bool) -> Talk:
    messages = sum(_is_counted(said) + said.replies for said in found)
    people = {said.seen.user_id or said.seen.author_name for said in found if said.seen}
    people.update(user_id for said in found for user_id in said.repliers)
    is_more = not is_whole or any(said.more_repliers for said in found)
    return Talk(messages, len(people), first if messages else None, is_more)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a channel has been taken in.

    `before` is where the next page ends, None for now. `threads` are still to be read, the first of them after
    `thread_after`. The stages follow each other: the window itself, threads that began before it, nothing more.
    `earlier` are threads of the second kind that a stored reply names, `pages_before` counts the pages read to find
    others. `messages` counts what was taken in.
    """

    stage: str = "window"
    before: str | None = None
    threads: tuple[str, ...] = ()
    thread_after: str | None = None
    earlier: tuple[str, ...] = ()
    pages_before: int = 0
    messages: int = 0

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Progress":
        """Return the progress that a due item has kept."""
        kept = payload.get("progress") or {}
        lists = {name: tuple(kept.get(name, ())) for name in ("threads", "earlier")}
        return cls(**(kept | lists))


def take_in(world: World, item: DueItem) -> None:
    """Take in what was said in the incident's channel since its capture begins, then tell the asker how much.

    From then on the channel is compared with Slack's history as any other.

    Raises OutsideError where carrying on later is right; a refusal ends it, and is told too.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
    progress = Progress.of(item.payload)
    try:
        while progress.stage != "done":
            progress = _step(world, incident, progress)
            with world.database.transaction() as connection:
                due.keep_progress(connection, item, {**item.payload, "progress": asdict(progress)})
    except RefusedError as error:
        log.warning("channel not taken in", code=error.code, incident=incident.incident_id)
        text = f"Slack refused to show what was said before ({error.code}). Recorded is what is said from now on."
    else:
        text = f"{incident.incident_id}: took in {counted(progress.messages, 'message')}."
    with world.database.transaction() as connection:
        reconciling.begin(connection, incident, now=world.clock())
    _tell(world, item, text)


def _step(world: World, incident: Incident, progress: Progress) -> Progress:
    """Read one page, of the channel or of one of its threads, and store it."""
    assert incident.channel_id is not None
    assert incident.capture_from is not None
    after = ts_of(incident.capture_from - _BEFORE)
    if progress.threads:
        return _thread_step(world, incident, progress, after)
    if progress.stage == "window":
        before = progress.before or ts_of(world.clock() + _NEXT)
        page = world.history.page(incident.team_id, incident.channel_id, after=after, before=before)
        _store(world, incident, page)
        progress = replace(
            progress,
            before=page.messages[-1].ts if page.messages else before,
            threads=tuple(said.ts for said in page.messages if said.replies),
            messages=progress.messages + _counted(page),
        )
        return replace(progress, stage="earlier threads", before=None) if page.is_last else progress
    return _earlier_step(world, incident, progress)


def _earlier_step(world: World, incident: Incident, progress: Progress) -> Progress:
    """Look for threads that began earlier and go on in the window.

    History has no way to ask for those: the ones that a stored reply names are certain, the last pages before the
    window have the likely ones.
    """
    assert incident.channel_id is not None
    assert incident.capture_from is not None
    starts = ts_of(incident.capture_from)
    page = world.history.page(incident.team_id, incident.channel_id, after=None, before=progress.before or starts)
    threads = [thread.ts for thread in threads_into(page, starts) if thread.ts not in progress.earlier]
    if not progress.pages_before:
        with world.database.reading() as connection:
            named = reconciliations.threads(connection, incident, Stretch(None, starts))
        progress = replace(progress, earlier=tuple(named))
        threads += [ts for ts in named if ts not in threads]
    pages = progress.pages_before + 1
    is_end = page.is_last or pages >= EARLIER_PAGES
    return replace(
        progress,
        stage="earlier threads" if not is_end else "last threads" if threads else "done",
        before=page.messages[-1].ts if page.messages else None,
        threads=tuple(threads),
        pages_before=pages,
    )


def _thread_step(world: World, incident: Incident, progress: Progress, after: str) -> Progress:
    assert incident.channel_id is not None
    thread_ts, *others = progress.threads
    page = world.history.replies(
        incident.team_id, incident.channel_id, thread_ts, after=progress.thread_after or max(after, thread_ts)
    )
    _store(world, incident, page)
    progress = replace(progress, messages=progress.messages + sum(said.seen is not None for said in page.messages))
    if not page.is_last:
        return replace(progress, thread_after=page.messages[-1].ts)
    is_done = progress.stage == "last threads" and not others
    return replace(progress, threads=tuple(others), thread_after=None, stage="done" if is_done else progress.stage)


def _counted(page: Page) -> int:
    return sum(_is_counted(said) for said in page.messages)


def _is_counted(said: Said) -> bool:
    """Whether it counts among what the channel itself shows; a reply that was sent there too counts in its thread."""
    return said.seen is not None and said.seen.kind != "thread_broadcast"


def _store(world: World, incident: Incident, page: Page) -> None:
    """Store a page's messages and reactions; those outside the incident's window are left out by storage."""
    assert incident.channel_id is not None
    records: list[CaptureRecord] = []
    for said in page.messages:
        if said.seen:
            records.append(said.seen)
            votes = said.votes
            if said.has_more_votes:
                votes = world.history.votes(incident.team_id, incident.channel_id, said.ts)
            records += votes
    if records:
        world.writer.save(records)


def _tell(world: World, item: DueItem, text: str) -> None:
    response_url = item.payload.get("response_url")
    if response_url:
        try:
            world.messenger.respond(response_url, AnswerView(text), replaces=False)
        except OutsideError as error:
            log.info("answer not shown", error=str(error))
