"""People as Slack describes them, and how they are called."""

from dataclasses import dataclass


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
        """The name to show: the real name, else the display name, else the id."""
        return self.real_name or self.display_name or self.user_id
