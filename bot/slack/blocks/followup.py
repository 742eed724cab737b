"""The 30- and 60-day follow-ups."""

from bot.domain.actions import ActionItem, ActionStatus
from bot.domain.text import SOMEONE, clipped, counted, one_line
from bot.services.views import FollowUpView
from bot.slack.blocks.elements import (
    MESSAGE,
    Block,
    Rendered,
    actions,
    button,
    context,
    fitting,
    link,
    menu,
    message,
    section,
    weight,
)
from bot.slack.text import escaped, notifying, shown

ACTION_MENU = "followup.action"
CAME_BACK = "followup.came_back"
NOT_BACK = "followup.not_back"
_TEXT = 250
_ASKED_SHOWN = 20
_FINISHED_SHOWN = 10
_FINISHED_TEXT = 100
# For the line that says how many more there are.
_REST = 300


def follow_up(view: FollowUpView) -> Rendered:
    """Return the review: open actions with a menu each, what is done or dropped, and who is asked."""
    incident = view.incident
    title = f"{view.days} days after the postmortem of {incident.incident_id}"
    headline = f"*{escaped(title)}: {escaped(incident.title)}*"
    if view.is_direct:
        headline += "\nIts channel can't be written to any more, so this comes to you."
    if view.link:
        headline += f"\n{link(view.link, 'The report')}"
    finished = _finished(view)
    blocks = [section(headline), _question(view)]
    blocks += [*_open(view, MESSAGE - weight(*blocks, *finished) - _REST), *finished]
    if not view.open:
        blocks += _recurrence(view)
    return message(f"{escaped(title)}: {_state(view)}", blocks)


def _state(view: FollowUpView) -> str:
    if view.open:
        return f"{counted(len(view.open), 'action')} still open"
    if view.done or view.dropped:
        return "no action is left open"
    return "no action was ever entered"


def _question(view: FollowUpView) -> Block:
    if not view.open:
        return section(f"{_state(view).capitalize()}.")
    asked = " ".join(notifying(user_id) for user_id in view.asked[:_ASKED_SHOWN])
    if len(view.asked) > _ASKED_SHOWN:
        asked += f" and {counted(len(view.asked) - _ASKED_SHOWN, 'other')}"
    verb = "does it" if len(view.open) == 1 else "do they"
    return section(f"{_state(view).capitalize()}. {asked + ': how' if asked else 'How'} {verb} stand?")


def _open(view: FollowUpView, room: int) -> list[Block]:
    """Return the open actions, as many as go into `room` characters; as they are done the next ones come up."""
    lines = [section(_line(view, action), _menu(view, action)) for action in view.open]
    count = fitting(lines, room)
    if count == len(lines):
        return lines
    rest = counted(len(lines) - count, "more open action")
    return [*lines[:count], context(f"… and {rest}, named in the report")]


def _line(view: FollowUpView, action: ActionItem) -> str:
    text = _named(view, action.text)
    owner = escaped(view.names.get(action.owner_id, SOMEONE)) if action.owner_id else "no owner"
    due = f"due {action.due:%Y-%m-%d}" if action.due else "no due date"
    return f"*{action.number}.* {text}\n{owner}, {due}"


def _named(view: FollowUpView, text: str, limit: int = _TEXT) -> str:
    return shown(clipped(one_line(text), limit), lambda user_id: view.names.get(user_id, SOMEONE))


def _menu(view: FollowUpView, action: ActionItem) -> Block:
    prefix = f"{view.incident.row_id}:{action.number}"
    options = [
        ("Done", f"{prefix}:{ActionStatus.DONE.value}"),
        ("Still open", f"{prefix}:{ActionStatus.OPEN.value}"),
        ("Drop with a reason", f"{prefix}:{ActionStatus.DROPPED.value}"),
    ]
    return menu(f"{ACTION_MENU}.{action.number}", options)


def _finished(view: FollowUpView) -> list[Block]:
    lines, more = [], []
    for word, finished in (("Done", view.done), ("Dropped", view.dropped)):
        for action in finished[:_FINISHED_SHOWN]:
            reason = f" ({_named(view, action.reason, _FINISHED_TEXT)})" if action.reason else ""
            text = _named(view, action.text, _FINISHED_TEXT)
            lines.append(f"{word}: {action.number}. {text}{reason}")
        if len(finished) > _FINISHED_SHOWN:
            more.append(f"{word}: {len(finished) - _FINISHED_SHOWN} more, named in the report")
    return [context("\n".join(texts)) for texts in (lines, more) if texts]


def _recurrence(view: FollowUpView) -> list[Block]:
    if view.came_back is not None:
        name = escaped(view.names.get(view.answered_by or "", view.answered_by or ""))
        said = "The cause has come back" if view.came_back else "The cause has not come back"
        return [section(f"{said}, says {name}.")]
    value = f"{view.incident.row_id}:{view.slot}"
    buttons = [button("It hasn't", NOT_BACK, value, is_primary=True), button("It came back", CAME_BACK, value)]
    return [section("Has the cause come back since?"), actions("recurrence", buttons)]
