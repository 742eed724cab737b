"""Ground rule: an entry's time is Slack's whatever this machine's clock says; those of one second keep their order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.app import system_clock
from bot.config import read
from bot.domain.incident import Incident
from bot.domain.messages import VoteCast, time_of
from bot.domain.timeline import PLAIN_EMOJI, Note, entries
from storage import capture, records, statements
from storage.database import Database
from tests.factories import CHANNEL, DECLARED, TEAM
from tests.storage.stored import seen, store_incident

_REPEATED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Slack sends six digits; exports and other tools have sent other numbers of them.
fractions = st.text("0123456789", min_size=1, max_size=9)
skews = st.integers(-600, 600).map(lambda seconds: timedelta(seconds=seconds))


@pytest.fixture
def incident(database: Database) -> Incident:
    return store_incident(database)


def numeric(ts: str) -> tuple[int, Decimal]:
    seconds, _, fraction = ts.partition(".")
    return int(seconds), Decimal(f"0.{fraction}")


def one_each(found: Sequence[str]) -> list[str]:
    """Of timestamps that say the same moment with more or fewer digits, the first."""
    return list({numeric(ts): ts for ts in reversed(found)}.values())


@_REPEATED
@given(st.lists(fractions, min_size=2, max_size=8).map(lambda all_of: [f"1795183500.{one}" for one in all_of]), skews)
@example(["1795183500.000200", "1795183500.0001", "1795183500.00015", "1795183500.9"], timedelta(minutes=-10))
def test_messages_of_one_second_stand_in_their_order_at_slacks_time(
    database: Database, incident: Incident, said: list[str], skew: timedelta
) -> None:
    told = one_each(said)
    with database.engine.connect() as connection, connection.begin() as attempt:
        posted = [seen(text=ts, ts=ts) for ts in told]
        capture.save(connection, posted, now=DECLARED + skew)
        votes = [vote(ts) for ts in told]
        capture.save(connection, votes, now=DECLARED + skew)
        material = records.load(connection, incident).material
        attempt.rollback()
    expected = sorted(told, key=numeric)
    assert [message.ts for message in material.messages] == expected
    timeline = [entry for entry in entries(material, PLAIN_EMOJI) if entry.message_ts]
    assert [entry.text for entry in timeline] == expected
    assert [entry.at for entry in timeline] == [time_of(ts) for ts in expected]


def vote(ts: str) -> VoteCast:
    return VoteCast(TEAM, CHANNEL, ts, "UNOTES", "pushpin", is_on=True, event_ts="1795183600.000100")


@_REPEATED
@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=st.timezones()))  # noqa: DTZ001  hypothesis adds the zone
def test_moment_of_a_note_comes_back_to_the_microsecond_in_utc(
    database: Database, incident: Incident, at: datetime
) -> None:
    with database.engine.connect() as connection, connection.begin() as attempt:
        statements.add_note(connection, incident, Note(0, at, "It broke", "UNOTES", said_at=DECLARED))
        (kept,) = (note.at for note in statements.notes_of(connection, incident))
        attempt.rollback()
    assert kept == at.astimezone(UTC)
    assert kept.tzinfo is UTC


@given(st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001  in UTC
@example(datetime(2026, 3, 29, 0, 59, 59))  # noqa: DTZ001  in UTC
@settings(max_examples=25, deadline=None)
def test_clock_of_the_program_is_the_machines_in_utc_moved_by_its_setting(now: datetime) -> None:
    plain = read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, None)
    moved = read({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", **LOOPBACK}, None)
    with freeze_time(now):
        assert system_clock(plain)() == now.replace(tzinfo=UTC)
        assert system_clock(moved)() == now.replace(tzinfo=UTC) + timedelta(days=31)


LOOPBACK = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "SCRIBE_CLOCK_OFFSET": "+31d"}
