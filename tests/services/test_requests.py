"""Ground rule: a request is carried out once, and a second delivery of it gets the same answer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.actions import ActionStatus
from bot.domain.errors import NotFoundError, TryAgainError, UserError
from bot.domain.incident import Severity, Status
from bot.domain.rights import Actor, Right
from bot.services import actions, changes, statements, status
from bot.services.actions import NewAction
from bot.services.declare import Declaration, declare
from bot.services.requests import Outcome, Request, carry_out, locate
from bot.services.world import World
from storage import due, incidents, records
from storage.database import Connection
from tests.factories import CHANNEL, DECLARED, LEAD, TEAM
from tests.fakes import ask
from tests.storage.stored import LockableDatabase, store_incident


def waiting_kinds(world: World) -> list[str]:
    with world.database.transaction() as connection:
        return [item.kind for item in due.claim(connection, worker="w", now=DECLARED, limit=99)]


def all_incidents(world: World) -> list[str]:
    with world.database.reading() as connection:
        return [one.incident_id for one in incidents.of_team(connection, TEAM, only_open=False)]


def test_declaration_delivered_twice_makes_one_incident(world: World) -> None:
    declaration = Declaration("Checkout errors", Severity.SEV2)
    first = declare(world, ask(channel_id="C9"), declaration)
    assert declare(world, ask(channel_id="C9"), declaration) == first
    assert all_incidents(world) == ["INC-2026-11-20-001"]
    assert waiting_kinds(world) == ["open", "call-in", "reminder"]


def test_declarations_of_one_title_get_channels_of_their_own(world: World) -> None:
    for number in (1, 2):
        declare(world, ask(f"command:{number}"), Declaration("Checkout errors", Severity.SEV2))
    with world.database.reading() as connection:
        names = incidents.taken_channel_names(connection, TEAM)
    assert names == {"inc-20261120-checkout-errors", "inc-20261120-checkout-errors-2"}


def test_press_delivered_many_times_at_once_takes_effect_once(world: World) -> None:
    incident = store_incident(world.database)
    request = ask("press:1")

    def press() -> str:
        return statements.add_impact(world, request, "1,200 customers").text

    with ThreadPoolExecutor(8) as pool:
        answers = {future.result() for future in [pool.submit(press) for _ in range(8)]}
    assert answers == {"Impact: 1,200 customers"}
    with world.database.reading() as connection:
        assert len(records.load(connection, incident).impacts) == 1


def test_answer_of_a_repeated_request_carries_the_same_undo(world: World) -> None:
    store_incident(world.database)
    first = statements.add_impact(world, ask(), "many")
    assert first.undo is not None
    assert statements.add_impact(world, ask(), "many") == first


def test_refused_request_changes_nothing_and_may_be_sent_again_corrected(world: World) -> None:
    incident = store_incident(world.database)
    with pytest.raises(UserError, match="SEV2 already"):
        changes.change_severity(world, ask("view:1"), Severity.SEV2)
    changes.change_severity(world, ask("view:1"), Severity.SEV1)
    with world.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).severity is Severity.SEV1


def test_change_that_fails_half_way_leaves_nothing_behind(world: World) -> None:
    incident = store_incident(world.database)

    def change(connection: Connection, found: object) -> Outcome:
        incidents.change(connection, incident, status=Status.RESOLVED.value)
        raise UserError("no")

    with pytest.raises(UserError):
        carry_out(world, ask(), Right.CHANGE, change)
    with world.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).status is Status.INVESTIGATING
    assert waiting_kinds(world) == []


def test_change_its_line_the_header_and_the_reminder_are_stored_in_one_transaction(world: World) -> None:
    store_incident(world.database)
    status.change_status(world, ask(), Status.IDENTIFIED, None, "")
    assert sorted(waiting_kinds(world)) == ["header", "line", "reminder"]


def test_locked_database_says_try_again_and_stores_nothing(world: World) -> None:
    store_incident(world.database)
    locked = LockableDatabase(world.database.url.render_as_string(hide_password=False))
    locked.is_locked = True
    with pytest.raises(TryAgainError, match="locked"):
        statements.add_impact(replace(world, database=locked), ask(), "many")
    locked.is_locked = False
    statements.add_impact(replace(world, database=locked), ask(), "many")
    locked.close()


def test_incident_is_the_channels_unless_another_is_named(world: World) -> None:
    here = store_incident(world.database)
    other = store_incident(world.database, channel_id="C2")
    with world.database.reading() as connection:
        assert locate(connection, ask(), command="/incident") == here
        assert locate(connection, ask(target="002"), command="/incident") == other
        assert locate(connection, ask(target="inc-2026-11-20-002"), command="/incident") == other
        assert locate(connection, ask(row=other.row_id), command="/incident") == other


def test_ending_that_fits_several_names_them(world: World) -> None:
    store_incident(world.database)
    store_incident(world.database, channel_id="C2", declared_at=DECLARED.replace(day=21))
    with (
        world.database.reading() as connection,
        pytest.raises(UserError, match="INC-2026-11-21-001, INC-2026-11-20-001"),
    ):
        locate(connection, ask(target="001"), command="/incident")


@pytest.mark.parametrize("where", [{"target": "7QRS"}, {"row": 99}, {"channel_id": "C-none"}])
def test_incident_that_is_not_there_is_said_not_to_be_there(world: World, where: dict[str, Any]) -> None:
    store_incident(world.database)
    with world.database.reading() as connection, pytest.raises(NotFoundError):
        locate(connection, ask(**where), command="/incident")


def refusal(world: World, request: Request) -> str:
    with world.database.reading() as connection, pytest.raises(NotFoundError) as refused:
        locate(connection, request, command="/incident")
    return str(refused.value)


def test_private_incident_is_not_there_for_those_outside(world: World) -> None:
    private = store_incident(world.database, is_private=True)
    ending = private.incident_id[-4:]
    outside = replace(ask(), actor=Actor(TEAM, "UOUT", member_of=frozenset({"C9"})))
    unseen, missing = (refusal(world, replace(outside, target=target)) for target in (ending, "ZZZZ"))
    assert unseen.replace(ending, "ZZZZ") == missing
    assert refusal(world, replace(outside, row=private.row_id)) == refusal(world, replace(outside, row=99))
    with world.database.reading() as connection:
        assert locate(connection, ask(target=ending), command="/incident") == private


def test_action_moves_once_for_one_press(world: World) -> None:
    incident = store_incident(world.database)
    actions.add_action(world, ask("a"), NewAction("Add an alert", owner_id=LEAD))
    for _ in range(2):
        actions.move_action(world, ask("b"), 1, ActionStatus.DONE)
    with world.database.reading() as connection:
        changed = connection.exec_driver_sql("SELECT count(*) FROM action_changes").scalar_one()
        (action,) = records.load(connection, incident).actions
    assert (changed, action.status) == (1, ActionStatus.DONE)


def test_request_of_another_workspace_is_another_request(world: World) -> None:
    store_incident(world.database)
    store_incident(world.database, team_id="T2")
    stranger = Actor("T2", LEAD, member_of=frozenset({CHANNEL}))
    statements.add_impact(world, ask(), "many")
    statements.add_impact(world, replace(ask(), actor=stranger), "many")
    with world.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM impacts").scalar_one() == 2
