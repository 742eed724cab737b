"""The Home tab."""

from datetime import date

from bot.domain.incident import Incident, Kind
from bot.domain.text import clipped, one_line
from bot.services.views import HomeView
from bot.slack.blocks.elements import SEVERITY_SIGNS, Block, actions, button, context, header, moment, section
from bot.slack.text import escaped, whispered

DECLARE = "home.declare"
DRAFT = "home.draft"
# Of each of the three lists: with what stands around them that is within Slack's 100 blocks.
_SHOWN = 30
_TEXT = 200


def home(view: HomeView) -> Block:
    """Return the Home tab: declare, the open incidents, my open actions, my drafts; within Slack's 100 blocks."""
    blocks: list[Block] = [
        actions("home", [button("Declare an incident", DECLARE, "home", is_primary=True)]),
        header("Open incidents"),
        *(_incident_lines(view) or [section("No incident is open.")]),
        header("My actions"),
        *(_action_lines(view) or [section("You have no open action.")]),
        header("My postmortems to write"),
        *(_draft_lines(view) or [section("You owe no postmortem.")]),
    ]
    return {"type": "home", "blocks": blocks}


def _incident_lines(view: HomeView) -> list[Block]:
    lines = []
    for incident in view.incidents[:_SHOWN]:
        channel = f" · <#{incident.slack_channel}>" if incident.slack_channel else ""
        lines.append(
            section(
                f"{SEVERITY_SIGNS[incident.severity]} {incident.severity.label}{_kind(incident)} · "
                f"*{whispered(incident.title)}*\n"
                f"{incident.incident_id} · {incident.status.value} · declared {moment(incident.declared_at)}{channel}"
            )
        )
    if len(view.incidents) > _SHOWN:
        lines.append(context(f"… and {len(view.incidents) - _SHOWN} more: `{escaped(view.command)} list`"))
    return lines


def _kind(incident: Incident) -> str:
    """Return what kind it is where it is not live: nobody must take a drill for more than that."""
    return "" if incident.kind is Kind.LIVE else f" · {incident.kind.words}"


def _action_lines(view: HomeView) -> list[Block]:
    lines = []
    for incident, action in view.actions[:_SHOWN]:
        due = _due(action.due, view)
        channel = f" · <#{incident.slack_channel}>" if incident.slack_channel else ""
        text = whispered(clipped(one_line(action.text), _TEXT))
        lines.append(section(f"*{text}*\n{due} · {incident.incident_id}, action {action.number}{channel}"))
    if len(view.actions) > _SHOWN:
        lines.append(context(f"… and {len(view.actions) - _SHOWN} more"))
    return lines


def _due(due: date | None, view: HomeView) -> str:
    """Return by when, and whether that day has passed; nothing is told by a colour alone."""
    if due is None:
        return "no due date"
    is_late = view.today is not None and due < view.today
    return f"{'overdue since' if is_late else 'due'} {due:%a %Y-%m-%d}"


def _draft_lines(view: HomeView) -> list[Block]:
    lines = []
    for one in view.drafts[:_SHOWN]:
        incident = one.incident
        stage = f"draft {one.revision}, not published" if one.revision else one.stage.value
        channel = f" · <#{incident.slack_channel}>" if incident.slack_channel else ""
        text = f"*{whispered(clipped(one_line(incident.title), _TEXT))}*\n"
        text += f"{_due(one.due, view)} · {stage} · {incident.incident_id}{channel}"
        lines.append(section(text, button("Draft again" if one.revision else "Draft", DRAFT, str(incident.row_id))))
    if len(view.drafts) > _SHOWN:
        rest = len(view.drafts) - _SHOWN
        lines.append(context(f"… and {rest} more: `{escaped(view.postmortem_command)} list`"))
    return lines
