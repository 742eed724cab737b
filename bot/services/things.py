"""What user groups and channels are called that were mentioned by their ids alone: read from Slack, kept for a day."""

from collections.abc import Collection
from datetime import datetime

import structlog

from bot.services.people import FRESH_FOR
from bot.services.ports import OutsideError
from bot.services.world import World
from storage import names

log = structlog.get_logger()

_GROUP = "S"
# Each channel is a call of its own; whoever is shown the next timeline reads on.
_MOST_CALLS = 20


def read(world: World, team_id: str, things: Collection[str], *, now: datetime, at_most: int = _MOST_CALLS) -> None:
    """Read from Slack what these channels and groups are called, as far as that is not known or a day old.

    It takes `at_most` so many calls. Soft: what Slack can't tell now keeps its last name. A private channel is stored
    without one.
    """
    if not things:
        return
    with world.database.reading() as connection:
        stale = set(things) - names.fresh(connection, team_id, things, since=now - FRESH_FOR)
    found: dict[str, str] = {}
    try:
        groups = {key for key in stale if key.startswith(_GROUP)}
        if groups:
            told = world.directory.group_names()
            found |= {key: told.get(key, "") for key in groups}
        for key in sorted(stale - groups)[: at_most - bool(groups)]:
            found[key] = world.directory.channel_name(key) or ""
    except OutsideError as error:
        log.info("names of channels and groups not read", reason=str(error))
    if found:
        with world.database.transaction() as connection:
            names.save(connection, team_id, found, now=now)
