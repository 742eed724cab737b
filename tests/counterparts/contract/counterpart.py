"""local-slack as the contract sees it."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from tests.counterparts import local_slack
from tests.counterparts.contract.slack import LOCAL_SLACK, App, Json
from tests.counterparts.people import People


class Counterpart:
    """One local-slack with an app connected to it."""

    name = LOCAL_SLACK
    ana, ben = local_slack.ANA, local_slack.BEN
    bot_user, bot_id, team = local_slack.BOT_USER, local_slack.BOT_ID, local_slack.TEAM
    app_token = local_slack.APP_TOKEN

    def __init__(self, folder: Path) -> None:
        self._server = local_slack.start(folder)
        self._people = People(self._server.url)
        self._numbers = itertools.count(1)
        self.client = WebClient(local_slack.BOT_TOKEN, base_url=self._server.api_url, retry_handlers=[])
        self.app = App(self.client, self.app_token)

    def channel(self) -> str:
        # Its channels know no members but the bot; everyone may write in them.
        made = self.client.conversations_create(name=f"room-{next(self._numbers)}")
        return str(made["channel"]["id"])

    def say(self, user: str, channel: str, typed: str, *, thread: str | None = None) -> str:
        return self._people.say(user, channel, typed, thread=thread)

    def edit(self, user: str, channel: str, ts: str, typed: str) -> None:
        self._people.edit(user, channel, ts, typed)

    def delete(self, user: str, channel: str, ts: str) -> None:
        self._people.delete(user, channel, ts)

    def react(self, user: str, channel: str, ts: str, emoji: str, *, is_on: bool = True) -> None:
        self._people.react(user, channel, ts, emoji, is_on=is_on)

    def share(self, user: str, channel: str, name: str, content: str) -> None:
        self._people.share(user, channel, name, content)

    def command(self, user: str, channel: str, command: str, text: str) -> None:
        before = len(self.app.payloads("slash_commands"))
        self._people.command(user, channel, command, text)
        local_slack.wait_until(lambda: len(self.app.payloads("slash_commands")) > before, "the command did not arrive")

    def press(self, user: str, channel: str, ts: str, action_id: str, *, option: str | None = None) -> None:
        before = len(self.app.payloads("interactive"))
        self._people.press(user, channel, ts, action_id, option=option)
        local_slack.wait_until(lambda: len(self.app.payloads("interactive")) > before, "the press did not arrive")

    def press_in_home(self, user: str, action_id: str) -> None:
        self._people.press_in_home(user, action_id)

    def submit(self, user: str, values: Mapping[str, Any]) -> dict[str, str]:
        return self._people.submit(user, values)

    def close_modal(self, user: str) -> None:
        self._people.close_modal(user)

    def open_home(self, user: str) -> None:
        self._people.open_home(user)

    def modal(self, user: str) -> Json | None:
        return self._people.modal()

    def home(self, user: str) -> Json:
        return self._people.home(user)

    def messages(self, channel: str) -> list[Json]:
        return self._people.messages(channel)

    def whispers(self, user: str, channel: str) -> list[Json]:
        return self._people.whispers(user, channel)

    def read(self, message: Json) -> str:
        return self._people.file(message)

    def close(self) -> None:
        self.app.close()
        self._server.close()
