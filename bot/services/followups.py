"""The 30- and 60-day follow-ups: one reply each in the report's thread, or a direct message where that is gone."""

import structlog

from bot.domain.errors import UserError
from bot.domain.followups import follow_up, stand_ins
from bot.domain.incident import Incident, Status
from bot.domain.messages import permalink
from bot.domain.rights import Right, sees
from bot.domain.text import mention, mentioned
from bot.services import jobs
from bot.services import people as who
from bot.services.draft import summary_post
from bot.services.ports import ChannelGoneError, PersonUnreachableError, RefusedError
from bot.services.posting import deliver
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView, FollowUpView
from bot.services.world import World
from storage import incidents, people, posts, recurrences, statements
from storage.database import Connection
from storage.due import DueItem
from storage.posts import NewPost, Post
from storage.recurrences import Recurrence

log = structlog.get_logger()

PURPOSE = "follow-up"


def _view(world: World, incident: Incident, slot: str, *, is_direct: bool) -> FollowUpView:
    with world.database.reading() as connection:
        actions = statements.actions_of(connection, incident)
        answer = recurrences.of_slot(connection, incident, slot)
        team = people.team(connection, incident.team_id)
        summary = summary_post(connection, incident)
    found = follow_up(int(slot.removesuffix("d")), actions)
    ids = {action.owner_id for action in actions if action.owner_id} | ({answer.by} if answer else set())
    ids.update(user_id for action in actions for user_id in mentioned(f"{action.text} {action.reason or ''}"))
    link = permalink(team.url if team else None, summary.channel_id, summary.ts) if summary and summary.ts else None
    return FollowUpView(
        incident=who.titled(world, incident, now=world.clock()),
        slot=slot,
        days=found.days,
        open=found.open,
        done=found.done,
        dropped=found.dropped,
        asked=found.asked,
        names=who.names(world, incident.team_id, ids, now=world.clock()),
        link=link,
        came_back=answer.came_back if answer else None,
        answered_by=answer.by if answer else None,
        is_direct=is_direct,
    )


def remind(world: World, item: DueItem) -> None:
    """Post one follow-up.

    Raises OutsideError where trying again later is right, RefusedError when nobody can be told.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        summary = summary_post(connection, incident)
    with world.database.reading() as connection:
        is_anybodys = bool(stand_ins(incident, incidents.roles_of(connection, incident)))
    if incident.is_imported and not is_anybodys:
        return
    if incident.status is Status.CANCELLED or incident.merged_into is not None:
        # Of one that has become part of another, that one's review tells.
        return
    key = f"{PURPOSE}:{incident.row_id}:{item.slot}"
    if summary:
        new = NewPost(key, incident.team_id, incident.row_id, PURPOSE, summary.channel_id, summary.ts)
        try:
            deliver(world, new, _view(world, incident, item.slot, is_direct=False))
        except ChannelGoneError as error:
            log.info("follow-up goes to a person", code=error.code, incident=incident.incident_id)
        else:
            return
    _tell_somebody(world, incident, item.slot, key)


def _tell_somebody(world: World, incident: Incident, slot: str, key: str) -> None:
    """Send the follow-up to the first of owner, lead and reporter who may see it and can be written to."""
    with world.database.reading() as connection:
        roles = incidents.roles_of(connection, incident)
    candidates = stand_ins(incident, roles)
    known = who.known(world, incident.team_id, candidates, now=world.clock())
    view = _view(world, incident, slot, is_direct=True)
    for user_id in candidates:
        person = known.get(user_id)
        if (person and person.is_deactivated) or not _may_read(world, incident, user_id):
            continue
        try:
            channel = world.channels.direct(user_id)
            new = NewPost(f"{key}:{user_id}", incident.team_id, incident.row_id, PURPOSE, channel)
            deliver(world, new, view)
        except (PersonUnreachableError, ChannelGoneError) as error:
            log.info("person can't be written to", code=error.code, incident=incident.incident_id)
        else:
            return
    raise RefusedError(f"nobody left to tell about {incident.incident_id}", "nobody_reachable")


def _may_read(world: World, incident: Incident, user_id: str) -> bool:
    """Whether somebody may be told: who was taken out of a private incident reads nothing of it any more."""
    asked, _zone = who.actor(world, incident.team_id, user_id, "", now=world.clock())
    return sees(asked, incident)


def show_changes(world: World, item: DueItem) -> None:
    """Bring the posted follow-ups up to date after an action or an answer changed."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        posted = posts.of_purpose(connection, incident.row_id, PURPOSE)
    for post in posted:
        _update(world, incident, post)


def _update(world: World, incident: Incident, post: Post) -> None:
    assert post.ts is not None
    slot, *told = post.key.split(":")[2:]
    is_direct = bool(told)
    if is_direct and not _may_read(world, incident, told[0]):
        return
    try:
        world.messenger.update(post.channel_id, post.ts, _view(world, incident, slot, is_direct=is_direct))
    except RefusedError as error:
        log.warning("follow-up not updated", code=error.code, incident=incident.incident_id)


def answer_recurrence(world: World, request: Request, slot: str, *, came_back: bool) -> AnswerView:
    """Record whether the cause came back. Raises UserError when the asker may not, or somebody else was quicker."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        known = recurrences.of_slot(connection, incident, slot)
        if known and known.by != request.actor.user_id:
            answered = "it came back" if known.came_back else "it has not come back"
            raise UserError(f"{mention(known.by)} has answered already: {answered}.")
        given = Recurrence(came_back, request.actor.user_id, request.now)
        recurrences.answer(connection, incident, slot, given)
        said = "it came back" if came_back else "it has not come back"
        advice = f" If it is happening now: {world.policy.command} start" if came_back else ""
        return Outcome(f"Noted: {said}.{advice}", jobs=(jobs.follow_up_changed(incident, now=request.now),))

    return carry_out(world, request, Right.MOVE_ACTION, change)
