"""Telling somebody in charge by direct message what their incident's channel can't."""

import structlog

from bot.domain.followups import stand_ins
from bot.domain.incident import Incident
from bot.domain.rights import sees
from bot.services import jobs, people
from bot.services.ports import ChannelGoneError, PersonUnreachableError
from bot.services.posting import deliver
from bot.services.views import LineView
from bot.services.world import World
from storage import incidents
from storage.due import DueItem
from storage.posts import NewPost

log = structlog.get_logger()

_PURPOSE = "tell"


def tell(world: World, item: DueItem) -> None:
    """Write to the first of owner, lead and reporter who may see the incident and can be reached, once.

    Raises OutsideError where trying again is right.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        candidates = stand_ins(incident, incidents.roles_of(connection, incident))
    for user_id in candidates:
        if _may_read(world, incident, user_id) and _is_written(world, incident, item, user_id):
            return
    log.warning("nobody can be told", incident=incident.incident_id, what=item.slot)


def _may_read(world: World, incident: Incident, user_id: str) -> bool:
    person = people.known(world, incident.team_id, [user_id], now=world.clock()).get(user_id)
    if person and person.is_deactivated:
        return False
    actor, _zone = people.actor(world, incident.team_id, user_id, "", now=world.clock())
    return sees(actor, incident)


def _is_written(world: World, incident: Incident, item: DueItem, user_id: str) -> bool:
    key = f"{_PURPOSE}:{incident.row_id}:{item.slot}:{user_id}"
    try:
        channel = world.channels.direct(user_id)
        new = NewPost(key, incident.team_id, incident.row_id, _PURPOSE, channel)
        deliver(world, new, LineView(str(item.payload["text"])))
    except (PersonUnreachableError, ChannelGoneError) as error:
        log.info("person can't be written to", code=error.code, incident=incident.incident_id)
        return False
    return True
