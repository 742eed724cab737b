"""What is asked of the bot in a message: kept until it is carried out, once for each message."""

from collections.abc import Mapping
from typing import Any

from bot.services import jobs
from bot.services.world import World
from storage import due


def heard(world: World, team_id: str, asked: Mapping[str, Any]) -> None:
    """Keep what a message asks for; one that was heard before, or is edited now, changes nothing.

    `asked` names the asker (`user_id`), the place (`channel_id`, `thread_ts` or None), the message (`ts`), its words
    as Slack sends them (`text`) and the bot (`bot`).
    """
    now = world.clock()
    with world.database.transaction() as connection:
        due.put_once(connection, jobs.mention(team_id, {**asked, "now": now.isoformat()}, now=now))
    world.wake()
