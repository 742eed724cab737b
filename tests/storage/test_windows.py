"""An adopted channel's incident has the messages of its window, and nothing else of the channel."""

import pytest

from bot.domain.incident import Incident
from bot.domain.messages import CaptureRecord, MembershipChanged, MessageDeleted, VoteCast, edit_rank, time_of
from storage import capture, curations, incidents, records
from storage.database import Connection, Database
from tests.factories import CHANNEL, DECLARED, TEAM, at, ts_of
from tests.storage.stored import incident_in, seen


def adopted(connection: Connection, starts: str, ends: str | None = None, *, holds: bool = True) -> Incident:
    incident = incident_in(connection, channel_id=None)
    return incidents.change(
        connection,
        incident,
        channel_id=CHANNEL,
        is_adopted=True,
        holds_channel=holds,
        capture_from=at(starts),
        capture_until=at(ends) if ends else None,
    )


def texts(connection: Connection, incident: Incident) -> list[str]:
    return [message.text for message in records.load(connection, incident).material.messages]


def save(connection: Connection, *given: CaptureRecord) -> None:
    capture.save(connection, given, now=DECLARED)


@pytest.mark.parametrize(
    ("clock", "is_kept"), [("13:59:59", False), ("14:00", True), ("15:00", True), ("15:00:01", False)]
)
def test_messages_outside_the_window_are_not_stored(database: Database, clock: str, *, is_kept: bool) -> None:
    with database.transaction() as connection:
        incident = adopted(connection, "14:00", "15:00")
        save(connection, seen(clock, clock))
        assert capture.has_message(connection, TEAM, CHANNEL, ts_of(at(clock))) is is_kept
        assert texts(connection, incident) == [clock] * is_kept


def test_what_happens_later_to_a_message_of_the_window_counts(database: Database) -> None:
    late = ts_of(at("20:00"))
    with database.transaction() as connection:
        incident = adopted(connection, "14:00", "15:00")
        save(connection, seen("14:10", "first"), seen("14:20", "taken back"))
        save(
            connection,
            seen("14:10", "corrected", text_rank=edit_rank(late, late), edited_ts=late),
            MessageDeleted(TEAM, CHANNEL, ts_of(at("14:20"))),
            VoteCast(TEAM, CHANNEL, ts_of(at("14:10")), "U1", "pushpin", is_on=True, event_ts=late),
        )
        record = records.load(connection, incident)
    assert [message.text for message in record.material.messages] == ["corrected"]
    assert len(record.material.votes) == 1
    assert (record.capture.messages, record.capture.edits, record.capture.deletes) == (1, 1, 1)


def test_votes_on_messages_outside_are_not_kept_but_comings_and_goings_are(database: Database) -> None:
    with database.transaction() as connection:
        adopted(connection, "14:00", "15:00")
        save(
            connection,
            VoteCast(TEAM, CHANNEL, ts_of(at("16:00")), "U1", "pushpin", is_on=True, event_ts=ts_of(at("16:01"))),
            MembershipChanged(TEAM, CHANNEL, "U1", is_member=True, event_ts=ts_of(at("16:01"))),
        )
        known = capture.membership(connection, TEAM, CHANNEL, "U1")
        assert known
        assert (known.is_member, time_of(known.event_ts)) == (True, at("16:01"))
        assert capture.membership(connection, TEAM, CHANNEL, "U2") is None
        assert not capture.has_message(connection, TEAM, CHANNEL, ts_of(at("16:00")))


def test_two_incidents_of_one_channel_have_their_own_messages(database: Database) -> None:
    with database.transaction() as connection:
        earlier = adopted(connection, "13:00", "14:30", holds=False)
        later = adopted(connection, "14:00")
        save(connection, *(seen(clock, clock) for clock in ("12:00", "13:30", "14:10", "18:00")))
        for clock in ("13:30", "14:10"):
            curations.decide(connection, later, CHANNEL, ts_of(at(clock)), is_kept_out=True)
        assert texts(connection, earlier) == ["13:30", "14:10"]
        assert texts(connection, later) == ["14:10", "18:00"]
        assert len(records.load(connection, later).material.curations) == 1
        assert incidents.in_channel(connection, TEAM, CHANNEL) == (later, earlier)
        assert incidents.by_channel(connection, TEAM, CHANNEL) == later


def test_reopened_window_is_open_again(database: Database) -> None:
    with database.transaction() as connection:
        incident = incidents.change(connection, adopted(connection, "14:00", "15:00"), capture_until=None)
        save(connection, seen("18:00", "later"))
        assert texts(connection, incident) == ["later"]


def test_name_of_a_channel_is_forgotten_where_another_has_it_now(database: Database) -> None:
    with database.transaction() as connection:
        first = incidents.rename_channel(connection, adopted(connection, "13:00", "14:00", holds=False), "ops")
        second = incidents.rename_channel(connection, adopted(connection, "14:00"), "ops")
        assert incidents.by_row(connection, first.row_id).channel_name is None
        assert second.channel_name == "ops"
