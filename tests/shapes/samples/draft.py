"""A draft's summary and a published postmortem."""

from typing import Any

from bot.domain.incident import Incident, Status
from bot.services.views import DraftView, PublishedView
from tests.factories import DECLARED, make_incident
from tests.shapes.gallery import EMPTY, FROM_REPORT, FULL, NAMES, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL

OVER = make_incident(status=Status.RESOLVED)
SECONDS = {"time_to_detect": 240, "time_to_acknowledge": None, "time_to_mitigate": 2_460, "time_to_resolve": 90_061}


def draft(incident: Incident, **fields: Any) -> DraftView:
    values: dict[str, Any] = {
        "incident": incident,
        "revision": 1,
        "summary": "For 41 minutes one payment in five failed in the EU.",
        "seconds": SECONDS,
        "made_from": "412 messages, 2 of them recovered",
        "counts": ("14 timeline entries", "2 causes", "3 actions"),
        "gaps": (("Who was affected?", "/incident impact TEXT"),),
        "published_revision": None,
        "published_by": None,
        "published_at": None,
        "names": NAMES,
    }
    return DraftView(**(values | fields))


PUBLISHED = {"published_by": "U0BEN", "published_at": DECLARED}

add(EMPTY, draft(SHORT, summary="", seconds={}, counts=(), gaps=()))
add(TYPICAL, draft(USUAL), label="of an open incident")
add(TYPICAL, draft(OVER), label="to publish")
add(TYPICAL, draft(OVER, published_revision=1, **PUBLISHED), label="that is published")
add(
    FULL,
    draft(
        LONG,
        revision=999,
        summary=FROM_REPORT,
        seconds=dict.fromkeys(SECONDS, 10**9),
        counts=("9,999,999 timeline entries", "9,999,999 causes", "9,999,999 actions"),
        gaps=((FROM_REPORT[:2000], f"/incident impact {FROM_REPORT[:2000]}"),) * 300,
        published_revision=998,
        **PUBLISHED,
    ),
    rest="and 297 more, named in the report",
)

add(EMPTY, PublishedView(SHORT, 1, "", None))
add(TYPICAL, PublishedView(OVER, 1, "It was down.", "https://x.slack.com/archives/C1/p1?thread_ts=1.2&cid=C1"))
add(
    FULL,
    PublishedView(LONG, 999, FROM_REPORT, "https://x.slack.com/archives/C1/p1?thread_ts=1.2&cid=C1"),
    rest="|Read it>",
)
add(FULL, PublishedView(LONG, 999, FROM_REPORT, None), label="without a link", rest="Read it in <#C1>")
