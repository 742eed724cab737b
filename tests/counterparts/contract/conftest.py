"""The same tests against both: the stand-in, and a Slack that nobody here wrote."""

from collections.abc import Iterator

import pytest

from tests.counterparts.contract.counterpart import Counterpart
from tests.counterparts.contract.slack import LOCAL_SLACK, STAND_IN, Slack
from tests.counterparts.contract.stand_in import StandIn


@pytest.fixture(scope="session", params=[STAND_IN, LOCAL_SLACK])
def slack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    opened: Slack = StandIn() if request.param == STAND_IN else Counterpart(tmp_path_factory.mktemp("local-slack"))
    yield opened
    opened.close()


@pytest.fixture
def channel(slack: Slack) -> str:
    """A channel of the test's own."""
    return slack.channel()
