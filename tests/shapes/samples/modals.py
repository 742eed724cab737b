"""Forms, and what they turn into."""

from functools import partial

from bot.domain.incident import TITLE_LIMIT, IncidentType, Kind, Severity
from bot.slack.blocks import modals
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, ENDLESS, FULL, HOSTILE, TYPICAL, add

add(EMPTY, partial(modals.declare, metadata={}))
add(TYPICAL, partial(modals.declare, title="Checkout errors", severity=Severity.SEV2, metadata={}))
add(
    FULL,
    partial(
        modals.declare,
        title=ENDLESS[:TITLE_LIMIT],
        severity=Severity.SEV1,
        kind=Kind.RETRO,
        type_=IncidentType.SECURITY,
        is_private=True,
        vendor=HOSTILE[:100],
        notes=["It started yesterday 23:55, 22:55 UTC.", "Not everybody can read that message. " * 9],
        metadata={"since": DECLARED.isoformat()},
    ),
)

add(EMPTY, partial(modals.drop_action, text="x", metadata={}))
add(TYPICAL, partial(modals.drop_action, text="Add a load test", metadata={"row": 1, "number": 1}))
add(FULL, partial(modals.drop_action, text=HOSTILE, metadata={"row": 10**9, "number": 10**9}))

add(EMPTY, partial(modals.done, "x", "x"))
add(TYPICAL, partial(modals.done, "Declared", "INC-2026-11-20-001 is declared."))
add(FULL, partial(modals.done, "D" * 99, HOSTILE))
add(FULL, partial(modals.done, "D" * 99, HOSTILE, undo=10**9), label="to be undone")
