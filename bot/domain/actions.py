"""Action items: follow-up work after the incident, with an owner, a due date and a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import UserError
from bot.domain.text import one_line


class ActionType(StrEnum):
    """What the work does, in the order of the report."""

    INVESTIGATE = "investigate"
    MITIGATE = "mitigate"
    REPAIR = "repair"
    DETECT = "detect"
    MITIGATE_FUTURE = "mitigate-future"
    PREVENT = "prevent"


# Characters; fewer could begin many an action.
_LEAST_CUT = 40

# The short forms that other templates use.
TYPE_ALIASES = {
    "recover": ActionType.REPAIR,
    "process": ActionType.PREVENT,
    "mitigate_future": ActionType.MITIGATE_FUTURE,
}


class Priority(StrEnum):
    """P0 before the next business day, P1 within a week, P2 within a month."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"


class ActionStatus(StrEnum):
    """Where the work stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is expected."""
        return self is not ActionStatus.OPEN


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One piece of tracked work. `number` counts from 1 within its incident; `due` is a calendar date.

    `reason` says why it was dropped; `link` is where it is tracked, `source` the address of the message it came from.
    """

    action_id: int
    number: int
    text: str
    by: str
    said_at: datetime
    owner_id: str | None = None
    due: date | None = None
    type: ActionType | None = None
    priority: Priority | None = None
    status: ActionStatus = ActionStatus.OPEN
    reason: str | None = None
    status_at: datetime | None = None
    link: str | None = None
    cause_id: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ActionMove:
    """A decided change of an action's state."""

    status: ActionStatus
    reason: str | None = None


def move(status: ActionStatus, reason: str) -> ActionMove:
    """Decide a change of state. Raises UserError when an action is dropped without a reason."""
    stripped = reason.strip()
    if status is ActionStatus.DROPPED and not stripped:
        raise UserError("Say why it is dropped, for example: replaced by the move to the new queue", field="reason")
    return ActionMove(status, stripped or None)


def same_work(actions: Sequence[ActionItem], text: str) -> ActionItem | None:
    """Return the open action that says the same, whatever its capitals and white space; None for a new one.

    Words cut with an ellipsis, as the report's questions cut them, stand for the action that begins with them.
    """
    said = _compared(text)
    for action in actions:
        known = _compared(action.text)
        is_cut = said.endswith("…") and len(said) > _LEAST_CUT
        is_same = known.startswith(said[:-1].rstrip()) if is_cut else known == said
        if is_same and not action.status.is_finished:
            return action
    return None


def _compared(text: str) -> str:
    return one_line(text).casefold().rstrip(".")


def owners_with_open_work(actions: Sequence[ActionItem]) -> tuple[str, ...]:
    """Return the owners of open actions, each once, in the order of the actions."""
    return tuple(
        dict.fromkeys(action.owner_id for action in actions if action.owner_id and not action.status.is_finished)
    )
