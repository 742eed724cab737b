"""How every change is carried out: one transaction that finds, asks, changes, remembers; only then does it speak."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.errors import ElsewhereError, NotFoundError, ScribeError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Actor, Right, may, sees
from bot.services import jobs
from bot.services.views import AnswerView, Confirmation
from bot.services.world import World
from storage import due, incidents, requests
from storage import undo as undoing
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for something.

    `key` names this one request: a second delivery has the same. `channel_id` is where it was asked, `target` an
    incident id or its ending when one was named, `row` the incident's key when a button carried it. `zone` is the
    asker's IANA zone. `channel_name` is what Slack calls the place to a command: of a private one only its kind.
    `is_exact` says that `row` came with a number or a revision of that very incident, which are others in the one that
    it has become part of.
    """

    actor: Actor
    key: str
    now: datetime
    zone: str = "UTC"
    channel_id: str = ""
    channel_name: str = ""
    target: str | None = None
    row: int | None = None
    response_url: str | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to: the answer, how to take it back, and what the channel should see of it."""

    text: str
    undo: tuple[undoing.Step, ...] = ()
    line: str | None = None
    refreshes_header: bool = False
    jobs: tuple[due.NewItem, ...] = field(default_factory=tuple)
    publish: int | None = None
    confirms: Confirmation = Confirmation.PUBLISH


Change = Callable[[Connection, Incident], Outcome]
Finding = Callable[[Connection], Incident]


class _MergedMeanwhileError(ScribeError):
    """The incident that a request is about has become part of another one since it was found."""


def locate(connection: Connection, request: Request, *, command: str) -> Incident:
    """Return the incident that the request is about: the one named, else the channel's, or what that is part of.

    Raises NotFoundError, in the same words whether it does not exist or may not be seen; UserError when an ending
    fits several, and when a button counted on the incident as it was.
    """
    meant = named(connection, request, command=command)
    whole = incidents.whole_of(connection, meant)
    if not sees(request.actor, whole):
        raise NotFoundError(
            f"{meant.incident_id} is part of another incident that you can't see. "
            "Ask here to be brought into its channel."
        )
    if request.is_exact and meant.merged_into is not None:
        raise UserError(
            f"{meant.incident_id} is part of {whole.incident_id} now, with other numbers. To see what is known of it",
            right=f"{command} {whole.incident_id} info",
        )
    return whole


def named(connection: Connection, request: Request, *, command: str) -> Incident:
    """Return the incident that is named, else the channel's, also one that has become part of another.

    Raises as `locate` does.
    """
    if request.row is not None:
        found_row = incidents.find_row(connection, request.actor.team_id, request.row)
        if found_row is None or not _sees(connection, request.actor, found_row):
            raise NotFoundError("There is no such incident that you can see.")
        return found_row
    if request.target is None:
        here = incidents.by_channel(connection, request.actor.team_id, request.channel_id)
        # Only a forged channel can be one that the actor doesn't see: it gets the words of any other channel.
        if here is None or not sees(request.actor, here):
            example = _could_be_meant(connection, request)
            raise ElsewhereError(
                "This is not an incident's channel. Type it there, or name the incident first, for example",
                example,
                right=f"{command} {example} info",
            )
        return here
    ending = request.target.upper()
    fitting = incidents.by_ending(connection, request.actor.team_id, ending)
    found = [one for one in fitting if _sees(connection, request.actor, one)]
    exact = [one for one in found if one.incident_id == ending]
    if not found:
        raise NotFoundError(
            f"There is no incident {ending} that you can see. To see the open ones", right=f"{command} list"
        )
    wholes = {incidents.whole_of(connection, one).row_id for one in found}
    if len(found) > 1 and not exact and len(wholes) == 1:
        return incidents.by_row(connection, wholes.pop())
    if len(found) > 1 and not exact:
        choices = ", ".join(one.incident_id for one in found[:5])
        raise UserError(f"Several incidents end in {ending}: {choices}. Name one of them in full.")
    return (exact or found)[0]


def _sees(connection: Connection, actor: Actor, incident: Incident) -> bool:
    """Whether the incident exists for the actor, as itself or as what it has become part of."""
    return sees(actor, incident) or sees(actor, incidents.whole_of(connection, incident))


def _could_be_meant(connection: Connection, request: Request) -> str:
    """Return the newest open incident that the asker may see, or what an id looks like."""
    for one in incidents.of_team(connection, request.actor.team_id, only_open=True):
        if sees(request.actor, one):
            return one.incident_id
    return f"INC-{request.now:%Y-%m-%d}-001"


def inside(request: Request, channel_id: str) -> Request:
    """Return the request of somebody who was seen to be in this channel: they pressed or opened something there."""
    return replace(request, actor=replace(request.actor, member_of=request.actor.member_of | {channel_id}))


def addressed(world: World, request: Request, incident: Incident, *, is_postmortem: bool = False) -> str:
    """Return how a command about the incident begins where the asker is: elsewhere its id goes in front.

    `is_postmortem` says which of the two commands it is.
    """
    command = world.policy.postmortem_command if is_postmortem else world.policy.command
    is_here = incident.holds_channel and request.channel_id == incident.channel_id
    return command if is_here else f"{command} {incident.incident_id}"


def carry_out(
    world: World, request: Request, right: Right, change: Change, *, finding: Finding | None = None
) -> AnswerView:
    """Find the incident, ask for the right, change it and remember the answer, in one transaction.

    A request that was carried out before gets its answer again and changes nothing. What is decided upon is the
    incident as it is then, and nobody else changes it meanwhile. `change` may be called several times, when the
    database has broken off the first try, or when the incident became part of another between being found and being
    locked. `finding` finds and locks it in another way. Raises UserError.
    """

    def find(connection: Connection) -> Incident:
        incident = incidents.locked(connection, locate(connection, request, command=world.policy.command))
        if incident.merged_into is not None:
            # Not to wait for another row with this one locked.
            raise _MergedMeanwhileError
        return incident

    def work(connection: Connection) -> dict[str, Any]:
        given: dict[str, Any] | None = requests.answer_of(connection, request.actor.team_id, request.key)
        if given is not None:
            return given
        incident = (finding or find)(connection)
        may(request.actor, right, incident)
        answer = _settle(connection, request, incident, change(connection, incident))
        requests.remember(connection, request.actor.team_id, request.key, answer, now=request.now)
        return answer

    while True:
        try:
            answer = world.database.retrying(work)
        except _MergedMeanwhileError:
            continue
        break
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
        # What the header shows is what reminders go by: status, severity, lead, updates.
        due.put(connection, jobs.reminder(incident, now=request.now))
    for item in outcome.jobs:
        due.put(connection, item)
    return {
        "text": _where(request, incident, outcome.text),
        "undo": key,
        "publish": outcome.publish,
        "confirms": outcome.confirms.value,
        "incident": incident.row_id,
    }


def _where(request: Request, incident: Incident, text: str) -> str:
    """Return the answer with the incident's id in front where it was named elsewhere and the answer doesn't say it."""
    is_elsewhere = request.target is not None and request.channel_id not in ("", incident.channel_id)
    return f"{incident.incident_id}: {text}" if is_elsewhere and incident.incident_id not in text else text


def _answer(given: dict[str, Any]) -> AnswerView:
    return AnswerView(
        given["text"],
        undo=given["undo"],
        publish=given["publish"],
        # An answer that was remembered by an earlier version says nothing of it.
        confirms=Confirmation(given.get("confirms", Confirmation.PUBLISH)),
        incident_row=given["incident"],
    )


def look(world: World, request: Request, right: Right = Right.SEE) -> Incident:
    """Return the incident that somebody asks to see. Raises UserError when they may not."""
    with world.database.reading() as connection:
        incident = locate(connection, request, command=world.policy.command)
    may(request.actor, right, incident)
    return incident
