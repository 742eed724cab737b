"""Declaring an incident: the row and its id first; the channel follows from the committed row.

Inside another incident's channel the new one is its sibling: the two are linked, and as private as each other.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.adoption import is_led_here
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
from bot.domain.messages import permalink, time_of
from bot.domain.milestones import Milestone, Stamp
from bot.domain.rights import Right, may, sees
from bot.domain.when import Moment, echo
from bot.services import jobs, people, reconciling
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due, incidents, links, requests
from storage import people as stored_people
from storage.database import Connection
from storage.incidents import NewIncident


@dataclass(frozen=True, slots=True)
class Detection:
    """The message that an incident is declared from, wherever it stands: only its time and address are kept."""

    channel_id: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an incident is declared with.

    `since` (UTC) is when it began, `detected` the message that told of it; None when not said.
    """

    title: str
    severity: Severity
    kind: Kind = Kind.LIVE
    type: IncidentType = IncidentType.PRODUCTION
    vendor: str | None = None
    is_private: bool = False
    since: datetime | None = None
    detected: Detection | None = None


def declare(world: World, request: Request, declaration: Declaration) -> AnswerView:
    """Save the incident and let its channel be made. The same request declares once.

    Security incidents are private. Raises UserError for a bad title or a start in the future, NotAllowedError.
    """
    declaration = checked(request, declaration)
    title = declaration.title
    # The ack waits meanwhile: of somebody not asked for yet the channel's name has the id.
    spoken_title = people.spoken(world, request.actor.team_id, title, now=request.now, at_most=1)

    def work(connection: Connection) -> dict[str, Any]:
        given: dict[str, Any] | None = requests.answer_of(connection, request.actor.team_id, request.key)
        if given is None:
            parent = led_here(connection, request)
            is_private = declaration.is_private or (parent is not None and parent.is_private)
            incident = _save(connection, request, replace(declaration, is_private=is_private), spoken_title)
            if parent:
                links.add(connection, parent, incident, by=request.actor.user_id, now=request.now)
                due.put(connection, jobs.header(parent, now=request.now))
            making = f"Making #{incident.channel_name} …"
            text = answer(world, request, incident, making, since=declaration.since, parent=parent)
            given = {"text": text, "incident": incident.row_id}
            requests.remember(connection, incident.team_id, request.key, given, now=request.now)
        return given

    given = world.database.retrying(work)
    world.wake()
    return AnswerView(given["text"], incident_row=given["incident"])


def checked(request: Request, declaration: Declaration) -> Declaration:
    """Return the declaration with its title on one line.

    Raises UserError for a bad title or a start in the future, NotAllowedError.
    """
    if declaration.since and declaration.since > request.now:
        future = f"It can't have started in the future ({declaration.since:%Y-%m-%d %H:%M} UTC)"
        raise UserError(f"{future}. Name a time that has passed.", field="since")
    may(request.actor, Right.DECLARE, None)
    return replace(declaration, title=valid_title(declaration.title))


def led_here(connection: Connection, request: Request) -> Incident | None:
    """Return the incident in whose channel this is asked, None elsewhere."""
    here = incidents.by_channel(connection, request.actor.team_id, request.channel_id)
    if here is None or not is_led_here(here, request.now):
        return None
    whole = incidents.whole_of(connection, here)
    return whole if sees(request.actor, here) and sees(request.actor, whole) else None


def _save(connection: Connection, request: Request, declaration: Declaration, spoken_title: str) -> Incident:
    """Store the incident, its channel's reserved name, and the work that opens it."""
    incident = create(connection, request, declaration)
    name = private_channel_name(incident.incident_id)
    if not incident.is_private:
        taken = incidents.taken_channel_names(connection, incident.team_id)
        name = free_channel_name(request.now.date(), spoken_title, taken)
    incident = incidents.change(connection, incident, channel_name=name)
    due.put(connection, jobs.opening(incident, now=request.now, response_url=request.response_url))
    set_going(connection, incident, request)
    return incident


def create(connection: Connection, request: Request, declaration: Declaration) -> Incident:
    """Store the incident with its status and first milestones.

    One that is recorded afterwards is resolved from the start; when that was, is still to be said.
    """
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
    if incident.kind is Kind.RETRO:
        incident = incidents.change(connection, incident, status=Status.RESOLVED.value)
    else:
        incidents.add_status_change(connection, incident, StatusChange(Status.INVESTIGATING, now, by, now))
    incidents.set_stamp(connection, incident, Stamp(Milestone.DECLARED, now, by, now))
    if declaration.since:
        incidents.set_stamp(connection, incident, Stamp(Milestone.STARTED, declaration.since, by, now))
    if declaration.detected:
        incidents.set_stamp(connection, incident, _detection(connection, request, declaration.detected))
    reconciling.begin(connection, incident, now=now)
    return incident


def _detection(connection: Connection, request: Request, message: Detection) -> Stamp:
    workspace = stored_people.team(connection, request.actor.team_id)
    link = permalink(workspace.url if workspace else None, message.channel_id, message.ts, message.thread_ts)
    # Slack's clock may be a little ahead of this one's.
    at = min(time_of(message.ts), request.now)
    return Stamp(Milestone.DETECTED, at, request.actor.user_id, request.now, link=link)


def set_going(connection: Connection, incident: Incident, request: Request) -> None:
    """Let people be called in and reminded, unless it is over already."""
    if incident.kind is Kind.RETRO:
        return
    # Apart from the opening, which is not to wait for a group that Slack can't tell of just now.
    due.put(connection, jobs.call_in(incident, now=request.now))
    due.put(connection, jobs.reminder(incident, now=request.now))


def answer(
    world: World,
    request: Request,
    incident: Incident,
    doing: str,
    *,
    since: datetime | None,
    parent: Incident | None = None,
) -> str:
    """Return what the asker is told: that it is declared, what is being done, and what they should know."""
    sentences = [f"{incident.incident_id} ({incident.severity.label}) is declared. {doing}"]
    if since:
        sentences.append(f"It started {_said(since, request)}.")
    if parent:
        sentences.append(f"It is linked with {parent.incident_id}.")
    if incident.is_private:
        sentences.append(_privately(parent))
    if incident.kind is Kind.RETRO:
        sentences.append(_over(world, is_start_known=since is not None))
    return " ".join(sentences)


def _privately(parent: Incident | None) -> str:
    only = "It is private: only people in its channel can see it."
    if parent and parent.is_private:
        return f"{only} So is {parent.incident_id}; for one that everybody sees, declare it in another channel."
    return only


def _over(world: World, *, is_start_known: bool) -> str:
    first = "detected" if is_start_known else "started"
    others = "mitigated and resolved" if is_start_known else "detected, mitigated and resolved"
    return (
        "It is recorded as over: nobody is called in, nothing is announced. "
        f"Say in its channel when it was: {world.policy.command} set {first} yesterday 14:05, then {others}."
    )


def _said(since: datetime, request: Request) -> str:
    """Return how the start was understood, in the asker's zone and in UTC."""
    return echo(Moment(since, request.zone, explicit_zone=False), now=request.now)
