"""Opening a declared incident's channel, step by step. Every step may be repeated: after a crash it carries on."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.incident import Incident, channel_name, private_channel_name
from bot.services import announcing, calling, header, jobs, people
from bot.services.ports import NameTakenError, OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.views import AnswerView, LineView
from bot.services.world import World
from storage import incidents
from storage.due import DueItem
from storage.posts import NewPost

log = structlog.get_logger()

_NAME_ATTEMPTS = 50
_CLOCK_TOLERANCE = timedelta(minutes=5)


def open_channel(world: World, item: DueItem) -> None:
    """Make the channel, bring people in, post and pin the header, announce, and tell the asker.

    Raises OutsideError where carrying on later is right. A refusal to make the channel is told to the reporter.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
    if incident.channel_id is None:
        try:
            incident = _with_channel(world, incident)
        except RefusedError as error:
            _tell_reporter(world, incident, error)
            raise
    calling.bring_in(world, incident, (incident.reporter_id,))
    header.post(world, incident)
    header.set_topic(world, incident)
    announce(world, incident)
    response_url = item.payload.get("response_url")
    if response_url:
        answer = AnswerView(f"{incident.incident_id} is open.", channel_id=incident.channel_id)
        _softly("respond", lambda: world.messenger.respond(response_url, answer, replaces=False))


def _with_channel(world: World, incident: Incident) -> Incident:
    """Return the incident with its channel: made now, or found where an earlier try made it and then broke."""
    since = int((incident.declared_at - _CLOCK_TOLERANCE).timestamp())
    titled = people.titled(world, incident, now=world.clock())
    for attempt in range(2, _NAME_ATTEMPTS):
        # Without a name when another channel was renamed to the one that was reserved.
        channel_id = _made(world, incident, incident.channel_name, since) if incident.channel_name else None
        with world.database.transaction() as connection:
            if channel_id:
                return incidents.change(connection, incident, channel_id=channel_id)
            taken = incidents.taken_channel_names(connection, incident.team_id)
            name = _next_name(titled, attempt, taken)
            incident = incidents.change(connection, incident, channel_name=name)
    raise RefusedError(f"no free channel name for {incident.incident_id}", "name_taken")


def _made(world: World, incident: Incident, name: str, since_epoch: int) -> str | None:
    """Return the id of the channel of this name, made now or in an earlier try; None where the name is taken."""
    try:
        return world.channels.create(name, is_private=incident.is_private)
    except NameTakenError:
        # The name was reserved for this incident alone, so a channel that the bot has made under it since the
        # declaration can only come from an earlier try whose answer was lost.
        return world.channels.find_own(name, since_epoch=since_epoch)


def _next_name(incident: Incident, attempt: int, taken: frozenset[str]) -> str:
    while True:
        name = (
            private_channel_name(incident.incident_id, attempt)
            if incident.is_private
            else channel_name(incident.declared_at.date(), incident.title, attempt)
        )
        if name not in taken:
            return name
        attempt += 1


def announce(world: World, incident: Incident) -> None:
    """Announce where announcements go; a private incident never, and none that is only recorded afterwards."""
    with world.database.reading() as connection:
        # It may have become private while its channel was made.
        incident = incidents.by_row(connection, incident.row_id)
    channel = announcing.place(world, incident)
    if channel is None:
        return
    try:
        announcing.post(world, incident, channel)
    except RefusedError as error:
        log.warning("announcement refused", code=error.code, incident=incident.incident_id)
        assert incident.channel_id is not None
        text = (
            f"This incident could not be announced (Slack says {error.code}). "
            "Invite the bot to the announcement channel, then announce it by hand."
        )
        whisper_to = (incident.channel_id, incident.reporter_id)
        _softly("whisper", lambda: world.messenger.whisper(*whisper_to, AnswerView(text)))


def _tell_reporter(world: World, incident: Incident, error: RefusedError) -> None:
    """Say once, by direct message, that the channel can't be made and that it is being tried again."""
    text = (
        f"{incident.incident_id} is saved, but its channel could not be made (Slack says {error.code}). "
        "It is tried again by itself. Whoever runs Incident Scribe can mend the cause."
    )
    try:
        channel = world.channels.direct(incident.reporter_id)
        key = f"open-refused:{incident.row_id}"
        deliver(world, NewPost(key, incident.team_id, incident.row_id, "open-refused", channel), LineView(text))
    except OutsideError as failure:
        log.warning("reporter can't be told", incident=incident.incident_id, error=str(failure))


def _softly(what: str, call: Callable[[], None]) -> None:
    try:
        call()
    except OutsideError as error:
        log.warning("optional Slack call failed", call=what, error=str(error))
