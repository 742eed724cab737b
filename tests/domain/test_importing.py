"""What an import decides before it reads: its window, its title, and the ids by which it is known again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.importing import Window, checked_title, default_title, key_of, made_channel_id, read_window
from bot.domain.messages import channel_link, permalink

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2019-02-05T14:05Z", "2019-02-05T14:05"),
        ("2019-02-05 14:05", "2019-02-05T14:05"),
        ("2019-02-05 14:05 Europe/Berlin", "2019-02-05T13:05"),
        ("10 minutes ago", "2026-11-20T13:50"),
        ("yesterday 5pm", "2026-11-19T17:00"),
        ("2019-02-05", "2019-02-05T00:00"),
        (" 2019-02-05 ", "2019-02-05T00:00"),
        # Slack is younger: a day of last century is its beginning.
        ("1975-01-01", "2001-09-09T01:46:40"),
    ],
)
def test_window_begins_at_a_when_in_utc_or_with_a_day(typed: str, at: str) -> None:
    assert read_window(typed, None, now=NOW) == Window(utc(at), None)


@pytest.mark.parametrize(
    ("typed", "at"), [("2019-02-05", "2019-02-05T23:59:59.999999"), ("2019-02-05T14:05Z", "2019-02-05T14:05")]
)
def test_window_ends_at_a_when_or_with_a_day(typed: str, at: str) -> None:
    assert read_window(None, typed, now=NOW) == Window(None, utc(at))


def test_one_day_is_a_window() -> None:
    window = read_window("2019-02-05", "2019-02-05", now=NOW)

    assert window.from_at is not None
    assert window.until is not None
    assert window.until - window.from_at == timedelta(days=1, microseconds=-1)


@pytest.mark.parametrize(
    ("from_typed", "to_typed", "line"),
    [
        (
            "2019-02-06",
            "2019-02-05",
            (
                "--from (2019-02-06 00:00 UTC) is after --to (2019-02-05 23:59 UTC). The other way round: "
                '--from "2019-02-05" --to "2019-02-06"'
            ),
        ),
        ("2019-02-30", None, "--from: There is no 2019-02-30. Name a day such as 2026-11-20."),
        (None, "0000-01-01", "--to: There is no 0000-01-01. Name a day such as 2026-11-20."),
    ],
)
def test_window_that_can_not_be_is_refused_in_one_line(from_typed: str | None, to_typed: str | None, line: str) -> None:
    with pytest.raises(UserError) as raised:
        read_window(from_typed, to_typed, now=NOW)

    assert str(raised.value) == line


@pytest.mark.parametrize("typed", ["soon", "", "14", "tomorrow 10:00", "99999 weeks ago"])
@pytest.mark.parametrize("is_from", [True, False])
def test_what_is_no_when_names_its_option(typed: str, *, is_from: bool) -> None:
    with pytest.raises(UserError) as raised:
        read_window(typed if is_from else None, None if is_from else typed, now=NOW)

    assert str(raised.value).startswith("--from: " if is_from else "--to: ")
    assert "\n" not in str(raised.value)


def test_title_is_one_line() -> None:
    assert checked_title("  Checkout\n down \x00") == "Checkout down"
    assert checked_title(None) is None


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (" ", '--title is empty. Leave it out, or for example: --title "Checkout errors in the EU"'),
        ("x" * 201, f'--title has 201 characters; 200 is the limit. Make it shorter: --title "{"x" * 59}…"'),
    ],
)
def test_title_that_can_not_be_is_refused(typed: str, line: str) -> None:
    with pytest.raises(UserError) as raised:
        checked_title(typed)

    assert str(raised.value) == line


@pytest.mark.parametrize(
    ("names", "last", "title"),
    [
        (["ops"], "2019-02-05T18:00", "#ops, 2019-02-05"),
        (["ops"], "2019-02-06T00:00", "#ops, 2019-02-05 to 2019-02-06"),
        (["ops", "db"], "2019-02-05T18:00", "#ops and #db, 2019-02-05"),
        (["a", "b", "c", "d", "e"], "2019-02-05T18:00", "#a, #b, #c and 2 more, 2019-02-05"),
    ],
)
def test_import_is_called_after_its_channels_and_their_days(names: list[str], last: str, title: str) -> None:
    assert default_title(names, utc("2019-02-05T14:00"), utc(last)) == title


@given(names=st.lists(st.text(min_size=1), min_size=1, max_size=6))
def test_title_of_whatever_channels_is_short_enough(names: list[str]) -> None:
    title = default_title(names, utc("2019-02-05T14:00"), utc("2019-02-06T14:00"))

    assert 0 < len(title) <= 200


def test_made_id_stays_and_has_no_address() -> None:
    made = made_channel_id("gr\u00f6\u00dfe")

    assert made == made_channel_id("gro\u0308\u00dfe")
    assert made != made_channel_id("T1", "gr\u00f6\u00dfe")
    assert made.isalnum()
    assert made.isupper()
    assert len(made) <= 32
    assert permalink("https://acme.slack.com/", made, "1549384020.000100") is None
    assert channel_link("https://acme.slack.com/", made) is None
    assert channel_link("https://acme.slack.com/", "C1") == "https://acme.slack.com/archives/C1"


def test_same_channels_and_window_have_the_same_key_in_any_order() -> None:
    window = Window(utc("2019-02-05T14:00"), None)

    assert key_of(["C1", "C2"], window) == key_of(["C2", "C1"], window)
    assert len({key_of(["C1", "C2"], window), key_of(["C1"], window), key_of(["C1", "C2"], Window())}) == 3
