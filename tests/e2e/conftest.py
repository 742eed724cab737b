from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.process import Scribe, running


@pytest.fixture
def scribe(tmp_path: Path) -> Iterator[Scribe]:
    with running(tmp_path) as started:
        yield started
