"""The two steps of the form of an impact."""

from functools import partial

from bot.domain.impact import NAME_LIMIT, NAMES_LIMIT, WORDS_LIMIT
from bot.slack.blocks import impact_modals
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add

METADATA = {"row": 10**9, "channel": "C1", "base": 10**9, "shown": "https://hooks.x/" + "y" * 200}
USUAL = {"users": "50,000 (20%)", "services": "checkout, payments", "from": "2026-11-20 14:05", "tickets": "85"}
NAMES = ", ".join(HOSTILE[:NAME_LIMIT] for _ in range(NAMES_LIMIT))
MOST = {
    **USUAL,
    "services": NAMES,
    "regions": NAMES,
    "data_integrity": HOSTILE[:WORDS_LIMIT],
    "sla_breach": HOSTILE[:WORDS_LIMIT],
}

add(EMPTY, partial(impact_modals.impact, held={}, metadata={}))
add(TYPICAL, partial(impact_modals.impact, text="1 in 5 checkouts failed", held=USUAL, metadata=METADATA))
add(FULL, partial(impact_modals.impact, text=HOSTILE, held=MOST, metadata=METADATA))

add(EMPTY, partial(impact_modals.impact_costs, held={}, metadata={}))
add(TYPICAL, partial(impact_modals.impact_costs, said="Impact of INC-1 saved.", held=USUAL, metadata=METADATA))
add(FULL, partial(impact_modals.impact_costs, said=HOSTILE, held=MOST, metadata=METADATA))
