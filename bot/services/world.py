"""What a use case works with: the database, the clock, the ports and the settings that decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incident import Severity
from bot.domain.timeline import PLAIN_EMOJI, EmojiMap
from bot.rendering import Renderer
from bot.services.ports import ChannelHistory, Channels, Directory, Files, Messenger
from storage.database import Database
from storage.writer import CaptureWriter


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings that change what the services decide. `approvers` are the ids of people and of user groups.

    `announce_in` is a channel's id or None; `announce_name` is what people call it, such as `#incidents`.
    """

    command: str = "/incident"
    postmortem_command: str = "/postmortem"
    default_severity: Severity = Severity.SEV3
    announce_in: str | None = None
    announce_name: str | None = None
    emoji: EmojiMap = field(default_factory=lambda: PLAIN_EMOJI)
    invite_groups: Mapping[Severity, tuple[str, ...]] = field(default_factory=dict)
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside a use case. `wake` tells the clock's entrance that something may be due now.

    `reconnect` is called when Slack no longer delivers what is said although it seems connected.
    """

    database: Database
    writer: CaptureWriter
    clock: Callable[[], datetime]
    policy: Policy
    renderer: Renderer
    messenger: Messenger
    channels: Channels
    files: Files
    history: ChannelHistory
    directory: Directory
    wake: Callable[[], None]
    reconnect: Callable[[], None] = lambda: None
