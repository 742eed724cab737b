import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.domain.when import clocks, days, placing, spans, zones
from bot.domain.when.errors import NoSuchDayError, WhenError, giving_back, offered, quoted
from bot.domain.when.zones import Place

_NOW: Final = re.compile(r"(?:right\s+|just\s+)?now", re.IGNORECASE)
_AGO: Final = re.compile(r"(?P<span>.+)\s+ago", re.IGNORECASE)
_AHEAD: Final = re.compile(r"in\s+(?P<span>.+)|(?P<span2>.+)\s+from\s+now", re.IGNORECASE)
_CLOCKED: Final = re.compile(
    rf"(?:at\s+|(?P<date>\d{{4}}-\d\d-\d\d)T|(?P<day>.+?)(?:,\s*|\s+)(?:at\s+)?)?"
    rf"(?:{clocks.CLOCK}|(?P<noon>noon))"
    rf"(?:(?P<glued>{zones.GLUED})|\s+(?P<zone>{zones.DETACHED}))?"
    r"(?:\s+(?P<day_after>.+))?",
    re.ASCII | re.IGNORECASE,
)

# Further away than this is a slip of the keyboard: 0226, 2062, "99999 weeks ago".
_FIRST_YEAR: Final = 1970
FURTHEST: Final = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Moment:
    """A WHEN that was placed.

    Args:
        at: the moment, in UTC.
        zone: the IANA zone of the person who typed it, for the echo.
        explicit_zone: whether the text itself named a zone or an offset.
    """

    at: datetime
    zone: str
    explicit_zone: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads exact forms of moments as typed by one person at one time.

    Args:
        now: the time of typing, aware.
        zone: the person's IANA zone.
        forward: whether something planned is meant, so that a clock, a weekday and a date without its
            year are looked for ahead; otherwise something that has happened, and the future is refused.
        leading: whether prose follows, so that only forms that no sentence begins with are read.
    """

    now: datetime
    zone: str
    forward: bool = False
    leading: bool = False

    def read(self, typed: str) -> Moment | None:
        """Read a whole text, with single spaces between its words.

        Returns:
            The moment, or None when the text has no form of a moment.

        Raises:
            WhenError: when the text has the form of a moment but can't be placed.
        """
        if _NOW.fullmatch(typed):
            return self._moment(typed, self.now)
        if found := _AGO.fullmatch(typed):
            span = spans.span_in(found["span"])
            return None if span is None else self._moment(typed, self._shifted(-span))
        if not self.leading and (found := _AHEAD.fullmatch(typed)):
            span = spans.span_in(found["span"] or found["span2"])
            return None if span is None else self._moment(typed, self._ahead(typed, span))
        found = _CLOCKED.fullmatch(typed)
        return self._clocked(typed, found) if found else None

    def _moment(self, typed: str, at: datetime | None, *, explicit_zone: bool = False) -> Moment:
        zones.home(self.zone)
        if at is None or at.year < _FIRST_YEAR or at > self.now + FURTHEST:
            raise WhenError(f"{quoted(typed)} is too far away. {offered(self._examples())}")
        return Moment(at.astimezone(UTC), self.zone, explicit_zone)

    def _shifted(self, span: timedelta) -> datetime | None:
        try:
            return self.now + span
        except OverflowError:
            return None

    def _ahead(self, typed: str, span: timedelta) -> datetime | None:
        if self.forward or span <= placing.SLACK:
            return self._shifted(span)
        length = re.sub(r"^in\s+|\s+from\s+now$", "", typed, flags=re.IGNORECASE)
        raise WhenError(f"{quoted(typed)} is in the future. {offered([f'{length} ago'])}")

    def _clocked(self, typed: str, found: re.Match[str]) -> Moment | None:
        day_text = found["date"] or found["day"] or found["day_after"]
        # The day before the zone: a zone of several meanings is refused only where a moment is meant.
        place = self._place(typed, found) if self._has_form(found, day_text) else None
        if place is None:
            return None
        today = self.now.astimezone(place.rules).date()
        try:
            meant = self._days(day_text, today) if day_text else None
        except NoSuchDayError as missing:
            raise self._no_such_day(typed, missing) from None
        clock = time(12) if found["noon"] else clocks.clock_in(found)
        if clock is None:
            raise unplaced(typed, self)
        try:
            at = self._placed(clock, meant, place)
        except OverflowError:
            return self._moment(typed, None)
        if at is None:
            raise self._in_future(typed, clock, place)
        return self._moment(typed, at, explicit_zone=place.named)

    def _has_form(self, found: re.Match[str], day_text: str | None) -> bool:
        if (found["date"] or found["day"]) and found["day_after"]:
            return False
        if found["noon"] and self.leading:
            return False
        if not day_text:
            return bool(found["noon"]) or not clocks.is_proportion(found)
        try:
            return self._days(day_text, self.now.date()) is not None
        except NoSuchDayError:
            return True

    def _place(self, typed: str, found: re.Match[str]) -> Place | None:
        if found["zone"]:
            return zones.named_place(found["zone"], typed=typed, leading=self.leading)
        if not found["glued"]:
            return zones.home(self.zone)
        # "14:05-09:30" without a date is a range, not a clock with an offset.
        is_range = found["glued"].startswith("-") and not found["date"]
        return None if is_range else zones.glued_place(found["glued"])

    def _days(self, text: str, today: date) -> list[date] | None:
        exact = days.exact_days(text, today, forward=self.forward)
        if exact is not None:
            return exact
        if self.leading and text.casefold() not in {"today", "yesterday"}:
            return None
        return days.spoken_days(text, today, forward=self.forward)

    def _placed(self, clock: time, meant: list[date] | None, place: Place) -> datetime | None:
        if not self.forward:
            if meant is None:
                is_unsure = placing.is_just_ahead(clock, place, self.now)
                return None if is_unsure else placing.latest(clock, place, self.now)
            return placing.passed(clock, meant, place, self.now)
        if meant is not None and len(meant) == 1:
            return placing.nearest(clock, meant, place, lambda _: True)
        today = self.now.astimezone(place.rules).date()
        coming = meant or [today + days.DAY * offset for offset in (-1, 0, 1, 2)]
        return placing.nearest(clock, coming, place, lambda at: at > self.now - placing.SLACK)

    def _in_future(self, typed: str, clock: time, place: Place) -> WhenError:
        example = "10 minutes ago"
        try:
            if last := placing.latest(clock, place, self.now):
                example = placing.written(last.astimezone(place.rules)) + place.suffix
        except WhenError:
            pass  # The latest such time is itself skipped or doubled: the plain example stays.
        return WhenError(f"{quoted(typed)} is in the future. {offered([example])}")

    def _no_such_day(self, typed: str, missing: NoSuchDayError) -> WhenError:
        nearest = typed.replace(missing.typed, missing.nearest, 1)
        examples = [nearest] if self._reads(nearest) else self._examples()
        return WhenError(f"There is no {missing.typed}. {offered(examples)}")

    def _reads(self, example: str) -> bool:
        try:
            return self.read(example) is not None
        except WhenError:
            return False

    def _examples(self) -> list[str]:
        if self.forward:
            tomorrow = (self.now + days.DAY).replace(second=0, microsecond=0)
            return ["14:05", "tomorrow 10:00", placing.zulu(tomorrow)]
        # One that can be read now.
        is_unsure = placing.is_just_ahead(time(14, 5), zones.home(self.zone), self.now)
        return [
            "9:30" if is_unsure else "14:05",
            "10 minutes ago",
            placing.zulu(self.now.replace(second=0, microsecond=0)),
        ]

    def examples_for(self, typed: str) -> list[str]:
        """Give examples that can be read, first the ones made from what was typed."""
        shaped = [example for example in _shaped(typed) if self._reads(example)]
        if not shaped:
            return self._examples()
        kind = "ago" if shaped[0].endswith("ago") else ":"
        return [shaped[0], *(other for other in self._examples() if other.endswith("Z") or kind not in other)]


def unplaced(typed: str, reader: Reader) -> WhenError:
    """Make the refusal of a text that is no moment."""
    if not typed:
        return WhenError(f"Say when. {offered(reader.examples_for(typed))}")
    return WhenError(f"I can't place {quoted(typed)} in time. {offered(reader.examples_for(typed))}")


def _shaped(typed: str) -> list[str]:
    """Guess what may have been meant; whoever offers a guess tries first whether it can be read."""
    number = re.fullmatch(r"\d{1,2}", typed, re.ASCII)
    if number:
        return [f"{typed}:00 pm", f"{typed}:00", f"{typed} minutes ago"]
    if clock := re.fullmatch(r"(\d{1,2})[.h]?(\d\d)(?:\s*[ap]m)?", typed, re.ASCII | re.IGNORECASE):
        return [f"{clock[1]}:{clock[2]}"]
    without_half = re.sub(r"\s*[ap]\.?m\.?$", "", typed, flags=re.IGNORECASE)
    if without_half != typed:
        return [without_half, f"{without_half}:00"]
    return [f"{typed} ago", f"1 {typed} 14:05", f"{typed} 14:05"]


def read_moment(text: str, *, now: datetime, zone: str, allow_future: bool = False) -> Moment:
    """Read a whole text as a moment.

    Reads `14:05`, `9am`, `14:05 UTC`, `10 minutes ago`, `yesterday 5pm`, `friday 9:30`, `20 Nov 14:05`,
    `2026-11-20T14:05Z`, `now`. A clock stands in the person's zone unless one is named. A named day
    ("yesterday 14:05 UTC") belongs to the calendar of the zone of its clock. "2 days ago" is 48 hours.

    Args:
        text: what was typed.
        now: the time of typing, aware.
        zone: the person's IANA zone.
        allow_future: for what is planned, such as a meeting. Then `in 2 hours` and `tomorrow 10:00` are
            read too, and a bare clock, a weekday or a date without its year is the next one. Otherwise
            it is the latest one, and a moment over a minute ahead is refused; so is a bare clock that comes
            within ten minutes, as it would be taken for yesterday's where this machine's clock is behind.

    Returns:
        The moment in UTC.

    Raises:
        WhenError: with one line for the asker that ends in an example.
    """
    typed = " ".join(text.split())
    reader = Reader(now, zone, forward=allow_future)
    with giving_back(text):
        moment = reader.read(typed)
        if moment is None:
            raise unplaced(typed, reader)
        return moment
