"""Follow-ups: the 30- and 60-day reviews of a postmortem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actions import ActionItem, ActionStatus, owners_with_open_work
from bot.domain.incident import Incident, Role, RoleHolder

FOLLOW_UP_DAYS = (30, 60)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What one follow-up says: the actions by state, and who is asked."""

    days: int
    open: tuple[ActionItem, ...]
    done: tuple[ActionItem, ...]
    dropped: tuple[ActionItem, ...]
    asked: tuple[str, ...]


def due_times(anchor: datetime) -> dict[int, datetime]:
    """Return when each follow-up is due: 30 and 60 days of 24 hours after the anchor (UTC)."""
    return {days: anchor + timedelta(days=days) for days in FOLLOW_UP_DAYS}


def follow_up(days: int, actions: Sequence[ActionItem]) -> FollowUp:
    """Sort the actions by state. Only owners with open work are asked."""

    def of(status: ActionStatus) -> tuple[ActionItem, ...]:
        return tuple(action for action in actions if action.status is status)

    return FollowUp(
        days=days,
        open=of(ActionStatus.OPEN),
        done=of(ActionStatus.DONE),
        dropped=of(ActionStatus.DROPPED),
        asked=owners_with_open_work(actions),
    )


def stand_ins(incident: Incident, roles: Sequence[RoleHolder]) -> tuple[str, ...]:
    """Return who is told directly when the channel can't be: the owner, then the lead, then the reporter.

    An imported incident was reported by nobody.
    """
    holders = {holder.role: holder.user_id for holder in roles}
    wanted = (holders.get(Role.OWNER), holders.get(Role.LEAD), None if incident.is_imported else incident.reporter_id)
    return tuple(dict.fromkeys(user_id for user_id in wanted if user_id))
