"""One outage that was declared twice: which incident may become part of another, and what that one learns from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.incident import Incident, IncidentType, Kind, Status
from bot.domain.milestones import Milestone, Stamp, by_name, is_in_order

# Known only once the whole has come so far: that a part of it was over says nothing of the rest.
_COMES_WITH = {
    Milestone.MITIGATED: (Status.MITIGATED, Status.RESOLVED, Status.CLOSED),
    Milestone.RESOLVED: (Status.RESOLVED, Status.CLOSED),
}
# The beginning of the whole is the beginning of its first part.
_FIRST_COUNTS = (Milestone.STARTED, Milestone.DETECTED, Milestone.ACKNOWLEDGED)
# What the whole takes over where it does not know it.
_TAKEN_OVER = ("vendor", "owning_team", "postmortem_due", "meeting_at")


@dataclass(frozen=True, slots=True)
class Pair:
    """An incident that is to become part of another. `is_published` says that its postmortem is."""

    part: Incident
    whole: Incident
    is_published: bool


def check(pair: Pair, command: str) -> None:
    """Raise UserError when the one can't become part of the other, with what can be done. `command` is its name."""
    part, whole = pair.part.incident_id, pair.whole.incident_id
    _check_kinds(pair, command)
    for one in (pair.part, pair.whole):
        if one.status is Status.CANCELLED:
            raise UserError(
                f"{one.incident_id} is cancelled: it was no incident. To take it up again first",
                right=f"{command} {one.incident_id} reopen",
            )
    if pair.is_published:
        raise UserError(
            f"The postmortem of {part} is published, so it stays as it is. To let each point to the other",
            right=f"{command} {part} link {whole}",
        )
    if pair.whole.status is Status.CLOSED:
        raise UserError(
            f"{whole} is closed, so nothing becomes part of it. To take it up again first",
            right=f"{command} {whole} reopen",
        )
    if pair.whole.status.is_over and not pair.part.status.is_over:
        raise UserError(
            f"{part} is still {pair.part.status.value} and {whole} is {pair.whole.status.value}. The other way round",
            right=f"{command} {whole} merge {part}",
        )


def _check_kinds(pair: Pair, command: str) -> None:
    """Raise UserError for two that are too different: what was said in one would be told as if it were the other's."""
    part, whole = pair.part, pair.whole
    instead = f"{command} {part.incident_id} link {whole.incident_id}"
    if part.is_private is not whole.is_private:
        hidden, seen = (part, whole) if part.is_private else (whole, part)
        what = "everybody could read what was said among few" if part.is_private else "most could see it no longer"
        raise UserError(
            f"{hidden.incident_id} is private and {seen.incident_id} is not: merged, {what}. "
            "To let each point to the other",
            right=instead,
        )
    if (part.kind is Kind.DRILL) is not (whole.kind is Kind.DRILL):
        drill, real = (part, whole) if part.kind is Kind.DRILL else (whole, part)
        raise UserError(
            f"{drill.incident_id} is a drill and {real.incident_id} is not, so they are no one outage. "
            "To let each point to the other",
            right=instead,
        )
    if part.type is IncidentType.SECURITY and whole.type is not IncidentType.SECURITY:
        raise UserError(
            f"{part.incident_id} is a security incident, so the whole would be one. To make it one first",
            right=f"{command} {whole.incident_id} type security",
        )


def whole_name(whole: Incident) -> str:
    """Return what to call the whole where people read it who need not see it: those of what became part of it."""
    return "another private incident" if whole.is_private else whole.incident_id


def taken_over(part: Incident, whole: Incident) -> dict[str, Any]:
    """Return the columns of the whole that change: the services of both, and what only the part knows."""
    services = tuple(dict.fromkeys([*whole.services, *part.services]))
    found: dict[str, Any] = {"services": list(services)} if services != whole.services else {}
    for name in _TAKEN_OVER:
        if getattr(whole, name) is None and getattr(part, name) is not None:
            found[name] = getattr(part, name)
    return found


def learned(of_part: Iterable[Stamp], known: Mapping[Milestone, Stamp], status: Status) -> tuple[Stamp, ...]:
    """Return the milestones of the part that the whole does not know and that fit among those it knows.

    `status` is that of the whole.
    """
    times = by_name(known.values())
    found = []
    for stamp in of_part:
        milestone = stamp.milestone
        has_come = status in _COMES_WITH.get(milestone, tuple(Status))
        if milestone not in known and has_come and is_in_order(times, milestone, stamp.at):
            times[milestone] = stamp.at
            found.append(stamp)
    return tuple(found)


def earlier(of_part: Iterable[Stamp], known: Mapping[Milestone, Stamp]) -> tuple[Stamp, ...]:
    """Return the milestones of the part that came before the same ones of the whole, where the first one counts."""
    return tuple(
        stamp
        for stamp in of_part
        if stamp.milestone in _FIRST_COUNTS
        and stamp.milestone in known
        and stamp.at < known[stamp.milestone].at
        and is_in_order(by_name(known.values()), stamp.milestone, stamp.at)
    )
