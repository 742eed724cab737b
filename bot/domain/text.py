"""Text as the program keeps it: plain, unescaped, with mentions as tokens that nobody can type.

A mention of a person is kept as `MENTION_OPEN + user id + MENTION_CLOSE`. Both marks are Unicode
private-use characters which are stripped from everything that people type, so a token in stored
text always stands for a real mention, and can later be shown as a name or as a role. Channels and
groups of people that came without a name are kept in the same way, and so are the times and channels
in the program's own lines, so that everybody reads a time in their own zone.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

MENTION_OPEN = "\ue000"
MENTION_CLOSE = "\ue001"
_MENTION = re.compile(f"{MENTION_OPEN}([A-Z0-9]+){MENTION_CLOSE}")
_MOMENT = re.compile(f"{MENTION_OPEN}@([0-9]+){MENTION_CLOSE}")
_CHANNEL = re.compile(f"{MENTION_OPEN}#([A-Z0-9]+){MENTION_CLOSE}")
_GROUP = re.compile(f"{MENTION_OPEN}!([A-Z0-9]+){MENTION_CLOSE}")
# What stands for a channel, a group of people or a person whom nothing names: never a raw id.
SOME_CHANNEL = "another channel"
SOME_GROUP = "a user group"
SOMEONE = "someone unknown"
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
    """Return the text with each mention replaced by what `shown` makes of the person's id.

    Channels and groups that are still tokens become words: whoever writes people out writes the text out.
    """
    return named(_MENTION.sub(lambda match: shown(match.group(1)), text), {})


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


def group_mark(group_id: str) -> str:
    """Return the token that stands for a mention of this group of people in stored text."""
    return f"{MENTION_OPEN}!{group_id}{MENTION_CLOSE}"


def with_groups_as(text: str, shown: Callable[[str], str]) -> str:
    """Return the text with each group of people replaced by what `shown` makes of its id."""
    return _GROUP.sub(lambda match: shown(match.group(1)), text)


def things_named_in(text: str) -> frozenset[str]:
    """Return the ids of the channels and groups that are tokens in a text."""
    if MENTION_OPEN not in text:
        return frozenset()
    return frozenset((*_CHANNEL.findall(text), *_GROUP.findall(text)))


def named(text: str, names: Mapping[str, str]) -> str:
    """Return the text with its channels and groups by name; those that `names` does not know by a word for them."""
    if MENTION_OPEN not in text:
        return text
    text = with_channels_as(text, lambda key: f"#{names[key]}" if names.get(key) else SOME_CHANNEL)
    return with_groups_as(text, lambda key: f"@{names[key]}" if names.get(key) else SOME_GROUP)


def clipped(text: str, limit: int) -> str:
    """Return the text, cut to at most `limit` characters with an ellipsis; never inside a mention token."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    opened = cut.rfind(MENTION_OPEN)
    if opened > cut.rfind(MENTION_CLOSE):
        cut = cut[:opened]
    return cut.rstrip() + "…"


_FENCE = "```"
# A cut keeps at least so much of the room: a sentence that ends early says too little.
_LEAST_KEPT = 0.6
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")


def shortened(text: str, limit: int) -> str:
    """Return the text, cut to about `limit` characters where a line, a sentence or a word ends, with an ellipsis.

    A block of code that was cut through ends with the text.
    """
    if len(text) <= limit:
        return text
    cut = clipped(text, limit).removesuffix("…")
    ends = [cut.rfind("\n"), *(match.end() for match in _SENTENCE_END.finditer(cut))]
    end = max(ends)
    if end < limit * _LEAST_KEPT:
        end = max(cut.rfind(" "), cut.rfind("\n"))
    if end >= limit * _LEAST_KEPT:
        cut = cut[:end]
    short = cut.rstrip() + "…"
    return short + _FENCE if short.count(_FENCE) % 2 else short


def one_line(text: str) -> str:
    """Return the text on one line: every run of white space becomes one space."""
    return " ".join(text.split())


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return `1 message`, `2 messages`: the number with the right form of the word."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
