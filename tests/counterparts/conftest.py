import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counterparts.local_slack import without_proxies
from tests.counterparts.scribe import Scribe, running


@pytest.fixture(autouse=True, scope="session")
def direct() -> Iterator[None]:
    """Calls of this process reach loopback directly, whatever proxies the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(without_proxies(dict(os.environ))):
            patch.delenv(name)
        yield


@pytest.fixture
def scribe(tmp_path: Path) -> Iterator[Scribe]:
    with running(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scribe]:
    """One bot for a module whose tests each declare an incident of their own."""
    with running(tmp_path_factory.mktemp("scribe")) as started:
        yield started
