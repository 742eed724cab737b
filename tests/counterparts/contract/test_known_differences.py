"""Where the two differ, the stand-in is as Slack documents it, and local-slack is as the table says."""

import pytest

from bot.sandbox.webapi import METHODS
from tests.counterparts.contract.differences import KNOWN_DIFFERENCES, LACKING, Difference
from tests.counterparts.contract.slack import STAND_IN, Slack, outcome


@pytest.mark.parametrize("row", KNOWN_DIFFERENCES, ids=lambda row: f"{row.where}: {row.asks}")
def test_stand_in_follows_the_documentation_where_local_slack_does_not(slack: Slack, row: Difference) -> None:
    assert row.documented != row.differs
    assert row.probe(slack) == (row.documented if slack.name == STAND_IN else row.differs)


def test_local_slack_lacks_just_the_methods_that_are_listed(slack: Slack) -> None:
    unknown = {name for name in METHODS if outcome(slack.client.api_call, api_method=name) == "unknown_method"}
    assert unknown == (set() if slack.name == STAND_IN else set(LACKING))
