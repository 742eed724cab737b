"""Catching up."""

from datetime import timedelta
from typing import Any

from bot.domain.handover import Brief
from bot.domain.incident import Incident, Role
from bot.domain.text import mention
from bot.domain.timeline import Phase
from bot.domain.updates import Update
from bot.services.views import CatchUpView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add
from tests.shapes.samples.handover import offer
from tests.shapes.samples.incident import LONG, SHORT, USUAL
from tests.shapes.samples.tasks import MANY, NOW, task
from tests.shapes.samples.timeline import crowd, entry


def catch_up(incident: Incident, **fields: Any) -> CatchUpView:
    values: dict[str, Any] = {
        "began": DECLARED,
        "ended": None,
        "since": DECLARED,
        "now": NOW,
        "update": None,
        "moments": (),
        "more": 0,
        "holders": {},
        "tasks": (),
        "handover": None,
        "header": None,
        "draft": None,
        "is_here": False,
        "command": "/incident",
    }
    return CatchUpView(incident, **(values | fields))


def update(text: str = "Payments are back for most customers.") -> Update:
    return Update(1, text, "ULEAD", DECLARED, "#incidents", DECLARED + timedelta(minutes=20))


LINK = "https://x.slack.com/archives/C1/p1?thread_ts=1.2&cid=C1"

add(EMPTY, catch_up(SHORT), to_asker=True)
add(EMPTY, catch_up(SHORT, command=mention("UBOT")), to_asker=True, label="in a thread")
add(
    TYPICAL,
    catch_up(
        USUAL,
        update=update(),
        moments=(entry(1, phase=Phase.DETECTION), entry(2, is_key=True)),
        more=7,
        holders={Role.LEAD: "ULEAD", Role.OPS: "U0BEN"},
        tasks=(task(), task(2, "Tell the support team", owner_id="ULEAD")),
        handover=offer(Brief()),
        header=LINK,
    ),
    to_asker=True,
)
add(
    TYPICAL,
    catch_up(USUAL, ended=NOW, draft=LINK, header=LINK, is_here=True),
    to_asker=True,
    label="when it is over",
)
add(
    FULL,
    catch_up(
        LONG,
        update=update(HOSTILE),
        moments=crowd(300),
        more=10**6,
        holders=dict.fromkeys(Role, "U0BEN"),
        tasks=MANY,
        handover=offer(Brief()),
        header=LINK,
        draft=LINK,
    ),
    to_asker=True,
    rest="and 295 more: `/incident tasks`",
)
