"""Follow-up work: adding actions and moving their state."""

from dataclasses import dataclass
from datetime import date

from bot.domain.actions import ActionItem, ActionStatus, ActionType, Priority, move
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import valid_statement
from bot.domain.text import clipped, mention, one_line
from bot.services import jobs, people
from bot.services.requests import Outcome, Request, carry_out
from bot.services.views import AnswerView
from bot.services.world import World
from storage import statements
from storage.database import Connection
from storage.undo import RemoveRow, RestoreAction

_ECHO_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NewAction:
    """What an action is entered with; `due` is a calendar date."""

    text: str
    owner_id: str | None = None
    due: date | None = None
    priority: Priority | None = None
    type: ActionType | None = None


def add_action(world: World, request: Request, new: NewAction) -> AnswerView:
    """Enter follow-up work. Raises UserError for an owner who is a bot or has left."""
    example = f"{world.policy.command} action Alert on queue age @ana due 2026-12-01 P1"
    text = valid_statement(new.text, what="what is to be done", example=example)
    if new.owner_id:
        _check_owner(world, request, new.owner_id)
    item = ActionItem(
        0,
        0,
        text,
        request.actor.user_id,
        request.now,
        owner_id=new.owner_id,
        due=new.due,
        type=new.type,
        priority=new.priority,
    )

    def change(connection: Connection, incident: Incident) -> Outcome:
        saved = statements.add_action(connection, incident, item)
        return Outcome(
            f"Action {saved.number}: {clipped(one_line(text), _ECHO_LENGTH)}{_details(item)}",
            undo=(RemoveRow("actions", saved.action_id),),
            jobs=(jobs.follow_up_changed(incident, now=request.now),),
        )

    return carry_out(world, request, Right.STATE, change)


def _check_owner(world: World, request: Request, user_id: str) -> None:
    person = people.known(world, request.actor.team_id, [user_id], now=request.now).get(user_id)
    if person and (person.is_bot or person.is_deactivated):
        why = "a bot" if person.is_bot else "no longer in this workspace"
        raise UserError(f"{person.name} is {why} and can't own an action. Name somebody who can do it.")


def _details(item: ActionItem) -> str:
    parts = [
        f"owner {mention(item.owner_id)}" if item.owner_id else "no owner yet",
        f"due {item.due:%a %Y-%m-%d}" if item.due else "no due date yet",
        item.priority.value if item.priority else "",
        item.type.value if item.type else "",
    ]
    return f" ({', '.join(part for part in parts if part)})"


def find(world: World, incident: Incident, number: int) -> ActionItem:
    """Return the incident's action with this number. Raises NotFoundError when there is none."""
    with world.database.reading() as connection:
        return _found(connection, incident, number)


def _found(connection: Connection, incident: Incident, number: int) -> ActionItem:
    action = statements.action_in(connection, incident, number)
    if action is None:
        raise NotFoundError(f"{incident.incident_id} has no action {number}.")
    return action


def move_action(world: World, request: Request, number: int, status: ActionStatus, reason: str = "") -> AnswerView:
    """Finish, reopen or drop an action. Raises UserError for an unknown number, or a drop without a reason."""
    decided = move(status, reason)

    def change(connection: Connection, incident: Incident) -> Outcome:
        action = _found(connection, incident, number)
        statements.move_action(connection, action, decided, by=request.actor.user_id, now=request.now)
        state = {
            ActionStatus.DONE: "is done",
            ActionStatus.OPEN: "is still open",
            ActionStatus.DROPPED: f"is dropped: {decided.reason}",
        }[status]
        return Outcome(
            f"Action {number} {state}.",
            undo=(RestoreAction(action, status),) if action.status is not status else (),
            jobs=(jobs.follow_up_changed(incident, now=request.now),),
        )

    return carry_out(world, request, Right.MOVE_ACTION, change)
