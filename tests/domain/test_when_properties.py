"""Properties of the WHEN reader over many zones, their changes of clocks, and random text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.when import (
    Moment,
    WhenError,
    echo,
    read_due,
    read_moment,
    read_span,
    split_due,
    split_leading_moment,
)

# Half-hour and quarter-hour offsets, half-hour summer time, changes at midnight, both hemispheres, the date line.
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Havana",
    "America/Santiago", "America/Sao_Paulo", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Tehran", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Niue", "America/Nuuk",
)  # fmt: skip
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905  a list of words
FIRST, LAST = datetime(2019, 1, 1), datetime(2029, 12, 31)  # noqa: DTZ001  hypothesis adds the zone
LATER = datetime(2030, 6, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES)
moments = st.datetimes(FIRST, LATER.replace(tzinfo=None), timezones=st.just(UTC))
minutes = st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(lambda at: at.replace(second=0, microsecond=0))
wall_times = st.datetimes(FIRST, LAST).map(lambda local: local.replace(second=0, microsecond=0))


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a minute within three hours of a change of its clocks."""
    zone = draw(zones.filter(lambda name: name not in {"UTC", "Asia/Kolkata", "Asia/Kathmandu"}))
    day = draw(st.dates(FIRST.date(), LAST.date()))
    rules = ZoneInfo(zone)
    start = datetime.combine(day, time(), tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(24 * 200)]
    changes = [
        later
        for at, later in zip(hours[::24], hours[24::24], strict=False)
        if at.astimezone(rules).utcoffset() != later.astimezone(rules).utcoffset()
    ]
    assume(changes)
    return zone, changes[0] + timedelta(minutes=draw(st.integers(-27 * 60, 3 * 60)))


zoned_minutes = st.one_of(st.tuples(zones, minutes), near_a_change())


def twelve_hours(local: datetime) -> str:
    half = "am" if local.hour < 12 else "pm"
    return f"{local.hour % 12 or 12}:{local.minute:02} {half}"


def outcome(reader: Callable[..., object], text: str, *, now: datetime, zone: str) -> object:
    """What a reader gives for a text, or its refusal."""
    try:
        return reader(text, now=now, zone=zone)
    except WhenError as refusal:
        return refusal


def local_forms(local: datetime) -> list[str]:
    day, month, clock = local.day, MONTHS[local.month - 1], f"{local:%H:%M}"
    return [
        f"{local:%Y-%m-%d} {clock}",
        f"{local:%Y-%m-%d}T{clock}",
        f"{local:%Y-%m-%d}T{clock}:00",
        f"{local:%Y-%m-%d} {twelve_hours(local)}",
        f"{day} {month} {local.year} {clock}",
        f"{month} {day}, {local.year} at {twelve_hours(local)}",
    ]


@given(zoned_minutes)
def test_exact_forms_read_back_as_written(zoned: tuple[str, datetime]) -> None:
    zone, at = zoned
    local = at.astimezone(ZoneInfo(zone))
    for typed in (f"{at:%Y-%m-%dT%H:%MZ}", f"{at:%Y-%m-%d %H:%M} UTC", local.isoformat(timespec="minutes")):
        assert read_moment(typed, now=LATER, zone="Asia/Tokyo") == Moment(at, "Asia/Tokyo", explicit_zone=True)


@given(zoned_minutes)
def test_local_forms_read_back_or_are_refused_in_a_fold(zoned: tuple[str, datetime]) -> None:
    zone, at = zoned
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    typed_forms = [*((form, zone) for form in local_forms(local)), (f"{local_forms(local)[0]} {zone}", "Asia/Tokyo")]
    for typed, home in typed_forms if zone != "UTC" else typed_forms[:-1]:
        if tz.datetime_ambiguous(local, tz.gettz(zone)):
            with pytest.raises(WhenError, match="twice"):
                read_moment(typed, now=LATER, zone=home)
        else:
            assert read_moment(typed, now=LATER, zone=home).at == at


@given(zones, wall_times)
@example("Europe/Berlin", datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001  a time on the wall
@example("Africa/Cairo", datetime(2026, 4, 24, 0, 30))  # noqa: DTZ001  a time on the wall
@example("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15))  # noqa: DTZ001  a time on the wall
def test_wall_time_is_placed_where_the_wall_showed_it_and_nowhere_else(zone: str, local: datetime) -> None:
    exists = tz.datetime_exists(local, tz.gettz(zone))
    ambiguous = tz.datetime_ambiguous(local, tz.gettz(zone))
    for typed in local_forms(local):
        read = outcome(read_moment, typed, now=LATER, zone=zone)
        if isinstance(read, Moment):
            assert exists
            assert not ambiguous
            assert read.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
        else:
            assert ambiguous or not exists
            assert ("twice" if exists else "skipped") in str(read)


@given(st.one_of(st.tuples(zones, moments), near_a_change()), st.times())
def test_bare_clock_is_the_latest_one_and_never_ahead(zoned: tuple[str, datetime], clock: time) -> None:
    (zone, now), rules = zoned, ZoneInfo(zoned[0])
    clock = clock.replace(second=0, microsecond=0)
    for typed in (f"{clock:%H:%M}", twelve_hours(datetime.combine(date.min, clock))):
        read = outcome(read_moment, typed, now=now, zone=zone)
        if isinstance(read, Moment):
            assert now - timedelta(hours=25) <= read.at <= now + A_MINUTE
            assert read.at.astimezone(rules).time() == clock
            later = [read.at + A_MINUTE * minute for minute in range(1, 25 * 60 + 1)]
            assert [at for at in later if at <= now and at.astimezone(rules).time() == clock] == []
        elif "is in the future" in str(read):
            soon = [now + timedelta(seconds=second) for second in range(61, 601)]
            assert any(at.astimezone(rules).time().replace(second=0, microsecond=0) == clock for at in soon)
        else:
            assert "skipped" in str(read) or "twice" in str(read)
            days = [now.astimezone(rules).date() - timedelta(days=back) for back in (-1, 0, 1, 2)]
            walls = [datetime.combine(day, clock) for day in days]
            rule = tz.gettz(zone)
            assert any(not tz.datetime_exists(wall, rule) or tz.datetime_ambiguous(wall, rule) for wall in walls)


@given(st.one_of(st.tuples(zones, moments), near_a_change()), st.integers(1, 99_999))
def test_ago_is_elapsed_time_whatever_the_clocks_did(zoned: tuple[str, datetime], count: int) -> None:
    zone, now = zoned
    for unit in ("minute", "min", "m"):
        for typed in (f"{count} {unit} ago", f"{count} {unit.upper()} AGO"):
            assert read_moment(typed, now=now, zone=zone).at == now - timedelta(minutes=count)
    assert read_moment(f"{count}m ago", now=now, zone=zone).at == now - read_span(f"{count}m")


@given(zoned_minutes, st.timedeltas(timedelta(0), timedelta(days=300)))
def test_local_half_of_an_echo_can_be_typed_again(zoned: tuple[str, datetime], since: timedelta) -> None:
    zone, at = zoned
    now = at + since
    said = echo(Moment(at, zone, explicit_zone=False), now=now)
    local_half, _, utc_half = said.rpartition(", ")
    assert utc_half.endswith(f"{at:%H:%M} UTC")
    typed = local_half or said.removesuffix(" UTC")
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assume(not tz.datetime_ambiguous(local, tz.gettz(zone)))  # there the other half tells the two apart
    assert read_moment(typed, now=now, zone=zone).at == at


NOW = datetime(2026, 11, 20, 14, 10, 20, tzinfo=UTC)
# What makes a time of a word beside it, so that prose made at random has none.
TIME_MAKERS = {"ago", "am", "pm", "now"}
PROSE = st.lists(
    st.one_of(
        st.text("abcdefghijklmnopqrstuvwxyzäöüß'-", min_size=1, max_size=9),
        st.sampled_from(
            [
                "10", "1", "9", "14", "a", "an", "may", "May", "dec", "monday", "yesterday", "today", "UTC", "EST",
                "in", "minutes", "hours", "min", "pods", "users", "at", "to", "2026", "50%", "#3", "5xx", "p99", "v1.2",
            ]
        ),
    ).filter(lambda word: word not in TIME_MAKERS),
    min_size=1,
    max_size=12,
)  # fmt: skip
LEADING = (
    "14:05", "9am", "9:05 pm", "14:05 UTC", "14:05Z", "14:05 +02:00", "14:05 Europe/London", "yesterday 5pm",
    "today 14:05", "5pm yesterday", "2026-11-20T14:05Z", "2026-11-20 14:05", "Nov 20 14:05", "10 minutes ago",
    "1h30m ago", "at 9:30",
)  # fmt: skip
MARKS = [" ", "\n", "  ", ", ", ": ", " - ", " — "]


@given(PROSE, st.sampled_from([" ", "  ", "\n", "\t "]))
def test_prose_is_never_taken_for_a_moment(words: list[str], space: str) -> None:
    text = space.join(words)
    assert split_leading_moment(text, now=NOW, zone="Europe/Berlin") == (None, text)


@given(st.sampled_from(LEADING), st.sampled_from(MARKS), st.text("bcdfgh -\n", min_size=1))
def test_splitting_loses_nothing_but_the_moment(leading: str, mark: str, tail: str) -> None:
    prose = f"word {tail}"
    moment, rest = split_leading_moment(f"{leading}{mark}{prose}", now=NOW, zone="Europe/Berlin")
    assert moment == read_moment(leading, now=NOW, zone="Europe/Berlin")
    assert rest == prose


@given(st.text())
@example("14:05\x00")
@example("9am\u2028")
@example("1" * 400)
@example("a/b" * 400)
@example("14:05 " + "Europe/Berlinn" * 300)
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for reader in (read_moment, read_due, split_due, split_leading_moment):
        read = outcome(reader, text, now=NOW, zone="Europe/Berlin")
        if isinstance(read, WhenError):
            assert len(str(read).splitlines()) == 1
            assert read.typed == text


@given(st.dates(date(2026, 11, 20), date(2036, 11, 1)), zones)
def test_dates_with_their_year_read_back_as_due_dates(day: date, zone: str) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assume(day > date(2026, 11, 21))
    month = MONTHS[day.month - 1]
    for typed in (day.isoformat(), f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}"):
        assert read_due(typed, now=now, zone=zone).on == day
        assert split_due(f"Do it due {typed} P1", now=now, zone=zone)[0::2] == ("Do it", "P1")


@given(moments, zones, st.integers(0, 12), st.sampled_from(MONTHS), st.integers(1, 28))
def test_due_date_without_its_year_is_within_a_year_ahead(
    now: datetime, zone: str, months: int, month: str, day: int
) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    due = read_due(f"{day} {month}", now=now, zone=zone).on
    assert today <= due <= today + timedelta(days=366)
    assert (due.day, MONTHS[due.month - 1]) == (day, month)
    later = read_due(f"in {months} months", now=now, zone=zone).on
    assert (later.year * 12 + later.month) - (today.year * 12 + today.month) == months
    assert later.day <= today.day
    for name, weekday in (("monday", 0), ("friday", 4), ("sun", 6)):
        ahead = read_due(name, now=now, zone=zone).on
        assert ahead.weekday() == weekday
        assert timedelta(days=1) <= ahead - today <= timedelta(days=7)
