import re
from datetime import timedelta
from typing import Final

from bot.domain.when.errors import WhenError, offered, quoted

_WORDS: Final = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_NUMBERS: Final = {
    **{word: value for value, word in enumerate(_WORDS.split(), start=1)},
    "a": 1,
    "an": 1,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
NUMBER: Final = rf"\d{{1,5}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PART: Final = re.compile(
    rf"(?P<number>{NUMBER})(?:(?<=\d)\s?|\s)"
    r"(?P<unit>weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
    r"(?:,?\s+and\s+|,\s+|\s+)?",
    re.ASCII,
)


def number_of(word: str) -> int:
    """Read a number that `NUMBER` matched: digits, or a word such as "two" or "an"."""
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def span_in(text: str) -> timedelta | None:
    """Read a whole text as a length of time.

    Args:
        text: such as "1h30m", "2 hours", "an hour and ten minutes" or "half an hour", in any case.

    Returns:
        The length, or None when the text is anything else. Units go from large to small, each at most once.
    """
    words = re.sub(r"\bhalf an hour\b", "30 minutes", " ".join(text.casefold().split()))
    seconds, position, smallest = 0, 0, _SECONDS["w"] + 1
    while position < len(words):
        part = _PART.match(words, position)
        if part is None or _SECONDS[part["unit"][0]] >= smallest:
            return None
        smallest = _SECONDS[part["unit"][0]]
        seconds += number_of(part["number"]) * smallest
        position = part.end()
    dangling = words.endswith((",", " and"))
    return timedelta(seconds=seconds) if words and not dangling else None


def read_span(text: str) -> timedelta:
    """Read how long something takes, for example the time until the next update.

    Args:
        text: `30m`, `1h`, `90 min`, `2 hours`, `1h30m`, `half an hour`.

    Returns:
        A length of more than zero.

    Raises:
        WhenError: when the text is no such length; a bare number has no unit and is refused.
    """
    span = span_in(text)
    if span:
        return span
    typed = " ".join(text.split())
    shaped = [f"{typed}m"] if span_in(f"{typed}m") else []
    examples = offered([*shaped, "30m", "2 hours", "1h30m"])
    problem = "is no time at all" if span is not None else "is no length of time"
    raise WhenError(f"{quoted(text)} {problem}. {examples}", typed=text)
