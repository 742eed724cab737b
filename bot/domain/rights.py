"""The one door for rights: may(actor, action, incident)."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.incident import Incident


class Right(StrEnum):
    """What somebody may want to do. Every command, button, shortcut, list and export asks for one."""

    DECLARE = "declare an incident"
    SEE = "see this incident"
    CHANGE = "change this incident"
    STATE = "add to this incident"
    MARK = "mark messages for the timeline"
    DRAFT = "make the draft"
    PUBLISH = "publish the postmortem"
    APPROVE = "approve the customer version"
    MOVE_ACTION = "change an action's state"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and what is known of them.

    `member_of` holds the channels they are known to be in, among those that the question touches; the channel
    that a command was typed in always counts.
    """

    team_id: str
    user_id: str
    is_guest: bool = False
    is_bot: bool = False
    member_of: frozenset[str] = frozenset()


def sees(actor: Actor, incident: Incident) -> bool:
    """Whether this incident exists at all for the actor: same workspace, and inside where it is private."""
    if actor.team_id != incident.team_id or actor.is_bot:
        return False
    if not incident.is_private and not actor.is_guest:
        return True
    return actor.user_id == incident.reporter_id or incident.channel_id in actor.member_of


def may(actor: Actor, right: Right, incident: Incident | None) -> None:
    """Return when the actor may do this; otherwise raise.

    Raises NotFoundError for an incident that must not even be known to them (a private one they are not in),
    NotAllowedError with the reason for everything else.
    """
    if incident is not None and not sees(actor, incident):
        raise NotFoundError(f"There is no incident {incident.incident_id} that you can see.")
    if actor.is_bot:
        raise NotAllowedError(f"Bots can't {right.value}.")
    if actor.is_guest and right is not Right.SEE:
        raise NotAllowedError(f"Guests can't {right.value}. Ask a member of this workspace to do it.")
