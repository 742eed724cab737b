"""Updates: telling those outside, once each, in the announcement; the log of what they were told."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Kind, Status
from bot.domain.rights import Right
from bot.domain.statements import valid_statement
from bot.domain.text import clipped, one_line
from bot.domain.updates import THIS_CHANNEL, Update, valid_wait
from bot.domain.when import Moment, echo
from bot.services import announcing, jobs
from bot.services.ports import OutsideError, RefusedError
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due, incidents, updates
from storage.database import Connection
from storage.due import DueItem
from storage.undo import RemoveRow

log = structlog.get_logger()

NEXT = "The next update can't come in"
_ECHO_LENGTH = 120
_EXAMPLE = "Payments are back for most customers"


@dataclass(frozen=True, slots=True)
class BeforeSending:
    """What somebody sees before they send an update: the incident, its last one, and who will read it, in words."""

    incident: Incident
    last: Update | None
    place: str


def send_update(world: World, request: Request, text: str, next_in: timedelta | None) -> AnswerView:
    """Tell those outside, and say when the next update comes. Where nothing is announced the channel is told.

    Raises UserError for an empty or too long text, a length that can't be promised, and a cancelled incident.
    """
    valid = valid_statement(text, what="what those outside should know", example=_EXAMPLE)
    example = f"{world.policy.command} update {_EXAMPLE} next 30m"
    length = valid_wait(next_in, what=NEXT, example=example) if next_in is not None else None

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_cancelled(world, request, incident)
        next_due_at = request.now + length if length and not incident.status.is_over else None
        update = Update(0, valid, request.actor.user_id, request.now, place_name(world, incident), next_due_at)
        key = updates.add_update(connection, incident, update)
        is_told = update.to != THIS_CHANNEL
        return Outcome(
            _answer(world, request, incident, update),
            undo=(RemoveRow("updates", key),),
            line=None if is_told else _line(update),
            refreshes_header=True,
            jobs=(jobs.tell_outside(incident, key, now=request.now),) if is_told else (),
        )

    return carry_out(world, request, Right.CHANGE, change)


def before_sending(world: World, request: Request) -> BeforeSending:
    """Return what a form for an update shows. Raises UserError when the asker may not send one, or nobody can."""
    incident = look(world, request, Right.CHANGE)
    _check_cancelled(world, request, incident)
    with world.database.reading() as connection:
        told = updates.updates_of(connection, incident)
    name = place_name(world, incident)
    where = f"It stands in the announcement in {name}." if name != THIS_CHANNEL else "It is said in the channel."
    place = why_not_outside(world, incident) or where
    return BeforeSending(incident, told[-1] if told else None, place)


def _check_cancelled(world: World, request: Request, incident: Incident) -> None:
    if incident.status is Status.CANCELLED:
        raise UserError(
            f"{incident.incident_id} is cancelled: it was no incident. To take it up again",
            right=f"{addressed(world, request, incident)} reopen",
        )


def place_name(world: World, incident: Incident) -> str:
    """Return where an update of the incident can be read, as the log says it: `#incidents`, or `this channel`."""
    if announcing.place(world, incident) is None:
        return THIS_CHANNEL
    return world.policy.announce_name or "the announcement channel"


def why_not_outside(world: World, incident: Incident) -> str:
    """Return why nobody outside is told and how to change that, as a sentence; empty where they are told."""
    if incident.is_private:
        return "Nobody outside is told, as the incident is private: invite those who should know to its channel."
    if incident.kind is Kind.RETRO:
        return "Nobody outside is told, as a retro records what is over: tell them where you tell such things."
    if world.policy.announce_in is None:
        return "Nobody outside is told, as no announcement channel is set: SCRIBE_ANNOUNCE_CHANNEL names one."
    return ""


def _line(update: Update) -> str:
    return f"Update: {update.text}"


def _answer(world: World, request: Request, incident: Incident, update: Update) -> str:
    """Return what was told to whom, who was not told, and when the next one is due, a line each."""
    where = "the incident's channel" if update.to == THIS_CHANNEL else update.to
    if incident.is_imported:
        # Nobody is in its channel, and the report tells all the same what was told.
        return f"Noted in the report's communications: {clipped(one_line(update.text), _ECHO_LENGTH)}"
    lines = [
        f"Update sent to {where}: {clipped(one_line(update.text), _ECHO_LENGTH)}",
        why_not_outside(world, incident),
        _next(request, incident, update),
    ]
    return "\n".join(line for line in lines if line)


def _next(request: Request, incident: Incident, update: Update) -> str:
    if incident.status.is_over:
        return f"The incident is {incident.status.value}, so no next one is due."
    if update.next_due_at is None:
        # Words such as "next update at 16:30" went out as they stand, and no reminder comes.
        is_named = "next" in update.text.lower().split()
        return "No next one is set: at the end, next takes a length, such as next 30m." if is_named else ""
    when = echo(Moment(update.next_due_at, request.zone, explicit_zone=False), now=request.now)
    return f"The next one is due {when}."


def tell_outside(world: World, item: DueItem) -> None:
    """Show an update in the announcement; one that was taken back meanwhile is not shown.

    Raises OutsideError where trying again is right. Where Slack refuses for good the log says so, and the sender.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        found = [one for one in updates.updates_of(connection, incident) if str(one.update_id) == item.slot]
    if not found or found[0].to == THIS_CHANNEL:
        return
    if announcing.place(world, incident) is None:
        # Such as one that has become private meanwhile.
        _only_here(world, incident, found[0])
        return
    try:
        announcing.tell(world, incident)
    except RefusedError as error:
        log.warning("update not told outside", code=error.code, incident=incident.incident_id)
        _only_here(world, incident, found[0])
        _tell_sender(world, incident, found[0], error.code)


def _only_here(world: World, incident: Incident, update: Update) -> None:
    """Correct the log, which must not claim that somebody outside was told, and tell the incident's channel."""
    with world.database.transaction() as connection:
        updates.set_place(connection, update, THIS_CHANNEL)
        due.put_once(connection, jobs.line(incident, f"update:{update.update_id}", _line(update), now=world.clock()))
    world.wake()


def _tell_sender(world: World, incident: Incident, update: Update, code: str) -> None:
    text = (
        f"Your update did not reach {update.to} (Slack says {code}); it was said in the incident's channel. "
        "Invite the bot to the announcement channel, then send it again."
    )
    try:
        world.messenger.whisper(incident.channel_id or "", update.by, AnswerView(text))
    except OutsideError as error:
        log.warning("sender can't be told", incident=incident.incident_id, error=str(error))
