import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import in_full, in_words

SIZES = {"w": 604_800, "d": 86_400, "h": 3_600, "min": 60, "s": 1}
lengths = st.timedeltas(timedelta(0), timedelta(days=4000))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(microseconds=999_999), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=4, seconds=12), "4 min 12 s"),
        (timedelta(minutes=9, seconds=59), "9 min 59 s"),
        (timedelta(minutes=10, seconds=59), "10 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=2, minutes=0, seconds=59), "2 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=1, minutes=59), "1 d 59 min"),
        (timedelta(days=1, seconds=59), "1 d"),
        (timedelta(days=1, hours=1, minutes=59), "1 d 1 h"),
        (timedelta(days=14, hours=5, minutes=3), "2 w 5 h"),
        (timedelta(days=14, minutes=59), "2 w"),
        (timedelta(days=3, hours=2), "3 d 2 h"),
        (timedelta(days=3, hours=2, minutes=59, seconds=59), "3 d 2 h"),
        (timedelta(days=8), "8 d"),
        (timedelta(days=13, hours=23), "13 d 23 h"),
        (timedelta(days=14), "2 w"),
        (timedelta(days=15), "2 w 1 d"),
        (timedelta(days=60), "8 w 4 d"),
        (timedelta(seconds=-90), "-1 min 30 s"),
        (timedelta(microseconds=-1), "0 s"),
    ],
)
def test_length_is_said_in_two_units_at_most(length: timedelta, words: str) -> None:
    assert in_words(length) == words


def parsed(words: str) -> list[tuple[int, str]]:
    return [(int(count), unit) for count, unit in re.findall(r"(\d+) (w|d|h|min|s)\b", words)]


@given(lengths)
def test_words_never_claim_more_than_the_length_and_leave_out_less_than_their_last_unit_step(length: timedelta) -> None:
    units = parsed(in_words(length))
    said = sum(count * SIZES[unit] for count, unit in units)
    order = list(SIZES)
    assert 1 <= len(units) <= 2
    assert said <= length.total_seconds()
    # What is left out is smaller than the neighbour of the first unit, seconds beside ten minutes apart.
    step = order[min(order.index(units[0][1]) + 1, len(order) - 1)]
    left_out = length.total_seconds() - said
    assert left_out < (60 if units[0][1] == "min" and units[0][0] >= 10 else SIZES[step])


@given(lengths, lengths)
def test_longer_length_never_reads_as_a_shorter_one(first: timedelta, second: timedelta) -> None:
    shorter, longer = sorted((first, second))
    said = [sum(count * SIZES[unit] for count, unit in parsed(in_words(one))) for one in (shorter, longer)]
    assert said == sorted(said)


@given(lengths.filter(lambda length: length >= timedelta(seconds=1)))
def test_negative_length_is_the_same_with_a_sign(length: timedelta) -> None:
    assert in_words(-length) == f"-{in_words(length)}"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=2, seconds=21), "2 minutes 21 seconds"),
        (timedelta(minutes=11, seconds=40), "11 minutes"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=3, hours=2), "3 days 2 hours"),
        (timedelta(weeks=2, days=1), "2 weeks 1 day"),
    ],
)
def test_units_are_written_out_in_full(length: timedelta, words: str) -> None:
    assert in_full(length) == words
