"""Interleaved measuring: machines are noisy, so only ratios of neighbouring runs count."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """A benchmark's outcome: how it compares with its floor, and what it should reach."""

    name: str
    ratio: float
    goal: str
    detail: str

    def line(self) -> str:
        """Return `NAME ratio X goal Y`, with the figures behind it."""
        return f"{self.name:28} ratio {self.ratio:.2f} goal {self.goal}   ({self.detail})"


def seconds(run: Callable[[], object]) -> float:
    """Return how long one run takes."""
    begun = perf_counter()
    run()
    return perf_counter() - begun


def interleaved(ours: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of both sides, measured in turn after one round to warm up."""
    ours()
    floor()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
