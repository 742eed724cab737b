"""What an interaction hands out: trigger ids (once, 3 seconds) and response addresses (5 times, 30 minutes)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.errors import SlackError
from bot.sandbox.workspace import Workspace

RESPONSE_USES = 5
RESPONSE_LIFETIME = timedelta(minutes=30)


@dataclass
class Trigger:
    """Permission to open one view for a user. ``view_id`` names the modal that it came from, if it did."""

    user: str
    view_id: str | None
    issued: float
    exchanged: bool = False


class Triggers:
    """The trigger ids that were handed out.

    Args:
        lifetime: real seconds for which one is good.
        now: a clock in real seconds that never goes back.
    """

    def __init__(self, lifetime: float, now: Callable[[], float] = time.monotonic) -> None:
        self.lifetime = lifetime
        self._now = now
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, *, view_id: str | None = None) -> str:
        """A new trigger id for a user's interaction."""
        number = len(self._issued) + 1
        trigger_id = f"{number}.{7000000 + number}.{number:032x}"
        self._issued[trigger_id] = Trigger(user, view_id, self._now())
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Uses a trigger id up; raises SlackError for one that is unknown, used or too old."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._now() - trigger.issued > self.lifetime:
            raise SlackError("expired_trigger_id")
        trigger.exchanged = True
        return trigger


@dataclass
class ResponseUrl:
    """An address for answers to one interaction.

    Attributes:
        source: the ts of the message that the interaction was on; None for a command, which has none.
        ephemeral: whether that message is one that only the user sees.
    """

    key: str
    user: str
    channel: str
    issued_ts: int
    source: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    """The response addresses that were handed out. Their half hour runs on the workspace's clock."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._issued: dict[str, ResponseUrl] = {}
        self.base_url = ""

    def issue(
        self,
        user: str,
        channel: str,
        *,
        source: str | None = None,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """A new address for the answers to an interaction."""
        key = self._workspace.new_id("R")
        self._issued[key] = ResponseUrl(
            key, user, channel, self._workspace.seconds(), source, ephemeral=ephemeral, thread_ts=thread_ts
        )
        return f"{self.base_url}{key}"

    def use(self, key: str) -> ResponseUrl:
        """Takes one use; raises SlackError ``expired_url`` or ``used_url`` when there is none left."""
        url = self._issued.get(key)
        if url is None:
            raise SlackError("no_url")
        if self._workspace.seconds() - url.issued_ts > RESPONSE_LIFETIME.total_seconds():
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
