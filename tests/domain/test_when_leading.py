"""The WHEN at the beginning of a note, and the many notes that begin with none."""

from datetime import UTC, datetime

import pytest

from bot.domain.when import WhenError, split_leading_moment

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 20, 14, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("14:05 rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05", "2026-11-20T13:05", ""),
        ("  14:05   two  spaces\nand a line", "2026-11-20T13:05", "two  spaces\nand a line"),
        ("14:05\nrolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05, rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05: rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05 - rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05 — rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05 -- rolled back", "2026-11-20T13:05", "rolled back"),
        ("14:05 -5 nodes", "2026-11-20T13:05", "-5 nodes"),
        ("at 14:05 rolled back", "2026-11-20T13:05", "rolled back"),
        ("9am rolled back", "2026-11-20T08:00", "rolled back"),
        ("9 am rolled back", "2026-11-20T08:00", "rolled back"),
        ("9:05 pm rolled back", "2026-11-19T20:05", "rolled back"),
        ("14:05 UTC rolled back", "2026-11-20T14:05", "rolled back"),
        ("14:05 utc rolled back", "2026-11-20T14:05", "rolled back"),
        ("14:05Z rolled back", "2026-11-20T14:05", "rolled back"),
        ("14:05 +02:00 rolled back", "2026-11-20T12:05", "rolled back"),
        ("14:05 UTC+2 rolled back", "2026-11-20T12:05", "rolled back"),
        ("14:05 UTC +2 pods", "2026-11-20T14:05", "+2 pods"),
        ("9am EST rolled back", "2026-11-20T14:00", "rolled back"),
        ("14:05 America/New_York rolled back", "2026-11-19T19:05", "rolled back"),
        ("yesterday 5pm the pager went", "2026-11-19T16:00", "the pager went"),
        ("5pm yesterday the pager went", "2026-11-19T16:00", "the pager went"),
        ("yesterday at 17:00 UTC, the pager went", "2026-11-19T17:00", "the pager went"),
        ("today 14:05 the pager went", "2026-11-20T13:05", "the pager went"),
        ("2026-11-20T14:05Z the pager went", "2026-11-20T14:05", "the pager went"),
        ("2026-11-20 14:05 the pager went", "2026-11-20T13:05", "the pager went"),
        ("2026-11-20 14:05 UTC the pager went", "2026-11-20T14:05", "the pager went"),
        ("Nov 20 14:05:33 kernel: oops", "2026-11-20T13:05:33", "kernel: oops"),
        ("10 minutes ago the pager went", "2026-11-20T14:00:20", "the pager went"),
        ("10m ago: the pager went", "2026-11-20T14:00:20", "the pager went"),
        ("1 hour and 10 minutes ago the pager went", "2026-11-20T13:00:20", "the pager went"),
        ("now: rolling back", "2026-11-20T14:10:20", "rolling back"),
        ("now - rolling back", "2026-11-20T14:10:20", "rolling back"),
        ("now", "2026-11-20T14:10:20", ""),
        # What follows is a word, not a zone.
        ("14:05 ist alles langsam", "2026-11-20T13:05", "ist alles langsam"),
        ("14:05 est tombé", "2026-11-20T13:05", "est tombé"),
        ("14:05 MET with the vendor", "2026-11-20T13:05", "MET with the vendor"),
        ("14:05 WEST region down", "2026-11-20T13:05", "WEST region down"),
        ("14:05 +1000 errors", "2026-11-20T13:05", "+1000 errors"),
        ("14:05 CPU/memory spiked", "2026-11-20T13:05", "CPU/memory spiked"),
        ("14:05 Europe/US traffic dropped", "2026-11-20T13:05", "Europe/US traffic dropped"),
        ("14:05 10 users affected", "2026-11-20T13:05", "10 users affected"),
        ("14:05 may be DNS", "2026-11-20T13:05", "may be DNS"),
        ("14:05 Z-index broken", "2026-11-20T13:05", "Z-index broken"),
        ("14:05 yesterday's deploy is out", "2026-11-20T13:05", "yesterday's deploy is out"),
    ],
)
def test_leading_moment_is_split_from_its_text(text: str, at: str, rest: str) -> None:
    moment, kept = split_leading_moment(text, now=NOW, zone=BERLIN)
    assert moment is not None
    assert (moment.at, kept) == (datetime.fromisoformat(at).replace(tzinfo=UTC), rest)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "10 users affected", "1 pod down", "may be DNS", "May looks bad", "14 errors a second",
        "9 of 12 nodes", "2 hours of logs missing", "10 minutes of errors", "5m rows affected", "30s timeouts",
        "1h outage", "now rolling back", "now that the cache is cold", "nowhere to go", "just now it broke",
        "today we deploy", "yesterday we deployed", "yesterday's deploy", "friday 9am deploy blamed",
        "monday looks fine", "noon batch failed", "yesterday noon batch failed", "tomorrow 9am we retry",
        "in 10 minutes we fail over", "a few minutes ago it broke", "some time ago", "years ago we chose this",
        "an hour is left", "one", "a", "1", "9", "14", "2026", "2026-11-20", "2026-11-20 release is bad",
        "v2026-11-20T14:05Z build", "1:1 mapping", "16:9 video", "1:100 sampled", "50:50 split of traffic",
        "90:10 canary", "20:80 canary", "10:05:ab mac address", "14:05ish it broke", "14:05? unsure",
        "~14:05 it broke", "(14:05) it broke", "-- 14:05 it broke", "we saw it at 14:05", "14h05 it broke",
        "14.05 it broke", "14:05-14:20 errors", "08:05-09:30 errors", "14:05–14:20 errors", "14:05 - 14:20 errors",
        "14:05 to 14:20 errors", "14:05 until 2pm errors", "14:05 and 14:10 errors",
        "14:05, 14:10 and 14:20 errors", "14:05 UTC - 14:20 UTC errors", "14:05/14:10 errors",
        "yesterday 5pm to 6pm errors", "today 23:00 to 23:30 maintenance is planned", "PM 2 is down",
        "am I alone", "utc is off", "dec 1 release", "1 dec release", "sat still", "sun cluster",
        "second 14:05", "1 dec 2026",
    ],
)  # fmt: skip
def test_prose_keeps_its_first_words(text: str) -> None:
    assert split_leading_moment(text, now=NOW, zone=BERLIN) == (None, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "25:61 the pager went",
            'I can\'t place "25:61" in time. Try 14:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        (
            "13:05 pm the pager went",
            'I can\'t place "13:05 pm" in time. Try 13:05, 10 minutes ago, or 2026-11-20T14:10Z.',
        ),
        ("today 23:50 the pager went", '"today 23:50" is in the future. Try 2026-11-19 23:50.'),
        (
            "2026-11-21T14:05Z the pager went",
            '"2026-11-21T14:05Z" is in the future. Try 2026-11-20 14:05 UTC.',
        ),
        ("2026-02-30 10:00 the pager went", "There is no 2026-02-30. Try 2026-02-28 10:00."),
        (
            "2026-10-25 02:30 the pager went",
            "The clocks in Europe/Berlin showed 02:30 twice on 2026-10-25. Try 2026-10-25T00:30Z or 2026-10-25T01:30Z.",
        ),
        (
            "2026-03-29 02:30 the pager went",
            "The clocks in Europe/Berlin skipped 02:30 on 2026-03-29. Try 2026-03-29 01:30 or 2026-03-29 03:30.",
        ),
        (
            "14:05 IST the pager went",
            '"IST" can mean several time zones. Try 14:05 Asia/Kolkata, 14:05 Europe/Dublin, or 14:05 Asia/Jerusalem.',
        ),
        (
            "14:05 Europe/Berln the pager went",
            'I don\'t know the time zone "Europe/Berln". Try 14:05 Europe/Berlin.',
        ),
    ],
)
def test_leading_time_that_cannot_be_placed_is_refused_and_the_note_given_back(text: str, sentence: str) -> None:
    with pytest.raises(WhenError) as caught:
        split_leading_moment(text, now=NOW, zone=BERLIN)
    assert str(caught.value) == sentence
    assert caught.value.typed == text


def test_prose_needs_no_zone() -> None:
    assert split_leading_moment("DNS again", now=NOW, zone="Mars/Base") == (None, "DNS again")
