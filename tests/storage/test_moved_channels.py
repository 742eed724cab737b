"""A channel that is known by another id from now on, as Slack Connect has it."""

from sqlalchemy import select

from bot.domain.messages import MembershipChanged, VoteCast
from storage import capture, curations, incidents, moved_channels, records
from storage.database import Connection, Database
from storage.tables import messages, votes
from tests.factories import CHANNEL, DECLARED, HELPER, TEAM, at, ts_of
from tests.storage.stored import incident_in, seen

NEW = "C0NEW"


def said(connection: Connection, channel_id: str) -> list[str]:
    return list(connection.execute(select(messages.c.text).where(messages.c.channel_id == channel_id)).scalars())


def test_everything_of_a_channel_goes_to_its_new_id(database: Database) -> None:
    ts = ts_of(at("14:10"))
    with database.transaction() as connection:
        incident = incident_in(connection)
        elsewhere = incident_in(connection, channel_id="C2")
        capture.save(
            connection,
            [
                seen("14:10", "It is down"),
                seen("14:11", "elsewhere", channel_id="C2"),
                VoteCast(TEAM, CHANNEL, ts, HELPER, "pushpin", is_on=True, event_ts=ts),
                MembershipChanged(TEAM, CHANNEL, HELPER, is_member=True, event_ts=ts),
            ],
            now=DECLARED,
        )
        curations.decide(connection, incident, CHANNEL, ts, text="It was down")
        capture.set_marked(connection, TEAM, CHANNEL, ts, is_on=True)
        before = records.load(connection, incident)

        (moved,) = moved_channels.move(connection, TEAM, CHANNEL, NEW)
        assert moved_channels.move(connection, TEAM, CHANNEL, NEW) == ()

        assert (moved.row_id, moved.channel_id) == (incident.row_id, NEW)
        after = records.load(connection, moved)
        assert [message.text for message in after.material.messages] == ["It is down"]
        assert after.material.votes == before.material.votes != ()
        assert after.material.curations == before.material.curations != ()
        assert capture.is_marked(connection, TEAM, NEW, ts)
        assert capture.channels_of(connection, TEAM, HELPER) == {NEW}
        assert said(connection, CHANNEL) == []
        assert said(connection, "C2") == ["elsewhere"]
        assert incidents.by_row(connection, elsewhere.row_id).channel_id == "C2"


def test_what_is_stored_of_both_ids_is_there_once(database: Database) -> None:
    ts = ts_of(at("14:10"))
    with database.transaction() as connection:
        incident_in(connection)
        incident_in(connection, channel_id=NEW)
        for channel_id in (CHANNEL, NEW):
            vote = VoteCast(TEAM, channel_id, ts, HELPER, "pushpin", is_on=True, event_ts=ts)
            capture.save(connection, [seen("14:10", f"in {channel_id}", channel_id=channel_id), vote], now=DECLARED)
        (moved,) = moved_channels.move(connection, TEAM, CHANNEL, NEW)
        assert not moved.holds_channel
        assert said(connection, NEW) == [f"in {NEW}"]
        assert said(connection, CHANNEL) == []
        assert connection.execute(select(votes.c.channel_id)).scalars().all() == [NEW]


def test_channel_of_another_team_stays_as_it_is(database: Database) -> None:
    with database.transaction() as connection:
        incident_in(connection)
        assert moved_channels.move(connection, "T2", CHANNEL, NEW) == ()
        assert len(incidents.in_channel(connection, TEAM, CHANNEL)) == 1
