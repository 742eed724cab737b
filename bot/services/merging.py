"""Making an incident part of another: one outage that was declared twice goes on as one, and nothing is lost.

What was entered moves, keeping its keys; what was said stays in its channel and is read together with the other's.
"""

from dataclasses import replace
from typing import Any

from bot.domain import merging
from bot.domain.adoption import end_of_capture
from bot.domain.errors import UserError
from bot.domain.handover import HandoverStatus
from bot.domain.impact import facts
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.merging import Pair, whole_name
from bot.domain.messages import permalink
from bot.domain.milestones import Stamp
from bot.domain.rights import Right, may, sees
from bot.domain.statements import with_details
from bot.domain.text import channel_mark, mention, one_line
from bot.domain.timeline import Note
from bot.services import jobs
from bot.services.requests import Outcome, Request, carry_out, named
from bot.services.status import check_channel_is_free
from bot.services.views import AnswerView
from bot.services.world import World
from storage import drafts, handovers, incidents, people, statements, undo
from storage import merging as stored
from storage.database import Connection
from storage.due import NewItem
from storage.merging import Moved
from storage.undo import GiveBack, OfAnother, RemoveRow, RestoreColumns, RestoreRow, RestoreStamp, RestoreStatus, Step


def merge(world: World, request: Request, other: str) -> AnswerView:
    """Make the incident part of another, given by its id or an ending of it; what that one is part of counts.

    Raises UserError where the two can't be one, NotFoundError for one that the asker can't see.
    """

    def finding(connection: Connection) -> Incident:
        # All that joins incidents is done one after the other; what changes one of them waits for its row.
        incidents.lock_merging(connection, request.actor.team_id)
        part, whole = _found(world, connection, request, other)
        for one in sorted((part, whole), key=lambda each: each.row_id):
            incidents.locked(connection, one)
        return incidents.by_row(connection, part.row_id)

    def change(connection: Connection, part: Incident) -> Outcome:
        _, whole = _found(world, connection, request, other)
        may(request.actor, Right.CHANGE, whole)
        published = drafts.published(connection, part) is not None
        merging.check(Pair(part, whole, is_published=published), world.policy.command)
        return _merged(world, connection, request, part, whole)

    return carry_out(world, request, Right.CHANGE, change, finding=finding)


def _found(world: World, connection: Connection, request: Request, other: str) -> tuple[Incident, Incident]:
    """Return the incident that is to become a part, and what it is to become part of. Raises UserError."""
    command = world.policy.command
    part = named(connection, request, command=command)
    meant = named(connection, replace(request, row=None, target=other), command=command)
    whole = incidents.whole_of(connection, meant)
    if part.row_id == meant.row_id:
        raise UserError(f"{part.incident_id} can't be merged with itself. To see the others", right=f"{command} list")
    if part.merged_into is not None:
        raise _part_already(connection, request, part, whole, command)
    if whole.row_id == part.row_id:
        raise UserError(
            f"{meant.incident_id} is part of {part.incident_id} already. To see what is known of it",
            right=f"{command} {part.incident_id} info",
        )
    return part, whole


def _part_already(
    connection: Connection, request: Request, part: Incident, target: Incident, command: str
) -> UserError:
    whole = incidents.whole_of(connection, part)
    if not sees(request.actor, whole):
        return UserError(f"{part.incident_id} is part of another incident already, one that you can't see.")
    already = f"{part.incident_id} is part of {whole.incident_id} already."
    if target.row_id == whole.row_id:
        return UserError(f"{already} To see what is known of it", right=f"{command} {whole.incident_id} info")
    right = f"{command} {whole.incident_id} merge {target.incident_id}"
    return UserError(f"{already} To merge that one as well", right=right)


def _merged(world: World, connection: Connection, request: Request, part: Incident, whole: Incident) -> Outcome:
    """Store it, and return how to take it back and what follows."""
    by, now = request.actor.user_id, request.now
    known = {stamp.milestone: stamp for stamp in incidents.stamps_of(connection, whole)}
    of_part = incidents.stamps_of(connection, part)
    new = merging.learned(of_part, known, whole.status)
    columns = merging.taken_over(part, whole)
    steps = [*_entered_steps(connection, part, whole), *_closing_steps(connection, request, part, whole)]
    moved = next(step.moved for step in steps if isinstance(step, GiveBack))
    steps += _learning_steps(connection, part, whole, new)
    if columns:
        before = {name: _plain(getattr(whole, name)) for name in columns}
        incidents.change(connection, whole, **columns)
        steps.append(OfAnother(whole.row_id, RestoreColumns(before, columns)))
    text = f"{part.incident_id} ({part.severity.label}: {part.title}) was merged into this incident"
    steps.append(RemoveRow("notes", statements.add_note(connection, whole, Note(0, now, text, by, now))))
    name = _named_outside(whole)
    return Outcome(
        "\n".join(_told(world, part, whole, moved, new, merging.earlier(of_part, known))),
        undo=tuple(steps),
        line=f"Merged into {name} by {mention(by)}: commands here are about that one now",
        refreshes_header=True,
        jobs=(
            *_following(connection, request, part, whole, moved),
            *_end_offer(connection, request, part),
            *((jobs.meeting(whole, now=now),) if "meeting_at" in columns else ()),
        ),
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _entered_steps(connection: Connection, part: Incident, whole: Incident) -> list[Step]:
    """Give what was entered to the whole; return how to give it back, which comes last.

    The whole keeps its figures and its why chain apart from those of the part.
    """
    steps: list[Step] = []
    if statements.whys_of(connection, whole):
        named_now = stored.name_whys(connection, part)
        steps += [RestoreRow("whys", key, {"branch": None}, {"branch": part.incident_id}) for key in named_now]
    has_figures = with_details(statements.impacts_of(connection, whole)) is not None
    of_part = statements.impacts_of(connection, part) if has_figures else ()
    moved = stored.move(connection, part, whole)
    for impact in of_part:
        if impact.details:
            figures = ", ".join(f"{label}: {words}" for label, words in facts(impact.details))
            said = f"{part.incident_id}: {figures}"
            in_words = replace(impact, text=f"{impact.text}\n{said}".strip(), details=None)
            steps.append(RemoveRow("impacts", statements.add_impact(connection, whole, in_words)))
            statements.remove(connection, "impacts", impact.impact_id)
            steps.append(RestoreRow("impacts", impact.impact_id, {"is_removed": False}, {"is_removed": True}))
    return [*steps, GiveBack(moved)]


def _closing_steps(connection: Connection, request: Request, part: Incident, whole: Incident) -> list[Step]:
    """Close the part as merged, with what is part of it; return how to take that back."""
    by, now = request.actor.user_id, request.now
    steps: list[Step] = []
    for one in incidents.parts_of(connection, part):
        incidents.change(connection, one, merged_into=whole.row_id)
        columns = RestoreColumns({"merged_into": part.row_id}, {"merged_into": whole.row_id})
        steps.append(OfAnother(one.row_id, columns))
    made = StatusChange(Status.CLOSED, now, by, now, f"merged into {whole.incident_id}")
    steps.append(RemoveRow("status_changes", incidents.add_status_change(connection, part, made)))
    steps.append(RestoreStatus(part.status, Status.CLOSED))
    after = {"merged_into": whole.row_id, "capture_until": end_of_capture(part, whole.status, now)}
    if not part.holds_channel:
        after["capture_until"] = part.capture_until
    incidents.change(connection, part, status=Status.CLOSED.value, **after)
    steps.append(RestoreColumns({name: getattr(part, name) for name in after}, after))
    return steps


def _learning_steps(connection: Connection, part: Incident, whole: Incident, new: tuple[Stamp, ...]) -> list[Step]:
    """Let the whole know the milestones that only the part knew; return how to take that back."""
    workspace = people.team(connection, part.team_id)
    url = workspace.url if workspace else None
    steps: list[Step] = []
    for stamp in new:
        link = stamp.link
        if stamp.message_ts and part.channel_id:
            # It stands in another channel than the whole's: only its address is kept.
            link = permalink(url, part.channel_id, stamp.message_ts)
        copied = replace(stamp, message_ts=None, link=link)
        incidents.set_stamp(connection, whole, copied)
        steps.append(OfAnother(whole.row_id, RestoreStamp(stamp.milestone, None, copied)))
    return steps


def _following(
    connection: Connection, request: Request, part: Incident, whole: Incident, moved: Moved
) -> tuple[NewItem, ...]:
    """Return the work that follows for the whole, and for the people who had a part in the other."""
    now = request.now
    came = ", ".join(_renumbered(moved))
    channel = f" ({channel_mark(part.slack_channel)})" if part.slack_channel else ""
    text = f"{part.incident_id}{channel} was merged into this incident by {mention(request.actor.user_id)}"
    reporter = [] if part.is_imported else [part.reporter_id]
    involved = dict.fromkeys([*(held.user_id for held in incidents.roles_of(connection, part)), *reporter])
    return (
        jobs.line(whole, request.key, f"{text}. {came}" if came else text, now=now),
        *_brought_up_to_date(whole, request),
        *(jobs.invite(whole, user_id, now=now) for user_id in involved),
    )


def _brought_up_to_date(whole: Incident, request: Request) -> tuple[NewItem, ...]:
    now = request.now
    return (
        jobs.header(whole, now=now),
        jobs.reminder(whole, now=now),
        jobs.follow_up_changed(whole, now=now),
    )


def _end_offer(connection: Connection, request: Request, part: Incident) -> tuple[NewItem, ...]:
    """End an offer of the part's lead: there is nothing to lead there any more."""
    offered = handovers.standing(connection, part)
    if offered is None:
        return ()
    by, now = request.actor.user_id, request.now
    handovers.move_handover(connection, offered, HandoverStatus.SUPERSEDED, by=by, now=now)
    return (jobs.handover(part, offered.handover_id, now=now),)


def _named_outside(whole: Incident) -> str:
    """Return what to call the whole in the part's channel, with the way there."""
    is_shown = whole.slack_channel and not whole.is_private
    return f"{whole_name(whole)} ({channel_mark(whole.slack_channel or '')})" if is_shown else whole_name(whole)


def _renumbered(moved: Moved) -> list[str]:
    """Return in words which actions and tasks have other numbers now."""
    changed = {
        word: [
            f"{one.before} is {one.after}"
            for one in moved.numbers[table]
            if not one.is_removed and one.before != one.after
        ]
        for word, table in (("Action", "actions"), ("Task", "tasks"))
    }
    return [f"{word} {', '.join(words)} now" for word, words in changed.items() if words]


def _told(
    world: World, part: Incident, whole: Incident, moved: Moved, new: tuple[Stamp, ...], earlier: tuple[Stamp, ...]
) -> list[str]:
    """Return what the asker is told: what has become of it, and what the two disagree on, for them to decide."""
    command = f"{world.policy.command} {whole.incident_id}"
    lines = [
        f"{part.incident_id} is part of {whole.incident_id} now: what was entered and said in it belongs to that one."
    ]
    lines += [f"{words}." for words in _renumbered(moved)]
    if new:
        lines.append(f"{whole.incident_id} now knows when it was {' and '.join(one.milestone.value for one in new)}.")
    lines += [
        f"{part.incident_id} was {one.milestone.value} earlier. If that goes for the whole: "
        f"{command} set {one.milestone.value} {one.at:%Y-%m-%dT%H:%MZ}"
        for one in earlier
    ]
    if part.severity < whole.severity:
        lines.append(
            f"{part.incident_id} was {part.severity.label}, {whole.incident_id} is {whole.severity.label}. "
            f"If that goes for the whole: {command} severity {part.severity.value}"
        )
    if part.vendor and whole.vendor and part.vendor != whole.vendor:
        lines.append(
            f"The vendor stays {one_line(whole.vendor)}; that of {part.incident_id} was {one_line(part.vendor)}."
        )
    return lines


def take_back(world: World, request: Request, key: int, rows: tuple[int, int]) -> AnswerView:
    """Make the part an incident of its own again, with what was entered in it; `rows` are those of part and whole.

    What was entered for the whole since stays with it. Raises UserError when that is no longer possible.
    """

    def finding(connection: Connection) -> Incident:
        incidents.lock_merging(connection, request.actor.team_id)
        part, whole = (incidents.by_row(connection, row) for row in rows)
        # A part after its whole, as in whatever else changes both.
        incidents.locked(connection, whole)
        return incidents.locked(connection, part)

    def change(connection: Connection, part: Incident) -> Outcome:
        whole = incidents.by_row(connection, rows[1])
        _check_takeable(connection, key, part, whole)
        undo.take_back(connection, part, key)
        alone = incidents.by_row(connection, part.row_id)
        if not alone.status.is_over:
            check_channel_is_free(world, alone)
        by = mention(request.actor.user_id)
        line = f"{part.incident_id} is no part of this incident any more, undone by {by}"
        return Outcome(
            f"Undone: {part.incident_id} is an incident of its own again ({alone.status.value}).",
            line=f"{part.incident_id} is an incident of its own again ({alone.status.value}), undone by {by}",
            refreshes_header=True,
            jobs=(
                jobs.line(whole, request.key, line, now=request.now),
                *_brought_up_to_date(whole, request),
                jobs.meeting(whole, now=request.now),
                jobs.follow_up_changed(alone, now=request.now),
            ),
        )

    return carry_out(world, request, Right.CHANGE, change, finding=finding)


def _check_takeable(connection: Connection, key: int, part: Incident, whole: Incident) -> None:
    if undo.is_used(connection, key):
        raise UserError("That was undone before.")
    if part.merged_into != whole.row_id:
        raise UserError(
            f"{whole.incident_id} has become part of another incident since. Undo that first, then this can be undone."
        )
    published = drafts.published(connection, whole)
    if published and published.published_at and published.published_at >= undo.made_at(connection, key):
        raise UserError(
            f"The postmortem of {whole.incident_id} has been published since: it tells of both, so they stay one."
        )
