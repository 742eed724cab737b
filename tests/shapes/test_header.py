"""The header's buttons lead on, whatever the incident's state."""

from dataclasses import replace

import pytest

from bot.domain.incident import Status
from bot.sandbox.rules import elements_of
from bot.slack.blocks import rendered
from tests.shapes.samples.incident import USUAL, header


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("roles", [0, 1, 5])
def test_header_leads_with_one_primary_button_until_the_incident_is_closed(status: Status, roles: int) -> None:
    view = header(replace(USUAL, status=status), roles=roles)
    buttons = [one for block in rendered(view).blocks for one in elements_of(block)]
    first = None if status is Status.CLOSED else "primary"
    assert [one.get("style") for one in buttons] == [first, *[None] * (len(buttons) - 1)]
    assert 2 <= len(buttons) <= 5
