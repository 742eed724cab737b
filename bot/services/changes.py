"""Changing what an incident is: its severity, title and roles. Each change says so on the timeline."""

from dataclasses import replace
from typing import Any

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Role, RoleHolder, Severity, valid_title
from bot.domain.rights import Right
from bot.domain.text import mention
from bot.domain.timeline import Note
from bot.services import jobs, people
from bot.services.requests import Outcome, Request, carry_out
from bot.services.status import acknowledging_steps
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents, statements
from storage.database import Connection


def _noted(connection: Connection, incident: Incident, request: Request, text: str) -> None:
    note = Note(0, request.now, text, request.actor.user_id, request.now)
    statements.add_note(connection, incident, note)


def _changed(connection: Connection, incident: Incident, request: Request, text: str, **values: Any) -> Outcome:
    incidents.change(connection, incident, **values)
    _noted(connection, incident, request, text)
    return Outcome(f"{text}.", line=f"{text} ({mention(request.actor.user_id)})", refreshes_header=True)


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
    """Set the title; the channel keeps its name. Raises UserError when it is empty or too long."""
    valid = valid_title(title)

    def change(connection: Connection, incident: Incident) -> Outcome:
        return _changed(connection, incident, request, f"Title changed to “{valid}”", title=valid)

    return carry_out(world, request, Right.CHANGE, change)


def assign_role(world: World, request: Request, role: Role, user_id: str, *, only_if_free: bool = False) -> AnswerView:
    """Give a role to somebody. Taking the lead acknowledges the incident, if nothing did before.

    `only_if_free` is for a button that was drawn while nobody had the role: of two people who press it the second
    takes nothing away from the first.

    Raises UserError for bots, guests and people who have left, and when the role is given already.
    """
    person = people.known(world, request.actor.team_id, [user_id], now=request.now).get(user_id)
    if person and (person.is_bot or person.is_deactivated or person.is_guest):
        why = "a bot" if person.is_bot else "a guest" if person.is_guest else "no longer in this workspace"
        raise UserError(f"{person.name} is {why} and can't be {role.label}. Name a member of this workspace.")

    def change(connection: Connection, incident: Incident) -> Outcome:
        held = {holder.role: holder.user_id for holder in incidents.roles_of(connection, incident)}
        if held.get(role) == user_id:
            raise UserError(f"{mention(user_id)} is the {role.label} already.")
        if only_if_free and role in held:
            over = f"To take over: {world.policy.command} role {role.value}"
            raise UserError(f"{mention(held[role])} is the {role.label} already. {over}")
        incidents.set_role(connection, incident, RoleHolder(role, user_id, request.now))
        if role is Role.LEAD:
            acknowledging_steps(world, connection, incident, request)
        # The timeline speaks of roles, not of people; who writes the report is no part of what happened.
        if role is not Role.OWNER:
            _noted(connection, incident, request, f"The {role.label} was named")
        text = f"{mention(user_id)} is the {role.label}"
        # Whoever has a part in it belongs into its channel, a private one above all.
        invitation = jobs.invite(incident, user_id, now=request.now)
        return Outcome(f"{text}.", line=text, refreshes_header=True, jobs=(invitation,))

    return carry_out(world, request, Right.CHANGE, change)
