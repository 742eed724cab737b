"""The live reminder: the one thing an open incident is asked for now, and a way to put it off."""

from bot.domain.durations import in_words
from bot.domain.reminders import RULES, SNOOZES, ReminderKind
from bot.services.views import ReminderView
from bot.slack.blocks.elements import Block, Rendered, actions, button, context, message, moment, plain, section
from bot.slack.blocks.forms import PLACEHOLDER, select
from bot.slack.blocks.incident import RESOLVE, TAKE_LEAD
from bot.slack.text import escaped, notifying

UPDATE = "reminder.update"
SNOOZE = "reminder.snooze"
_COMMANDS = {
    ReminderKind.LEAD: "role lead",
    ReminderKind.UPDATE: "update TEXT next 30m",
    ReminderKind.RESOLUTION: "resolve",
}


def reminder(view: ReminderView) -> Rendered:
    """Return what is asked for, of whom, with the button that does it; while snoozed, one quiet line."""
    said = _said(view)
    if view.snoozed_until:
        return _snoozed(view, said)
    asked = f"{notifying(view.asked)} " if view.asked else ""
    command = f"{view.command} {_COMMANDS[view.kind]}"
    blocks = [
        section(f"{asked}{said}"),
        actions("reminder", [_button(view), _snooze_menu(view)]),
        context(f"`{escaped(command)}` does the same."),
    ]
    return message(f"{view.incident.incident_id}: {said}", blocks)


def _snoozed(view: ReminderView, said: str) -> Rendered:
    assert view.snoozed_until is not None
    by = escaped(view.names.get(view.snoozed_by or "", view.snoozed_by or ""))
    text = f"Snoozed until {moment(view.snoozed_until)} by {by}. {said}"
    return message(f"{view.incident.incident_id}: {text}", [context(text)])


def _said(view: ReminderView) -> str:
    match view.kind:
        case ReminderKind.LEAD:
            return "Nobody leads this incident yet."
        case ReminderKind.UPDATE:
            # Of a private incident nobody outside is told.
            whom = "" if view.incident.is_private else " for those outside"
            return f"An update{whom} has been due since {moment(view.since)}."
        case ReminderKind.RESOLUTION:
            length = RULES[view.kind][view.incident.severity]
            return f"This has been mitigated for more than {in_words(length)}. Is it resolved?"


def _button(view: ReminderView) -> Block:
    row = str(view.incident.row_id)
    label, action_id = {
        ReminderKind.LEAD: ("Take the lead", TAKE_LEAD),
        ReminderKind.UPDATE: ("Send an update", UPDATE),
        ReminderKind.RESOLUTION: ("Resolved", RESOLVE),
    }[view.kind]
    return button(label, action_id, row, is_primary=True)


def _snooze_menu(view: ReminderView) -> Block:
    lengths = {f"{view.incident.row_id}:{length.total_seconds():.0f}": in_words(length) for length in SNOOZES}
    return select(lengths) | {"action_id": SNOOZE, "placeholder": plain("Snooze", PLACEHOLDER)}
