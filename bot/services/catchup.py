"""Telling somebody who comes late where an incident stands."""

from datetime import datetime

from bot.domain.catchup import moments
from bot.domain.incident import Incident
from bot.domain.messages import permalink
from bot.domain.milestones import OF_STATUS, Milestone, by_name
from bot.domain.record import IncidentRecord
from bot.domain.suggesting import suggested_in_draft
from bot.domain.tasks import open_tasks
from bot.domain.timeline import entries, in_order
from bot.services import header
from bot.services.draft import summary_post
from bot.services.requests import Request, addressed, look
from bot.services.views import CatchUpView
from bot.services.world import World
from storage import handovers, posts, records, updates
from storage.database import Connection
from storage.posts import Post


def catch_up(world: World, request: Request) -> CatchUpView:
    """Return where the incident stands, for the asker. Raises UserError when they may not see it."""
    incident = look(world, request)
    with world.database.reading() as connection:
        record = records.load(connection, incident)
        sent = updates.updates_of(connection, incident)
        offered = handovers.standing(connection, incident)
        pinned = _header_post(connection, incident)
        summary = summary_post(connection, incident)
    known = by_name(record.material.stamps)
    stands = entries(record.material, world.policy.emoji)
    suggests = suggested_in_draft(record.material, world.policy.emoji)
    found = in_order([*stands, *suggests.entries])
    chosen = moments(found)
    return CatchUpView(
        incident=incident,
        began=known.get(Milestone.STARTED, incident.declared_at),
        ended=known.get(Milestone.RESOLVED) if incident.status.is_over else None,
        since=_since(record, known),
        now=request.now,
        update=sent[-1] if sent else None,
        moments=chosen,
        more=len(found) - len(chosen),
        holders={holder.role: holder.user_id for holder in record.roles},
        tasks=open_tasks(record.tasks),
        handover=offered,
        header=_link(record, pinned),
        draft=_link(record, summary),
        is_here=request.channel_id == incident.channel_id,
        command=addressed(world, request, incident),
    )


def _since(record: IncidentRecord, known: dict[Milestone, datetime]) -> datetime:
    """Return when the incident came to its status: corrected where its milestone was."""
    status = record.incident.status
    milestone = OF_STATUS.get(status)
    if milestone in known:
        return known[milestone]
    moved = [change.at for change in record.status_changes if change.status is status]
    return moved[-1] if moved else record.incident.declared_at


def _header_post(connection: Connection, incident: Incident) -> Post | None:
    # Of several only the last still stands.
    posted = posts.of_purpose(connection, incident.row_id, header.PURPOSE)
    return posted[-1] if posted else None


def _link(record: IncidentRecord, post: Post | None) -> str | None:
    return permalink(record.workspace_url, post.channel_id, post.ts) if post and post.ts else None
