"""Forms for leading an incident."""

from functools import partial

from bot.domain.handover import Brief
from bot.slack.blocks import leading_modals
from tests.shapes.gallery import EMPTY, FROM_REPORT, FULL, HOSTILE, TYPICAL, add
from tests.shapes.samples.handover import BRIEF, PREFILLED

METADATA = {"row": 10**9, "channel": "C1", "to": "U0BEN"}

add(EMPTY, partial(leading_modals.handover, to_name="x", brief=Brief(), metadata={}))
add(TYPICAL, partial(leading_modals.handover, to_name="Ben Okoro", brief=BRIEF, metadata=METADATA))
add(FULL, partial(leading_modals.handover, to_name=FROM_REPORT, brief=PREFILLED, metadata=METADATA))

add(EMPTY, partial(leading_modals.give_task, text="x", metadata={}))
add(TYPICAL, partial(leading_modals.give_task, text="Restart the workers", metadata=METADATA))
add(FULL, partial(leading_modals.give_task, text=HOSTILE, metadata=METADATA))
