"""The Home tab."""

from typing import Any

from bot.domain.actions import ActionStatus
from bot.domain.archive import Stage, Standing
from bot.services.views import HomeView
from tests.factories import DAY, make_action
from tests.shapes.gallery import EMPTY, FULL, TYPICAL, add
from tests.shapes.samples.followup import actions
from tests.shapes.samples.incident import LONG, SHORT, USUAL


def home(**fields: Any) -> HomeView:
    values: dict[str, Any] = {"incidents": (), "actions": (), "drafts": (), "command": "/incident", "today": DAY}
    return HomeView(**(values | fields))


add(EMPTY, home())
add(
    EMPTY,
    home(incidents=(SHORT,), actions=((SHORT, make_action(1, "x")),), drafts=(Standing(SHORT, Stage.OWED),)),
    label="but one",
)
add(
    TYPICAL,
    home(
        incidents=(USUAL,),
        actions=((USUAL, make_action(1, due=DAY)),),
        drafts=(Standing(USUAL, Stage.OWED, due=DAY),),
    ),
)
add(
    FULL,
    home(
        incidents=(LONG,) * 300,
        actions=tuple((LONG, one) for one in actions(ActionStatus.OPEN, 1, 300)),
        drafts=tuple(Standing(LONG, stage, due=DAY, revision=999, owner_id="U0BEN") for stage in Stage) * 99,
    ),
    rest="more: `/incident list`",
)
