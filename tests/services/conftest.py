"""A world of fakes on a real database, once on each kind."""

from collections.abc import Iterator

import pytest

from bot.services.world import World
from storage.database import Database
from tests.fakes import FakeSlack, ManualClock, world_on


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def world(database: Database, slack: FakeSlack, clock: ManualClock) -> Iterator[World]:
    with world_on(database, slack, clock) as made:
        yield made
