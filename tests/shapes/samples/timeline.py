"""The timeline."""

from datetime import timedelta
from typing import Any

from bot.domain.messages import DELETED_FILE, File, permalink
from bot.domain.milestones import Milestone
from bot.domain.suggestions import ProposedMilestone
from bot.domain.text import cleaned
from bot.domain.timeline import Entry, Mark, Origin, Phase, Proposal
from bot.services.views import TimelineView
from tests.factories import DECLARED, make_message
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, HOSTILE_LINE, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL


def entry(number: int, text: str = "Rolled checkout back to 2.14", **fields: Any) -> Entry:
    ts = f"1795153{number:03d}.000100"
    values: dict[str, Any] = {
        "origin": Origin.REACTION,
        "reference": f"m{ts}",
        "message_ts": ts,
        "channel_id": "C1",
        "author_id": "U0BEN",
    }
    return Entry(DECLARED + timedelta(minutes=number), text, **(values | fields))


def timeline(*entries: Entry, **fields: Any) -> TimelineView:
    links = {
        one.reference: permalink("https://x.slack.com/", "C1", one.message_ts or "1.0", "1.2") or "" for one in entries
    }
    values: dict[str, Any] = {
        "incident": USUAL,
        "entries": entries,
        "total": len(entries),
        "proposals": (),
        "links": links,
        "is_whole": True,
        "command": "/incident",
    }
    return TimelineView(**(values | fields))


def crowd(count: int, **fields: Any) -> tuple[Entry, ...]:
    return tuple(entry(n, HOSTILE[:3000], phase=Phase.MITIGATION, is_key=True, **fields) for n in range(count))


GRAPH = File("graph.png", "image", "https://x.slack.com/files/U1/F1/graph.png")
HOSTILE_FILE = File(cleaned(HOSTILE_LINE), "image", f"https://x.slack.com/files/{'&' * 400}")


PROPOSALS = tuple(
    Proposal(mark, make_message("14:05", HOSTILE_LINE)) for mark in (Mark.LESSON, Mark.ACTION, Mark.IMPACT) * 9
)


def suggestion(number: int, text: str = "Rolled checkout back to 2.14", **fields: Any) -> Entry:
    reason = fields.pop("reason", "says that something was rolled back")
    return entry(number, text, origin=Origin.SUGGESTION, is_suggested=True, reason=reason, **fields)


def proposed(milestone: Milestone, text: str = "Errors are back to normal") -> ProposedMilestone:
    return ProposedMilestone(milestone, DECLARED, make_message("14:05", text), "says that things are back to normal")


add(EMPTY, timeline(incident=SHORT), to_asker=True)
add(
    TYPICAL,
    timeline(
        entry(1, phase=Phase.DETECTION),
        suggestions=(suggestion(3, phase=Phase.MITIGATION), suggestion(4, "Errors are back to normal")),
        milestones=(proposed(Milestone.MITIGATED),),
    ),
    to_asker=True,
    label="with suggestions",
)
add(TYPICAL, timeline(suggestions=(suggestion(3),)), to_asker=True, label="with one suggestion alone")
add(
    TYPICAL,
    timeline(
        entry(1, "The latency, and since when", files=(GRAPH, File("", DELETED_FILE))),
        entry(2, "", files=(GRAPH,)),
        entry(3, "The pool is exhausted. " * 600),
    ),
    to_asker=True,
    label="with files and a long message",
)
add(
    FULL,
    timeline(*crowd(300, files=(HOSTILE_FILE,) * 9)),
    to_asker=True,
    rest="fit here; the draft has all",
    label="with hostile files",
)
add(
    FULL,
    timeline(
        *crowd(300),
        incident=LONG,
        proposals=PROPOSALS,
        said=HOSTILE,
        undo=10**9,
        suggestions=tuple(suggestion(n, HOSTILE[:3000], reason=HOSTILE_LINE, phase=Phase.RECOVERY) for n in range(99)),
        milestones=tuple(proposed(one, HOSTILE) for one in Milestone),
    ),
    to_asker=True,
    label="with suggestions",
    rest="the draft has all",
)
add(
    TYPICAL,
    timeline(entry(1, phase=Phase.DETECTION), entry(2, is_key=True), proposals=PROPOSALS[:1], is_whole=False, total=30),
    to_asker=True,
    rest="`/incident timeline all`",
)
add(
    TYPICAL,
    timeline(entry(1, message_ts=None, channel_id=None, origin=Origin.NOTE), entry(2, author_id=None)),
    to_asker=True,
    label="of notes",
)
add(
    TYPICAL,
    timeline(
        entry(1, origin=Origin.NOTE, reference="n1", message_ts=None, channel_id=None),
        entry(2, origin=Origin.MILESTONE, reference="started", milestone=Milestone.STARTED),
        said="That entry is a key decision.",
        undo=12,
    ),
    to_asker=True,
    label="after a move",
)
add(
    FULL,
    timeline(*crowd(300), incident=LONG, proposals=PROPOSALS, said=HOSTILE, undo=10**9),
    to_asker=True,
    rest="the draft has all",
)
add(
    FULL,
    timeline(*crowd(20), incident=LONG, proposals=PROPOSALS, is_whole=False, total=300),
    to_asker=True,
    label="and not whole",
    rest="`/incident timeline all`",
)
