"""Reminders and updates, killed at any call to Slack and started again: each message stands once, and is true."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Kind, Role, Severity, Status
from bot.domain.reminders import ReminderKind
from bot.services import changes, jobs, reminders, status, updates
from bot.services.declare import Declaration, declare
from bot.services.ports import MessageGoneError
from bot.services.views import AnnouncementView, AnswerView, LineView, ReminderView
from bot.services.world import Policy, World
from storage import due, incidents
from storage import updates as stored_updates
from storage.database import Database
from storage.tables import due_items
from tests.factories import LEAD, TEAM
from tests.fakes import FakeSlack, Killed, ManualClock, ask, refused, world_on
from tests.services.test_killed_anywhere import asked, run_until_done, settle

CALLS = range(5)
MOMENTS = [(number, is_after) for number in CALLS for is_after in (False, True)]


@pytest.fixture
def announcing(database: Database, slack: FakeSlack, clock: ManualClock) -> Iterator[World]:
    with world_on(database, slack, clock, Policy(announce_in="CALL", announce_name="#incidents")) as made:
        yield made


def opened(world: World, kind: Kind = Kind.LIVE) -> Incident:
    declare(world, ask("d", channel_id="C9"), Declaration("Checkout errors", Severity.SEV1, kind=kind))
    settle(world)
    with world.database.reading() as connection:
        return incidents.of_team(connection, TEAM, only_open=False)[0]


def standing(slack: FakeSlack) -> list[ReminderView]:
    shown = [one.view for one in slack.posted("reminder:")]
    assert all(isinstance(view, ReminderView) for view in shown)
    return [view for view in shown if isinstance(view, ReminderView)]


def kinds(slack: FakeSlack) -> list[ReminderKind]:
    return [view.kind for view in standing(slack)]


def later(world: World, clock: ManualClock, **length: float) -> None:
    clock.move(**length)
    run_until_done(world, clock)


def work_through(world: World, clock: ManualClock) -> None:
    """Start again after each kill, also past the pauses that a lease takes."""
    for _ in range(3):
        run_until_done(world, clock)


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_asking(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    opened(announcing)
    clock.move(minutes=6)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    work_through(announcing, clock)
    assert kinds(slack) == [ReminderKind.LEAD]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_taking_away(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    incident = opened(announcing)
    later(announcing, clock, minutes=6)
    status.change_status(announcing, asked(incident, "r", now=clock()), Status.RESOLVED, None, "")
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    work_through(announcing, clock)
    assert slack.posted("reminder:") == []


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_taking_away_what_was_killed_while_it_was_asked(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    """The reminder may have been posted, or not; settled meanwhile, none stands."""
    incident = opened(announcing)
    clock.move(minutes=6)
    slack.goes_wrong("send", Killed(), is_after=is_after)
    with pytest.raises(Killed):
        settle(announcing)
    clock.move(seconds=due.LEASE.total_seconds())
    status.change_status(announcing, asked(incident, "r", now=clock()), Status.RESOLVED, None, "")
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    work_through(announcing, clock)
    assert slack.posted("reminder:") == []


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_changing_in_place(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    incident = opened(announcing)
    later(announcing, clock, minutes=40)
    (first,) = slack.posted("reminder:")
    changes.assign_role(announcing, asked(incident, "l", now=clock()), Role.LEAD, LEAD)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    work_through(announcing, clock)
    assert [one.ts for one in slack.posted("reminder:")] == [first.ts]
    assert [(view.kind, view.asked) for view in standing(slack)] == [(ReminderKind.UPDATE, LEAD)]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_snoozing_and_asking_anew(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    incident = opened(announcing)
    later(announcing, clock, minutes=6)
    (first,) = slack.posted("reminder:")
    until = clock() + timedelta(minutes=30)
    reminders.snooze(announcing, asked(incident, "s", now=clock()), timedelta(minutes=30))
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after, times=1)
    work_through(announcing, clock)
    assert [(view.snoozed_until, view.snoozed_by) for view in standing(slack)] == [(until, LEAD)]
    clock.move(minutes=31)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after, times=1)
    work_through(announcing, clock)
    assert [(view.kind, view.snoozed_until) for view in standing(slack)] == [(ReminderKind.LEAD, None)]
    assert [one.ts for one in slack.posted("reminder:")] != [first.ts]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_telling_outside(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    incident = opened(announcing)
    before = len(slack.messages)
    for text in ("It is slow", "It is back"):
        updates.send_update(announcing, asked(incident, text, now=clock()), text, timedelta(hours=1))
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    work_through(announcing, clock)
    (shown,) = slack.posted("announcement")
    assert isinstance(shown.view, AnnouncementView)
    assert shown.view.update is not None
    assert shown.view.update.text == "It is back"
    assert len(slack.messages) == before


def test_reminder_that_may_not_be_deleted_becomes_a_quiet_line(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = opened(announcing)
    later(announcing, clock, minutes=6)
    slack.goes_wrong("delete", refused("cant_delete_message"))
    status.change_status(announcing, asked(incident, "r", now=clock()), Status.RESOLVED, None, "")
    settle(announcing)
    (left,) = slack.posted("reminder:")
    assert left.view == LineView("A reminder stood here; nothing is asked any more.")
    status.reopen(announcing, asked(incident, "o", now=clock()), None, "")
    later(announcing, clock, minutes=6)
    assert [type(one.view) for one in slack.posted("reminder:")] == [LineView, ReminderView]


def test_reminder_that_somebody_deleted_stays_away_until_something_else_is_asked(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = opened(announcing)
    later(announcing, clock, minutes=6)
    slack.messages = [one for one in slack.messages if not one.key.startswith("reminder:")]
    slack.goes_wrong("update", MessageGoneError("gone", "message_not_found"), skip=1)
    changes.change_severity(announcing, asked(incident, "s", now=clock()), Severity.SEV2)
    settle(announcing)
    assert standing(slack) == []


def test_refused_reminder_keeps_nothing_else_from_happening_and_is_tried_at_the_next_change(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = opened(announcing)
    slack.goes_wrong("send", refused("is_archived"))
    later(announcing, clock, minutes=6)
    assert standing(slack) == []
    changes.change_title(announcing, asked(incident, "t", now=clock()), "Checkout errors in the EU")
    settle(announcing)
    assert kinds(slack) == [ReminderKind.LEAD]


@pytest.mark.parametrize("kind", [Kind.NEAR_MISS, Kind.RETRO])
def test_nothing_waits_in_the_due_table_for_what_is_over(announcing: World, kind: Kind) -> None:
    opened(announcing, kind)
    with announcing.database.reading() as connection:
        waiting = select(due_items.c.kind).where(due_items.c.finished_at.is_(None))
        # But to compare what is said in its channel all the same.
        assert list(connection.execute(waiting).scalars()) == [jobs.RECONCILE]


def test_snooze_without_a_reminder_is_refused(announcing: World, clock: ManualClock) -> None:
    incident = opened(announcing)
    with pytest.raises(UserError, match="No reminder stands in INC-2026-11-20-001 now"):
        reminders.snooze(announcing, asked(incident, "s", now=clock()), timedelta(hours=1))


def test_update_refused_by_slack_is_in_the_log_as_said_here_and_its_sender_knows(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = opened(announcing)
    slack.goes_wrong("update", refused("not_in_channel"), skip=1, times=9)
    updates.send_update(announcing, asked(incident, "u", now=clock()), "It is slow", None)
    settle(announcing)
    with announcing.database.reading() as connection:
        assert [one.to for one in stored_updates.updates_of(connection, incident)] == ["this channel"]
    ((told, view),) = slack.whispers
    assert told == LEAD
    assert isinstance(view, AnswerView)
    assert "Your update did not reach #incidents (Slack says not_in_channel)" in view.text
    assert [one.view.text for one in slack.posted("line") if isinstance(one.view, LineView)] == ["Update: It is slow"]


def test_update_that_is_sent_twice_by_slack_is_in_the_log_once(announcing: World, clock: ManualClock) -> None:
    incident = opened(announcing)
    request = asked(incident, "u", now=clock())
    first = updates.send_update(announcing, request, "It is slow", None)
    assert updates.send_update(announcing, request, "It is slow", None) == first
    with announcing.database.reading() as connection:
        assert len(stored_updates.updates_of(connection, incident)) == 1


def test_update_of_an_incident_that_becomes_private_before_it_is_shown_stays_inside(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = opened(announcing)
    updates.send_update(announcing, asked(incident, "u", now=clock()), "Three keys were read", None)
    with announcing.database.transaction() as connection:
        incidents.change(connection, incident, is_private=True)
    settle(announcing)
    assert not any("Three keys" in str(one.view) for one in slack.messages if one.channel_id == "CALL")
    with announcing.database.reading() as connection:
        assert [one.to for one in stored_updates.updates_of(connection, incident)] == ["this channel"]
    assert [one.view.text for one in slack.posted("line") if isinstance(one.view, LineView)] == [
        "Update: Three keys were read"
    ]
