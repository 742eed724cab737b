import pytest

from bot.services import answering
from bot.services.ports import BusyError, OutcomeUnknownError, OutsideError
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due
from storage.due import DueItem
from tests.factories import DECLARED
from tests.fakes import FakeSlack, ManualClock, ask, busy, lost, refused


def answered(world: World, *, response_url: str | None = "https://r/1") -> DueItem | None:
    request = ask("press:1", response_url=response_url)
    answering.answer_later(world, request, AnswerView("Draft 1 is published.", undo=3))
    answering.answer_later(world, request, AnswerView("Draft 1 is published.", undo=3))
    with world.database.transaction() as connection:
        found = due.claim(connection, worker="w", now=DECLARED, limit=9)
    assert len(found) == (1 if response_url else 0)
    return found[0] if found else None


def test_answer_is_shown_as_it_was_given(world: World, slack: FakeSlack) -> None:
    item = answered(world)
    assert item is not None
    answering.show(world, item)
    assert slack.answers == [("https://r/1", AnswerView("Draft 1 is published.", undo=3))]


def test_answer_without_a_place_is_dropped(world: World, slack: FakeSlack) -> None:
    assert answered(world, response_url=None) is None
    assert slack.calls == []


@pytest.mark.parametrize("error", [lost(), busy()])
def test_answer_that_did_not_get_through_is_tried_again_for_half_an_hour(
    world: World, slack: FakeSlack, clock: ManualClock, error: OutsideError
) -> None:
    item = answered(world)
    assert item is not None
    slack.goes_wrong("respond", error, times=99)
    for minutes in (0, 10, 20):
        with pytest.raises((BusyError, OutcomeUnknownError)):
            answering.show(world, item)
        clock.move(minutes=minutes)
    # Put back again and again it is due later each time, and still no answer for ever.
    clock.move(seconds=1)
    answering.show(world, item)
    assert slack.answers == []


def test_answer_that_slack_refuses_is_past(world: World, slack: FakeSlack) -> None:
    item = answered(world)
    assert item is not None
    slack.goes_wrong("respond", refused("404"))
    answering.show(world, item)
    assert slack.calls == ["respond"]
