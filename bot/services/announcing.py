"""The announcement of an incident: one message for those outside its channel, kept true in place."""

import structlog

from bot.domain.incident import Incident, Kind
from bot.domain.text import mentioned
from bot.domain.updates import THIS_CHANNEL, Update
from bot.services import people
from bot.services.ports import MessageGoneError, RefusedError
from bot.services.posting import deliver
from bot.services.views import AnnouncementView, LineView
from bot.services.world import World
from storage import incidents, posts, updates
from storage.database import Connection
from storage.posts import NewPost, Post

log = structlog.get_logger()

PURPOSE = "announcement"
_WITHDRAWN = "What stood here was taken back: the incident is private."


def place(world: World, incident: Incident) -> str | None:
    """Return the channel in which the incident is announced, None where it is announced nowhere."""
    is_told = not incident.is_private and incident.kind is not Kind.RETRO
    # Led in the very channel where announcements go, it needs none.
    return world.policy.announce_in if is_told and incident.channel_id != world.policy.announce_in else None


def view(world: World, incident: Incident) -> AnnouncementView:
    """Return what those outside read of the incident now."""
    with world.database.reading() as connection:
        last = _last_told(connection, incident)
        whole = incidents.whole_of(connection, incident)
    ids = [incident.reporter_id, *mentioned(last.text if last else "")]
    shown = people.names(world, incident.team_id, ids, now=world.clock())
    titled = people.titled(world, incident, now=world.clock())
    return AnnouncementView(titled, shown, last, whole if incident.merged_into is not None else None)


def _last_told(connection: Connection, incident: Incident) -> Update | None:
    """Return the latest update that went outside; what was said in a private incident's channel stays there."""
    told = [update for update in updates.updates_of(connection, incident) if update.to != THIS_CHANNEL]
    return told[-1] if told else None


def _standing(world: World, incident: Incident) -> Post | None:
    with world.database.reading() as connection:
        posted = posts.of_purpose(connection, incident.row_id, PURPOSE)
    return posted[-1] if posted else None


def post(world: World, incident: Incident, channel_id: str, *, after: str | None = None) -> None:
    """Post the announcement, once; `after` names the deleted one that this one follows. Raises OutsideError."""
    key = f"{PURPOSE}:{incident.row_id}" + (f":after:{after}" if after else "")
    deliver(world, NewPost(key, incident.team_id, incident.row_id, PURPOSE, channel_id), view(world, incident))


def tell(world: World, incident: Incident) -> None:
    """Bring the announcement up to date because there is something to tell: one that was deleted comes back.

    Raises OutsideError, RefusedError when those outside can't be told.
    """
    channel_id = place(world, incident)
    if channel_id is None:
        return
    standing = _standing(world, incident)
    if standing is None or standing.ts is None:
        post(world, incident, channel_id)
        return
    try:
        world.messenger.update(standing.channel_id, standing.ts, view(world, incident))
    except MessageGoneError:
        post(world, incident, channel_id, after=standing.ts)


def refresh(world: World, incident: Incident) -> None:
    """Keep the announcement true: who reads only that one must not take a SEV1 for a SEV3. A refusal is only logged.

    One that somebody deleted stays away until there is an update to tell. Of an incident that has become private
    everything that was said of it outside is taken back.
    """
    if incident.is_private:
        _withdraw(world, incident)
        return
    standing = _standing(world, incident)
    if standing is None or standing.ts is None:
        return
    try:
        world.messenger.update(standing.channel_id, standing.ts, view(world, incident))
    except RefusedError as error:
        log.warning("announcement not updated", code=error.code, incident=incident.incident_id)


def _withdraw(world: World, incident: Incident) -> None:
    with world.database.reading() as connection:
        outside = posts.outside(connection, incident.row_id, incident.channel_id)
    for post in outside:
        try:
            world.messenger.update(post.channel_id, post.ts or "", LineView(_WITHDRAWN))
        except RefusedError as error:
            log.warning("announcement not taken back", code=error.code, incident=incident.incident_id)
