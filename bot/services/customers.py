"""The customer version of a report: looked at, approved by somebody, then published. Each step is recorded."""

from bot.domain.errors import NotAllowedError, NotFoundError, TryAgainError, UserError
from bot.domain.incident import Incident, IncidentType, Status
from bot.domain.postmortem.audiences import Audience
from bot.domain.rights import Right
from bot.domain.text import mention
from bot.services import jobs
from bot.services.draft import check_for_customers
from bot.services.ports import OutsideError
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.views import AnswerView, Confirmation
from bot.services.world import World
from storage import drafts, versions
from storage.database import Connection
from storage.drafts import Draft
from storage.versions import Version

_GROUP = "S"


def preview_approval(world: World, request: Request) -> AnswerView:
    """Show the newest draft's customer version with the button that approves it. Raises UserError."""
    is_approver = _is_approver(world, request)

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft, version = _version(world, connection, request, incident)
        _check_approver(incident, is_approver=is_approver)
        if version.approved_at and version.approved_by:
            raise UserError(
                f"The customer version of draft {draft.revision} was approved by {mention(version.approved_by)}. "
                "To publish it",
                right=f"{_command(world, request, incident)} publish --audience customer",
            )
        text = (
            f"This is the customer version of draft {draft.revision}, whole:\n\n{read_out(version)}{_left_out(draft)}"
        )
        return Outcome(text, publish=draft.revision, confirms=Confirmation.APPROVE_CUSTOMER)

    return carry_out(world, request, Right.APPROVE, change)


def approve(world: World, request: Request, revision: int) -> AnswerView:
    """Record that somebody agrees to the customer version that they were shown. Raises UserError."""
    is_approver = _is_approver(world, request)

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft, version = _version(world, connection, request, incident)
        _check_approver(incident, is_approver=is_approver)
        _check_shown(draft, revision, f"{_command(world, request, incident)} approve customer")
        if version.approved_at:
            raise UserError(
                f"The customer version of draft {draft.revision} was approved before. To publish it",
                right=f"{_command(world, request, incident)} publish --audience customer",
            )
        by = request.actor.user_id
        versions.approve(connection, version, by=by, now=request.now)
        return Outcome(
            f"The customer version of draft {draft.revision} is approved. "
            f"To publish it: {_command(world, request, incident)} publish --audience customer",
            line=f"Customer version of draft {draft.revision} approved by {mention(by)}",
        )

    return carry_out(world, request, Right.APPROVE, change)


def preview_publishing(world: World, request: Request) -> AnswerView:
    """Show the approved customer version with the button that publishes it. Raises UserError before the approval."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft, version = _publishable(world, connection, request, incident)
        text = f"Publishing freezes the customer version of draft {draft.revision}, whole:\n\n{read_out(version)}"
        return Outcome(text, publish=draft.revision, confirms=Confirmation.PUBLISH_CUSTOMER)

    return carry_out(world, request, Right.PUBLISH, change)


def publish(world: World, request: Request, revision: int | None = None) -> AnswerView:
    """Freeze the approved customer version of the newest draft, or of the one that was shown. Raises UserError."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        draft, version = _publishable(world, connection, request, incident)
        if revision is not None:
            _check_shown(draft, revision, f"{_command(world, request, incident)} publish --audience customer")
        by = request.actor.user_id
        versions.publish(connection, version, by=by, now=request.now)
        return Outcome(
            f"The customer version of draft {draft.revision} is published: it stays as it is. "
            f"To have it as a file: it is in the draft's thread.",
            line=f"Customer version published by {mention(by)} (draft {draft.revision})",
            jobs=(jobs.publish(incident, draft.revision, now=request.now, audience=Audience.CUSTOMER.value),),
        )

    return carry_out(world, request, Right.PUBLISH, change)


def read_out(version: Version) -> str:
    """Return the version as it is read in a message: its headings without their marks."""
    return "\n".join(line.lstrip("# ") for line in version.markdown.splitlines())


def _left_out(draft: Draft) -> str:
    """Return what whoever approves should know is not told: what became of data is stated in words, and no figure."""
    stated = draft.json["impact"].get("data_integrity")
    return f"\n\nIt does not tell customers what is stated of their data: {stated}" if stated else ""


def _command(world: World, request: Request, incident: Incident) -> str:
    return addressed(world, request, incident, is_postmortem=True)


def _is_approver(world: World, request: Request) -> bool | None:
    """Return whether the asker is among those set to approve, None where nobody is set. Asks Slack for groups."""
    approvers = world.policy.approvers
    if not approvers:
        return None
    if request.actor.user_id in approvers:
        return True
    groups = [one for one in approvers if one.startswith(_GROUP)]
    try:
        return any(request.actor.user_id in world.directory.group_members(one, is_awaited=True) for one in groups)
    except OutsideError as error:
        raise TryAgainError("Slack can't tell just now who may approve. Please send it again.") from error


def _check_approver(incident: Incident, *, is_approver: bool | None) -> None:
    """Raise NotAllowedError for whoever may not approve; for a security incident somebody must be set."""
    if is_approver is False:
        raise NotAllowedError("Only those named in SCRIBE_APPROVERS can approve a customer version. Ask one of them.")
    if is_approver is None and incident.type is IncidentType.SECURITY:
        raise NotAllowedError(
            "The customer version of a security incident needs legal or infosec to agree. Whoever runs Incident "
            "Scribe names them, or their user group, in SCRIBE_APPROVERS."
        )


def _version(world: World, connection: Connection, request: Request, incident: Incident) -> tuple[Draft, Version]:
    """Return the newest draft with its customer version. Raises UserError where either is missing."""
    check_for_customers(world, request, incident)
    make = f"{_command(world, request, incident)} draft --audience customer"
    draft = drafts.latest(connection, incident)
    if draft is None:
        raise NotFoundError(f"{incident.incident_id} has no draft yet. Make one first", right=make)
    version = versions.of_draft(connection, draft, Audience.CUSTOMER)
    if version is None:
        raise NotFoundError(f"Draft {draft.revision} has no customer version. Make one first", right=make)
    return draft, version


def _publishable(world: World, connection: Connection, request: Request, incident: Incident) -> tuple[Draft, Version]:
    draft, version = _version(world, connection, request, incident)
    if version.published_at:
        raise UserError(
            f"The customer version of draft {draft.revision} was published at "
            f"{version.published_at:%Y-%m-%d %H:%M} UTC. To publish what is new, draft it first",
            right=f"{_command(world, request, incident)} draft --audience customer",
        )
    if incident.status not in (Status.RESOLVED, Status.CLOSED):
        raise UserError(
            f"{incident.incident_id} is {incident.status.value}. Resolve it first",
            right=f"{addressed(world, request, incident)} resolve",
        )
    if version.approved_at is None:
        raise UserError(
            f"The customer version of draft {draft.revision} is not approved yet",
            right=f"{_command(world, request, incident)} approve customer",
        )
    return draft, version


def _check_shown(draft: Draft, revision: int, again: str) -> None:
    if draft.revision != revision:
        raise UserError(f"Draft {draft.revision} has been made meanwhile. Look at it first", right=again)
