"""What the services need from the outside world, and how it may fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.adoption import ChannelFacts
from bot.domain.errors import ScribeError
from bot.domain.history import Said
from bot.domain.messages import MessageSeen, VoteCast
from bot.domain.people import Person
from bot.services.views import HomeView, View


class OutsideError(ScribeError):
    """A call to Slack did not succeed."""


class BusyError(OutsideError):
    """Nothing happened; the same call may be made again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutcomeUnknownError(OutsideError):
    """The answer was lost: the call may have taken effect, or not. Look before calling again."""


class RefusedError(OutsideError):
    """Slack said no, and will again. `code` is Slack's error, such as `missing_scope`."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class ChannelGoneError(RefusedError):
    """The channel is archived, deleted, or the bot is not in it."""


class MessageGoneError(RefusedError):
    """The message was deleted."""


class NameTakenError(RefusedError):
    """Another channel has this name."""


class PersonUnreachableError(RefusedError):
    """This person can't be written to: deactivated, unknown, or they don't accept it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send. `key` travels in its metadata, so that it can be found again."""

    key: str
    channel_id: str
    thread_ts: str | None
    view: View


class Messenger(Protocol):
    """The one place that posts."""

    def send(self, post: Outgoing) -> str:
        """Post the message and return its ts. Raises OutsideError."""

    def find(self, post: Outgoing, *, since_epoch: int) -> str | None:
        """Return the ts of the message with this key sent since then, None if there is none. Raises OutsideError."""

    def update(self, channel_id: str, ts: str, view: View) -> None:
        """Replace a message of the bot. Raises OutsideError."""

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message of the bot away; one that is gone already is fine. Raises OutsideError."""

    def whisper(self, channel_id: str, user_id: str, view: View, *, thread_ts: str | None = None) -> None:
        """Show a message to one person in a channel, or in a thread there. Raises OutsideError."""

    def respond(self, response_url: str, view: View, *, replaces: bool) -> None:
        """Answer the asker alone; `replaces` puts it in place of the message pressed. Raises OutsideError."""

    def show_home(self, user_id: str, view: HomeView) -> None:
        """Show somebody their Home tab. Raises OutsideError."""


class Channels(Protocol):
    """Making and keeping channels."""

    def create(self, name: str, *, is_private: bool) -> str:
        """Make a channel and return its id. Raises NameTakenError, OutsideError."""

    def about(self, channel_id: str) -> ChannelFacts:
        """Return what Slack says of a channel. Raises ChannelGoneError where it shows the bot none, OutsideError."""

    def join(self, channel_id: str) -> None:
        """Enter a public channel; being in it already changes nothing. Raises OutsideError."""

    def leave(self, channel_id: str) -> None:
        """Leave a channel; not being in it changes nothing. Raises OutsideError."""

    def members(self, channel_id: str) -> tuple[str, ...]:
        """Return who is in a channel. Raises OutsideError."""

    def find_own(self, name: str, *, since_epoch: int) -> str | None:
        """Return the id of the channel of this name if the bot made it since then, else None. Raises OutsideError."""

    def invite(self, channel_id: str, user_ids: Sequence[str]) -> None:
        """Invite people; those already there don't matter. Raises OutsideError."""

    def set_topic(self, channel_id: str, topic: str) -> None:
        """Set the topic. Raises OutsideError."""

    def pin(self, channel_id: str, ts: str) -> None:
        """Pin a message; pinning it again changes nothing. Raises OutsideError."""

    def direct(self, user_id: str) -> str:
        """Return the id of the direct channel with somebody. Raises PersonUnreachableError, OutsideError."""

    def mark(self, channel_id: str, ts: str, *, is_on: bool) -> None:
        """Put the bot's quiet mark on a message or take it off; repeating changes nothing. Raises OutsideError."""


class Files(Protocol):
    """Sharing files, in the steps that make a lost answer harmless."""

    def begin(self, name: str, size: int) -> tuple[str, str]:
        """Announce an upload and return (file id, address to send the content to). Raises OutsideError."""

    def share(
        self, file_id: str, address: str, content: bytes, *, title: str, channel_id: str, thread_ts: str | None
    ) -> None:
        """Send the content and share the file. Raises OutsideError."""

    def is_shared(self, file_id: str, channel_id: str) -> bool:
        """Whether the file has arrived in the channel. Raises OutsideError."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a history in the order in which it was read; `is_last` says that nothing follows."""

    messages: tuple[Said, ...]
    is_last: bool


class ChannelHistory(Protocol):
    """Reading what was said. Pages go by time, so that reading can be taken up again anywhere."""

    def page(self, team_id: str, channel_id: str, *, after: str | None, before: str) -> Page:
        """Return what was said in the channel itself between two timestamps, the newest first. Raises OutsideError.

        `after` and `before` are left out; None goes back to the channel's beginning.
        """

    def replies(self, team_id: str, channel_id: str, thread_ts: str, *, after: str) -> Page:
        """Return the replies in a thread after a timestamp, the oldest first; none if it is gone. Raises OutsideError.

        A reply that was also sent to the channel stands in both.
        """

    def votes(self, team_id: str, channel_id: str, ts: str) -> tuple[VoteCast, ...]:
        """Return every reaction on a message, none if it is gone. Raises OutsideError."""

    def message(self, team_id: str, channel_id: str, ts: str) -> MessageSeen | None:
        """Return one message or thread reply, None if it is not there. Raises OutsideError."""


class Directory(Protocol):
    """Who is who."""

    def person(self, user_id: str) -> Person | None:
        """Return somebody, None if Slack knows no such person. Raises OutsideError."""

    def group_members(self, group_id: str, *, is_awaited: bool = False) -> tuple[str, ...]:
        """Return the people in a user group; `is_awaited` while a command waits for it. Raises OutsideError."""

    def group_names(self) -> Mapping[str, str]:
        """Return what each user group is called, by its id; those that were switched off too. Raises OutsideError."""

    def channel_name(self, channel_id: str) -> str | None:
        """Return what a public channel is called; None for a private one and for none at all. Raises OutsideError."""
