from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catchup import SHOWN, moments
from bot.domain.milestones import Milestone
from bot.domain.timeline import Entry, Origin
from tests.factories import DECLARED


def entry(number: int, *, is_key: bool = False, milestone: Milestone | None = None) -> Entry:
    moment = DECLARED + timedelta(minutes=number)
    return Entry(moment, f"entry {number}", Origin.NOTE, f"n{number}", is_key=is_key, milestone=milestone)


def numbers(found: tuple[Entry, ...]) -> list[int]:
    return [int(one.text.removeprefix("entry ")) for one in found]


TIMELINES = st.lists(st.tuples(st.booleans(), st.none() | st.sampled_from(Milestone)), max_size=40).map(
    lambda kinds: [entry(number, is_key=kind[0], milestone=kind[1]) for number, kind in enumerate(kinds)]
)


def test_short_timeline_is_shown_whole() -> None:
    found = [entry(number) for number in range(SHOWN)]
    assert moments(found) == tuple(found)


def test_milestones_and_key_decisions_go_before_plain_entries_and_the_latest_stay() -> None:
    found = [
        entry(number, is_key=number == 2, milestone=Milestone.STARTED if number == 0 else None) for number in range(20)
    ]
    assert numbers(moments(found)) == [0, 2, 15, 16, 17, 18, 19]


def test_of_many_decisions_the_newest_are_shown() -> None:
    found = [entry(number, is_key=True) for number in range(20)]
    assert numbers(moments(found)) == list(range(13, 20))


@given(TIMELINES, st.integers(min_value=1, max_value=10))
def test_moments_are_in_order_few_enough_and_end_with_the_latest(found: list[Entry], at_most: int) -> None:
    chosen = numbers(moments(found, at_most=at_most))
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(at_most, len(found))
    latest = list(range(len(found)))[-min(3, at_most) :]
    assert chosen[len(chosen) - len(latest) :] == latest


@given(TIMELINES)
def test_no_plain_entry_takes_the_place_of_a_telling_one(found: list[Entry]) -> None:
    chosen = set(numbers(moments(found)))
    telling = {number for number, one in enumerate(found) if one.is_key or one.milestone}
    latest = set(range(len(found))[-3:])
    if telling - chosen:
        assert chosen <= telling | latest


def test_what_the_program_noted_itself_gives_way_to_what_people_did() -> None:
    noted = ("The incident lead was named", "Title changed to “Checkout”", "Affected: checkout", "Owning team: Web")
    own = [replace(entry(number), text=text) for number, text in enumerate(noted, start=10)]
    assert numbers(moments([*(entry(number) for number in range(SHOWN)), *own])) == list(range(SHOWN))
    assert moments([entry(0), *own]) == (entry(0), *own), "where there is room they stand too"
