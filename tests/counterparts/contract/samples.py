"""Messages, forms and Home tabs to ask a Slack about, and the ways to have one in front of somebody."""

from typing import Any

from slack_sdk.webhook import WebhookClient

from tests.counterparts.contract.slack import Json, Slack

BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
OPTIONS = [{"text": {"type": "plain_text", "text": name.upper()}, "value": name} for name in ("one", "two")]
MENU = {"type": "overflow", "action_id": "menu", "options": OPTIONS}
CHOICES: list[Json] = [{"type": "actions", "block_id": "choices", "elements": [BUTTON, MENU]}]


def pressed(slack: Slack, channel: str) -> tuple[str, Json]:
    """A message with a button that ana has pressed: its ts, and what the app was told."""
    ts = str(slack.client.chat_postMessage(channel=channel, text="Go?", blocks=CHOICES)["ts"])
    slack.press(slack.ana, channel, ts, "go")
    return ts, slack.app.last("interactive")


def respond(payload: Json, **content: Any) -> int:
    """The status of an answer given through the payload's response address."""
    return WebhookClient(payload["response_url"], retry_handlers=[]).send_dict(content).status_code


def modal(title: str = "A form", **more: Any) -> Json:
    """A modal with a text, a menu and boxes to tick."""
    options = [{"text": {"type": "plain_text", "text": name.upper()}, "value": name} for name in ("one", "two")]
    elements: dict[str, Json] = {
        "words": {"type": "plain_text_input"},
        "choice": {"type": "static_select", "options": options, "initial_option": options[0]},
        "boxes": {"type": "checkboxes", "options": options},
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "optional": name != "words",
            "label": {"type": "plain_text", "text": name},
            "element": element | {"action_id": f"{name}.element"},
        }
        for name, element in elements.items()
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": '{"row": 7}',
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": blocks,
        **more,
    }


def done(text: str) -> Json:
    """A modal that has nothing to fill in."""
    section = {"type": "section", "block_id": "said", "text": {"type": "plain_text", "text": text}}
    return {"type": "modal", "title": {"type": "plain_text", "text": "Done"}, "blocks": [section]}


def home(text: str) -> Json:
    button = {"type": "button", "action_id": "home.go", "value": "go", "text": {"type": "plain_text", "text": text}}
    return {"type": "home", "blocks": [{"type": "actions", "block_id": "go", "elements": [button]}]}


def trigger(slack: Slack, channel: str) -> str:
    """A trigger id, from a command."""
    slack.command(slack.ana, channel, "/try", "")
    return str(slack.app.last("slash_commands")["trigger_id"])


def opened(slack: Slack, channel: str, view: Json | None = None) -> Json:
    return dict(slack.client.views_open(trigger_id=trigger(slack, channel), view=view or modal())["view"])
