"""Forms that were opened from the timeline: when they are sent in, the timeline shows what came of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.services import timeline
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks.forms import Form
from bot.slack.forms.reading import Payload, Submitted, incident_request

# Slack takes answers for half an hour; the form itself says what was done when that has nearly passed.
_FRESH = timedelta(minutes=25)


def from_timeline(request: Request, *, is_whole: bool) -> dict[str, Any]:
    """Return what a form carries that was opened from the timeline, to show it again."""
    return {"shown": request.response_url, "whole": is_whole, "at": request.now.isoformat()}


def passed_on(form: Submitted) -> dict[str, Any]:
    """Return the same for the next step of a form; nothing for one that was opened elsewhere."""
    return {name: form.metadata[name] for name in ("shown", "whole", "at") if name in form.metadata}


def submitted_from_timeline(
    world: World,
    body: Payload,
    form: Submitted,
    title: str,
    run: Callable[[], AnswerView | Form],
    *,
    default_field: str,
) -> dict[str, Any]:
    """Return how to acknowledge a form: closed, where the timeline that it was opened from tells what was done.

    Otherwise as `door.submitted`.
    """
    came: list[AnswerView | Form] = []

    def carried() -> AnswerView | Form:
        came.append(run())
        return came[-1]

    answer = door.submitted(world, body, title, carried, default_field=default_field)
    shown = form.metadata.get("shown")
    if not (came and isinstance(came[-1], AnswerView) and shown):
        return answer
    request = replace(incident_request(world, body, form), response_url=shown)
    if request.now - datetime.fromisoformat(form.metadata["at"]) > _FRESH:
        return answer
    timeline.show_later(world, request, is_whole=form.metadata["whole"], said=came[-1], replaces=True)
    return {}
