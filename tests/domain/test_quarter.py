from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import ActionStatus
from bot.domain.incident import IncidentType, Kind, Severity, Status
from bot.domain.metrics import Metrics
from bot.domain.quarter import Case, Lengths, Quarter, quarter_of, review
from tests.factories import make_incident

Q4 = Quarter(2026, 4)
IN_Q4 = datetime(2026, 11, 20, 14, tzinfo=UTC)
UNKNOWN = Metrics(None, None, None, None)


def case(
    *,
    detect: int | None = None,
    resolved: bool = False,
    drafted_after: int | None = None,
    actions: tuple[ActionStatus, ...] = (),
    **fields: Any,
) -> Case:
    resolved_at = IN_Q4 + timedelta(hours=1) if resolved else None
    return Case(
        incident=make_incident(**({"declared_at": IN_Q4} | fields)),
        metrics=Metrics(timedelta(minutes=detect) if detect is not None else None, None, None, None),
        resolved_at=resolved_at,
        first_draft_at=resolved_at + timedelta(hours=drafted_after) if resolved_at and drafted_after else None,
        actions=actions,
    )


@pytest.mark.parametrize(
    ("quarter", "begins", "ends"),
    [
        (Quarter(2026, 1), "2026-01-01", "2026-04-01"),
        (Quarter(2026, 3), "2026-07-01", "2026-10-01"),
        (Quarter(2026, 4), "2026-10-01", "2027-01-01"),
    ],
)
def test_quarter_goes_from_midnight_to_midnight_in_utc(quarter: Quarter, begins: str, ends: str) -> None:
    assert (quarter.begins, quarter.ends) == tuple(
        datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (begins, ends)
    )


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_every_moment_lies_in_its_quarter(at: datetime) -> None:
    found = quarter_of(at)
    assert found.begins <= at < found.ends


def test_incident_of_the_last_second_counts_and_one_of_the_next_quarter_does_not() -> None:
    inside = [case(declared_at=Q4.begins), case(declared_at=Q4.ends - timedelta(seconds=1))]
    outside = [case(declared_at=Q4.ends), case(declared_at=Q4.begins - timedelta(microseconds=1))]
    assert review(Q4, [*inside, *outside]).total == 2


def test_drills_and_cancelled_incidents_count_for_nothing_but_themselves() -> None:
    found = review(
        Q4,
        [
            case(detect=10, actions=(ActionStatus.DONE,)),
            case(detect=999, kind=Kind.DRILL, resolved=True, actions=(ActionStatus.OPEN,)),
            case(detect=999, status=Status.CANCELLED, actions=(ActionStatus.OPEN,)),
            case(detect=999, status=Status.CANCELLED, kind=Kind.DRILL),
        ],
    )
    assert (found.total, found.drills, found.cancelled) == (1, 1, 2)
    assert found.time_to_detect == Lengths(1, timedelta(minutes=10), timedelta(minutes=10))
    assert found.actions == Counter({ActionStatus.DONE: 1})
    assert found.resolved == 0


def test_counts_are_by_severity_type_and_kind() -> None:
    found = review(
        Q4,
        [
            case(severity=Severity.SEV1),
            case(severity=Severity.SEV1, type=IncidentType.SECURITY),
            case(severity=Severity.SEV3, kind=Kind.NEAR_MISS),
        ],
    )
    assert found.by_severity == Counter({"SEV1": 2, "SEV3": 1})
    assert found.by_type == Counter({"production": 2, "security": 1})
    assert found.near_misses == 1


def test_median_and_mean_are_of_what_is_known_and_none_is_never_zero() -> None:
    found = review(Q4, [case(detect=1), case(detect=3), case(detect=20), case()])
    assert found.time_to_detect == Lengths(3, timedelta(minutes=3), timedelta(minutes=8))
    assert found.time_to_resolve == Lengths(0, None, None)


def test_draft_is_in_time_within_48_hours_of_the_resolution() -> None:
    found = review(
        Q4, [case(resolved=True, drafted_after=48), case(resolved=True, drafted_after=49), case(resolved=True), case()]
    )
    assert (found.resolved, found.drafted_in_time) == (3, 1)


def test_empty_quarter_has_no_figures() -> None:
    found = review(Q4, [])
    assert found.total == 0
    assert found.time_to_detect.middle is None
