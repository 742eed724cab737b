"""Leading an incident in a channel that is there already (`start --here`): a preview first, then the asker decides.

The command only stores what was asked. What the channel is like, and how much was said in it, is looked up after the
ack; the preview carries that back to the press, which declares the incident in one transaction.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.adoption import (
    ChannelFacts,
    check_adoptable,
    end_of_capture,
    is_conversation,
    may_be_adopted_again,
)
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident, IncidentType, Kind, Severity
from bot.domain.rights import Right, may
from bot.domain.text import channel_mark
from bot.services import backfill, channel_life, declare, header, jobs
from bot.services.declare import Declaration
from bot.services.opening import announce
from bot.services.ports import ChannelGoneError, OutsideError, RefusedError
from bot.services.requests import Request
from bot.services.views import AdoptionView, AnswerView
from bot.services.world import World
from storage import due, incidents, requests
from storage.database import Connection
from storage.due import DueItem

log = structlog.get_logger()

# Slack takes answers for half an hour: https://docs.slack.dev/interactivity/handling-user-interaction
_ANSWERABLE = timedelta(minutes=30)
_WAITED = "That took too long. Type it again:"


@dataclass(frozen=True, slots=True)
class _Preview:
    """What the buttons of a preview carry: the request it belongs to, and what was found.

    `starts` is an ISO time, None when nothing was said. `was_joined` says that the bot entered the channel to look.
    """

    key: str
    starts: str | None
    is_private: bool
    was_joined: bool

    @classmethod
    def read(cls, value: str) -> "_Preview":
        """Return what a button carries."""
        return cls(**json.loads(value))


def ask(world: World, request: Request, declaration: Declaration) -> AnswerView:
    """Store what is asked and let the channel be looked at; the preview follows through the response_url.

    Raises UserError where no incident can be led, as far as is known without asking Slack.
    """
    declaration = declare.checked(request, declaration)
    otherwise = own_channel(world, declaration)
    if request.response_url is None:
        # Such as from a mention in a thread.
        right = f"{otherwise} --here"
        raise UserError("What --here would take in can't be shown here. Type it as a command", right=right)
    if is_conversation(request.channel_name):
        raise UserError("This is no channel. To make one for the incident, leave out --here", right=otherwise)

    def work(connection: Connection) -> dict[str, Any]:
        given: dict[str, Any] | None = requests.answer_of(connection, request.actor.team_id, request.key)
        if given is None:
            _check_free(connection, request, otherwise)
            asked = {
                "by": request.actor.user_id,
                "channel_id": request.channel_id,
                "key": request.key,
                "response_url": request.response_url,
                "until": (request.now + _ANSWERABLE).isoformat(),
                "declaration": _to_json(declaration),
            }
            given = {"text": f"Looking at {channel_mark(request.channel_id)} …", "incident": None, "asked": asked}
            due.put(connection, jobs.look(request.actor.team_id, request.key, now=request.now, payload=asked))
            requests.remember(connection, request.actor.team_id, request.key, given, now=request.now)
        return given

    given = world.database.retrying(work)
    world.wake()
    return AnswerView(given["text"])


def _lock_before(connection: Connection, request: Request) -> None:
    """Let nobody take up again what was led here before, while it is decided that its channel is free."""
    incidents.lock_channel(connection, request.actor.team_id, request.channel_id)
    here = incidents.by_channel(connection, request.actor.team_id, request.channel_id)
    if here:
        # A part after its whole, as in whatever else changes both.
        incidents.locked(connection, incidents.whole_of(connection, here))
        incidents.locked(connection, here)


def _check_free(connection: Connection, request: Request, otherwise: str) -> Incident | None:
    """Return the incident that was led here before, None if there was none. Raises UserError while it is led here."""
    here = incidents.by_channel(connection, request.actor.team_id, request.channel_id)
    if here and not (may_be_adopted_again(here) and incidents.whole_of(connection, here).status.is_over):
        raise UserError(
            f"{here.incident_id} is led in this channel. Without --here the new one gets a channel of its own, "
            "and the two are linked",
            right=otherwise,
        )
    return here


def own_channel(world: World, declaration: Declaration) -> str:
    """Return the command that declares the same in a channel of its own."""
    words = [f"{world.policy.command} start {declaration.title} --sev {declaration.severity.value}"]
    if declaration.kind is not Kind.LIVE:
        words.append(f"--kind {declaration.kind.value}")
    if declaration.type is not IncidentType.PRODUCTION:
        words.append(f"--type {declaration.type.value}")
    if declaration.vendor:
        words.append(f'--vendor "{declaration.vendor}"')
    return " ".join([*words, *(["--private"] if declaration.is_private else [])])


def _to_json(declaration: Declaration) -> dict[str, Any]:
    return asdict(declaration) | {"since": declaration.since.isoformat() if declaration.since else None}


def _from_json(stored: dict[str, Any]) -> Declaration:
    return Declaration(
        **stored
        | {
            "severity": Severity(stored["severity"]),
            "kind": Kind(stored["kind"]),
            "type": IncidentType(stored["type"]),
            "since": datetime.fromisoformat(stored["since"]) if stored["since"] else None,
        }
    )


def show_preview(world: World, item: DueItem) -> None:
    """Look at the channel and show what leading the incident there would take in, or why it can't be.

    Raises OutsideError while trying again may help; after half an hour nobody waits for it any more.
    """
    asked = item.payload
    if world.clock() > datetime.fromisoformat(asked["until"]):
        return
    declaration = _from_json(asked["declaration"])
    view: AnswerView | AdoptionView
    try:
        facts = _look(world, item, declaration)
        view = _preview(world, item, facts, declaration)
    except UserError as error:
        view = AnswerView(error.message, right=error.right)
    try:
        world.messenger.respond(asked["response_url"], view, replaces=False)
    except RefusedError as error:
        log.warning("preview not shown", code=error.code)


def _look(world: World, item: DueItem, declaration: Declaration) -> ChannelFacts:
    """Return what the channel was like before the bot was in it. Raises UserError when no incident can be led there."""
    channel_id = item.payload["channel_id"]
    otherwise = own_channel(world, declaration)
    try:
        facts = world.channels.about(channel_id)
        check_adoptable(
            facts,
            is_security=declaration.type is IncidentType.SECURITY,
            is_private=declaration.is_private,
            otherwise=otherwise,
        )
        is_there_to_look = _is_brought_by_looking(world, item, facts)
        if not facts.is_member:
            world.channels.join(channel_id)
    except ChannelGoneError as error:
        raise UserError(
            "Incident Scribe is not in this channel. Type /invite @Incident Scribe first, then start it here again; "
            "or leave out --here",
            right=otherwise,
        ) from error
    except RefusedError as error:
        raise UserError(
            f"Slack doesn't let Incident Scribe into this channel ({error.code}). "
            "To give the incident a channel of its own",
            right=otherwise,
        ) from error
    return replace(facts, is_member=not is_there_to_look)


def _is_brought_by_looking(world: World, item: DueItem, facts: ChannelFacts) -> bool:
    """Whether the bot is not in the channel, or only to look at it: then it leaves when nobody answers the preview.

    To be asked before it enters: a later try finds it inside, and must know that only this look brought it there.
    """
    leaving = jobs.leave(item.team_id, facts.channel_id, item.payload["key"], now=world.clock() + _ANSWERABLE)
    with world.database.transaction() as connection:
        is_brought = (
            not facts.is_member or bool(item.payload.get("entered")) or due.is_another_unfinished(connection, leaving)
        )
        if is_brought:
            due.keep_progress(connection, item, {**item.payload, "entered": True})
            due.put(connection, leaving)
    return is_brought


def _preview(world: World, item: DueItem, facts: ChannelFacts, declaration: Declaration) -> AdoptionView:
    channel_id = facts.channel_id
    talk = backfill.count(world, item.team_id, channel_id, declaration.since, world.clock())
    found = _Preview(
        key=item.payload["key"],
        starts=talk.since.isoformat() if talk.since else None,
        is_private=facts.is_private,
        was_joined=not facts.is_member,
    )
    again = own_channel(world, declaration)
    return AdoptionView(
        channel_id=channel_id,
        title=declaration.title,
        talk=talk,
        is_private=facts.is_private,
        again=f"{again} --here --since 30 minutes ago",
        value=json.dumps(asdict(found)),
    )


def decide(world: World, request: Request, value: str, *, takes_in: bool) -> AnswerView:
    """Declare the incident in the channel that was previewed, with what was said there before or without it.

    Of several presses of one preview the first counts. Raises UserError when the channel has been taken meanwhile.
    """
    preview = _Preview.read(value)

    def work(connection: Connection) -> dict[str, Any]:
        asked = _asked(world, connection, request, preview)
        given = _decided(connection, request, preview)
        if given is None:
            given = _declare_here(world, connection, request, preview, asked, takes_in=takes_in)
            requests.remember(connection, request.actor.team_id, _decision(preview), given, now=request.now)
        return given

    given = world.database.retrying(work)
    world.wake()
    return AnswerView(given["text"], incident_row=given["incident"])


def cancel(world: World, request: Request, value: str) -> AnswerView:
    """Declare nothing; a channel that the bot entered only to look at it is left again."""
    preview = _Preview.read(value)

    def work(connection: Connection) -> dict[str, Any]:
        asked = _asked(world, connection, request, preview)
        given = _decided(connection, request, preview)
        if given is None:
            given = {"text": "Nothing was declared.", "incident": None}
            if preview.was_joined:
                leaving = jobs.leave(request.actor.team_id, asked["channel_id"], preview.key, now=request.now)
                due.put(connection, leaving)
            requests.remember(connection, request.actor.team_id, _decision(preview), given, now=request.now)
        return given

    given = world.database.retrying(work)
    world.wake()
    return AnswerView(given["text"])


def _decision(preview: _Preview) -> str:
    return f"adopt:{preview.key}"


def _decided(connection: Connection, request: Request, preview: _Preview) -> dict[str, Any] | None:
    decided: dict[str, Any] | None = requests.answer_of(connection, request.actor.team_id, _decision(preview))
    return decided


def _asked(world: World, connection: Connection, request: Request, preview: _Preview) -> dict[str, Any]:
    """Return what the preview was asked for with. Raises NotFoundError for anybody but the one who asked."""
    stored = requests.answer_of(connection, request.actor.team_id, preview.key)
    asked: dict[str, Any] = (stored or {}).get("asked") or {}
    if asked.get("by") != request.actor.user_id:
        right = f"{world.policy.command} start --here"
        raise NotFoundError("That preview is no longer known. Type it again", right=right)
    return asked


def _declare_here(
    world: World,
    connection: Connection,
    request: Request,
    preview: _Preview,
    asked: dict[str, Any],
    *,
    takes_in: bool,
) -> dict[str, Any]:
    here = replace(request, channel_id=asked["channel_id"])
    declaration = replace(_from_json(asked["declaration"]), is_private=preview.is_private)
    may(request.actor, Right.DECLARE, None)
    _lock_before(connection, here)
    before = _check_free(connection, here, own_channel(world, declaration))
    if before:
        ends = min(before.capture_until or request.now, request.now)
        incidents.change(connection, before, holds_channel=False, capture_until=ends)
    incident = declare.create(connection, here, declaration)
    starts = datetime.fromisoformat(preview.starts) if takes_in and preview.starts else request.now
    incident = incidents.change(
        connection, incident, channel_id=asked["channel_id"], is_adopted=True, capture_from=starts
    )
    incident = incidents.change(
        connection, incident, capture_until=end_of_capture(incident, incident.status, request.now)
    )
    due.put(connection, jobs.adopt(incident, now=request.now))
    declare.set_going(connection, incident, here)
    doing = f"It is led in {channel_mark(asked['channel_id'])}."
    if takes_in:
        due.put(connection, jobs.take_in(incident, now=request.now, response_url=request.response_url))
        doing = f"{doing} Taking in what was said …"
    text = declare.answer(world, request, incident, doing, since=declaration.since)
    return {"text": text, "incident": incident.row_id}


def open_here(world: World, item: DueItem) -> None:
    """Put the header into the adopted channel, pin it, announce; its topic and name stay. Every step may be repeated.

    Raises OutsideError where carrying on later is right. A refusal is told to the reporter.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
    assert incident.channel_id is not None
    try:
        facts = world.channels.about(incident.channel_id)
        if not (facts.is_member or facts.is_private):
            world.channels.join(incident.channel_id)
        incident = channel_life.learn(world, incident, facts)
        assert incident.channel_id is not None
        channel_life.know_members(world, incident.team_id, incident.channel_id)
        header.post(world, incident)
    except RefusedError as error:
        _tell_reporter(world, incident, error)
        raise
    announce(world, incident)


def _tell_reporter(world: World, incident: Incident, error: RefusedError) -> None:
    where = channel_mark(incident.channel_id or "")
    text = (
        f"{incident.incident_id} is saved, but its header could not be posted in {where} (Slack says {error.code}). "
        "It is tried again by itself. Whoever runs Incident Scribe can mend the cause."
    )
    with world.database.transaction() as connection:
        due.put_once(connection, jobs.tell(incident, "adopt-refused", text, now=world.clock()))
    world.wake()


def leave(world: World, item: DueItem) -> None:
    """Leave a channel that was entered only to look at it.

    Not when an incident is led there now, or another preview waits for its answer: that has an item of its own.
    """
    with world.database.reading() as connection:
        is_used = any(not one.is_imported for one in incidents.in_channel(connection, item.team_id, item.subject))
        is_used = is_used or due.is_another_unfinished(connection, item)
    if is_used or item.subject == world.policy.announce_in:
        return
    try:
        world.channels.leave(item.subject)
    except OutsideError as error:
        log.info("channel not left", channel=item.subject, error=str(error))
