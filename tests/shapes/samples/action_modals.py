"""The form of an action."""

from functools import partial

from bot.domain.statements import CauseKind
from bot.slack.blocks import action_modals
from tests.factories import make_cause
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add

METADATA = {"row": 10**9, "channel": "C1", "source": "https://x.slack.com/archives/C1/p1795153001000100?thread_ts=1.2"}
MANY = tuple(make_cause(CauseKind.ROOT, HOSTILE[:3000], number) for number in range(1, 150))

add(EMPTY, partial(action_modals.action, metadata={}))
add(TYPICAL, partial(action_modals.action, causes=MANY[:1], text="Alert on the queue", metadata=METADATA))
add(FULL, partial(action_modals.action, causes=MANY, text=HOSTILE, metadata=METADATA))
