"""What is due, done as the schedule does it, without its threads and its clock."""

from collections.abc import Callable, Mapping

import pytest

from bot.services.world import World
from storage import due
from storage.due import DueItem
from tests.fakes import Killed, ManualClock

Work = Mapping[str, Callable[[World, DueItem], None]]


def work_off(work: Work, world: World, *, leaves_others: bool = False) -> None:
    """Do what is due now: an item is finished only after it has run.

    A kind that `work` doesn't know is a KeyError, unless others are left undone.
    """
    with world.database.transaction() as connection:
        items = due.claim(connection, worker="w", now=world.clock(), limit=99)
    for item in items:
        if item.kind in work or not leaves_others:
            work[item.kind](world, item)
        with world.database.transaction() as connection:
            due.finish(connection, item, worker="w", now=world.clock())


def run_until_done(work: Work, world: World, clock: ManualClock, *, leaves_others: bool = False) -> None:
    """Start the program again and again until nothing is due."""
    for _ in range(5):
        try:
            work_off(work, world, leaves_others=leaves_others)
        except Killed:
            clock.move(seconds=due.LEASE.total_seconds())
        else:
            return
    pytest.fail("it never ends")
