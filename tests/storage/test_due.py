from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import due
from storage.database import Database
from storage.due import LEASE, DueItem, NewItem
from storage.tables import due_items
from tests.factories import DECLARED, TEAM

NOW = DECLARED
SECOND = timedelta(seconds=1)


def item(kind: str = "header", subject: str = "incident:1", slot: str = "", **fields: Any) -> NewItem:
    return NewItem(TEAM, kind, subject, slot, **({"due_at": NOW} | fields))


def put(database: Database, *items: NewItem) -> None:
    with database.transaction() as connection:
        for one in items:
            due.put(connection, one)


def claim(database: Database, worker: str = "one", at: timedelta = timedelta(0), **options: Any) -> tuple[DueItem, ...]:
    with database.transaction() as connection:
        return due.claim(connection, worker=worker, now=NOW + at, **({"limit": 10} | options))


def settle(database: Database, how: Callable[..., None], item: DueItem, worker: str = "one", **details: Any) -> None:
    with database.transaction() as connection:
        how(connection, item, worker=worker, **details)


def finish(database: Database, claimed: DueItem, worker: str = "one", at: timedelta = timedelta(0)) -> None:
    settle(database, due.finish, claimed, worker, now=NOW + at)


def row(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(due_items)).one()


def test_item_is_claimed_once_it_is_due_and_not_before(database: Database) -> None:
    put(database, item(due_at=NOW + SECOND, payload={"text": "hello"}))
    assert claim(database) == ()
    (claimed,) = claim(database, at=SECOND)
    assert (claimed.kind, claimed.subject, claimed.payload, claimed.attempts) == (
        "header",
        "incident:1",
        {"text": "hello"},
        0,
    )
    assert claim(database, "two", SECOND) == ()


def test_earliest_are_claimed_first_and_no_more_than_asked_for(database: Database) -> None:
    for seconds in (3, 1, 2):
        put(database, item(slot=str(seconds), due_at=NOW - seconds * SECOND))
    put(database, item(slot="same moment", due_at=NOW - SECOND))
    assert [one.slot for one in claim(database, limit=3)] == ["3", "2", "1"]
    assert [one.slot for one in claim(database)] == ["same moment"]


def test_finished_item_is_never_claimed_again(database: Database) -> None:
    put(database, item())
    (claimed,) = claim(database)
    finish(database, claimed)
    assert claim(database, at=timedelta(days=90)) == ()
    assert row(database).state == "done"


def test_finished_item_that_is_put_again_runs_again_with_what_is_new(database: Database) -> None:
    put(database, item(payload={"turn": 1}))
    (claimed,) = claim(database)
    finish(database, claimed)
    put(database, item(payload={"turn": 2}))
    (again,) = claim(database)
    assert again.payload == {"turn": 2}
    assert again.item_id == claimed.item_id


def test_item_put_again_while_it_runs_runs_once_more_afterwards(database: Database) -> None:
    put(database, item(payload={"turn": 1}))
    (claimed,) = claim(database)
    put(database, item(payload={"turn": 2}))
    put(database, item(payload={"turn": 3}))
    assert claim(database, "two") == ()
    finish(database, claimed)
    (again,) = claim(database)
    assert again.payload == {"turn": 3}
    finish(database, again)
    assert claim(database) == ()


def test_item_put_again_while_it_fails_for_good_still_runs_once_more(database: Database) -> None:
    put(database, item())
    (claimed,) = claim(database)
    put(database, item())
    settle(database, due.give_up, claimed, now=NOW, error="no")
    assert len(claim(database)) == 1


def test_item_that_happens_once_is_not_put_again(database: Database) -> None:
    with database.transaction() as connection:
        due.put_once(connection, item(payload={"turn": 1}))
        due.put_once(connection, item(payload={"turn": 2}))
    (claimed,) = claim(database)
    assert claimed.payload == {"turn": 1}
    with database.transaction() as connection:
        due.put_once(connection, item())
    finish(database, claimed)
    with database.transaction() as connection:
        due.put_once(connection, item())
    assert claim(database, at=timedelta(days=1)) == ()


def test_waiting_item_moves_and_a_finished_one_does_not(database: Database) -> None:
    later = item(slot="30d", due_at=NOW + timedelta(days=30))
    put(database, item(slot="30d", due_at=NOW + timedelta(days=20)))
    with database.transaction() as connection:
        due.move_if_waiting(connection, later)
    assert claim(database, at=timedelta(days=29)) == ()
    (claimed,) = claim(database, at=timedelta(days=30))
    finish(database, claimed)
    with database.transaction() as connection:
        due.move_if_waiting(connection, item(slot="30d", due_at=NOW + timedelta(days=40)))
    assert claim(database, at=timedelta(days=50)) == ()
    assert row(database).due_at == later.due_at


def test_item_of_a_dead_worker_is_taken_over_when_its_lease_is_over(database: Database) -> None:
    put(database, item())
    (lost,) = claim(database, "dead")
    assert claim(database, "two", LEASE - SECOND) == ()
    assert claim(database, "two", LEASE) == (lost,)


def test_worker_that_lost_its_lease_can_no_longer_settle_the_item(database: Database) -> None:
    put(database, item())
    (claimed,) = claim(database, "slow")
    claim(database, "two", LEASE)
    finish(database, claimed, "slow", LEASE)
    settle(database, due.put_back, claimed, "slow", again_at=NOW, error="late")
    settle(database, due.give_up, claimed, "slow", now=NOW, error="late")
    assert (row(database).state, row(database).claimed_by, row(database).attempts) == ("claimed", "two", 0)
    finish(database, claimed, "two", LEASE)
    assert row(database).state == "done"


def test_renewed_lease_keeps_others_away_and_only_of_what_is_named(database: Database) -> None:
    put(database, item(slot="running"), item(slot="forgotten", subject="incident:2"))
    running = next(one for one in claim(database) if one.slot == "running")
    with database.transaction() as connection:
        due.renew(connection, [running.item_id], worker="one", now=NOW + LEASE - SECOND)
    assert [one.slot for one in claim(database, "two", LEASE)] == ["forgotten"]
    assert [one.slot for one in claim(database, "two", 2 * LEASE - SECOND)] == ["running"]


def test_lease_of_another_worker_is_not_renewed(database: Database) -> None:
    put(database, item())
    (claimed,) = claim(database, "dead")
    with database.transaction() as connection:
        due.renew(connection, [claimed.item_id], worker="one", now=NOW + LEASE - SECOND)
    assert claim(database, "two", LEASE) == (claimed,)


def test_released_items_can_be_claimed_at_once(database: Database) -> None:
    put(database, item(), item(subject="incident:2"))
    claim(database, "one", limit=1)
    claim(database, "two")
    with database.transaction() as connection:
        due.release(connection, worker="one")
    assert [one.subject for one in claim(database, "three")] == ["incident:1"]


def test_item_put_back_waits_and_counts_its_tries(database: Database) -> None:
    put(database, item())
    for tries in range(3):
        (claimed,) = claim(database, at=tries * SECOND)
        assert claimed.attempts == tries
        settle(database, due.put_back, claimed, again_at=NOW + (tries + 1) * SECOND, error="x" * 600)
        assert claim(database, at=tries * SECOND) == ()
    assert (row(database).last_error, row(database).claimed_by) == ("x" * 500, None)
    put(database, item())
    assert claim(database)[0].attempts == 0


def test_item_given_up_stays_as_failed_with_its_reason(database: Database) -> None:
    put(database, item())
    (claimed,) = claim(database)
    settle(database, due.give_up, claimed, now=NOW, error="nobody left to tell")
    assert claim(database, at=timedelta(days=90)) == ()
    assert (row(database).state, row(database).last_error) == ("failed", "nobody left to tell")


def test_items_of_busy_subjects_are_left(database: Database) -> None:
    put(database, item(), item(subject="incident:2"), item(subject="incident:3"))
    found = claim(database, busy_subjects={"incident:1", "incident:3"})
    assert [one.subject for one in found] == ["incident:2"]


def test_items_of_a_subject_that_another_worker_is_at_are_left(database: Database) -> None:
    put(database, item("open"))
    (opening,) = claim(database)
    put(database, item("line"), item("line", subject="incident:2"))
    put(database, NewItem("T2", "line", "incident:1", "", NOW))
    with database.reading() as connection:
        assert due.is_any_due(connection, worker="two", now=NOW)
    assert [(one.team_id, one.subject) for one in claim(database, "two")] == [
        (TEAM, "incident:2"),
        ("T2", "incident:1"),
    ]
    with database.reading() as connection:
        assert not due.is_any_due(connection, worker="two", now=NOW)
    finish(database, opening)
    assert [one.kind for one in claim(database, "two")] == ["line"]


def test_item_is_behind_while_an_earlier_one_of_its_kind_and_subject_is_unfinished(database: Database) -> None:
    put(database, item("line", slot="1"), item("line", slot="2"), item("header"), item("line", subject="incident:2"))
    claimed = {(one.kind, one.subject, one.slot): one for one in claim(database)}

    def behind() -> list[str]:
        with database.reading() as connection:
            return [one.slot for one in claimed.values() if due.is_behind(connection, one)]

    assert behind() == ["2"]
    finish(database, claimed["line", "incident:1", "1"])
    assert behind() == []


def test_nothing_is_due_when_nothing_waits(database: Database) -> None:
    def is_any_due(at: timedelta, busy: tuple[str, ...] = ()) -> bool:
        with database.reading() as connection:
            return due.is_any_due(connection, worker="one", now=NOW + at, busy_subjects=busy)

    assert not is_any_due(timedelta(days=99))
    put(database, item(due_at=NOW + SECOND))
    assert [is_any_due(timedelta(0)), is_any_due(SECOND), is_any_due(SECOND, ("incident:1",))] == [False, True, False]


def test_what_is_unfinished_counts_the_waiting_and_the_running(database: Database) -> None:
    put(database, item(), item(slot="2"), item(slot="3", due_at=NOW + SECOND))
    claimed = claim(database)
    with database.reading() as connection:
        assert due.unfinished(connection, before=NOW) == 2
        assert due.unfinished(connection, before=NOW + SECOND) == 3
    finish(database, claimed[0])
    with database.reading() as connection:
        assert due.unfinished(connection, before=NOW) == 1


def test_rolled_back_change_leaves_nothing_due(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        put_and_fail(database)
    assert claim(database, at=timedelta(days=1)) == ()


def put_and_fail(database: Database) -> None:
    with database.transaction() as connection:
        due.put(connection, item())
        raise ZeroDivisionError


def ask_again(database: Database, *items: NewItem) -> None:
    with database.transaction() as connection:
        for one in items:
            due.ask_again(connection, one)


def keep(database: Database, claimed: DueItem, **payload: Any) -> None:
    with database.transaction() as connection:
        due.keep(connection, claimed, payload)


def kept(database: Database) -> Any:
    with database.reading() as connection:
        return due.kept(connection, item())


def test_item_that_is_asked_for_again_loses_nothing_of_what_it_has_kept(database: Database) -> None:
    ask_again(database, item())
    (claimed,) = claim(database)
    keep(database, claimed, page=2)
    ask_again(database, item(due_at=NOW + SECOND))
    keep(database, claimed, page=3)
    finish(database, claimed)
    (again,) = claim(database, at=SECOND)
    assert (again.payload, kept(database)) == ({"page": 3}, {"page": 3})
    finish(database, again)
    ask_again(database, item(due_at=NOW + 2 * SECOND))
    (revived,) = claim(database, at=2 * SECOND)
    assert revived.payload == {"page": 3}


def test_item_that_was_never_put_has_kept_nothing(database: Database) -> None:
    assert kept(database) == {}


@pytest.mark.parametrize(
    ("is_failure", "waits"), [pytest.param(False, True, id="asked to wait"), pytest.param(True, False, id="failed")]
)
def test_item_that_is_asked_for_again_respects_that_slack_asked_to_wait(
    database: Database, *, is_failure: bool, waits: bool
) -> None:
    ask_again(database, item())
    (claimed,) = claim(database)
    settle(database, due.put_back, claimed, again_at=NOW + 60 * SECOND, error="wait", is_failure=is_failure)
    ask_again(database, item(due_at=NOW + SECOND))
    assert (claim(database, at=SECOND) == ()) is waits


def test_item_is_unfinished_until_it_is_done(database: Database) -> None:
    def is_unfinished() -> bool:
        with database.reading() as connection:
            return due.is_unfinished(connection, item())

    assert not is_unfinished()
    put(database, item())
    (claimed,) = claim(database)
    assert is_unfinished()
    finish(database, claimed)
    assert not is_unfinished()


def test_another_item_of_a_subject_is_one_in_another_slot(database: Database) -> None:
    put(database, item(slot="a"), item(slot="b", due_at=NOW + SECOND), item("line", slot="c"), item(subject="other"))
    with database.reading() as connection:
        assert due.is_another_unfinished(connection, item(slot="a"))
        assert not due.is_another_unfinished(connection, item("line", slot="c"))
        assert not due.is_another_unfinished(connection, item(subject="other"))
