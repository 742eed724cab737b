"""Slack's text at the door and at the exit: unescaped and read once on the way in, escaped once on the way out.

Slack sends `&amp; &lt; &gt;` for the three characters that it reserves, and puts mentions, channels, links and
dates between angle brackets: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.text import cleaned, mention, mentioned, with_channels_as, with_mentions_as, with_moments_as

_TOKEN = re.compile(r"<([^<>\n]+)>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}


def decode(raw: str) -> str:
    """Return incoming text as the program keeps it: plain, unescaped, people as mention tokens, links readable."""
    # The tokens are cut out of the raw text first: what people typed can't form one, its brackets are escaped.
    parts = []
    position = 0
    raw = cleaned(raw)
    for match in _TOKEN.finditer(raw):
        parts += [_unescaped(raw[position : match.start()]), _read_token(match.group(1))]
        position = match.end()
    return "".join([*parts, _unescaped(raw[position:])])


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda match: _CHARACTERS[match.group(1)], text)


def _read_token(token: str) -> str:
    target, _, label = (_unescaped(part) for part in token.partition("|"))
    if target.startswith("@"):
        return mention(target[1:]) if re.fullmatch(r"[UW][A-Z0-9]+", target[1:]) else f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!subteam^"):
        return f"@{(label or target.removeprefix('!subteam^')).removeprefix('@')}"
    if target.startswith("!date^"):
        return label
    if target.startswith("!"):
        return f"@{target[1:]}"
    address = target.removeprefix("mailto:")
    return f"{label} ({target})" if label and label not in (target, address, target.split("://", 1)[-1]) else address


def escaped(text: str) -> str:
    """Return plain text for mrkdwn: the three reserved characters escaped, so that nothing in it can notify anyone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(text: str, name_of: Callable[[str], str], *, notifies: Collection[str] = ()) -> str:
    """Return stored text for mrkdwn: escaped, its mentions as plain names that notify nobody, but for `notifies`."""

    def called(user_id: str) -> str:
        return notifying(user_id) if user_id in notifies else escaped(f"@{name_of(user_id)}")

    return _placed(with_mentions_as(escaped(text), called))


def whispered(text: str) -> str:
    """Return stored text for one reader: a mention there notifies nobody, and shows the name as Slack knows it."""
    return _placed(with_mentions_as(escaped(text), notifying))


def to_type(line: str) -> str:
    """Return a command for one reader, as code; as text where it has a mention or a backtick, which code can't show."""
    return whispered(line) if mentioned(line) or "`" in line else f"`{escaped(line)}`"


def _placed(text: str) -> str:
    """Return escaped text with its times in the reader's own zone, and its channels to go to."""
    return with_channels_as(with_moments_as(text, _in_readers_zone), lambda channel_id: f"<#{channel_id}>")


def _in_readers_zone(at: datetime) -> str:
    return local_time(int(at.timestamp()), f"{at:%Y-%m-%d %H:%M} UTC")


def notifying(user_id: str) -> str:
    """Return a mention that does notify; only for those whom a message asks for something."""
    return f"<@{user_id}>"


def local_time(epoch: int, fallback: str, link: str | None = None) -> str:
    """Return a time shown in each reader's zone; `epoch` in seconds, `fallback` for clients that can't.

    With a `link` the time is one.
    """
    linked = f"^{escaped(link)}" if link else ""
    return f"<!date^{epoch}^{{date_short_pretty}} {{time}}{linked}|{escaped(fallback)}>"
