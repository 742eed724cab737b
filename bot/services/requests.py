"""How every change is carried out: one transaction that finds, asks, changes, remembers; only then does it speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.errors import ElsewhereError, NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Actor, Right, may, sees
from bot.services import jobs
from bot.services.views import AnswerView
from bot.services.world import World
from storage import due, incidents, requests
from storage import undo as undoing
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for something.

    `key` names this one request: a second delivery has the same. `channel_id` is where it was asked, `target` an
    incident id or its ending when one was named, `row` the incident's key when a button carried it. `zone` is the
    asker's IANA zone.
    """

    actor: Actor
    key: str
    now: datetime
    zone: str = "UTC"
    channel_id: str = ""
    target: str | None = None
    row: int | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to: the answer, how to take it back, and what the channel should see of it."""

    text: str
    undo: tuple[undoing.Step, ...] = ()
    line: str | None = None
    refreshes_header: bool = False
    jobs: tuple[due.NewItem, ...] = field(default_factory=tuple)
    publish: int | None = None


Change = Callable[[Connection, Incident], Outcome]


def locate(connection: Connection, request: Request, *, command: str) -> Incident:
    """Return the incident that the request is about: the one named, else the channel's.

    Raises NotFoundError, in the same words whether it does not exist or may not be seen; UserError when an ending
    fits several.
    """
    if request.row is not None:
        found_row = incidents.find_row(connection, request.actor.team_id, request.row)
        if found_row is None or not sees(request.actor, found_row):
            raise NotFoundError("There is no such incident that you can see.")
        return found_row
    if request.target is None:
        here = incidents.by_channel(connection, request.actor.team_id, request.channel_id)
        # Only a forged channel can be one that the actor doesn't see: it gets the words of any other channel.
        if here is None or not sees(request.actor, here):
            example = _could_be_meant(connection, request)
            raise ElsewhereError(
                "This is not an incident's channel. Type it there, or name the incident first, for example: "
                f"{command} {example} info",
                example,
            )
        return here
    ending = request.target.upper()
    found = [one for one in incidents.by_ending(connection, request.actor.team_id, ending) if sees(request.actor, one)]
    exact = [one for one in found if one.incident_id == ending]
    if not found:
        raise NotFoundError(f"There is no incident {ending} that you can see. {command} list shows the open ones.")
    if len(found) > 1 and not exact:
        choices = ", ".join(one.incident_id for one in found[:5])
        raise UserError(f"Several incidents end in {ending}: {choices}. Name one of them in full.")
    return (exact or found)[0]


def _could_be_meant(connection: Connection, request: Request) -> str:
    """Return the newest open incident that the asker may see, or what an id looks like."""
    for one in incidents.of_team(connection, request.actor.team_id, only_open=True):
        if sees(request.actor, one):
            return one.incident_id
    return f"INC-{request.now:%Y-%m-%d}-001"


def carry_out(world: World, request: Request, right: Right, change: Change) -> AnswerView:
    """Find the incident, ask for the right, change it and remember the answer, in one transaction.

    A request that was carried out before gets its answer again and changes nothing. Raises UserError.
    """
    with world.database.transaction() as connection:
        given = requests.answer_of(connection, request.actor.team_id, request.key)
        if given is not None:
            return _answer(given)
        incident = locate(connection, request, command=world.policy.command)
        may(request.actor, right, incident)
        answer = _settle(connection, request, incident, change(connection, incident))
        requests.remember(connection, request.actor.team_id, request.key, answer, now=request.now)
    world.wake()
    return _answer(answer)


def _settle(connection: Connection, request: Request, incident: Incident, outcome: Outcome) -> dict[str, Any]:
    """Store what follows from the change, and return the answer as it is remembered."""
    key = None
    if outcome.undo:
        key = undoing.remember(connection, incident, list(outcome.undo), by=request.actor.user_id, now=request.now)
    if outcome.line:
        due.put_once(connection, jobs.line(incident, request.key, outcome.line, now=request.now))
    if outcome.refreshes_header:
        due.put(connection, jobs.header(incident, now=request.now))
    for item in outcome.jobs:
        due.put(connection, item)
    return {"text": outcome.text, "undo": key, "publish": outcome.publish, "incident": incident.row_id}


def _answer(given: dict[str, Any]) -> AnswerView:
    return AnswerView(given["text"], undo=given["undo"], publish=given["publish"], incident_row=given["incident"])


def look(world: World, request: Request, right: Right = Right.SEE) -> Incident:
    """Return the incident that somebody asks to see. Raises UserError when they may not."""
    with world.database.reading() as connection:
        incident = locate(connection, request, command=world.policy.command)
    may(request.actor, right, incident)
    return incident
