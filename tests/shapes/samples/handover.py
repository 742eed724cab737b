"""An offer of the lead."""

from dataclasses import fields
from typing import Any

from bot.domain.handover import BRIEF_LIMIT, Brief, Handover, HandoverStatus
from bot.domain.incident import Incident
from bot.services.views import HandoverView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, ENDLESS, FULL, HOSTILE, NAMES, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL


def offer(brief: Brief, **fields: Any) -> Handover:
    return Handover(1, "ULEAD", DECLARED, "U0BEN", brief, **fields)


def handover(incident: Incident, brief: Brief, **fields: Any) -> HandoverView:
    return HandoverView(incident, offer(brief, **fields), NAMES, "/incident")


BRIEF = Brief(
    state="SEV2, mitigated, for 42 min.",
    tried="- Rolled checkout back to 2.14",
    hypothesis="- The pool is too small for the retries",
    next_check="16:30, the queue should be below 1,000",
)
# Fields that people filled to the brim; what they type into a form holds no mention.
LONGEST = Brief(**{one.name: ENDLESS[:BRIEF_LIMIT] for one in fields(Brief)})
PREFILLED = Brief(**{one.name: HOSTILE[:BRIEF_LIMIT] for one in fields(Brief)})

add(EMPTY, handover(SHORT, Brief()), asks=("U0BEN",))
add(TYPICAL, handover(USUAL, BRIEF), asks=("U0BEN",))
for status in HandoverStatus:
    if status is not HandoverStatus.OFFERED:
        ended = handover(USUAL, BRIEF, status=status, status_by="U0BEN", status_at=DECLARED)
        add(TYPICAL, ended, label=f"that is {status.value}")
add(FULL, handover(LONG, LONGEST), asks=("U0BEN",), rest="Some of this is cut")
