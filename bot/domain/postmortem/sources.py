"""What a report's statements stand on: messages with their links, or who entered them as a role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.links import safe_url
from bot.domain.messages import Message, permalink
from bot.domain.naming import Naming
from bot.domain.postmortem.model import Evidence, Link
from bot.domain.postmortem.wording import clock, moment
from bot.domain.text import clipped, one_line
from bot.domain.timeline import Entry

_LABEL_LIMIT = 40
_SAME_MOMENT = timedelta(minutes=1)
_MESSAGE = "message"
_ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Sources:
    """Makes evidence for one report. `messages` holds those that stand, by their timestamp.

    `elsewhere_said` holds those of the parts, by channel and timestamp; `channels` what to call each channel, empty
    where there is only one.
    """

    naming: Naming
    messages: Mapping[str, Message]
    workspace_url: str | None
    elsewhere_said: Mapping[tuple[str, str], Message] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def of_entry(self, entry: Entry) -> Message | None:
        """Return the message on which an entry stands, None where it stands on none."""
        ts = entry.message_ts or ""
        return self.elsewhere_said.get((entry.channel_id or "", ts)) or self.messages.get(ts)

    def author(self, message: Message) -> str:
        """Return who wrote a message, as a role or as the name of a program."""
        return self.naming.role(message.user_id, message.author_name)

    def permalink(self, message: Message) -> str | None:
        """Return the message's link, None where the workspace is not known or its address may not be linked."""
        return safe_url(permalink(self.workspace_url, message.channel_id, message.ts, message.thread_ts))

    def message(self, message: Message, at: datetime) -> Evidence:
        """Return a message as the evidence of something at `at`; says when it was written if that was another time.

        Where there are several channels it says in which one.
        """
        where = f" in {self.channels[message.channel_id]}" if message.channel_id in self.channels else ""
        note = f"by {self.author(message)}{where}{_otherwise(message.at, at)}"
        return Evidence(Link(_MESSAGE, self.permalink(message)), note)

    def elsewhere(self, link: str | None, by: str | None) -> Evidence | None:
        """Return a message of another channel as evidence, by its address alone; None where that may not be linked."""
        url = safe_url(link)
        return Evidence(Link(_MESSAGE, url), f"named by {self.naming.role(by)}") if url else None

    def made_from(self, link: str | None) -> Link | None:
        """Return the message that something was made from, None where there is none that may be linked."""
        url = safe_url(link)
        return Link(_MESSAGE, url) if url else None

    def entered(self, by: str | None, said_at: datetime, at: datetime | None = None) -> Evidence:
        """Return who entered a statement and when; without the time if that is the `at` beside which it stands."""
        when = f", {moment(said_at)} UTC" if at is None else _otherwise(said_at, at)
        return Evidence(Link(_ENTERED), f"by {self.naming.role(by)}{when}")

    def proof(self, text: str | None) -> Link | None:
        """Return the evidence that was given for a cause: a link, or its plain text where it can't be one."""
        if not text or not text.strip():
            return None
        url = safe_url(text)
        if url and is_message(url, self.workspace_url):
            return Link(_MESSAGE, url)
        return linked(text) or Link(clipped(self.naming.text(one_line(text)), 200))


def is_message(url: str, workspace_url: str | None) -> bool:
    """Whether an address is that of a message of the own workspace, as “Copy link” gives it."""
    return workspace_url is not None and url.startswith(f"{workspace_url.rstrip('/')}/archives/")


def linked(text: str | None) -> Link | None:
    """Return a link labelled by its host and the last part of its path. None for what may not be linked."""
    url = safe_url(text)
    if not url:
        return None
    host, path = _host_and_path(url)
    return Link(clipped(" ".join([host, *path[-1:]]), _LABEL_LIMIT), url)


def ticket(text: str | None) -> Link | None:
    """Return a link to a tracker labelled as people call the ticket: `PAY-412`, `issues/12`. None as for `linked`."""
    url = safe_url(text)
    if not url:
        return None
    host, path = _host_and_path(url)
    is_number = path and not any(letter.isalpha() for letter in path[-1])
    return Link(clipped("/".join(path[-2:] if is_number else path[-1:]) or host, _LABEL_LIMIT), url)


def _host_and_path(url: str) -> tuple[str, list[str]]:
    parts = urlsplit(url)
    return parts.hostname or "", [part for part in parts.path.split("/") if part]


def _otherwise(written: datetime, at: datetime) -> str:
    if abs(written - at) < _SAME_MOMENT:
        return ""
    if written.astimezone(UTC).date() == at.astimezone(UTC).date():
        return f", {clock(written)}"
    return f", {moment(written)}"
