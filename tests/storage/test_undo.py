from datetime import date, timedelta

from bot.domain.actions import ActionItem, ActionMove, ActionStatus
from bot.domain.incident import Incident, Status
from bot.domain.milestones import Milestone, Stamp
from bot.domain.statements import Impact
from bot.domain.timeline import Note
from storage import capture, curations, incidents, records, statements, undo
from storage.database import Database
from storage.undo import RemoveRow, RestoreAction, RestoreColumns, RestoreRow, RestoreStamp, RestoreStatus, Step
from tests.factories import CHANNEL, DECLARED, LEAD
from tests.storage.stored import seen, store_incident

EARLIER = Stamp(Milestone.MITIGATED, DECLARED + timedelta(minutes=5), LEAD, DECLARED, "1.2")
LATER = Stamp(Milestone.MITIGATED, DECLARED + timedelta(minutes=9), "UOTHER", DECLARED + timedelta(hours=1))


def remember(database: Database, incident: Incident, *steps: Step) -> int:
    with database.transaction() as connection:
        return undo.remember(connection, incident, list(steps), by=LEAD, now=DECLARED)


def take_back(database: Database, incident: Incident, key: int) -> bool:
    with database.transaction() as connection:
        return undo.take_back(connection, incident, key)


def test_added_rows_are_taken_back_and_others_stay(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        statements.add_note(connection, incident, Note(0, DECLARED, "stays", LEAD, DECLARED))
        key = statements.add_note(connection, incident, Note(0, DECLARED, "goes", LEAD, DECLARED))
        impact = statements.add_impact(connection, incident, Impact("goes too", LEAD, DECLARED))
    assert take_back(
        database, incident, remember(database, incident, RemoveRow("notes", key), RemoveRow("impacts", impact))
    )
    with database.reading() as connection:
        assert [note.text for note in statements.notes_of(connection, incident)] == ["stays"]
        assert statements.impacts_of(connection, incident) == ()


def move(database: Database, incident: Incident, status: Status) -> Incident:
    with database.transaction() as connection:
        return incidents.change(connection, incident, status=status.value)


def status_of(database: Database, incident: Incident) -> Status:
    with database.reading() as connection:
        return incidents.by_row(connection, incident.row_id).status


def test_status_and_milestone_go_back_to_what_they_were(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        incidents.set_stamp(connection, incident, LATER)
    moved = move(database, incident, Status.MITIGATED)
    was = RestoreStatus(Status.IDENTIFIED, Status.MITIGATED), RestoreStamp(Milestone.MITIGATED, EARLIER, LATER)
    assert take_back(database, moved, remember(database, incident, *was))
    assert status_of(database, incident) is Status.IDENTIFIED
    with database.reading() as connection:
        assert incidents.stamps_of(connection, incident) == (EARLIER,)


def test_status_that_has_been_moved_on_since_stays(database: Database) -> None:
    incident = store_incident(database)
    key = remember(database, incident, RestoreStatus(Status.INVESTIGATING, Status.IDENTIFIED))
    assert take_back(database, move(database, incident, Status.MITIGATED), key)
    assert status_of(database, incident) is Status.MITIGATED


def test_milestone_that_was_unknown_is_unknown_again(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        incidents.set_stamp(connection, incident, LATER)
    assert take_back(database, incident, remember(database, incident, RestoreStamp(Milestone.MITIGATED, None, LATER)))
    with database.reading() as connection:
        assert incidents.stamps_of(connection, incident) == ()


def test_milestone_that_has_been_corrected_since_stays(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        incidents.set_stamp(connection, incident, LATER)
    assert take_back(database, incident, remember(database, incident, RestoreStamp(Milestone.MITIGATED, None, EARLIER)))
    with database.reading() as connection:
        assert incidents.stamps_of(connection, incident) == (LATER,)


def moved_action(database: Database, incident: Incident, *statuses: ActionStatus) -> ActionItem:
    """Stores an action that is moved through these states; returns it as it was at first."""
    with database.transaction() as connection:
        first = statements.add_action(connection, incident, ActionItem(0, 0, "Add a load test", LEAD, DECLARED))
        for status in statuses:
            statements.move_action(connection, first, ActionMove(status, "a reason"), by=LEAD, now=DECLARED)
        return first


def test_moved_action_goes_back_to_what_it_was(database: Database) -> None:
    incident = store_incident(database)
    first = moved_action(database, incident, ActionStatus.DROPPED)
    assert take_back(database, incident, remember(database, incident, RestoreAction(first, ActionStatus.DROPPED)))
    with database.reading() as connection:
        assert statements.actions_of(connection, incident) == (first,)


def test_action_that_has_been_moved_on_since_stays(database: Database) -> None:
    incident = store_incident(database)
    first = moved_action(database, incident, ActionStatus.DONE, ActionStatus.DROPPED)
    assert take_back(database, incident, remember(database, incident, RestoreAction(first, ActionStatus.DONE)))
    with database.reading() as connection:
        (kept,) = statements.actions_of(connection, incident)
    assert kept.status is ActionStatus.DROPPED


def test_nothing_is_taken_back_twice(database: Database) -> None:
    incident = store_incident(database)
    key = remember(database, incident, RestoreStatus(Status.RESOLVED, Status.INVESTIGATING))
    assert take_back(database, incident, key)
    assert status_of(database, incident) is Status.RESOLVED
    assert not take_back(database, move(database, incident, Status.INVESTIGATING), key)
    assert status_of(database, incident) is Status.INVESTIGATING


def test_undo_knows_whose_it_is_and_of_which_incident(database: Database) -> None:
    incident = store_incident(database)
    key = remember(database, incident, RestoreStatus(Status.RESOLVED, Status.INVESTIGATING))
    with database.reading() as connection:
        assert undo.owner_of(connection, key) == LEAD
        assert undo.incident_of(connection, key) == incident
        assert (undo.owner_of(connection, key + 1), undo.incident_of(connection, key + 1)) == (None, None)


def test_changed_note_goes_back_to_what_it_was_but_for_what_was_changed_since(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        key = statements.add_note(connection, incident, Note(0, DECLARED, "first", LEAD, DECLARED))
        statements.change_note(connection, key, text="third", at=LATER.at, is_key=True)
    before = {"text": "first", "at": DECLARED, "is_key": False}
    step = RestoreRow("notes", key, before, {"text": "second", "at": LATER.at, "is_key": True})
    assert take_back(database, incident, remember(database, incident, step))
    with database.reading() as connection:
        (note,) = statements.notes_of(connection, incident)
    assert (note.text, note.at, note.is_key) == ("third", DECLARED, False)


def test_removed_row_is_there_again(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        key = statements.add_impact(connection, incident, Impact("goes", LEAD, DECLARED))
        statements.remove(connection, "impacts", key)
        assert statements.impacts_of(connection, incident) == ()
    step = RestoreRow("impacts", key, {"is_removed": False}, {"is_removed": True})
    assert take_back(database, incident, remember(database, incident, step))
    with database.reading() as connection:
        assert [impact.text for impact in statements.impacts_of(connection, incident)] == ["goes"]


def test_decision_about_a_message_is_taken_back_but_for_what_was_decided_since(database: Database) -> None:
    incident = store_incident(database)
    votes = [["U1", "pushpin"]]
    with database.transaction() as connection:
        capture.save(connection, [seen()], now=DECLARED)
        first = curations.decide(connection, incident, CHANNEL, seen().ts, is_key=True, without=votes, at=DECLARED)
        curations.decide(connection, incident, CHANNEL, seen().ts, is_key=False)
    key = remember(database, incident, first)
    with database.reading() as connection:
        assert undo.messages_of(connection, key) == ((CHANNEL, seen().ts),)
    assert take_back(database, incident, key)
    with database.reading() as connection:
        (curation,) = records.load(connection, incident).material.curations
    assert (curation.is_key, curation.without, curation.at) == (False, frozenset(), None)


def test_columns_go_back_to_what_they_were_unless_they_have_been_changed_since(database: Database) -> None:
    incident = store_incident(database)
    before = {"services": ("db",), "postmortem_due": date(2026, 12, 1), "meeting_at": DECLARED, "owning_team": None}
    after = {"services": ("db", "web"), "postmortem_due": None, "meeting_at": LATER.at, "owning_team": "Payments"}
    with database.transaction() as connection:
        changed = incidents.change(connection, incident, **(after | {"owning_team": "Storage"}))
    assert take_back(database, changed, remember(database, incident, RestoreColumns(before, after)))
    with database.reading() as connection:
        now = incidents.by_row(connection, incident.row_id)
    assert (now.services, now.postmortem_due, now.meeting_at) == (("db",), date(2026, 12, 1), DECLARED)
    assert now.owning_team == "Storage"
