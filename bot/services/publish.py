"""Publishing: a preview first, then the revision is frozen, the incident closed, the follow-ups set anew."""

from datetime import datetime

import structlog

from bot.domain.errors import NotFoundError, UserError
from bot.domain.followups import due_times
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.messages import permalink
from bot.domain.postmortem.audiences import Audience
from bot.domain.rights import Right
from bot.domain.text import channel_mark, counted, mention
from bot.services import jobs
from bot.services import people as who
from bot.services.customers import read_out
from bot.services.draft import post_summary
from bot.services.ports import OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.views import AnswerView, PublishedView
from bot.services.world import World
from storage import drafts, due, incidents, people, posts, versions
from storage.database import Connection
from storage.drafts import Draft
from storage.due import DueItem, NewItem
from storage.posts import NewPost, Post, PostState

log = structlog.get_logger()

_PURPOSE = "published"


def preview(world: World, request: Request) -> AnswerView:
    """Say what would be published, with the button that does it. Raises UserError when it can't be."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft = _publishable(world, connection, request, incident)
        missing = draft.json["gaps"]
        lines = [
            f"Publishing freezes draft {draft.revision} of {incident.incident_id} and closes the incident.",
            _where(world, incident),
        ]
        lines += _reviewed(draft)
        if missing:
            first = f"{missing[0]['question']} For example: {missing[0]['command']}"
            lines.append(f"It still has {counted(len(missing), 'gap')}, the first: {first}")
        return Outcome("\n".join(lines), publish=draft.revision)

    return carry_out(world, request, Right.PUBLISH, change)


def publish(world: World, request: Request, revision: int | None = None) -> AnswerView:
    """Freeze the newest revision, or the one that was previewed. Raises UserError when a newer one has been made."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft = _publishable(world, connection, request, incident)
        if revision is not None and draft.revision != revision:
            raise UserError(
                f"Draft {draft.revision} has been made meanwhile. Look at it, then publish again",
                right=f"{addressed(world, request, incident, is_postmortem=True)} publish",
            )
        by, now = request.actor.user_id, request.now
        drafts.publish(connection, draft, by=by, now=now)
        if incident.waive_reason is not None:
            incidents.change(connection, incident, waive_reason=None, waived_by=None, waived_at=None)
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


def _publishable(world: World, connection: Connection, request: Request, incident: Incident) -> Draft:
    """Return the newest draft. Raises UserError where it can't be published."""
    anew = f"{addressed(world, request, incident, is_postmortem=True)} draft"
    draft = drafts.latest(connection, incident)
    if draft is None:
        raise NotFoundError(f"{incident.incident_id} has no draft yet. Make one first", right=anew)
    if draft.published_at:
        raise UserError(
            f"Draft {draft.revision} was published at {draft.published_at:%Y-%m-%d %H:%M} UTC. "
            "To publish what is new, draft it first",
            right=anew,
        )
    if incident.status is Status.CANCELLED:
        raise UserError(
            f"{incident.incident_id} was cancelled, so there is nothing to publish. To take it up again",
            right=f"{addressed(world, request, incident)} reopen",
        )
    if incident.status not in (Status.RESOLVED, Status.CLOSED):
        raise UserError(
            f"{incident.incident_id} is {incident.status.value}. Resolve it first",
            right=f"{addressed(world, request, incident)} resolve",
        )
    return draft


def _reviewed(draft: Draft) -> list[str]:
    """Return what the review says of the draft; one of an earlier version of the program has none."""
    review = draft.json.get("review")
    if not review:
        return []
    unmet = [one["item"] for one in review["must_haves"] if not one["met"]]
    without = f", without what a report must have: {', '.join(unmet)}" if unmet else ""
    return [f"Its review scores {review['score']} of 5{without}."]


def _where(world: World, incident: Incident) -> str:
    here = "told nobody else: the incident was imported" if incident.is_imported else "told in this channel"
    if incident.is_private:
        return f"It is {here}." if incident.is_imported else "It stays in this channel: the incident is private."
    channel = world.policy.announce_in
    return f"It is announced in {channel_mark(channel)}." if channel else f"It is {here}."


def tell(world: World, item: DueItem) -> None:
    """Show the published state in the summary and announce it. Raises OutsideError where trying again is right."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        revision, _colon, audience = item.slot.partition(":")
        draft = drafts.by_revision(connection, incident, int(revision))
        team = people.team(connection, incident.team_id)
        version = versions.of_draft(connection, draft, Audience(audience)) if draft and audience else None
    assert draft is not None
    try:
        summary: Post | None = None if incident.is_imported else post_summary(world, incident)
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
    titled = who.titled(world, incident, now=world.clock())
    text = read_out(version) if version else draft.summary
    view = PublishedView(titled, draft.revision, text, link, is_for_customers=bool(audience))
    key = f"{_PURPOSE}:{incident.row_id}:{item.slot}"
    new = NewPost(key, incident.team_id, incident.row_id, _PURPOSE, channel)
    with world.database.reading() as connection:
        before = posts.by_key(connection, key)
    try:
        posted = deliver(world, new, view)
        if before and before.state is PostState.SENT and posted.ts:
            world.messenger.update(posted.channel_id, posted.ts, view)
    except RefusedError as error:
        # The publication itself stands; where announcements go is a setting to mend.
        log.warning("publication not announced", code=error.code, incident=incident.incident_id)
        _tell_publisher(world, incident, draft, error.code)


def told_again(connection: Connection, incident: Incident, *, now: datetime) -> tuple[NewItem, ...]:
    """Return the work that says anew what was said of publications outside, such as when that was taken back."""
    slots = (post.key.split(":", 2)[2] for post in posts.of_purpose(connection, incident.row_id, _PURPOSE))
    told = (slot.partition(":") for slot in slots)
    return tuple(
        jobs.publish(incident, int(revision), now=now, audience=audience or Audience.INTERNAL)
        for revision, _colon, audience in told
    )


def _tell_publisher(world: World, incident: Incident, draft: Draft, code: str) -> None:
    """Say to whoever published it, alone, that the announcement was refused."""
    assert incident.channel_id is not None
    text = (
        f"Draft {draft.revision} is published, but it could not be announced (Slack says {code}). "
        "Invite the bot to the announcement channel, then tell them by hand."
    )
    if incident.is_imported:
        # There is no place in which only they would read it.
        return
    try:
        world.messenger.whisper(incident.channel_id, draft.published_by or incident.reporter_id, AnswerView(text))
    except OutsideError as error:
        log.warning("publisher can't be told", incident=incident.incident_id, error=str(error))
