from datetime import timedelta

import pytest

from bot.domain.errors import UserError
from bot.domain.updates import valid_wait

WHAT = "The next update can't come in"


@pytest.mark.parametrize("minutes", [1, 30, 60 * 24 * 7])
def test_wait_of_a_minute_to_a_week_is_kept(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    assert valid_wait(length, what=WHAT, example="x") == length


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "The next update can't come in 59 s; 1 min is the least: /x 30m"),
        (timedelta(days=8), "The next update can't come in 8 d; 7 d is the most: /x 30m"),
        (timedelta(days=35), "The next update can't come in 5 w; 7 d is the most: /x 30m"),
    ],
)
def test_wait_out_of_bounds_is_refused_with_the_bound(length: timedelta, said: str) -> None:
    with pytest.raises(UserError) as refused:
        valid_wait(length, what=WHAT, example="/x 30m")
    assert refused.value.message == said
