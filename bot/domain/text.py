"""Text as the program keeps it: plain, unescaped, with mentions as tokens that nobody can type.

A mention of a person is kept as `MENTION_OPEN + user id + MENTION_CLOSE`. Both marks are Unicode
private-use characters which are stripped from everything that people type, so a token in stored
text always stands for a real mention, and can later be shown as a name or as a role. The program's
own lines carry times and channels in the same way, so that everybody reads a time in their own zone.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

MENTION_OPEN = "\ue000"
MENTION_CLOSE = "\ue001"
_MENTION = re.compile(f"{MENTION_OPEN}([A-Z0-9]+){MENTION_CLOSE}")
_MOMENT = re.compile(f"{MENTION_OPEN}@([0-9]+){MENTION_CLOSE}")
_CHANNEL = re.compile(f"{MENTION_OPEN}#([A-Z0-9]+){MENTION_CLOSE}")
# Nulls and lone surrogates can't be stored; other control characters only harm terminals and templates.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000\ue001]")


def cleaned(text: str) -> str:
    """Return the text without control characters, lone surrogates and the two mention marks."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mention(user_id: str) -> str:
    """Return the token that stands for a mention of this person in stored text."""
    return f"{MENTION_OPEN}{user_id}{MENTION_CLOSE}"


def mentioned(text: str) -> tuple[str, ...]:
    """Return the ids of the people mentioned, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def with_mentions_as(text: str, shown: Callable[[str], str]) -> str:
    """Return the text with each mention replaced by what `shown` makes of the person's id."""
    return _MENTION.sub(lambda match: shown(match.group(1)), text)


def moment_mark(at: datetime) -> str:
    """Return the token that stands for this moment (aware, whole seconds) in a line of the program's own."""
    return f"{MENTION_OPEN}@{int(at.timestamp())}{MENTION_CLOSE}"


def with_moments_as(text: str, shown: Callable[[datetime], str]) -> str:
    """Return the text with each moment replaced by what `shown` makes of it; it gets the moment in UTC."""
    return _MOMENT.sub(lambda match: shown(datetime.fromtimestamp(int(match.group(1)), UTC)), text)


def channel_mark(channel_id: str) -> str:
    """Return the token that stands for a channel to go to in an answer of the program's own."""
    return f"{MENTION_OPEN}#{channel_id}{MENTION_CLOSE}"


def with_channels_as(text: str, shown: Callable[[str], str]) -> str:
    """Return the text with each channel replaced by what `shown` makes of its id."""
    return _CHANNEL.sub(lambda match: shown(match.group(1)), text)


def clipped(text: str, limit: int) -> str:
    """Return the text, cut to at most `limit` characters with an ellipsis; never inside a mention token."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    opened = cut.rfind(MENTION_OPEN)
    if opened > cut.rfind(MENTION_CLOSE):
        cut = cut[:opened]
    return cut.rstrip() + "…"


def one_line(text: str) -> str:
    """Return the text on one line: every run of white space becomes one space."""
    return " ".join(text.split())


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return `1 message`, `2 messages`: the number with the right form of the word."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
