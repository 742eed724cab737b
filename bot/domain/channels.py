"""What may become of an incident's channel while nobody asks the program."""

from dataclasses import dataclass
from enum import StrEnum


class ChannelChange(StrEnum):
    """What happened to a channel, or to the program in it."""

    RENAMED = "renamed"
    MADE_PRIVATE = "made private"
    MADE_PUBLIC = "made public"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    DELETED = "deleted"
    LEFT = "left"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """Something happened to a channel; `event_ts` tells when, and orders what comes late or twice."""

    team_id: str
    channel_id: str
    change: ChannelChange
    event_ts: str


@dataclass(frozen=True, slots=True)
class ChannelMoved:
    """A channel is known by another id since `event_ts`, as when it is shared with another organisation."""

    team_id: str
    old_id: str
    new_id: str
    event_ts: str
