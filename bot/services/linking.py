"""Linking incidents that belong together. A link has no direction, and is shown only to those who may see both."""

from dataclasses import replace

from bot.domain.errors import UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.services import jobs
from bot.services.requests import Outcome, Request, addressed, carry_out, locate
from bot.services.views import AnswerView
from bot.services.world import World
from storage import links
from storage.database import Connection
from storage.undo import RemoveLink


def link(world: World, request: Request, other: str) -> AnswerView:
    """Link the incident with another, given by its id or an ending of it.

    Raises UserError for itself, NotFoundError for one that the asker can't see. Linked already, nothing changes.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        found = locate(connection, replace(request, row=None, target=other), command=world.policy.command)
        if found.row_id == incident.row_id:
            raise UserError(
                f"{incident.incident_id} can't be linked with itself. To see the others",
                right=f"{world.policy.command} list",
            )
        if not links.add(connection, incident, found, by=request.actor.user_id, now=request.now):
            shown = f"{addressed(world, request, incident)} info"
            raise UserError(f"{incident.incident_id} and {found.incident_id} are linked already", right=shown)
        return Outcome(
            f"{incident.incident_id} is linked with {found.incident_id}.{_unseen(incident, found)}",
            undo=(RemoveLink(found.row_id),),
            refreshes_header=True,
            jobs=(jobs.header(found, now=request.now),),
        )

    return carry_out(world, request, Right.CHANGE, change)


def _unseen(incident: Incident, found: Incident) -> str:
    """Return what is not shown to everybody: a private incident is named to no one outside it."""
    private = [one.incident_id for one in (incident, found) if one.is_private]
    if not private:
        return ""
    whom = "those are" if len(private) > 1 else f"{private[0]} is"
    return f" As {whom} private, the link shows only to people who can see both."
