"""The head of the report: what the incident was, its milestones and how long things took."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.durations import in_words
from bot.domain.incident import Kind, Role, Status, StatusChange
from bot.domain.metrics import Metrics
from bot.domain.milestones import Milestone, Stamp
from bot.domain.naming import Naming
from bot.domain.postmortem.chronicle import MILESTONE_LABELS
from bot.domain.postmortem.model import Evidence, Fact, Gap, Measure, MilestoneRow
from bot.domain.postmortem.sources import Sources
from bot.domain.postmortem.wording import moment
from bot.domain.record import IncidentRecord
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.text import counted

UNKNOWN = "unknown"
_NOT_YET = "not yet"
_NATURES = {
    Kind.NEAR_MISS: "This was a near miss: harm was avoided, so no impact figures are owed.",
    Kind.DRILL: "This was a drill: nobody outside was affected, and it is left out of the statistics.",
    Kind.RETRO: "This incident was recorded afterwards, not while it happened.",
}
# What has to be there, by the latest, once the response has come this far.
_COMES_WITH = {
    Milestone.IDENTIFIED: (Status.IDENTIFIED, Status.MITIGATED, Status.RESOLVED, Status.CLOSED),
    Milestone.MITIGATED: (Status.MITIGATED, Status.RESOLVED, Status.CLOSED),
    Milestone.RESOLVED: (Status.RESOLVED, Status.CLOSED),
}
_SPANS = (
    ("Time to detect", "time_to_detect", Milestone.STARTED, Milestone.DETECTED),
    ("Time to acknowledge", "time_to_acknowledge", Milestone.DETECTED, Milestone.ACKNOWLEDGED),
    ("Time to mitigate", "time_to_mitigate", Milestone.STARTED, Milestone.MITIGATED),
    ("Time to resolve", "time_to_resolve", Milestone.STARTED, Milestone.RESOLVED),
)
_NOUNS = {
    Milestone.STARTED: "start",
    Milestone.DETECTED: "detection",
    Milestone.DECLARED: "declaration",
    Milestone.ACKNOWLEDGED: "acknowledgement",
    Milestone.IDENTIFIED: "identification",
    Milestone.MITIGATED: "mitigation",
    Milestone.RESOLVED: "resolution",
}


def kind_words(kind: Kind) -> tuple[str, ...]:
    """Return the word for a kind that is not a live incident, to stand in a list of other facts."""
    return () if kind is Kind.LIVE else (kind.words,)


def known_stamps(record: IncidentRecord) -> dict[Milestone, Stamp]:
    """Return the stamp of each known milestone. The declaration is always known."""
    incident = record.incident
    declared = Stamp(Milestone.DECLARED, incident.declared_at, incident.reporter_id, incident.declared_at)
    return {stamp.milestone: stamp for stamp in (declared, *record.material.stamps)}


def is_owed(milestone: Milestone, status: Status) -> bool:
    """Whether the report should know this milestone, the response having come as far as `status`."""
    return status in _COMES_WITH.get(milestone, tuple(Status))


def milestone_rows(stamps: Mapping[Milestone, Stamp], status: Status, sources: Sources) -> tuple[MilestoneRow, ...]:
    """Return every milestone in the usual order; those that are missing say unknown, or not yet."""
    return tuple(
        MilestoneRow(
            milestone=milestone,
            label=MILESTONE_LABELS[milestone],
            time=moment(stamps[milestone].at) if milestone in stamps else _missing(milestone, status),
            at=stamps[milestone].at if milestone in stamps else None,
            evidence=_evidence(stamps[milestone], sources) if milestone in stamps else None,
        )
        for milestone in Milestone
    )


def measures(lengths: Metrics, stamps: Mapping[Milestone, Stamp], status: Status) -> tuple[Measure, ...]:
    """Return the metrics in words; one with a missing end is unknown and says which end is missing."""
    return tuple(
        _measure(label, getattr(lengths, field), first, last, stamps, status) for label, field, first, last in _SPANS
    )


def reopenings(changes: Sequence[StatusChange]) -> tuple[str, ...]:
    """Return one sentence for each time the incident was reopened, keeping the interval before it."""
    sentences = []
    resolved: datetime | None = None
    for change in changes:
        if change.status is Status.RESOLVED:
            resolved = change.at
        if change.is_reopening:
            sentences.append(f"It was reopened at {moment(change.at)} UTC{_since(resolved, change.at)}.")
    return tuple(sentences)


def notices(record: IncidentRecord, naming: Naming) -> tuple[str, ...]:
    """Return what a reader has to know before anything else: a drill, a near miss, a cancelled incident."""
    found = [_NATURES[record.incident.kind]] if record.incident.kind in _NATURES else []
    cancelled = [change for change in record.status_changes if change.status is Status.CANCELLED]
    if record.incident.status is Status.CANCELLED and cancelled:
        reason = naming.text(cancelled[-1].note).strip()
        found.append(f"The incident was cancelled at {moment(cancelled[-1].at)} UTC{f': {reason}' if reason else '.'}")
    if record.incident.is_private:
        found.append("This incident is private: share the report with those who are in it only.")
    return tuple(found)


def facts(record: IncidentRecord, naming: Naming) -> tuple[Fact, ...]:
    """Return what the incident was, as labelled values; what is not known is left out."""
    incident = record.incident
    values = (
        ("Id", incident.incident_id),
        ("Kind", incident.kind.words),
        ("Type", incident.type.value),
        ("Severity", incident.severity.label),
        ("Status", incident.status.value),
        ("Services", ", ".join(incident.services)),
        ("Vendor", incident.vendor),
        ("Team", incident.owning_team),
        ("Channel", f"#{incident.channel_name}" if incident.channel_name else None),
    )
    return tuple(Fact(label, naming.text(value)) for label, value in values if value)


def about(
    record: IncidentRecord, naming: Naming, *, revision: int, now: datetime, gaps: Sequence[Gap]
) -> tuple[Fact, ...]:
    """Return the report's own state, authors, owner and date."""
    authors = ", ".join(naming.name(user_id) for user_id in authors_of(record))
    owner = record.holder(Role.OWNER)
    return (
        Fact("Report", f"draft, revision {revision}"),
        Fact("Incident", record.incident.status.value),
        Fact("Authors", authors or "nobody yet"),
        Fact("Owner", naming.name(owner) if owner else "nobody yet"),
        Fact("Date", f"{moment(now)} UTC"),
        Fact("Still missing", counted(len(gaps), "gap") if gaps else "nothing"),
    )


def authors_of(record: IncidentRecord) -> tuple[str, ...]:
    """Return who wrote the report: its owner, then those who entered its statements, in order of time."""
    owner = record.holder(Role.OWNER)
    stated: list[Impact | Cause | Why | Lesson] = [*record.impacts, *record.causes, *record.whys, *record.lessons]
    stated.sort(key=lambda each: each.said_at)
    return tuple(dict.fromkeys([*([owner] if owner else []), *(each.by for each in stated)]))


def _missing(milestone: Milestone, status: Status) -> str:
    return UNKNOWN if is_owed(milestone, status) else _NOT_YET


def _evidence(stamp: Stamp, sources: Sources) -> Evidence:
    message = sources.messages.get(stamp.message_ts or "")
    if message:
        return sources.message(message, stamp.at)
    return sources.elsewhere(stamp.link, stamp.by) or sources.entered(stamp.by, stamp.said_at, stamp.at)


def _since(resolved: datetime | None, reopened: datetime) -> str:
    if resolved is None:
        return ""
    length = in_words(max(reopened - resolved, timedelta(0)))
    return f", {length} after it had been resolved at {moment(resolved)} UTC"


def _measure(
    label: str,
    length: timedelta | None,
    first: Milestone,
    last: Milestone,
    stamps: Mapping[Milestone, Stamp],
    status: Status,
) -> Measure:
    if length is not None:
        return Measure(label, in_words(length), f"from {_NOUNS[first]} to {_NOUNS[last]}")
    missing = [milestone for milestone in (first, last) if milestone not in stamps]
    owed = [_NOUNS[milestone] for milestone in missing if is_owed(milestone, status)]
    words = [f"no {' and no '.join(owed)} recorded"] if owed else []
    words += [f"not {milestone.value} yet" for milestone in missing if not is_owed(milestone, status)]
    return Measure(label, UNKNOWN, ", ".join(words))
