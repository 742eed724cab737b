"""The communications log and the reminder of an incident, and looking at a due item again."""

from datetime import timedelta

from bot.domain.record import Communication
from bot.domain.reminders import Reminder, ReminderKind
from bot.domain.text import mention
from bot.domain.updates import THIS_CHANNEL, Update
from storage import due, records, reminders, undo, updates
from storage.database import Database
from storage.due import DueItem, NewItem
from storage.undo import RemoveRow
from tests.factories import COMMS, DECLARED, LEAD, TEAM
from tests.storage.stored import incident_in, store_incident

MINUTE = timedelta(minutes=1)
FIRST = Update(0, f"{mention(LEAD)} is on it", COMMS, DECLARED, "#incidents", DECLARED + 30 * MINUTE)
SECOND = Update(0, "It is over", COMMS, DECLARED + MINUTE, THIS_CHANNEL)


def test_updates_come_back_whole_oldest_first_each_to_its_incident(database: Database) -> None:
    with database.transaction() as connection:
        here, other = incident_in(connection), incident_in(connection, channel_id="C2")
        keys = [updates.add_update(connection, here, update) for update in (FIRST, SECOND)]
        updates.add_update(connection, other, SECOND)
        found = updates.updates_of(connection, here)
    assert [one.update_id for one in found] == keys
    assert [(one.text, one.by, one.said_at, one.to, one.next_due_at) for one in found] == [
        (one.text, one.by, one.said_at, one.to, one.next_due_at) for one in (FIRST, SECOND)
    ]


def test_record_has_the_log_and_knows_the_people_named_in_it(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        updates.add_update(connection, incident, FIRST)
        record = records.load(connection, incident)
    assert record.communications == (Communication(DECLARED, "#incidents", FIRST.text),)
    assert LEAD in records.people_of(record)


def test_undo_takes_an_update_out_of_the_log(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        updates.add_update(connection, incident, FIRST)
        key = updates.add_update(connection, incident, SECOND)
        taken = undo.remember(connection, incident, [RemoveRow("updates", key)], by=COMMS, now=DECLARED)
        assert undo.take_back(connection, incident, taken)
        assert [one.text for one in updates.updates_of(connection, incident)] == [FIRST.text]


def test_place_of_an_update_can_be_corrected(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        for update in (FIRST, FIRST):
            updates.add_update(connection, incident, update)
        updates.set_place(connection, updates.updates_of(connection, incident)[1], THIS_CHANNEL)
        assert [one.to for one in updates.updates_of(connection, incident)] == ["#incidents", THIS_CHANNEL]


def test_reminder_begins_turns_is_snoozed_and_ends_and_keeps_its_count(database: Database) -> None:
    until = DECLARED + 30 * MINUTE
    with database.transaction() as connection:
        incident, other = incident_in(connection), incident_in(connection, channel_id="C2")
        assert reminders.reminder_of(connection, incident) == Reminder()
        reminders.begin(connection, other, ReminderKind.RESOLUTION, DECLARED, number=7)
        reminders.begin(connection, incident, ReminderKind.LEAD, DECLARED, number=1)
        reminders.snooze(connection, incident, until=until, by=LEAD)
        reminders.turn(connection, incident, ReminderKind.UPDATE, DECLARED + MINUTE)
        turned = reminders.reminder_of(connection, incident)
        assert turned == Reminder(ReminderKind.UPDATE, DECLARED + MINUTE, 1, until, LEAD)
        reminders.end(connection, incident)
        assert reminders.reminder_of(connection, incident) == Reminder(number=1)
        reminders.begin(connection, incident, ReminderKind.LEAD, DECLARED, number=2)
        assert reminders.reminder_of(connection, incident) == Reminder(ReminderKind.LEAD, DECLARED, 2)
        assert reminders.reminder_of(connection, other) == Reminder(ReminderKind.RESOLUTION, DECLARED, 7)


ITEM = NewItem(TEAM, "reminder", "incident:1", "", due_at=DECLARED)


def _claimed(database: Database, now_minutes: int = 0) -> tuple[DueItem, ...]:
    with database.transaction() as connection:
        return due.claim(connection, worker="w", now=DECLARED + now_minutes * MINUTE, limit=9)


def test_item_that_wants_to_look_again_waits_until_then(database: Database) -> None:
    store_incident(database)
    with database.transaction() as connection:
        due.put(connection, ITEM)
    (item,) = _claimed(database)
    with database.transaction() as connection:
        due.look_again(connection, item, at=DECLARED + 5 * MINUTE)
        due.finish(connection, item, worker="w", now=DECLARED)
    assert _claimed(database, 4) == ()
    assert [one.slot for one in _claimed(database, 5)] == [""]


def test_item_put_again_while_it_ran_looks_at_once_all_the_same(database: Database) -> None:
    with database.transaction() as connection:
        due.put(connection, ITEM)
    (item,) = _claimed(database)
    with database.transaction() as connection:
        due.put(connection, ITEM)
        due.look_again(connection, item, at=DECLARED + 5 * MINUTE)
        due.finish(connection, item, worker="w", now=DECLARED)
    assert len(_claimed(database)) == 1
