from typing import Any

import pytest

from bot.domain.messages import permalink
from bot.domain.proposing import waiting
from bot.domain.statements import LessonKind
from bot.domain.timeline import Mark, Proposal
from tests.factories import WORKSPACE, make_action, make_impact, make_lesson, make_message, make_record

SAID = make_message("14:05", "The queue\nneeds an alert")
LINK = permalink(WORKSPACE, SAID.channel_id, SAID.ts, SAID.thread_ts)
LESSON = make_lesson(LessonKind.WELL, "The queue needs an alert")


@pytest.mark.parametrize(
    ("mark", "fields"),
    [
        (Mark.LESSON, {"lessons": (LESSON,)}),
        (Mark.IMPACT, {"impacts": (make_impact("Some could not pay\nThe queue needs an alert"),)}),
        (Mark.ACTION, {"actions": (make_action(1, "The queue needs an alert"),)}),
        (Mark.ACTION, {"actions": (make_action(1, "Put an alert on it", source=LINK),)}),
    ],
)
def test_proposal_that_was_taken_up_waits_no_longer_and_the_others_do(mark: Mark, fields: dict[str, Any]) -> None:
    proposed = [Proposal(one, SAID) for one in Mark if not one.makes_entry]
    left = waiting(proposed, make_record(workspace_url=WORKSPACE, **fields))
    assert [one.mark for one in left] == [one.mark for one in proposed if one.mark is not mark]


def test_proposal_waits_while_other_things_are_recorded() -> None:
    proposed = [Proposal(one, SAID) for one in Mark if not one.makes_entry]
    other = make_action(1, "Something else", source="https://acme.slack.com/archives/C1/p1")
    assert waiting(proposed, make_record(actions=(other,))) == tuple(proposed)
