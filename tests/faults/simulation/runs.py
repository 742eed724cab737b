"""Playing many schedules, and telling the story of one that breaks a promise."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from tests.faults.simulation.drawing import BLOCK, block_of, run_block
from tests.faults.simulation.play import AS_IT_IS, Told, Way, play
from tests.faults.simulation.stage import Stage
from tests.faults.simulation.story import Schedule

_SIMPLIFYING_SECONDS = 60.0


@dataclass(frozen=True)
class Broken:
    """A schedule in which a promise was broken: its number, and how."""

    number: int
    problem: str


def schedule_of(number: int) -> Schedule:
    """Return the schedule of this number, from 0."""
    return block_of(number // BLOCK)[number % BLOCK]


def problem_of(schedule: Schedule, stage: Stage, way: Way = AS_IT_IS, told: Told | None = None) -> str | None:
    """Return how a promise is broken in a schedule, None if all are kept; count what happened in `told`."""
    try:
        came_to = play(schedule, stage, way)
    except AssertionError as error:
        return str(error) or "a promise is broken"
    if told:
        for field in fields(Told):
            setattr(told, field.name, getattr(told, field.name) + getattr(came_to, field.name))
    return None


def broken_among(
    numbers: Iterable[int], stage: Stage, way: Way = AS_IT_IS, told: Told | None = None
) -> Iterator[Broken]:
    """Play schedules and yield those in which a promise is broken."""
    for number in numbers:
        problem = problem_of(schedule_of(number), stage, way, told)
        if problem:
            yield Broken(number, problem)


def story_of(broken: Broken, stage: Stage, way: Way = AS_IT_IS) -> str:
    """Return the simplest story found, in a minute, in which the same schedule still breaks a promise."""
    schedule, problem = simplest(broken.number, stage, way) or (schedule_of(broken.number), broken.problem)
    return (
        f"Schedule {broken.number} breaks a promise: {broken.problem}\n"
        f"The simplest story like it: {problem}\n{schedule}\n"
        f"Again: python -m tests.faults.simulation {broken.number}"
    )


def simplest(number: int, stage: Stage, way: Way) -> tuple[Schedule, str] | None:
    """Let hypothesis simplify a schedule that breaks a promise; return the simplest with its problem."""
    begins_with, is_reached, found = schedule_of(number), False, list[tuple[Schedule, str]]()
    ends = time.monotonic() + _SIMPLIFYING_SECONDS

    def body(schedule: Schedule) -> None:
        nonlocal is_reached
        is_reached = is_reached or schedule == begins_with
        # Those before it only bring hypothesis to it; when time is up only what is known to break counts.
        if not is_reached or (time.monotonic() > ends and found and schedule != found[-1][0]):
            return
        problem = problem_of(schedule, stage, way)
        if problem:
            found.append((schedule, problem))
            raise AssertionError(problem)

    try:
        run_block(number // BLOCK, body)
    except AssertionError:
        return found[-1]
    return None
