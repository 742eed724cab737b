"""The form that edits one entry of the timeline."""

from collections.abc import Mapping
from typing import Any

from bot.domain.editing import KEY
from bot.domain.text import one_line
from bot.domain.timeline import Phase
from bot.slack.blocks.elements import Block, context, option, paragraphs
from bot.slack.blocks.forms import field, modal, select, text_input
from bot.slack.text import whispered

ENTRY = "entry"
_PHASE_WORDS = {phase: phase.value.capitalize() for phase in Phase}
_WHEN_HINT = "For example: 14:05, 14:05 UTC, 10 minutes ago or yesterday 5pm"
_FIXED = (
    "A milestone's time can be corrected. It can't be removed, because durations are measured from it; "
    "a wrong change of the status is taken back with Undo, or with reopen."
)


def edit_entry(*, held: Mapping[str, str], metadata: Mapping[str, Any]) -> Block:
    """Return the form of an entry; four fields. `held` is what it says now, by the fields' names."""
    decision = option("It is a key decision", KEY)
    box: Block = {"type": "checkboxes", "options": [decision]}
    blocks = [
        field("text", "What happened?", text_input(held["text"], is_long=True)),
        field("when", "When?", text_input(held["when"], limit=100), hint=_WHEN_HINT),
        field("phase", "Which part of it?", select(_PHASE_WORDS, held["phase"] or None), is_optional=True),
        field(
            "key",
            "Is it a turning point?",
            box | ({"initial_options": [decision]} if held["key"] else {}),
            is_optional=True,
        ),
    ]
    return modal(ENTRY, "Edit an entry", "Save", blocks, metadata)


def correct_time(*, held: Mapping[str, str], metadata: Mapping[str, Any]) -> Block:
    """Return the form of a milestone's entry; one field."""
    which = paragraphs([f"*{whispered(one_line(held['text']))}*"]) if held["text"].strip() else []
    when = field("when", "When was it?", text_input(held["when"], limit=100), hint=_WHEN_HINT)
    return modal(ENTRY, "Correct a milestone", "Save", [*which, when, context(_FIXED)], metadata)
