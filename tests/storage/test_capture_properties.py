"""Ground rule: capture is free of order. Any shuffle of duplicates of a history gives the rows of the history."""

from ast import literal_eval
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.messages import (
    AS_POSTED,
    DELETED_FILE,
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    File,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    Revision,
    VoteCast,
    edit_rank,
    time_of,
)
from storage import capture
from storage.database import Database
from storage.shared_files import as_files
from storage.tables import memberships, message_revisions, messages, votes
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import store_incident

Rows = dict[str, set[tuple[Any, ...]]]
_TABLES = (messages, message_revisions, votes, memberships)
_TS = ("1795183500.000100", "1795183500.000200", "1795183601.5")
_USERS = ("U1", "U2")
_FILES = ((), (File("graph.png", "image"),), (File("graph.png", "image", "https://x.example.com/1"), File("a", "text")))
_GONE = File("", DELETED_FILE)


@dataclass
class Telling:
    """Makes up what happens in a channel, one moment after the other."""

    second: int = 1795184000

    def moment(self) -> str:
        self.second += 1
        return f"{self.second}.{'5' if self.second % 2 else '000200'}"


@st.composite
def histories(draw: st.DrawFn) -> list[CaptureRecord]:
    """Return what happened in one channel, in order."""
    telling = Telling()
    happened: list[CaptureRecord] = []
    for ts in _TS[: draw(st.integers(1, 3))]:
        happened += _life_of(draw, telling, ts)
    for _ in range(draw(st.integers(0, 6))):
        key = (TEAM, CHANNEL, draw(st.sampled_from(_TS)), draw(st.sampled_from(_USERS)))
        emoji = draw(st.sampled_from(("pushpin", "fire")))
        happened.append(VoteCast(*key, emoji, is_on=draw(st.booleans()), event_ts=telling.moment()))
    for _ in range(draw(st.integers(0, 3))):
        user = draw(st.sampled_from(_USERS))
        moment = telling.moment()
        happened.append(MembershipChanged(TEAM, CHANNEL, user, is_member=draw(st.booleans()), event_ts=moment))
    return happened


def _life_of(draw: st.DrawFn, telling: Telling, ts: str) -> list[CaptureRecord]:
    is_alert = draw(st.booleans())
    posted = MessageSeen(
        TEAM,
        CHANNEL,
        ts,
        f"text {ts}",
        RANK_POST,
        user_id=None if is_alert else "U1",
        bot_id="B1" if is_alert else None,
        author_name="PagerDuty" if is_alert else None,
        thread_ts=draw(st.sampled_from((None, "1795183000.1"))),
        kind="bot_message" if is_alert else "message",
    )
    posted = replace(posted, files=draw(st.sampled_from(_FILES)))
    life: list[CaptureRecord] = [posted]
    last = posted
    for number in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(("edit", "unfurl", "file deleted")))
        if what == "edit":
            edited_ts = telling.moment()
            rank = edit_rank(edited_ts, telling.moment())
            before = Revision(last.edited_ts or AS_POSTED, last.text)
            last = replace(last, text=f"edit {number}", text_rank=rank, edited_ts=edited_ts, before=before)
        elif what == "unfurl":
            # Slack says of an edited message each time that it was edited.
            rank = edit_rank(last.edited_ts, telling.moment()) if last.edited_ts else RANK_UNFURL
            last = replace(last, text_rank=rank, before=None)
        else:
            standing = [file for file in last.files if not file.is_gone]
            files = tuple(_GONE if file is standing[0] else file for file in last.files) if standing else ()
            rank = edit_rank(last.edited_ts, telling.moment()) if last.edited_ts else RANK_UNFURL
            last = replace(last, text_rank=rank, files=files or last.files, before=None)
        life.append(last)
    if draw(st.booleans()):
        life.append(MessageDeleted(TEAM, CHANNEL, ts))
    return life


def told(draw: st.DrawFn, history: Sequence[CaptureRecord]) -> list[list[CaptureRecord]]:
    """Return the history with every record at least once, shuffled, cut into deliveries."""
    repeated = [*history, *(draw(st.lists(st.sampled_from(history), max_size=6)))]
    shuffled = draw(st.permutations(repeated))
    size = draw(st.integers(1, len(shuffled)))
    return [list(shuffled[start : start + size]) for start in range(0, len(shuffled), size)]


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[CaptureRecord], list[list[CaptureRecord]]]:
    history = draw(histories())
    return history, told(draw, history)


def rows_after(database: Database, deliveries: Sequence[Sequence[CaptureRecord]]) -> Rows:
    """Return what all capture tables hold after these deliveries; nothing of it is kept."""
    with database.engine.connect() as connection, connection.begin() as attempt:
        for delivery in deliveries:
            capture.save(connection, delivery, now=DECLARED)
        found = {table.name: {_hashable(row) for row in connection.execute(select(table))} for table in _TABLES}
        attempt.rollback()
    return found


def _hashable(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(str(value) if isinstance(value, list) else value for value in row)


def modelled(history: Sequence[CaptureRecord]) -> dict[str, Any]:
    """Say in plain Python what must be known in the end."""
    gone = {record.ts for record in history if isinstance(record, MessageDeleted)}
    posted = [record for record in history if isinstance(record, MessageSeen)]
    text = {one.ts: one.text for one in sorted(posted, key=lambda one: one.text_rank)}
    cast = [record for record in history if isinstance(record, VoteCast)]
    moves = [record for record in history if isinstance(record, MembershipChanged)]
    return {
        "messages": {
            (one.ts, time_of(one.ts), "" if one.ts in gone else text[one.ts], one.user_id, one.bot_id, one.kind)
            for one in posted
        },
        "deleted": gone,
        "revisions": {
            (one.ts, edited_ts, None if one.ts in gone else text)
            for one in posted
            for edited_ts, text in _wordings(one)
        },
        # The last word of each message, in the order in which it happened.
        "files": {one.ts: () if one.ts in gone else one.files for one in posted},
        "votes": {(one.ts, one.user_id, one.emoji): one.is_on for one in cast},
        "members": {one.user_id: one.is_member for one in moves},
    }


def _wordings(seen: MessageSeen) -> Iterator[tuple[str, str]]:
    if seen.edited_ts:
        yield seen.edited_ts, seen.text
    if seen.before:
        yield seen.before.edited_ts, seen.before.text


def known(database: Database, deliveries: Sequence[Sequence[CaptureRecord]]) -> dict[str, Any]:
    found = rows_after(database, deliveries)
    columns = {table.name: [column.name for column in table.columns] for table in _TABLES}
    rows = {name: [dict(zip(columns[name], row, strict=True)) for row in found[name]] for name in found}
    return {
        "messages": {
            tuple(row[name] for name in ("ts", "at", "text", "user_id", "bot_id", "kind")) for row in rows["messages"]
        },
        "deleted": {row["ts"] for row in rows["messages"] if row["is_deleted"]},
        "revisions": {(row["ts"], row["edited_ts"], row["text"]) for row in rows["message_revisions"]},
        "files": {row["ts"]: as_files(literal_eval(row["files"] or "None")) for row in rows["messages"]},
        "votes": {(row["ts"], row["user_id"], row["emoji"]): row["is_on"] for row in rows["votes"]},
        "members": {row["user_id"]: row["is_member"] for row in rows["memberships"]},
    }


@pytest.fixture
def watched(database: Database) -> Database:
    store_incident(database)
    return database


_REPEATED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_REPEATED
@given(telling=tellings())
def test_any_shuffle_of_duplicates_gives_the_rows_of_the_history_in_order(
    watched: Database, telling: tuple[list[CaptureRecord], list[list[CaptureRecord]]]
) -> None:
    history, deliveries = telling
    assert rows_after(watched, deliveries) == rows_after(watched, [[record] for record in history])


@_REPEATED
@given(telling=tellings())
def test_rows_are_what_a_plain_model_of_the_history_says(
    watched: Database, telling: tuple[list[CaptureRecord], list[list[CaptureRecord]]]
) -> None:
    history, deliveries = telling
    assert known(watched, deliveries) == modelled(history)


@st.composite
def contradictions(draw: st.DrawFn) -> tuple[list[CaptureRecord], list[list[CaptureRecord]]]:
    """Return records that contradict each other, as Slack never sends them, in two orders."""
    names = st.sampled_from((None, "a", "b"))
    moments = st.sampled_from(("1.1", "1.2", "2.0"))
    any_seen = st.builds(
        MessageSeen,
        st.just(TEAM),
        st.just(CHANNEL),
        st.sampled_from(_TS[:2]),
        st.sampled_from(("x", "y", "z")),
        st.sampled_from((RANK_UNFURL, RANK_POST, edit_rank("5.0", "5.1"))),
        user_id=names,
        bot_id=names,
        author_name=names,
        thread_ts=names,
        kind=st.sampled_from(("message", "thread_broadcast", "me_message")),
        edited_ts=st.sampled_from((None, "5.0", "6.0")),
        files=st.sampled_from((*_FILES, (_GONE,))),
        before=st.sampled_from((None, Revision(AS_POSTED, "x"), Revision("5.0", "w"))),
    )
    any_gone = st.builds(MessageDeleted, st.just(TEAM), st.just(CHANNEL), st.sampled_from(_TS[:2]))
    any_vote = st.builds(
        VoteCast, *(st.just(v) for v in (TEAM, CHANNEL, _TS[0], "U1", "fire")), is_on=st.booleans(), event_ts=moments
    )
    any_move = st.builds(
        MembershipChanged, *(st.just(v) for v in (TEAM, CHANNEL, "U1")), is_member=st.booleans(), event_ts=moments
    )
    history = draw(st.lists(any_seen | any_gone | any_vote | any_move, min_size=1, max_size=8))
    return history, told(draw, history)


@_REPEATED
@given(telling=contradictions())
def test_even_records_that_contradict_each_other_give_the_same_rows_in_any_order(
    watched: Database, telling: tuple[list[CaptureRecord], list[list[CaptureRecord]]]
) -> None:
    history, deliveries = telling
    assert rows_after(watched, deliveries) == rows_after(watched, [[record] for record in history])
