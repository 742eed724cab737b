from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import (
    RANK_DELETED,
    RANK_POST,
    RANK_UNFURL,
    edit_rank,
    is_ts,
    permalink,
    time_of,
    ts_of,
    ts_rank,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
all_seconds = st.integers(0, 99_999_999_999)
micros = st.integers(0, 999_999)
timestamps = st.builds(lambda seconds, micro: f"{seconds}.{micro:06d}", all_seconds, micros)


@given(all_seconds, micros)
def test_time_of_a_timestamp_is_exact_to_the_microsecond(seconds: int, micro: int) -> None:
    moment = time_of(f"{seconds}.{micro:06d}")
    assert moment - EPOCH == timedelta(seconds=seconds, microseconds=micro)
    assert moment.tzinfo is UTC


@given(timestamps)
def test_moment_gives_back_the_timestamp_it_came_from(ts: str) -> None:
    assert ts_of(time_of(ts)) == ts


@pytest.mark.parametrize(
    ("ts", "moment"),
    [
        ("1795183533.000100", datetime(2026, 11, 20, 14, 5, 33, 100, tzinfo=UTC)),
        ("1795183533.1", datetime(2026, 11, 20, 14, 5, 33, 100_000, tzinfo=UTC)),
        # As a float each of these would come out a microsecond short.
        ("1795183533.000009", datetime(2026, 11, 20, 14, 5, 33, 9, tzinfo=UTC)),
        ("9999999999.999999", datetime(2286, 11, 20, 17, 46, 39, 999_999, tzinfo=UTC)),
    ],
)
def test_timestamp_is_that_moment(ts: str, moment: datetime) -> None:
    assert time_of(ts) == moment


@pytest.mark.parametrize(
    "text", ["", "1795183533", "1795183533.", ".5", "1e9.0", "-1.0", " 1.0", "1.0\n", "١٧.٥", "999999999999.0", "nan.0"]
)
def test_text_of_another_form_is_no_timestamp(text: str) -> None:
    assert not is_ts(text)
    with pytest.raises(ValueError, match="not a Slack timestamp"):
        time_of(text)


@given(timestamps, timestamps)
def test_ranks_are_ordered_as_the_moments_are(first: str, second: str) -> None:
    assert (ts_rank(first) < ts_rank(second)) == (time_of(first) < time_of(second))
    assert len(ts_rank(first)) == len(ts_rank(second))


@pytest.mark.parametrize(("earlier", "later"), [("9.5", "10.4"), ("9.10", "9.2"), ("9.000002", "9.1"), ("0.1", "0.11")])
def test_ranks_order_timestamps_of_different_lengths(earlier: str, later: str) -> None:
    assert ts_rank(earlier) < ts_rank(later)


@given(timestamps, timestamps, timestamps, timestamps)
def test_edits_rank_by_their_time_then_by_their_event(e1: str, v1: str, e2: str, v2: str) -> None:
    wanted = (time_of(e1), time_of(v1)) < (time_of(e2), time_of(v2))
    assert (edit_rank(e1, v1) < edit_rank(e2, v2)) == wanted


@given(timestamps, timestamps)
def test_unfurl_gives_way_to_a_post_a_post_to_an_edit_and_all_to_a_deletion(edited: str, event: str) -> None:
    assert RANK_UNFURL < RANK_POST < edit_rank(edited, event) < RANK_DELETED


@pytest.mark.parametrize(
    ("arguments", "link"),
    [
        (("https://acme.slack.com/", "C1", "1.000200"), "https://acme.slack.com/archives/C1/p1000200"),
        (("https://acme.slack.com", "C1", "1.000200"), "https://acme.slack.com/archives/C1/p1000200"),
        (
            ("https://acme.slack.com/", "C1", "2.000300", "1.000200"),
            "https://acme.slack.com/archives/C1/p2000300?thread_ts=1.000200&cid=C1",
        ),
        (("https://acme.slack.com/", "C1", "1.000200", "1.000200"), "https://acme.slack.com/archives/C1/p1000200"),
        ((None, "C1", "1.000200"), None),
        (("", "C1", "1.000200"), None),
    ],
)
def test_permalink_has_slacks_form(arguments: tuple[str, str, str], link: str | None) -> None:
    assert permalink(*arguments) == link
