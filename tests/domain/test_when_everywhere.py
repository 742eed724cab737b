"""Properties of the WHEN reader in every zone there is and in all years that it reads: what was meant, or a refusal."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.when import Moment, WhenError, as_typed, echo, read_moment

# Some systems have the machine's own zone among them, and "Factory" for none.
ZONES = sorted(available_timezones() - {"localtime", "Factory", "posixrules"})
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
# Until 1972 a zone was off by seconds (Africa/Monrovia), which no clock of hours and minutes can say.
FIRST, LAST = datetime(1973, 1, 1), datetime(2037, 12, 30)  # noqa: DTZ001  hypothesis adds the zone
AFTERWARDS = datetime(2038, 1, 1, 12, tzinfo=UTC)
_REACH = timedelta(hours=30)

zones = st.sampled_from(ZONES)
minutes = st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(lambda at: at.replace(second=0, microsecond=0))
walls = st.datetimes(FIRST, LAST).map(lambda local: local.replace(second=0, microsecond=0))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown_by(zone: str, at: datetime) -> datetime:
    """What a clock on the wall there showed."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moments_of(zone: str, local: datetime) -> list[datetime]:
    """When a clock there showed this, found by trying every offset that was in force around it."""
    around = local.replace(tzinfo=UTC)
    steps = range(-int(_REACH / (A_MINUTE * 15)), int(_REACH / (A_MINUTE * 15)) + 1)
    offsets = {(around + A_MINUTE * 15 * step).astimezone(ZoneInfo(zone)).utcoffset() for step in steps}
    return sorted({at for offset in offsets if offset is not None and shown_by(zone, at := around - offset) == local})


@cache
def changes_of(zone: str) -> tuple[datetime, ...]:
    """When the clocks there changed, to the day."""
    rules = ZoneInfo(zone)
    weeks = [FIRST.replace(tzinfo=UTC) + A_DAY * number for number in range(0, (LAST - FIRST).days, 7)]
    offsets = [week.astimezone(rules).utcoffset() for week in weeks]
    changed = [week for week, now, then in zip(weeks, offsets[1:], offsets, strict=False) if now != then]
    return tuple(_first_day_of_another_offset(week, rules) for week in changed)


def _first_day_of_another_offset(week: datetime, rules: ZoneInfo) -> datetime:
    before = week.astimezone(rules).utcoffset()
    days = (week + A_DAY * number for number in range(1, 8))
    return next(day for day in days if day.astimezone(rules).utcoffset() != before) - A_DAY


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    zone = draw(zones)
    changes = changes_of(zone)
    assume(changes)
    return zone, draw(st.sampled_from(changes)) + A_MINUTE * draw(st.integers(-180, 24 * 60 + 180))


somewhere = st.one_of(st.tuples(zones, minutes), near_a_change())


def outcome(typed: str, *, now: datetime, zone: str) -> Moment | str:
    """What is read, or the refusal."""
    try:
        return read_moment(typed, now=now, zone=zone)
    except WhenError as refusal:
        return str(refusal)


@given(st.one_of(st.tuples(zones, walls), somewhere.map(lambda one: (one[0], shown_by(*one)))))
@example(("Pacific/Apia", wall("2011-12-30 12:00")))
@example(("Pacific/Kwajalein", wall("1993-08-21 09:00")))
@example(("Pacific/Enderbury", wall("1994-12-31 15:00")))
@example(("Asia/Pyongyang", wall("2018-05-04 23:40")))
@example(("Asia/Kathmandu", wall("1986-01-01 00:05")))
@example(("America/Caracas", wall("2007-12-09 02:45")))
@example(("Australia/Lord_Howe", wall("2026-04-05 01:45")))
@example(("Europe/Lisbon", wall("1992-09-27 01:30")))
@example(("Africa/Monrovia", wall("1972-01-07 00:20")))
@example(("America/Anchorage", wall("1983-10-30 01:30")))
def test_what_a_clock_showed_once_is_placed_then_and_all_else_is_refused(zoned: tuple[str, datetime]) -> None:
    zone, local = zoned
    local = local.replace(second=0)
    read = outcome(f"{local:%Y-%m-%d %H:%M}", now=AFTERWARDS, zone=zone)
    match moments_of(zone, local):
        case [at]:
            assert read == Moment(at, zone, explicit_zone=False)
        case []:
            assert "skipped" in str(read)
        case _:
            assert "twice" in str(read)


@given(somewhere)
@example(("Pacific/Apia", datetime(2011, 12, 30, 9, 59, tzinfo=UTC)))
def test_each_example_of_a_refusal_can_be_typed(zoned: tuple[str, datetime]) -> None:
    zone, at = zoned
    for typed in (f"{shown_by(zone, at):%Y-%m-%d %H:%M}", f"{shown_by(zone, at + A_MINUTE * 60):%Y-%m-%d %H:%M}"):
        read = outcome(typed, now=AFTERWARDS, zone=zone)
        if isinstance(read, str):
            for offered in read.rsplit("Try ", 1)[1].removesuffix(".").split(", or "):
                for one in offered.replace(" or ", ", ").split(", "):
                    assert isinstance(outcome(one, now=AFTERWARDS, zone=zone), Moment), read


@given(somewhere, st.timedeltas(timedelta(0), timedelta(days=3000)))
def test_moment_written_as_somebody_would_type_it_is_read_back(zoned: tuple[str, datetime], since: timedelta) -> None:
    zone, at = zoned
    minute = at.replace(second=0, microsecond=0)
    assert read_moment(as_typed(at, zone), now=at + since, zone=zone).at == minute


@given(somewhere, st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(-1500, 1500))
def test_no_two_moments_are_echoed_alike(zoned: tuple[str, datetime], since: timedelta, apart: int) -> None:
    zone, at = zoned
    other = at + A_MINUTE * apart
    said, said_of_other = (echo(Moment(moment, zone, explicit_zone=False), now=at + since) for moment in (at, other))
    assert (said == said_of_other) == (apart == 0)


@given(somewhere, st.timedeltas(timedelta(0), timedelta(days=300)))
def test_moment_that_is_echoed_reads_back_by_one_of_its_halves(zoned: tuple[str, datetime], since: timedelta) -> None:
    zone, at = zoned
    now = at + since
    assume(ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone))))  # else it has no halves
    local_half, _, utc_half = echo(Moment(at, zone, explicit_zone=False), now=now).rpartition(", ")
    if len(moments_of(zone, shown_by(zone, at))) == 1:
        assert read_moment(local_half, now=now, zone=zone).at == at
    else:
        assert "twice" in str(outcome(local_half, now=now, zone=zone))
        day = "" if not utc_half[0].isdigit() else f"{at:%Y-%m-%d} "
        assert read_moment(f"{day}{utc_half}", now=now, zone=zone).at == at


# Around midnight


@st.composite
def midnights(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and the first moment of a day there that has one."""
    zone = draw(zones)
    day = draw(st.one_of(st.dates(FIRST.date(), LAST.date()), st.sampled_from(changes_of(zone) or (FIRST,))))
    found = moments_of(zone, datetime(day.year, day.month, day.day))  # noqa: DTZ001  a time on the wall
    assume(found)
    return zone, found[-1]


@given(midnights(), st.integers(0, 40), st.integers(1, 120))
def test_clock_typed_after_midnight_is_of_the_evening_before(
    place: tuple[str, datetime], after: int, before: int
) -> None:
    zone, midnight = place
    now, meant = midnight + A_MINUTE * after, midnight - A_MINUTE * before
    read = outcome(f"{shown_by(zone, meant):%H:%M}", now=now, zone=zone)
    if (
        len(moments_of(zone, shown_by(zone, meant))) == 1
        and shown_by(zone, meant).date() < shown_by(zone, midnight).date()
    ):
        assert read == Moment(meant, zone, explicit_zone=False)
    else:
        assert isinstance(read, Moment) or "twice" in read or "in the future" in read


@given(midnights(), st.integers(0, 23 * 60), st.sampled_from(["yesterday {}", "{} yesterday"]))
def test_yesterday_is_the_day_before_also_at_the_ends_of_months(
    place: tuple[str, datetime], minute: int, form: str
) -> None:
    zone, now = place
    day = shown_by(zone, now).date() - A_DAY
    local = datetime.combine(day, time(minute // 60, minute % 60))
    read = outcome(form.format(f"{local:%H:%M}"), now=now, zone=zone)
    match moments_of(zone, local):
        case [at]:
            assert read == Moment(at, zone, explicit_zone=False)
        case found:
            assert ("twice" if found else "skipped") in str(read)


@given(st.integers(1972, 2037), st.integers(0, 1439))
def test_leap_day_is_read_in_its_year_and_refused_in_all_others(year: int, minute: int) -> None:
    clock = f"{minute // 60:02}:{minute % 60:02}"
    now = datetime(year, 3, 1, 12, tzinfo=UTC)
    read = outcome(f"29 feb {clock}", now=now, zone="UTC")
    if year % 4 == 0:
        assert read == Moment(datetime.combine(date(year, 2, 29), time.fromisoformat(clock), UTC), "UTC", False)
        assert outcome(f"yesterday {clock}", now=now, zone="UTC") == read
    elif (year - 1) % 4 == 0:
        # The leap day of the year before is no more than two years ago, so it is what was meant.
        assert isinstance(read, Moment)
        assert read.at.date() == date(year - 1, 2, 29)
    else:
        assert f"Try 28 Feb {clock}." in str(read)


# A machine whose clock is wrong


@given(somewhere, st.integers(0, 20 * 60), st.integers(-600, 600))
@example(("Europe/Berlin", datetime(2026, 11, 20, 13, 5, tzinfo=UTC)), 1, -540)
def test_clock_that_is_typed_on_a_machine_that_is_minutes_off_is_read_as_meant_or_refused(
    zoned: tuple[str, datetime], ago: int, skew: int
) -> None:
    zone, meant = zoned
    machine = meant + A_MINUTE * ago + timedelta(seconds=skew)
    local = shown_by(zone, meant)
    # Where the clock showed it again since, the later one is meant.
    assume(moments_of(zone, local)[-1] == meant)
    for typed in (f"{local:%H:%M}", f"{local:%Y-%m-%d %H:%M}"):
        read = outcome(typed, now=machine, zone=zone)
        assert read == Moment(meant, zone, explicit_zone=False) or (isinstance(read, str) and "Try " in read)


@pytest.mark.parametrize("seconds", [61, 300, 600])
def test_clock_just_ahead_is_refused_rather_than_taken_for_the_day_before(seconds: int) -> None:
    now = datetime(2026, 11, 20, 14, 10, tzinfo=UTC)
    typed = f"{now + timedelta(seconds=seconds):%H:%M:%S}"
    refusal = str(outcome(typed, now=now, zone="UTC"))
    assert refusal.startswith(f'"{typed}" is in the future. Try 2026-11-19 {typed[:5]}')
    assert isinstance(outcome(typed, now=now - timedelta(minutes=20), zone="UTC"), Moment)
