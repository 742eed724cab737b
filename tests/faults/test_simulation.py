"""Ground rule: the stored channel equals the true one, whatever happens on the way.

Schedules of people, Slack's mishaps and the process's ends are played on the real services and a real SQLite file
(tests/faults/simulation). `make faults` plays more of them; docs/reliability.md says what is checked.
"""

from collections.abc import Iterator

import pytest

from tests.faults.simulation.controls import CONTROLS
from tests.faults.simulation.drawing import BLOCK
from tests.faults.simulation.play import AS_IT_IS, Way
from tests.faults.simulation.runs import broken_among, problem_of, story_of
from tests.faults.simulation.stage import Stage, staged
from tests.faults.simulation.story import Cut, Delete, Edit, Kill, Kind, Reply, Say, Schedule, Sent, Step

# Of the 2,000 that `make faults` plays.
BLOCKS = range(6)
_CAUGHT_WITHIN = 150


@pytest.fixture(scope="module")
def simulation() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


@pytest.mark.parametrize("block", BLOCKS)
def test_stored_channel_equals_the_true_one_when_the_faults_are_over(simulation: Stage, block: int) -> None:
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    broken = next(broken_among(numbers, simulation, AS_IT_IS), None)
    assert broken is None, story_of(broken, simulation, AS_IT_IS)


NOT_DELIVERED = Sent(times=0)
REMEMBERED = {
    "an old message is edited right before the incident is over, while the history is behind": Schedule(
        talk=6, steps=(Step(400.0, Edit(5, NOT_DELIVERED, None)),), page=1, lags=(25.0,)
    ),
    "a message is said right before a comparison, on a machine that is ten minutes ahead": Schedule(
        steps=(Step(530.0, Say("ana", Kind.PLAIN, Sent())), Step(0.3, Cut(2.0))),
        lags=(4.0,),
        skew=600.0,
    ),
    "a message is edited twice in a second, and the second edit is lost": Schedule(
        talk=2, steps=(Step(100.0, Edit(1, Sent(), NOT_DELIVERED)),), is_resolved=False
    ),
    "a thread's first message is deleted while nobody listens": Schedule(
        talk=1,
        steps=(
            Step(0.0, Reply(0, "ben", is_broadcast=False, sent=Sent())),
            Step(5.0, Kill(0, 300.0)),
            Step(1.0, Say("cleo", Kind.PLAIN, Sent())),
            Step(20.0, Delete(2, NOT_DELIVERED)),
        ),
        is_resolved=False,
    ),
}


@pytest.mark.parametrize("schedule", REMEMBERED.values(), ids=REMEMBERED)
def test_story_that_was_told_wrong_once_is_told_right(simulation: Stage, schedule: Schedule) -> None:
    assert problem_of(schedule, simulation) is None


@pytest.mark.parametrize(
    ("control", "promise"),
    [
        ("acknowledges before it commits", "acknowledged"),
        ("never compares with the history", "differ: true are"),
    ],
)
def test_program_that_is_broken_on_purpose_is_caught(simulation: Stage, control: str, promise: str) -> None:
    way: Way = CONTROLS[control]
    played = broken_among(range(_CAUGHT_WITHIN), simulation, way)
    assert any(promise in broken.problem for broken in played)
