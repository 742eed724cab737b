from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.incident import Incident
from bot.domain.messages import CaptureRecord, File, MessageDeleted, VoteCast
from bot.domain.reconciling import TOLERANCE
from storage import capture, incidents, reconciliations
from storage.database import Database
from storage.reconciliations import Reconciliation, Stretch, Thread
from storage.tables import messages
from tests.factories import CHANNEL, TEAM, at, ts_of
from tests.storage.stored import at_once, seen, store_incident

NOW = at("15:00")


@pytest.fixture
def incident(database: Database) -> Incident:
    return store_incident(database)


def state(database: Database, incident: Incident) -> Reconciliation:
    with database.reading() as connection:
        return reconciliations.of(connection, incident)


def doubt(database: Database, incident: Incident, moment: datetime) -> None:
    with database.transaction() as connection:
        reconciliations.doubt(connection, incident, moment)


def confirm(database: Database, incident: Incident, began_at: datetime, *, is_whole: bool) -> None:
    with database.transaction() as connection:
        reconciliations.confirm(connection, incident, began_at=began_at, now=NOW, is_whole=is_whole)


def fail(database: Database, incident: Incident, problem: str) -> None:
    with database.transaction() as connection:
        reconciliations.fail(connection, incident, problem, now=NOW)


def save(database: Database, *given: CaptureRecord, missing: Collection[str] = ()) -> None:
    with database.transaction() as connection:
        capture.save(connection, given, now=NOW, missing=missing)


# How far


def test_nothing_is_known_before_the_first_comparison(database: Database, incident: Incident) -> None:
    assert state(database, incident) == Reconciliation()
    assert not state(database, incident).is_doubtful


def test_what_was_said_until_a_minute_before_a_comparison_is_confirmed(database: Database, incident: Incident) -> None:
    confirm(database, incident, at("14:30"), is_whole=False)
    assert state(database, incident) == Reconciliation(at("14:30") - TOLERANCE, tried_at=NOW)


def test_comparison_that_ends_late_takes_nothing_back(database: Database, incident: Incident) -> None:
    confirm(database, incident, at("14:30"), is_whole=False)
    confirm(database, incident, at("14:20"), is_whole=True)
    assert state(database, incident).checked_until == at("14:30") - TOLERANCE


@pytest.mark.parametrize(
    ("doubted", "began", "is_whole", "is_doubtful"),
    [
        pytest.param("14:20", "14:21", True, False, id="of the whole, begun a minute later"),
        pytest.param("14:20", "14:20:59", True, True, id="begun too early: the history may have been behind"),
        pytest.param("14:20", "14:10", True, True, id="begun before the doubt"),
        pytest.param("14:20", "14:30", False, True, id="of what is new"),
    ],
)
def test_doubt_ends_with_a_comparison_of_the_whole(
    database: Database, incident: Incident, doubted: str, began: str, *, is_whole: bool, is_doubtful: bool
) -> None:
    doubt(database, incident, at(doubted))
    confirm(database, incident, at(began), is_whole=is_whole)
    assert state(database, incident).is_doubtful is is_doubtful


def test_later_doubt_counts(database: Database, incident: Incident) -> None:
    doubt(database, incident, at("14:20"))
    doubt(database, incident, at("14:10"))
    assert state(database, incident).doubted_at == at("14:20")


def test_problem_stays_until_it_is_known_to_be_over(database: Database, incident: Incident) -> None:
    doubt(database, incident, at("14:20"))
    fail(database, incident, "Slack asked to wait")
    confirm(database, incident, at("14:30"), is_whole=False)
    assert state(database, incident).problem == "Slack asked to wait"
    confirm(database, incident, at("14:31"), is_whole=True)
    assert state(database, incident).problem is None
    fail(database, incident, "Slack asked to wait")
    confirm(database, incident, at("14:32"), is_whole=False)
    assert state(database, incident).problem is None


def test_each_incident_has_its_own(database: Database, incident: Incident) -> None:
    other = store_incident(database, channel_id="C2")
    doubt(database, other, NOW)
    assert not state(database, incident).is_doubtful


def test_doubts_of_one_moment_are_all_stored(database_url: str) -> None:
    database = Database(database_url)
    incident = store_incident(database)
    moments = [at("14:20") + timedelta(seconds=number) for number in range(4)]
    works = [lambda one, moment=moment: doubt(one, incident, moment) for moment in moments]
    assert at_once(database_url, *works) == [None] * 4
    assert state(database, incident).doubted_at == moments[-1]
    database.close()


# What is stored


def keys(database: Database, incident: Incident, stretch: Stretch) -> list[str]:
    with database.reading() as connection:
        return sorted(reconciliations.kept(connection, incident, stretch, ()).messages)


PARENT, REPLY, BROADCAST, LATER = (ts_of(at(clock)) for clock in ("14:10", "14:11", "14:12", "14:13"))


@pytest.fixture
def said(database: Database, incident: Incident) -> None:
    save(
        database,
        seen("14:10", "parent"),
        seen("14:11", "reply", thread_ts=PARENT),
        seen("14:12", "reply for all", thread_ts=PARENT, kind="thread_broadcast"),
        seen("14:13", "later"),
        VoteCast(TEAM, CHANNEL, PARENT, "U1", "pushpin", is_on=True, event_ts=LATER),
        VoteCast(TEAM, CHANNEL, PARENT, "U2", "pushpin", is_on=False, event_ts=LATER),
        VoteCast(TEAM, CHANNEL, LATER, "U1", "pushpin", is_on=True, event_ts=LATER),
    )


@pytest.mark.usefixtures("said")
def test_channel_shows_no_replies_but_those_that_were_sent_to_it(database: Database, incident: Incident) -> None:
    assert keys(database, incident, Stretch(None, None)) == [PARENT, BROADCAST, LATER]


@pytest.mark.usefixtures("said")
def test_stretch_leaves_its_ends_out(database: Database, incident: Incident) -> None:
    assert keys(database, incident, Stretch(PARENT, LATER)) == [BROADCAST]


@pytest.mark.usefixtures("said")
def test_thread_has_its_replies_and_not_its_first(database: Database, incident: Incident) -> None:
    assert keys(database, incident, Stretch(None, None, PARENT)) == [REPLY, BROADCAST]
    assert keys(database, incident, Stretch(REPLY, None, PARENT)) == [BROADCAST]


@pytest.mark.usefixtures("said")
def test_votes_come_with_the_messages_that_are_shown_on_and_off(database: Database, incident: Incident) -> None:
    with database.reading() as connection:
        kept = reconciliations.kept(connection, incident, Stretch(None, None), {PARENT})
        alone = reconciliations.kept_votes(connection, incident, PARENT)
    assert {ts: [(vote.user_id, vote.is_on) for vote in votes] for ts, votes in kept.votes.items()} == {
        PARENT: [("U1", True), ("U2", False)]
    }
    assert list(alone) == list(kept.votes[PARENT])


@pytest.mark.usefixtures("said")
def test_tombstones_are_stored_too_and_their_threads_only_as_long_as_replies_stand(
    database: Database, incident: Incident
) -> None:
    save(database, MessageDeleted(TEAM, CHANNEL, PARENT), MessageDeleted(TEAM, CHANNEL, BROADCAST))
    with database.reading() as connection:
        kept = reconciliations.kept(connection, incident, Stretch(None, None), ())
        threads = reconciliations.threads(connection, incident, Stretch(None, None))
    assert [(one.ts, one.is_deleted) for one in kept.messages.values()] == [
        (PARENT, True),
        (BROADCAST, True),
        (LATER, False),
    ]
    assert threads == {PARENT: Thread(1, REPLY)}
    save(database, MessageDeleted(TEAM, CHANNEL, REPLY))
    with database.reading() as connection:
        assert reconciliations.threads(connection, incident, Stretch(None, None)) == {}


@pytest.mark.usefixtures("said")
def test_threads_are_counted_in_the_stretch_in_which_they_began(database: Database, incident: Incident) -> None:
    with database.reading() as connection:
        assert reconciliations.threads(connection, incident, Stretch(None, None)) == {PARENT: Thread(2, BROADCAST)}
        assert reconciliations.threads(connection, incident, Stretch(PARENT, None)) == {}
        assert reconciliations.threads(connection, incident, Stretch(None, PARENT)) == {}


@pytest.mark.usefixtures("said")
def test_threads_are_counted_in_the_incidents_time(database: Database, incident: Incident) -> None:
    with database.transaction() as connection:
        narrowed = incidents.change(connection, incident, capture_from=at("14:10:30"), capture_until=at("14:11:30"))
        assert reconciliations.threads(connection, narrowed, Stretch(None, None)) == {PARENT: Thread(1, REPLY)}


def test_files_are_not_known_of_a_message_that_told_of_none(database: Database, incident: Incident) -> None:
    graph = File("graph.png", "image", "https://example.com/1")
    save(database, seen("14:10"), seen("14:11", files=(graph,)))
    with database.reading() as connection:
        kept = reconciliations.kept(connection, incident, Stretch(None, None), ())
    assert [one.files for one in kept.messages.values()] == [None, (graph,)]


# What was recovered


def recovered(database: Database) -> dict[str, datetime | None]:
    with database.reading() as connection:
        return {row.text: row.recovered_at for row in connection.execute(select(messages))}


def test_only_what_was_missing_is_recovered(database: Database, incident: Incident) -> None:
    save(database, seen("14:10", "delivered"))
    found = seen("14:10", "delivered"), seen("14:11", "missing")
    save(database, *found, seen("14:12", "from before"), missing=[one.ts for one in found])
    assert recovered(database) == {"delivered": None, "missing": NOW, "from before": None}


def test_message_that_arrives_after_it_was_recovered_stays_so(database: Database, incident: Incident) -> None:
    save(database, seen("14:11", "missing"), missing=[ts_of(at("14:11"))])
    save(database, seen("14:11", "missing"))
    assert recovered(database) == {"missing": NOW}


def test_recovered_message_whose_deletion_came_first_counts_as_deleted(database: Database, incident: Incident) -> None:
    save(database, MessageDeleted(TEAM, CHANNEL, ts_of(at("14:11"))))
    save(database, seen("14:11", "missing"), missing=[ts_of(at("14:11"))])
    assert recovered(database) == {"": None}
