"""The executive summary, composed from facts alone: a sentence falls away where its fact is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.durations import in_words
from bot.domain.incident import Kind, Status
from bot.domain.milestones import Milestone, Stamp
from bot.domain.postmortem.model import Causes, CauseStatement, Figures, Statement, TimelineRow
from bot.domain.postmortem.sources import Sources
from bot.domain.postmortem.wording import clock, listed, moment
from bot.domain.postmortem.work import planned
from bot.domain.record import IncidentRecord
from bot.domain.text import counted, one_line, shortened
from bot.domain.timeline import Origin, Phase, note_of

_TEXT_LIMIT = 300
_SHOWN = 3
_NOUNS = {
    Kind.LIVE: "incident",
    Kind.RETRO: "incident, recorded afterwards",
    Kind.NEAR_MISS: "near miss",
    Kind.DRILL: "drill",
}
_STATES = {
    Status.INVESTIGATING: "it is still being investigated",
    Status.IDENTIFIED: "its cause is identified, and it is not mitigated yet",
    Status.MITIGATED: "it is not resolved yet",
}


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a summary is made of: the record, and what the sections have already made of it."""

    record: IncidentRecord
    stamps: Mapping[Milestone, Stamp]
    impact: Sequence[Statement]
    figures: Figures | None
    causes: Causes
    rows: Sequence[TimelineRow]
    sources: Sources

    @property
    def beginning(self) -> datetime:
        """The start, or the declaration where the start is not known; of an import its first message."""
        known = self.stamps.get(Milestone.STARTED) or self.stamps.get(Milestone.DECLARED)
        return known.at if known else self.record.incident.declared_at

    @property
    def is_over(self) -> bool:
        """Whether the response is over."""
        return self.record.incident.status.is_over


def summary(of: Ingredients) -> tuple[str, ...]:
    """Return the summary in paragraphs: what it was, whom it hit, why, and what was and will be done."""
    paragraphs = (
        (_what(of), _when(of), _reopened(of), _services(of), _found(of)),
        (_told("Impact", _impact(of)),),
        (
            _told("What set it off", _texts(of.causes.triggers[-1:])),
            _told("Root cause" if len(of.causes.roots) == 1 else "Root causes", _texts(of.causes.roots)),
        ),
        (*_fixed(of), planned(of.record.actions)),
    )
    joined = (" ".join(filter(None, sentences)) for sentences in paragraphs)
    return tuple(paragraph for paragraph in joined if paragraph)


def _what(of: Ingredients) -> str:
    incident = of.record.incident
    verb = "was" if of.is_over else "is"
    vendor = f" involving {one_line(of.sources.naming.text(incident.vendor))}" if incident.vendor else ""
    title = of.sources.naming.text(incident.title)
    return f"“{title}” {verb} a {incident.severity.label} {incident.type.value} {_NOUNS[incident.kind]}{vendor}."


def _when(of: Ingredients) -> str:
    started = of.stamps.get(Milestone.STARTED)
    # The first message of an imported channel need not speak of the incident.
    is_dated = bool(started) or Milestone.DECLARED in of.stamps
    began = "It started" if started else "It was declared" if is_dated else "What is recorded of it begins"
    also = " and" if is_dated else ", and it"
    opening = f"{began} on {_day(of.beginning)} at {clock(of.beginning)} UTC"
    status = of.record.incident.status
    resolved = of.stamps.get(Milestone.RESOLVED)
    if resolved:
        later = f", {in_words(max(resolved.at - of.beginning, timedelta(0)))} later" if started else ""
        return f"{opening}{also} was resolved {_at(resolved.at, of.beginning)}{later}."
    if status is Status.CANCELLED:
        return f"{opening}{also} was cancelled."
    if status in _STATES:
        return f"{opening}; {_STATES[status]}."
    return f"{opening}."


def _reopened(of: Ingredients) -> str:
    times = sum(change.is_reopening for change in of.record.status_changes)
    return f"It was reopened {'once' if times == 1 else counted(times, 'time')}." if times else ""


def _services(of: Ingredients) -> str:
    services = of.record.incident.services
    if not services:
        return ""
    noun = "service" if len(services) == 1 else "services"
    names = listed([one_line(of.sources.naming.text(service)) for service in services])
    if of.record.incident.kind in (Kind.NEAR_MISS, Kind.DRILL):
        return f"It concerned the {noun} {names}."
    verb = "was" if len(services) == 1 else "were"
    return f"The {noun} {names} {verb} affected."


def _found(of: Ingredients) -> str:
    stamp = of.stamps.get(Milestone.DETECTED)
    if not stamp:
        return ""
    message = of.sources.messages.get(stamp.message_ts or "")
    how = f" through a message by {of.sources.author(message)}" if message else ""
    after = _later(stamp.at, of.stamps[Milestone.STARTED].at) if Milestone.STARTED in of.stamps else ""
    return f"It was detected {_at(stamp.at, of.beginning)}{after}{',' if after and how else ''}{how}."


def _fixed(of: Ingredients) -> Iterator[str]:
    mitigated = of.stamps.get(Milestone.MITIGATED)
    if mitigated:
        after = _later(mitigated.at, of.beginning) if Milestone.STARTED in of.stamps else ""
        yield f"The impact was mitigated {_at(mitigated.at, of.beginning)}{after}."
    if not (mitigated or Milestone.RESOLVED in of.stamps):
        return
    notes = [note for milestone in (Milestone.MITIGATED, Milestone.RESOLVED) if (note := _note(milestone, of))]
    steps = [
        row.text for row in of.rows if row.text and row.phase is Phase.MITIGATION and row.origin is not Origin.MILESTONE
    ]
    yield _told("What fixed it", notes or steps[-1:])


def _note(milestone: Milestone, of: Ingredients) -> str:
    """Return what was noted when the status moved to this milestone."""
    stamp = of.stamps.get(milestone)
    return of.sources.naming.text(note_of(stamp, of.record.status_changes)).strip() if stamp else ""


def _impact(of: Ingredients) -> list[str]:
    """Return the impact in words, or its figures where nothing else was said of it."""
    if of.impact or of.figures is None:
        return [statement.text for statement in of.impact]
    return ["; ".join(f"{fact.label}: {fact.value}" for fact in of.figures.facts)]


def _texts(causes: Sequence[CauseStatement]) -> list[str]:
    return [cause.text for cause in causes]


def _told(lead_in: str, texts: Sequence[str]) -> str:
    """Return what people stated, after its lead-in; of many statements only the first ones."""
    if not texts:
        return ""
    shown = [_sentence(text) for text in texts[:_SHOWN]]
    rest = len(texts) - len(shown)
    more = f" ({rest:,} more below.)" if rest else ""
    return f"{lead_in}: {' '.join(shown)}{more}"


def _sentence(text: str) -> str:
    line = shortened(one_line(text), _TEXT_LIMIT)
    if line.split(" ")[0].isalpha():
        line = line[0].upper() + line[1:]
    return line if line.endswith((".", "!", "?", "…", "”")) else f"{line}."


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _at(at: datetime, known: datetime) -> str:
    """Return `at 14:05 UTC`, with the date when it is another day than the one already named."""
    return f"at {clock(at)} UTC" if _day(at) == _day(known) else f"on {moment(at).replace(' ', ' at ')} UTC"


def _later(at: datetime, beginning: datetime) -> str:
    length = at - beginning
    if length < timedelta(minutes=1):
        return ", within a minute of the start"
    return f", {in_words(length)} after it started"
