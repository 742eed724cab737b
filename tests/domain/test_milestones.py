from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.milestones import OF_STATUS, SETTABLE, Milestone, by_name, check_order
from tests.factories import at, make_stamp

NOW = at("18:00")
M = Milestone
# What can't come before what.
ORDERED = [
    (M.STARTED, M.DETECTED),
    (M.STARTED, M.ACKNOWLEDGED),
    (M.STARTED, M.IDENTIFIED),
    (M.STARTED, M.MITIGATED),
    (M.STARTED, M.RESOLVED),
    (M.DETECTED, M.ACKNOWLEDGED),
    (M.DETECTED, M.RESOLVED),
    (M.MITIGATED, M.RESOLVED),
]
FREE = [pair for pair in permutations(Milestone, 2) if pair not in ORDERED and pair[::-1] not in ORDERED]


def check(known: dict[Milestone, str], changed: Milestone, clock: str) -> None:
    times = {milestone: at(known[milestone]) for milestone in known}
    check_order(times, changed, at(clock), now=NOW, command="/incident")


@pytest.mark.parametrize(("earlier", "later"), ORDERED)
def test_milestones_out_of_order_are_refused_whichever_is_set_last(earlier: Milestone, later: Milestone) -> None:
    with pytest.raises(UserError, match=f"would come after “{later.value}”"):
        check({later: "14:00"}, earlier, "14:05")
    with pytest.raises(UserError, match=f"would come before “{earlier.value}”"):
        check({earlier: "14:05"}, later, "14:00")
    check({earlier: "14:00"}, later, "14:05")
    check({later: "14:05"}, earlier, "14:00")


@pytest.mark.parametrize(("first", "second"), FREE)
def test_milestones_without_an_order_may_come_either_way(first: Milestone, second: Milestone) -> None:
    check({first: "14:05"}, second, "14:00")


@pytest.mark.parametrize(("earlier", "later"), ORDERED)
def test_a_minute_between_clocks_is_no_contradiction(earlier: Milestone, later: Milestone) -> None:
    check({earlier: "14:01:00"}, later, "14:00:00")
    with pytest.raises(UserError):
        check({earlier: "14:01:01"}, later, "14:00:00")


def test_refusal_says_how_to_mend_it() -> None:
    with pytest.raises(UserError) as refused:
        check({M.STARTED: "14:05"}, M.RESOLVED, "13:00")
    assert refused.value.message == (
        "“resolved” at 2026-11-20 13:00 UTC would come before “started” at 2026-11-20 14:05 UTC. "
        "Correct that one first, for example: /incident set started 2026-11-20T13:00Z"
    )


@pytest.mark.parametrize("milestone", Milestone)
def test_milestone_of_the_future_is_refused_beyond_a_minute(milestone: Milestone) -> None:
    check({}, milestone, "18:01:00")
    with pytest.raises(UserError, match="in the future: 2026-11-20 18:01 UTC"):
        check({}, milestone, "18:01:01")


def test_correcting_a_milestone_is_measured_against_the_others_and_not_itself() -> None:
    check({M.STARTED: "14:00", M.RESOLVED: "15:00"}, M.RESOLVED, "14:30")
    check({M.RESOLVED: "15:00"}, M.RESOLVED, "14:00")


@given(st.permutations(list(Milestone)), st.lists(st.integers(0, 200), min_size=7, max_size=7, unique=True))
def test_accepted_milestones_are_in_order_however_they_were_entered(order: list[Milestone], minutes: list[int]) -> None:
    known: dict[Milestone, datetime] = {}
    for milestone, minute in zip(order, minutes, strict=True):
        moment = at("12:00") + timedelta(minutes=minute)
        try:
            check_order(known, milestone, moment, now=NOW, command="/incident")
        except UserError:
            continue
        known[milestone] = moment
    for earlier, later in ORDERED:
        if earlier in known and later in known:
            assert known[earlier] <= known[later] + timedelta(minutes=1)


def test_each_moving_status_stamps_its_milestone() -> None:
    assert {status.value: milestone.field for status, milestone in OF_STATUS.items()} == {
        "identified": "identified_at",
        "mitigated": "mitigated_at",
        "resolved": "resolved_at",
    }


def test_declaration_cannot_be_set_by_hand() -> None:
    assert set(Milestone) - set(SETTABLE) == {Milestone.DECLARED}


def test_known_milestones_are_found_by_name() -> None:
    stamps = [make_stamp(M.RESOLVED, "15:00"), make_stamp(M.STARTED, "14:00")]
    assert by_name(stamps) == {M.STARTED: at("14:00"), M.RESOLVED: at("15:00")}
