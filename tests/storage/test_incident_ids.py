import threading
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.incident import Severity, Status
from storage import incidents
from storage.database import Database
from tests.factories import DECLARED, TEAM
from tests.storage.stored import incident_in, new_incident, output_of, start_process, store_incident

_DECLARE = """
import sys
from datetime import datetime
from storage import incidents
from storage.database import Database
from tests.storage.stored import new_incident
database = Database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.transaction() as connection:
        print(incidents.create(connection, new_incident()).incident_id)
database.close()
"""


def test_ids_count_from_one_within_the_day(database: Database) -> None:
    made = [store_incident(database, channel_id=None).incident_id for _ in range(3)]
    assert made == ["INC-2026-11-20-001", "INC-2026-11-20-002", "INC-2026-11-20-003"]


def test_day_of_an_id_is_the_utc_day_whatever_the_zone(database: Database) -> None:
    late = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    in_tokyo = late.astimezone(timezone(timedelta(hours=9)))
    made = [
        store_incident(database, channel_id=None, declared_at=moment).incident_id
        for moment in (late, in_tokyo.astimezone(UTC), late + timedelta(seconds=1))
    ]
    assert made == ["INC-2026-11-20-001", "INC-2026-11-20-002", "INC-2026-11-21-001"]


def test_each_workspace_counts_by_itself(database: Database) -> None:
    made = [store_incident(database, channel_id=None, team_id=team).incident_id for team in ("T1", "T2", "T1")]
    assert made == ["INC-2026-11-20-001", "INC-2026-11-20-001", "INC-2026-11-20-002"]


def fail_after_declaring(database: Database) -> None:
    with database.transaction() as connection:
        incident_in(connection)
        raise ZeroDivisionError


def test_number_of_a_rolled_back_declaration_is_given_again(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_declaring(database)
    assert store_incident(database).incident_id == "INC-2026-11-20-001"


def test_thousandth_incident_of_a_day_still_has_an_id_of_its_own(database: Database) -> None:
    with database.transaction() as connection:
        made = [incidents.create(connection, new_incident()).incident_id for _ in range(1001)]
    assert made[998:] == ["INC-2026-11-20-999", "INC-2026-11-20-1000", "INC-2026-11-20-1001"]


def test_ids_made_by_threads_at_once_are_all_different(database: Database) -> None:
    made: list[str] = []

    def declare() -> None:
        for _ in range(10):
            made.append(store_incident(database, channel_id=None).incident_id)  # noqa: PERF401 - each as it is made

    threads = [threading.Thread(target=declare) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [f"INC-2026-11-20-{number:03d}" for number in range(1, 121)]


def test_ids_made_by_processes_at_once_are_all_different(database_url: str) -> None:
    processes = [start_process(_DECLARE, database_url, "20") for _ in range(3)]
    made = [line for process in processes for line in output_of(process).split()]
    assert sorted(made) == [f"INC-2026-11-20-{number:03d}" for number in range(1, 61)]


def test_private_ids_tell_no_number_and_use_none_up(database: Database) -> None:
    private = [store_incident(database, channel_id=None, is_private=True).incident_id for _ in range(40)]
    endings = [incident_id.rpartition("-")[2] for incident_id in private]
    assert len(set(endings)) == 40
    assert all(len(ending) == 4 and not ending.isdigit() for ending in endings)
    assert endings != sorted(endings)
    assert Counter(ending[0] for ending in endings).most_common(1)[0][1] < 20
    assert store_incident(database, channel_id=None).incident_id == "INC-2026-11-20-001"


def test_two_incidents_cannot_share_a_channel_or_a_reserved_name(database: Database) -> None:
    first = store_incident(database, channel_id="C1")
    with database.transaction() as connection:
        incidents.change(connection, first, channel_name="inc-20261120-checkout")
    with pytest.raises(IntegrityError):
        store_incident(database, channel_id="C1")
    second = store_incident(database, channel_id="C2")
    with pytest.raises(IntegrityError), database.transaction() as connection:
        incidents.change(connection, second, channel_name="inc-20261120-checkout")


def test_incident_comes_back_as_it_was_declared(database: Database) -> None:
    made = store_incident(database, vendor="Stripe", title="Zahlungen <gestört> & “mehr”")
    assert (made.title, made.vendor, made.severity) == ("Zahlungen <gestört> & “mehr”", "Stripe", Severity.SEV2)
    assert (made.declared_at, made.status) == (DECLARED, Status.INVESTIGATING)
    with database.reading() as connection:
        assert incidents.by_row(connection, made.row_id) == made
        assert incidents.by_channel(connection, TEAM, "C1") == made
        assert incidents.by_channel(connection, "T2", "C1") is None
        assert incidents.find_row(connection, "T2", made.row_id) is None


def endings_found(database: Database, ending: str, team_id: str = TEAM) -> list[str]:
    with database.reading() as connection:
        return [one.incident_id for one in incidents.by_ending(connection, team_id, ending)]


def test_incident_is_found_by_any_ending_in_any_case(database: Database) -> None:
    made = store_incident(database, channel_id=None)
    store_incident(database, channel_id=None, team_id="T2")
    for ending in ("001", "1", "20-001", "inc-2026-11-20-001"):
        assert endings_found(database, ending) == [made.incident_id]
    assert endings_found(database, "002") == []


@pytest.mark.parametrize("ending", ["%", "_", "0_1", "%1", "\\", "'", "\\%"])
def test_signs_of_a_pattern_in_an_ending_are_only_signs(database: Database, ending: str) -> None:
    store_incident(database, channel_id=None)
    assert endings_found(database, ending) == []
