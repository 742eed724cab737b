"""The header and the announcement."""

from typing import Any

from bot.domain.incident import TITLE_LIMIT, Incident, IncidentType, Kind, Role, Severity, Status
from bot.domain.milestones import Milestone
from bot.domain.updates import Update
from bot.services.views import AnnouncementView, HeaderView
from tests.factories import DECLARED, make_incident
from tests.shapes.gallery import EMPTY, ENDLESS, FROM_REPORT, FULL, HOSTILE, NAMES, TYPICAL, add

SHORT, USUAL = make_incident(title="x"), make_incident()
LONG = make_incident(
    title=ENDLESS[:TITLE_LIMIT],
    kind=Kind.DRILL,
    severity=Severity.SEV1,
    is_private=True,
    reporter_id="U0BEN",
    vendor=HOSTILE[:100],
)


def header(incident: Incident, *, roles: int = 0, times: int = 1, groups: int = 0, **fields: Any) -> HeaderView:
    values: dict[str, Any] = {
        "incident": incident,
        "holders": dict.fromkeys(list(Role)[:roles], "U0BEN"),
        "milestones": dict.fromkeys(list(Milestone)[:times], DECLARED),
        "names": NAMES if roles else {},
        "called_in": ("S1",) * groups,
        "command": "/incident",
        "has_draft": False,
    }
    return HeaderView(**(values | fields))


add(EMPTY, header(SHORT, times=0))
add(TYPICAL, header(USUAL, roles=1))
for status in Status:
    closed = make_incident(status=status)
    add(TYPICAL, header(closed, roles=2, times=4, has_draft=True), label=f"and {status.value}")
add(FULL, header(LONG, roles=len(Role), times=len(Milestone), groups=30), rest="30 groups")
ADOPTED = make_incident(is_adopted=True, capture_from=DECLARED, services=("payments",), type=IncidentType.PROCESS)
add(TYPICAL, header(ADOPTED, roles=1, related=("INC-2026-11-19-002",)), label="in a channel that was there before")
CROWDED = make_incident(
    # The service has put names for the people in it.
    title=FROM_REPORT[:TITLE_LIMIT],
    kind=Kind.NEAR_MISS,
    is_adopted=True,
    capture_from=DECLARED,
    capture_until=DECLARED,
    services=(HOSTILE[:100],) * 30,
    owning_team=HOSTILE[:100],
    vendor=HOSTILE[:100],
)
MANY = tuple(f"INC-2026-11-19-{number:03d}" for number in range(1, 41))
add(FULL, header(CROWDED, related=MANY), label="of many things", rest="35 more (/incident info)")
for whole in (USUAL, LONG):
    merged = make_incident(incident_id="INC-2026-11-19-002", status=Status.CLOSED, merged_into=1)
    where = "a private one" if whole.is_private else "another"
    add(TYPICAL, header(merged, roles=2, merged_into=whole), label=f"merged into {where}")
    add(TYPICAL, AnnouncementView(merged, NAMES, merged_into=whole), label=f"merged into {where}")
add(TYPICAL, header(USUAL, roles=1, parts=("INC-2026-11-19-002",)), label="with a part")
add(FULL, header(CROWDED, parts=MANY, related=MANY), label="with many parts", rest="35 more (/incident info)")

add(EMPTY, AnnouncementView(SHORT, {}))
add(TYPICAL, AnnouncementView(USUAL, NAMES))
add(FULL, AnnouncementView(LONG, NAMES))
for promised in (None, DECLARED):
    told = Update(1, "Payments are back for most customers", "U0BEN", DECLARED, "#incidents", promised)
    add(TYPICAL, AnnouncementView(USUAL, NAMES, told), label=f"with an update, {'' if promised else 'no '}next one")
    add(TYPICAL, header(USUAL, roles=2, last_update=told), label=f"updated, {'' if promised else 'no '}next one")
for text in (HOSTILE[:3_000], ENDLESS[:3_000]):
    told = Update(1, text, "U0BEN", DECLARED, "#incidents", DECLARED)
    add(FULL, AnnouncementView(LONG, NAMES, told), label=f"with an update {text[:5]!a}")
