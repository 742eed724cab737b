"""The 30- and 60-day follow-ups."""

from typing import Any

from bot.domain.actions import ActionItem, ActionStatus
from bot.domain.incident import Incident
from bot.services.views import FollowUpView
from tests.factories import DECLARED, make_action
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, NAMES, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL


def follow_up(incident: Incident, **fields: Any) -> FollowUpView:
    values: dict[str, Any] = {
        "incident": incident,
        "slot": "30d",
        "days": 30,
        "open": (),
        "done": (),
        "dropped": (),
        "asked": (),
        "names": NAMES,
        "link": None,
        "came_back": None,
        "answered_by": None,
        "is_direct": False,
    }
    return FollowUpView(**(values | fields))


def actions(status: ActionStatus, start: int, count: int, text: str = HOSTILE[:3000]) -> tuple[ActionItem, ...]:
    return tuple(
        make_action(start + n, text, status=status, owner_id="U0BEN", due=DECLARED.date(), reason=HOSTILE[:1000])
        for n in range(count)
    )


LINK = "https://x.slack.com/archives/C1/p1?thread_ts=1.2&cid=C1"
ASKED = tuple(f"U{n:09d}" for n in range(300))

add(EMPTY, follow_up(SHORT))
add(TYPICAL, follow_up(USUAL, open=(make_action(1),), asked=("U0BEN",), link=LINK), asks=("U0BEN",))
add(TYPICAL, follow_up(USUAL, came_back=True, answered_by="U0BEN", done=(make_action(1),)), label="and answered")
add(
    TYPICAL,
    follow_up(USUAL, open=actions(ActionStatus.OPEN, 1, 12, "Alert on pool saturation, with a runbook that is linked")),
    label="with many actions",
    rest="*12.* Alert",
)
add(
    FULL,
    follow_up(
        LONG,
        open=actions(ActionStatus.OPEN, 1, 300),
        done=actions(ActionStatus.DONE, 400, 300),
        dropped=actions(ActionStatus.DROPPED, 800, 300),
        asked=ASKED,
        link=LINK,
        is_direct=True,
    ),
    asks=ASKED[:20],
    rest="more open actions, named in the report",
)
add(
    FULL,
    follow_up(LONG, done=actions(ActionStatus.DONE, 400, 300), dropped=actions(ActionStatus.DROPPED, 800, 300)),
    label="and finished",
    rest="290 more, named in the report",
)
