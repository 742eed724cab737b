"""Taking back what a command did, once, by whoever gave it."""

from dataclasses import replace

from bot.domain.errors import NotAllowedError, NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.text import mention
from bot.domain.updates import THIS_CHANNEL
from bot.services import jobs, merging
from bot.services.entries import mark
from bot.services.publish import told_again
from bot.services.requests import Outcome, Request, carry_out
from bot.services.status import check_channel_is_free
from bot.services.tasks import tell_taken_back
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents, links, tasks, undo, updates
from storage.database import Connection


def _told(before: Incident, now_is: Incident, by: str) -> str | None:
    """Return the line for the channel that read of what is taken back, None where it read nothing of it."""
    changed = (
        ("Status", before.status.value, now_is.status.value),
        ("Type", before.type.value, now_is.type.value),
        ("Severity", before.severity.label, now_is.severity.label),
        ("Title", before.title, now_is.title),
    )
    return next((f"{what}: {now} again, undone by {by}" for what, was, now in changed if was != now), None)


def take_back(world: World, request: Request, key: int) -> AnswerView:
    """Undo a command. Raises NotAllowedError for somebody else's, UserError when it was undone before."""
    with world.database.reading() as connection:
        incident = undo.incident_of(connection, key)
        owner = undo.owner_of(connection, key)
        merged = undo.merged_of(connection, key) if incident else None
        of_rows = incident is not None and undo.is_of_rows(connection, key)
    if incident is None:
        raise NotFoundError("There is nothing to undo here any more.")
    if owner != request.actor.user_id:
        raise NotAllowedError("Only the one who typed it can undo it.")
    if merged:
        return merging.take_back(world, request, key, merged)
    typed_for = incident

    def change(connection: Connection, incident: Incident) -> Outcome:
        if incident.row_id != typed_for.row_id and not of_rows:
            # What was entered has moved with it; what it was itself has come to an end.
            raise UserError(
                f"{typed_for.incident_id} has become part of {incident.incident_id} since, so that stays. "
                "To see what is known of it",
                right=f"{world.policy.command} {incident.incident_id} info",
            )
        told, linked = updates.updates_of(connection, incident), links.of(connection, incident)
        had_tasks = tasks.tasks_of(connection, incident)
        if not undo.take_back(connection, incident, key):
            raise UserError("That was undone before.")
        said_here = any(one.to == THIS_CHANNEL for one in told if one not in updates.updates_of(connection, incident))
        unlinked = [one for one in linked if one not in links.of(connection, incident)]
        now_is = incidents.by_row(connection, incident.row_id)
        status = now_is.status
        if not status.is_over:
            check_channel_is_free(world, now_is)
        # The channel read of the move; only its own line says that it was taken back.
        by = mention(request.actor.user_id)
        line = f"Update taken back by {by}" if said_here else _told(incident, now_is, by)
        shown = (jobs.follow_up_changed(incident, now=request.now), jobs.meeting(incident, now=request.now))
        marks = tuple(mark(incident, *message, request) for message in undo.messages_of(connection, key))
        shows_again = incident.is_private and not now_is.is_private
        named = (*incidents.parts_of(connection, incident), *links.of(connection, incident)) if shows_again else ()
        headers = tuple(jobs.header(one, now=request.now) for one in (*unlinked, *named))
        owners = tell_taken_back(connection, incident, request, had_tasks)
        # What was said outside went when it became private.
        again = told_again(connection, now_is, now=request.now) if shows_again else ()
        return Outcome("Undone.", line=line, refreshes_header=True, jobs=(*shown, *headers, *owners, *marks, *again))

    # The button stands below the answer that names the incident: no channel, so that it is not named again.
    return carry_out(world, replace(request, target=incident.incident_id, channel_id=""), Right.STATE, change)
