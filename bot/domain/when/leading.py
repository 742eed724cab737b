import re
from datetime import datetime
from typing import Final

from bot.domain.when.clocks import CLOCK
from bot.domain.when.errors import WhenError
from bot.domain.when.moments import Moment, Reader

_MOST_WORDS: Final = 9
_DASH: Final = re.compile(r"(?:--|[-–—])(?:\s+|$)")
_CLOCK: Final = re.compile(CLOCK, re.ASCII | re.IGNORECASE)
_GOES_ON: Final = re.compile(
    rf"(?:(?:[-–—]|--|to|till|until|through|and|or|&|/)\s*)(?:at\s+)?{CLOCK}", re.ASCII | re.IGNORECASE
)


def split_leading_moment(text: str, *, now: datetime, zone: str) -> tuple[Moment | None, str]:
    """Split a note into the WHEN it begins with and its text.

    The longest exact form at the beginning counts: a clock with its minutes or am/pm, alone or with a
    zone, `today`, `yesterday` or a date; a moment of ISO 8601; a length of time with `ago`. One comma,
    colon or dash may stand between. What begins with a range or a list of times stays whole. `now` is
    read only before such a mark: "now rolling back" keeps its words, and is entered at this moment anyway.

    Args:
        text: what was typed, in any number of lines.
        now: the time of typing, aware.
        zone: the person's IANA zone.

    Returns:
        The moment, and the text after it with its own spacing; or None and the text as it was.

    Raises:
        WhenError: when the text begins with a time that can't be placed (25:61, a skipped or doubled
            hour, the future, a zone of several meanings).
    """
    reader = Reader(now, zone, leading=True)
    words = list(re.finditer(r"\S+", text))[:_MOST_WORDS]
    for count in range(len(words), 0, -1):
        joined = " ".join(word[0] for word in words[:count])
        rest = text[words[count - 1].end() :].lstrip()
        bare, mark = (joined[:-1], joined[-1]) if joined.endswith((",", ":", ";")) else (joined, "")
        dash = _DASH.match(rest)
        if bare.casefold().endswith("now") and rest and not (mark or dash):
            continue
        several = _GOES_ON.match(rest) or (mark == "," and _CLOCK.match(rest))
        try:
            moment = reader.read(bare)
        except WhenError as refusal:
            if several:
                break
            refusal.typed = text
            raise
        if moment:
            return (None, text) if several else (moment, rest[dash.end() :] if dash else rest)
    return None, text
