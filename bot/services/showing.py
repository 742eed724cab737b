"""Lists for one reader, shown after a press through its response_url."""

from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.services import catchup, jobs, people, tasks
from bot.services.ports import RefusedError
from bot.services.requests import Request, inside, look
from bot.services.views import AnswerView, CatchUpView, TasksView
from bot.services.world import World
from storage import due, incidents
from storage.due import DueItem

log = structlog.get_logger()

# Slack takes answers for half an hour: https://docs.slack.dev/interactivity/handling-user-interaction
_ANSWERABLE = timedelta(minutes=30)


class Shown(StrEnum):
    """What there is to show."""

    TASKS = "tasks"
    CATCH_UP = "catch-up"


def show_later(
    world: World, request: Request, what: Shown, *, said: AnswerView | None = None, replaces: bool = False
) -> None:
    """Let something be shown to the asker, below what was just `said`; `replaces` puts it in place of what was pressed.

    Raises UserError when they may not see the incident.
    """
    incident = look(world, request)
    if request.response_url is None:
        return
    payload = {
        "what": what.value,
        "user_id": request.actor.user_id,
        "row": incident.row_id,
        "response_url": request.response_url,
        "channel_id": request.channel_id,
        "said": said.text if said else "",
        "undo": said.undo if said else None,
        "replaces": replaces,
        "until": (request.now + _ANSWERABLE).isoformat(),
    }
    item = jobs.show(request.actor.team_id, request.key, now=request.now, payload=payload)
    with world.database.transaction() as connection:
        due.put_once(connection, item)
    world.wake()


def show_now(world: World, item: DueItem) -> None:
    """Show what `show_later` promised. Raises OutsideError while trying again may help."""
    given = item.payload
    now = world.clock()
    if now > datetime.fromisoformat(given["until"]):
        return
    actor, zone = people.actor(world, item.team_id, given["user_id"], "", now=now)
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, given["row"])
    asked = Request(actor, "", now, zone=zone, channel_id=given["channel_id"], row=incident.row_id)
    request = inside(asked, given["channel_id"])
    view: TasksView | CatchUpView
    if given["what"] == Shown.TASKS:
        view = tasks.show(world, request, said=given["said"], undo=given["undo"])
    else:
        view = catchup.catch_up(world, request)
    try:
        world.messenger.respond(given["response_url"], view, replaces=given["replaces"])
    except RefusedError as error:
        log.warning("list not shown", what=given["what"], code=error.code, incident=incident.incident_id)
