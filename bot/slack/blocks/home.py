"""The Home tab."""

from bot.domain.text import clipped, one_line
from bot.services.views import HomeView
from bot.slack.blocks.elements import SEVERITY_SIGNS, Block, actions, button, context, header, moment, section
from bot.slack.text import escaped, whispered

DECLARE = "home.declare"
_SHOWN = 40
_TEXT = 200


def home(view: HomeView) -> Block:
    """Return the Home tab: declare, the open incidents, my open actions; within Slack's 100 blocks."""
    blocks: list[Block] = [
        actions("home", [button("Declare an incident", DECLARE, "home", is_primary=True)]),
        header("Open incidents"),
        *(_incident_lines(view) or [section("No incident is open.")]),
        header("My actions"),
        *(_action_lines(view) or [section("You have no open action.")]),
    ]
    return {"type": "home", "blocks": blocks}


def _incident_lines(view: HomeView) -> list[Block]:
    lines = []
    for incident in view.incidents[:_SHOWN]:
        channel = f" · <#{incident.channel_id}>" if incident.channel_id else ""
        lines.append(
            section(
                f"{SEVERITY_SIGNS[incident.severity]} {incident.severity.label} · *{whispered(incident.title)}*\n"
                f"{incident.incident_id} · {incident.status.value} · declared {moment(incident.declared_at)}{channel}"
            )
        )
    if len(view.incidents) > _SHOWN:
        lines.append(context(f"… and {len(view.incidents) - _SHOWN} more: `{escaped(view.command)} list`"))
    return lines


def _action_lines(view: HomeView) -> list[Block]:
    lines = []
    for incident, action in view.actions[:_SHOWN]:
        due = f"due {action.due:%Y-%m-%d}" if action.due else "no due date"
        channel = f" · <#{incident.channel_id}>" if incident.channel_id else ""
        text = whispered(clipped(one_line(action.text), _TEXT))
        lines.append(section(f"*{text}*\n{due} · {incident.incident_id}, action {action.number}{channel}"))
    if len(view.actions) > _SHOWN:
        lines.append(context(f"… and {len(view.actions) - _SHOWN} more"))
    return lines
