"""The form for an update."""

from functools import partial

from bot.domain.incident import Status
from bot.slack.blocks import update_modals
from tests.factories import make_incident
from tests.shapes.gallery import EMPTY, FROM_REPORT, FULL, HOSTILE, TYPICAL, add
from tests.shapes.samples.catchup import update
from tests.shapes.samples.incident import LONG, SHORT, USUAL

PLACE = "It is read in #incidents."
OVER = make_incident(status=Status.RESOLVED)

add(EMPTY, partial(update_modals.send_update, SHORT, None, place="", metadata={}))
add(TYPICAL, partial(update_modals.send_update, USUAL, update(), place=PLACE, metadata={"row": 1}))
add(TYPICAL, partial(update_modals.send_update, OVER, update(), place=PLACE, metadata={"row": 1}), label="afterwards")
add(FULL, partial(update_modals.send_update, LONG, update(HOSTILE), place=FROM_REPORT[:500], metadata={"row": 10**9}))
