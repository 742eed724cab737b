"""The form that adds an action."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.actions import ActionType, Priority
from bot.domain.links import LINK_LIMIT
from bot.domain.statements import Cause
from bot.domain.text import with_mentions_as
from bot.slack.blocks.elements import Block
from bot.slack.blocks.forms import field, modal, select, text_input

ACTION = "action"
_MOST_OPTIONS = 100
_PRIORITY_WORDS = {
    Priority.P0: "P0: before the next working day",
    Priority.P1: "P1: within a week",
    Priority.P2: "P2: within a month",
}
_TYPE_WORDS = {
    ActionType.PREVENT: "Prevent: it can't happen again",
    ActionType.DETECT: "Detect: we notice it sooner",
    ActionType.MITIGATE_FUTURE: "Mitigate future: it hurts less next time",
    ActionType.REPAIR: "Repair: put right what broke",
    ActionType.MITIGATE: "Mitigate: limit what still hurts",
    ActionType.INVESTIGATE: "Investigate: find out more",
}


def action(*, text: str = "", causes: Sequence[Cause] = (), metadata: Mapping[str, Any]) -> Block:
    """Return the form of an action: six fields, and which cause it answers where any is known."""
    blocks = [
        field(
            "text",
            "What is to be done?",
            text_input(text, is_long=True, example="Alert on the queue's length"),
            hint="Begin with a verb.",
        ),
        field("owner", "Who does it?", {"type": "users_select"}, is_optional=True),
        field(
            "due",
            "Until when?",
            text_input(limit=100),
            hint="For example: friday, 2026-12-01, in 2 weeks or end of month",
            is_optional=True,
        ),
        field("priority", "How urgent is it?", select(_PRIORITY_WORDS), is_optional=True),
        field("type", "What does it do?", select(_TYPE_WORDS), is_optional=True),
        field(
            "link",
            "Where is it tracked?",
            text_input(limit=LINK_LIMIT),
            hint="A link to the ticket, for example: https://example.atlassian.net/browse/PAY-412",
            is_optional=True,
        ),
    ]
    if causes:
        # Of more than fit the newest: those are the ones that are being talked about.
        words = {cause.cause_id: _said(cause) for cause in causes[-_MOST_OPTIONS:]}
        blocks.insert(5, field("cause", "Which cause does it answer?", select(words), is_optional=True))
    return modal(ACTION, "Add an action", "Add", blocks, metadata)


def _said(cause: Cause) -> str:
    return f"{cause.kind.value.capitalize()}: {with_mentions_as(cause.text, lambda _: '@…')}"
