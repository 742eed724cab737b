"""When capture may have been lost, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incident import Incident
from bot.domain.record import CaptureGap

# What is said in an incident's own channel is recorded as long as it is there. But a stretch in which it was not is
# noted for this long after the last move of the status: later talk is rarely about the incident.
NOTED_AFTER_END = timedelta(weeks=1)


class GapCause(StrEnum):
    """Why events may not have come in; `words` say it to people."""

    NOT_RUNNING = "not-running"
    DISCONNECTED = "disconnected"
    SILENT = "silent"
    NOT_DELIVERED = "not-delivered"
    NOT_IN_CHANNEL = "not-in-channel"
    MOVED = "moved"

    @property
    def words(self) -> str:
        """Return the cause as half a sentence."""
        return _WORDS[self]


_WORDS = {
    GapCause.NOT_RUNNING: "the program was not running",
    GapCause.DISCONNECTED: "the connection to Slack was down",
    GapCause.SILENT: "the connection to Slack was silent",
    GapCause.NOT_DELIVERED: "Slack did not deliver it",
    GapCause.NOT_IN_CHANNEL: "the program was not in the channel",
    GapCause.MOVED: "Slack gave the channel another id",
}


def stretch(incident: Incident, from_at: datetime, to_at: datetime) -> tuple[datetime, datetime] | None:
    """Return the part of a stretch (UTC) in which the incident's channel was to be recorded, None where none was."""
    begins = max(from_at, incident.capture_from or incident.declared_at)
    ends = min(to_at, incident.capture_until) if incident.capture_until else to_at
    return (begins, ends) if begins < ends else None


def joined_gaps(gaps: Iterable[CaptureGap]) -> tuple[CaptureGap, ...]:
    """Return the stretches of several channels in order of time, one that they have in common once."""
    same: dict[tuple[datetime, datetime | None, str], list[CaptureGap]] = defaultdict(list)
    for gap in gaps:
        same[gap.from_at, gap.to_at, gap.cause].append(gap)
    joined = [
        replace(each[0], recovered=sum(gap.recovered for gap in each), changed=sum(gap.changed for gap in each))
        for each in same.values()
    ]
    return tuple(sorted(joined, key=lambda gap: (gap.from_at, gap.cause)))
