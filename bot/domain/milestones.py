"""Milestones: the moments that the metrics are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import UserError
from bot.domain.incident import Status

_SLACK_OF_CLOCKS = timedelta(minutes=1)


class Milestone(StrEnum):
    """The moments of the glossary, in the order in which they usually come."""

    STARTED = "started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"

    @property
    def field(self) -> str:
        """The name in the report's JSON: `started_at` and so on."""
        return f"{self.value}_at"


SETTABLE = tuple(milestone for milestone in Milestone if milestone is not Milestone.DECLARED)
OF_STATUS = {
    Status.IDENTIFIED: Milestone.IDENTIFIED,
    Status.MITIGATED: Milestone.MITIGATED,
    Status.RESOLVED: Milestone.RESOLVED,
}
# What is no longer known once an incident is taken up again.
REOPENED = (Milestone.MITIGATED, Milestone.RESOLVED)
# What can't come before what. Acknowledging, identifying and declaring may come in any order.
_ORDER = (
    (Milestone.STARTED, Milestone.DETECTED),
    (Milestone.DETECTED, Milestone.ACKNOWLEDGED),
    (Milestone.STARTED, Milestone.MITIGATED),
    (Milestone.STARTED, Milestone.IDENTIFIED),
    (Milestone.MITIGATED, Milestone.RESOLVED),
    (Milestone.STARTED, Milestone.RESOLVED),
    (Milestone.STARTED, Milestone.ACKNOWLEDGED),
    (Milestone.DETECTED, Milestone.RESOLVED),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A known milestone: when it was (UTC), who entered it and when, and what it stands on.

    `message_ts` names the channel's message it was taken from, if any; `link` is the address of one elsewhere.
    """

    milestone: Milestone
    at: datetime
    by: str
    said_at: datetime
    message_ts: str | None = None
    link: str | None = None


def by_name(stamps: Iterable[Stamp]) -> dict[Milestone, datetime]:
    """Return the time of each known milestone."""
    return {stamp.milestone: stamp.at for stamp in stamps}


def is_in_order(known: dict[Milestone, datetime], changed: Milestone, at: datetime) -> bool:
    """Whether `changed` at `at` contradicts no other known milestone; clocks may differ by a minute."""
    times = known | {changed: at}
    pairs = [pair for pair in _ORDER if changed in pair and all(one in times for one in pair)]
    return all(times[earlier] <= times[later] + _SLACK_OF_CLOCKS for earlier, later in pairs)


def check_order(
    known: dict[Milestone, datetime], changed: Milestone, at: datetime, *, now: datetime, command: str
) -> None:
    """Raise UserError when `changed` at `at` would contradict another known milestone, or lie in the future.

    A minute of tolerance covers the difference between clocks. `command` is the command's name, for the advice.
    """
    if at > now + _SLACK_OF_CLOCKS:
        raise UserError(f"That is in the future: {at:%Y-%m-%d %H:%M} UTC. Name a time that has passed.")
    times = known | {changed: at}
    for earlier, later in _ORDER:
        if changed not in (earlier, later) or earlier not in times or later not in times:
            continue
        if times[earlier] > times[later] + _SLACK_OF_CLOCKS:
            other = earlier if changed is later else later
            relation = "after" if changed is earlier else "before"
            raise UserError(
                f"“{changed.value}” at {at:%Y-%m-%d %H:%M} UTC would come {relation} “{other.value}” at "
                f"{times[other]:%Y-%m-%d %H:%M} UTC. Correct that one first, for example",
                right=f"{command} set {other.value} {at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
            )
