"""What is known of an incident, and which are open, for the asker alone."""

from datetime import datetime

from bot.domain.durations import in_words
from bot.domain.incident import Incident, Kind
from bot.domain.metrics import metrics
from bot.domain.milestones import Milestone, by_name
from bot.domain.postmortem.captured import comparison, losses, numbers, recoveries
from bot.domain.record import IncidentRecord
from bot.domain.rights import Actor, sees
from bot.domain.text import channel_mark, counted
from bot.domain.timeline import entries
from bot.services.requests import Request, look
from bot.services.views import AnswerView, InfoView
from bot.services.world import World
from storage import incidents, links, records

LISTED = 20


def info(world: World, request: Request) -> InfoView:
    """Return what is known of one incident. Raises UserError when the asker may not see it."""
    incident = look(world, request)
    with world.database.reading() as connection:
        record = records.load(connection, incident)
        linked = links.of(connection, incident)
    known = by_name(record.material.stamps)
    others = [part.incident for part in record.material.parts]
    return InfoView(
        incident=incident,
        holders={holder.role: holder.user_id for holder in record.roles},
        milestones={milestone: known[milestone] for milestone in Milestone if milestone in known},
        metrics=metrics(known),
        open_for=None if incident.status.is_over else request.now - incident.declared_at,
        related=tuple(one for one in linked if sees(request.actor, one)),
        recorded=_recorded(world, record, request.now),
        captured=_captured(record),
        # A further channel of an import is no incident of its own.
        parts=tuple({one.row_id: one for one in others if one.row_id != incident.row_id}.values()),
        taken_from=tuple(_called(one) for one in (incident, *others) if one.row_id == incident.row_id)
        if incident.is_imported
        else (),
    )


def _called(incident: Incident) -> str:
    return f"#{incident.channel_name}"


def _captured(record: IncidentRecord) -> tuple[str, ...]:
    """Return in sentences what was recovered, how far all was compared with Slack's history, and what is missing."""
    every = record.incidents
    day = record.incident.declared_at.date()
    return (*recoveries(record.capture, day), *comparison(record.capture, every), *losses(record.capture, day))


def _recorded(world: World, record: IncidentRecord, now: datetime) -> tuple[str, ...]:
    return (
        numbers(record.capture, now),
        counted(len(entries(record.material, world.policy.emoji)), "timeline entry", "timeline entries"),
        counted(len(record.causes), "cause"),
        counted(len(record.actions), "action"),
    )


def _kind(incident: Incident) -> str:
    return "" if incident.kind is Kind.LIVE else f"{incident.kind.words} · "


def list_open(world: World, actor: Actor, *, now: datetime) -> AnswerView:
    """Return the open incidents that the asker may see."""
    with world.database.reading() as connection:
        found = [one for one in incidents.of_team(connection, actor.team_id, only_open=True) if sees(actor, one)]
    if not found:
        return AnswerView(f"No incident is open. To declare one: {world.policy.command} start Checkout errors")
    lines = [
        f"{one.incident_id} · {one.severity.label} · {_kind(one)}{one.status.value} · "
        f"{in_words(now - one.declared_at)} · {one.title}"
        + (f" · {channel_mark(one.channel_id)}" if one.channel_id else "")
        for one in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(f"… and {counted(len(found) - LISTED, 'older one')}")
    return AnswerView("\n".join([f"{counted(len(found), 'open incident')}:", *lines]))
