from datetime import timedelta

from bot.domain.text import channel_mark, group_mark
from storage import capture, incidents, names, records
from storage.database import Database
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import seen, store_incident


def test_name_is_the_last_that_was_read_and_each_workspace_has_its_own(database: Database) -> None:
    with database.transaction() as connection:
        names.save(connection, TEAM, {"S1": "on-call", "C9": ""}, now=DECLARED)
        names.save(connection, "T2", {"S1": "others"}, now=DECLARED)
        names.save(connection, TEAM, {"S1": "duty"}, now=DECLARED + timedelta(hours=1))
        assert names.known(connection, TEAM, ["S1", "C9", "S7"]) == {"S1": "duty", "C9": ""}
        assert names.fresh(connection, TEAM, ["S1", "C9"], since=DECLARED) == {"S1"}


def test_messages_say_the_names_of_groups_and_channels(database: Database) -> None:
    incident = store_incident(database)
    said = f"{group_mark('S1')} see {channel_mark('C9')} and {channel_mark(CHANNEL)}; {group_mark('S7')}"
    with database.transaction() as connection:
        names.save(connection, TEAM, {"S1": "on-call", "C9": "payments"}, now=DECLARED)
        capture.save(connection, [seen(text=said)], now=DECLARED)
        named = incidents.change(connection, incident, channel_name="inc-checkout")
        record = records.load(connection, named)
    assert [one.text for one in record.material.messages] == ["@on-call see #payments and #inc-checkout; a user group"]
    assert record.things == {"S1", "S7", "C9", CHANNEL}


def test_private_channel_is_not_named(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        names.save(connection, TEAM, {"C9": ""}, now=DECLARED)
        capture.save(connection, [seen(text=f"see {channel_mark('C9')}")], now=DECLARED)
        (message,) = records.load(connection, incident).material.messages
    assert message.text == "see another channel"
