"""The workspace's state: people, channels, messages and files, and the events that tell an app about them.

Everything here is guarded by one lock, `Workspace.lock`; whoever reads or changes several things takes it.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.records import (
    Author,
    Channel,
    ChannelKind,
    Ephemeral,
    Json,
    Message,
    OtherApp,
    Person,
    StoredFile,
    Usergroup,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SLACKBOT = "USLACKBOT"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Workspace:
    """One Slack workspace with one app installed: the app under test.

    Args:
        clock: the workspace's now, as an aware datetime. Message timestamps come from it; where it stands still
            or goes back, they go on in steps of a microsecond.
        events: the event types that the app is subscribed to (``message``, or ``message.channels`` and so on);
            None for all.
    """

    def __init__(self, *, clock: Callable[[], datetime] | None = None, events: Iterable[str] | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock or _utc_now
        self.subscribed = None if events is None else frozenset(events)
        self.team_id = "T0SANDBOX0"
        self.team_name = "Sandbox"
        self.domain = "sandbox"
        self.app_id = "A0SANDBOX0"
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.other_apps: dict[str, OtherApp] = {}
        self.files: dict[str, StoredFile] = {}
        self.ephemerals: list[Ephemeral] = []
        self.files_url = ""
        self.deliver: Callable[[Json], None] = lambda _payload: None
        self._numbers: dict[str, int] = {}
        self._last_tick = 0
        self.bot_user_id = self.new_id("U")
        self.bot_id = self.new_id("B")
        self.people[SLACKBOT] = Person(SLACKBOT, "slackbot", "Slackbot", bot=False)
        self.people[self.bot_user_id] = Person(
            self.bot_user_id, "scribe", "Incident Scribe", tz="Etc/UTC", bot=True, bot_id=self.bot_id
        )

    # Time and ids

    def now(self) -> datetime:
        """The workspace's now, aware."""
        return self.clock()

    def seconds(self) -> int:
        """The workspace's now in whole seconds since 1970, as ``created`` and ``event_time`` have it."""
        return (self.now() - _EPOCH) // timedelta(seconds=1)

    def next_ts(self) -> str:
        """A timestamp that no message or event has had before, never before an earlier one."""
        with self.lock:
            tick = max((self.now() - _EPOCH) // _MICROSECOND, self._last_tick + 1)
            self._last_tick = tick
        return f"{tick // 1_000_000}.{tick % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """The next id of a kind, such as ``U0S0000001``."""
        with self.lock:
            self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
            return f"{prefix}0S{self._numbers[prefix]:07d}"

    # Finding

    @property
    def bot_author(self) -> Author:
        """The app under test as the author of a message."""
        return Author(user=self.bot_user_id, bot_id=self.bot_id, app_id=self.app_id)

    def person(self, name_or_id: str) -> Person:
        """A person by id or by name, with or without ``@``; raises SandboxError when there is none."""
        wanted = name_or_id.removeprefix("@")
        with self.lock:
            for person in self.people.values():
                if wanted in {person.id, person.name}:
                    return person
        raise SandboxError(f"there is no person {name_or_id}: add_person first")

    def channel(self, name_or_id: str) -> Channel:
        """A channel by id or by name, with or without ``#``; raises SandboxError when there is none."""
        wanted = name_or_id.removeprefix("#")
        with self.lock:
            found = self.channels.get(wanted) or self.channel_named(wanted)
        if found is None:
            raise SandboxError(f"there is no channel {name_or_id}: add_channel first")
        return found

    def channel_named(self, name: str) -> Channel | None:
        """The channel of that name, archived ones included: names stay taken."""
        with self.lock:
            return next((c for c in self.channels.values() if c.name == name and c.kind is not ChannelKind.IM), None)

    def message(self, channel: Channel, ts: str) -> Message:
        """A message of a channel; raises SlackError ``message_not_found``."""
        found = channel.messages.get(ts)
        if found is None or found.is_tombstone:
            raise SlackError("message_not_found")
        return found

    def is_member(self, channel: Channel, user: str | None = None) -> bool:
        """Whether a user (the bot when none is named) is in the channel."""
        return (user or self.bot_user_id) in channel.members

    def direct(self, user: str) -> Channel:
        """The direct message conversation of a user with the bot, opened when there is none yet."""
        with self.lock:
            for channel in self.channels.values():
                if channel.im_user == user:
                    return channel
            opened = Channel(
                self.new_id("D"), "", ChannelKind.IM, user, self.seconds(), [user, self.bot_user_id], im_user=user
            )
            self.channels[opened.id] = opened
            return opened

    # Telling the app

    def announce(self, event: Json, channel: Channel | None = None, *, always: bool = False) -> None:
        """Sends an event to the app, if it is subscribed to it and is in the channel that it is about.

        Args:
            event: the inner event, with its ``type``.
            channel: where it happened; None for what belongs to no channel.
            always: also where the app is not in the channel (it has just left it, say).
        """
        if not self._is_subscribed(event):
            return
        if channel is not None and not always and not self.is_member(channel):
            return
        self.deliver(self._envelope(event))

    def _is_subscribed(self, event: Json) -> bool:
        if self.subscribed is None or event["type"] in self.subscribed:
            return True
        kind = {"channel": "channels", "group": "groups", "im": "im"}.get(str(event.get("channel_type")))
        return event["type"] == "message" and f"message.{kind}" in self.subscribed

    def _envelope(self, event: Json) -> Json:
        authorization = {
            "enterprise_id": None,
            "team_id": self.team_id,
            "user_id": self.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "sandbox-verification",
            "team_id": self.team_id,
            "context_team_id": self.team_id,
            "context_enterprise_id": None,
            "api_app_id": self.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.new_id("Ev"),
            "event_time": self.seconds(),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": self.new_id("EC"),
        }
