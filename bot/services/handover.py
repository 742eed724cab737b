"""Handing over the lead: a brief is offered to one person, and the lead passes when they accept."""

from dataclasses import dataclass, fields

import structlog

from bot.domain.errors import NotAllowedError, NotFoundError, UserError
from bot.domain.handover import BRIEF_LIMIT, STATE_EXAMPLE, Brief, Handover, HandoverStatus, Situation, prefilled
from bot.domain.incident import Incident, Role, RoleHolder
from bot.domain.milestones import by_name
from bot.domain.rights import Right
from bot.domain.text import clipped, mention, mentioned, with_mentions_as
from bot.domain.timeline import entries
from bot.services import jobs, people
from bot.services.changes import give_role
from bot.services.ports import OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.views import AnswerView, HandoverView
from bot.services.world import World
from storage import handovers, incidents, posts, records, updates
from storage.database import Connection
from storage.due import DueItem, NewItem
from storage.posts import NewPost, PostState

log = structlog.get_logger()

PURPOSE = "handover"
_CANNOT = "can't be incident lead"
# While a form's trigger lives there is no time to ask Slack for everybody who is named in it.
_ASKED_AT_MOST = 1
_ENDED_WORDS = {
    HandoverStatus.ACCEPTED: "was accepted already",
    HandoverStatus.DECLINED: "was declined already",
    HandoverStatus.WITHDRAWN: "was withdrawn",
    HandoverStatus.SUPERSEDED: "no longer stands: there is a newer one, or another lead",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """What the form of a handover opens with: to whom, by name too, and the brief as plain text."""

    incident: Incident
    to_id: str
    to_name: str
    brief: Brief


def prepare(world: World, request: Request, to_id: str) -> Blank:
    """Return what the form opens with. Raises UserError when the lead can't be handed over, or not to them."""
    incident = look(world, request, Right.CHANGE)
    _check_person(world, request, incident, to_id)
    with world.database.reading() as connection:
        _check_offer(world, connection, request, incident, to_id)
        record = records.load(connection, incident)
        known = Situation(
            incident=incident,
            milestones=by_name(record.material.stamps),
            entries=entries(record.material, world.policy.emoji),
            causes=record.causes,
            whys=record.whys,
            tasks=record.tasks,
            updates=updates.updates_of(connection, incident),
        )
    brief = prefilled(known, now=request.now)
    texts = {field.name: getattr(brief, field.name) for field in fields(brief)}
    ids = [to_id, *mentioned("\n".join(texts.values()))]
    names = people.names(world, incident.team_id, ids, now=request.now, at_most=_ASKED_AT_MOST)
    # A form holds plain text alone, so it names people without mentioning them.
    plain = {name: with_mentions_as(text, lambda user_id: f"@{names[user_id]}") for name, text in texts.items()}
    return Blank(incident, to_id, names[to_id], Brief.of({k: clipped(v, BRIEF_LIMIT) for k, v in plain.items()}))


def _check_person(world: World, request: Request, incident: Incident, to_id: str) -> None:
    if to_id == request.actor.user_id:
        right = f"{addressed(world, request, incident)} role lead"
        raise UserError("The lead is handed over to somebody else. To take it", right=right)
    people.check_member(world, request.actor.team_id, to_id, _CANNOT, now=request.now)


def _check_offer(world: World, connection: Connection, request: Request, incident: Incident, to_id: str) -> None:
    """Raise UserError unless the asker may offer the lead to this person now."""
    if incident.status.is_over:
        raise UserError(
            f"{incident.incident_id} is {incident.status.value}, so there is no lead to hand over. To take it up again",
            right=f"{addressed(world, request, incident)} reopen",
        )
    lead = _lead(connection, incident)
    if lead == to_id:
        raise UserError(f"{mention(to_id)} is the incident lead already.")
    if lead is not None and lead != request.actor.user_id:
        # Whoever leads may have fallen asleep: the incident doesn't wait for them.
        right = f"{addressed(world, request, incident)} role lead {mention(to_id)}"
        raise NotAllowedError(
            f"{mention(lead)} is the incident lead, and only they hand it over. To name another without them",
            right=right,
        )


def _lead(connection: Connection, incident: Incident) -> str | None:
    held = {holder.role: holder.user_id for holder in incidents.roles_of(connection, incident)}
    return held.get(Role.LEAD)


def offer(world: World, request: Request, to_id: str, brief: Brief) -> AnswerView:
    """Offer the lead with what was written down; an offer that stood before ends.

    Raises UserError when the lead can't be handed over any more, or not to them.
    """
    _check_person(world, request, look(world, request, Right.CHANGE), to_id)
    if not brief.state:
        raise UserError(f"Say how things stand, for example: {STATE_EXAMPLE}", field="state")

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_offer(world, connection, request, incident, to_id)
        by, now = request.actor.user_id, request.now
        follows: list[NewItem] = []
        standing = handovers.standing(connection, incident)
        if standing:
            handovers.move_handover(connection, standing, HandoverStatus.SUPERSEDED, by=by, now=now)
            follows.append(jobs.handover(incident, standing.handover_id, now=now))
        made = handovers.offer(connection, incident, Handover(0, by, now, to_id, brief))
        # Slack notifies nobody who is outside the channel, so they are brought in first.
        follows += [jobs.invite(incident, to_id, now=now), jobs.handover(incident, made.handover_id, now=now)]
        return Outcome(
            f"{mention(to_id)} is asked to take the lead of {incident.incident_id}. It passes when they accept.",
            jobs=tuple(follows),
        )

    return carry_out(world, request, Right.CHANGE, change)


def accept(world: World, request: Request, handover_id: int | None = None) -> AnswerView:
    """Take the lead that was offered to the asker; without a key the offer that stands.

    Raises UserError when it was offered to somebody else or no longer stands, and once the incident is over.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        offered = _standing(world, connection, request, incident, handover_id)
        by = request.actor.user_id
        if offered.to_id != by:
            right = f"{addressed(world, request, incident)} role lead"
            raise NotAllowedError(
                f"This is offered to {mention(offered.to_id)}, so only they can accept it. To take the lead",
                right=right,
            )
        if incident.status.is_over:
            raise UserError(
                f"{incident.incident_id} is {incident.status.value}, so there is no lead to take. To take it up again",
                right=f"{addressed(world, request, incident)} reopen",
            )
        lead = RoleHolder(Role.LEAD, by, request.now)
        follows = give_role(world, connection, incident, request, lead, how="handed over")
        # Whoever handed it over waits for this: it lets them go.
        text = f"{mention(by)} is the incident lead, handed over by {mention(offered.by)}"
        line = jobs.line(incident, request.key, text, now=request.now, notifies=[offered.by])
        return Outcome(f"You are the lead of {incident.incident_id}.", refreshes_header=True, jobs=(*follows, line))

    return carry_out(world, request, Right.CHANGE, change)


def decline(world: World, request: Request, handover_id: int | None = None) -> AnswerView:
    """Say no to the lead that was offered to the asker; whoever offered it is told.

    Raises UserError when it was offered to somebody else or no longer stands.
    """

    def change(connection: Connection, incident: Incident) -> Outcome:
        offered = _standing(world, connection, request, incident, handover_id)
        by = request.actor.user_id
        if offered.to_id != by:
            raise NotAllowedError(f"This is offered to {mention(offered.to_id)}, so only they can decline it.")
        lead = _lead(connection, incident)
        text = f"{mention(by)} can't take the lead now. {_stays(lead, offered)}"
        line = jobs.line(incident, request.key, text, now=request.now, notifies=[offered.by])
        ended = _end(connection, incident, request, offered, HandoverStatus.DECLINED)
        return Outcome(f"Declined. {mention(offered.by)} is told.", jobs=(ended, line))

    return carry_out(world, request, Right.CHANGE, change)


def _stays(lead: str | None, offered: Handover) -> str:
    """Return who leads after a no; whoever offered the lead is named, as they are who is told."""
    if lead == offered.by:
        return f"{mention(lead)} stays the incident lead"
    leads = f"{mention(lead)} is the incident lead" if lead else "nobody is the incident lead"
    return f"{mention(offered.by)}: {leads}"


def withdraw(world: World, request: Request, handover_id: int | None = None) -> AnswerView:
    """Take back an offer of one's own. Raises UserError for somebody else's, and when it no longer stands."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        offered = _standing(world, connection, request, incident, handover_id)
        if offered.by != request.actor.user_id:
            raise NotAllowedError(f"{mention(offered.by)} made this offer, so only they can withdraw it.")
        ended = _end(connection, incident, request, offered, HandoverStatus.WITHDRAWN)
        return Outcome(f"Withdrawn: {mention(offered.to_id)} is no longer asked.", jobs=(ended,))

    return carry_out(world, request, Right.CHANGE, change)


def _standing(
    world: World, connection: Connection, request: Request, incident: Incident, handover_id: int | None
) -> Handover:
    """Return the offer that is meant. Raises UserError when there is none, or it has ended."""
    if handover_id is None:
        found = handovers.standing(connection, incident)
    else:
        found = handovers.handover_of(connection, incident, handover_id)
    if found is None:
        raise NotFoundError(
            f"The lead of {incident.incident_id} is offered to nobody. To hand it over",
            right=f"{addressed(world, request, incident)} handover @name",
        )
    if not found.stands:
        raise UserError(f"This handover {_ENDED_WORDS[found.status]}.")
    return found


def _end(
    connection: Connection, incident: Incident, request: Request, offered: Handover, status: HandoverStatus
) -> NewItem:
    handovers.move_handover(connection, offered, status, by=request.actor.user_id, now=request.now)
    return jobs.handover(incident, offered.handover_id, now=request.now)


def show(world: World, item: DueItem) -> None:
    """Post an offer, once, or show in its message what has become of it.

    Raises OutsideError where trying again later is right.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        offered = handovers.handover_of(connection, incident, int(item.slot))
        key = f"{PURPOSE}:{item.slot}"
        before = posts.by_key(connection, key)
    assert offered is not None
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    view = _view(world, incident, offered)
    new = NewPost(key, incident.team_id, incident.row_id, PURPOSE, incident.channel_id)
    try:
        posted = deliver(world, new, view)
        if before and before.state is PostState.SENT and posted.ts:
            world.messenger.update(posted.channel_id, posted.ts, view)
    except RefusedError as error:
        # The timeline, the header and the catch-up tell who leads, and an offer can be made again.
        log.warning("handover not shown", code=error.code, incident=incident.incident_id)


def _view(world: World, incident: Incident, offered: Handover) -> HandoverView:
    ids = [offered.by, offered.to_id, *filter(None, [offered.status_by])]
    return HandoverView(
        incident=people.titled(world, incident, now=world.clock()),
        handover=offered,
        names=people.names(world, incident.team_id, ids, now=world.clock()),
        command=world.policy.command,
    )
