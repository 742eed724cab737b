"""The Home tab."""

from bot.domain.rights import sees
from bot.services import jobs, people
from bot.services.views import HomeView
from bot.services.world import World
from storage import due, incidents, statements
from storage.due import DueItem


def ask_for_home(world: World, team_id: str, user_id: str) -> None:
    """Let somebody's Home tab be shown."""
    with world.database.transaction() as connection:
        due.put(connection, jobs.home(team_id, user_id, now=world.clock()))
    world.wake()


def show_home(world: World, item: DueItem) -> None:
    """Show somebody their Home tab: open incidents that they may see, and their own actions. Raises OutsideError."""
    user_id = item.subject.removeprefix("user:")
    actor, _zone = people.actor(world, item.team_id, user_id, "", now=world.clock())
    with world.database.reading() as connection:
        seen = [one for one in incidents.of_team(connection, actor.team_id, only_open=False) if sees(actor, one)]
        mine = tuple(
            (one, action)
            for one in seen
            for action in statements.actions_of(connection, one)
            if action.owner_id == user_id and not action.status.is_finished
        )
    still_open = tuple(one for one in seen if not one.status.is_over)
    world.messenger.show_home(user_id, HomeView(still_open, mine, world.policy.command))
