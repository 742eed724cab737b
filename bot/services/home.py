"""The Home tab."""

from datetime import date
from zoneinfo import ZoneInfo

import structlog

from bot.domain.archive import in_order
from bot.domain.rights import sees
from bot.services import jobs, people
from bot.services.ports import RefusedError
from bot.services.views import HomeView
from bot.services.world import World
from storage import archive, due, incidents, statements
from storage.due import DueItem

log = structlog.get_logger()


def ask_for_home(world: World, team_id: str, user_id: str) -> None:
    """Let somebody's Home tab be shown."""
    with world.database.transaction() as connection:
        due.put(connection, jobs.home(team_id, user_id, now=world.clock()))
    world.wake()


def show_home(world: World, item: DueItem) -> None:
    """Show somebody their Home tab: open incidents that they may see, their own actions, the postmortems they owe.

    Raises OutsideError while trying again may help; one that Slack refuses is shown when it is opened the next time.
    """
    user_id = item.subject.removeprefix("user:")
    now = world.clock()
    actor, zone = people.actor(world, item.team_id, user_id, "", now=now)
    with world.database.reading() as connection:
        seen = [one for one in incidents.of_team(connection, actor.team_id, only_open=False) if sees(actor, one)]
        mine = [
            (one, action)
            for one in seen
            for action in statements.actions_of(connection, one)
            if action.owner_id == user_id and not action.status.is_finished
        ]
        owed = [one for one in archive.standings(connection, seen) if one.stage.is_owed and one.owner_id == user_id]
    # What is due first comes first, what has no day last.
    mine.sort(key=lambda owned: owned[1].due or date.max)
    still_open = tuple(one for one in seen if not one.status.is_over)
    try:
        shown = HomeView(
            still_open,
            tuple(mine),
            world.policy.command,
            drafts=in_order(owed),
            postmortem_command=world.policy.postmortem_command,
            today=now.astimezone(ZoneInfo(zone)).date(),
        )
        world.messenger.show_home(user_id, shown)
    except RefusedError as error:
        log.warning("home tab not shown", code=error.code)
