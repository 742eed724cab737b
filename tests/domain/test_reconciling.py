"""What a comparison decides: tables for each rule, and a channel that is told and shown badly in every way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.history import Said
from bot.domain.messages import (
    RANK_DELETED,
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    File,
    MessageDeleted,
    MessageSeen,
    VoteCast,
    edit_rank,
    time_of,
    ts_of,
    ts_rank,
)
from bot.domain.reconciling import (
    TOLERANCE,
    Found,
    Kept,
    KeptMessage,
    KeptVote,
    Place,
    compare,
    compare_votes,
    horizon_of,
)
from bot.domain.timeline import PINNED_VOTE, SHORTCUT_VOTE
from tests.factories import CHANNEL, TEAM, at

PLACE = Place(TEAM, CHANNEL)
ASKED = at("15:00")
HORIZON = horizon_of(ASKED)
OLD = ts_of(at("14:10"))
YOUNG = ts_of(at("14:59:30"))


def edited(text: str, when: str, ts: str = OLD) -> MessageSeen:
    """Return an edited message as the history shows it: the edit is dated to the whole second."""
    second = ts_of(at(when))
    return posted(text, ts, edited_ts=second, text_rank=edit_rank(second, second))


def posted(text: str = "It is down", ts: str = OLD, **fields: object) -> MessageSeen:
    return replace(MessageSeen(TEAM, CHANNEL, ts, text, RANK_POST, user_id="U1"), **fields)  # type: ignore[arg-type]


def said(seen: MessageSeen, *votes: tuple[str, str], **fields: object) -> Said:
    cast = tuple(VoteCast(TEAM, CHANNEL, seen.ts, user, emoji, is_on=True, event_ts=HORIZON) for user, emoji in votes)
    return replace(Said(seen.ts, seen, cast), **fields)  # type: ignore[arg-type]


def kept(text: str = "It is down", rank: str = RANK_POST, ts: str = OLD, **fields: object) -> KeptMessage:
    return replace(KeptMessage(ts, text, rank), **fields)  # type: ignore[arg-type]


def compared(
    stored: Sequence[KeptMessage],
    shown: Sequence[Said],
    votes: Sequence[KeptVote] = (),
    *,
    thorough: bool = False,
    lost_until: datetime | None = None,
) -> Found:
    return compare(
        PLACE,
        Kept({one.ts: one for one in stored}, {OLD: votes}),
        shown,
        asked_at=ASKED,
        is_thorough=thorough,
        is_lost=lambda moment: lost_until is not None and moment <= lost_until,
    )


# Messages


def test_nothing_is_found_where_nothing_differs() -> None:
    assert compared([kept()], [said(posted())]) == Found()


def test_missing_message_is_taken_in_above_the_post_and_below_every_edit() -> None:
    (missing,) = compared([], [said(posted())]).missing
    assert (missing.text, missing.ts) == ("It is down", OLD)
    assert RANK_POST < missing.text_rank < edit_rank(OLD, OLD)


def test_young_message_that_is_missing_may_still_be_on_its_way_and_is_looked_at_again() -> None:
    assert compared([], [said(posted(ts=YOUNG))]) == Found(unsettled=(YOUNG,))


def test_young_message_of_a_stretch_that_is_known_as_lost_is_taken_in_at_once() -> None:
    found = compared([], [said(posted(ts=YOUNG))], lost_until=at("14:59:30"))
    assert [seen.ts for seen in found.missing] == [YOUNG]
    assert not found.is_settled


def test_reactions_of_a_message_that_is_left_out_for_now_are_too() -> None:
    assert compared([], [said(posted(ts=YOUNG), ("U1", "pushpin"))]).records == ()


def test_noise_and_the_bots_own_are_no_messages() -> None:
    assert compared([], [Said(OLD, None)]) == Found()


SECOND = ts_of(at("14:20:00"))


@pytest.mark.parametrize(
    ("stored", "shown", "is_stored", "is_settled"),
    [
        pytest.param(kept("a"), edited("b", "14:20"), True, True, id="an edit that was missed"),
        pytest.param(kept("a", RANK_UNFURL), posted("b"), True, True, id="only an unfurl was delivered"),
        pytest.param(kept("a"), posted("b"), True, True, id="a change without an edit"),
        pytest.param(kept("a"), edited("a", "14:20"), True, True, id="edited there and back"),
        pytest.param(
            kept("a", edit_rank(SECOND, "1795184400.2")), edited("b", "14:20"), True, True, id="twice in one second"
        ),
        pytest.param(
            kept("b", edit_rank(SECOND, "1795184400.2")), edited("b", "14:20"), False, True, id="the edit is known"
        ),
        pytest.param(
            kept("b", edit_rank(SECOND, "1795184400.2")), edited("a", "14:15"), False, True, id="the history is behind"
        ),
        pytest.param(
            kept("b", edit_rank(YOUNG, YOUNG)), edited("a", "14:20"), False, False, id="a young edit is not shown yet"
        ),
        pytest.param(
            kept("a", edit_rank(ts_of(at("14:59:30")), ts_of(at("14:59:30.2")))),
            edited("b", "14:59:30"),
            False,
            False,
            id="twice in one second just now",
        ),
        pytest.param(kept("a"), edited("b", "14:59:30"), False, False, id="a young edit may be on its way"),
        pytest.param(kept("a", ts=YOUNG), posted("b", YOUNG), False, False, id="an app is still writing"),
        pytest.param(
            kept("a", f"{RANK_POST}:{ts_rank(HORIZON)}"), posted("b"), False, False, id="compared this moment"
        ),
        pytest.param(kept("a"), posted("", text_rank=RANK_UNFURL, kind=""), False, True, id="Slack withholds it"),
        pytest.param(
            kept("a"), posted("a", kind="thread_broadcast"), True, True, id="a reply that was sent to the channel later"
        ),
    ],
)
def test_texts(stored: KeptMessage, shown: MessageSeen, *, is_stored: bool, is_settled: bool) -> None:
    found = compared([stored], [said(shown)])
    assert bool(found.records) is is_stored
    assert found.is_settled is is_settled
    if is_stored:
        (change,) = found.changes
        assert isinstance(change, MessageSeen)
        assert (change.text, change.edited_ts) == (shown.text, shown.edited_ts)
        assert change.text_rank > stored.text_rank


def test_later_edit_outranks_what_the_history_showed_before_it() -> None:
    (change,) = compared([kept("a")], [said(edited("b", "14:20"))]).changes
    assert isinstance(change, MessageSeen)
    assert change.text_rank < edit_rank(ts_of(at("14:20:00")), ts_of(at("14:59:30")))
    assert change.text_rank < edit_rank(ts_of(at("14:21:00")), ts_of(at("14:21:00")))


GRAPH, GONE = File("graph.png", "image"), File("", "deleted file")
HIDDEN = File("", "file that Slack no longer shows")


@pytest.mark.parametrize(
    ("stored", "shown", "is_stored"),
    [
        pytest.param(None, (GRAPH,), True, id="nothing known"),
        pytest.param((GRAPH,), (GRAPH,), False, id="the same"),
        pytest.param((GRAPH,), (GONE,), True, id="deleted"),
        pytest.param((GONE,), (GONE,), False, id="known to be deleted"),
        pytest.param((GRAPH,), (HIDDEN,), False, id="hidden by Slack"),
        pytest.param((), (), False, id="none"),
    ],
)
def test_files(stored: tuple[File, ...] | None, shown: tuple[File, ...], *, is_stored: bool) -> None:
    assert bool(compared([kept(files=stored)], [said(posted(files=shown))]).records) is is_stored


# Deletions


def test_message_that_is_not_shown_is_to_be_looked_for() -> None:
    assert compared([kept()], []) == Found(absent=(OLD,))


def test_young_message_that_is_not_shown_is_left_alone() -> None:
    assert compared([kept(ts=YOUNG)], []) == Found(unsettled=(YOUNG,))


def test_placeholder_of_a_deleted_parent_deletes_it() -> None:
    found = compared([kept()], [Said(OLD, None, is_deleted=True)])
    assert found == Found(changes=(MessageDeleted(TEAM, CHANNEL, OLD),))


@pytest.mark.parametrize("shown", [Said(OLD, None, is_deleted=True), said(posted(), ("U1", "pushpin"))])
def test_what_is_deleted_stays_so_whatever_is_shown(shown: Said) -> None:
    assert compared([kept("", RANK_DELETED, is_deleted=True)], [shown]) == Found()
    assert compared([kept("", RANK_DELETED, is_deleted=True)], []) == Found()


def test_placeholder_of_a_message_that_was_never_stored_stores_nothing() -> None:
    assert compared([], [Said(OLD, None, is_deleted=True)]) == Found()


# Votes


def on(user: str = "U1", emoji: str = "pushpin", event_ts: str = OLD) -> KeptVote:
    return KeptVote(user, emoji, is_on=True, event_ts=event_ts)


def off(user: str = "U1", emoji: str = "pushpin", event_ts: str = OLD) -> KeptVote:
    return KeptVote(user, emoji, is_on=False, event_ts=event_ts)


@pytest.mark.parametrize(
    ("stored", "shown", "casts", "is_settled"),
    [
        pytest.param([on()], [("U1", "pushpin")], [], True, id="the same"),
        pytest.param([], [("U1", "pushpin")], [("U1", "pushpin", True)], True, id="missed"),
        pytest.param([off()], [("U1", "pushpin")], [("U1", "pushpin", True)], True, id="put on again"),
        pytest.param([on()], [], [("U1", "pushpin", False)], True, id="taken off"),
        pytest.param([off()], [], [], True, id="off already"),
        pytest.param([on(event_ts=YOUNG)], [], [], False, id="put on just now"),
        pytest.param([off(event_ts=YOUNG)], [("U1", "pushpin")], [], False, id="taken off just now"),
        pytest.param([on(emoji=SHORTCUT_VOTE)], [], [], True, id="put on by the shortcut"),
        pytest.param([on(emoji=PINNED_VOTE)], [], [], True, id="pinned in an export of this channel"),
        pytest.param(
            [on("U1"), on("U2", "fire")],
            [("U2", "pushpin")],
            [("U1", "pushpin", False), ("U2", "fire", False), ("U2", "pushpin", True)],
            True,
            id="others",
        ),
    ],
)
def test_votes(
    stored: list[KeptVote], shown: list[tuple[str, str]], casts: list[tuple[str, str, bool]], *, is_settled: bool
) -> None:
    found = compared([kept()], [said(posted(), *shown)], stored)
    cast = [record for record in found.changes if isinstance(record, VoteCast)]
    assert [(vote.user_id, vote.emoji, vote.is_on) for vote in cast] == casts
    assert {vote.event_ts for vote in cast} <= {HORIZON}
    assert found.is_settled is is_settled
    assert compare_votes(PLACE, OLD, stored, said(posted(), *shown).votes, asked_at=ASKED) == found


@pytest.mark.parametrize(
    ("stored", "shown", "counts", "thorough", "is_asked"),
    [
        pytest.param([on(), on("U2")], [("U1", "pushpin")], {"pushpin": 2}, False, False, id="the numbers agree"),
        pytest.param([on(), on("U2")], [("U1", "pushpin")], {"pushpin": 2}, True, True, id="thorough"),
        pytest.param([on()], [("U1", "pushpin")], {"pushpin": 2}, False, True, id="one is missing"),
        pytest.param([on("U2"), on("U3")], [("U1", "pushpin")], {"pushpin": 2}, False, True, id="somebody else"),
        pytest.param(
            [on(), on("U2"), on("U3", SHORTCUT_VOTE)], [("U1", "pushpin")], {"pushpin": 2}, False, False, id="shortcut"
        ),
        pytest.param([on(), off("U2")], [("U1", "pushpin")], {"pushpin": 2}, False, True, id="one is off"),
    ],
)
def test_reactions_that_are_shown_in_part_are_asked_for_where_they_seem_to_differ(
    stored: list[KeptVote], shown: list[tuple[str, str]], counts: dict[str, int], *, thorough: bool, is_asked: bool
) -> None:
    cut = said(posted(), *shown, has_more_votes=True, vote_counts=tuple(counts.items()))
    assert compared([kept()], [cut], stored, thorough=thorough) == Found(cut=(OLD,) if is_asked else ())


# A channel


@dataclass
class Stored:
    """What is stored, by the rules of `storage.capture` in plain Python."""

    messages: dict[str, KeptMessage] = field(default_factory=dict)
    votes: dict[tuple[str, str, str], KeptVote] = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)

    def take(self, records: Iterable[CaptureRecord]) -> None:
        for record in records:
            if isinstance(record, VoteCast):
                key, new = (record.ts, record.user_id, record.emoji), ts_rank(record.event_ts)
                old = self.votes.get(key)
                if old is None or new > ts_rank(old.event_ts):
                    self.votes[key] = KeptVote(record.user_id, record.emoji, record.is_on, record.event_ts)
            elif isinstance(record, MessageDeleted):
                self.messages[record.ts] = kept("", RANK_DELETED, record.ts, is_deleted=True)
            elif isinstance(record, MessageSeen):
                self.edited |= {record.ts} if record.edited_ts else set()
                old_text = self.messages.get(record.ts)
                if old_text is None or record.text_rank > old_text.text_rank:
                    self.messages[record.ts] = kept(record.text, record.text_rank, record.ts)

    def as_kept(self) -> Kept:
        votes: dict[str, list[KeptVote]] = {}
        for (ts, _, _), vote in self.votes.items():
            votes.setdefault(ts, []).append(vote)
        return Kept(self.messages, votes)

    def standing(self) -> dict[str, tuple[str, bool, frozenset[tuple[str, str]]]]:
        cast = [(ts, user, emoji) for (ts, user, emoji), vote in self.votes.items() if vote.is_on]
        return {
            ts: (one.text, ts in self.edited, frozenset((user, emoji) for of, user, emoji in cast if of == ts))
            for ts, one in self.messages.items()
            if not one.is_deleted
        }


@dataclass
class Channel:
    """What is really in a channel, as of each moment at which something happened."""

    states: list[tuple[datetime, dict[str, tuple[MessageSeen, frozenset[tuple[str, str]]]]]]

    def shown(self, moment: datetime) -> list[Said]:
        state = next(state for since, state in reversed(self.states) if since <= moment)
        return [said(seen, *sorted(votes)) for seen, votes in state.values()]

    def standing(self) -> dict[str, tuple[str, bool, frozenset[tuple[str, str]]]]:
        return {ts: (seen.text, bool(seen.edited_ts), votes) for ts, (seen, votes) in self.states[-1][1].items()}


_ACTS = st.tuples(
    st.sampled_from(["post", "post", "edit", "edit", "delete", "on", "on", "off"]),
    st.integers(0, 3),
    st.sampled_from([0.2, 0.2, 3.0, 20.0, 70.0]),
)


@st.composite
def channels(draw: st.DrawFn) -> tuple[Channel, list[tuple[datetime, CaptureRecord]]]:
    """Return a channel, and what was delivered of it: some of it, late, in any order."""
    now, state, events = at("14:00"), dict[str, tuple[MessageSeen, frozenset[tuple[str, str]]]](), []
    channel = Channel([(now, {})])
    for number, (act, which, pause) in enumerate(draw(st.lists(_ACTS, min_size=1, max_size=14))):
        now += timedelta(seconds=pause)
        moment = ts_of(now)
        ts = list(state)[which % len(state)] if state and act != "post" else ""
        event: CaptureRecord | None = None
        if act == "post":
            event = posted(f"text {number}", moment)
            state[moment] = (event, frozenset())
        elif ts and act == "edit":
            second = f"{moment.partition('.')[0]}.000000"
            event = posted(f"edit {number}", ts, edited_ts=second, text_rank=edit_rank(second, moment))
            state[ts] = (event, state[ts][1])
        elif ts and act == "delete":
            event = MessageDeleted(TEAM, CHANNEL, ts)
            del state[ts]
        elif ts:
            vote, is_on = ("U1", "pushpin"), act == "on"
            event = VoteCast(TEAM, CHANNEL, ts, *vote, is_on=is_on, event_ts=moment)
            votes = state[ts][1] | {vote} if is_on else state[ts][1] - {vote}
            state[ts] = (state[ts][0], votes)
        channel.states.append((now, dict(state)))
        if event and draw(st.booleans()):
            late = draw(st.sampled_from([0.0, 0.5, 40.0, 300.0]))
            events.append((now + timedelta(seconds=late), event))
    return channel, sorted(events, key=lambda one: one[0])


@given(
    told=channels(),
    passes=st.lists(st.tuples(st.integers(0, 400), st.sampled_from([0.0, 1.0, 30.0, 59.0])), max_size=5),
    final_lag=st.sampled_from([0.0, 30.0, 59.0]),
)
@settings(max_examples=400, deadline=None)
def test_whatever_was_delivered_and_compared_before_the_last_comparison_makes_it_true(
    told: tuple[Channel, list[tuple[datetime, CaptureRecord]]],
    passes: list[tuple[int, float]],
    final_lag: float,
) -> None:
    channel, events = told
    stored = Stored()
    over = max([channel.states[-1][0], *(when for when, _ in events)])
    asked = [(at("14:00") + timedelta(seconds=after), lag) for after, lag in sorted(passes)]
    # The last one begins when nothing is on its way any more and the history has caught up.
    asked.append((over + TOLERANCE + timedelta(seconds=2), final_lag))
    for asked_at, lag in asked:
        due = [event for when, event in events if when <= asked_at]
        events = [(when, event) for when, event in events if when > asked_at]
        stored.take(due)
        _compare(stored, channel, asked_at, timedelta(seconds=lag))
    assert stored.standing() == channel.standing()


def _compare(stored: Stored, channel: Channel, asked_at: datetime, lag: timedelta) -> None:
    shown = channel.shown(max(asked_at - lag, at("14:00")))
    found = compare(
        PLACE,
        stored.as_kept(),
        shown,
        asked_at=asked_at,
        is_thorough=True,
        is_lost=lambda moment: moment.second % 2 == 0,
    )
    stored.take(found.records)
    there = {one.ts for one in shown}
    stored.take(MessageDeleted(TEAM, CHANNEL, ts) for ts in found.absent if ts not in there)
    for ts in found.absent:
        assert time_of(ts) < asked_at - TOLERANCE


@given(told=channels(), after=st.integers(0, 500))
@settings(max_examples=200, deadline=None)
def test_comparing_twice_at_one_moment_finds_nothing_the_second_time(
    told: tuple[Channel, list[tuple[datetime, CaptureRecord]]], after: int
) -> None:
    channel, events = told
    asked_at = at("14:00") + timedelta(seconds=after)
    stored = Stored()
    stored.take(event for when, event in events if when <= asked_at)
    _compare(stored, channel, asked_at, timedelta(0))
    again = compare(
        PLACE,
        stored.as_kept(),
        channel.shown(asked_at),
        asked_at=asked_at,
        is_thorough=True,
        is_lost=lambda moment: moment.second % 2 == 0,
    )
    assert again.records == ()
    assert again.absent == ()
