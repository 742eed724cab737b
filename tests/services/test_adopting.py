"""Taking a channel in: killed at any call to Slack it carries on, and everything is there once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.domain.adoption import ChannelFacts
from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident, IncidentType, Severity, Status
from bot.domain.messages import RANK_POST, MessageDeleted, MessageSeen, VoteCast, ts_of
from bot.domain.people import Person
from bot.services import adopting, backfill, calling, channel_life, header, jobs, reconciling, status, telling
from bot.services.adopting import ask, cancel, decide
from bot.services.declare import Declaration
from bot.services.ports import RefusedError
from bot.services.views import AdoptionView, AnswerView, HeaderView
from bot.services.world import Policy, World
from storage import due, incidents, people, records
from storage.database import Database
from storage.due import DueItem
from storage.people import Team
from storage.tables import due_items
from tests.factories import DECLARED, HELPER, LEAD, TEAM
from tests.fakes import FakeSlack, Killed, ManualClock, busy, lost, refused, world_on
from tests.fakes import ask as asked
from tests.services import working
from tests.services.test_merging import together

OPS = "COPS"
WORK: dict[str, Callable[[World, DueItem], None]] = {
    jobs.LOOK: adopting.show_preview,
    jobs.ADOPT: adopting.open_here,
    jobs.TAKE_IN: backfill.take_in,
    jobs.LEAVE: adopting.leave,
    jobs.CALL_IN: calling.escalate,
    jobs.CHANNEL: channel_life.look_again,
    jobs.HEADER: header.refresh,
    jobs.TELL: telling.tell,
}
DECLARATION = Declaration("Checkout errors", Severity.SEV2)
# More than either job makes; past the last call nothing goes wrong, which is a case too.
MOMENTS = [(number, is_after) for number in range(16) for is_after in (False, True)]


def said(minutes_ago: float, text: str, *, thread_of: MessageSeen | None = None) -> MessageSeen:
    ts = ts_of(DECLARED - timedelta(minutes=minutes_ago))
    return MessageSeen(TEAM, OPS, ts, text, RANK_POST, user_id=HELPER, thread_ts=thread_of.ts if thread_of else None)


EARLIER = said(200, "the release is out")
FIRST = said(25, "it is slow")
TALK = [
    EARLIER,
    FIRST,
    *(said(24 - number, f"message {number}") for number in range(8)),
    *(said(19.5 - number, f"reply {number}", thread_of=FIRST) for number in range(5)),
    said(2, "the release broke it", thread_of=EARLIER),
]
IN_WINDOW = len(TALK) - 1


@pytest.fixture
def here(database: Database, slack: FakeSlack, clock: ManualClock) -> Iterator[World]:
    """A world with a channel in it where people have been talking; the bot is not in it yet."""
    slack.facts[OPS] = ChannelFacts(OPS, "ops", is_member=False)
    slack.members[OPS] = [LEAD, HELPER]
    slack.said = {one.ts: one for one in TALK}
    slack.votes[FIRST.ts] = [
        VoteCast(TEAM, OPS, FIRST.ts, user_id, "pushpin", is_on=True, event_ts=ts_of(DECLARED))
        for user_id in (LEAD, HELPER)
    ]
    slack.people[LEAD] = Person(LEAD, "lea", "Lea")
    with world_on(database, slack, clock, Policy(announce_in="CALL")) as world:
        with database.transaction() as connection:
            people.save_team(connection, Team(TEAM, "Acme", "https://acme.slack.com/", "UBOT", "BBOT"))
        yield world


work_off = partial(working.work_off, WORK, leaves_others=True)
run_until_done = partial(working.run_until_done, WORK, leaves_others=True)


def previewed(world: World, slack: FakeSlack, declaration: Declaration = DECLARATION) -> AdoptionView:
    ask(world, asked("a", channel_id=OPS, response_url="https://r/1"), declaration)
    work_off(world)
    (_, view) = slack.answers[-1]
    assert isinstance(view, AdoptionView), view
    return view


def taken_in(world: World, slack: FakeSlack, *, key: str = "b") -> Incident:
    """Press the preview's first button, without doing what follows."""
    view = previewed(world, slack)
    answer = decide(world, asked(key, channel_id=OPS, response_url="https://r/2"), view.value, takes_in=True)
    with world.database.reading() as connection:
        assert answer.incident_row is not None
        return incidents.by_row(connection, answer.incident_row)


def texts(world: World, incident: Incident) -> list[str]:
    with world.database.reading() as connection:
        now_is = incidents.by_row(connection, incident.row_id)
        return [message.text for message in records.load(connection, now_is).material.messages]


@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_adopted_channel_is_opened_once_and_taken_in_whole(
    here: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    incident = taken_in(here, slack)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(here, clock)
    run_until_done(here, clock)
    (posted,) = slack.posted("header")
    assert isinstance(posted.view, HeaderView)
    assert (posted.channel_id, slack.pins, slack.topics) == (OPS, {posted.ts}, {})
    assert [one.channel_id for one in slack.posted("announcement")] == ["CALL"]
    shown = texts(here, incident)
    assert len(shown) == IN_WINDOW
    assert "the release broke it" in shown
    assert EARLIER.text not in shown
    with here.database.reading() as connection:
        material = records.load(connection, incidents.by_row(connection, incident.row_id)).material
    assert {vote.user_id for vote in material.votes} == {LEAD, HELPER}


@pytest.mark.parametrize("failure", [busy(), lost()])
def test_taking_in_goes_on_where_it_was_and_counts_each_message_once(
    here: World, slack: FakeSlack, clock: ManualClock, failure: Exception
) -> None:
    taken_in(here, slack)
    for skip in (2, 4, 6):
        slack.goes_wrong("replies" if skip == 4 else "page", failure, skip=skip // 3)
    for _ in range(5):
        try:
            work_off(here)
        except type(failure):
            clock.move(seconds=due.LEASE.total_seconds())
    told = [view.text for _, view in slack.answers if isinstance(view, AnswerView)]
    assert f"INC-2026-11-20-001: took in {IN_WINDOW} messages." in told


def test_deletion_that_capture_learned_meanwhile_outranks_the_history(here: World, slack: FakeSlack) -> None:
    incident = taken_in(here, slack)
    here.writer.save([MessageDeleted(TEAM, OPS, FIRST.ts)])
    work_off(here)
    assert FIRST.text not in texts(here, incident)
    assert len(texts(here, incident)) == IN_WINDOW - 1


def test_refused_reading_says_what_is_recorded(here: World, slack: FakeSlack) -> None:
    incident = taken_in(here, slack)
    slack.goes_wrong("page", refused("missing_scope"))
    work_off(here)
    assert texts(here, incident) == []
    told = [view.text for _, view in slack.answers if isinstance(view, AnswerView)]
    assert any(text.startswith("Slack refused to show what was said before (missing_scope).") for text in told)


@pytest.mark.parametrize(
    ("number", "is_after"), [(number, is_after) for number in range(6) for is_after in (False, True)]
)
def test_preview_is_shown_whatever_call_is_cut_off(
    here: World, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    ask(here, asked("a", channel_id=OPS, response_url="https://r/1"), DECLARATION)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    run_until_done(here, clock)
    shown = [view for _, view in slack.answers if isinstance(view, AdoptionView)]
    assert {(view.talk.messages, view.talk.people) for view in shown} == {(1 + 8 + 5, 1)}


def test_preview_that_nobody_waits_for_any_more_is_not_made(here: World, slack: FakeSlack, clock: ManualClock) -> None:
    ask(here, asked("a", channel_id=OPS, response_url="https://r/1"), DECLARATION)
    clock.move(minutes=31)
    work_off(here)
    assert slack.answers == []


def test_presses_of_one_preview_come_to_one_incident_whichever_they_are(here: World, slack: FakeSlack) -> None:
    view = previewed(here, slack)
    first = decide(here, asked("b", channel_id=OPS), view.value, takes_in=True)
    again = decide(here, asked("c", channel_id=OPS), view.value, takes_in=False)
    late = cancel(here, asked("d", channel_id=OPS), view.value)
    assert (again.text, late.text) == (first.text, first.text)
    with here.database.reading() as connection:
        assert len(incidents.of_team(connection, TEAM, only_open=False)) == 1


def test_press_by_somebody_else_is_refused(here: World, slack: FakeSlack) -> None:
    view = previewed(here, slack)
    with pytest.raises(NotFoundError, match="That preview is no longer known"):
        decide(here, asked("b", HELPER, OPS), view.value, takes_in=True)


def test_archived_channel_is_refused_with_the_way_round(here: World, slack: FakeSlack) -> None:
    slack.facts[OPS] = replace(slack.facts[OPS], is_archived=True)
    ask(here, asked("a", channel_id=OPS, response_url="https://r/1"), replace(DECLARATION, type=IncidentType.PROCESS))
    work_off(here)
    (_, view) = slack.answers[-1]
    assert getattr(view, "text", "") == (
        "This channel is archived, so nothing can be said in it. To give the incident a channel of its own, leave out "
        "--here: /incident start Checkout errors --sev 2 --type process"
    )


@pytest.mark.parametrize("name", ["directmessage", "mpdm-ana--ben--cleo-1"])
def test_conversation_that_is_no_channel_is_refused_at_once(here: World, name: str) -> None:
    with pytest.raises(UserError, match="This is no channel"):
        ask(here, asked("a", channel_id="D1", channel_name=name, response_url="https://r/1"), DECLARATION)


def test_without_a_place_for_the_preview_it_is_asked_to_be_typed_as_a_command(here: World) -> None:
    with pytest.raises(UserError, match="Type it as a command: /incident start Checkout errors --sev 2 --here"):
        ask(here, asked("a", channel_id=OPS), DECLARATION)


def test_channel_that_is_private_by_the_time_it_is_opened_makes_the_incident_private(
    here: World, slack: FakeSlack
) -> None:
    incident = taken_in(here, slack)
    slack.facts[OPS] = replace(slack.facts[OPS], is_private=True)
    work_off(here)
    with here.database.reading() as connection:
        assert incidents.by_row(connection, incident.row_id).is_private
    assert slack.posted("announcement") == []


def test_header_that_slack_refuses_is_told_to_the_reporter_once(here: World, slack: FakeSlack) -> None:
    taken_in(here, slack)
    slack.goes_wrong("pin", refused(), times=9)
    slack.goes_wrong("send", refused("not_in_channel"), times=1)
    with pytest.raises(RefusedError):
        work_off(here)
    for _ in range(2):
        with here.database.transaction() as connection:
            due.release(connection, worker="w")
        work_off(here)
    assert [one.channel_id for one in slack.posted("tell")] == [f"D{LEAD}"]
    assert len(slack.posted("header")) == 1


@pytest.mark.parametrize("_again", range(5))
def test_incident_that_is_taken_up_again_while_its_channel_is_adopted_keeps_it_or_stays_over(
    here: World, slack: FakeSlack, _again: int
) -> None:
    before = taken_in(here, slack)
    status.change_status(here, asked("c", channel_id=OPS), Status.RESOLVED, None, "")
    ask(here, asked("d", channel_id=OPS, response_url="https://r/3"), DECLARATION)
    work_off(here)
    view = slack.answers[-1][1]
    assert isinstance(view, AdoptionView), view
    told = together(
        here,
        lambda world: decide(world, asked("e", channel_id=OPS), view.value, takes_in=False).text,
        lambda world: status.reopen(world, asked("f", channel_id=OPS, row=before.row_id), None, "").text,
    )
    with here.database.reading() as connection:
        now = incidents.by_row(connection, before.row_id)
    assert now.holds_channel is not now.status.is_over
    assert ["is declared" in told[0], "is open again" in told[1]] == [now.status.is_over, not now.status.is_over]


@pytest.mark.parametrize("is_killed_after", [False, True])
def test_channel_that_was_entered_for_a_look_alone_is_left_also_when_the_look_was_cut_off(
    here: World, slack: FakeSlack, clock: ManualClock, *, is_killed_after: bool
) -> None:
    slack.goes_wrong("join", Killed(), is_after=is_killed_after)
    ask(here, asked("a", channel_id=OPS, response_url="https://r/1"), DECLARATION)
    run_until_done(here, clock)
    view = slack.answers[-1][1]
    assert isinstance(view, AdoptionView), view
    cancel(here, asked("b", channel_id=OPS), view.value)
    work_off(here)
    assert not slack.facts[OPS].is_member


def test_thread_that_began_long_before_and_that_a_reply_names_is_taken_in(
    here: World, slack: FakeSlack, clock: ManualClock
) -> None:
    ancient = said(9_000, "weeks ago")
    chatter = [said(5_000 - number, f"chatter {number}") for number in range(40)]
    likely = said(4_000, "last week")
    sent_to_all = replace(said(8, "as I said then", thread_of=ancient), kind="thread_broadcast")
    replies = [sent_to_all, said(7, "only there", thread_of=ancient), said(6, "there too", thread_of=likely)]
    slack.said |= {one.ts: one for one in (ancient, *chatter, likely, *replies)}
    incident = taken_in(here, slack)
    run_until_done(here, clock)
    shown = texts(here, incident)
    assert len(shown) == IN_WINDOW + len(replies)
    assert {one.text for one in replies} <= set(shown)
    told = [view.text for _, view in slack.answers if isinstance(view, AnswerView)]
    assert f"INC-2026-11-20-001: took in {len(shown)} messages." in told


def test_channel_is_compared_with_the_history_from_then_on(here: World, slack: FakeSlack, clock: ManualClock) -> None:
    taken_in(here, slack)
    run_until_done(here, clock)
    with here.database.reading() as connection:
        waiting = select(due_items.c.kind, due_items.c.due_at).where(due_items.c.finished_at.is_(None))
        compared = {kind: at for kind, at in connection.execute(waiting) if kind == jobs.RECONCILE}
    assert compared == {jobs.RECONCILE: clock() + reconciling.EVERY}


def test_preview_that_nobody_answers_lets_the_bot_leave_again_after_half_an_hour(
    here: World, slack: FakeSlack, clock: ManualClock
) -> None:
    previewed(here, slack)
    clock.move(minutes=29)
    work_off(here)
    assert slack.facts[OPS].is_member
    clock.move(minutes=1)
    work_off(here)
    assert not slack.facts[OPS].is_member


def test_bot_that_was_in_the_channel_before_stays_whether_or_not_anybody_answers(
    here: World, slack: FakeSlack, clock: ManualClock
) -> None:
    slack.facts[OPS] = replace(slack.facts[OPS], is_member=True)
    previewed(here, slack)
    clock.move(hours=1)
    work_off(here)
    assert slack.facts[OPS].is_member


def test_answered_preview_keeps_the_bot_in_the_channel(here: World, slack: FakeSlack, clock: ManualClock) -> None:
    taken_in(here, slack)
    clock.move(hours=1)
    work_off(here)
    assert slack.facts[OPS].is_member


def test_bot_stays_as_long_as_one_preview_waits_for_its_answer(
    here: World, slack: FakeSlack, clock: ManualClock
) -> None:
    previewed(here, slack)
    clock.move(minutes=20)
    ask(here, asked("later", channel_id=OPS, response_url="https://r/5"), DECLARATION)
    work_off(here)
    clock.move(minutes=15)
    work_off(here)
    assert slack.facts[OPS].is_member
    clock.move(minutes=15)
    work_off(here)
    assert not slack.facts[OPS].is_member


def test_cancelling_one_of_two_previews_leaves_the_other_to_its_answer(
    here: World, slack: FakeSlack, clock: ManualClock
) -> None:
    previewed(here, slack)
    clock.move(minutes=20)
    ask(here, asked("later", channel_id=OPS, response_url="https://r/5"), DECLARATION)
    work_off(here)
    view = slack.answers[-1][1]
    assert isinstance(view, AdoptionView)
    cancel(here, asked("no", channel_id=OPS), view.value)
    work_off(here)
    assert slack.facts[OPS].is_member
    clock.move(minutes=10)
    work_off(here)
    assert not slack.facts[OPS].is_member


def test_cancel_by_somebody_else_is_refused(here: World, slack: FakeSlack) -> None:
    view = previewed(here, slack)
    with pytest.raises(NotFoundError, match="That preview is no longer known"):
        cancel(here, asked("b", HELPER, OPS), view.value)


def test_of_two_who_adopt_a_channel_at_the_same_moment_one_is_refused(here: World, slack: FakeSlack) -> None:
    values = []
    for user_id in (LEAD, HELPER):
        ask(here, asked(f"a{user_id}", user_id, OPS, response_url="https://r/1"), DECLARATION)
        work_off(here)
        (_, view) = slack.answers[-1]
        assert isinstance(view, AdoptionView)
        values.append((user_id, view.value))

    def press(user_id: str, value: str) -> str:
        try:
            return decide(here, asked(f"b{user_id}", user_id, OPS), value, takes_in=False).text
        except UserError as refusal:
            return refusal.message

    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda one: press(*one), values))
    assert sorted("is led in this channel" in answer for answer in answers) == [False, True]
