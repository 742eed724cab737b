"""What a report's statements stand on: messages with their links, or who entered them as a role."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.messages import Message, permalink
from bot.domain.naming import Naming
from bot.domain.postmortem.model import Evidence, Link
from bot.domain.postmortem.wording import clock, moment
from bot.domain.text import clipped, one_line

_LINK_LIMIT = 2_000
_LABEL_LIMIT = 40
_NOT_IN_A_LINK = re.compile(r"[\s<>\"\\`\x00-\x1f\x7f]")
_SAME_MOMENT = timedelta(minutes=1)
_MESSAGE = "message"
_ENTERED = "entered"


def safe_url(text: str | None) -> str | None:
    """Return the text when it is an http or https address that may be linked, else None."""
    url = (text or "").strip()
    if not url or len(url) > _LINK_LIMIT or _NOT_IN_A_LINK.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


@dataclass(frozen=True, slots=True)
class Sources:
    """Makes evidence for one report. `messages` holds those that stand, by their timestamp."""

    naming: Naming
    messages: Mapping[str, Message]
    workspace_url: str | None

    def author(self, message: Message) -> str:
        """Return who wrote a message, as a role or as the name of a program."""
        return self.naming.role(message.user_id, message.author_name)

    def permalink(self, message: Message) -> str | None:
        """Return the message's link, None where the workspace is not known or its address may not be linked."""
        return safe_url(permalink(self.workspace_url, message.channel_id, message.ts, message.thread_ts))

    def message(self, message: Message, at: datetime) -> Evidence:
        """Return a message as the evidence of something at `at`; says when it was written if that was another time."""
        note = f"by {self.author(message)}{_otherwise(message.at, at)}"
        return Evidence(Link(_MESSAGE, self.permalink(message)), note)

    def entered(self, by: str | None, said_at: datetime, at: datetime | None = None) -> Evidence:
        """Return who entered a statement and when; without the time if that is the `at` beside which it stands."""
        when = f", {moment(said_at)} UTC" if at is None else _otherwise(said_at, at)
        return Evidence(Link(_ENTERED), f"by {self.naming.role(by)}{when}")

    def proof(self, text: str | None) -> Link | None:
        """Return the evidence that was given for a cause: a link, or its plain text where it can't be one."""
        if not text or not text.strip():
            return None
        return linked(text) or Link(clipped(self.naming.text(one_line(text)), 200))


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
