"""`python -m tests.faults.simulation`: 2,000 schedules and the controls. With a number: that schedule alone."""

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from itertools import islice

from tests.faults.simulation.controls import CONTROLS
from tests.faults.simulation.drawing import BLOCK
from tests.faults.simulation.play import Told
from tests.faults.simulation.runs import Broken, broken_among, schedule_of, story_of
from tests.faults.simulation.stage import staged

SCHEDULES = 2_000
_SHOWN = 3


def main(arguments: Sequence[str]) -> int:
    """Play; return 0 when every promise was kept and every control was caught."""
    return _one(int(arguments[0])) if arguments else _all()


def _one(number: int) -> int:
    sys.stdout.write(f"Schedule {number}\n{schedule_of(number)}\n\n")
    with staged() as stage:
        broken = next(broken_among([number], stage), None)
        sys.stdout.write((story_of(broken, stage) if broken else "Every promise is kept.") + "\n")
    return 1 if broken else 0


def _all() -> int:
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        controls = pool.map(_caught_after, CONTROLS)
        played = list(pool.map(_play_block, range(SCHEDULES // BLOCK)))
        caught = dict(zip(CONTROLS, controls, strict=True))
    told, broken = Told(), list[Broken]()
    for part, found in played:
        broken += found
        for field in fields(Told):
            setattr(told, field.name, getattr(told, field.name) + getattr(part, field.name))
    sys.stdout.write(_summary(told, broken, caught, time.monotonic() - began) + "\n")
    with staged() as stage:
        for one in broken[:_SHOWN]:
            sys.stdout.write(f"\n{story_of(one, stage)}\n")
    return 0 if not broken and all(caught.values()) else 1


def _play_block(block: int) -> tuple[Told, list[Broken]]:
    told = Told()
    with staged() as stage:
        return told, list(broken_among(range(block * BLOCK, (block + 1) * BLOCK), stage, told=told))


def _caught_after(name: str) -> int | None:
    """Return after how many schedules a control was caught."""
    with staged() as stage:
        for broken in islice(broken_among(range(SCHEDULES), stage, CONTROLS[name]), 1):
            return broken.number + 1
    return None


def _summary(told: Told, broken: Sequence[Broken], caught: dict[str, int | None], seconds: float) -> str:
    happened = (
        f"{SCHEDULES:,} schedules: {told.events:,} events, of which Slack never delivered {told.dropped:,} "
        f"and gave up {told.lost:,};\n"
        f"{told.kills:,} kills, each with a start after it; {told.cuts:,} times no connection; "
        f"{told.calls:,} calls of the Web API; {told.recovered:,} messages recovered"
    )
    lines = [happened, f"equal in the end: {SCHEDULES - len(broken):,} of {SCHEDULES:,}"]
    lines += [
        f"control “{name}”: {f'caught in schedule {number}' if number else 'NOT caught'}"
        for name, number in caught.items()
    ]
    cores, spent = os.cpu_count() or 1, os.times()
    busy = (spent.user + spent.system + spent.children_user + spent.children_system) / cores
    lines.append(f"{seconds:.0f} s on {cores} cores, of which it kept each busy for {busy:.0f} s")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
