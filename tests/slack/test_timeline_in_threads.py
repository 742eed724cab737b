"""The timeline where it is posted: in a thread, in which less fits than in the answer to a command."""

from dataclasses import replace

from bot.domain.messages import permalink
from bot.domain.milestones import Milestone
from bot.slack.blocks.timeline import timeline
from tests.shapes.limits import message_problems
from tests.shapes.samples.timeline import entry, proposed, suggestion
from tests.shapes.samples.timeline import timeline as view_of

SAID = "Rolled checkout back to 2.14, and the errors seem to go down on all hosts; see the graph in the other thread. "


def test_timeline_with_many_suggestions_fits_in_a_thread() -> None:
    entries, found = (entry(1),), tuple(suggestion(number, SAID * 2) for number in range(30))
    links = {
        one.reference: permalink("https://example.slack.com/", "C1", one.message_ts or "", "1795153123.000100") or ""
        for one in (*entries, *found)
    }
    view = view_of(
        *entries, suggestions=found, milestones=tuple(proposed(one, SAID * 2) for one in Milestone), is_posted=True
    )
    made = timeline(replace(view, links=links))
    assert message_problems(made.text, made.blocks) == []
    assert "Add all 30" in str(made.blocks)
