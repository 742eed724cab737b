"""What is decided about a postmortem beside its text: by when, the review meeting, that none is written."""

from datetime import date

import structlog

from bot.domain.archive import Stage, in_order
from bot.domain.errors import UserError
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.rights import Actor, Right, sees
from bot.domain.statements import LessonKind
from bot.domain.text import clipped, counted, mention, moment_mark, one_line
from bot.domain.when import Moment, echo
from bot.services import jobs
from bot.services import people as who
from bot.services.draft import assembled
from bot.services.ports import MessageGoneError, OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.views import AnswerView, MeetingView
from bot.services.world import World
from storage import archive, drafts, incidents, posts, statements
from storage.database import Connection
from storage.due import DueItem
from storage.posts import NewPost
from storage.undo import RemoveRow, RestoreColumns, RestoreStatus, Step

log = structlog.get_logger()

LISTED = 20
_MEETING = "meeting"
_TITLE = 80
_REASON = 120


def set_due(world: World, request: Request, due: date) -> AnswerView:
    """Say by which day the postmortem is to be written. Raises UserError when none is written any more."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_owed(world, connection, request, incident)
        if incident.postmortem_due == due:
            raise UserError(f"The postmortem of {incident.incident_id} is due {due:%a %Y-%m-%d} already.")
        incidents.change(connection, incident, postmortem_due=due)
        undo = RestoreColumns({"postmortem_due": incident.postmortem_due}, {"postmortem_due": due})
        return Outcome(f"The postmortem of {incident.incident_id} is due {due:%a %Y-%m-%d}.", undo=(undo,))

    return carry_out(world, request, Right.CHANGE, change)


def set_meeting(world: World, request: Request, moment: Moment) -> AnswerView:
    """Set the review meeting and let the channel know. Raises UserError for a time that has passed."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_owed(world, connection, request, incident)
        said = echo(moment, now=request.now)
        if moment.at <= request.now:
            right = f"{addressed(world, request, incident, is_postmortem=True)} meeting tomorrow 10:00"
            raise UserError(f"That has passed ({said}). Name a time to come, for example", right=right)
        if incident.meeting_at == moment.at:
            raise UserError(f"The review meeting of {incident.incident_id} is {said} already.")
        incidents.change(connection, incident, meeting_at=moment.at)
        undo = RestoreColumns({"meeting_at": incident.meeting_at}, {"meeting_at": moment.at})
        return Outcome(
            f"The review meeting of {incident.incident_id} is {said}.{_agenda(incident)}",
            undo=(undo,),
            jobs=(jobs.meeting(incident, now=request.now),),
        )

    return carry_out(world, request, Right.CHANGE, change)


def _agenda(incident: Incident) -> str:
    return "" if incident.is_imported else " Its agenda stands in the channel."


def _check_owed(world: World, connection: Connection, request: Request, incident: Incident) -> None:
    """Raise UserError when no postmortem is written any more."""
    if incident.status is Status.CANCELLED:
        raise UserError(
            f"{incident.incident_id} was cancelled, so no postmortem is written. To take it up again",
            right=f"{addressed(world, request, incident)} reopen",
        )
    if incident.waive_reason is not None:
        reason = clipped(one_line(incident.waive_reason), _REASON)
        raise UserError(
            f"The postmortem of {incident.incident_id} was waived (“{reason}”). To write one all the same",
            right=f"{addressed(world, request, incident, is_postmortem=True)} draft",
        )
    published = drafts.published(connection, incident)
    if published and published.published_at:
        raise UserError(
            f"The postmortem of {incident.incident_id} was published at {published.published_at:%Y-%m-%d %H:%M} UTC. "
            "To publish what is new, draft it first",
            right=f"{addressed(world, request, incident, is_postmortem=True)} draft",
        )


def waive(world: World, request: Request, reason: str) -> AnswerView:
    """Say why no postmortem is written, which closes the incident. Raises UserError before it is resolved."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        _check_owed(world, connection, request, incident)
        if not incident.status.is_over:
            raise UserError(
                f"{incident.incident_id} is {incident.status.value}. Resolve it first",
                right=f"{addressed(world, request, incident)} resolve",
            )
        by, now = request.actor.user_id, request.now
        decided = {"waive_reason": reason, "waived_by": by, "waived_at": now}
        incidents.change(connection, incident, **decided)
        undo: list[Step] = [RestoreColumns(dict.fromkeys(decided), decided)]
        if incident.status is not Status.CLOSED:
            closing = StatusChange(Status.CLOSED, now, by, now, f"no postmortem: {reason}")
            undo.append(RemoveRow("status_changes", incidents.add_status_change(connection, incident, closing)))
            undo.append(RestoreStatus(incident.status, Status.CLOSED))
            incidents.change(connection, incident, status=Status.CLOSED.value)
        closes = incident.status is not Status.CLOSED
        said = "is closed without a postmortem" if closes else "has no postmortem"
        return Outcome(
            f"{incident.incident_id} {said}: {one_line(reason)}",
            undo=tuple(undo),
            line=f"{'Closed without a' if closes else 'No'} postmortem ({mention(by)}): {reason}",
            refreshes_header=True,
        )

    return carry_out(world, request, Right.PUBLISH, change)


def tell_meeting(world: World, item: DueItem) -> None:
    """Post when the meeting is, with its agenda, or bring that up to date. Raises OutsideError to be tried again."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        posted = posts.of_purpose(connection, incident.row_id, _MEETING)
    if incident.meeting_at is None and not posted:
        # Such as after an undo of something else.
        return
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    shown = _meeting_view(world, incident)
    key = f"{_MEETING}:{incident.row_id}"
    try:
        if posted and posted[-1].ts:
            try:
                world.messenger.update(posted[-1].channel_id, posted[-1].ts, shown)
            except MessageGoneError:
                key = f"{key}:after:{posted[-1].ts}"
            else:
                return
        if shown.at is not None:
            deliver(world, NewPost(key, incident.team_id, incident.row_id, _MEETING, incident.channel_id), shown)
    except RefusedError as error:
        log.warning("meeting not told", code=error.code, incident=incident.incident_id)


def _meeting_view(world: World, incident: Incident) -> MeetingView:
    """Return the meeting as it stands, its agenda made of the report's gaps and of what is still unknown."""
    postmortem = assembled(world, incident, 1)
    with world.database.reading() as connection:
        unknown = [one.text for one in statements.lessons_of(connection, incident) if one.kind is LessonKind.UNKNOWN]
    spoken = [who.spoken(world, incident.team_id, one_line(text), now=world.clock()) for text in unknown]
    return MeetingView(
        incident=who.titled(world, incident, now=world.clock()),
        at=incident.meeting_at,
        questions=(*(f"Still unknown: {text}" for text in spoken), *(gap.question for gap in postmortem.gaps)),
        command=world.policy.postmortem_command,
    )


def list_postmortems(world: World, actor: Actor) -> AnswerView:
    """Return where the postmortems of the incidents stand that the asker may see: what is owed first."""
    with world.database.reading() as connection:
        seen = [one for one in incidents.of_team(connection, actor.team_id, only_open=False) if sees(actor, one)]
        found = in_order(archive.standings(connection, seen))
    shown = [one for one in found if one.stage not in (Stage.RUNNING, Stage.NONE)]
    if not shown:
        return AnswerView(f"There is no postmortem yet. After an incident: {world.policy.postmortem_command} draft")
    lines = []
    for one in shown[:LISTED]:
        parts = [one.incident.incident_id, one.incident.severity.label, _stage_words(one.stage, one.revision)]
        if one.due:
            parts.append(f"due {one.due:%a %Y-%m-%d}")
        if one.published_at:
            parts.append(f"{moment_mark(one.published_at)}")
        if one.owner_id and one.stage.is_owed:
            parts.append(mention(one.owner_id))
        lines.append(" · ".join([*parts, clipped(one_line(one.incident.title), _TITLE)]))
    if len(shown) > LISTED:
        older = counted(len(shown) - LISTED, "older one")
        lines.append(f"… and {older}. To find one: {world.policy.postmortem_command} search WORDS")
    return AnswerView("\n".join([f"{counted(len(shown), 'postmortem')}:", *lines]))


def _stage_words(stage: Stage, revision: int | None) -> str:
    return f"draft {revision}" if stage is Stage.DRAFTED else stage.value
