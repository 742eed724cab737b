"""Readers of the commands that keep people told: updates for those outside, and putting a reminder off."""

import re
from datetime import timedelta

from bot.domain.errors import UserError
from bot.domain.updates import MOST, valid_wait
from bot.domain.when import WhenError, read_span
from bot.slack.grammar.asked import Asked, said, statement
from bot.slack.grammar.commands import Command, PostUpdate, Snooze

_NEXT = re.compile(r"(?<!\S)next(?:\s+in)?\s+(?=\S)", re.IGNORECASE)
# "Next 5 customers" is a sentence, "next 30x" and "next 0 minutes" are mistyped lengths.
_MEANT = re.compile(r"[0-9]\S*|0+\s.*", re.DOTALL)
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_FOR = re.compile(r"(?:for|by)\s+", re.IGNORECASE)
_UPDATE = "Payments are back for most customers next 30m"
_HALF_AN_HOUR = timedelta(minutes=30)


def update(asked: Asked) -> Command:
    """Read `update TEXT [next 30m]`."""
    found = list(_NEXT.finditer(asked.rest))
    text, length = asked.rest, None
    if found:
        before, after = asked.rest[: found[-1].start()].rstrip().rstrip(",;"), asked.rest[found[-1].end() :].rstrip(".")
        length = _length(asked, f"{before} next".strip(), after, what="The next update can't come in")
        text = asked.rest if length is None else before
    return PostUpdate(statement(asked, text, what="what those outside should know", example=_UPDATE), length)


def snooze(asked: Asked) -> Command:
    """Read `snooze [30m]`."""
    typed = _FOR.sub("", asked.rest, count=1) if _FOR.match(asked.rest) else asked.rest
    if not typed:
        return Snooze(_HALF_AN_HOUR)
    length = _length(asked, "", typed, what="A reminder can't be put off by")
    if length is None:
        raise _no_length(asked, "", typed)
    return Snooze(length)


def _length(asked: Asked, before: str, typed: str, *, what: str) -> timedelta | None:
    """Return the length of time that was typed after `before`, None for words that are no such thing.

    Raises UserError for one that is mistyped, or out of bounds.
    """
    try:
        length = read_span(typed)
    except WhenError:
        if _MEANT.fullmatch(typed):
            raise _no_length(asked, before, typed) from None
        return None
    right = "1d" if length > MOST else "30m"
    return valid_wait(length, what=what, example=asked.form(f"{before} {right}"))


def _no_length(asked: Asked, before: str, typed: str) -> UserError:
    number = _NUMBER.match(typed)
    right = f"{number[0]}m" if number else "30m"
    return UserError(f"{said(typed)} is no length of time", right=asked.form(f"{before} {right}"))
