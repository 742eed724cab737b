"""Answers to presses and shortcuts, which can't travel with the ack: committed first, then shown."""

from datetime import datetime, timedelta

import structlog

from bot.services import jobs
from bot.services.ports import RefusedError
from bot.services.requests import Request
from bot.services.views import AnswerView, Confirmation
from bot.services.world import World
from storage import due
from storage.due import DueItem

log = structlog.get_logger()

# Slack takes answers for half an hour: https://docs.slack.dev/interactivity/handling-user-interaction
_ANSWERABLE = timedelta(minutes=30)


def answer_later(world: World, request: Request, view: AnswerView, *, replaces: bool = False) -> None:
    """Let the answer be shown to the asker; without a response_url there is nowhere to show it."""
    if request.response_url is None:
        log.info("answer without a place", text_length=len(view.text))
        return
    shown = {
        "text": view.text,
        "right": view.right,
        "undo": view.undo,
        "publish": view.publish,
        "confirms": view.confirms.value,
        "incident": view.incident_row,
        "replaces": replaces,
        "until": (request.now + _ANSWERABLE).isoformat(),
    }
    item = jobs.answer(
        request.actor.team_id, request.key, now=request.now, response_url=request.response_url, shown=shown
    )
    with world.database.transaction() as connection:
        due.put_once(connection, item)
    world.wake()


def show(world: World, item: DueItem) -> None:
    """Show one answer. Raises OutsideError while trying again may help; one that Slack refuses is past."""
    payload = item.payload
    if world.clock() > datetime.fromisoformat(payload["until"]):
        return
    view = AnswerView(
        payload["text"],
        undo=payload["undo"],
        publish=payload["publish"],
        confirms=Confirmation(payload.get("confirms", Confirmation.PUBLISH)),
        incident_row=payload["incident"],
        # Stored by an earlier version it names no command.
        right=payload.get("right", ""),
    )
    try:
        world.messenger.respond(payload["response_url"], view, replaces=payload["replaces"])
    except RefusedError as error:
        log.warning("answer not shown", code=error.code)
