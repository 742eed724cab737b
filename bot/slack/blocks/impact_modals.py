"""The two steps of the form that states the impact."""

from collections.abc import Mapping
from typing import Any

from bot.domain.impact import WORDS_LIMIT
from bot.slack.blocks.elements import Block, context, option
from bot.slack.blocks.forms import field, modal, text_input
from bot.slack.text import whispered

IMPACT = "impact"
COSTS = "impact_costs"
MORE = "more"
_SHORT = 200
_NAMES = 2_000


def impact(*, text: str = "", held: Mapping[str, str], metadata: Mapping[str, Any]) -> Block:
    """Return the first step: what it was, whom and what it hit, from when to when; seven fields.

    `held` is what is known, by the fields' names, as the reader would type it.
    """
    more = option("Then go on to data, SLA, revenue, tickets and costs", MORE)
    blocks = [
        field(
            "text",
            "Who was affected, and how?",
            text_input(text, is_long=True, example="1 in 5 checkouts failed for 40 minutes"),
            hint="It replaces what is written here now. To add another sentence, type it after the command.",
            is_optional=True,
        ),
        _line(held, "users", "How many users?", hint="A number, a share or both, for example: 50K (20%)"),
        _line(held, "services", "Which services?", limit=_NAMES, hint="Commas between them: checkout, payments"),
        _line(held, "regions", "Where?", limit=_NAMES, hint="For example: eu-west-1, Germany"),
        _line(held, "from", "Affected from", hint="For example: 14:05, 14:05 UTC or yesterday 5pm"),
        _line(held, "to", "Affected until", hint="For example: 14:45, or 10 minutes ago. Empty while it lasts."),
        field("next", "And then?", {"type": "checkboxes", "options": [more]}, is_optional=True),
    ]
    return modal(IMPACT, "Impact", "Save", blocks, metadata)


def impact_costs(*, said: str = "", held: Mapping[str, str], metadata: Mapping[str, Any]) -> Block:
    """Return the second step: data, SLA, revenue, tickets, costs; five fields. `said` is what was saved before it."""
    blocks = [
        _line(held, "data_integrity", "Data", limit=WORDS_LIMIT, hint="For example: 12 orders doubled, none lost"),
        _line(held, "sla_breach", "SLA", limit=WORDS_LIMIT, hint="For example: 99.9% in November missed"),
        _line(held, "revenue", "Revenue lost", hint="For example: $12,400 or 12.4K EUR"),
        _line(held, "tickets", "Support tickets", hint="For example: 85"),
        _line(held, "cost", "Other costs", hint="Credits, vendors, overtime, for example: 3,000 EUR"),
    ]
    if said:
        blocks.insert(0, context(whispered(said)))
    return modal(COSTS, "Impact: what it cost", "Save", blocks, metadata)


def _line(held: Mapping[str, str], name: str, label: str, *, hint: str, limit: int = _SHORT) -> Block:
    return field(name, label, text_input(held.get(name, ""), limit=limit), hint=hint, is_optional=True)
