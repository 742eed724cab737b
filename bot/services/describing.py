"""Saying what an incident is about: its type, the services it affects, the team that owns what broke."""

from typing import Any

from bot.domain.errors import UserError
from bot.domain.incident import Incident, IncidentType
from bot.domain.rights import Right
from bot.domain.text import channel_mark, mention
from bot.domain.timeline import Note
from bot.services import jobs
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents, links, statements
from storage.database import Connection
from storage.undo import OfAnother, RemoveRow, RestoreColumns, Step


def change_type(world: World, request: Request, to: IncidentType) -> AnswerView:
    """Set the type. An incident that becomes a security incident becomes private, and stays so afterwards.

    Raises UserError when it is of that type already.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.type is to:
            raise UserError(f"{incident.incident_id} is a {to.value} incident already.")
        hides = to is IncidentType.SECURITY and not incident.is_private
        values: dict[str, Any] = {"type": to.value} | ({"is_private": True} if hides else {})
        text = f"Type changed from {incident.type.value} to {to.value}"
        steps = set_noted(connection, incident, request, text, values)
        said = f"{text}.{_hidden(incident) if hides else _still_hidden(incident, to)}"
        parts = incidents.parts_of(connection, incident) if hides else ()
        # Those that it is linked with name it no longer.
        linked = links.of(connection, incident) if hides else ()
        for part in parts:
            # What has become part of it is as private.
            incidents.change(connection, part, is_private=True)
            steps += (OfAnother(part.row_id, RestoreColumns({"is_private": False}, {"is_private": True})),)
        return Outcome(
            said,
            undo=steps,
            line=f"{text} ({mention(request.actor.user_id)})",
            refreshes_header=True,
            jobs=tuple(jobs.header(one, now=request.now) for one in (*parts, *linked)),
        )

    return carry_out(world, request, Right.CHANGE, change)


def _hidden(incident: Incident) -> str:
    """Return what becoming private does, and what only people can do: Slack lets no app hide a channel."""
    channel = channel_mark(incident.channel_id) if incident.channel_id else "its channel"
    return (
        " Security incidents are private: it is no longer listed or announced for people outside its channel. "
        f"But {channel} itself is public until somebody makes it private, in its settings in Slack."
    )


def _still_hidden(incident: Incident, to: IncidentType) -> str:
    return " It stays private." if incident.is_private and to is not IncidentType.SECURITY else ""


def change_services(world: World, request: Request, names: tuple[str, ...]) -> AnswerView:
    """Set which services are affected, instead of those known before. Raises UserError when they are the same."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        shown = ", ".join(names)
        if incident.services == names:
            raise UserError(f"{incident.incident_id} affects {shown} already.")
        text = f"Affected: {shown}"
        steps = set_noted(connection, incident, request, text, {"services": list(names)})
        before = f" Before: {', '.join(incident.services)}." if incident.services else ""
        return Outcome(f"{text}.{before}", undo=steps, refreshes_header=True)

    return carry_out(world, request, Right.CHANGE, change)


def change_team(world: World, request: Request, name: str) -> AnswerView:
    """Set which team owns what broke. Raises UserError when it is that one already."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.owning_team == name:
            raise UserError(f"The owning team of {incident.incident_id} is {name} already.")
        text = f"Owning team: {name}"
        steps = set_noted(connection, incident, request, text, {"owning_team": name})
        return Outcome(f"{text}.", undo=steps, refreshes_header=True)

    return carry_out(world, request, Right.CHANGE, change)


def set_noted(
    connection: Connection, incident: Incident, request: Request, text: str, values: dict[str, Any]
) -> tuple[Step, ...]:
    """Set columns, say so on the timeline, and return how to take both back."""
    before = {name: _column(incident, name) for name in values}
    incidents.change(connection, incident, **values)
    note = Note(0, request.now, text, request.actor.user_id, request.now)
    return RestoreColumns(before, values), RemoveRow("notes", statements.add_note(connection, incident, note))


def _column(incident: Incident, name: str) -> Any:
    value = getattr(incident, name)
    return list(value) if isinstance(value, tuple) else getattr(value, "value", value)
