import re
from datetime import datetime
from typing import Final

from bot.domain.text import MENTION_OPEN
from bot.domain.when.days import MONTH_OF, WEEKDAY_OF
from bot.domain.when.dues import DueDate, read_due
from bot.domain.when.errors import WhenError, giving_back

_DUE: Final = re.compile(r"(?:(?<=\s)|^)due(?=\s)", re.IGNORECASE)
# Options of `action` that may follow; macOS turns "--type" into "—type".
_OPTION: Final = re.compile(rf"(?:(?<=\s)|^)(?:P\d\b|--|—|–\w|<@|@\w|{MENTION_OPEN})", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"\d[\d:./-]*(?:st|nd|rd|th|d|w|am|pm)?|\d{4}-\d\d-\d\dT\S+", re.ASCII | re.IGNORECASE)
_DATE_TALK: Final = (
    "by on in of the this next last end start beginning early mid late ago from now noon midnight "
    "today tonight tomorrow yesterday soon later asap whenever sometime someday eventually tbd tba "
    "eod eow eom eoq eoy day days week weeks weekend month months quarter year years hour hours "
    "business working a an one two three four five six seven eight nine ten couple few"
)
_DATE_WORDS: Final = frozenset({*MONTH_OF, *WEEKDAY_OF, *_DATE_TALK.split()})
# Words that stand in a date but don't make one: "due in the end" is a sentence.
_FILLER_TALK: Final = "by on in of the this from a an one last end"
_FILLERS: Final = frozenset(_FILLER_TALK.split())


def split_due(text: str, *, now: datetime, zone: str) -> tuple[str, DueDate | None, str]:
    """Split a follow-up into its text, the due date after its last ` due `, and the options behind.

    Args:
        text: such as "Alert on pool use <@U1> due friday P1 --type detect".
        now: the time of typing, aware.
        zone: the person's IANA zone.

    Returns:
        The text before, the due date, and the options after it ("P1 --type detect"); or the text as it
        was, None and "" where the words after the last ` due ` are prose ("pay invoices due to ACME").

    Raises:
        WhenError: when they are words of a date that can't be read (`1`, `soon`, `30 feb`) or that has passed.
    """
    dues = list(_DUE.finditer(text))
    if not dues:
        return text, None, ""
    before, after = text[: dues[-1].start()].rstrip(), text[dues[-1].end() :]
    option = _OPTION.search(after)
    end = option.start() if option else len(after)
    words = after[:end].strip().rstrip(".,;)")
    with giving_back(text):
        try:
            due = read_due(words, now=now, zone=zone)
        except WhenError:
            if _is_meant(words):
                raise
            return text, None, ""
    return before, due, after[end:]


def _is_meant(words: str) -> bool:
    """Tell whether words that can't be read as a due date were meant as one."""
    parts = [word.strip(",.") for word in words.casefold().split()]
    dated = all(word in _DATE_WORDS or _NUMERIC.fullmatch(word) for word in parts)
    return dated and any(word not in _FILLERS for word in parts)
