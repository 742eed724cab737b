"""Calling people in: whoever was given a role, and the groups set for a severity."""

import structlog

from bot.domain.incident import Incident
from bot.services import jobs
from bot.services.ports import OutsideError, RefusedError
from bot.services.world import World
from storage import due, incidents
from storage.due import DueItem

log = structlog.get_logger()


def bring_in(world: World, incident: Incident, user_ids: tuple[str, ...]) -> None:
    """Bring people into the channel; those already there don't matter. Raises OutsideError while it may work later."""
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    world.channels.invite(incident.channel_id, tuple(dict.fromkeys(user_ids)))


def call_in_groups(world: World, incident: Incident) -> bool:
    """Bring in the groups of the incident's severity that have not been called yet; return whether any was.

    Nobody is called in when it is over.

    Raises OutsideError while it may work later. A group that Slack refuses is logged and does not count as called.
    """
    if incident.status.is_over:
        return False
    with world.database.reading() as connection:
        called = incidents.called_in(connection, incident)
    reached = []
    for group in world.policy.invite_groups.get(incident.severity, ()):
        if group in called:
            continue
        try:
            bring_in(world, incident, world.directory.group_members(group))
        except RefusedError as error:
            log.warning("group can't be invited", group=group, code=error.code, incident=incident.incident_id)
        else:
            reached.append(group)
    if reached:
        with world.database.transaction() as connection:
            incidents.change(connection, incident, called_in=(*called, *reached))
    return bool(reached)


def invite_one(world: World, item: DueItem) -> None:
    """Bring in somebody who was given a role. Raises OutsideError where trying again later is right."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
    bring_in(world, incident, (item.slot,))


def escalate(world: World, item: DueItem) -> None:
    """Call in the groups of the severity, once declared and whenever it changed.

    Raises OutsideError where trying again later is right.
    """
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
    if call_in_groups(world, incident):
        with world.database.transaction() as connection:
            due.put(connection, jobs.header(incident, now=world.clock()))
        world.wake()
