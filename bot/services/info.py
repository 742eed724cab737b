"""What an incident is and which there are, in words, for the asker alone."""

from datetime import datetime

from bot.domain.durations import in_words
from bot.domain.incident import Incident
from bot.domain.metrics import metrics
from bot.domain.milestones import Milestone, by_name
from bot.domain.record import IncidentRecord
from bot.domain.rights import Actor, sees
from bot.domain.text import channel_mark, counted, mention
from bot.domain.timeline import entries
from bot.services.requests import Request, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents, records

LISTED = 20


def info(world: World, request: Request) -> AnswerView:
    """Return the state of one incident. Raises UserError when the asker may not see it."""
    incident = look(world, request)
    with world.database.reading() as connection:
        record = records.load(connection, incident)
    lines = [
        f"{incident.incident_id} · {incident.severity.label} · {incident.status.value} · {incident.title}",
        *_what(incident),
        *(f"{holder.role.label.capitalize()}: {mention(holder.user_id)}" for holder in record.roles),
        *_times(record, request.now),
        _counts(world, record),
    ]
    return AnswerView("\n".join(lines))


def _what(incident: Incident) -> list[str]:
    channel = channel_mark(incident.channel_id) if incident.channel_id else "the channel is being made"
    privately = ", private" if incident.is_private else ""
    lines = [f"{incident.kind.value}, {incident.type.value}{privately}, {channel}"]
    lines.append(f"Reported by {mention(incident.reporter_id)}")
    return lines


def _times(record: IncidentRecord, now: datetime) -> list[str]:
    known = by_name(record.material.stamps)
    lines = [f"{milestone.value.capitalize()}: {known[milestone]:%Y-%m-%d %H:%M} UTC" for milestone in known]
    unknown = [milestone.value for milestone in Milestone if milestone not in known]
    if unknown:
        lines.append(f"Not known: {', '.join(unknown)}")
    found = metrics(known)
    lengths = (
        ("Time to detect", found.time_to_detect),
        ("Time to acknowledge", found.time_to_acknowledge),
        ("Time to mitigate", found.time_to_mitigate),
        ("Time to resolve", found.time_to_resolve),
    )
    lines += [f"{name}: {in_words(length)}" for name, length in lengths if length is not None]
    if not record.incident.status.is_over:
        lines.append(f"Open for {in_words(now - record.incident.declared_at)}")
    return lines


def _counts(world: World, record: IncidentRecord) -> str:
    stated = [
        counted(record.capture.messages, "message"),
        counted(len(entries(record.material, world.policy.emoji)), "timeline entry", "timeline entries"),
        counted(len(record.causes), "cause"),
        counted(len(record.actions), "action"),
    ]
    return "Recorded: " + ", ".join(stated)


def list_open(world: World, actor: Actor, *, now: datetime) -> AnswerView:
    """Return the open incidents that the asker may see."""
    with world.database.reading() as connection:
        found = [one for one in incidents.of_team(connection, actor.team_id, only_open=True) if sees(actor, one)]
    if not found:
        return AnswerView(f"No incident is open. To declare one: {world.policy.command} start Checkout errors")
    lines = [
        f"{one.incident_id} · {one.severity.label} · {one.status.value} · {in_words(now - one.declared_at)} · "
        f"{one.title}" + (f" · {channel_mark(one.channel_id)}" if one.channel_id else "")
        for one in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(f"… and {counted(len(found) - LISTED, 'older one')}")
    return AnswerView("\n".join([f"{counted(len(found), 'open incident')}:", *lines]))
