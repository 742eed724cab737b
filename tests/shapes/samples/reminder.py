"""The live reminder."""

from datetime import timedelta
from typing import Any

from bot.domain.incident import Incident
from bot.domain.reminders import ReminderKind
from bot.services.views import ReminderView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, FULL, NAMES, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL

UNTIL = DECLARED + timedelta(minutes=30)


def reminder(incident: Incident, kind: ReminderKind = ReminderKind.LEAD, **fields: Any) -> ReminderView:
    values: dict[str, Any] = {
        "incident": incident,
        "kind": kind,
        "since": DECLARED,
        "asked": None,
        "names": NAMES,
        "command": "/incident",
    }
    return ReminderView(**(values | fields))


add(EMPTY, reminder(SHORT, command="/i"))
for each in ReminderKind:
    add(TYPICAL, reminder(USUAL, each, asked="U0BEN"), asks=("U0BEN",), label=f"for {each}")
add(TYPICAL, reminder(USUAL, snoozed_until=UNTIL, snoozed_by="ULEAD"), label="and snoozed")
add(
    FULL,
    reminder(LONG, ReminderKind.UPDATE, asked="U0BEN", command="/" + "c" * 31),
    asks=("U0BEN",),
)
add(
    FULL,
    reminder(LONG, snoozed_until=UNTIL, snoozed_by="U0BEN"),
    label="and snoozed",
)
