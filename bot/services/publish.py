"""Publishing: a preview first, then the revision is frozen, the incident closed, the follow-ups set anew."""

import structlog

from bot.domain.errors import NotFoundError, UserError
from bot.domain.followups import due_times
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.messages import permalink
from bot.domain.rights import Right
from bot.domain.text import channel_mark, counted, mention
from bot.services import jobs
from bot.services import people as who
from bot.services.draft import INTERNAL, post_summary
from bot.services.ports import OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView, PublishedView
from bot.services.world import World
from storage import drafts, due, incidents, people
from storage.database import Connection
from storage.drafts import Draft
from storage.due import DueItem
from storage.posts import NewPost, Post

log = structlog.get_logger()


def preview(world: World, request: Request, audience: str) -> AnswerView:
    """Say what would be published, with the button that does it. Raises UserError when it can't be."""
    _check_audience(world, audience)

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft = _publishable(world, connection, incident)
        missing = draft.json["gaps"]
        lines = [
            f"Publishing freezes draft {draft.revision} of {incident.incident_id} and closes the incident.",
            _where(world, incident),
        ]
        if missing:
            first = f"{missing[0]['question']} For example: {missing[0]['command']}"
            lines.append(f"It still has {counted(len(missing), 'gap')}, the first: {first}")
        return Outcome("\n".join(lines), publish=draft.revision)

    return carry_out(world, request, Right.PUBLISH, change)


def publish(world: World, request: Request, audience: str, revision: int | None = None) -> AnswerView:
    """Freeze the newest revision, or the one that was previewed. Raises UserError when a newer one has been made."""
    _check_audience(world, audience)

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft = _publishable(world, connection, incident)
        if revision is not None and draft.revision != revision:
            raise UserError(
                f"Draft {draft.revision} has been made meanwhile. Look at it, then publish again: "
                f"{world.policy.postmortem_command} publish"
            )
        by, now = request.actor.user_id, request.now
        drafts.publish(connection, draft, by=by, now=now)
        if incident.status is not Status.CLOSED:
            incidents.add_status_change(connection, incident, StatusChange(Status.CLOSED, now, by, now))
            incidents.change(connection, incident, status=Status.CLOSED.value)
        for days, at in due_times(now).items():
            due.move_if_waiting(connection, jobs.follow_up(incident, days, at=at))
        return Outcome(
            f"Draft {draft.revision} of {incident.incident_id} is published.",
            line=f"Postmortem published by {mention(by)} (draft {draft.revision})",
            refreshes_header=True,
            jobs=(jobs.publish(incident, draft.revision, now=now),),
        )

    return carry_out(world, request, Right.PUBLISH, change)


def _check_audience(world: World, audience: str) -> None:
    if audience != INTERNAL:
        raise UserError(f"The {audience} version isn't there yet. Use: {world.policy.postmortem_command} publish")


def _publishable(world: World, connection: Connection, incident: Incident) -> Draft:
    draft = drafts.latest(connection, incident)
    if draft is None:
        raise NotFoundError(
            f"{incident.incident_id} has no draft yet. Make one first: {world.policy.postmortem_command} draft"
        )
    if draft.published_at:
        raise UserError(
            f"Draft {draft.revision} was published at {draft.published_at:%Y-%m-%d %H:%M} UTC. "
            f"To publish what is new, draft it first: {world.policy.postmortem_command} draft"
        )
    if incident.status is Status.CANCELLED:
        raise UserError(f"{incident.incident_id} was cancelled, so there is nothing to publish.")
    if incident.status not in (Status.RESOLVED, Status.CLOSED):
        raise UserError(
            f"{incident.incident_id} is {incident.status.value}. Resolve it first: {world.policy.command} resolve"
        )
    return draft


def _where(world: World, incident: Incident) -> str:
    if incident.is_private:
        return "It stays in this channel: the incident is private."
    channel = world.policy.announce_in
    return f"It is announced in {channel_mark(channel)}." if channel else "It is told in this channel."


def tell(world: World, item: DueItem) -> None:
    """Show the published state in the summary and announce it. Raises OutsideError where trying again is right."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        draft = drafts.by_revision(connection, incident, int(item.slot))
        team = people.team(connection, incident.team_id)
    assert draft is not None
    try:
        summary: Post | None = post_summary(world, incident)
    except RefusedError as error:
        # Such as in a channel that has been archived since: the announcement below still tells it.
        log.warning("summary not brought up to date", code=error.code, incident=incident.incident_id)
        summary = None
    channel = world.policy.announce_in
    if channel is None or incident.is_private:
        return
    link = None
    if summary and summary.ts:
        link = permalink(team.url if team else None, summary.channel_id, summary.ts)
    view = PublishedView(who.titled(world, incident, now=world.clock()), draft.revision, draft.summary, link)
    new = NewPost(
        f"published:{incident.row_id}:{draft.revision}", incident.team_id, incident.row_id, "published", channel
    )
    try:
        deliver(world, new, view)
    except RefusedError as error:
        # The publication itself stands; where announcements go is a setting to mend.
        log.warning("publication not announced", code=error.code, incident=incident.incident_id)
        _tell_publisher(world, incident, draft, error.code)


def _tell_publisher(world: World, incident: Incident, draft: Draft, code: str) -> None:
    """Say to whoever published it, alone, that the announcement was refused."""
    assert incident.channel_id is not None
    text = (
        f"Draft {draft.revision} is published, but it could not be announced (Slack says {code}). "
        "Invite the bot to the announcement channel, then tell them by hand."
    )
    try:
        world.messenger.whisper(incident.channel_id, draft.published_by or incident.reporter_id, AnswerView(text))
    except OutsideError as error:
        log.warning("publisher can't be told", incident=incident.incident_id, error=str(error))
