"""People who do something at the same moment, each through a process of their own: one after the other in effect."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from bot.domain.errors import UserError
from bot.domain.incident import Role, Severity, Status
from bot.services import actions, changes, statements, status, undoing
from bot.services.actions import NewAction
from bot.services.declare import Declaration, declare
from bot.services.world import World
from storage import incidents, records
from storage.database import Database
from tests.fakes import ask
from tests.storage.stored import at_once, store_incident

PEOPLE = 6
Doing = Callable[[World, int], str]


def outcomes(world: World, doing: Doing) -> Counter[str]:
    """Let so many people do it at once; return what they read."""

    def by(number: int) -> Callable[[Database], str]:
        def work(database: Database) -> str:
            try:
                return doing(replace(world, database=database), number)
            except UserError as error:
                return error.message

        return work

    url = world.database.url.render_as_string(hide_password=False)
    return Counter(map(str, at_once(url, *map(by, range(PEOPLE)))))


def test_one_request_delivered_to_several_processes_takes_effect_once(world: World) -> None:
    incident = store_incident(world.database)
    read = outcomes(world, lambda world, _: statements.add_impact(world, ask("press:1"), "1,200 customers").text)
    assert read == {"Impact: 1,200 customers": PEOPLE}
    with world.database.reading() as connection:
        assert len(records.load(connection, incident).impacts) == 1


def test_one_declaration_delivered_to_several_processes_declares_once(world: World) -> None:
    declaration = Declaration("Checkout errors", Severity.SEV2)
    read = outcomes(world, lambda world, _: declare(world, ask(channel_id="C9"), declaration).text)
    assert len(read) == 1
    with world.database.reading() as connection:
        assert len(incidents.of_team(connection, "T1", only_open=False)) == 1


def test_declarations_of_one_title_at_once_get_ids_and_channels_of_their_own(world: World) -> None:
    declaration = Declaration("Checkout errors", Severity.SEV2)
    outcomes(world, lambda world, number: declare(world, ask(f"command:{number}"), declaration).text)
    with world.database.reading() as connection:
        made = incidents.of_team(connection, "T1", only_open=False)
    assert {one.incident_id for one in made} == {f"INC-2026-11-20-{number:03d}" for number in range(1, PEOPLE + 1)}
    endings = ["", *(f"-{number}" for number in range(2, PEOPLE + 1))]
    assert {one.channel_name for one in made} == {f"inc-20261120-checkout-errors{ending}" for ending in endings}


def test_of_several_who_move_the_status_alike_one_moves_it(world: World) -> None:
    incident = store_incident(world.database)

    def move(world: World, number: int) -> str:
        return status.change_status(world, ask(f"command:{number}"), Status.IDENTIFIED, None, "").text

    read = outcomes(world, move)
    assert sum(count for text, count in read.items() if "identified already" in text) == PEOPLE - 1
    with world.database.reading() as connection:
        assert len(incidents.status_changes_of(connection, incident)) == 1


def test_moves_to_different_statuses_leave_the_one_that_was_recorded_last(world: World) -> None:
    incident = store_incident(world.database)
    aims = (Status.IDENTIFIED, Status.MITIGATED, Status.RESOLVED) * 2

    def move(world: World, number: int) -> str:
        return status.change_status(world, ask(f"command:{number}"), aims[number], None, "").text

    outcomes(world, move)
    with world.database.reading() as connection:
        made = incidents.status_changes_of(connection, incident)
        now = incidents.by_row(connection, incident.row_id)
    assert now.status is made[-1].status
    # Nobody moved it to where it was, as somebody would who had not seen the move before.
    assert all(before.status is not after.status for before, after in pairwise(made))


def test_actions_and_whys_entered_at_once_are_numbered_without_a_gap_or_a_double(world: World) -> None:
    incident = store_incident(world.database)

    def enter(world: World, number: int) -> str:
        actions.add_action(world, ask(f"action:{number}"), NewAction(f"Add alert {number}"))
        return statements.add_why(world, ask(f"why:{number}"), "The alert only looks at the primary").text

    read = outcomes(world, enter)
    assert read == {f"Why {number}: The alert only looks at the primary": 1 for number in range(1, PEOPLE + 1)}
    with world.database.reading() as connection:
        numbers = [action.number for action in records.load(connection, incident).actions]
    assert sorted(numbers) == list(range(1, PEOPLE + 1))


def test_of_several_who_take_a_free_role_the_first_has_it(world: World) -> None:
    incident = store_incident(world.database)

    def take(world: World, number: int) -> str:
        request = ask(f"press:{number}", user_id=f"U{number}")
        return changes.assign_role(world, request, Role.LEAD, f"U{number}", only_if_free=True).text

    read = outcomes(world, take)
    with world.database.reading() as connection:
        (holder,) = incidents.roles_of(connection, incident)
    assert sum(f"{holder.user_id}" in text for text in read) == len(read)
    assert sum(count for text, count in read.items() if "already" in text) == PEOPLE - 1


def test_command_undone_by_several_presses_at_once_is_undone_once(world: World) -> None:
    incident = store_incident(world.database)
    key = statements.add_impact(world, ask("command:1"), "many").undo
    assert key is not None

    def undo(world: World, number: int) -> str:
        return undoing.take_back(world, ask(f"press:{number}"), key).text

    read = outcomes(world, undo)
    assert read == {"Undone.": 1, "That was undone before.": PEOPLE - 1}
    with world.database.reading() as connection:
        assert records.load(connection, incident).impacts == ()
