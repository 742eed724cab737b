"""A stage shared by the tests of a module. No fault outlives its test."""

from collections.abc import Iterator

import pytest

from tests.scenarios.stage import Stage, staged


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("faults"), {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}) as running:
        yield running


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    yield shared_stage
    shared_stage.sandbox.faults.clear()
