from datetime import date, timedelta

from bot.domain.actions import ActionItem, ActionMove, ActionStatus
from bot.domain.incident import Incident, Status
from bot.domain.milestones import Milestone, Stamp
from bot.domain.statements import Impact
from bot.domain.timeline import Note
from storage import incidents, statements, undo
from storage.database import Database
from storage.undo import RemoveRow, RestoreAction, RestoreColumns, RestoreStamp, RestoreStatus, Step
from tests.factories import DECLARED, LEAD
from tests.storage.stored import store_incident

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
