import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.domain.when import days, placing, spans, zones
from bot.domain.when.errors import NoSuchDayError, WhenError, giving_back, offered, quoted
from bot.domain.when.moments import FURTHEST, Reader

_FRIDAY: Final = 4
_FORTNIGHT: Final = timedelta(days=14)
_IN: Final = re.compile(
    rf"in\s+(?P<number>{spans.NUMBER})\s?(?P<unit>days?|d|weeks?|wks?|w|months?|years?)"
    rf"|(?P<number2>{spans.NUMBER})\s?(?P<unit2>days?|weeks?|months?|years?)\s+from\s+(?:now|today)",
    re.ASCII,
)
_END: Final = re.compile(
    rf"(?:the\s+)?end\s+of\s+(?:(?P<day>(?:the\s+)?day|today)|(?:the\s+|this\s+)?(?P<this>week|month|quarter|year)"
    rf"|(?:the\s+)?next\s+(?P<next>week|month|quarter|year)|(?P<month>{'|'.join(days.MONTH_OF)}))"
)
_SHORT_ENDS: Final = {
    "eod": "end of day", "eow": "end of week", "eom": "end of month", "eoq": "end of quarter", "eoy": "end of year",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueDate:
    """The day by which something is to be done, as a date in the zone of the person who set it."""

    on: date


def read_due(text: str, *, now: datetime, zone: str) -> DueDate:
    """Read a whole text as a due date.

    Reads `2026-12-01`, `1 dec`, `dec 1 2027`, `today`, `tomorrow`, `friday`, `in 2 weeks`, `in a month`,
    `end of month`, `end of next week`, and the forms of a planned moment (`friday 17:00`), of which the
    day counts. `by` and `on` may stand in front.

    `friday` is the next one after today, and `this friday` may be today. `next friday` is the one of the
    next week, from Monday to Sunday: on a Monday `friday` is 4 days ahead and `next friday` 11. A week
    ends on its Friday, and on a weekend the coming one is meant. A day without its year that has passed
    this year is next year's.

    Args:
        text: what was typed.
        now: the time of typing, aware.
        zone: the person's IANA zone.

    Returns:
        Today or a later day.

    Raises:
        WhenError: with one line for the asker that ends in an example.
    """
    typed = " ".join(text.split())
    with giving_back(text):
        today = now.astimezone(zones.home(zone).rules).date()
        try:
            due = _day_of(typed, today) or _day_of_moment(typed, now, zone)
        except NoSuchDayError as missing:
            raise _no_such_day(typed, missing, today) from None
        except OverflowError:
            due = date.max
        if due is None:
            raise WhenError(f"I can't read {quoted(typed)} as a due date. {offered(_shaped(typed, today))}")
        if due < today:
            raise _past(typed, due, today)
        if due > today + FURTHEST:
            raise WhenError(f"{quoted(typed)} is too far away. {offered(_examples(today))}")
        return DueDate(due)


def _no_such_day(typed: str, missing: NoSuchDayError, today: date) -> WhenError:
    nearest = typed.replace(missing.typed, missing.nearest, 1)
    examples = [nearest] if _reads(nearest, today) else _examples(today)
    return WhenError(f"There is no {missing.typed}. {offered(examples)}")


def _past(typed: str, due: date, today: date) -> WhenError:
    examples = _examples(today)
    if re.search(r"\d{4}", typed):
        ahead = due + relativedelta(years=today.year - due.year)
        ahead = ahead if ahead >= today else due + relativedelta(years=today.year + 1 - due.year)
        examples = [ahead.isoformat()]
    return WhenError(f"{quoted(typed)} is in the past. {offered(examples)}")


def _day_of(typed: str, today: date) -> date | None:
    words = re.sub(r"^(?:by|on)\s+", "", typed.casefold())
    spoken = {"today": today, "tomorrow": today + days.DAY, "yesterday": today - days.DAY}.get(words)
    if spoken:
        return spoken
    if found := _IN.fullmatch(words):
        return _after(found["number"] or found["number2"], (found["unit"] or found["unit2"])[0], today)
    if found := _END.fullmatch(_SHORT_ENDS.get(words, words)):
        return _end_of(found, today)
    exact = days.exact_days(re.sub(r"^(?:by|on)\s+", "", typed, flags=re.IGNORECASE), today, forward=True)
    if exact:
        return next((day for day in exact if day >= today), exact[0])
    return _weekday(words, today)


def _after(number: str, unit: str, today: date) -> date:
    count = spans.number_of(number)
    try:
        match unit:
            case "d":
                return today + timedelta(days=count)
            case "w":
                return today + timedelta(weeks=count)
            case "m":
                return today + relativedelta(months=count)
            case _:
                return today + relativedelta(years=count)
    except ValueError:  # relativedelta says so of a year past 9999
        raise OverflowError from None


def _end_of(found: re.Match[str], today: date) -> date:
    if found["day"]:
        return today
    if found["month"]:
        month = days.MONTH_OF[found["month"]]
        return days.month_end(today.year + (month < today.month), month)
    step = 1 if found["next"] else 0
    match found["this"] or found["next"]:
        case "week":
            return _end_of_week(today, step)
        case "month":
            start = today + relativedelta(day=1, months=step)
        case "quarter":
            start = today + relativedelta(day=1, months=2 - (today.month - 1) % 3 + 3 * step)
        case _:
            start = today + relativedelta(day=1, month=12, years=step)
    return days.month_end(start.year, start.month)


def _end_of_week(today: date, step: int) -> date:
    if step or today.weekday() > _FRIDAY:
        return days.in_next_week(_FRIDAY, today)
    return today + days.DAY * (_FRIDAY - today.weekday())


def _weekday(words: str, today: date) -> date | None:
    found = days.spoken_days(words, today, forward=True)
    if not found:
        return None
    if words.startswith(("last ", "next ")):
        return found[0]
    first = today if words.startswith("this ") else today + days.DAY
    return next(day for day in found if day >= first)


def _day_of_moment(typed: str, now: datetime, zone: str) -> date | None:
    moment = Reader(now, zone, forward=True).read(typed)
    if moment is None:
        return None
    if moment.at < now - placing.SLACK:
        raise WhenError(f"{quoted(typed)} is in the past. Try today or tomorrow.")
    return moment.at.astimezone(zones.home(zone).rules).date()


def _reads(example: str, today: date) -> bool:
    try:
        due = _day_of(example, today)
    except (NoSuchDayError, OverflowError):
        return False
    return due is not None and due >= today


def _examples(today: date) -> list[str]:
    return ["friday", "in 2 weeks", (today + _FORTNIGHT).isoformat()]


def _shaped(typed: str, today: date) -> list[str]:
    """Give examples that can be read, first the ones made from what was typed."""
    read = [guess for guess in _guesses(typed, today) if _reads(guess, today)]
    friday, fortnight, iso = _examples(today)
    return [*read, fortnight, iso] if read else [friday, fortnight, iso]


def _guesses(typed: str, today: date) -> list[str]:
    if number := re.fullmatch(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?", typed.casefold(), re.ASCII):
        ahead = (today + relativedelta(months=1) if int(number[1]) < today.day else today).month
        return [f"{number[1]} {days.MONTHS[ahead - 1][:3]}"]
    if numeric := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", typed, re.ASCII):
        first, second, year = numeric[1].zfill(2), numeric[2].zfill(2), numeric[3]
        return [f"{year}-{second}-{first}", f"{year}-{first}-{second}"]
    if numeric := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", typed, re.ASCII):
        return [f"{numeric[1]}-{numeric[2].zfill(2)}-{numeric[3].zfill(2)}"]
    bare = re.sub(r"^(?:in|by)\s+", "", typed, flags=re.IGNORECASE)
    return [f"in {bare}", f"1 {bare}", f"end of {bare}"]
