"""Changing what an incident is: its severity, title and roles. Each change says so on the timeline."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.errors import UserError
from bot.domain.handover import HandoverStatus
from bot.domain.incident import Incident, Role, RoleHolder, Severity, valid_title
from bot.domain.rights import Right
from bot.domain.text import mention
from bot.domain.timeline import Note
from bot.services import jobs, people
from bot.services.describing import set_noted
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.status import acknowledging_steps
from bot.services.views import AnswerView
from bot.services.world import World
from storage import handovers, incidents, statements
from storage.database import Connection
from storage.due import NewItem


def _noted(connection: Connection, incident: Incident, request: Request, text: str) -> None:
    note = Note(0, request.now, text, request.actor.user_id, request.now)
    statements.add_note(connection, incident, note)


def _changed(connection: Connection, incident: Incident, request: Request, text: str, **values: Any) -> Outcome:
    undo = set_noted(connection, incident, request, text, values)
    return Outcome(f"{text}.", undo=undo, line=f"{text} ({mention(request.actor.user_id)})", refreshes_header=True)


def change_severity(world: World, request: Request, severity: Severity) -> AnswerView:
    """Set the severity and call in the groups that belong to it. Raises UserError when it is that already."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.severity is severity:
            raise UserError(f"{incident.incident_id} is {severity.label} already.")
        text = f"Severity changed from {incident.severity.label} to {severity.label}"
        outcome = _changed(connection, incident, request, text, severity=severity.value)
        return replace(outcome, jobs=(jobs.call_in(incident, now=request.now),))

    return carry_out(world, request, Right.CHANGE, change)


def change_title(world: World, request: Request, title: str) -> AnswerView:
    """Set the title; the channel keeps its name. Raises UserError when it is empty, too long, or what it is already."""
    valid = valid_title(title)

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.title == valid:
            raise UserError(f"{incident.incident_id} is called “{valid}” already.")
        return _changed(connection, incident, request, f"Title changed to “{valid}”", title=valid)

    return carry_out(world, request, Right.CHANGE, change)


def assign_role(world: World, request: Request, role: Role, user_id: str, *, only_if_free: bool = False) -> AnswerView:
    """Give a role to somebody. Taking the lead acknowledges the incident, if nothing did before.

    `only_if_free` is for a button that was drawn while nobody had the role: of two people who press it the second
    takes nothing away from the first.

    Raises UserError for bots, guests and people who have left, and when the role is given already.
    """
    look(world, request, Right.CHANGE)
    people.check_member(world, request.actor.team_id, user_id, f"can't be {role.label}", now=request.now)

    def change(connection: Connection, incident: Incident) -> Outcome:
        held = {holder.role: holder.user_id for holder in incidents.roles_of(connection, incident)}
        if held.get(role) == user_id:
            raise UserError(f"{mention(user_id)} is the {role.label} already.")
        if only_if_free and role in held:
            over = f"{addressed(world, request, incident)} role {role.value}"
            raise UserError(f"{mention(held[role])} is the {role.label} already. To take over", right=over)
        instead = f", instead of {mention(held[role])}" if role in held else ""
        text = f"{mention(user_id)} is the {role.label}{instead}"
        follows = give_role(world, connection, incident, request, RoleHolder(role, user_id, request.now))
        line = _told(incident, request, text, [user_id, held.get(role)])
        return Outcome(f"{text}.", refreshes_header=True, jobs=(*follows, line))

    return carry_out(world, request, Right.CHANGE, change)


def _told(incident: Incident, request: Request, text: str, whom: Sequence[str | None]) -> NewItem:
    """Return what says a role in the channel; of those whom it gives to or takes from, whoever didn't ask is notified.

    They would not know otherwise. It comes after the invitation: Slack notifies nobody who is outside.
    """
    by = request.actor.user_id
    notifies = [user_id for user_id in whom if user_id and user_id != by]
    # Who takes a role is named already.
    asked = "" if whom[0] == by else f" ({mention(by)})"
    return jobs.line(incident, request.key, text + asked, now=request.now, notifies=notifies)


def give_role(
    world: World,
    connection: Connection,
    incident: Incident,
    request: Request,
    holder: RoleHolder,
    *,
    how: str = "named",
) -> tuple[NewItem, ...]:
    """Store who holds a role, and what goes with it; return the work that follows.

    `how` is the timeline's word for it: "The incident lead was named".
    """
    role = holder.role
    incidents.set_role(connection, incident, holder)
    # Whoever has a part in it belongs into its channel, a private one above all.
    follows = [jobs.invite(incident, holder.user_id, now=request.now)]
    if role is Role.LEAD:
        acknowledging_steps(world, connection, incident, request)
        follows += _end_offer(connection, incident, request, new_lead=holder.user_id)
    # The timeline speaks of roles, not of people; who writes the report is no part of what happened.
    if role is not Role.OWNER:
        _noted(connection, incident, request, f"The {role.label} was {how}")
    return tuple(follows)


def _end_offer(connection: Connection, incident: Incident, request: Request, *, new_lead: str) -> list[NewItem]:
    """End an offer of the lead that stands, now that somebody has it; return the work that follows."""
    offered = handovers.standing(connection, incident)
    if offered is None:
        return []
    by = request.actor.user_id
    # Whoever takes the lead that was offered to them has accepted, whichever way they did it.
    has_accepted = offered.to_id == by == new_lead
    status = HandoverStatus.ACCEPTED if has_accepted else HandoverStatus.SUPERSEDED
    handovers.move_handover(connection, offered, status, by=by, now=request.now)
    return [jobs.handover(incident, offered.handover_id, now=request.now)]
