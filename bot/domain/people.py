"""People as Slack describes them, and how they are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.messages import Message
from bot.domain.text import SOMEONE


@dataclass(frozen=True, slots=True)
class Person:
    """One member of a workspace, as last read from Slack.

    `zone` is an IANA name, "UTC" where Slack gave none. `is_guest` covers single- and multi-channel
    guests and people of other workspaces (Slack Connect).
    """

    user_id: str
    display_name: str
    real_name: str
    zone: str = "UTC"
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False

    @property
    def name(self) -> str:
        """The name to show: the real name, else the display name; never the id."""
        return self.real_name or self.display_name or SOMEONE


def strangers(messages: Iterable[Message]) -> dict[str, Person]:
    """Return the people of other workspaces of whom their own messages tell what they are called."""
    return {
        message.user_id: Person(message.user_id, "", message.author_name, is_guest=True)
        for message in messages
        if message.user_id and message.author_name and not message.bot_id
    }
