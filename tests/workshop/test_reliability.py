"""docs/reliability.md is true: its numbers are those of the tests, and what it names exists."""

import re
from pathlib import Path

from tests.e2e import test_kill_points
from tests.faults import test_simulation
from tests.faults.simulation import __main__ as simulation
from tests.faults.simulation.controls import CONTROLS
from tests.faults.simulation.drawing import BLOCK, block_of
from tests.faults.simulation.runs import schedule_of

ROOT = Path(__file__).parents[2]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def stated(name: str) -> str:
    found = re.search(rf"<!-- {name}: begin -->(.*?)<!-- {name}: end -->", RELIABILITY, re.DOTALL)
    assert found, f"{name} is not stated"
    return found[1].strip()


def recipe_of(target: str) -> str:
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found, f"there is no make {target}"
    return found[1]


def test_numbers_of_schedules_are_those_that_are_played() -> None:
    assert stated("faults") == f"{simulation.SCHEDULES:,}"
    assert "python -m tests.faults.simulation\n" in recipe_of("faults")
    assert stated("played") == str(len(test_simulation.BLOCKS) * BLOCK)


def test_numbers_of_kills_are_those_that_are_done() -> None:
    assert f"KILLS={stated('kills')} " in recipe_of("faults")
    assert stated("few kills") == test_kill_points.FEW


def test_figures_of_the_last_run_are_of_as_many_schedules_and_controls() -> None:
    figures = stated("figures")
    assert f"equal in the end: {simulation.SCHEDULES:,} of {simulation.SCHEDULES:,}" in figures
    assert [name for name in CONTROLS if f"control “{name}”: caught in schedule" not in figures] == []


def test_number_names_the_same_schedule_each_time() -> None:
    first = schedule_of(2 * BLOCK + 1)
    block_of.cache_clear()
    assert schedule_of(2 * BLOCK + 1) == first
    assert "python -m tests.faults.simulation 1234" in RELIABILITY


def test_every_make_target_that_it_names_exists() -> None:
    for target in set(re.findall(r"`make (\w+)`", RELIABILITY)):
        assert recipe_of(target)
