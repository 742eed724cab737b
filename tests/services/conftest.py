"""A world of fakes on a real database file."""

from collections.abc import Iterator

import pytest

from bot.services.world import World
from storage.database import Database
from tests.fakes import FakeSlack, ManualClock, world_on
from tests.storage.conftest import database, database_file, migrated_file

__all__ = ["database", "database_file", "migrated_file"]


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
