"""Slack's text at the door and at the exit: unescaped and read once on the way in, escaped once on the way out.

Slack sends `&amp; &lt; &gt;` for the three characters that it reserves, and puts mentions, channels, links and
dates between angle brackets: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from bot.domain.text import (
    channel_mark,
    cleaned,
    group_mark,
    mention,
    mentioned,
    with_channels_as,
    with_mentions_as,
    with_moments_as,
)

_TOKEN = re.compile(r"<([^<>\n]+)>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_PERSON = re.compile(r"[UW][A-Z0-9]+")
# No longer than their columns.
_PLACE = re.compile(r"[CDG][A-Z0-9]{1,31}")
_GROUP = re.compile(r"S[A-Z0-9]{1,31}")


def decode(raw: str) -> str:
    """Return incoming text as the program keeps it: plain, unescaped, links readable.

    People are tokens, and so are channels and groups that come without their name.
    """
    # The tokens are cut out of the raw text first: what people typed can't form one, its brackets are escaped.
    parts = []
    position = 0
    raw = cleaned(raw)
    for match in _TOKEN.finditer(raw):
        parts += [unescaped(raw[position : match.start()]), _read_token(match.group(1))]
        position = match.end()
    return "".join([*parts, unescaped(raw[position:])])


def unescaped(text: str) -> str:
    """Return the text with the three characters that Slack escapes; what stands between angle brackets stays."""
    return _ENTITY.sub(lambda match: _CHARACTERS[match.group(1)], text)


def _read_token(token: str) -> str:
    target, _, label = (unescaped(part) for part in token.partition("|"))
    if target.startswith("@"):
        return mention(target[1:]) if _PERSON.fullmatch(target[1:]) else f"@{label or target[1:]}"
    if target.startswith("#"):
        return channel_mark(target[1:]) if not label and _PLACE.fullmatch(target[1:]) else f"#{label or target[1:]}"
    if target.startswith("!subteam^"):
        group_id = target.removeprefix("!subteam^")
        return (
            group_mark(group_id)
            if not label and _GROUP.fullmatch(group_id)
            else f"@{(label or group_id).removeprefix('@')}"
        )
    if target.startswith("!date^"):
        return label or moment_words(target.split("^")[1])
    if target.startswith("!"):
        return f"@{target[1:]}"
    return link_words(target, label)


def moment_words(epoch: str) -> str:
    """Return a moment that came as seconds since 1970, in words; nothing for what is none."""
    try:
        return f"{datetime.fromtimestamp(int(epoch), UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def link_words(target: str, label: str) -> str:
    """Return a link as `label (address)`, without the label where it says nothing more."""
    address = target.removeprefix("mailto:")
    return f"{label} ({target})" if label and label not in (target, address, target.split("://", 1)[-1]) else address


def escaped(text: str) -> str:
    """Return plain text for mrkdwn: the three reserved characters escaped, so that nothing in it can notify anyone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(text: str, name_of: Callable[[str], str], *, notifies: Collection[str] = ()) -> str:
    """Return stored text for mrkdwn: escaped, its mentions as plain names that notify nobody, but for `notifies`."""

    def called(user_id: str) -> str:
        return notifying(user_id) if user_id in notifies else escaped(f"@{name_of(user_id)}")

    return with_mentions_as(_placed(escaped(text)), called)


def whispered(text: str) -> str:
    """Return stored text for one reader: a mention there notifies nobody, and shows the name as Slack knows it."""
    return with_mentions_as(_placed(escaped(text)), notifying)


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


def linked(label: str, url: str | None) -> str:
    """Return a link in mrkdwn, the label alone where there is no address that can be one."""
    if not url or "|" in url:
        return escaped(label)
    return f"<{escaped(url)}|{escaped(label)}>"


def local_time(epoch: int, fallback: str, link: str | None = None) -> str:
    """Return a time shown in each reader's zone; `epoch` in seconds, `fallback` for clients that can't.

    With a `link` the time is one.
    """
    linked = f"^{escaped(link)}" if link else ""
    return f"<!date^{epoch}^{{date_short_pretty}} {{time}}{linked}|{escaped(fallback)}>"
