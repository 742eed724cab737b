"""What was not delivered is found in Slack's history, whatever it was, and however badly the history answers."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.capturing import GapCause
from bot.domain.incident import Incident, Status
from bot.domain.messages import VoteCast, time_of, ts_of
from bot.domain.reconciling import CAUGHT_UP, TOLERANCE
from bot.domain.record import CaptureGap
from bot.domain.timeline import SHORTCUT_VOTE
from bot.services import jobs, reconciling, status
from bot.services.ports import BusyError, OutsideError
from bot.services.world import World
from storage import curations, due, gaps, incidents, reconciliations
from storage.database import Database
from storage.due import DueItem
from storage.reconciliations import Reconciliation
from storage.tables import due_items, messages
from tests.factories import DECLARED
from tests.fakes import FakeSlack, Killed, ManualClock
from tests.services import working
from tests.services.offline import OfflineClient, TrueChannel, led_in, rate_limited, refusal, true_channel
from tests.services.test_killed_anywhere import asked, opened, settle
from tests.storage.stored import store_incident

WORK: dict[str, Callable[[World, DueItem], None]] = {jobs.RECONCILE: reconciling.reconcile}
HISTORY, REPLIES, REACTIONS = "conversations.history", "conversations.replies", "reactions.get"


@pytest.fixture
def channel(database: Database, slack: FakeSlack, clock: ManualClock) -> Iterator[TrueChannel]:
    with true_channel(database, slack, clock) as made:
        yield made


@pytest.fixture
def incident(channel: TrueChannel) -> Incident:
    return led_in(channel)


@pytest.fixture
def client(channel: TrueChannel) -> OfflineClient:
    return channel.client


def run(channel: TrueChannel) -> None:
    """Do what is due of comparing now."""
    working.work_off(WORK, channel.world, leaves_others=True)


def ask(channel: TrueChannel, incident: Incident, *, doubtful: bool = False) -> None:
    with channel.world.database.transaction() as connection:
        reconciling.ask(connection, incident, now=channel.world.clock(), doubtful=doubtful)


def look_at_what_is_new(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    clock.move(minutes=3)
    ask(channel, incident)
    run(channel)


def compare_all(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    """Doubt everything, and let the history catch up."""
    ask(channel, incident, doubtful=True)
    run(channel)
    clock.move(seconds=CAUGHT_UP.total_seconds())
    run(channel)


def state(channel: TrueChannel, incident: Incident) -> Reconciliation:
    with channel.world.database.reading() as connection:
        return reconciliations.of(connection, incident)


def known_gaps(channel: TrueChannel, incident: Incident) -> tuple[CaptureGap, ...]:
    with channel.world.database.reading() as connection:
        return gaps.of(connection, incident)


def note_gap(channel: TrueChannel, incident: Incident, from_ts: str, *, cause: GapCause = GapCause.NOT_RUNNING) -> None:
    """Let it be known that nothing was heard from then until now."""
    with channel.world.database.transaction() as connection:
        gaps.add(connection, incident, cause, time_of(from_ts), channel.world.clock())


def recovered(channel: TrueChannel) -> list[str]:
    with channel.world.database.reading() as connection:
        query = select(messages.c.text).where(messages.c.recovered_at.is_not(None)).order_by(messages.c.ts)
        return list(connection.execute(query).scalars())


def again_at(channel: TrueChannel) -> Any:
    """Return when the channel is compared next, None for no more."""
    return _waiting(channel.world)


def marks_due(channel: TrueChannel) -> set[str]:
    with channel.world.database.reading() as connection:
        query = select(due_items.c.slot).where(due_items.c.kind == jobs.MARK)
        return set(connection.execute(query).scalars())


# What is found


def test_everything_that_was_not_delivered_is_there_after_a_comparison(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    parent = channel.say("checkout is slow")
    kept = channel.say("is it the pool?", "ben", thread=parent)
    gone, gone_reply = channel.say("wrong channel"), channel.say("oh no", "ben", thread=parent)
    liked, disliked = channel.say("rolled back"), channel.say("look at this")
    channel.react(liked, "ana")
    clock.move(minutes=2)
    with channel.losing():
        channel.say("it is the database")
        channel.say("as <https://example.com|said>", "cleo", thread=parent)
        channel.say("for all", "ben", thread=parent, broadcast=True)
        channel.say("in a new thread", "dan", thread=liked)
        channel.edit(parent, "checkout is slow in the EU")
        channel.edit(kept, "it is the pool", "ben")
        channel.delete(gone)
        channel.delete(gone_reply, "ben")
        channel.unreact(liked, "ana")
        channel.react(disliked, "cleo", "fire")
        channel.react(kept, "ana", "mag")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    true = [
        (ts, text.replace("<https://example.com|said>", "said (https://example.com)"), *rest)
        for ts, text, *rest in channel.true()
    ]
    assert channel.stored(incident) == true
    assert recovered(channel) == ["it is the database", "as said (https://example.com)", "for all", "in a new thread"]
    assert not state(channel, incident).is_doubtful


def test_deleted_messages_are_known_as_such_and_their_words_are_gone(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    parent = channel.say("regrettable parent")
    channel.say("reply", "ben", thread=parent)
    alone = channel.say("regrettable")
    with channel.losing():
        channel.delete(parent)
        channel.delete(alone)
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert channel.stored(incident) == channel.true()
    with channel.world.database.reading() as connection:
        stored = {row.ts: (row.is_deleted, row.text) for row in connection.execute(select(messages))}
    assert [stored[ts] for ts in (parent, alone)] == [(True, ""), (True, "")]


def test_thread_that_is_gone_as_a_whole_is_deleted(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    parent = channel.say("parent")
    replies = [channel.say(f"reply {number}", "ben", thread=parent) for number in range(3)]
    with channel.losing():
        channel.delete(parent)
        for ts in replies:
            channel.delete(ts, "ben")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert channel.true() == channel.stored(incident) == []


def test_of_two_edits_in_one_second_the_last_counts(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    ts = channel.say("first")
    clock.move(minutes=2)
    channel.edit(ts, "second")
    with channel.losing():
        channel.edit(ts, "third")
    look_at_what_is_new(channel, incident, clock)
    assert [text for _, text, *_ in channel.stored(incident)] == ["third"]


def test_edit_that_arrives_after_a_comparison_saw_the_one_before_it_counts(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    ts = channel.say("first")
    clock.move(minutes=2)
    with channel.losing() as late:
        channel.edit(ts, "second")
        with channel.lagging():
            clock.move(seconds=0.2)
            channel.edit(ts, "third")
            clock.move(seconds=5)
            # So that what is young is taken in too.
            note_gap(channel, incident, ts)
            ask(channel, incident, doubtful=True)
            run(channel)
    assert [text for _, text, *_ in channel.stored(incident)] == ["second"]
    for event in reversed(late):
        channel.deliver(event)
    assert [text for _, text, *_ in channel.stored(incident)] == ["third"]


def test_reactions_leave_word_for_the_marks(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    on, off = channel.say("put on"), channel.say("taken off")
    channel.react(off)
    run(channel)
    with channel.world.database.transaction() as connection:
        connection.execute(due_items.delete().where(due_items.c.kind == jobs.MARK))
    with channel.losing():
        channel.react(on)
        channel.unreact(off)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert marks_due(channel) == {on, off}


def test_reactions_of_which_slack_names_only_some_are_all_there(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    ts = channel.say("everybody likes this")
    with channel.losing():
        for user in ("ben", "cleo", "dan", "eve", "fay", "gus"):
            channel.react(ts, user)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert channel.stored(incident) == channel.true()
    assert client.calls.count(REACTIONS) == 1


def test_reactions_that_slack_names_in_part_are_asked_for_only_when_they_differ(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    ts = channel.say("everybody likes this")
    for user in ("ben", "cleo", "dan", "eve", "fay", "gus"):
        channel.react(ts, user)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY]
    compare_all(channel, incident, clock)
    assert REACTIONS in client.calls


def test_refused_reactions_keep_nothing_else_from_being_compared(
    channel: TrueChannel, incident: Incident, slack: FakeSlack, clock: ManualClock
) -> None:
    slack.goes_wrong(REACTIONS, refusal("missing_scope"), times=9)
    ts = channel.say("everybody likes this")
    for user in ("ben", "cleo", "dan", "eve", "fay", "gus"):
        channel.react(ts, user)
    with channel.losing():
        channel.say("missed")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert channel.stored(incident) == channel.true()
    assert state(channel, incident).problem is None


def test_votes_of_the_shortcut_and_marks_of_the_bot_are_left_alone(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    ts = channel.say("put on the timeline by the shortcut")
    vote = VoteCast(
        channel.team_id, channel.channel_id, ts, channel.person("ana"), SHORTCUT_VOTE, is_on=True, event_ts=ts
    )
    channel.world.writer.save([vote])
    reaction = {"channel": channel.channel_id, "timestamp": ts, "name": "spiral_note_pad"}
    channel.sandbox._api.answer("reactions.add", channel.sandbox.bot_token, reaction)
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    (stored,) = channel.stored(incident)
    assert stored[-1] == [(SHORTCUT_VOTE, channel.person("ana"))]
    assert known_gaps(channel, incident) == ()


def test_the_bots_own_posts_and_noise_are_no_messages(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    channel.sandbox.people.add_person("hal")
    channel.say_as_the_bot("the header")
    channel.sandbox.people.join("hal", channel.channel_id)
    channel.sandbox.people.set_topic("ana", channel.channel_id, "another topic")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert channel.stored(incident) == []


def test_message_kept_out_of_the_report_stays_out_through_every_comparison(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    ts = channel.say("let us keep this out")
    with channel.world.database.transaction() as connection:
        curations.decide(connection, incident, channel.channel_id, ts, is_kept_out=True)
    with channel.losing():
        channel.react(ts)
        channel.edit(ts, "let us really keep this out")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    compare_all(channel, incident, clock)
    assert [text for _, text, *_ in channel.stored(incident)] == ["let us really keep this out"]
    with channel.world.database.reading() as connection:
        (curation,) = connection.exec_driver_sql("SELECT ts, is_kept_out, was_edited FROM curations").all()
    assert tuple(curation) == (ts, True, False)


# What is not decided yet


def test_message_on_its_way_is_left_to_its_event_and_looked_at_again(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    with channel.losing() as late:
        channel.say("on its way")
        ask(channel, incident)
        run(channel)
    assert channel.stored(incident) == []
    assert again_at(channel) == clock() + CAUGHT_UP
    channel.deliver(late[0])
    clock.move(seconds=62)
    run(channel)
    assert (channel.stored(incident), recovered(channel)) == (channel.true(), [])
    assert again_at(channel) == clock() + reconciling.EVERY


def test_message_of_a_known_gap_is_taken_in_at_once(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    clock.move(minutes=5)
    with channel.losing():
        ts = channel.say("while the program was down")
    clock.move(seconds=2)
    note_gap(channel, incident, ts)
    ask(channel, incident, doubtful=True)
    run(channel)
    assert recovered(channel) == ["while the program was down"]


def test_history_that_is_behind_takes_nothing_away_and_is_asked_again(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    before = channel.say("before")
    channel.react(before, "ana")
    clock.move(minutes=2)
    with channel.lagging():
        clock.move(seconds=10)
        channel.say("not in the history yet")
        channel.edit(before, "before, edited")
        channel.unreact(before, "ana")
        channel.react(before, "ben")
        clock.move(seconds=20)
        for doubtful in (False, True):
            ask(channel, incident, doubtful=doubtful)
            run(channel)
        reconciling.pass_before_draft(channel.world, incident)
    assert channel.stored(incident) == channel.true()
    assert again_at(channel) is not None


def test_what_the_history_did_not_show_yet_is_taken_in_when_it_does(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    before = channel.say("before")
    clock.move(minutes=2)
    with channel.lagging():
        clock.move(seconds=10)
        with channel.losing():
            channel.edit(before, "edited in vain")
        ask(channel, incident, doubtful=True)
        run(channel)
        assert channel.stored(incident) != channel.true()
    assert state(channel, incident).is_doubtful
    clock.move(seconds=62)
    run(channel)
    assert channel.stored(incident) == channel.true()
    assert not state(channel, incident).is_doubtful


# Gaps


def test_what_no_known_gap_explains_makes_one_and_has_the_connection_replaced(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    replaced: list[str] = []
    channel.world = replace(channel.world, reconnect=lambda: replaced.append("now"))
    channel.say("heard")
    clock.move(minutes=1)
    with channel.losing():
        first = channel.say("not heard")
        clock.move(seconds=20)
        last = channel.say("not heard either")
    clock.move(minutes=1)
    look_at_what_is_new(channel, incident, clock)
    (gap,) = known_gaps(channel, incident)
    assert (gap.from_at, gap.to_at, gap.recovered) == (time_of(first), time_of(last), 2)
    assert gap.cause == GapCause.NOT_DELIVERED.words
    assert replaced == ["now"]
    # What came to light in passing may not be all.
    assert state(channel, incident).is_doubtful


def test_known_gap_explains_what_is_missing(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    replaced: list[str] = []
    channel.world = replace(channel.world, reconnect=lambda: replaced.append("now"))
    before = channel.say("heard")
    clock.move(minutes=5)
    with channel.losing():
        missed = channel.say("not heard")
        channel.say("not heard either")
        clock.move(seconds=30)
        channel.edit(before, "heard, edited")
        channel.react(missed)
        channel.react(before)
    clock.move(minutes=6)
    note_gap(channel, incident, missed)
    compare_all(channel, incident, clock)
    (gap,) = known_gaps(channel, incident)
    assert (gap.recovered, gap.changed) == (2, 3)
    assert replaced == []


def test_what_was_lost_apart_makes_two_gaps(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    for text in ("one", "two"):
        with channel.losing():
            channel.say(text)
        clock.move(minutes=20)
    look_at_what_is_new(channel, incident, clock)
    assert [gap.recovered for gap in known_gaps(channel, incident)] == [1, 1]


def test_only_a_change_that_came_to_light_makes_no_gap_but_a_doubt(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    ts = channel.say("heard")
    with channel.losing():
        channel.edit(ts, "not heard")
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert known_gaps(channel, incident) == ()
    assert state(channel, incident).is_doubtful
    clock.move(seconds=62)
    run(channel)
    assert not state(channel, incident).is_doubtful


# What it costs


def quiet(channel: TrueChannel, threads: int = 3) -> None:
    for number in range(threads):
        parent = channel.say(f"parent {number}")
        channel.say("reply", "ben", thread=parent)
        channel.react(parent, "ben")


def rows(channel: TrueChannel) -> list[Any]:
    with channel.world.database.reading() as connection:
        tables = ("messages", "votes", "capture_gaps", "message_revisions")
        return [tuple(row) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]


def test_where_nothing_happened_one_call_tells_and_nothing_is_stored(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    quiet(channel)
    clock.move(minutes=2)
    before = rows(channel)
    for _ in range(3):
        look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY] * 3
    assert rows(channel) == before


def test_threads_are_read_again_only_when_their_numbers_have_changed(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    quiet(channel)
    (parent, *_), *_ = channel.true()
    clock.move(minutes=2)
    with channel.losing():
        channel.say("missed", "cleo", thread=parent)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY, REPLIES]
    assert channel.stored(incident) == channel.true()


def test_threads_with_replies_of_the_bot_are_read_once(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    parent = channel.say("parent")
    channel.say("reply", "ben", thread=parent)
    channel.say_as_the_bot("the report", parent)
    clock.move(minutes=2)
    for _ in range(2):
        look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY, REPLIES, HISTORY]
    channel.say("thanks", "ben", thread=parent)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls[3:] == [HISTORY]
    with channel.losing():
        channel.say("not heard", "ben", thread=parent)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls[4:] == [HISTORY, REPLIES]
    assert channel.stored(incident) == channel.true()


def test_pages_go_back_to_what_was_compared_before_and_no_further(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    client.most = 15
    for number in range(100):
        channel.say(f"message {number}")
    clock.move(minutes=10)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY] * 7
    with channel.losing():
        for number in range(20):
            channel.say(f"lost {number}")
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    assert client.calls[7:] == [HISTORY] * 2
    assert len(recovered(channel)) == 20


def test_ten_thousand_messages_cost_a_page_for_each_two_hundred(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    with channel.losing():
        for number in range(10_000):
            channel.say(f"message {number}")
    clock.move(hours=1)
    compare_all(channel, incident, clock)
    # What is new, as nothing was compared before; then everything.
    assert client.calls == [HISTORY] * 100
    assert len(recovered(channel)) == 10_000
    client.calls.clear()
    look_at_what_is_new(channel, incident, clock)
    assert client.calls == [HISTORY]


# Limits and failures


def run_to_the_end(channel: TrueChannel) -> None:
    """Do what is due until nothing is."""
    for _ in range(99):
        waiting = again_at(channel)
        if waiting is None or waiting > channel.world.clock():
            return
        run(channel)
    pytest.fail("it never ends")


def test_long_comparison_lets_others_go_first_and_comes_to_its_end(
    channel: TrueChannel, incident: Incident, client: OfflineClient, slack: FakeSlack, clock: ManualClock
) -> None:
    client.most = 3
    with channel.losing():
        for number in range(60):
            channel.say(f"message {number}")
    clock.move(minutes=2)
    ask(channel, incident)
    real = slack.does

    def slowly(call: str, effect: Callable[[], Any]) -> Any:
        clock.move(seconds=3)
        return real(call, effect)

    slack.does = slowly  # type: ignore[method-assign] # Slack takes its time
    began = clock()
    run(channel)
    assert clock() - began <= reconciling.AT_A_STRETCH + timedelta(seconds=3)
    assert 0 < len(recovered(channel)) < 60
    client.calls.clear()
    run_to_the_end(channel)
    assert channel.stored(incident) == channel.true()
    assert len(recovered(channel)) == 60


def test_strict_limits_are_respected_across_runs(
    channel: TrueChannel, incident: Incident, client: OfflineClient, slack: FakeSlack, clock: ManualClock
) -> None:
    client.most = 15
    with channel.losing():
        for number in range(40):
            parent = channel.say(f"message {number}")
        for number in range(20):
            channel.say(f"reply {number}", "ben", thread=parent)
    clock.move(hours=1)
    ask(channel, incident, doubtful=True)
    for _ in range(16):
        # One page a minute.
        client.calls.clear()
        slack.goes_wrong("*", rate_limited(60), skip=1)
        with suppress(BusyError):
            run(channel)
        assert len(client.calls) <= 2
        slack.mishaps.clear()
        release(channel)
        clock.move(minutes=1)
    assert channel.stored(incident) == channel.true()
    assert not state(channel, incident).is_doubtful


def release(channel: TrueChannel) -> None:
    """Give back what a run that failed has claimed."""
    with channel.world.database.transaction() as connection:
        due.release(connection, worker="w")


@pytest.fixture
def messy(channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock) -> None:
    """A channel of which much was lost: pages, threads, cut reactions, deletions."""
    client.most = 3
    parents = [channel.say(f"message {number}") for number in range(5)]
    replies = [channel.say(f"reply {number}", "ben", thread=parents[1]) for number in range(3)]
    clock.move(minutes=2)
    with channel.losing():
        channel.say("lost")
        channel.say("lost reply", "ben", thread=parents[1])
        channel.delete(parents[0])
        channel.delete(replies[0], "ben")
        channel.edit(parents[2], "edited")
        for user in ("ben", "cleo", "dan", "eve", "fay", "gus"):
            channel.react(parents[3], user)
    clock.move(minutes=10)
    note_gap(channel, incident, ts_of(clock() - timedelta(minutes=10)))
    ask(channel, incident, doubtful=True)


# More than the comparison makes; past its last call nothing goes wrong, which is a case too.
MOMENTS = [(number, is_after) for number in range(12) for is_after in (False, True)]


@pytest.mark.usefixtures("messy")
@pytest.mark.parametrize(("number", "is_after"), MOMENTS)
def test_killed_anywhere_it_carries_on_and_counts_everything_once(
    channel: TrueChannel, incident: Incident, slack: FakeSlack, clock: ManualClock, number: int, *, is_after: bool
) -> None:
    clock.move(seconds=62)
    slack.goes_wrong("*", Killed(), skip=number, is_after=is_after)
    for _ in range(3):
        working.run_until_done(WORK, channel.world, clock, leaves_others=True)
        clock.move(minutes=3)
    assert channel.stored(incident) == channel.true()
    assert recovered(channel) == ["lost", "lost reply"]
    (gap,) = known_gaps(channel, incident)
    assert (gap.recovered, gap.changed) == (2, 9)
    assert not state(channel, incident).is_doubtful


@pytest.mark.usefixtures("messy")
@pytest.mark.parametrize("error", [rate_limited(), OSError("connection reset")])
@pytest.mark.parametrize("number", range(0, 12, 2))
def test_failing_call_is_made_again_later_and_nothing_is_done_twice(
    channel: TrueChannel, incident: Incident, slack: FakeSlack, clock: ManualClock, error: Exception, number: int
) -> None:
    clock.move(seconds=62)
    slack.goes_wrong("*", error, skip=number, times=2)
    for _ in range(6):
        with suppress(OutsideError):
            run(channel)
        release(channel)
        clock.move(minutes=1)
    assert channel.stored(incident) == channel.true()
    (gap,) = known_gaps(channel, incident)
    assert (gap.recovered, gap.changed) == (2, 9)


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "missing_scope"])
def test_refusal_is_stored_for_people_and_tried_again_later(
    channel: TrueChannel, incident: Incident, slack: FakeSlack, clock: ManualClock, code: str
) -> None:
    slack.goes_wrong(HISTORY, refusal(code))
    ask(channel, incident, doubtful=True)
    run(channel)
    assert state(channel, incident).problem == f"Slack refused to show the channel ({code})"
    assert state(channel, incident).is_doubtful
    clock.move(minutes=15)
    run(channel)
    assert state(channel, incident) == Reconciliation(clock() - TOLERANCE, clock())


def test_channel_that_slack_shows_again_is_one_that_the_program_is_back_in(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    left = clock()
    with channel.world.database.transaction() as connection:
        gaps.begin(connection, incident, GapCause.NOT_IN_CHANNEL, left)
    with channel.losing():
        channel.say("said meanwhile")
    clock.move(minutes=10)
    back = clock()
    # Nobody told that it was brought back: it wasn't running then.
    ask(channel, incident)
    run(channel)
    (gap,) = known_gaps(channel, incident)
    assert (gap.from_at, gap.to_at, gap.recovered) == (left, back, 1)
    assert state(channel, incident).is_doubtful


def test_archived_channel_is_compared_as_any_other(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    with channel.losing():
        channel.say("the last word")
        channel.sandbox.people.archive(channel.channel_id)
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert recovered(channel) == ["the last word"]


def test_messages_that_slack_keeps_no_longer_stay_stored(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    for number in range(3):
        channel.say(f"message {number}")
    parent = channel.say("parent")
    channel.say("reply", "ben", thread=parent)
    before = channel.stored(incident)
    clock.move(days=100)
    channel.sandbox.workspace.channels[channel.channel_id].messages.clear()
    recent = channel.say("still talking")
    clock.move(minutes=2)
    compare_all(channel, incident, clock)
    assert [one[0] for one in channel.stored(incident)] == [*(one[0] for one in before), recent]
    assert state(channel, incident).problem == "Slack no longer shows all that was said"


def test_old_message_that_somebody_deleted_is_deleted_where_slack_still_shows_what_was_before(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    channel.say("first")
    second = channel.say("second")
    clock.move(days=100)
    with channel.losing():
        channel.delete(second)
    compare_all(channel, incident, clock)
    assert channel.stored(incident) == channel.true()


# When


def test_open_incident_is_compared_every_three_minutes(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    with channel.world.database.transaction() as connection:
        reconciling.begin(connection, incident, now=clock())
    for _ in range(30):
        run(channel)
        clock.move(minutes=1)
    assert len(client.calls) == 9


def resolve(channel: TrueChannel, incident: Incident) -> None:
    with channel.world.database.transaction() as connection:
        incidents.change(connection, incident, status=Status.RESOLVED.value)


def test_incident_that_is_over_is_compared_as_a_whole_once_and_then_rarely_for_a_day(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    quiet(channel)
    clock.move(minutes=2)
    look_at_what_is_new(channel, incident, clock)
    _, (reply, *_), *_ = channel.true()
    with channel.losing():
        channel.edit(reply, "reply, edited", "ben")
    resolve(channel, incident)
    clock.move(minutes=3)
    run(channel)
    assert client.calls == [HISTORY, HISTORY, *[REPLIES] * 3]
    assert channel.stored(incident) == channel.true()
    client.calls.clear()
    for _ in range(30 * 12):
        run(channel)
        clock.move(minutes=5)
    assert again_at(channel) is None
    assert 24 * 4 - 2 <= len(client.calls) <= 24 * 4 + 2


def test_incident_is_compared_from_its_declaration_on_and_again_when_it_is_taken_up_again(
    world: World, clock: ManualClock
) -> None:
    led = opened(world)
    assert _waiting(world) == clock() + reconciling.EVERY
    clock.move(minutes=3)
    settle(world)
    assert _waiting(world) is None
    status.change_status(world, asked(led, "over", now=clock()), Status.RESOLVED, None, "")
    status.reopen(world, asked(led, "again", now=clock()), None, "")
    assert _waiting(world) == clock()


def _waiting(world: World) -> Any:
    with world.database.reading() as connection:
        query = select(due_items.c.due_at).where(due_items.c.kind == jobs.RECONCILE, due_items.c.finished_at.is_(None))
        return connection.execute(query).scalar()


def test_adopted_channel_is_compared_until_its_capture_ends(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    with channel.world.database.transaction() as connection:
        incidents.change(
            connection,
            incident,
            status=Status.RESOLVED.value,
            is_adopted=True,
            capture_from=DECLARED - timedelta(minutes=30),
            capture_until=DECLARED + timedelta(hours=2),
        )
    clock.move(hours=1, minutes=59)
    with channel.losing():
        channel.say("within")
        clock.move(minutes=2)
        channel.say("after the end")
    ask(channel, incident)
    for _ in range(40):
        run(channel)
        clock.move(minutes=1)
    assert again_at(channel) is None
    assert recovered(channel) == ["within"]


def test_imported_incident_is_never_compared(
    channel: TrueChannel, incident: Incident, client: OfflineClient, clock: ManualClock
) -> None:
    with channel.world.database.transaction() as connection:
        imported = incidents.change(connection, incident, is_imported=True)
    ask(channel, imported, doubtful=True)
    reconciling.pass_before_draft(channel.world, imported)
    assert again_at(channel) is None
    with channel.world.database.transaction() as connection:
        reconciling.begin(connection, imported, now=clock())
    clock.move(minutes=3)
    run(channel)
    assert (client.calls, again_at(channel)) == ([], None)


def test_channel_that_is_not_made_yet_is_waited_for(
    channel: TrueChannel, client: OfflineClient, clock: ManualClock
) -> None:
    unmade = store_incident(channel.world.database, channel_id=None, team_id=channel.team_id)
    ask(channel, unmade, doubtful=True)
    run(channel)
    assert (client.calls, again_at(channel)) == ([], clock() + reconciling.EVERY)


def test_what_was_said_before_is_taken_in_first(
    channel: TrueChannel, client: OfflineClient, clock: ManualClock
) -> None:
    channel.say("before the incident")
    clock.move(minutes=5)
    adopted = led_in(channel, is_adopted=True, capture_from=clock() - timedelta(minutes=30))
    with channel.world.database.transaction() as connection:
        due.put(connection, jobs.take_in(adopted, now=clock(), response_url=None))
    ask(channel, adopted, doubtful=True)
    run_only(channel)
    reconciling.pass_before_draft(channel.world, adopted)
    assert client.calls == []
    assert state(channel, adopted).problem == "what was said before is still being taken in"


def run_only(channel: TrueChannel) -> None:
    """Do what is due of comparing, and leave everything else waiting."""
    world = channel.world
    with world.database.transaction() as connection:
        claimed = due.claim(connection, worker="w", now=world.clock(), limit=99)
    for item in claimed:
        if item.kind == jobs.RECONCILE:
            reconciling.reconcile(world, item)
            with world.database.transaction() as connection:
                due.finish(connection, item, worker="w", now=world.clock())
    release(channel)


def test_messages_from_before_the_declaration_are_taken_in_and_not_recovered(
    channel: TrueChannel, clock: ManualClock
) -> None:
    with channel.losing():
        channel.say("before the incident")
        clock.move(minutes=5)
        adopted = led_in(channel, is_adopted=True, capture_from=clock() - timedelta(minutes=30))
        channel.say("after")
    clock.move(minutes=5)
    compare_all(channel, adopted, clock)
    assert [text for _, text, *_ in channel.stored(adopted)] == ["before the incident", "after"]
    assert recovered(channel) == ["after"]


# Threads that began before the window


def test_replies_to_threads_that_began_long_before_the_window_are_compared(
    channel: TrueChannel, client: OfflineClient, clock: ManualClock
) -> None:
    client.most = 5
    ancient = channel.say("weeks ago")
    for number in range(40):
        channel.say(f"chatter {number}")
    likely = channel.say("a while ago")
    clock.move(hours=2)
    adopted = led_in(channel, is_adopted=True, capture_from=clock())
    clock.move(minutes=1)
    channel.say("heard in an old thread", "ben", thread=ancient)
    with channel.losing():
        channel.say("not heard in an old thread", "ben", thread=ancient)
        channel.say("not heard in a later one", "ben", thread=likely)
    clock.move(minutes=5)
    compare_all(channel, adopted, clock)
    assert [text for _, text, *_ in channel.stored(adopted)] == [
        "heard in an old thread",
        "not heard in an old thread",
        "not heard in a later one",
    ]


def test_window_is_kept_at_both_ends(channel: TrueChannel, clock: ManualClock) -> None:
    with channel.losing():
        parent = channel.say("before")
        clock.move(minutes=5)
        start = clock()
        channel.say("within")
        channel.say("reply within", "ben", thread=parent)
        clock.move(minutes=5)
        ends = clock()
        clock.move(seconds=1)
        channel.say("after")
        channel.say("reply after", "ben", thread=parent)
    adopted = led_in(channel, is_adopted=True, capture_from=start, capture_until=ends)
    clock.move(minutes=5)
    compare_all(channel, adopted, clock)
    assert [text for _, text, *_ in channel.stored(adopted)] == ["within", "reply within"]


def test_replies_after_the_window_are_not_asked_for_one_by_one(
    channel: TrueChannel, client: OfflineClient, clock: ManualClock
) -> None:
    start = clock()
    parent = channel.say("it begins")
    first = led_in(channel, is_adopted=True, capture_from=start, holds_channel=False)
    channel.say("reply within", "ben", thread=parent)
    clock.move(minutes=5)
    with channel.world.database.transaction() as connection:
        first = incidents.change(connection, first, capture_until=clock())
    clock.move(minutes=1)
    led_in(channel, is_adopted=True, capture_from=clock())
    for number in range(5):
        channel.say(f"reply of the next incident {number}", "ben", thread=parent)
    clock.move(minutes=5)
    ask(channel, first, doubtful=True)
    run(channel)
    assert client.calls == [HISTORY, REPLIES]


# Before a draft


def test_draft_has_what_was_missed(channel: TrueChannel, incident: Incident, clock: ManualClock) -> None:
    channel.say("heard")
    with channel.losing():
        channel.say("not heard")
    clock.move(minutes=2)
    reconciling.pass_before_draft(channel.world, incident)
    assert channel.stored(incident) == channel.true()
    assert state(channel, incident).checked_until == clock() - TOLERANCE


def test_draft_has_everything_where_there_is_a_doubt(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    parent = channel.say("parent")
    reply = channel.say("reply", "ben", thread=parent)
    clock.move(minutes=5)
    with channel.losing():
        channel.edit(reply, "reply, edited", "ben")
    clock.move(minutes=2)
    reconciling.pass_before_draft(channel.world, incident)
    assert channel.stored(incident) != channel.true()
    ask(channel, incident, doubtful=True)
    reconciling.pass_before_draft(channel.world, incident)
    assert channel.stored(incident) == channel.true()


def test_draft_has_what_was_missed_in_the_parts_too(
    channel: TrueChannel, incident: Incident, clock: ManualClock
) -> None:
    whole = store_incident(channel.world.database, channel_id=None, team_id=channel.team_id)
    with channel.world.database.transaction() as connection:
        incidents.change(connection, incident, merged_into=whole.row_id)
    with channel.losing():
        channel.say("not heard")
    clock.move(minutes=2)
    reconciling.pass_before_draft(channel.world, whole)
    assert recovered(channel) == ["not heard"]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        pytest.param(rate_limited(7), "Slack asked to wait", id="busy"),
        pytest.param(rate_limited(60), "Slack allows one page a minute", id="strict"),
        pytest.param(OSError("reset"), "Slack could not be reached", id="away"),
        pytest.param(refusal("not_in_channel"), "Slack refused to show the channel (not_in_channel)", id="refused"),
    ],
)
def test_draft_is_made_without_a_comparison_and_says_why(
    channel: TrueChannel, incident: Incident, slack: FakeSlack, clock: ManualClock, error: Exception, problem: str
) -> None:
    with channel.losing():
        channel.say("not heard")
    clock.move(minutes=2)
    slack.goes_wrong(HISTORY, error)
    reconciling.pass_before_draft(channel.world, incident)
    assert state(channel, incident).problem == problem
    clock.move(minutes=3)
    ask(channel, incident)
    run(channel)
    assert state(channel, incident).problem is None
    assert channel.stored(incident) == channel.true()


def test_draft_waits_no_longer_than_twenty_seconds_and_the_rest_follows(
    channel: TrueChannel, incident: Incident, client: OfflineClient, slack: FakeSlack, clock: ManualClock
) -> None:
    client.most = 3
    with channel.losing():
        for number in range(60):
            channel.say(f"message {number}")
    clock.move(minutes=2)
    began = clock()
    real = slack.does

    def slowly(call: str, effect: Callable[[], Any]) -> Any:
        clock.move(seconds=3)
        return real(call, effect)

    slack.does = slowly  # type: ignore[method-assign] # Slack takes its time
    reconciling.pass_before_draft(channel.world, incident)
    assert clock() - began <= timedelta(seconds=24)
    assert state(channel, incident).problem == "it was too much to read at once"
    assert 0 < len(recovered(channel)) < 60
    run_to_the_end(channel)
    assert len(recovered(channel)) == 60
    assert state(channel, incident).problem is None


def test_draft_leaves_a_comparison_that_is_under_way_alone(
    channel: TrueChannel, incident: Incident, client: OfflineClient, slack: FakeSlack, clock: ManualClock
) -> None:
    client.most = 3
    for number in range(12):
        channel.say(f"message {number}")
    ask(channel, incident, doubtful=True)
    clock.move(minutes=2)
    slack.goes_wrong(HISTORY, rate_limited(60), skip=2)
    with pytest.raises(BusyError):
        run(channel)
    release(channel)
    channel.say("said since then")
    reconciling.pass_before_draft(channel.world, incident)
    client.calls.clear()
    clock.move(minutes=1)
    run(channel)
    # The two pages that were left.
    assert client.calls == [HISTORY] * 2
