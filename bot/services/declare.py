"""Declaring an incident: the row and its id first; the channel follows from the committed row."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import UserError
from bot.domain.incident import (
    Incident,
    IncidentType,
    Kind,
    Severity,
    Status,
    StatusChange,
    free_channel_name,
    private_channel_name,
    valid_title,
)
from bot.domain.milestones import Milestone, Stamp
from bot.domain.rights import Right, may
from bot.domain.when import Moment, echo
from bot.services import jobs, people
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due, incidents, requests
from storage.database import Connection
from storage.incidents import NewIncident


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an incident is declared with. `since` (UTC) is when it began, None when not said."""

    title: str
    severity: Severity
    kind: Kind = Kind.LIVE
    type: IncidentType = IncidentType.PRODUCTION
    vendor: str | None = None
    is_private: bool = False
    since: datetime | None = None


def declare(world: World, request: Request, declaration: Declaration) -> AnswerView:
    """Save the incident and let its channel be made. The same request declares once.

    Security incidents are private. Raises UserError for a bad title or a start in the future, NotAllowedError.
    """
    title = valid_title(declaration.title)
    if declaration.since and declaration.since > request.now:
        raise UserError(f"It can't have started in the future ({declaration.since:%Y-%m-%d %H:%M} UTC).", field="since")
    may(request.actor, Right.DECLARE, None)
    # The ack waits meanwhile: of somebody not asked for yet the channel's name has the id.
    spoken_title = people.spoken(world, request.actor.team_id, title, now=request.now, at_most=1)
    with world.database.transaction() as connection:
        given = requests.answer_of(connection, request.actor.team_id, request.key)
        if given is None:
            incident = _save(connection, request, replace(declaration, title=title), spoken_title)
            given = {"text": _answer(incident, request, declaration.since), "incident": incident.row_id}
            requests.remember(connection, incident.team_id, request.key, given, now=request.now)
    world.wake()
    return AnswerView(given["text"], incident_row=given["incident"])


def _save(connection: Connection, request: Request, declaration: Declaration, spoken_title: str) -> Incident:
    """Store the incident, its first milestones and the work that opens it."""
    by, now = request.actor.user_id, request.now
    new = NewIncident(
        team_id=request.actor.team_id,
        title=declaration.title,
        kind=declaration.kind,
        type=declaration.type,
        severity=declaration.severity,
        is_private=declaration.is_private or declaration.type is IncidentType.SECURITY,
        reporter_id=by,
        declared_at=now,
        vendor=declaration.vendor,
    )
    incident = incidents.create(connection, new)
    name = private_channel_name(incident.incident_id)
    if not incident.is_private:
        name = free_channel_name(now.date(), spoken_title, incidents.taken_channel_names(connection, incident.team_id))
    incident = incidents.change(connection, incident, channel_name=name)
    incidents.add_status_change(connection, incident, StatusChange(Status.INVESTIGATING, now, by, now))
    incidents.set_stamp(connection, incident, Stamp(Milestone.DECLARED, now, by, now))
    if declaration.since:
        incidents.set_stamp(connection, incident, Stamp(Milestone.STARTED, declaration.since, by, now))
    due.put(connection, jobs.opening(incident, now=now, response_url=request.response_url))
    # Apart from the opening, which is not to wait for a group that Slack can't tell of just now.
    due.put(connection, jobs.call_in(incident, now=now))
    return incident


def _answer(incident: Incident, request: Request, since: datetime | None) -> str:
    began = f" It started {_said(since, request)}." if since else ""
    privately = " It is private: only people in its channel can see it." if incident.is_private else ""
    declared = f"{incident.incident_id} ({incident.severity.label}) is declared. Making #{incident.channel_name} …"
    return f"{declared}{began}{privately}"


def _said(since: datetime, request: Request) -> str:
    """Return how the start was understood, in the asker's zone and in UTC."""
    return echo(Moment(since, request.zone, explicit_zone=False), now=request.now)
