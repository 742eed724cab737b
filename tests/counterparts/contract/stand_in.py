"""The stand-in, bot.sandbox, as the contract sees it."""

import itertools
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot.sandbox import Sandbox
from tests.counterparts.contract.slack import STAND_IN, App, Json


class StandIn:
    """One stand-in with an app connected to it."""

    name = STAND_IN

    def __init__(self) -> None:
        self._sandbox = Sandbox(redelivery_delays=(0.0, 0.1), ack_timeout=1.0)
        self._sandbox.start()
        self._people = self._sandbox.people
        self._numbers = itertools.count(1)
        self.ana = self._people.add_person("ana", real_name="Ana Silva")
        self.ben = self._people.add_person("ben", real_name="Ben Okoro")
        self.team = self._sandbox.team_id
        self.bot_user, self.bot_id = self._sandbox.bot_user_id, self._sandbox.bot_id
        self.app_token = self._sandbox.app_token
        self.client = WebClient(self._sandbox.bot_token, base_url=self._sandbox.api_url, retry_handlers=[])
        self.app = App(self.client, self.app_token)

    def _settle(self) -> None:
        self._sandbox.wait_idle(quiet=0.0)

    def channel(self) -> str:
        return self._people.add_channel(f"room-{next(self._numbers)}", members=["ana", "ben", "scribe"])

    def say(self, user: str, channel: str, typed: str, *, thread: str | None = None) -> str:
        ts = self._people.say(user, channel, self._people.typed(typed), thread=thread)
        self._settle()
        return ts

    def edit(self, user: str, channel: str, ts: str, typed: str) -> None:
        self._people.edit(user, channel, ts, self._people.typed(typed))
        self._settle()

    def delete(self, user: str, channel: str, ts: str) -> None:
        self._people.delete(user, channel, ts)
        self._settle()

    def react(self, user: str, channel: str, ts: str, emoji: str, *, is_on: bool = True) -> None:
        (self._people.react if is_on else self._people.unreact)(user, channel, ts, emoji)
        self._settle()

    def share(self, user: str, channel: str, name: str, content: str) -> None:
        self._people.say(user, channel, "", files=[(name, content)])
        self._settle()

    def command(self, user: str, channel: str, command: str, text: str) -> None:
        assert self._people.command(user, channel, command, text).acked

    def press(self, user: str, channel: str, ts: str, action_id: str, *, option: str | None = None) -> None:
        assert self._people.press(user, channel, ts, action_id, selected=option).acked

    def press_in_home(self, user: str, action_id: str) -> None:
        assert self._people.press_in_home(user, action_id).acked

    def submit(self, user: str, values: Mapping[str, Any]) -> dict[str, str]:
        answer = self._people.submit(user, values=values)
        assert answer.acked
        assert answer.problem is None, answer.problem
        return answer.errors

    def close_modal(self, user: str) -> None:
        self._people.close_modal(user, everything=True)

    def open_home(self, user: str) -> None:
        self._people.open_home(user)
        self._settle()

    def modal(self, user: str) -> Json | None:
        return self._sandbox.screen.modal(user)

    def home(self, user: str) -> Json:
        home = self._sandbox.screen.home(user)
        assert home is not None
        return home

    def messages(self, channel: str) -> list[Json]:
        top = self._sandbox.screen.messages(channel)
        return [one for parent in top for one in self._sandbox.screen.thread(channel, parent["ts"])]

    def whispers(self, user: str, channel: str) -> list[Json]:
        return self._sandbox.screen.ephemerals(user, channel)

    def read(self, message: Json) -> str:
        (shared,) = message["files"]
        return next(file.text for file in self._sandbox.screen.files() if file.id == shared["id"])

    def close(self) -> None:
        self.app.close()
        self._sandbox.stop()
