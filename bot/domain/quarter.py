"""A quarter in figures: how many incidents of what kind, how long they took, what became of the actions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median

from bot.domain.actions import ActionStatus
from bot.domain.archive import WRITTEN_WITHIN
from bot.domain.incident import Incident, Kind, Status
from bot.domain.metrics import Metrics

_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the calendar, in UTC. `number` is 1 to 4."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As people write it: `2026Q3`."""
        return f"{self.year}Q{self.number}"

    @property
    def begins(self) -> datetime:
        """The first moment of it."""
        return datetime(self.year, _MONTHS * (self.number - 1) + 1, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        year, number = (self.year, self.number + 1) if self.number < 4 else (self.year + 1, 1)  # noqa: PLR2004 - a year has four
        return Quarter(year, number).begins


def quarter_of(at: datetime) -> Quarter:
    """Return the quarter that a moment lies in."""
    return Quarter(at.astimezone(UTC).year, (at.astimezone(UTC).month - 1) // _MONTHS + 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One incident as the figures need it. `first_draft_at` and `resolved_at` are UTC, None for none."""

    incident: Incident
    metrics: Metrics
    resolved_at: datetime | None
    first_draft_at: datetime | None
    actions: tuple[ActionStatus, ...]


@dataclass(frozen=True, slots=True)
class Lengths:
    """One of the four times over the incidents where it is known: how many those are, their median and mean."""

    count: int
    middle: timedelta | None
    mean: timedelta | None


@dataclass(frozen=True, slots=True)
class Review:
    """The figures of one quarter. Drills and cancelled incidents are left out of all but their own count."""

    quarter: Quarter
    total: int
    drills: int
    cancelled: int
    near_misses: int
    by_severity: Counter[str]
    by_type: Counter[str]
    time_to_detect: Lengths
    time_to_acknowledge: Lengths
    time_to_mitigate: Lengths
    time_to_resolve: Lengths
    resolved: int
    drafted_in_time: int
    actions: Counter[ActionStatus]


def review(quarter: Quarter, cases: Sequence[Case]) -> Review:
    """Return the figures of the incidents that were declared in the quarter."""
    declared = [case for case in cases if quarter.begins <= case.incident.declared_at < quarter.ends]
    cancelled = [case for case in declared if case.incident.status is Status.CANCELLED]
    drills = [case for case in declared if case.incident.kind is Kind.DRILL and case not in cancelled]
    counted = [case for case in declared if case not in cancelled and case not in drills]
    resolved = [case for case in counted if case.resolved_at is not None]
    return Review(
        quarter=quarter,
        total=len(counted),
        drills=len(drills),
        cancelled=len(cancelled),
        near_misses=sum(case.incident.kind is Kind.NEAR_MISS for case in counted),
        by_severity=Counter(case.incident.severity.label for case in counted),
        by_type=Counter(case.incident.type.value for case in counted),
        time_to_detect=_lengths(case.metrics.time_to_detect for case in counted),
        time_to_acknowledge=_lengths(case.metrics.time_to_acknowledge for case in counted),
        time_to_mitigate=_lengths(case.metrics.time_to_mitigate for case in counted),
        time_to_resolve=_lengths(case.metrics.time_to_resolve for case in counted),
        resolved=len(resolved),
        drafted_in_time=sum(_is_in_time(case) for case in resolved),
        actions=Counter(status for case in counted for status in case.actions),
    )


def _lengths(lengths: Iterable[timedelta | None]) -> Lengths:
    known = [length.total_seconds() for length in lengths if length is not None]
    if not known:
        return Lengths(0, None, None)
    return Lengths(len(known), timedelta(seconds=median(known)), timedelta(seconds=fmean(known)))


def _is_in_time(case: Case) -> bool:
    """Whether there was a draft two days after the resolution, the report's own measure."""
    if case.first_draft_at is None or case.resolved_at is None:
        return False
    return case.first_draft_at - case.resolved_at <= WRITTEN_WITHIN
