"""A stage shared by the tests of a module, once on each database: each test declares an incident of its own."""

from collections.abc import Iterator

import pytest

from tests.scenarios.stage import Stage, staged


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The settings that the module's application runs with; a module may say others."""
    return {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}


@pytest.fixture(scope="module")
def stage(module_database_url: str, settings: dict[str, str]) -> Iterator[Stage]:
    with staged(module_database_url, settings) as running:
        yield running
