"""How a moment is said back, and lengths of time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.when import Moment, WhenError, echo, read_span


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "now", "said"),
    [
        ("2026-11-20T22:55", "Europe/Berlin", "2026-11-20T23:10", "yesterday 23:55, 22:55 UTC"),
        ("2026-11-20T23:55", "UTC", "2026-11-21T00:10", "yesterday 23:55 UTC"),
        ("2026-11-20T13:05", "Europe/Berlin", "2026-11-20T14:10", "today 14:05, 13:05 UTC"),
        ("2026-11-20T13:05:59", "Europe/Berlin", "2026-11-20T14:10", "today 14:05, 13:05 UTC"),
        ("2026-11-21T13:05", "Europe/Berlin", "2026-11-20T14:10", "tomorrow 14:05, 13:05 UTC"),
        ("2026-11-18T13:05", "Europe/Berlin", "2026-11-20T14:10", "Wed 18 Nov 14:05, 13:05 UTC"),
        ("2025-11-18T13:05", "Europe/Berlin", "2026-11-20T14:10", "Tue 18 Nov 2025 14:05, 13:05 UTC"),
        ("2026-11-20T14:05", "Europe/London", "2026-11-20T14:10", "today 14:05 UTC"),
        ("2026-07-20T14:05", "Europe/London", "2026-07-20T14:10", "today 15:05, 14:05 UTC"),
        ("2026-11-19T23:30", "Europe/Berlin", "2026-11-20T14:10", "today 00:30, Thu 19 Nov 23:30 UTC"),
        ("2026-11-20T08:35", "Asia/Kolkata", "2026-11-20T14:10", "today 14:05, 08:35 UTC"),
        ("2026-01-01T04:30", "America/New_York", "2026-01-01T12:00", "yesterday 23:30, Thu 1 Jan 04:30 UTC"),
        # The two 02:30 of a doubled hour differ in UTC.
        ("2026-10-25T00:30", "Europe/Berlin", "2026-10-25T08:00", "today 02:30, 00:30 UTC"),
        ("2026-10-25T01:30", "Europe/Berlin", "2026-10-25T08:00", "today 02:30, 01:30 UTC"),
    ],
)
def test_echo_says_both_clocks(at: str, zone: str, now: str, said: str) -> None:
    assert echo(Moment(utc(at), zone, explicit_zone=False), now=utc(now)) == said


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("30m", 30),
        ("1h", 60),
        ("1H", 60),
        ("2 hours", 120),
        ("90 min", 90),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1 hour, 30 minutes", 90),
        ("an hour and ten minutes", 70),
        ("half an hour", 30),
        ("a day", 1440),
        ("1w 2d", 12_960),
    ],
)
def test_span_is_read(typed: str, minutes: int) -> None:
    assert read_span(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("30", '"30" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("45", '"45" is no length of time. Try 45m, 30m, or 2 hours.'),
        ("", '"" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("soon", '"soon" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("1.5h", '"1.5h" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("0m", '"0m" is no time at all. Try 30m, 2 hours, or 1h30m.'),
        ("0", '"0" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("30m 1h", '"30m 1h" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("1h and", '"1h and" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("30mm", '"30mm" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("-30m", '"-30m" is no length of time. Try 30m, 2 hours, or 1h30m.'),
        ("999999h", '"999999h" is no length of time. Try 30m, 2 hours, or 1h30m.'),
    ],
)
def test_what_is_no_span_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(WhenError) as caught:
        read_span(typed)
    assert (str(caught.value), caught.value.typed) == (sentence, typed)
