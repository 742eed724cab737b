"""What is known of an incident."""

from datetime import timedelta
from typing import Any

from bot.domain.incident import Incident, Role, Status
from bot.domain.metrics import metrics
from bot.domain.milestones import Milestone
from bot.services.views import InfoView
from tests.factories import DECLARED, make_incident
from tests.shapes.gallery import EMPTY, FULL, TYPICAL, add
from tests.shapes.samples.incident import CROWDED, LONG, SHORT, USUAL


def info(incident: Incident, *, times: int = 1, **fields: Any) -> InfoView:
    known = {name: DECLARED + number * timedelta(minutes=7) for number, name in enumerate(list(Milestone)[:times])}
    values: dict[str, Any] = {
        "incident": incident,
        "holders": {},
        "milestones": known,
        "metrics": metrics(known),
        "open_for": timedelta(0),
        "related": (),
        "recorded": ("0 messages", "1 timeline entry", "0 causes", "0 actions"),
    }
    return InfoView(**(values | fields))


CAPTURED = (
    "2 messages were recovered after a gap of 11 minutes (14:14 to 14:25 UTC, the program was not running).",
    "It was compared with Slack's history until 2026-11-20 16:05 UTC.",
)
RECORDED = ("1,204 of 1,204 messages", "312 timeline entries", "14 causes", "33 actions")

add(EMPTY, info(SHORT, times=0), to_asker=True)
add(EMPTY, info(make_incident(channel_id=None)), to_asker=True, label="whose channel is being made")
add(
    TYPICAL,
    info(make_incident(is_imported=True, status=Status.RESOLVED), times=0, taken_from=("#ops", "#database")),
    to_asker=True,
    label="imported",
)
add(
    FULL,
    info(make_incident(is_imported=True), times=0, taken_from=tuple(f"#{'<&>' * 26}" for _ in range(40))),
    to_asker=True,
    label="imported",
    rest="and 37 more",
)
add(
    TYPICAL,
    info(USUAL, times=4, holders={Role.LEAD: "ULEAD", Role.OPS: "U0BEN"}, open_for=timedelta(hours=3, minutes=12)),
    to_asker=True,
)
add(
    TYPICAL,
    info(
        make_incident(status=Status.CLOSED, services=("checkout-api", "payments"), owning_team="Payments"),
        times=len(Milestone),
        holders={Role.LEAD: "ULEAD"},
        open_for=None,
        related=(USUAL,),
        recorded=RECORDED,
        captured=CAPTURED,
    ),
    to_asker=True,
    label="when it is over",
)
EVERYBODY = dict.fromkeys(Role, "U0BEN")
add(
    FULL,
    info(
        CROWDED,
        times=len(Milestone),
        holders=EVERYBODY,
        related=(LONG,) * 300,
        recorded=RECORDED,
        captured=CAPTURED * 40,
        parts=(USUAL,) * 40,
    ),
    to_asker=True,
    rest="and 290 more",
)
