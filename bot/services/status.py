"""Moving an incident's state: status, acknowledgement, reopening, cancelling, and corrected milestones."""

from dataclasses import replace
from datetime import datetime

from bot.domain.adoption import end_of_capture
from bot.domain.errors import UserError
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.milestones import OF_STATUS, REOPENED, Milestone, Stamp, by_name, check_order
from bot.domain.rights import Right
from bot.domain.text import clipped, mention, moment_mark, one_line
from bot.domain.when import Moment, echo
from bot.services import reconciling
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.tasks import still_open
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents
from storage.database import Connection
from storage.undo import OfAnother, RemoveRow, RestoreColumns, RestoreStamp, RestoreStatus, Step

_TITLE = 60


def _said_time(moment: Moment | None, request: Request) -> tuple[datetime, str, str]:
    """Return the time meant, and how to repeat it to the asker and to everybody: not at all when it is now.

    The asker reads it in their own zone and in UTC. The channel's line goes to people in other zones.
    """
    if moment is None:
        return request.now, "", ""
    return moment.at, f", {echo(moment, now=request.now)}", f", {moment_mark(moment.at)}"


def _tail(note: str) -> str:
    return f": {note}" if note else ""


def stamp_steps(
    world: World,
    connection: Connection,
    incident: Incident,
    milestone: Milestone,
    at: datetime,
    request: Request,
    *,
    message_ts: str | None = None,
    message_link: str | None = None,
) -> list[Step]:
    """Set a milestone after checking its order; return how to undo it. Raises UserError.

    What it stands on is a message of the incident's channel, by its timestamp, or one elsewhere, by its address.
    """
    known = {stamp.milestone: stamp for stamp in incidents.stamps_of(connection, incident)}
    command = addressed(world, request, incident)
    check_order(by_name(known.values()), milestone, at, now=request.now, command=command)
    stamp = Stamp(milestone, at, request.actor.user_id, request.now, message_ts, message_link)
    incidents.set_stamp(connection, incident, stamp)
    return [RestoreStamp(milestone, known.get(milestone), stamp)]


def change_status(world: World, request: Request, status: Status, moment: Moment | None, note: str) -> AnswerView:
    """Move the status and stamp its milestone. Raises UserError when it stands there already, or can't move so."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        at, said, told = _said_time(moment, request)
        if not status.is_over:
            _check_not_imported(world, incident)
        _check_move(addressed(world, request, incident), incident, status)
        steps: list[Step] = [RestoreStatus(incident.status, status)]
        milestone = OF_STATUS.get(status)
        if milestone:
            steps += stamp_steps(world, connection, incident, milestone, at, request)
        made = StatusChange(status, at, request.actor.user_id, request.now, note)
        steps.append(RemoveRow("status_changes", incidents.add_status_change(connection, incident, made)))
        incidents.change(connection, incident, status=status.value)
        steps += _capture_steps(connection, incident, status, request.now)
        return Outcome(
            f"{incident.incident_id} is {status.value}{said}.{_hint(world, connection, request, incident, status)}",
            undo=tuple(steps),
            line=f"Status: {status.value}{told} ({mention(request.actor.user_id)}){_tail(note)}",
            refreshes_header=True,
        )

    return carry_out(world, request, Right.CHANGE, change)


def _check_move(command: str, incident: Incident, status: Status) -> None:
    """Raise UserError when the status can't move so. `command` is how a command about the incident begins."""
    stands = f"{incident.incident_id} is {incident.status.value}"
    if incident.status is status and status in OF_STATUS:
        raise UserError(f"{stands} already. To correct when", right=f"{command} set {status.value} 14:05")
    if incident.status is status:
        raise UserError(f"{stands} already. To see where it stands", right=f"{command} info")
    is_taken_up = incident.status.is_over and not status.is_over
    if status is Status.CLOSED and incident.status is not Status.RESOLVED and not incident.status.is_over:
        raise UserError(f"{stands}. Resolve it first", right=f"{command} resolve")
    if is_taken_up or incident.status in (Status.CANCELLED, Status.CLOSED):
        raise UserError(f"{stands}. To take it up again", right=f"{command} reopen")


def _hint(world: World, connection: Connection, request: Request, incident: Incident, status: Status) -> str:
    """Return what is left to do once the incident is resolved."""
    if status is not Status.RESOLVED:
        return ""
    left = still_open(world, connection, request, incident)
    draft = f"{addressed(world, request, incident, is_postmortem=True)} draft"
    return (f" {left}." if left else "") + f" When you are ready: {draft}"


def acknowledge(world: World, request: Request, moment: Moment | None, note: str = "") -> AnswerView:
    """Stamp the acknowledgement, unless somebody was first. Raises UserError when it is known already."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        known = by_name(incidents.stamps_of(connection, incident))
        if Milestone.ACKNOWLEDGED in known and moment is None:
            at = known[Milestone.ACKNOWLEDGED]
            raise UserError(
                f"{incident.incident_id} was acknowledged at {at:%Y-%m-%d %H:%M} UTC. To correct it",
                right=f"{addressed(world, request, incident)} set acknowledged 14:05",
            )
        at, said, told = _said_time(moment, request)
        steps = stamp_steps(world, connection, incident, Milestone.ACKNOWLEDGED, at, request)
        return Outcome(
            f"{incident.incident_id} is acknowledged{said}.",
            undo=tuple(steps),
            line=f"Acknowledged{told} by {mention(request.actor.user_id)}{_tail(note)}",
            refreshes_header=True,
        )

    return carry_out(world, request, Right.CHANGE, change)


def reopen(world: World, request: Request, moment: Moment | None, note: str) -> AnswerView:
    """Take an incident up again. Its first mitigation and resolution stay in the history, no longer as milestones."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        if not incident.status.is_over:
            raise UserError(
                f"{incident.incident_id} is still open ({incident.status.value}). To see where it stands",
                right=f"{addressed(world, request, incident)} info",
            )
        check_channel_is_free(world, incident)
        steps: list[Step] = [RestoreStatus(incident.status, Status.INVESTIGATING)]
        known = {stamp.milestone: stamp for stamp in incidents.stamps_of(connection, incident)}
        for milestone in REOPENED:
            if milestone in known:
                steps.append(RestoreStamp(milestone, known[milestone], None))
                # The move stays in the history; its time may have been corrected since it was made.
                incidents.retime_move(connection, incident, Status(milestone.value), known[milestone].at)
                incidents.clear_stamp(connection, incident, milestone)
        at, said, told = _said_time(moment, request)
        by = request.actor.user_id
        made = StatusChange(Status.INVESTIGATING, at, by, request.now, note, is_reopening=True)
        steps.append(RemoveRow("status_changes", incidents.add_status_change(connection, incident, made)))
        incidents.change(connection, incident, status=Status.INVESTIGATING.value)
        if incident.waive_reason is not None:
            # What was waived was the report of what had happened until then.
            incidents.change(connection, incident, waive_reason=None)
            steps.append(RestoreColumns({"waive_reason": incident.waive_reason}, {"waive_reason": None}))
        steps += _capture_steps(connection, incident, Status.INVESTIGATING, request.now)
        for one in (incident, *incidents.parts_of(connection, incident)):
            reconciling.ask(connection, one, now=request.now, doubtful=False)
        return Outcome(
            f"{incident.incident_id} is open again{said}.",
            undo=tuple(steps),
            line=f"Reopened{told} by {mention(by)}{_tail(note)}",
            refreshes_header=True,
        )

    return carry_out(world, request, Right.CHANGE, change)


def _check_not_imported(world: World, incident: Incident) -> None:
    if incident.is_imported:
        raise UserError(
            f"{incident.incident_id} was imported, and is over. If it is happening again, declare it",
            right=f"{world.policy.command} start {clipped(one_line(incident.title), _TITLE)}",
        )


def check_channel_is_free(world: World, incident: Incident) -> None:
    """Raise UserError when an incident can't be open again: a later one is led in the channel that it had adopted.

    An imported one never was open here.
    """
    _check_not_imported(world, incident)
    if not incident.holds_channel:
        raise UserError(
            f"Another incident is led in the channel of {incident.incident_id} now. Declare a new one, then link them",
            right=f"{world.policy.command} link {incident.incident_id}",
        )


def _capture_steps(connection: Connection, incident: Incident, status: Status, now: datetime) -> list[Step]:
    """Let the capture of an adopted channel end, or go on, with the status; return how to undo it.

    The channels of its parts are recorded as long as its own, unless a later incident is led there.
    """
    steps: list[Step] = []
    for one in (incident, *incidents.parts_of(connection, incident)):
        ends = end_of_capture(one, status, now) if one.holds_channel else one.capture_until
        if ends != one.capture_until:
            incidents.change(connection, one, capture_until=ends)
            step = RestoreColumns({"capture_until": one.capture_until}, {"capture_until": ends})
            steps.append(step if one.row_id == incident.row_id else OfAnother(one.row_id, step))
    return steps


def cancel(world: World, request: Request, reason: str) -> AnswerView:
    """Cancel an incident that was none. Raises UserError when it is over already."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.status.is_over:
            raise UserError(
                f"{incident.incident_id} is {incident.status.value} already. To see where it stands",
                right=f"{addressed(world, request, incident)} info",
            )
        now, by = request.now, request.actor.user_id
        made = StatusChange(Status.CANCELLED, now, by, now, reason)
        key = incidents.add_status_change(connection, incident, made)
        incidents.change(connection, incident, status=Status.CANCELLED.value)
        ending = _capture_steps(connection, incident, Status.CANCELLED, now)
        return Outcome(
            f"{incident.incident_id} is cancelled.",
            undo=(RestoreStatus(incident.status, Status.CANCELLED), RemoveRow("status_changes", key), *ending),
            line=f"Cancelled by {mention(by)}: {reason}",
            refreshes_header=True,
        )

    return carry_out(world, request, Right.CHANGE, change)


def set_milestone(world: World, request: Request, milestone: Milestone, moment: Moment) -> AnswerView:
    """Correct a milestone; the status stays. Raises UserError when it would contradict another one."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        before = by_name(incidents.stamps_of(connection, incident)).get(milestone)
        was = f" (was {echo(replace(moment, at=before), now=request.now)})" if before else ""
        steps = stamp_steps(world, connection, incident, milestone, moment.at, request)
        return Outcome(
            f"{milestone.value.capitalize()}: {echo(moment, now=request.now)}{was}.",
            undo=tuple(steps),
            refreshes_header=True,
        )

    return carry_out(world, request, Right.CHANGE, change)


def acknowledging_steps(world: World, connection: Connection, incident: Incident, request: Request) -> list[Step]:
    """Stamp the acknowledgement by taking the lead, if nothing else has been first; return how to undo it."""
    known = by_name(incidents.stamps_of(connection, incident))
    if Milestone.ACKNOWLEDGED in known:
        return []
    return stamp_steps(world, connection, incident, Milestone.ACKNOWLEDGED, request.now, request)
