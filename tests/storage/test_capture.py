from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.domain.messages import (
    RANK_UNFURL,
    CaptureRecord,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    VoteCast,
    edit_rank,
)
from storage import capture, due, records
from storage.database import Database
from storage.tables import memberships, messages, votes
from tests.factories import CHANNEL, DECLARED, TEAM, at, ts_of
from tests.storage.stored import seen, store_incident

KEY = ts_of(at("14:10"))


def save(database: Database, *given: CaptureRecord) -> None:
    with database.transaction() as connection:
        capture.save(connection, given, now=DECLARED)


def vote(*, is_on: bool, event_ts: str) -> VoteCast:
    return VoteCast(TEAM, CHANNEL, KEY, "U1", "pushpin", is_on=is_on, event_ts=event_ts)


def edited(text: str, edited_ts: str, event_ts: str) -> MessageSeen:
    return seen(text=text, text_rank=edit_rank(edited_ts, event_ts), edited_ts=edited_ts)


def texts(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(messages.c.text).order_by(messages.c.ts)).scalars())


def test_messages_of_channels_without_an_incident_are_not_kept(database: Database) -> None:
    store_incident(database)
    save(database, seen(), seen(channel_id="C2"), seen(team_id="T2"))
    assert texts(database) == ["It is down"]


def test_two_messages_of_one_moment_in_two_channels_are_two(database: Database) -> None:
    store_incident(database)
    store_incident(database, channel_id="C2")
    save(database, seen(), seen(channel_id="C2", text="Also here"))
    assert sorted(texts(database)) == ["Also here", "It is down"]


def test_moment_of_a_message_is_its_ts_to_the_microsecond(database: Database) -> None:
    incident = store_incident(database)
    save(database, seen(ts="1795183533.000001"))
    with database.reading() as connection:
        (message,) = records.load(connection, incident).material.messages
    assert (message.ts, message.at) == ("1795183533.000001", datetime(2026, 11, 20, 14, 5, 33, 1, tzinfo=UTC))


def test_edit_that_came_before_its_message_stands(database: Database) -> None:
    store_incident(database)
    save(database, edited("second", "1795184000.0", "1795184000.1"))
    save(database, seen(text="first"))
    assert texts(database) == ["second"]


def test_edits_of_one_second_are_ordered_by_their_events(database: Database) -> None:
    store_incident(database)
    save(database, edited("later", "1795184000.0", "1795184000.9"))
    save(database, edited("earlier", "1795184000.0", "1795184000.10"))
    assert texts(database) == ["later"]


@pytest.mark.parametrize("first", [0, 1])
def test_contradictions_of_one_moment_end_the_same_in_either_order(database: Database, first: int) -> None:
    store_incident(database)
    contradictions: list[tuple[CaptureRecord, CaptureRecord]] = [
        (seen(text="one"), seen(text="other")),
        (vote(is_on=True, event_ts="1.1"), vote(is_on=False, event_ts="1.10")),
        (
            MembershipChanged(TEAM, CHANNEL, "U1", is_member=True, event_ts="1.1"),
            MembershipChanged(TEAM, CHANNEL, "U1", is_member=False, event_ts="1.1"),
        ),
    ]
    for pair in contradictions:
        save(database, pair[first])
        save(database, pair[1 - first])
    assert texts(database) == ["other"]
    with database.reading() as connection:
        assert connection.execute(select(votes.c.is_on)).scalars().all() == [False]
        assert connection.execute(select(memberships.c.is_member)).scalars().all() == [False]


def test_unfurl_never_alters_a_text_but_fills_a_hole(database: Database) -> None:
    store_incident(database)
    unfurl = seen(text="unfurled", text_rank=RANK_UNFURL)
    save(database, unfurl)
    assert texts(database) == ["unfurled"]
    save(database, seen(text="posted"))
    save(database, unfurl)
    assert texts(database) == ["posted"]


def test_deleted_message_leaves_no_text_and_no_late_post_revives_it(database: Database) -> None:
    incident = store_incident(database)
    save(database, seen(), MessageDeleted(TEAM, CHANNEL, KEY))
    save(database, seen(), edited("again", "1795184000.0", "1795184000.1"))
    with database.reading() as connection:
        assert connection.execute(select(messages.c.text, messages.c.is_deleted)).all() == [("", True)]
        record = records.load(connection, incident)
    assert record.material.messages == ()
    assert (record.capture.messages, record.capture.deletes, record.capture.edits) == (0, 1, 1)


def test_late_added_does_not_revive_a_removed_vote(database: Database) -> None:
    incident = store_incident(database)
    save(database, vote(is_on=False, event_ts="1795184002.0"))
    save(database, vote(is_on=True, event_ts="1795184001.9"))
    with database.reading() as connection:
        assert records.load(connection, incident).material.votes == ()


def test_votes_are_ordered_as_moments_however_many_digits_they_have(database: Database) -> None:
    incident = store_incident(database)
    for earlier, later in (("9.10", "10.2"), ("1795184009.10", "1795184009.2")):
        save(database, vote(is_on=True, event_ts=later), vote(is_on=False, event_ts=earlier))
        with database.reading() as connection:
            assert len(records.load(connection, incident).material.votes) == 1


def test_reaction_leaves_a_due_item_for_the_mark_in_the_same_transaction(database: Database) -> None:
    store_incident(database)
    save(database, seen(), vote(is_on=True, event_ts="1.1"), vote(is_on=False, event_ts="1.2"))
    with database.transaction() as connection:
        (item,) = due.claim(connection, worker="w", now=DECLARED, limit=9)
    assert (item.kind, item.subject, item.slot) == (capture.MARK_JOB, CHANNEL, KEY)


def test_members_are_known_from_joins_and_leaves(database: Database) -> None:
    store_incident(database)
    save(
        database,
        MembershipChanged(TEAM, CHANNEL, "UIN", is_member=True, event_ts="2.0"),
        MembershipChanged(TEAM, CHANNEL, "UIN", is_member=False, event_ts="1.0"),
        MembershipChanged(TEAM, CHANNEL, "UOUT", is_member=False, event_ts="2.0"),
        MembershipChanged(TEAM, CHANNEL, "UOUT", is_member=True, event_ts="1.0"),
    )
    with database.reading() as connection:
        assert capture.channels_of(connection, TEAM, "UIN") == {CHANNEL}
        assert capture.channels_of(connection, TEAM, "UOUT") == frozenset()
        assert capture.channels_of(connection, "T2", "UIN") == frozenset()


def test_mark_is_as_slack_last_confirmed_it(database: Database) -> None:
    with database.transaction() as connection:
        said = [capture.is_marked(connection, TEAM, CHANNEL, KEY)]
        for is_on in (True, False, True):
            capture.set_marked(connection, TEAM, CHANNEL, KEY, is_on=is_on)
            said.append(capture.is_marked(connection, TEAM, CHANNEL, KEY))
    assert said == [False, True, False, True]


def test_tombstone_counts_as_a_stored_message(database: Database) -> None:
    store_incident(database)
    save(database, MessageDeleted(TEAM, CHANNEL, KEY))
    with database.reading() as connection:
        assert capture.has_message(connection, TEAM, CHANNEL, KEY)
        assert not capture.has_message(connection, TEAM, CHANNEL, "1.1")
