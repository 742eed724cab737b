"""What people type for a moment of the past or a plan, and how it is placed or refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import UserError
from bot.domain.when import Moment, WhenError, read_moment

BERLIN = "Europe/Berlin"
# A Friday, 15:10:20 in Berlin.
NOW = datetime(2026, 11, 20, 14, 10, 20, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refusal(typed: str, *, now: datetime = NOW, zone: str = BERLIN, allow_future: bool = False) -> str:
    with pytest.raises(WhenError) as caught:
        read_moment(typed, now=now, zone=zone, allow_future=allow_future)
    assert "\n" not in str(caught.value)
    assert caught.value.typed == typed
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:05", "2026-11-20T13:05"),
        ("14:05:33", "2026-11-20T13:05:33"),
        ("14:05:33.250", "2026-11-20T13:05:33.250"),
        ("at 14:05", "2026-11-20T13:05"),
        ("15:10", "2026-11-20T14:10"),
        ("15:11", "2026-11-20T14:11"),
        ("15:21", "2026-11-19T14:21"),
        ("00:00", "2026-11-19T23:00"),
        ("9:05", "2026-11-20T08:05"),
        ("09:05", "2026-11-20T08:05"),
        ("9am", "2026-11-20T08:00"),
        ("9 AM", "2026-11-20T08:00"),
        ("9:05 pm", "2026-11-19T20:05"),
        ("9 p.m.", "2026-11-19T20:00"),
        ("12am", "2026-11-19T23:00"),
        ("12:30 am", "2026-11-19T23:30"),
        ("12pm", "2026-11-20T11:00"),
        ("noon", "2026-11-20T11:00"),
        ("yesterday noon", "2026-11-19T11:00"),
        ("yesterday 5pm", "2026-11-19T16:00"),
        ("Yesterday at 5 pm", "2026-11-19T16:00"),
        ("5pm yesterday", "2026-11-19T16:00"),
        ("  yesterday\n 5pm ", "2026-11-19T16:00"),
        ("today 14:05", "2026-11-20T13:05"),
        ("friday 9am", "2026-11-20T08:00"),
        ("friday 16:00", "2026-11-13T15:00"),
        ("last friday 9am", "2026-11-13T08:00"),
        ("on monday at 9:30", "2026-11-16T08:30"),
        ("tues 9:30", "2026-11-17T08:30"),
        ("2026-11-20 14:05", "2026-11-20T13:05"),
        ("2026-11-20T14:05", "2026-11-20T13:05"),
        ("2026-11-20 2:05 pm", "2026-11-20T13:05"),
        ("20 Nov 14:05", "2026-11-20T13:05"),
        ("Nov 20th, 14:05", "2026-11-20T13:05"),
        ("Fri 20 Nov 14:05", "2026-11-20T13:05"),
        ("20 November 2025 at 14:05", "2025-11-20T13:05"),
        ("1 dec 14:05", "2025-12-01T13:05"),
        ("20 nov 16:00", "2025-11-20T15:00"),
        ("29 feb 2024 10:00", "2024-02-29T09:00"),
        ("now", "2026-11-20T14:10:20"),
        ("just now", "2026-11-20T14:10:20"),
        ("10 minutes ago", "2026-11-20T14:00:20"),
        ("10m ago", "2026-11-20T14:00:20"),
        ("1h30m ago", "2026-11-20T12:40:20"),
        ("two hours ago", "2026-11-20T12:10:20"),
        ("an hour and 10 minutes ago", "2026-11-20T13:00:20"),
        ("half an hour ago", "2026-11-20T13:40:20"),
        ("2 days ago", "2026-11-18T14:10:20"),
        ("a week ago", "2026-11-13T14:10:20"),
    ],
)
def test_time_without_a_zone_stands_in_the_zone_of_the_person(typed: str, expected: str) -> None:
    assert read_moment(typed, now=NOW, zone=BERLIN) == Moment(utc(expected), BERLIN, explicit_zone=False)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:05 UTC", "2026-11-20T14:05"),
        ("14:05 utc", "2026-11-20T14:05"),
        ("14:05Z", "2026-11-20T14:05"),
        ("14:05 z", "2026-11-20T14:05"),
        ("14:05GMT", "2026-11-20T14:05"),
        ("2:05 pm UTC", "2026-11-20T14:05"),
        ("14:05 UTC yesterday", "2026-11-19T14:05"),
        ("yesterday 14:05 UTC", "2026-11-19T14:05"),
        ("2026-11-20T14:05Z", "2026-11-20T14:05"),
        ("2026-11-20t14:05z", "2026-11-20T14:05"),
        ("2026-11-20 14:05 UTC", "2026-11-20T14:05"),
        ("2026-11-20T14:05:33.25+02:00", "2026-11-20T12:05:33.25"),
        ("2026-11-20T05:05-0500", "2026-11-20T10:05"),
        ("2026-11-20T19:50+05:45", "2026-11-20T14:05"),
        ("14:05+02:00", "2026-11-20T12:05"),
        ("14:05 +0200", "2026-11-20T12:05"),
        ("14:05 UTC+2", "2026-11-20T12:05"),
        ("9:05 GMT-5", "2026-11-20T14:05"),
        ("14:05 CET", "2026-11-20T13:05"),
        ("14:05 CEST", "2026-11-20T12:05"),
        ("14:05 BST", "2026-11-20T13:05"),
        ("9am EST", "2026-11-20T14:00"),
        ("9am EDT", "2026-11-20T13:00"),
        ("6:05 PST", "2026-11-20T14:05"),
        ("6:05 pdt", "2026-11-20T13:05"),
        ("7:05 MST", "2026-11-20T14:05"),
        ("9am ET", "2026-11-20T14:00"),
        ("14:05 America/New_York", "2026-11-19T19:05"),
        ("14:05 asia/kolkata", "2026-11-20T08:35"),
        ("2026-07-01 9am ET", "2026-07-01T13:00"),
        ("2026-07-01 9am EST", "2026-07-01T14:00"),
    ],
)
def test_named_zone_wins_over_the_zone_of_the_person(typed: str, expected: str) -> None:
    assert read_moment(typed, now=NOW, zone=BERLIN) == Moment(utc(expected), BERLIN, explicit_zone=True)


def test_bare_clock_after_midnight_is_of_yesterday() -> None:
    now = utc("2026-11-20T23:10")  # 00:10 in Berlin
    assert read_moment("23:55", now=now, zone=BERLIN).at == utc("2026-11-20T22:55")
    assert read_moment("00:05", now=now, zone=BERLIN).at == utc("2026-11-20T23:05")


def test_midnight_typed_a_few_seconds_early_is_the_coming_one() -> None:
    now = utc("2026-12-31T22:59:40")
    assert read_moment("00:00", now=now, zone=BERLIN).at == utc("2026-12-31T23:00")
    assert read_moment("1 jan 00:00", now=now, zone=BERLIN).at == utc("2026-12-31T23:00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1", 'I can\'t place "1" in time. Try 1:00 pm, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("14", 'I can\'t place "14" in time. Try 14:00, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("45", 'I can\'t place "45" in time. Try 45 minutes ago, 14:05, or 2026-11-20T14:10Z.'),
        ("may", 'I can\'t place "may" in time. Try 1 may 14:05, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("soon", 'I can\'t place "soon" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("", "Say when. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z."),
        ("1405", 'I can\'t place "1405" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("9.30", 'I can\'t place "9.30" in time. Try 9:30, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("13:05 pm", 'I can\'t place "13:05 pm" in time. Try 13:05, 10 minutes ago, or 2026-11-20T14:10Z.'),
        ("25:61", 'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.'),
        (
            "friday",
            'I can\'t place "friday" in time. Try friday 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        (
            "yesterday",
            'I can\'t place "yesterday" in time. Try yesterday 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        (
            "10 minutes",
            'I can\'t place "10 minutes" in time. Try 10 minutes ago, 14:05, or 2026-11-20T14:10Z.',
        ),
        ("15:12", '"15:12" is in the future. Try 2026-11-19 15:12.'),
        ("15:20", '"15:20" is in the future. Try 2026-11-19 15:20.'),
        ("today 23:00", '"today 23:00" is in the future. Try 2026-11-19 23:00.'),
        ("tomorrow 9am", '"tomorrow 9am" is in the future. Try 2026-11-20 09:00.'),
        ("next monday 9am", '"next monday 9am" is in the future. Try 2026-11-20 09:00.'),
        ("2026-11-20T14:12Z", '"2026-11-20T14:12Z" is in the future. Try 2026-11-19 14:12 UTC.'),
        ("2026-11-20 15:12", '"2026-11-20 15:12" is in the future. Try 2026-11-19 15:12.'),
        ("in 10 minutes", '"in 10 minutes" is in the future. Try 10 minutes ago.'),
        ("2026-02-30 10:00", "There is no 2026-02-30. Try 2026-02-28 10:00."),
        ("31 nov 2025 10:00", "There is no 31 nov 2025. Try 30 Nov 2025 10:00."),
        ("29 feb 10:00", "There is no 29 feb. Try 28 Feb 10:00."),
        ("Tue 20 Nov 14:05", "There is no Tue 20 Nov. Try 20 Nov 14:05."),
        (
            "14:05 IST",
            '"IST" can mean several time zones. Try 14:05 Asia/Kolkata, 14:05 Europe/Dublin, or 14:05 Asia/Jerusalem.',
        ),
        (
            "14:05 cst",
            (
                '"CST" can mean several time zones. '
                "Try 14:05 America/Chicago, 14:05 Asia/Shanghai, or 14:05 America/Havana."
            ),
        ),
        ("14:05 Europe/Berln", 'I don\'t know the time zone "Europe/Berln". Try 14:05 Europe/Berlin.'),
        (
            "99999 weeks ago",
            '"99999 weeks ago" is too far away. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        (
            "0001-01-01 00:00",
            '"0001-01-01 00:00" is too far away. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        (
            "0226-11-20 14:05",
            '"0226-11-20 14:05" is too far away. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
    ],
)
def test_what_cannot_be_placed_is_refused_with_an_example(typed: str, sentence: str) -> None:
    assert refusal(typed) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "9", "05", "1 pod down", "10 users", "14 errors", "monday", "may 9", "dec", "dec 2026", "2026", "2026-11",
        "2026-11-20", "20/11/2026 14:05", "14:5", "14:05:6", "24:00", "23:59:60", "0 am", "13pm", "14:05 pm",
        "14:05 foo", "foo 14:05", "14:05 14:06", "yesterday 14:05 today", "14:05-14:20", "08:05-09:30", "14:05-08:20",
        "14:05 -14:20", "14:05+25:00", "14:05 +02:07", "2026-11-20T14:05-14:20", "14:05 Mars/Base", "14:05 EST5EDT",
        "yesterdayT14:05", "a few minutes ago", "minutes ago", "ago", "10 ago", "10 min 10 min ago", "10s 5m ago",
        "10 months ago", "hier 14:05", "vor 10 Minuten", "٣:٤٥", "１４:05", "２ hours ago", "midnight", "tonight",
        "later", "50:50", "90:10", "nowish", "the other day", "-5 minutes ago", "1.5 hours ago",
    ],
)  # fmt: skip
def test_vague_or_foreign_text_is_never_guessed(typed: str) -> None:
    assert refusal(typed).startswith("I can't place ")


def test_long_text_is_quoted_short_and_given_back_whole() -> None:
    typed = "we saw this\nhappening " * 30
    assert refusal(typed).startswith('I can\'t place "we saw this happening we saw this happe…" in time. Try 14:05, ')


def test_refusal_is_an_error_for_the_user() -> None:
    assert issubclass(WhenError, UserError)


# In Berlin the clocks skip 02:00 to 03:00 on 2026-03-29 and repeat it on 2026-10-25.


@pytest.mark.parametrize(
    ("typed", "now", "zone", "sentence"),
    [
        (
            "2026-03-29 02:30",
            "2026-11-20T14:10",
            BERLIN,
            "The clocks in Europe/Berlin skipped 02:30 on 2026-03-29. Try 2026-03-29 01:30 or 2026-03-29 03:30.",
        ),
        (
            "02:30",
            "2026-03-29T08:00",
            BERLIN,
            "The clocks in Europe/Berlin skipped 02:30 on 2026-03-29. Try 2026-03-29 01:30 or 2026-03-29 03:30.",
        ),
        (
            "02:30",
            "2026-03-29T01:05",
            BERLIN,
            "The clocks in Europe/Berlin skipped 02:30 on 2026-03-29. Try 2026-03-29 01:30.",
        ),
        (
            "yesterday 02:30",
            "2026-03-30T08:00",
            BERLIN,
            "The clocks in Europe/Berlin skipped 02:30 on 2026-03-29. Try 2026-03-29 01:30 or 2026-03-29 03:30.",
        ),
        (
            "2026-03-29 01:30 Europe/London",
            "2026-11-20T14:10",
            BERLIN,
            (
                "The clocks in Europe/London skipped 01:30 on 2026-03-29. "
                "Try 2026-03-29 00:30 Europe/London or 2026-03-29 02:30 Europe/London."
            ),
        ),
        (
            "2026-10-25 02:30",
            "2026-11-20T14:10",
            BERLIN,
            "The clocks in Europe/Berlin showed 02:30 twice on 2026-10-25. Try 2026-10-25T00:30Z or 2026-10-25T01:30Z.",
        ),
        (
            "02:30",
            "2026-10-25T08:00",
            BERLIN,
            "The clocks in Europe/Berlin showed 02:30 twice on 2026-10-25. Try 2026-10-25T00:30Z or 2026-10-25T01:30Z.",
        ),
        (
            "1:45",
            "2026-04-04T23:00",
            "Australia/Lord_Howe",
            (
                "The clocks in Australia/Lord_Howe showed 01:45 twice on 2026-04-05. "
                "Try 2026-04-04T14:45Z or 2026-04-04T15:15Z."
            ),
        ),
    ],
)
def test_skipped_or_doubled_clock_is_refused_with_exact_ways_to_say_it(
    typed: str, now: str, zone: str, sentence: str
) -> None:
    assert refusal(typed, now=utc(now), zone=zone) == sentence


@pytest.mark.parametrize(
    ("typed", "now", "expected"),
    [
        ("02:30", "2026-10-25T00:45", "2026-10-25T00:30"),  # in the first pass, only one has been
        ("2026-10-25 02:30", "2026-10-25T00:45", "2026-10-25T00:30"),
        ("02:30", "2026-03-29T00:30", "2026-03-28T01:30"),  # before the gap it is yesterday's
        ("02:30 CEST", "2026-10-25T08:00", "2026-10-25T00:30"),
        ("02:30 CET", "2026-10-25T08:00", "2026-10-25T01:30"),
        ("02:30 UTC", "2026-10-25T08:00", "2026-10-25T02:30"),
        ("03:00", "2026-03-29T08:00", "2026-03-29T01:00"),
        ("03:00", "2026-10-25T08:00", "2026-10-25T02:00"),
        ("01:59", "2026-10-25T08:00", "2026-10-24T23:59"),
    ],
)
def test_clock_beside_a_change_of_clocks_is_placed(typed: str, now: str, expected: str) -> None:
    assert read_moment(typed, now=utc(now), zone=BERLIN).at == utc(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:05", "2026-11-21T13:05"),
        ("16:00", "2026-11-20T15:00"),
        ("15:10", "2026-11-20T14:10"),
        ("today 16:00", "2026-11-20T15:00"),
        ("tomorrow 10:00", "2026-11-21T09:00"),
        ("friday 16:00", "2026-11-20T15:00"),
        ("friday 10:00", "2026-11-27T09:00"),
        ("monday 10:00 UTC", "2026-11-23T10:00"),
        ("next monday 10:00", "2026-11-23T09:00"),
        ("1 dec 10:00", "2026-12-01T09:00"),
        ("19 nov 10:00", "2027-11-19T09:00"),
        ("2026-12-01T10:00Z", "2026-12-01T10:00"),
        ("in 2 hours", "2026-11-20T16:10:20"),
        ("20 minutes from now", "2026-11-20T14:30:20"),
        ("yesterday 5pm", "2026-11-19T16:00"),
        ("10 minutes ago", "2026-11-20T14:00:20"),
    ],
)
def test_plan_is_looked_for_ahead(typed: str, expected: str) -> None:
    assert read_moment(typed, now=NOW, zone=BERLIN, allow_future=True).at == utc(expected)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1", 'I can\'t place "1" in time. Try 1:00 pm or 2026-11-21T14:10Z.'),
        ("soon", 'I can\'t place "soon" in time. Try 14:05, tomorrow 10:00, or 2026-11-21T14:10Z.'),
        ("in 99999 weeks", '"in 99999 weeks" is too far away. Try 14:05, tomorrow 10:00, or 2026-11-21T14:10Z.'),
        (
            "2027-10-31 02:30",
            "The clocks in Europe/Berlin showed 02:30 twice on 2027-10-31. Try 2027-10-31T00:30Z or 2027-10-31T01:30Z.",
        ),
        (
            "2027-03-28 02:30",
            "The clocks in Europe/Berlin skipped 02:30 on 2027-03-28. Try 2027-03-28 01:30 or 2027-03-28 03:30.",
        ),
    ],
)
def test_plan_that_cannot_be_placed_is_refused(typed: str, sentence: str) -> None:
    assert refusal(typed, allow_future=True) == sentence


@pytest.mark.parametrize("zone", ["Mars/Base", "Europe", "", "../etc/passwd", "/etc/passwd"])
def test_unknown_zone_of_the_person_is_said(zone: str) -> None:
    assert "Set one in your Slack profile, such as Europe/Berlin." in refusal("14:05", zone=zone)


@pytest.mark.parametrize("allow_future", [False, True])
@pytest.mark.parametrize(
    "typed",
    ["1", "0", "23", "59", "99", "may", "feb", "soon", "friday", "today", "1405", "9999", "13 pm", "10 minutes",
     "noonish", "2026-02-30 10:00", "2026-13-40 10:00", "30 feb 9am", "Mon 20 Nov 9am", "2099-01-01 00:00",
     "14:05 IST",     "14:05 America/Chicgo", "2026-10-25 02:30", "2026-03-29 02:30", "2026-03-29 01:30 Europe/London"],
)  # fmt: skip
def test_every_example_of_a_refusal_can_itself_be_read(typed: str, allow_future: bool) -> None:  # noqa: FBT001  parametrized
    sentence = refusal(typed, allow_future=allow_future)
    tail = sentence.rsplit("Try ", 1)[1].removesuffix(".")
    examples = re.split(r",? or |, ", tail)
    assert examples
    for example in examples:
        moment = read_moment(example, now=NOW, zone=BERLIN, allow_future=allow_future)
        assert moment.at - NOW < timedelta(days=366)
