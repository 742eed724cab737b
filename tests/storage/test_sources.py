"""The further channels of an imported incident, and what of a live channel reaches it."""

from bot.domain.incident import Incident
from bot.domain.messages import VoteCast
from storage import capture, incidents, merging, moved_channels, records, sources
from storage.database import Connection, Database
from storage.sources import Source
from storage.tables import due_items
from tests.factories import DECLARED, HELPER, TEAM, at, ts_of
from tests.storage.stored import incident_in, seen, store_incident

OPS, DB = "C0OPS", "C0DB"


def imported_in(connection: Connection, *further: str, channel_id: str = OPS) -> Incident:
    made = incident_in(connection, channel_id=None)
    made = incidents.change(
        connection,
        made,
        channel_id=channel_id,
        channel_name="ops",
        holds_channel=False,
        is_adopted=True,
        is_imported=True,
        capture_from=at("14:00"),
        capture_until=at("15:00"),
    )
    sources.add(connection, made, [Source(one, one.lower()) for one in further])
    return made


def test_further_channels_are_read_as_parts_of_their_own(database: Database) -> None:
    with database.transaction() as connection:
        made = imported_in(connection, DB, "C0NET")
        capture.save(connection, [seen("14:10", "in db", channel_id=DB), seen("14:05", channel_id=OPS)], now=DECLARED)
        record = records.load(connection, made)

    assert [part.incident.channel_name for part in record.material.parts] == ["c0db", "c0net"]
    assert [part.incident.row_id for part in record.material.parts] == [made.row_id] * 2
    assert [message.text for message in record.material.parts[0].material.messages] == ["in db"]
    assert record.capture.messages == 2


def test_what_was_entered_stands_once_however_many_channels_there_are(database: Database) -> None:
    with database.transaction() as connection:
        made = imported_in(connection, DB)
        record = records.load(connection, made)

    (part,) = record.material.parts
    assert (part.material.notes, part.material.stamps, part.material.status_changes) == ((), (), ())


def test_further_channels_of_a_part_are_read_with_the_whole(database: Database) -> None:
    with database.transaction() as connection:
        whole = incident_in(connection)
        part = imported_in(connection, DB)
        merging.move(connection, part, whole)
        incidents.change(connection, part, merged_into=whole.row_id)
        found = sources.parts_of(connection, whole)

    assert [one.channel_id for one in found] == [OPS, DB]


def test_incident_that_was_not_imported_has_no_further_channels(database: Database) -> None:
    incident = store_incident(database)

    with database.reading() as connection:
        assert sources.of(connection, incident) == ()
        assert sources.parts_of(connection, incident) == ()


def test_message_is_found_in_the_channel_in_which_it_was_said(database: Database) -> None:
    with database.transaction() as connection:
        made = imported_in(connection, DB)
        capture.save(connection, [seen("14:10", channel_id=DB)], now=DECLARED)

        assert records.said_in(connection, made, DB, ts_of(at("14:10"))).channel_id == DB
        assert records.said_in(connection, made, DB, ts_of(at("14:11"))).channel_id == OPS
        assert [one.row_id for one in sources.taken_from(connection, TEAM, DB)] == [made.row_id]
        assert sources.taken_from(connection, TEAM, OPS) == ()


def test_only_what_was_said_in_its_window_is_kept_and_nothing_is_marked(database: Database) -> None:
    with database.transaction() as connection:
        made = imported_in(connection, DB)
        for channel_id in (OPS, DB):
            inside, outside = seen("14:10", channel_id=channel_id), seen("16:00", channel_id=channel_id)
            vote = VoteCast(TEAM, channel_id, inside.ts, HELPER, "pushpin", is_on=True, event_ts=inside.ts)
            capture.save(connection, [inside, outside, vote], now=DECLARED)

        assert sources.standing(connection, made) == 2
        assert connection.execute(due_items.select()).all() == []


def test_message_that_belongs_to_a_led_incident_too_is_marked(database: Database) -> None:
    with database.transaction() as connection:
        imported_in(connection)
        incident_in(connection, channel_id=OPS)
        vote = VoteCast(TEAM, OPS, ts_of(at("14:10")), HELPER, "pushpin", is_on=True, event_ts=ts_of(at("14:11")))
        capture.save(connection, [vote], now=DECLARED)

        assert [row.kind for row in connection.execute(due_items.select())] == ["mark"]


def test_name_of_an_imported_channel_stays_free(database: Database) -> None:
    with database.transaction() as connection:
        first, second = imported_in(connection), imported_in(connection)
        led = incident_in(connection)

        assert incidents.taken_channel_names(connection, TEAM) == frozenset()
        incidents.rename_channel(connection, led, "ops")

        assert [incidents.by_row(connection, one.row_id).channel_name for one in (first, second)] == ["ops", "ops"]


def test_further_channel_is_followed_to_its_new_id(database: Database) -> None:
    with database.transaction() as connection:
        made = imported_in(connection, DB)
        capture.save(connection, [seen("14:10", "in db", channel_id=DB)], now=DECLARED)
        moved_channels.move(connection, TEAM, DB, "C0NEWDB")
        record = records.load(connection, made)

    (part,) = record.material.parts
    assert (part.incident.channel_id, [message.text for message in part.material.messages]) == ("C0NEWDB", ["in db"])
