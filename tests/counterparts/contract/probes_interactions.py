"""Questions about commands and presses whose answer is not the same everywhere; each returns what came."""

from slack_sdk.webhook import WebhookClient

from tests.counterparts.contract.samples import CHOICES, home, pressed, respond
from tests.counterparts.contract.slack import Slack

_ASKER, _EVERYONE = "the asker", "everyone"


def typed_mention(slack: Slack) -> str:
    slack.command(slack.ben, slack.channel(), "/try", "@ana")
    return str(slack.app.last("slash_commands")["text"]).replace(slack.ana, "ANA")


def _who_sees(slack: Slack, channel: str) -> str:
    if slack.whispers(slack.ana, channel):
        return _ASKER
    assert slack.messages(channel), "nobody sees it"
    return _EVERYONE


def plain_answer(slack: Slack) -> str:
    channel = slack.channel()
    slack.app.answer("slash_commands", {"text": "Done"})
    slack.command(slack.ana, channel, "/try", "")
    return _who_sees(slack, channel)


def plain_response(slack: Slack) -> str:
    channel = slack.channel()
    slack.command(slack.ana, channel, "/try", "")
    assert respond(slack.app.last("slash_commands"), text="later") == 200
    return _who_sees(slack, channel)


def sixth_response(slack: Slack) -> bool:
    slack.command(slack.ana, slack.channel(), "/try", "")
    webhook = WebhookClient(slack.app.last("slash_commands")["response_url"], retry_handlers=[])
    answers = [webhook.send_dict({"response_type": "ephemeral", "text": str(number)}) for number in range(6)]
    assert all(one.status_code == 200 for one in answers[:5])
    return answers[5].status_code == 200


def press_on_whisper(slack: Slack) -> tuple[bool, bool]:
    channel = slack.channel()
    answer = slack.client.chat_postEphemeral(channel=channel, user=slack.ana, text="Sure?", blocks=CHOICES)
    slack.press(slack.ana, channel, str(answer["message_ts"]), "go")
    payload = slack.app.last("interactive")
    return payload["container"]["is_ephemeral"], "message" in payload


def action_ts(slack: Slack) -> int | str:
    _, payload = pressed(slack, slack.channel())
    digits = len(payload["actions"][0]["action_ts"].partition(".")[2])
    return digits if digits == 6 else "fewer"


def press_in_home(slack: Slack) -> tuple[str, bool]:
    slack.client.views_publish(user_id=slack.ana, view=home("Go"))
    slack.press_in_home(slack.ana, "home.go")
    payload = slack.app.last("interactive")
    return payload["container"]["type"], "view" in payload
