"""Follow-up work: adding actions and moving their state."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.actions import ActionItem, ActionStatus, ActionType, Priority, move, same_work
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import Cause, valid_statement
from bot.domain.text import clipped, mention, one_line
from bot.services import jobs, people
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import statements
from storage.database import Connection
from storage.undo import RemoveRow, RestoreAction, RestoreRow

_ECHO_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NewAction:
    """What an action is entered with.

    `due` is a calendar date, `link` where it is tracked, `cause_id` the cause that it answers, `source` the address
    of the message that it was made from.
    """

    text: str
    owner_id: str | None = None
    due: date | None = None
    priority: Priority | None = None
    type: ActionType | None = None
    link: str | None = None
    cause_id: int | None = None
    source: str | None = None


def add_action(world: World, request: Request, new: NewAction) -> AnswerView:
    """Enter follow-up work; the words of an open action again change that one, for what is given with them.

    Raises UserError for an owner who is a bot or has left, and when nothing would change.
    """
    text = valid_statement(new.text, what="what is to be done", example="Alert on queue age")
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
        link=new.link,
        cause_id=new.cause_id,
        source=new.source,
    )

    def change(connection: Connection, incident: Incident) -> Outcome:
        if item.cause_id is not None and item.cause_id not in _causes(connection, incident):
            raise UserError("That cause has been taken back meanwhile. Choose another one, or none.", field="cause")
        known = same_work(statements.actions_of(connection, incident), text)
        if known:
            return _amend(world, connection, incident, request, known, item)
        saved = statements.add_action(connection, incident, item)
        return Outcome(
            f"Action {saved.number}: {clipped(one_line(text), _ECHO_LENGTH)}{_details(item)}",
            undo=(RemoveRow("actions", saved.action_id),),
            jobs=(jobs.follow_up_changed(incident, now=request.now),),
        )

    return carry_out(world, request, Right.STATE, change)


def _amend(
    world: World, connection: Connection, incident: Incident, request: Request, known: ActionItem, given: ActionItem
) -> Outcome:
    """Set what was given with the words of an action that is there; the rest of it stays."""
    held = _columns(known)
    after = {name: value for name, value in _columns(given).items() if value not in (None, held[name])}
    if not after:
        right = f"{addressed(world, request, incident)} action {clipped(one_line(known.text), _ECHO_LENGTH)} due friday"
        raise UserError(f"That is action {known.number} already{_details(known)}. To change it", right=right)
    changed = statements.change_action(connection, known, **after)
    return Outcome(
        f"Action {known.number} is now: {clipped(one_line(known.text), _ECHO_LENGTH)}{_details(changed)}",
        undo=(RestoreRow("actions", known.action_id, {name: held[name] for name in after}, after),),
        jobs=(jobs.follow_up_changed(incident, now=request.now),),
    )


def _columns(action: ActionItem) -> dict[str, Any]:
    """Return what may be given with an action's words, by its columns."""
    return {
        "owner_id": action.owner_id,
        "due": action.due,
        "type": action.type.value if action.type else None,
        "priority": action.priority.value if action.priority else None,
        "link": action.link,
        "cause": action.cause_id,
        "source": action.source,
    }


def answerable(world: World, request: Request) -> tuple[Incident, tuple[Cause, ...]]:
    """Return the incident to which somebody adds an action, with the causes that it may answer. Raises UserError."""
    incident = look(world, request, Right.STATE)
    with world.database.reading() as connection:
        return incident, statements.causes_of(connection, incident)


def _causes(connection: Connection, incident: Incident) -> set[int]:
    return {cause.cause_id for cause in statements.causes_of(connection, incident)}


def _check_owner(world: World, request: Request, user_id: str) -> None:
    person = people.known(world, request.actor.team_id, [user_id], now=request.now).get(user_id)
    if person and (person.is_bot or person.is_deactivated):
        why = "a bot" if person.is_bot else "no longer in this workspace"
        raise UserError(f"{person.name} is {why} and can't own an action. Name somebody who can do it.", field="owner")


def _details(item: ActionItem) -> str:
    parts = [
        f"owner {mention(item.owner_id)}" if item.owner_id else "no owner yet",
        f"due {item.due:%a %Y-%m-%d}" if item.due else "no due date yet",
        item.priority.value if item.priority else "",
        item.type.value if item.type else "",
        "answers a cause" if item.cause_id is not None else "",
        "tracked" if item.link else "",
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
