"""Taking back what a command did, once, by whoever gave it."""

from dataclasses import replace

from bot.domain.errors import NotAllowedError, NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.text import mention
from bot.services import jobs
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents, undo
from storage.database import Connection


def take_back(world: World, request: Request, key: int) -> AnswerView:
    """Undo a command. Raises NotAllowedError for somebody else's, UserError when it was undone before."""
    with world.database.reading() as connection:
        incident = undo.incident_of(connection, key)
        owner = undo.owner_of(connection, key)
    if incident is None:
        raise NotFoundError("There is nothing to undo here any more.")
    if owner != request.actor.user_id:
        raise NotAllowedError("Only the one who typed it can undo it.")

    def change(connection: Connection, incident: Incident) -> Outcome:
        if not undo.take_back(connection, incident, key):
            raise UserError("That was undone before.")
        status = incidents.by_row(connection, incident.row_id).status
        # The channel read of the move; only its own line says that it was taken back.
        by = mention(request.actor.user_id)
        line = f"Status: {status.value} again, undone by {by}" if status is not incident.status else None
        follow_ups = jobs.follow_up_changed(incident, now=request.now)
        return Outcome("Undone.", line=line, refreshes_header=True, jobs=(follow_ups,))

    return carry_out(world, replace(request, target=incident.incident_id), Right.STATE, change)
