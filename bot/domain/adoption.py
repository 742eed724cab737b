"""Leading an incident in a channel that was there before (`--here`): which may be, and what is recorded of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Status

RECORDED_AFTER_END = timedelta(hours=2)
# Without --since: the talk that runs up to now, as far as it may belong to what is happening.
LOOK_BACK = timedelta(hours=2)
_PAUSE = timedelta(minutes=30)
MOST_MESSAGES = 5_000


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel as Slack describes it now. `is_shared` is with another organisation; `is_member` is of the bot."""

    channel_id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    is_member: bool = True


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said in a channel: how many messages by how many people, since when (UTC).

    `is_more` says that there is more than was counted. `since` is None when nothing was said.
    """

    messages: int
    people: int
    since: datetime | None
    is_more: bool = False

    @property
    def is_too_much(self) -> bool:
        """Whether it is more than can be taken in at once."""
        return self.messages > MOST_MESSAGES


def check_adoptable(facts: ChannelFacts, *, is_security: bool, is_private: bool, otherwise: str) -> None:
    """Raise UserError when no incident can be led in this channel; `otherwise` gives it a channel of its own."""
    reason = _obstacle(facts, is_security=is_security, is_private=is_private)
    if reason:
        raise UserError(f"{reason} To give the incident a channel of its own, leave out --here", right=otherwise)


def _obstacle(facts: ChannelFacts, *, is_security: bool, is_private: bool) -> str | None:
    if facts.is_archived:
        return "This channel is archived, so nothing can be said in it."
    if facts.is_shared:
        return "This channel is shared with another organisation, whose words are not ours to record."
    if is_security and not facts.is_private:
        return "Security incidents are private, and everybody here can read this channel."
    if is_private and not facts.is_private:
        return "Everybody here can read this channel, so the incident can't be private in it."
    return None


def is_conversation(channel_name: str) -> bool:
    """Whether the name that a command came with is one of a direct message, or of a group of people without one."""
    return channel_name == "directmessage" or channel_name.startswith("mpdm-")


def beginning(times: Iterable[datetime], now: datetime) -> datetime | None:
    """Return when the talk that runs up to `now` began: its first message after half an hour of silence.

    None when the last half an hour was silent. `times` (UTC) are those of the messages, in any order.
    """
    first = None
    for at in sorted((at for at in times if at <= now), reverse=True):
        if (first or now) - at > _PAUSE:
            break
        first = at
    return first


def covers(incident: Incident, at: datetime) -> bool:
    """Whether a message of this moment (UTC) in its channel belongs to the incident."""
    starts, ends = incident.capture_from, incident.capture_until
    return (starts is None or at >= starts) and (ends is None or at <= ends)


def end_of_capture(incident: Incident, status: Status, now: datetime) -> datetime | None:
    """Return when the capture ends, the status having moved at `now`; None for an open end.

    A channel of an incident's own is recorded as long as it is there.
    """
    if not incident.is_adopted:
        return incident.capture_until
    if not status.is_over:
        return None
    last = now + RECORDED_AFTER_END
    return min(incident.capture_until, last) if incident.capture_until else last


def is_led_here(incident: Incident, now: datetime) -> bool:
    """Whether the channel is this incident's still: one of its own always, an adopted one until the capture ends."""
    return not incident.is_adopted or not incident.status.is_over or covers(incident, now)


def may_be_adopted_again(incident: Incident) -> bool:
    """Whether a later incident may be led in this one's channel."""
    return incident.is_adopted and incident.status.is_over
