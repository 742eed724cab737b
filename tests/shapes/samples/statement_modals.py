"""The forms of causes and lessons."""

from functools import partial

from bot.domain.statements import CauseKind, LessonKind
from bot.slack.blocks import statement_modals
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add

METADATA = {"row": 10**9, "channel": "C1", "shown": "https://hooks.x/" + "y" * 200}

add(EMPTY, partial(statement_modals.cause, metadata={}))
add(TYPICAL, partial(statement_modals.cause, kind=CauseKind.ROOT, metadata=METADATA))
add(FULL, partial(statement_modals.cause, kind=CauseKind.TRIGGER, text=HOSTILE, metadata=METADATA))

add(EMPTY, partial(statement_modals.lesson, metadata={}))
add(TYPICAL, partial(statement_modals.lesson, kind=LessonKind.HARD, text="Two dashboards", metadata=METADATA))
add(FULL, partial(statement_modals.lesson, kind=LessonKind.UNKNOWN, text=HOSTILE, metadata=METADATA))
