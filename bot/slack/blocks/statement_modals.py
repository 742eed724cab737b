"""The forms that name a cause and a lesson."""

from collections.abc import Mapping
from typing import Any

from bot.domain.causes import CATEGORIES, CATEGORY_LIMIT, SCORES
from bot.domain.links import LINK_LIMIT
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.slack.blocks.elements import Block
from bot.slack.blocks.forms import field, modal, select, text_input

CAUSE = "cause"
LESSON = "lesson"
_CAUSE_WORDS = {
    CauseKind.ROOT: "Root cause: its fix stops the return of this kind",
    CauseKind.CONTRIBUTING: "Contributing factor: it helped",
    CauseKind.TRIGGER: "Trigger: it set it off",
}
_LAYER_WORDS = {
    Layer.TECHNICAL: "Technical: code, systems, data",
    Layer.PROCESS: "Process: how the work is done",
    Layer.ORGANISATIONAL: "Organisational: goals, staffing, ownership",
}
_LESSON_WORDS = {
    LessonKind.WELL: "Went well",
    LessonKind.POORLY: "Went poorly",
    LessonKind.LUCKY: "Where we got lucky",
    LessonKind.HARD: "What made it hard",
    LessonKind.UNKNOWN: "Still unknown",
}


def cause(*, kind: CauseKind = CauseKind.CONTRIBUTING, text: str = "", metadata: Mapping[str, Any]) -> Block:
    """Return the form of a cause; seven fields."""
    categories = {category: category[0].upper() + category[1:] for category in CATEGORIES}
    blocks = [
        field("kind", "What was it?", select(_CAUSE_WORDS, kind)),
        field(
            "text",
            "Say it in a sentence",
            text_input(text, is_long=True, example="The pool size is fixed by hand and nothing compares it with load"),
            hint="A condition of systems or of work, never a person.",
        ),
        field(
            "evidence",
            "What shows it?",
            text_input(limit=LINK_LIMIT),
            hint="A link: a dashboard, a commit, or a message's “Copy link”",
            is_optional=True,
        ),
        field("layer", "Where does it lie?", select(_LAYER_WORDS), is_optional=True),
        field("category", "Category", select(categories), is_optional=True),
        field(
            "own_category",
            "Or a category of your own",
            text_input(limit=CATEGORY_LIMIT),
            hint="For example: clock skew",
            is_optional=True,
        ),
        field(
            "score",
            "How much did it contribute?",
            select(SCORES),
            hint="For a contributing factor alone",
            is_optional=True,
        ),
    ]
    return modal(CAUSE, "Add a cause", "Add", blocks, metadata)


def lesson(*, kind: LessonKind = LessonKind.WELL, text: str = "", metadata: Mapping[str, Any]) -> Block:
    """Return the form of a lesson; two fields."""
    blocks = [
        field("kind", "What is it about?", select(_LESSON_WORDS, kind)),
        field("text", "Say it in a sentence", text_input(text, is_long=True, example="The rollback took four minutes")),
    ]
    return modal(LESSON, "Add a lesson", "Add", blocks, metadata)
