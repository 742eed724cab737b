"""Ground rule: work follows from the committed row. Killed at any call to Slack, before its effect or after it, the
work carries on when the program runs again, and people see everything once.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.actions import ActionStatus
from bot.domain.handover import Brief, HandoverStatus
from bot.domain.incident import Incident, Severity, Status
from bot.domain.postmortem.audiences import Audience
from bot.services import (
    actions,
    calling,
    changes,
    draft,
    followups,
    handover,
    header,
    jobs,
    opening,
    publish,
    reminders,
    status,
    updates,
)
from bot.services.actions import NewAction
from bot.services.declare import Declaration, declare
from bot.services.requests import Request
from bot.services.views import FollowUpView, HandoverView, HeaderView
from bot.services.world import Policy, World
from storage import due, incidents
from storage.database import Database
from storage.due import DueItem
from tests.factories import HELPER, LEAD, TEAM
from tests.fakes import FakeSlack, Killed, ManualClock, ask, busy, lost, refused, world_on
from tests.services import working

# More than the longest of these jobs makes; past its last call nothing goes wrong, which is a case too.
CALLS = range(12)
MOMENTS = [(number, is_after) for number in CALLS for is_after in (False, True)]
WORK: dict[str, Callable[[World, DueItem], None]] = {
    jobs.OPEN: opening.open_channel,
    jobs.HEADER: header.refresh,
    jobs.INVITE: calling.invite_one,
    jobs.CALL_IN: calling.escalate,
    jobs.LINE: header.say_line,
    jobs.DRAFT: draft.make_draft,
    jobs.PUBLISH: publish.tell,
    jobs.UPDATE: updates.tell_outside,
    jobs.REMINDER: reminders.bring_up_to_date,
    jobs.FOLLOW_UP: followups.remind,
    jobs.FOLLOW_UP_CHANGED: followups.show_changes,
    jobs.HANDOVER: handover.show,
    # Killed in tests/services/test_reconciling.py.
    jobs.RECONCILE: lambda _world, _item: None,
}


work_off = partial(working.work_off, WORK)
run_until_done = partial(working.run_until_done, WORK)


def asked(incident: Incident, key: str, **fields: Any) -> Request:
    return ask(key, channel_id=incident.channel_id or "", **fields)


def settle(world: World) -> None:
    """Do what is due while nothing goes wrong."""
    work_off(world)
    work_off(world)


@pytest.fixture
def announcing(database: Database, slack: FakeSlack, clock: ManualClock) -> World:
    with world_on(database, slack, clock, Policy(announce_in="CALL")) as made:
        return made


def declared(world: World) -> None:
    declare(world, ask("d", channel_id="C9", response_url="https://r/1"), Declaration("Checkout errors", Severity.SEV2))


def opened(world: World) -> Incident:
    declared(world)
    settle(world)
    with world.database.reading() as connection:
        return incidents.of_team(connection, TEAM, only_open=False)[0]


def drafted(world: World) -> Incident:
    incident = opened(world)
    actions.add_action(world, asked(incident, "a"), NewAction("Add an alert", owner_id=LEAD))
    draft.ask_for_draft(world, asked(incident, "b", response_url="https://r/2"), Audience.INTERNAL)
    settle(world)
    return incident


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_opening_a_channel(
    announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    declared(announcing)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(announcing, clock)
    (channel,) = slack.channels.values()
    (posted,) = slack.posted("header")
    assert isinstance(posted.view, HeaderView)
    assert (posted.channel_id, slack.pins, slack.members) == (channel, {posted.ts}, {channel: [LEAD]})
    assert slack.topics[channel].startswith("INC-2026-11-20-001 · SEV2 · investigating")
    assert [one.channel_id for one in slack.posted("announcement")] == ["CALL"]
    assert len(slack.messages) == 2


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_calling_in_when_it_gets_worse(
    database: Database,
    slack: FakeSlack,
    clock: ManualClock,
    number: int,
    *,
    is_after: bool,
) -> None:
    slack.groups["S1"] = ("UONCALL",)
    with world_on(database, slack, clock, Policy(invite_groups={Severity.SEV1: ("S1",)})) as world:
        incident = opened(world)
        changes.change_severity(world, asked(incident, "s"), Severity.SEV1)
        slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
        run_until_done(world, clock)
        run_until_done(world, clock)
    assert slack.members == {incident.channel_id: [LEAD, "UONCALL"]}
    (posted,) = slack.posted("header")
    assert isinstance(posted.view, HeaderView)
    assert posted.view.incident.severity is Severity.SEV1
    assert len(slack.posted("line")) == 1


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_drafting(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    incident = opened(announcing)
    draft.ask_for_draft(announcing, asked(incident, "b", response_url="https://r"), Audience.INTERNAL)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(announcing, clock)
    (summary,) = slack.posted("draft-summary")
    shares = [(file.name, place) for file in slack.files.values() for place in file.shared_in]
    assert shares == [("INC-2026-11-20-001-draft-1.md", (incident.channel_id, summary.ts))]
    with announcing.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 1


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_publishing(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    incident = drafted(announcing)
    status.change_status(announcing, asked(incident, "c"), Status.RESOLVED, None, "")
    settle(announcing)
    publish.publish(announcing, asked(incident, "p"))
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(announcing, clock)
    assert [one.channel_id for one in slack.posted("published")] == ["CALL"]
    assert len(slack.posted("draft-summary")) == 1
    assert len(slack.posted("line")) == 2
    assert "closed" in slack.topics[incident.channel_id or ""]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_handing_over(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    incident = opened(announcing)
    handover.offer(announcing, asked(incident, "h"), HELPER, Brief(state="Half is back"))
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(announcing, clock)
    handover.accept(announcing, asked(incident, "a", user_id=HELPER))
    run_until_done(announcing, clock)
    (posted,) = slack.posted("handover")
    assert isinstance(posted.view, HandoverView)
    assert posted.view.handover.status is HandoverStatus.ACCEPTED
    assert len(slack.posted("line")) == 1
    assert slack.members == {incident.channel_id: [LEAD, HELPER]}


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_following_up(announcing: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool) -> None:
    drafted(announcing)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    clock.move(days=31)
    run_until_done(announcing, clock)
    (summary,) = slack.posted("draft-summary")
    assert [(one.key[-3:], one.thread_ts) for one in slack.posted("follow-up")] == [("30d", summary.ts)]
    clock.move(days=30)
    run_until_done(announcing, clock)
    assert [one.key[-3:] for one in slack.posted("follow-up")] == ["30d", "60d"]


@pytest.mark.parametrize("error", [lost(), busy()])
@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_opening_with_a_failing_call_instead_of_a_kill(
    announcing: World, slack: FakeSlack, clock: ManualClock, error: Exception, number: int, *, is_after: bool
) -> None:
    declared(announcing)
    if is_after and not str(error).startswith("Slack's answer"):
        error = lost()
    slack.goes_wrong("*", error, skip=number, is_after=is_after)
    for _ in range(3):
        try:
            work_off(announcing)
        except type(error):
            clock.move(seconds=due.LEASE.total_seconds())
    assert (len(slack.channels), len(slack.posted("header")), len(slack.posted("announcement"))) == (1, 1, 1)


@pytest.mark.parametrize("call", ["pin", "set_topic", "respond", "whisper", "group"])
def test_refused_optional_call_keeps_nothing_else_from_happening(
    database: Database,
    slack: FakeSlack,
    clock: ManualClock,
    call: str,
) -> None:
    slack.groups["S1"] = ("UONCALL",)
    policy = Policy(announce_in="CALL", invite_groups={Severity.SEV2: ("S1",)})
    with world_on(database, slack, clock, policy) as world:
        declared(world)
        slack.goes_wrong(call, refused(), times=9)
        work_off(world)
    assert (len(slack.posted("header")), len(slack.posted("announcement"))) == (1, 1)


def test_refused_announcement_is_told_to_the_reporter_alone(announcing: World, slack: FakeSlack) -> None:
    declared(announcing)
    slack.goes_wrong("send", refused("not_in_channel"), skip=1, times=9)
    work_off(announcing)
    assert (len(slack.posted("header")), slack.posted("announcement")) == (1, [])
    ((told, view),) = slack.whispers
    assert told == LEAD
    assert "could not be announced (Slack says not_in_channel)" in getattr(view, "text", "")


def test_follow_up_shows_the_actions_as_they_are_when_it_is_posted(
    announcing: World, slack: FakeSlack, clock: ManualClock
) -> None:
    incident = drafted(announcing)
    clock.move(days=29)
    later = asked(incident, "z", now=clock() + timedelta(seconds=1))
    actions.move_action(announcing, later, 1, ActionStatus.DONE)
    clock.move(days=2)
    work_off(announcing)
    (posted,) = slack.posted("follow-up")
    assert isinstance(posted.view, FollowUpView)
    assert ([one.number for one in posted.view.done], posted.view.open, posted.view.asked) == ([1], (), ())
