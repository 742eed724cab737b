"""Live reminders: at most one stands in an incident's channel, edited in place, taken away when it asks nothing more.

The due item of an incident looks at the state, does what `bot.domain.reminders` decides, and waits for the next
moment at which time alone would change that. Every change of the incident makes it look at once.
"""

from datetime import timedelta

import structlog

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Role
from bot.domain.milestones import Milestone, by_name
from bot.domain.reminders import Decision, Reminder, ReminderKind, Situation, decide
from bot.domain.rights import Right
from bot.domain.updates import valid_wait
from bot.domain.when import Moment, echo
from bot.services import jobs, people
from bot.services.ports import MessageGoneError, Outgoing, OutsideError, RefusedError
from bot.services.posting import deliver, since_epoch
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView, LineView, ReminderView
from bot.services.world import World
from storage import due, incidents, posts, reminders, updates
from storage.database import Connection
from storage.due import DueItem
from storage.posts import NewPost, PostState

log = structlog.get_logger()

PURPOSE = "reminder"
# Whose part each is, the first role that somebody has; a missing lead is nobody's yet.
_ASKED = {
    ReminderKind.LEAD: (),
    ReminderKind.UPDATE: (Role.COMMS, Role.LEAD),
    ReminderKind.RESOLUTION: (Role.LEAD,),
}


def bring_up_to_date(world: World, item: DueItem) -> None:
    """Let the reminder ask what is to be asked now, or nothing. Raises OutsideError where trying again is right."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        standing = reminders.reminder_of(connection, incident)
        decision = decide(_situation(connection, incident), standing, now=world.clock())
    try:
        _carry_out(world, incident, standing, decision)
    except RefusedError as error:
        # Such as in an archived channel: who can't be asked there is asked again after the next change.
        log.warning("reminder not shown", code=error.code, incident=incident.incident_id)
    if decision.look_again_at:
        with world.database.transaction() as connection:
            due.look_again(connection, item, at=decision.look_again_at)


def _situation(connection: Connection, incident: Incident) -> Situation:
    reopened = [change for change in incidents.status_changes_of(connection, incident) if change.is_reopening]
    told = updates.updates_of(connection, incident)
    return Situation(
        incident=incident,
        has_lead=any(held.role is Role.LEAD for held in incidents.roles_of(connection, incident)),
        live_since=max([incident.declared_at, *(change.said_at for change in reopened)]),
        last_update=told[-1] if told else None,
        mitigated_at=by_name(incidents.stamps_of(connection, incident)).get(Milestone.MITIGATED),
    )


def _carry_out(world: World, incident: Incident, standing: Reminder, decision: Decision) -> None:
    """Make the channel show what was decided.

    A new message is recorded before it is sent, an old one after it is gone: killed in between, the next run finds
    out which message stands and carries on.
    """
    if standing.kind and (decision.kind is None or decision.is_anew):
        _take_away(world, incident, standing.number)
        with world.database.transaction() as connection:
            reminders.end(connection, incident)
        standing = Reminder(number=standing.number)
    if decision.kind is None:
        return
    if standing.kind is None:
        _ask_anew(world, incident, decision, standing.number + 1)
        return
    try:
        _show(world, incident, decision, standing.number)
    except MessageGoneError:
        # Somebody has waved it away. What it asked is not asked again, as if it were snoozed until it is settled;
        # something else is.
        if decision.kind is not standing.kind:
            _ask_anew(world, incident, decision, standing.number + 1)
        return
    if decision.kind is not standing.kind:
        with world.database.transaction() as connection:
            assert decision.since is not None
            reminders.turn(connection, incident, decision.kind, decision.since)


def _ask_anew(world: World, incident: Incident, decision: Decision, number: int) -> None:
    assert decision.kind is not None
    assert decision.since is not None
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    with world.database.transaction() as connection:
        reminders.begin(connection, incident, decision.kind, decision.since, number=number)
    _show(world, incident, decision, number)


def _new(incident: Incident, number: int) -> NewPost:
    key = f"{PURPOSE}:{incident.row_id}:{number}"
    return NewPost(key, incident.team_id, incident.row_id, PURPOSE, incident.channel_id or "")


def _show(world: World, incident: Incident, decision: Decision, number: int) -> None:
    """Post the reminder's message, or edit it where it has been posted before. Raises OutsideError."""
    new = _new(incident, number)
    with world.database.reading() as connection:
        posted = posts.by_key(connection, new.key)
    shown = _view(world, incident, decision)
    if posted and posted.state is PostState.SENT and posted.ts:
        world.messenger.update(posted.channel_id, posted.ts, shown)
    else:
        deliver(world, new, shown)


def _view(world: World, incident: Incident, decision: Decision) -> ReminderView:
    assert decision.kind is not None
    assert decision.since is not None
    with world.database.reading() as connection:
        holders = {held.role: held.user_id for held in incidents.roles_of(connection, incident)}
        stored = reminders.reminder_of(connection, incident)
    by = stored.snoozed_by if decision.is_snoozed else None
    return ReminderView(
        incident=incident,
        kind=decision.kind,
        since=decision.since,
        asked=next((holders[role] for role in _ASKED[decision.kind] if role in holders), None),
        names=people.names(world, incident.team_id, [by] if by else [], now=world.clock()),
        command=world.policy.command,
        snoozed_until=stored.snoozed_until if decision.is_snoozed else None,
        snoozed_by=by,
    )


def _take_away(world: World, incident: Incident, number: int) -> None:
    """Delete the reminder's message: what is settled needs no line, and many of them would pile up.

    Where Slack does not let the bot delete it, it becomes a quiet line. Raises OutsideError.
    """
    new = _new(incident, number)
    with world.database.reading() as connection:
        posted = posts.by_key(connection, new.key)
    if posted is None or posted.state is PostState.INTENDED:
        return
    ts = posted.ts
    if posted.state is PostState.SENDING:
        outgoing = Outgoing(posted.key, posted.channel_id, posted.thread_ts, _SETTLED)
        ts = world.messenger.find(outgoing, since_epoch=since_epoch(posted))
    if ts is None:
        return
    try:
        world.messenger.delete(posted.channel_id, ts)
    except RefusedError as error:
        log.info("reminder edited instead of deleted", code=error.code, incident=incident.incident_id)
        world.messenger.update(posted.channel_id, ts, _SETTLED)


_SETTLED = LineView("A reminder stood here; nothing is asked any more.")


def snooze(world: World, request: Request, length: timedelta) -> AnswerView:
    """Put the standing reminder off. Raises UserError when none stands, or for a length out of bounds."""
    example = f"{world.policy.command} snooze 30m"
    until = request.now + valid_wait(length, what="A reminder can't be put off by", example=example)

    def change(connection: Connection, incident: Incident) -> Outcome:
        if reminders.reminder_of(connection, incident).kind is None:
            raise UserError(f"No reminder stands in {incident.incident_id} now, so there is nothing to snooze.")
        reminders.snooze(connection, incident, until=until, by=request.actor.user_id)
        when = echo(Moment(until, request.zone, explicit_zone=False), now=request.now)
        return Outcome(f"Snoozed until {when}.", jobs=(jobs.reminder(incident, now=request.now),))

    return carry_out(world, request, Right.CHANGE, change)
