"""The forms of a timeline's entry."""

from functools import partial

from bot.domain.editing import KEY
from bot.domain.statements import STATEMENT_LIMIT
from bot.domain.text import clipped
from bot.slack.blocks import entry_modals
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add

METADATA = {"row": 10**9, "channel": "C1", "reference": "m1795153001.000100", "shown": "https://hooks.x/" + "y" * 200}
NOTHING = {"text": "", "when": "2026-11-20 14:05", "phase": "", "key": ""}
USUAL = {"text": "Rolled back to 2.14", "when": "2026-11-20 14:05", "phase": "mitigation", "key": KEY}
MOST = {**USUAL, "text": clipped(HOSTILE, STATEMENT_LIMIT), "when": "2026-11-20T14:05Z"}

for form in (entry_modals.edit_entry, entry_modals.correct_time):
    add(EMPTY, partial(form, held=NOTHING, metadata={}))
    add(TYPICAL, partial(form, held=USUAL, metadata=METADATA))
    add(FULL, partial(form, held=MOST, metadata=METADATA))
