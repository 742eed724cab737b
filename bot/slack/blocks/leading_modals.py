"""Modals for leading an incident: handing over the lead, giving a task to somebody."""

from collections.abc import Mapping
from typing import Any

from bot.domain.handover import BRIEF_LIMIT, STATE_EXAMPLE, Brief
from bot.domain.text import one_line
from bot.slack.blocks.elements import Block, paragraphs, section
from bot.slack.blocks.forms import field, modal, text_input
from bot.slack.blocks.handover import LABELS
from bot.slack.text import escaped, whispered

HANDOVER = "handover"
GIVE_TASK = "give_task"
_HINTS = {
    "state": f"For example: {STATE_EXAMPLE}",
    "tried": "For example: rolled back to 2.14, no effect on the queue",
    "hypothesis": "For example: the pool is too small for the retries",
    "risks": "For example: at 18:00 the evening peak begins",
    "tasks": "Work that somebody is at now",
    "next_check": "For example: 16:30, the queue should be below 1,000",
}


def handover(*, to_name: str, brief: Brief, metadata: Mapping[str, Any]) -> Block:
    """Return the form of a handover, prefilled with what is known; six fields."""
    fields = [
        field(
            name,
            label,
            text_input(getattr(brief, name), limit=BRIEF_LIMIT, is_long=name != "next_check"),
            hint=_HINTS[name],
            is_optional=name != "state",
        )
        for name, label in LABELS.items()
    ]
    intro = section(f"To *{escaped(one_line(to_name))}*. The lead passes when they accept.")
    return modal(HANDOVER, "Hand over the lead", "Offer the lead", [intro, *fields], metadata)


def give_task(*, text: str, metadata: Mapping[str, Any]) -> Block:
    """Return the form that asks who does a task."""
    blocks = [*paragraphs([f"*{whispered(one_line(text))}*"]), field("owner", "Who does it?", {"type": "users_select"})]
    return modal(GIVE_TASK, "Give a task", "Give it", blocks, metadata)
