from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metrics import Metrics, metrics
from bot.domain.milestones import Milestone
from tests.factories import at

M = Milestone
ENDS = {
    "time_to_detect": (M.STARTED, M.DETECTED),
    "time_to_acknowledge": (M.DETECTED, M.ACKNOWLEDGED),
    "time_to_mitigate": (M.STARTED, M.MITIGATED),
    "time_to_resolve": (M.STARTED, M.RESOLVED),
}
moments = st.builds(lambda minute: at("12:00") + timedelta(minutes=minute), st.integers(-5000, 5000))
some_known = st.dictionaries(st.sampled_from(Milestone), moments)


def test_metrics_are_the_lengths_of_the_glossary() -> None:
    known = {
        M.STARTED: at("13:50"),
        M.DETECTED: at("14:00"),
        M.DECLARED: at("14:05"),
        M.ACKNOWLEDGED: at("14:07"),
        M.MITIGATED: at("14:40"),
        M.RESOLVED: at("15:00") + timedelta(days=3),
    }
    assert metrics(known) == Metrics(
        time_to_detect=timedelta(minutes=10),
        time_to_acknowledge=timedelta(minutes=7),
        time_to_mitigate=timedelta(minutes=50),
        time_to_resolve=timedelta(days=3, minutes=70),
    )


def test_nothing_known_gives_nothing_and_not_zero() -> None:
    assert metrics({}) == Metrics(None, None, None, None)


@given(some_known)
def test_length_is_none_exactly_when_an_end_is_unknown_and_never_negative(known: dict[Milestone, datetime]) -> None:
    found = metrics(known)
    for name, (first, last) in ENDS.items():
        length = getattr(found, name)
        assert (length is None) == (first not in known or last not in known)
        assert length is None or length == max(known[last] - known[first], timedelta(0))


def test_ends_at_one_moment_give_zero_and_not_none() -> None:
    assert metrics({M.STARTED: at("14:00"), M.DETECTED: at("14:00")}).time_to_detect == timedelta(0)


def test_clocks_that_differ_by_a_minute_give_zero() -> None:
    assert metrics({M.STARTED: at("14:00:30"), M.DETECTED: at("14:00")}).time_to_detect == timedelta(0)
