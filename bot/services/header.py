"""The pinned header: posted once, then kept up to date in place, with the channel's topic."""

import structlog

from bot.domain.incident import Incident, Kind
from bot.domain.merging import whole_name
from bot.domain.milestones import by_name
from bot.domain.text import clipped, mentioned
from bot.services import announcing, jobs, people
from bot.services.ports import BusyError, ChannelGoneError, MessageGoneError, OutsideError, RefusedError
from bot.services.posting import deliver
from bot.services.views import HeaderView, LineView
from bot.services.world import World
from storage import drafts, due, incidents, links, posts, updates
from storage.due import DueItem
from storage.posts import NewPost

log = structlog.get_logger()

PURPOSE = "header"
TOPIC_LIMIT = 250
_EARLIER_LINE_SECONDS = 2.0


def _key(incident: Incident) -> str:
    return f"header:{incident.row_id}"


def view(world: World, incident: Incident) -> HeaderView:
    """Return what the header shows now."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, incident.row_id)
        holders = {held.role: held.user_id for held in incidents.roles_of(connection, incident)}
        stamps = incidents.stamps_of(connection, incident)
        called_in = incidents.called_in(connection, incident)
        has_draft = drafts.latest(connection, incident) is not None
        related = tuple(one.incident_id for one in links.of(connection, incident) if not one.is_private)
        told = updates.updates_of(connection, incident)
        parts = tuple(part.incident_id for part in incidents.parts_of(connection, incident))
        whole = incidents.whole_of(connection, incident)
    said = " ".join([*incident.services, incident.owning_team or "", incident.vendor or ""])
    ids = [incident.reporter_id, *holders.values(), *mentioned(said)]
    return HeaderView(
        incident=people.titled(world, incident, now=world.clock()),
        holders=holders,
        milestones=by_name(stamps),
        names=people.names(world, incident.team_id, ids, now=world.clock()),
        called_in=called_in,
        command=world.policy.command,
        has_draft=has_draft,
        related=related,
        last_update=told[-1] if told else None,
        parts=parts,
        merged_into=whole if incident.merged_into is not None else None,
    )


def post(world: World, incident: Incident, *, after: str | None = None) -> None:
    """Post the header and pin it; `after` names the deleted one that this one follows.

    Raises OutsideError when it can't be posted; a refused pin is only logged.
    """
    assert incident.channel_id is not None
    key = f"{_key(incident)}:after:{after}" if after else _key(incident)
    new = NewPost(key, incident.team_id, incident.row_id, PURPOSE, incident.channel_id)
    posted = deliver(world, new, view(world, incident))
    assert posted.ts is not None
    try:
        world.channels.pin(incident.channel_id, posted.ts)
    except RefusedError as error:
        log.warning("header not pinned", code=error.code, incident=incident.incident_id)


def set_topic(world: World, incident: Incident) -> None:
    """Set the topic to the incident's state where it says something else; a refusal is only logged.

    An adopted channel keeps its own.
    """
    assert incident.channel_id is not None
    if incident.is_adopted:
        return
    title = people.spoken(world, incident.team_id, incident.title, now=world.clock())
    kind = "" if incident.kind is Kind.LIVE else f"{incident.kind.words.capitalize()} · "
    with world.database.reading() as connection:
        whole = incidents.whole_of(connection, incident)
    stands = incident.status.value if incident.merged_into is None else f"merged into {whole_name(whole)}"
    topic = clipped(f"{kind}{incident.incident_id} · {incident.severity.label} · {stands} · {title}", TOPIC_LIMIT)
    with world.database.reading() as connection:
        if incidents.topic_of(connection, incident) == topic:
            return
    try:
        world.channels.set_topic(incident.channel_id, topic)
    except RefusedError as error:
        log.warning("topic not set", code=error.code, incident=incident.incident_id)
        return
    with world.database.transaction() as connection:
        incidents.change(connection, incident, topic=topic)


def refresh(world: World, item: DueItem) -> None:
    """Bring header, topic and announcement up to date. Before the header is posted there is nothing to do."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        posted = posts.of_purpose(connection, incident.row_id, PURPOSE)
    if not posted:
        return
    # Of several only the last still stands.
    last = posted[-1]
    assert last.ts is not None
    try:
        set_topic(world, incident)
        world.messenger.update(last.channel_id, last.ts, view(world, incident))
    except MessageGoneError:
        post(world, incident, after=last.ts)
    except ChannelGoneError as error:
        log.info("header left as it is", code=error.code, incident=incident.incident_id)
    except RefusedError as error:
        log.warning("header not updated", code=error.code, incident=incident.incident_id)
    announcing.refresh(world, incident)


def say_line(world: World, item: DueItem) -> None:
    """Say one short line in the incident's channel. Raises OutsideError where trying again later is right."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        is_behind = due.is_behind(connection, item)
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    if is_behind:
        # Lines tell what happened; told out of order they would tell something else.
        raise BusyError("an earlier line comes first", _EARLIER_LINE_SECONDS)
    text = str(item.payload["text"])
    shown = people.names(world, incident.team_id, mentioned(text), now=world.clock())
    new = NewPost(f"line:{incident.row_id}:{item.slot}", incident.team_id, incident.row_id, "line", incident.channel_id)
    try:
        deliver(world, new, LineView(text, shown, tuple(item.payload.get("notifies", ()))))
    except RefusedError as error:
        # The header and the timeline tell it too; later lines must not wait for days behind one that is refused.
        log.warning("line not said", code=error.code, incident=incident.incident_id)
