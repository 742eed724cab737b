"""The stretches in which capture may have been lost: stored once, ended, counted in, withdrawn."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.capturing import GapCause
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.messages import MessageDeleted
from bot.domain.record import CaptureGap
from storage import capture, gaps, incidents, records
from storage.database import Connection, Database
from storage.tables import messages, reconciliations
from tests.factories import CHANNEL, DECLARED, LEAD, TEAM, at, ts_of
from tests.storage.stored import incident_in, seen

DOWN, OUT = GapCause.NOT_RUNNING, GapCause.NOT_IN_CHANNEL


def recovered(connection: Connection, *clocks: str) -> None:
    """Store messages that a comparison with Slack's history brought."""
    capture.save(connection, [seen(clock, clock) for clock in clocks], now=DECLARED)
    times = [ts_of(at(clock)) for clock in clocks]
    connection.execute(update(messages).where(messages.c.ts.in_(times)).values(recovered_at=at("16:00")))


def kept(connection: Connection, incident: Incident) -> list[tuple[datetime, datetime | None, int, str]]:
    return [(gap.from_at, gap.to_at, gap.recovered, gap.cause) for gap in gaps.of(connection, incident)]


def test_gap_that_is_added_twice_is_one_and_the_later_end_counts(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        for ends in ("15:10", "15:25", "15:25", "15:20"):
            gaps.add(connection, incident, DOWN, at("15:00"), at(ends))
        assert kept(connection, incident) == [(at("15:00"), at("15:25"), 0, DOWN.words)]


def test_gap_lasts_until_it_is_ended(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        gaps.begin(connection, incident, OUT, at("15:00"))
        gaps.begin(connection, incident, OUT, at("15:05"))
        assert kept(connection, incident) == [(at("15:00"), None, 0, OUT.words)]
        assert not gaps.end(connection, incident, DOWN, at("15:10"))
        assert gaps.end(connection, incident, OUT, at("15:10"))
        assert not gaps.end(connection, incident, OUT, at("15:20"))
        gaps.begin(connection, incident, OUT, at("15:00"))
        assert kept(connection, incident) == [(at("15:00"), at("15:10"), 0, OUT.words)]


def test_gap_that_ended_is_followed_by_another(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        for begins, ends in (("15:00", "15:10"), ("15:20", "15:30")):
            gaps.begin(connection, incident, OUT, at(begins))
            assert gaps.end(connection, incident, OUT, at(ends))
        assert [begins for begins, *_ in kept(connection, incident)] == [at("15:00"), at("15:20")]


@pytest.mark.parametrize(
    ("clock", "is_covered"),
    [
        ("14:59:54", False),
        ("14:59:56", True),
        ("15:05", True),
        ("15:10:04", True),
        ("15:10:06", False),
        ("15:30:06", True),
    ],
)
def test_moment_in_or_close_to_a_gap_is_covered(database: Database, clock: str, *, is_covered: bool) -> None:
    with database.transaction() as connection:
        incident, other = incident_in(connection), incident_in(connection, channel_id="C2")
        gaps.add(connection, incident, DOWN, at("15:00"), at("15:10"))
        gaps.begin(connection, incident, OUT, at("15:30:10"))
        assert gaps.covering(connection, incident, at(clock)) is is_covered
        assert not gaps.covering(connection, other, at(clock))


def test_each_recovered_message_counts_in_one_gap(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        gaps.add(connection, incident, DOWN, at("15:00"), at("15:10"))
        gaps.add(connection, incident, GapCause.DISCONNECTED, at("15:10"), at("15:20"))
        gaps.begin(connection, incident, OUT, at("15:40"))
        recovered(connection, "14:59:57", "15:01", "15:10", "15:12", "15:20:03", "15:30", "15:50")
        capture.save(connection, [seen("15:02", "came by itself")], now=DECLARED)
        assert [count for *_, count, _ in kept(connection, incident)] == [3, 2, 1]
        found = records.load(connection, incident).capture
        assert (found.messages, found.recovered) == (8, 7)


def test_recovered_message_that_is_deleted_counts_no_more(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        gaps.add(connection, incident, DOWN, at("15:00"), at("15:10"))
        recovered(connection, "15:01", "15:02")
        capture.save(connection, [MessageDeleted(TEAM, CHANNEL, ts_of(at("15:01")))], now=DECLARED)
        assert kept(connection, incident) == [(at("15:00"), at("15:10"), 1, DOWN.words)]


def test_gap_ends_with_the_capture_and_counts_nothing_outside_of_it(database: Database) -> None:
    with database.transaction() as connection:
        incident = incidents.change(
            connection, incident_in(connection), capture_from=at("14:00"), capture_until=at("15:05"), is_adopted=True
        )
        gaps.begin(connection, incident, OUT, at("15:00"))
        recovered(connection, "15:01", "15:04")
        connection.execute(update(messages).values(recovered_at=at("16:00")))
        shorter = incidents.change(connection, incident, capture_until=at("15:03"))
        assert kept(connection, shorter) == [(at("15:00"), at("15:03"), 1, OUT.words)]


def test_changes_count_in_the_gap_in_which_they_were_made_or_in_the_last(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        assert not gaps.count_changes(connection, incident, 1)
        gaps.add(connection, incident, DOWN, at("15:00"), at("15:10"))
        gaps.add(connection, incident, DOWN, at("15:30"), at("15:40"))
        assert gaps.count_changes(connection, incident, 2, at=at("15:05"))
        assert gaps.count_changes(connection, incident, 3)
        assert gaps.count_changes(connection, incident, 4)
        assert not gaps.count_changes(connection, incident, 5, at=at("15:20"))
        assert [gap.changed for gap in gaps.of(connection, incident)] == [2, 7]


def test_gaps_within_what_another_process_heard_are_withdrawn(database: Database) -> None:
    causes = (DOWN, GapCause.DISCONNECTED)
    with database.transaction() as connection:
        incident = incident_in(connection)
        for begins, ends in (("14:50", "15:10"), ("15:10", "15:20"), ("15:20", "15:40")):
            gaps.add(connection, incident, DOWN, at(begins), at(ends))
        gaps.add(connection, incident, OUT, at("15:12"), at("15:13"))
        gaps.begin(connection, incident, OUT, at("15:15"))
        assert gaps.withdraw(connection, "T2", causes, at("15:00"), at("15:30")) == 0
        assert gaps.withdraw(connection, TEAM, causes, at("15:00"), at("15:30")) == 1
        begun = [begins for begins, *_ in kept(connection, incident)]
        assert begun == [at("14:50"), at("15:12"), at("15:15"), at("15:20")]


def compared(connection: Connection, incident: Incident, until: str, **values: str | datetime) -> None:
    row = {"incident": incident.row_id, "checked_until": at(until)}
    connection.execute(reconciliations.insert().values(row | values))


def test_record_says_until_when_it_was_compared_and_what_could_not_be(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        assert records.load(connection, incident).capture.checked_until is None
        compared(connection, incident, "15:00", problem="Slack allows one page a minute")
        found = records.load(connection, incident).capture
    assert found.checked_until == at("15:00")
    assert found.unchecked == ("It could not be compared since 2026-11-20 15:00 UTC: Slack allows one page a minute.",)


def test_record_of_which_something_may_have_been_lost_since_says_so(database: Database) -> None:
    with database.transaction() as connection:
        incident = incident_in(connection)
        compared(connection, incident, "15:00", doubted_at=at("14:50"))
        (sentence,) = records.load(connection, incident).capture.unchecked
    assert sentence == "Edits, deletions and reactions until 2026-11-20 14:50 UTC are still to be compared."


def test_joined_incidents_are_compared_until_the_earlier_of_their_moments(database: Database) -> None:
    with database.transaction() as connection:
        whole, part = incident_in(connection), incident_in(connection, channel_id="C2")
        part = incidents.change(connection, part, merged_into=whole.row_id)
        compared(connection, whole, "15:00")
        assert records.load(connection, whole).capture.checked_until is None
        compared(connection, part, "14:30", problem="Slack is away")
        for one in (whole, part):
            gaps.add(connection, one, DOWN, at("14:10"), at("14:20"))
        found = records.load(connection, whole).capture
    assert found.checked_until == at("14:30")
    assert found.gaps == (CaptureGap(at("14:10"), at("14:20"), 0, DOWN.words),)
    (sentence,) = found.unchecked
    assert sentence.endswith("could not be compared since 2026-11-20 14:30 UTC: Slack is away.")
    assert sentence.startswith("The channel ")


def test_export_is_never_compared(database: Database) -> None:
    with database.transaction() as connection:
        incident = incidents.change(connection, incident_in(connection), is_imported=True)
        found = records.load(connection, incident).capture
    assert found.is_imported
    assert (found.checked_until, found.gaps, found.unchecked) == (None, (), ())


@pytest.mark.parametrize(
    ("moved", "is_recorded"), [(timedelta(days=-6), True), (timedelta(days=-8), False), (None, True)]
)
def test_channels_are_recorded_until_some_time_after_the_last_move(
    database: Database, moved: timedelta | None, *, is_recorded: bool
) -> None:
    now = DECLARED + timedelta(days=30)
    with database.transaction() as connection:
        incident = incident_in(connection)
        incident_in(connection, channel_id=None)
        exported = incident_in(connection, channel_id="C9")
        incidents.change(connection, exported, is_imported=True)
        if moved:
            resolve(connection, incident, now + moved)
        found = incidents.recorded(connection, TEAM, since=now - timedelta(weeks=1))
    assert [one.row_id for one in found] == ([incident.row_id] if is_recorded else [])


def resolve(connection: Connection, incident: Incident, now: datetime) -> None:
    incidents.change(connection, incident, status="resolved")
    change = StatusChange(Status.RESOLVED, now, LEAD, now)
    incidents.add_status_change(connection, incident, change)
