"""Due dates, alone and behind the text of a follow-up."""

import re
from datetime import UTC, date, datetime

import pytest

from bot.domain.when import DueDate, WhenError, read_due, split_due

BERLIN = "Europe/Berlin"
# A Friday.
NOW = datetime(2026, 11, 20, 14, 10, 20, tzinfo=UTC)


def at_noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("today", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("tomorrow", "2026-11-21"),
        ("friday", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("by friday", "2026-11-27"),
        ("this friday", "2026-11-20"),
        ("next friday", "2026-11-27"),
        ("sat", "2026-11-21"),
        ("monday", "2026-11-23"),
        ("next monday", "2026-11-23"),
        ("in 2 weeks", "2026-12-04"),
        ("in two weeks", "2026-12-04"),
        ("in 3 days", "2026-11-23"),
        ("in 3d", "2026-11-23"),
        ("in a month", "2026-12-20"),
        ("in a year", "2027-11-20"),
        ("2 weeks from now", "2026-12-04"),
        ("end of day", "2026-11-20"),
        ("eod", "2026-11-20"),
        ("end of week", "2026-11-20"),
        ("end of the week", "2026-11-20"),
        ("end of next week", "2026-11-27"),
        ("end of month", "2026-11-30"),
        ("end of the month", "2026-11-30"),
        ("EOM", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of quarter", "2026-12-31"),
        ("end of next quarter", "2027-03-31"),
        ("end of year", "2026-12-31"),
        ("end of december", "2026-12-31"),
        ("end of feb", "2027-02-28"),
        ("dec 1", "2026-12-01"),
        ("1 december", "2026-12-01"),
        ("1st of december", "2026-12-01"),
        ("1 dec 2027", "2027-12-01"),
        ("Dec 1st, 2027", "2027-12-01"),
        ("Fri 27 Nov", "2026-11-27"),
        ("nov 19", "2027-11-19"),
        ("nov 20", "2026-11-20"),
        ("29 feb 2028", "2028-02-29"),
        ("friday 17:00", "2026-11-20"),
        ("17:00", "2026-11-20"),
        ("9am", "2026-11-21"),
        ("in 2 hours", "2026-11-20"),
        ("in 9 hours", "2026-11-21"),
        ("2026-12-01T23:30Z", "2026-12-02"),
    ],
)
def test_due_date_is_read(typed: str, expected: str) -> None:
    assert read_due(typed, now=NOW, zone=BERLIN) == DueDate(date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("today", "typed", "expected"),
    [
        ("2027-01-31", "in a month", "2027-02-28"),
        ("2028-01-31", "in 1 month", "2028-02-29"),
        ("2028-02-29", "in a year", "2029-02-28"),
        ("2027-01-31", "in 3 months", "2027-04-30"),
        ("2027-01-31", "end of next month", "2027-02-28"),
        ("2028-01-31", "end of next month", "2028-02-29"),
        ("2028-02-29", "end of month", "2028-02-29"),
        ("2026-12-31", "end of next month", "2027-01-31"),
        ("2027-12-01", "29 feb", "2028-02-29"),
        ("2028-02-29", "29 feb", "2028-02-29"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "1 jan", "2027-01-01"),
        ("2026-05-31", "end of quarter", "2026-06-30"),
        ("2026-11-16", "friday", "2026-11-20"),
        ("2026-11-16", "this friday", "2026-11-20"),
        ("2026-11-16", "next friday", "2026-11-27"),
        ("2026-11-16", "monday", "2026-11-23"),
        ("2026-11-21", "end of week", "2026-11-27"),
        ("2026-11-22", "end of next week", "2026-11-27"),
        ("2026-11-22", "next friday", "2026-11-27"),
    ],
)
def test_month_ends_leap_years_and_weeks_count_as_people_count(today: str, typed: str, expected: str) -> None:
    assert read_due(typed, now=at_noon(today), zone=BERLIN).on == date.fromisoformat(expected)


def test_today_is_the_day_where_the_person_is() -> None:
    now = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    days = {zone: read_due("today", now=now, zone=zone).on.day for zone in ("UTC", BERLIN, "Pacific/Honolulu")}
    assert days == {"UTC": 20, BERLIN: 21, "Pacific/Honolulu": 20}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1", 'I can\'t read "1" as a due date. Try 1 Dec, in 2 weeks, or 2026-12-04.'),
        ("21st", 'I can\'t read "21st" as a due date. Try 21 Nov, in 2 weeks, or 2026-12-04.'),
        ("may", 'I can\'t read "may" as a due date. Try 1 may, end of may, or in 2 weeks.'),
        ("in may", 'I can\'t read "in may" as a due date. Try 1 may, end of may, or in 2 weeks.'),
        ("soon", 'I can\'t read "soon" as a due date. Try friday, in 2 weeks, or 2026-12-04.'),
        ("", 'I can\'t read "" as a due date. Try friday, in 2 weeks, or 2026-12-04.'),
        ("3 days", 'I can\'t read "3 days" as a due date. Try in 3 days, in 2 weeks, or 2026-12-04.'),
        ("next week", 'I can\'t read "next week" as a due date. Try end of next week, in 2 weeks, or 2026-12-04.'),
        ("02/01/2027", 'I can\'t read "02/01/2027" as a due date. Try 2027-01-02, 2027-02-01, or in 2 weeks.'),
        ("2026/12/1", 'I can\'t read "2026/12/1" as a due date. Try 2026-12-01, in 2 weeks, or 2026-12-04.'),
        ("2025-12-01", '"2025-12-01" is in the past. Try 2026-12-01.'),
        ("2026-11-19", '"2026-11-19" is in the past. Try 2027-11-19.'),
        ("29 feb 2024", '"29 feb 2024" is in the past. Try 2027-02-28.'),
        ("last friday", '"last friday" is in the past. Try friday, in 2 weeks, or 2026-12-04.'),
        ("yesterday", '"yesterday" is in the past. Try friday, in 2 weeks, or 2026-12-04.'),
        ("today 09:00", '"today 09:00" is in the past. Try today or tomorrow.'),
        ("2025-11-20T14:05Z", '"2025-11-20T14:05Z" is in the past. Try today or tomorrow.'),
        ("30 feb", "There is no 30 feb. Try 28 Feb."),
        ("29 feb", "There is no 29 feb. Try 28 Feb."),
        ("2027-02-29", "There is no 2027-02-29. Try 2027-02-28."),
        ("2026-02-30", "There is no 2026-02-30. Try friday, in 2 weeks, or 2026-12-04."),
        ("Tue 27 Nov", "There is no Tue 27 Nov. Try 27 Nov."),
        ("in 99999 weeks", '"in 99999 weeks" is too far away. Try friday, in 2 weeks, or 2026-12-04.'),
        ("in 99999 years", '"in 99999 years" is too far away. Try friday, in 2 weeks, or 2026-12-04.'),
        ("2062-12-01", '"2062-12-01" is too far away. Try friday, in 2 weeks, or 2026-12-04.'),
    ],
)
def test_due_date_that_cannot_be_meant_is_refused_with_examples_that_can(typed: str, sentence: str) -> None:
    with pytest.raises(WhenError) as caught:
        read_due(typed, now=NOW, zone=BERLIN)
    assert str(caught.value) == sentence
    assert caught.value.typed == typed
    for example in re.split(r",? or |, ", sentence.rsplit("Try ", 1)[1].removesuffix(".")):
        assert read_due(example, now=NOW, zone=BERLIN).on >= NOW.date()


@pytest.mark.parametrize(
    "typed",
    ["15", "2026", "december", "dec 2026", "1 dec 26", "whenever", "asap", "q1", "this week", "next month", "weekend",
     "in weeks", "in 1.5 weeks", "in a few days", "end of", "end of time", "friday or monday", "to ACME", "Freitag"],
)  # fmt: skip
def test_vague_due_date_is_never_guessed(typed: str) -> None:
    with pytest.raises(WhenError, match=r"^I can't read "):
        read_due(typed, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "before", "on", "rest"),
    [
        ("Alert on pool use due friday", "Alert on pool use", "2026-11-27", ""),
        ("Alert on pool use due friday.", "Alert on pool use", "2026-11-27", ""),
        ("Alert DUE Dec 1 P1 --type detect", "Alert", "2026-12-01", "P1 --type detect"),
        ("Alert due dec 1 —type detect", "Alert", "2026-12-01", "—type detect"),
        ("Alert <@U1> P0 due in 2 weeks <@U2|ann>", "Alert <@U1> P0", "2026-12-04", "<@U2|ann>"),
        ("Alert due end of next week @ann", "Alert", "2026-11-27", "@ann"),
        ("Alert\ndue 2026-12-01\nP2", "Alert", "2026-12-01", "P2"),
        ("Pay fees due to ACME due tomorrow", "Pay fees due to ACME", "2026-11-21", ""),
        ("due friday", "", "2026-11-27", ""),
    ],
)
def test_due_date_is_cut_from_behind_the_text(text: str, before: str, on: str, rest: str) -> None:
    expected = (before, DueDate(date.fromisoformat(on)), rest)
    assert split_due(text, now=NOW, zone=BERLIN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "Alert on pool use", "pay invoices due to ACME", "Fix what is due", "due",
        "Chase overdue friday jobs", "Alert overdue friday", "residue friday", "Do due diligence",
        "Failed due in part to load", "Late due in the end", "Explain the loss due to 3 errors",
        "Stop jobs due friday for the audit", "Retry due tomorrow because it failed due to DNS",
        "Ask whether it is due on the dashboard", "Alert due:friday", "Alert -due friday",
    ],
)  # fmt: skip
def test_due_in_prose_is_left_alone(text: str) -> None:
    assert split_due(text, now=NOW, zone=BERLIN) == (text, None, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Alert due whenever", 'I can\'t read "whenever" as a due date.'),
        ("Alert due soon P1", 'I can\'t read "soon" as a due date.'),
        ("Alert due 1", 'I can\'t read "1" as a due date.'),
        ("Alert due may @ann", 'I can\'t read "may" as a due date.'),
        ("Alert due in may", 'I can\'t read "in may" as a due date.'),
        ("Alert due next week", 'I can\'t read "next week" as a due date.'),
        ("Alert due 2 weeks", 'I can\'t read "2 weeks" as a due date.'),
        ("Alert due 01/02/2027", 'I can\'t read "01/02/2027" as a due date.'),
        ("Alert due 30 feb P1", "There is no 30 feb."),
        ("Alert due 2025-12-01 --type detect", '"2025-12-01" is in the past.'),
    ],
)
def test_due_meant_as_a_date_but_unreadable_is_refused_and_the_text_given_back(text: str, problem: str) -> None:
    with pytest.raises(WhenError) as caught:
        split_due(text, now=NOW, zone=BERLIN)
    assert str(caught.value).startswith(f"{problem} Try ")
    assert caught.value.typed == text
