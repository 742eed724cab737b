"""The head of the report: what the incident was, its milestones and how long things took."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.durations import in_words
from bot.domain.incident import Kind, Role, Status, StatusChange
from bot.domain.metrics import Metrics
from bot.domain.milestones import Milestone, Stamp
from bot.domain.naming import Naming
from bot.domain.postmortem.chronicle import MILESTONE_LABELS
from bot.domain.postmortem.model import Evidence, Fact, Gap, Measure, MilestoneRow, ProposedRow
from bot.domain.postmortem.sources import Sources
from bot.domain.postmortem.wording import moment
from bot.domain.record import IncidentRecord
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.suggestions import ProposedMilestone
from bot.domain.text import counted, one_line, shortened

UNKNOWN = "unknown"
_EXCERPT_LIMIT = 200
_NOT_YET = "not yet"
_NATURES = {
    Kind.NEAR_MISS: "This was a near miss: harm was avoided, so no impact figures are owed.",
    Kind.DRILL: "This was a drill: nobody outside was affected, and it is left out of the statistics.",
    Kind.RETRO: "This incident was recorded afterwards, not while it happened.",
}
_TAKEN_IN = "This incident was taken in from an export of Slack: nobody led or recorded it with this program."
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
    """Return the stamp of each known milestone. The declaration is always known, but nobody declared an import."""
    incident = record.incident
    declared = Stamp(Milestone.DECLARED, incident.declared_at, incident.reporter_id, incident.declared_at)
    own = () if incident.is_imported else (declared,)
    return {stamp.milestone: stamp for stamp in (*own, *record.material.stamps)}


def is_owed(milestone: Milestone, status: Status) -> bool:
    """Whether the report should know this milestone, the response having come as far as `status`."""
    return status in _COMES_WITH.get(milestone, tuple(Status))


def milestone_rows(
    stamps: Mapping[Milestone, Stamp], proposed: Iterable[ProposedRow], status: Status, sources: Sources
) -> tuple[MilestoneRow, ...]:
    """Return every milestone in the usual order; those that are missing say so, and what is proposed for them."""
    open_ones = {row.milestone: row for row in proposed}
    return tuple(
        _known(milestone, stamps[milestone], sources)
        if milestone in stamps
        else _open(milestone, open_ones.get(milestone), status)
        for milestone in Milestone
        # What nobody declared is not still to be declared.
        if milestone in stamps or milestone is not Milestone.DECLARED
    )


def proposed_rows(proposed: Iterable[ProposedMilestone], sources: Sources) -> tuple[ProposedRow, ...]:
    """Return the milestones that are proposed, each with the message that it stands on."""
    return tuple(
        ProposedRow(
            milestone=one.milestone,
            at=one.at,
            excerpt=shortened(one_line(sources.naming.text(one.message.text)), _EXCERPT_LIMIT),
            reason=one.reason,
            evidence=sources.message(one.message, one.at),
        )
        for one in proposed
    )


def _known(milestone: Milestone, stamp: Stamp, sources: Sources) -> MilestoneRow:
    return MilestoneRow(
        milestone, MILESTONE_LABELS[milestone], moment(stamp.at), stamp.at, evidence=_evidence(stamp, sources)
    )


def _open(milestone: Milestone, proposed: ProposedRow | None, status: Status) -> MilestoneRow:
    missing = _missing(milestone, status)
    time = f"{missing}; proposed: {moment(proposed.at)}" if proposed else missing
    evidence = proposed.evidence if proposed else None
    return MilestoneRow(milestone, MILESTONE_LABELS[milestone], time, None, evidence=evidence)


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
    if record.incident.is_imported:
        found = [_TAKEN_IN]
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
    own = [incident, *(part.incident for part in record.material.parts if part.incident.row_id == incident.row_id)]
    channels = [f"#{one.channel_name}" for one in own if one.channel_name]
    values = (
        ("Id", incident.incident_id),
        ("Kind", incident.kind.words),
        ("Type", incident.type.value),
        ("Severity", incident.severity.label),
        ("Status", incident.status.value),
        ("Services", ", ".join(incident.services)),
        ("Vendor", incident.vendor),
        ("Team", incident.owning_team),
        ("Channels" if len(channels) > 1 else "Channel", ", ".join(channels)),
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
