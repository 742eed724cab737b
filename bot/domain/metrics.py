"""The four times of an incident. A missing milestone gives None, never zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.milestones import Milestone


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths between milestones, defined in the glossary; None where either end is unknown."""

    time_to_detect: timedelta | None
    time_to_acknowledge: timedelta | None
    time_to_mitigate: timedelta | None
    time_to_resolve: timedelta | None


def metrics(known: Mapping[Milestone, datetime]) -> Metrics:
    """Compute the metrics from the known milestones.

    A length that would be negative by the minute's tolerance between clocks counts as zero.
    """

    def between(first: Milestone, last: Milestone) -> timedelta | None:
        if first not in known or last not in known:
            return None
        return max(known[last] - known[first], timedelta(0))

    return Metrics(
        time_to_detect=between(Milestone.STARTED, Milestone.DETECTED),
        time_to_acknowledge=between(Milestone.DETECTED, Milestone.ACKNOWLEDGED),
        time_to_mitigate=between(Milestone.STARTED, Milestone.MITIGATED),
        time_to_resolve=between(Milestone.STARTED, Milestone.RESOLVED),
    )
