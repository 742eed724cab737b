"""Action items by type, and the checklist of what keeps the incident from coming back."""

from collections.abc import Iterable, Sequence

from bot.domain.actions import ActionItem, ActionStatus, ActionType
from bot.domain.postmortem.model import ActionGroup, ActionRow, CheckItem
from bot.domain.postmortem.sources import Sources, ticket
from bot.domain.statements import Cause, CauseKind
from bot.domain.text import counted, one_line, shortened

_CAUSE_LIMIT = 120
_LABELS = {
    ActionType.INVESTIGATE: "investigate",
    ActionType.MITIGATE: "mitigate",
    ActionType.REPAIR: "repair",
    ActionType.DETECT: "detect",
    ActionType.MITIGATE_FUTURE: "mitigate future",
    ActionType.PREVENT: "prevent",
}
_UNTYPED = "no type yet"
_WANTED = (
    (ActionType.PREVENT, "An action prevents the cause from coming back"),
    (ActionType.DETECT, "An action finds it sooner next time"),
    (ActionType.MITIGATE_FUTURE, "An action limits the impact next time"),
)


def action_groups(actions: Sequence[ActionItem], causes: Sequence[Cause], sources: Sources) -> tuple[ActionGroup, ...]:
    """Return the action items by type in the order of the types, those without a type last."""
    texts = {cause.cause_id: shortened(one_line(sources.naming.text(cause.text)), _CAUSE_LIMIT) for cause in causes}

    def row(action: ActionItem) -> ActionRow:
        return ActionRow(
            number=action.number,
            text=sources.naming.text(action.text),
            owner=sources.naming.name(action.owner_id) if action.owner_id else None,
            due=action.due,
            type=action.type,
            priority=action.priority,
            status=action.status,
            status_note=_status_note(action, sources),
            cause=texts.get(action.cause_id) if action.cause_id is not None else None,
            tracker=ticket(action.link),
            source=sources.made_from(action.source),
        )

    by_number = sorted(actions, key=lambda action: action.number)
    groups = (
        ActionGroup(
            type_,
            _LABELS[type_] if type_ else _UNTYPED,
            tuple(row(action) for action in by_number if action.type is type_),
        )
        for type_ in (*ActionType, None)
    )
    return tuple(group for group in groups if group.rows)


def checklist(actions: Sequence[ActionItem], causes: Iterable[Cause]) -> tuple[CheckItem, ...]:
    """Return the recurrence prevention checklist, read from the actions that have not been dropped."""
    kept = [action for action in actions if action.status is not ActionStatus.DROPPED]
    roots = [cause for cause in causes if cause.kind is CauseKind.ROOT]
    answered = [cause for cause in roots if any(action.cause_id == cause.cause_id for action in kept)]
    return (
        *(_has(kept, type_, text) for type_, text in _WANTED),
        CheckItem(
            bool(roots) and len(answered) == len(roots),
            "Every root cause is answered by an action",
            f"{len(answered)} of {len(roots)}" if roots else "no root cause is recorded",
        ),
        _all(kept, [action for action in kept if action.owner_id], "Every action has an owner"),
        _all(kept, [action for action in kept if action.due], "Every action has a due date"),
        _all(kept, [action for action in kept if action.link], "Every action is linked to a tracker"),
        _all(kept, [action for action in kept if action.status is ActionStatus.DONE], "Every action is done"),
    )


def planned(actions: Sequence[ActionItem]) -> str:
    """Return how many actions there are and how they stand, as a sentence; empty when there is none."""
    if not actions:
        return ""
    total = counted(len(actions), "action")
    states = {status: sum(action.status is status for action in actions) for status in ActionStatus}
    if states[ActionStatus.OPEN] == len(actions):
        return f"{total} {'is' if len(actions) == 1 else 'are'} planned."
    if len(actions) == 1:
        return f"{total} was planned and is {actions[0].status.value}."
    parts = ", ".join(f"{number:,} {status.value}" for status, number in states.items() if number)
    return f"{total} were planned: {parts}."


def _status_note(action: ActionItem, sources: Sources) -> str:
    if action.status is ActionStatus.DROPPED and action.reason:
        return f"{action.status.value}: {sources.naming.text(action.reason)}"
    return action.status.value


def _has(kept: Sequence[ActionItem], type_: ActionType, text: str) -> CheckItem:
    of_type = [action for action in kept if action.type is type_]
    done = sum(action.status is ActionStatus.DONE for action in of_type)
    detail = f"{counted(len(of_type), 'action')}, {done:,} done" if of_type else f"no action of type {_LABELS[type_]}"
    return CheckItem(bool(of_type), text, detail)


def _all(kept: Sequence[ActionItem], met: Sequence[ActionItem], text: str) -> CheckItem:
    detail = f"{len(met)} of {len(kept)}" if kept else "no action is recorded"
    return CheckItem(bool(kept) and len(met) == len(kept), text, detail)
