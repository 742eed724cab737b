"""What a report says of how whole its capture is: only what is known for certain, in sentences."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.capturing import GapCause
from bot.domain.postmortem.captured import capture_gaps, capture_statement, is_sure, numbers, recoveries, unchecked
from bot.domain.record import Capture, CaptureGap
from tests.factories import at, make_incident, make_report

NOW = at("16:00")
DOWN = GapCause.NOT_RUNNING.words
LATER = date(2026, 11, 21)
WHOLE = Capture(412, checked_until=NOW)


def gap(begins: datetime, ends: datetime | None, recovered: int = 0, cause: str = DOWN, changed: int = 0) -> CaptureGap:
    return CaptureGap(begins, ends, recovered, cause, changed)


ELEVEN = gap(at("15:14"), at("15:25"), 2)
QUIET = gap(at("14:30"), at("15:00"))
HALF_AN_HOUR = f"a gap of 30 minutes (14:30 to 15:00 UTC, {DOWN})"
MOMENT = gap(at("15:30"), at("15:30:40"))


def statement(capture: Capture, **incident: object) -> list[str]:
    return list(capture_statement(capture, [make_incident(**incident)], now=NOW))


def test_comparison_in_the_first_minute_is_told_without_a_time_before_the_incident() -> None:
    told = statement(replace(WHOLE, checked_until=at("14:04")), declared_at=at("14:05"))
    assert "It was last compared with Slack's history within a minute of its start." in told


def test_whole_capture_says_how_many_of_how_many() -> None:
    assert statement(replace(WHOLE, edits=3, deletes=1)) == [
        "This report was made from what was said in the incident's channel: 412 of 412 messages.",
        "3 edits and 1 deletion were taken in.",
        "It was compared with Slack's history until 2026-11-20 16:00 UTC.",
        "No stretch is known in which capture was lost.",
        "What was edited away or deleted is not shown.",
    ]


@pytest.mark.parametrize(
    ("capture", "said"),
    [
        (Capture(), "0 messages."),
        (Capture(1, checked_until=NOW), "1 of 1 message."),
        (Capture(1234, checked_until=NOW), "1,234 of 1,234 messages."),
        (
            replace(WHOLE, recovered=2, gaps=(ELEVEN,)),
            f"412 of 412 messages, 2 of them recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN}).",
        ),
        (
            Capture(1, recovered=1, checked_until=NOW, gaps=(replace(ELEVEN, recovered=1),)),
            f"1 of 1 message, recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN}).",
        ),
        (
            Capture(2, recovered=2, checked_until=NOW, gaps=(ELEVEN,)),
            f"2 of 2 messages, all of them recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN}).",
        ),
        (
            Capture(9, recovered=2, gaps=(ELEVEN,)),
            f"9 messages, 2 of them recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN}).",
        ),
        (
            replace(WHOLE, recovered=3, gaps=(replace(QUIET, recovered=1), ELEVEN)),
            "412 of 412 messages, 3 of them recovered after 2 gaps, the longest of 30 minutes.",
        ),
        (
            replace(WHOLE, recovered=3, gaps=(ELEVEN,)),
            "412 of 412 messages, 3 of them recovered from Slack's history.",
        ),
        (
            replace(WHOLE, recovered=1, gaps=(gap(at("15:14"), at("15:14"), 1, GapCause.NOT_DELIVERED.words),)),
            "412 of 412 messages, 1 of them recovered (15:14 UTC, Slack did not deliver it).",
        ),
        (
            replace(WHOLE, recovered=2, gaps=(gap(at("13:10"), at("15:40"), 2),)),
            f"412 of 412 messages, 2 of them recovered after a gap of 2 hours 30 minutes (13:10 to 15:40 UTC, {DOWN}).",
        ),
    ],
)
def test_recovered_messages_are_told_with_their_gap(capture: Capture, said: str) -> None:
    assert statement(capture)[0] == f"This report was made from what was said in the incident's channel: {said}"


@pytest.mark.parametrize(
    ("capture", "why"),
    [
        (replace(WHOLE, checked_until=None), "never compared"),
        (replace(WHOLE, checked_until=NOW - timedelta(minutes=11)), "compared a while ago"),
        (replace(WHOLE, unchecked=("It could not be compared.",)), "compared in part"),
        (replace(WHOLE, gaps=(gap(at("15:50"), None),)), "a gap still lasts"),
        (replace(WHOLE, checked_until=at("15:55"), gaps=(gap(at("15:50"), at("15:56")),)), "a gap ended since"),
    ],
)
def test_nothing_is_said_to_be_whole_that_may_not_be(capture: Capture, why: str) -> None:
    assert numbers(capture, NOW) == "412 messages", why


@pytest.mark.parametrize(
    ("capture", "said"),
    [
        (Capture(), "It was not compared with Slack's history yet."),
        (WHOLE, "It was compared with Slack's history until 2026-11-20 16:00 UTC."),
        (
            replace(WHOLE, unchecked=(unchecked(at("14:05"), at("14:00"), "Slack allows one page a minute"),)),
            "It could not be compared since 2026-11-20 14:05 UTC: Slack allows one page a minute.",
        ),
        (
            Capture(unchecked=(unchecked(None, at("14:00"), "Slack is away", "#general"),)),
            "The channel #general could not be compared with Slack's history: Slack is away.",
        ),
        (
            replace(WHOLE, unchecked=(unchecked(at("14:05"), at("14:00"), None),)),
            "Edits, deletions and reactions until 2026-11-20 14:00 UTC are still to be compared.",
        ),
        (
            replace(WHOLE, unchecked=(unchecked(at("14:05"), at("14:00"), None, "#general"),)),
            "Edits, deletions and reactions in #general until 2026-11-20 14:00 UTC are still to be compared.",
        ),
        (
            Capture(is_imported=True),
            "It was taken in from an export and can't be compared with Slack's history.",
        ),
    ],
)
def test_what_could_not_be_compared_is_said_with_its_reason(capture: Capture, said: str) -> None:
    assert said in " ".join(statement(capture))


def test_where_nothing_is_left_to_compare_nothing_is_said() -> None:
    assert unchecked(None, None, None) == unchecked(None, at("14:00"), None) == unchecked(at("14:05"), None, None) == ""


def test_part_that_came_from_an_export_is_named_as_such() -> None:
    incidents = [make_incident(), make_incident(row_id=2, channel_name="checkout", is_imported=True)]
    told = capture_statement(WHOLE, incidents, ["#inc", "#checkout"], now=NOW)
    assert "said in the channels #inc and #checkout: 412 of 412 messages." in told[0]
    assert "What was said in #checkout was taken in from an export and can't be compared with Slack's history." in told


@pytest.mark.parametrize(
    ("capture", "said"),
    [
        (replace(WHOLE, gaps=(MOMENT,)), ["No stretch of a minute or more is known in which capture was lost."]),
        (replace(WHOLE, gaps=(QUIET, MOMENT)), [f"No message is missing from {HALF_AN_HOUR}."]),
        (
            replace(WHOLE, gaps=(QUIET, replace(ELEVEN, recovered=0))),
            ["No message is missing from 2 gaps, the longest of 30 minutes."],
        ),
        (Capture(gaps=(QUIET,)), [f"Messages may be missing from {HALF_AN_HOUR}."]),
        (
            replace(WHOLE, gaps=(gap(at("15:14"), None, cause="nobody was there"),)),
            ["Messages may be missing from a gap that still lasts (since 15:14 UTC, nobody was there)."],
        ),
        (
            replace(WHOLE, gaps=(QUIET, gap(at("15:14"), None))),
            [
                f"No message is missing from {HALF_AN_HOUR}.",
                f"Messages may be missing from a gap that still lasts (since 15:14 UTC, {DOWN}).",
            ],
        ),
        (
            Capture(gaps=(QUIET, gap(at("15:14"), None))),
            ["Messages may be missing from 2 gaps, one of which still lasts."],
        ),
        (
            replace(WHOLE, gaps=(gap(at("23:50"), at("00:20", LATER)),), checked_until=at("00:30", LATER)),
            [f"No message is missing from a gap of 30 minutes (23:50 to 2026-11-21 00:20 UTC, {DOWN})."],
        ),
        (
            replace(WHOLE, gaps=(gap(at("09:00", LATER), at("09:30", LATER)),), checked_until=at("10:00", LATER)),
            [f"No message is missing from a gap of 30 minutes (2026-11-21 09:00 to 09:30 UTC, {DOWN})."],
        ),
        (
            replace(WHOLE, recovered=2, gaps=(replace(ELEVEN, changed=3),)),
            ["3 edits, deletions and reactions were recovered from Slack's history."],
        ),
        (
            replace(WHOLE, gaps=(gap(at("15:14"), at("15:14"), 0, GapCause.NOT_DELIVERED.words, changed=1),)),
            ["1 edit, deletion or reaction was recovered from Slack's history."],
        ),
        (replace(WHOLE, recovered=2, gaps=(ELEVEN,)), []),
        (Capture(is_imported=True), []),
    ],
)
def test_gaps_are_told_with_what_is_known_of_them(capture: Capture, said: list[str]) -> None:
    assert statement(capture)[3:-1] == said


def test_table_of_gaps_leaves_out_moments_in_which_nothing_was_missed() -> None:
    lasting = gap(at("15:50"), None, cause=GapCause.NOT_IN_CHANNEL.words)
    rows = capture_gaps(replace(WHOLE, gaps=(ELEVEN, MOMENT, replace(MOMENT, recovered=1), lasting)))
    assert [(row.from_time, row.to_time, row.recovered) for row in rows] == [
        ("2026-11-20 15:14", "2026-11-20 15:25", 2),
        ("2026-11-20 15:30", "2026-11-20 15:30", 1),
        ("2026-11-20 15:50", "still lasts", 0),
    ]


@pytest.mark.parametrize(
    ("recovered", "said"),
    [
        (0, []),
        (1, [f"1 message was recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN})."]),
        (2, [f"2 messages were recovered after a gap of 11 minutes (15:14 to 15:25 UTC, {DOWN})."]),
    ],
)
def test_recovered_messages_are_a_sentence_of_their_own_where_they_stand_alone(recovered: int, said: list[str]) -> None:
    capture = replace(WHOLE, recovered=recovered, gaps=(replace(ELEVEN, recovered=recovered),))
    assert list(recoveries(capture, make_incident().declared_at.date())) == said


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        (WHOLE, True),
        (replace(WHOLE, gaps=(ELEVEN, QUIET)), True),
        (replace(WHOLE, gaps=(gap(at("15:50"), None),)), False),
        (replace(WHOLE, unchecked=("Not.",)), False),
        (Capture(), False),
        (Capture(is_imported=True), True),
    ],
)
def test_a_capture_is_sure_when_all_that_is_known_was_compared(capture: Capture, *, expected: bool) -> None:
    assert is_sure(capture) is expected


def test_report_tells_the_time_in_which_its_numbers_hold() -> None:
    drafted_at = at("18:00")
    told = make_report(capture=Capture(5, checked_until=drafted_at)).capture_statement
    assert told[0].endswith("5 of 5 messages.")
