from dataclasses import replace
from datetime import date, timedelta

from bot.domain.actions import ActionItem, ActionStatus, ActionType, Priority, move
from bot.domain.impact import ImpactDetails
from bot.domain.incident import Incident, Role, RoleHolder, Status, StatusChange
from bot.domain.messages import MessageDeleted, VoteCast
from bot.domain.milestones import Milestone, Stamp
from bot.domain.people import Person
from bot.domain.statements import Cause, CauseKind, Impact, Layer, Lesson, LessonKind, Why
from bot.domain.text import mention
from bot.domain.timeline import PLAIN_EMOJI, Note, Phase, entries
from storage import capture, curations, drafts, incidents, people, records, recurrences, statements
from storage.database import Connection, Database
from storage.drafts import Draft
from storage.people import Team
from storage.recurrences import Recurrence
from tests.factories import CHANNEL, DECLARED, HELPER, LEAD, OPS, REPORTER, TEAM, at, ts_of
from tests.storage.stored import incident_in, seen, store_incident

MINUTE = timedelta(minutes=1)
CAUSE = Cause(0, CauseKind.ROOT, "No limit", LEAD, DECLARED, "https://e/1", Layer.PROCESS, "capacity", 3)
ACTION = ActionItem(
    0, 0, "Add one", LEAD, DECLARED, OPS, date(2026, 12, 1), ActionType.PREVENT, Priority.P1, cause_id=None
)


def fill(connection: Connection, incident: Incident) -> None:
    """Put one of everything into the incident."""
    vote = VoteCast(TEAM, CHANNEL, ts_of(at("14:10")), "UVOTER", "pushpin", is_on=True, event_ts="1.1")
    capture.save(connection, [seen(text=f"ask {mention('UMENTIONED')}"), seen("14:11", "gone"), vote], now=DECLARED)
    capture.save(connection, [MessageDeleted(TEAM, CHANNEL, ts_of(at("14:11")))], now=DECLARED)
    curations.decide(connection, incident, CHANNEL, ts_of(at("14:10")), phase=Phase.DETECTION.value, is_key=True)
    statements.add_note(
        connection, incident, Note(0, DECLARED, "noted", "UNOTES", DECLARED, Phase.RECOVERY, is_key=True)
    )
    statements.add_impact(connection, incident, Impact("many", "UIMPACT", DECLARED))
    statements.add_cause(connection, incident, CAUSE)
    for branch in (None, None, "b"):
        statements.add_why(connection, incident, Why(0, "because", "UWHY", DECLARED, branch))
    statements.add_lesson(connection, incident, Lesson(LessonKind.LUCKY, "luck", "ULESSON", DECLARED))
    statements.add_action(connection, incident, ACTION)
    incidents.set_role(connection, incident, RoleHolder(Role.LEAD, LEAD, DECLARED))
    incidents.set_stamp(connection, incident, Stamp(Milestone.DECLARED, DECLARED, "USTAMP", DECLARED))
    incidents.add_status_change(connection, incident, StatusChange(Status.INVESTIGATING, DECLARED, "UCHANGE", DECLARED))
    people.save_team(connection, Team(TEAM, "Acme", "https://acme.slack.com/", "UBOT", "BBOT"))


def test_record_holds_all_that_belongs_to_the_incident(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        fill(connection, incident)
        record = records.load(connection, incident)
    assert [message.text for message in record.material.messages] == [f"ask {mention('UMENTIONED')}"]
    assert [vote.user_id for vote in record.material.votes] == ["UVOTER"]
    (entry,) = [entry for entry in entries(record.material, PLAIN_EMOJI) if entry.message_ts]
    assert (entry.phase, entry.is_key) == (Phase.DETECTION, True)
    assert record.material.notes == (
        replace(record.material.notes[0], text="noted", phase=Phase.RECOVERY, is_key=True),
    )
    assert record.causes == (replace(CAUSE, cause_id=record.causes[0].cause_id),)
    assert [(why.position, why.branch) for why in record.whys] == [(1, None), (2, None), (1, "b")]
    assert record.actions == (replace(ACTION, action_id=record.actions[0].action_id, number=1),)
    assert record.lessons == (Lesson(LessonKind.LUCKY, "luck", "ULESSON", DECLARED),)
    assert record.holder(Role.LEAD) == LEAD
    assert (record.capture.messages, record.capture.edits, record.capture.deletes) == (1, 0, 1)
    assert record.workspace_url == "https://acme.slack.com/"


def test_everyone_who_appears_is_among_the_people_of_the_record(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        fill(connection, incident)
        found = records.people_of(records.load(connection, incident))
    said = {"UNOTES", "UIMPACT", "UWHY", "ULESSON", "USTAMP", "UCHANGE", "UMENTIONED"}
    assert found == said | {REPORTER, HELPER, LEAD, OPS}


def test_people_read_from_slack_before_come_with_the_record(database: Database) -> None:
    ana = Person(REPORTER, "ana", "Ana Silva", "Europe/Lisbon", is_guest=True)
    with database.transaction() as connection:
        incident = incident_in(connection)
        people.save(connection, TEAM, ana, now=DECLARED)
        people.save(connection, "T2", replace(ana, user_id=HELPER), now=DECLARED)
        assert records.load(connection, incident).people == {REPORTER: ana}
        assert people.read_at(connection, TEAM, REPORTER) == DECLARED
        assert people.read_at(connection, TEAM, HELPER) is None


def test_bots_and_guests_among_the_voters_do_not_count(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        key = ts_of(at("14:10"))
        cast = [VoteCast(TEAM, CHANNEL, key, who, "pushpin", is_on=True, event_ts="1.1") for who in ("UB", "UG", "UX")]
        capture.save(connection, [seen(), *cast], now=DECLARED)
        people.save(connection, TEAM, Person("UB", "", "", is_bot=True), now=DECLARED)
        people.save(connection, TEAM, Person("UG", "", "", is_guest=True), now=DECLARED)
        assert records.load(connection, incident).material.uncounted == {"UB", "UG"}
        assert records.material_of_message(connection, incident, key).uncounted == {"UB", "UG"}
        assert records.voters(connection, incident, key) == {"UB", "UG", "UX"}


def test_record_takes_nothing_from_other_channels_or_incidents(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        other = incident_in(connection, channel_id="C2")
        fill(connection, incident)
        record = records.load(connection, other)
    assert (record.material.messages, record.material.notes, record.actions, record.roles) == ((), (), (), ())


def test_removed_rows_are_left_out_and_numbers_are_not_given_again(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        first = statements.add_action(connection, incident, ACTION)
        connection.exec_driver_sql("UPDATE actions SET is_removed = true")
        second = statements.add_action(connection, incident, ACTION)
        assert (first.number, second.number) == (1, 2)
        assert statements.actions_of(connection, incident) == (second,)
        assert statements.action_in(connection, incident, 1) is None


def test_moved_action_keeps_its_reason_and_when(database: Database) -> None:
    incident = store_incident(database)
    with database.transaction() as connection:
        action = statements.add_action(connection, incident, ACTION)
        dropped = statements.move_action(
            connection, action, move(ActionStatus.DROPPED, "replaced"), by=OPS, now=DECLARED + MINUTE
        )
        opened = statements.move_action(connection, dropped, move(ActionStatus.OPEN, ""), by=OPS, now=DECLARED)
    assert (dropped.status, dropped.reason, dropped.status_at) == (ActionStatus.DROPPED, "replaced", DECLARED + MINUTE)
    assert (opened.status, opened.reason) == (ActionStatus.OPEN, None)


def test_what_is_decided_about_an_entry_adds_up(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        key = ts_of(at("14:10"))
        capture.save(connection, [seen()], now=DECLARED)
        curations.decide(connection, incident, CHANNEL, key, text="Better words", was_edited=True)
        curations.decide(connection, incident, CHANNEL, key, at=DECLARED)
        (curation,) = records.load(connection, incident).material.curations
    assert (curation.text, curation.was_edited, curation.at, curation.is_kept_out) == (
        "Better words",
        True,
        DECLARED,
        False,
    )


def make_draft(revision: int, **fields: str) -> Draft:
    texts = {"made_for": f"r{revision}", "markdown": "# é", "html": "<p>", "summary": "s", "sha256": "0" * 64}
    values = texts | fields
    return Draft(
        0,
        revision,
        values["made_for"],
        "internal",
        DECLARED + revision * MINUTE,
        LEAD,
        values["markdown"],
        values["html"],
        {"gaps": []},
        values["summary"],
        values["sha256"],
        None,
        None,
    )


def test_revisions_count_and_the_published_one_stays_the_published_one(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        assert (drafts.next_revision(connection, incident), drafts.latest(connection, incident)) == (1, None)
        first = drafts.add(connection, incident, make_draft(1))
        assert drafts.published(connection, incident) is None
        drafts.publish(connection, first, by=LEAD, now=DECLARED)
        drafts.add(connection, incident, make_draft(2))
        assert drafts.next_revision(connection, incident) == 3
        latest, published = drafts.latest(connection, incident), drafts.published(connection, incident)
        assert drafts.made_for(connection, incident, "r2") == latest
        assert drafts.made_for(connection, incident, "r3") is None
        assert drafts.by_revision(connection, incident, 1) == published
    assert latest is not None
    assert published is not None
    assert (latest.revision, latest.published_at, latest.markdown) == (2, None, "# é")
    assert (published.revision, published.published_at, published.published_by) == (1, DECLARED, LEAD)


def test_answer_to_a_follow_up_is_the_last_one_given(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        assert recurrences.of_slot(connection, incident, "30d") is None
        recurrences.answer(connection, incident, "30d", Recurrence(came_back=True, by=LEAD, said_at=DECLARED))
        last = Recurrence(came_back=False, by=OPS, said_at=DECLARED + MINUTE)
        recurrences.answer(connection, incident, "30d", last)
        assert recurrences.of_slot(connection, incident, "30d") == last
        assert recurrences.of_slot(connection, incident, "60d") is None


def test_impact_keeps_its_figures_and_can_be_read_after_it_was_replaced(database: Database) -> None:
    figures = ImpactDetails(users=50_000, users_share=0.2, services=("checkout",), from_at=DECLARED, tickets=0)
    with database.transaction() as connection:
        incident, other = incident_in(connection), incident_in(connection, channel_id="COTHER")
        key = statements.add_impact(connection, incident, Impact("many", LEAD, DECLARED, figures))
        assert statements.impacts_of(connection, incident) == (Impact("many", LEAD, DECLARED, figures, key),)
        statements.remove(connection, "impacts", key)
        assert statements.impact_by_key(connection, incident, key) == Impact("many", LEAD, DECLARED, figures, key)
        assert statements.impact_by_key(connection, other, key) is None


def test_milestone_and_action_keep_the_address_they_were_taken_from(database: Database) -> None:
    link = "https://acme.slack.com/archives/C9/p1795153000000100"
    stamp = Stamp(Milestone.DETECTED, DECLARED, LEAD, DECLARED, link=link)
    with database.transaction() as connection:
        incident = incident_in(connection)
        incidents.set_stamp(connection, incident, stamp)
        action = statements.add_action(connection, incident, replace(ACTION, source=link, link="https://t.example/1"))
        assert incidents.stamps_of(connection, incident) == (stamp,)
    assert (action.source, action.link) == (link, "https://t.example/1")
