"""What the bot does where local-slack lacks a method; docs/counterparts.md shows this table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Degradation:
    """What people notice where a method is missing, and the warning in the log.

    `when` is what somebody types in the incident's channel before it is called, empty where declaring is enough.
    """

    method: str
    warning: str
    notice: str
    when: str = ""


DEGRADATIONS = (
    Degradation("conversations.invite", "person not invited", "The incident is open; nobody is brought in."),
    Degradation("pins.add", "header not pinned", "The header is the channel's first message, and not pinned."),
    Degradation("conversations.setTopic", "topic not set", "The channel has no topic; the header says the same."),
    Degradation(
        "usergroups.users.list", "group can't be invited", "The header says that nobody was called in.", "severity 1"
    ),
)
