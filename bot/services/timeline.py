"""Showing the timeline, and putting single messages on it or keeping them out."""

from dataclasses import replace

import structlog

from bot.domain.adoption import covers
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.messages import MessageSeen, VoteCast, permalink, time_of, ts_of
from bot.domain.proposing import waiting
from bot.domain.rights import Right
from bot.domain.suggesting import suggested
from bot.domain.timeline import SHORTCUT_VOTE, entries, proposals
from bot.services import jobs, people, things
from bot.services.ports import RefusedError
from bot.services.requests import Change, Outcome, Request, carry_out, inside, look
from bot.services.views import AnswerView, TimelineView
from bot.services.world import World
from storage import capture, curations, due, incidents, records, sources
from storage.database import Connection
from storage.due import DueItem

log = structlog.get_logger()

SHOWN_ENTRIES = 20


def show(world: World, request: Request, *, is_whole: bool) -> TimelineView:
    """Return the timeline for the asker: all of it, or the newest entries.

    Raises UserError when they may not see it.
    """
    incident = look(world, request)
    with world.database.reading() as connection:
        record = records.load(connection, incident)
    if record.things:
        # The command waits for the answer: what takes more than one call is read when the timeline is shown again.
        things.read(world, incident.team_id, record.things, now=request.now, at_most=1)
        with world.database.reading() as connection:
            record = records.load(connection, incident)
    found = entries(record.material, world.policy.emoji)
    proposed = waiting(proposals(record.material, world.policy.emoji), record)
    suggests = suggested(record.material, world.policy.emoji)
    links = {
        entry.reference: link
        for entry in (*found, *suggests.entries)
        if entry.message_ts
        and entry.channel_id
        and (link := permalink(record.workspace_url, entry.channel_id, entry.message_ts, entry.thread_ts))
    }
    links |= {entry.reference: entry.link for entry in found if entry.link}
    return TimelineView(
        incident=incident,
        entries=found if is_whole else found[-SHOWN_ENTRIES:],
        total=len(found),
        proposals=proposed,
        links=links,
        is_whole=is_whole or len(found) <= SHOWN_ENTRIES,
        command=world.policy.command,
        suggestions=suggests.entries,
        milestones=suggests.milestones,
    )


def show_later(
    world: World, request: Request, *, is_whole: bool = False, said: AnswerView | None = None, replaces: bool = False
) -> None:
    """Let the timeline be shown to the asker through the response_url, below what was just `said`.

    `replaces` puts it in place of the message pressed. Raises UserError when they may not see it.
    """
    incident = look(world, request)
    if request.response_url is None:
        return
    payload = {
        "user_id": request.actor.user_id,
        "row": incident.row_id,
        "response_url": request.response_url,
        "whole": is_whole,
        "said": said.text if said else "",
        "undo": said.undo if said else None,
        "replaces": replaces,
    }
    item = jobs.show_timeline(request.actor.team_id, request.key, now=request.now, payload=payload)
    with world.database.transaction() as connection:
        due.put_once(connection, item)
    world.wake()


def show_now(world: World, item: DueItem) -> None:
    """Show the timeline that `show_later` promised. Raises OutsideError while trying again may help."""
    given = item.payload
    actor, zone = people.actor(world, item.team_id, given["user_id"], "", now=world.clock())
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, given["row"])
    # Whoever could press the button in its channel was seen to be inside then.
    request = inside(Request(actor, "", world.clock(), zone=zone, row=incident.row_id), incident.channel_id or "")
    shown = show(world, request, is_whole=given.get("whole", False))
    view = replace(shown, said=given.get("said", ""), undo=given.get("undo"))
    try:
        world.messenger.respond(given["response_url"], view, replaces=given.get("replaces", False))
    except RefusedError as error:
        log.warning("timeline not shown", code=error.code, incident=incident.incident_id)


def add_message(world: World, request: Request, seen: MessageSeen) -> AnswerView:
    """Put one message on the timeline, as the shortcut does; `request.key` carries the moment of the press.

    A message that was kept out before comes back. Raises UserError outside an incident's channel.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        vote = VoteCast(
            seen.team_id,
            seen.channel_id,
            seen.ts,
            request.actor.user_id,
            SHORTCUT_VOTE,
            is_on=True,
            event_ts=ts_of(request.now),
        )
        capture.save(connection, [seen, vote], now=request.now)
        curations.decide(connection, incident, seen.channel_id, seen.ts, is_kept_out=False, without=None)
        return Outcome(f"On the timeline of {incident.incident_id}.")

    return _mark(world, request, seen.channel_id, seen.ts, change)


def keep_out(world: World, request: Request, channel_id: str, ts: str) -> AnswerView:
    """Keep one message out of the report, whatever reactions it has or gets. Raises UserError elsewhere."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        # One that was never delivered is kept out too: a later reaction would have it fetched.
        step = curations.decide(connection, incident, channel_id, ts, is_kept_out=True)
        mark = due.NewItem(incident.team_id, capture.MARK_JOB, channel_id, ts, due_at=request.now)
        return Outcome("That message stays out of the report.", undo=(step,), jobs=(mark,))

    return _mark(world, request, channel_id, ts, change)


def _mark(world: World, request: Request, channel_id: str, ts: str, change: Change) -> AnswerView:
    """Carry out a change of one message's entry, in the channel where the message stands.

    Of several incidents that were led there it concerns the one in whose time the message was said.
    """
    asked = replace(request, channel_id=channel_id)
    with world.database.reading() as connection:
        there = request.actor.team_id, channel_id
        every = (*incidents.in_channel(connection, *there), *sources.taken_from(connection, *there))
    # What was led there comes before what was only imported from there.
    led = sorted(every, key=lambda one: one.is_imported)
    if led:
        said_in = next((one for one in led if covers(one, time_of(ts))), None)
        if said_in is None:
            raise UserError(
                "That message was said before or after the incident here was recorded: it is on no timeline."
            )
        asked = replace(asked, row=said_in.row_id)
    try:
        return carry_out(world, asked, Right.MARK, change)
    except NotFoundError as error:
        raise NotFoundError("This is not an incident's channel, so its messages are on no timeline.") from error
