"""After a reaction: fetch a message that was never delivered, and keep the bot's one quiet mark true."""

import structlog

from bot.domain.adoption import covers
from bot.domain.incident import Incident
from bot.domain.messages import time_of
from bot.domain.timeline import message_entries
from bot.services import people
from bot.services.ports import RefusedError
from bot.services.world import World
from storage import capture, incidents, records
from storage.due import DueItem

log = structlog.get_logger()


def bring_up_to_date(world: World, item: DueItem) -> None:
    """Put the mark on a message that stands on the timeline, take it off one that doesn't. Raises OutsideError."""
    channel_id, ts = item.subject, item.slot
    with world.database.reading() as connection:
        led = incidents.in_channel(connection, item.team_id, channel_id)
        # In the channels of an imported incident nothing is marked.
        incident = next((one for one in led if covers(one, time_of(ts)) and not one.is_imported), None)
        is_stored = capture.has_message(connection, item.team_id, channel_id, ts)
    if incident is None:
        return
    if not is_stored:
        _fetch(world, incident, channel_id, ts)
    with world.database.reading() as connection:
        voters = records.voters(connection, incident, ts)
    people.known(world, item.team_id, voters, now=world.clock())
    with world.database.reading() as connection:
        material = records.material_of_message(connection, incident, ts)
        is_marked = capture.is_marked(connection, item.team_id, channel_id, ts)
    stands = any(True for _ in message_entries(material, world.policy.emoji))
    if stands == is_marked:
        return
    try:
        world.channels.mark(channel_id, ts, is_on=stands)
    except RefusedError as error:
        log.warning("message not marked", code=error.code, incident=incident.incident_id)
        return
    with world.database.transaction() as connection:
        capture.set_marked(connection, item.team_id, channel_id, ts, is_on=stands)


def _fetch(world: World, incident: Incident, channel_id: str, ts: str) -> None:
    """Store a message that was never delivered, if Slack still shows it. Raises OutsideError."""
    try:
        seen = world.history.message(incident.team_id, channel_id, ts)
    except RefusedError as error:
        log.warning("message not fetched", code=error.code, incident=incident.incident_id)
        return
    if seen:
        world.writer.save([seen])
