"""Questions about what the app is told of whose answer is not the same everywhere; each returns what came."""

import time

from tests.counterparts.contract.samples import home
from tests.counterparts.contract.slack import App, Json, Slack
from tests.counterparts.local_slack import wait_until

# Longer than both wait for an acknowledgement that does not come.
_PATIENCE = 5.5


def typed_text(slack: Slack) -> str:
    channel = slack.channel()
    slack.say(slack.ana, channel, "a & <b>")
    return str(slack.app.event("message", channel)["text"])


def own_post(slack: Slack) -> bool:
    channel = slack.channel()
    slack.client.chat_postMessage(channel=channel, text="mine")
    said = slack.say(slack.ana, channel, "theirs")
    wait_until(lambda: any(one["ts"] == said for one in slack.app.events("message", channel)), "nothing came")
    return any(one.get("bot_id") == slack.bot_id for one in slack.app.events("message", channel))


def _flags(event: Json) -> tuple[bool | None, str | None]:
    return event.get("hidden"), event.get("channel_type")


def changed_flags(slack: Slack) -> tuple[bool | None, str | None]:
    channel = slack.channel()
    slack.edit(slack.ana, channel, slack.say(slack.ana, channel, "befor"), "before")
    return _flags(slack.app.event("message", channel, subtype="message_changed"))


def deleted_flags(slack: Slack) -> tuple[bool | None, str | None]:
    channel = slack.channel()
    slack.delete(slack.ana, channel, slack.say(slack.ana, channel, "a secret"))
    return _flags(slack.app.event("message", channel, subtype="message_deleted"))


def home_carries_view(slack: Slack) -> bool:
    slack.client.views_publish(user_id=slack.ana, view=home("Go"))
    before = len(slack.app.events("app_home_opened"))
    slack.open_home(slack.ana)
    wait_until(lambda: len(slack.app.events("app_home_opened")) > before, "the Home tab did not open")
    return "view" in slack.app.events("app_home_opened")[-1]


def connections_told(slack: Slack) -> int:
    channel = slack.channel()
    second = App(slack.client, slack.app_token)
    try:
        slack.say(slack.ana, channel, "hello")
        wait_until(lambda: bool(slack.app.events("message", channel) + second.events("message", channel)), "no event")
        time.sleep(0.1)
        return sum(bool(app.events("message", channel)) for app in (slack.app, second))
    finally:
        second.close()


def comes_again(slack: Slack) -> bool:
    channel = slack.channel()
    slack.app.answer("events_api", None)
    began = time.monotonic()
    slack.say(slack.ana, channel, "hello")
    while len(slack.app.events("message", channel)) < 2 and time.monotonic() < began + _PATIENCE:
        time.sleep(0.02)
    return len(slack.app.events("message", channel)) > 1
