import calendar
import re
from datetime import date, timedelta
from typing import Final

from bot.domain.when.errors import NoSuchDayError

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_OF: Final = {
    **{name.casefold(): number for number, name in enumerate(MONTHS, start=1)},
    **{name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)},
    "sept": 9,
}
WEEKDAY_OF: Final = {
    **{name.casefold(): number for number, name in enumerate(WEEKDAYS)},
    **{name[:3].casefold(): number for number, name in enumerate(WEEKDAYS)},
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NAMED: Final = re.compile(
    rf"(?:(?P<weekday>{_any_of(WEEKDAY_OF)}),?\s+)?(?P<rest>"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_any_of(MONTH_OF)})(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_any_of(MONTH_OF)})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>\d{{4}}))?)",
    re.ASCII | re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(
    rf"(?:on\s+)?(?:(?P<which>last|this|next)\s+)?(?P<weekday>{_any_of(WEEKDAY_OF)})", re.ASCII | re.IGNORECASE
)


def exact_days(text: str, today: date, *, forward: bool) -> list[date] | None:
    """Read a day of the calendar: `2026-11-20`, `20 Nov`, `Nov 20 2026`, `Fri 20 Nov`.

    Args:
        text: the words of the day alone.
        today: the date where the text was typed, or where its zone is.
        forward: whether a day without a year is looked for ahead; otherwise it has passed.

    Returns:
        The dates it may mean, the likeliest first, or None when the text is anything else.

    Raises:
        NoSuchDayError: for an exact day that no calendar has, or with the wrong weekday.
    """
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in iso.groups())
        found = _date(year, month, day)
        if found is None:
            nearest = _nearest(year or today.year, month, day)
            raise NoSuchDayError(text, nearest.isoformat())
        return [found]
    named = _NAMED.fullmatch(text)
    return _named_days(named, today, forward=forward) if named else None


def _named_days(named: re.Match[str], today: date, *, forward: bool) -> list[date]:
    month = MONTH_OF[(named["month"] or named["month2"]).casefold()]
    day, typed_year = int(named["day"] or named["day2"]), named["year"] or named["year2"]
    past_first = (today.year + 1, today.year, today.year - 1)
    years = [int(typed_year)] if typed_year else (past_first[1::-1] if forward else past_first)
    days = [found for year in years if (found := _date(year, month, day))]
    if not any(_in_reach(found, today, forward=forward) for found in days) and not typed_year:
        days = []
    if not days:
        # Of a year that lacks the day: the leap day of one that has it, but out of reach, is no day to offer.
        nearest = _nearest(next(year for year in years if _date(year, month, day) is None), month, day)
        written = f"{nearest.day} {MONTHS[nearest.month - 1][:3]}"
        raise NoSuchDayError(named[0], f"{written} {nearest.year}" if typed_year else written)
    if not named["weekday"]:
        return days
    meant = next(found for found in days if typed_year or _in_reach(found, today, forward=forward))
    if meant.weekday() != WEEKDAY_OF[named["weekday"].casefold()]:
        raise NoSuchDayError(named[0], named["rest"])
    return [meant]


def _in_reach(day: date, today: date, *, forward: bool) -> bool:
    return day >= today if forward else day <= today


def spoken_days(text: str, today: date, *, forward: bool) -> list[date] | None:
    """Read a day as people say it: `today`, `yesterday`, `tomorrow`, `friday`, `last monday`.

    A weekday is its nearest occurrence in the direction asked for. "last" leaves today out, and
    "next" is the day in the next week from Monday to Sunday.

    Returns:
        The dates it may mean, the likeliest first, or None when the text is anything else.
    """
    spoken = {"today": today, "yesterday": today - DAY, "tomorrow": today + DAY}.get(text.casefold())
    if spoken:
        return [spoken]
    found = _WEEKDAY.fullmatch(text)
    if found is None:
        return None
    weekday, which = WEEKDAY_OF[found["weekday"].casefold()], (found["which"] or "").casefold()
    if which == "next":
        return [in_next_week(weekday, today)]
    back = which == "last" or not (forward or which == "this")
    # One day more in front, for a clock a few seconds ahead at midnight.
    start = today - DAY if which == "last" else today + DAY if back else today - DAY
    reach = (start + (-DAY if back else DAY) * step for step in range(15))
    return [day for day in reach if day.weekday() == weekday]


def in_next_week(weekday: int, today: date) -> date:
    """Give a weekday (0 is Monday) of the week that starts on the coming Monday."""
    return today + DAY * (7 - today.weekday() + weekday)


def month_end(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(year: int, month: int, day: int) -> date:
    last = month_end(max(year, 1), min(max(month, 1), 12))
    return last.replace(day=min(max(day, 1), last.day))
