"""The preview of leading an incident in a channel that is there already."""

from typing import Any

from bot.domain.adoption import MOST_MESSAGES, Talk
from bot.services.views import AdoptionView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, FULL, HOSTILE, TYPICAL, add
from tests.shapes.samples.incident import LONG, USUAL


def adoption(talk: Talk, **fields: Any) -> AdoptionView:
    values: dict[str, Any] = {
        "channel_id": "C1",
        "title": USUAL.title,
        "is_private": False,
        "again": "/incident start --here --since 14:05",
        "value": "12",
    }
    return AdoptionView(talk=talk, **(values | fields))


TOO_MUCH = Talk(MOST_MESSAGES + 1, 10**6, DECLARED, is_more=True)

add(EMPTY, adoption(Talk(0, 0, None), title="x"), to_asker=True)
add(TYPICAL, adoption(Talk(212, 14, DECLARED)), to_asker=True)
add(
    FULL,
    adoption(TOO_MUCH, title=LONG.title, is_private=True, again=HOSTILE[:2000], value="x" * 2000),
    to_asker=True,
    rest="For a later start",
)
