"""The report's timeline: entries with their sources, by UTC day, and the accounts told from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.domain.messages import ME_MESSAGE
from bot.domain.milestones import Milestone
from bot.domain.postmortem.model import Evidence, TimelineDay, TimelineRow
from bot.domain.postmortem.sources import Sources
from bot.domain.postmortem.wording import clock
from bot.domain.text import shortened
from bot.domain.timeline import MILESTONE_TEXTS, Entry, Material, Phase

EXCERPT_LIMIT = 600
KEY_DECISION = "key decision"
SUGGESTED = "suggested"
_WORDLESS = "A message without text"
_FILES_ALONE = "Shared without words"
_ONE_MOMENT = timedelta(minutes=1)
MILESTONE_LABELS = {
    Milestone.STARTED: "Started",
    Milestone.DETECTED: "Detected",
    Milestone.DECLARED: "Declared",
    Milestone.ACKNOWLEDGED: "Acknowledged",
    Milestone.IDENTIFIED: "Cause identified",
    Milestone.MITIGATED: "Mitigated",
    Milestone.RESOLVED: "Resolved",
}
# Not strftime's: its names follow the locale of the machine.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class _Standing:
    """An entry, and the milestones that its message stands for."""

    entry: Entry
    joined: tuple[Entry, ...] = ()


def timeline_rows(entries: Sequence[Entry], material: Material, sources: Sources) -> tuple[TimelineRow, ...]:
    """Return the entries as rows, in order; a message that is an entry and a milestone stands once."""
    said = _said(material)
    return tuple(_row(standing, said, sources) for standing in _once(entries))


def days(rows: Iterable[TimelineRow]) -> tuple[TimelineDay, ...]:
    """Return the rows by UTC day."""
    return tuple(
        TimelineDay(day, f"{_WEEKDAYS[day.weekday()]}, {day:%Y-%m-%d}", tuple(of_day))
        for day, of_day in groupby(rows, key=lambda row: row.at.date())
    )


def of_phases(rows: Iterable[TimelineRow], phases: Collection[Phase]) -> tuple[TimelineRow, ...]:
    """Return the rows that tell of one of the phases."""
    return tuple(row for row in rows if row.phase in phases)


def _said(material: Material) -> dict[str, datetime]:
    """Return when each entry that stands on no message was entered, by the entry's reference."""
    said = {f"n{note.note_id}": note.said_at for note in material.notes}
    said |= {f"s{index}": change.said_at for index, change in enumerate(material.status_changes)}
    said |= {stamp.milestone.value: stamp.said_at for stamp in material.stamps}
    for part in material.parts:
        of_part = _said(part.material)
        said |= {f"{part.incident.incident_id}.{reference}": moment for reference, moment in of_part.items()}
    return said


def _once(entries: Sequence[Entry]) -> tuple[_Standing, ...]:
    """Join each milestone to the entry of its message when both are of one moment.

    A milestone at another time than its message, or with words of its own, stays a fact of its own.
    """
    # Only what was said in the incident's own channel: milestones name no other.
    of_message = {entry.message_ts: entry for entry in entries if entry.reference == f"m{entry.message_ts}"}
    joined: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        message = of_message.get(entry.message_ts or "")
        if message and _only_repeats(entry, message):
            joined[message.reference].append(entry)
    absorbed = {entry.reference for milestones in joined.values() for entry in milestones}
    return tuple(
        _Standing(entry, tuple(joined.get(entry.reference, ()))) for entry in entries if entry.reference not in absorbed
    )


def _only_repeats(milestone: Entry, message: Entry) -> bool:
    is_bare = milestone.milestone is not None and milestone.text == MILESTONE_TEXTS[milestone.milestone]
    return is_bare and abs(milestone.at - message.at) < _ONE_MOMENT


def _row(standing: _Standing, said: Mapping[str, datetime], sources: Sources) -> TimelineRow:
    entry = standing.entry
    text = _told(entry, sources)
    files = tuple(replace(file, name=sources.naming.text(file.name)) for file in entry.files)
    excerpt = shortened(text, EXCERPT_LIMIT)
    reached = {joined.milestone for joined in standing.joined}
    marks = [label.lower() for milestone, label in MILESTONE_LABELS.items() if milestone in reached]
    marks += [KEY_DECISION] if entry.is_key else []
    marks += [SUGGESTED] if entry.is_suggested else []
    phase = next((each.phase for each in (entry, *standing.joined) if each.phase), None)
    evidence = _evidence(entry, said, sources)
    if entry.reason:
        evidence = replace(evidence, note=f"{evidence.note}; {entry.reason}")
    return TimelineRow(
        at=entry.at.astimezone(UTC),
        time=clock(entry.at),
        text=text,
        excerpt=excerpt or (_FILES_ALONE if files else _WORDLESS),
        is_clipped=excerpt != text,
        phase=phase,
        origin=entry.origin,
        is_key=entry.is_key,
        is_suggested=entry.is_suggested,
        reason=entry.reason,
        mark=", ".join(marks).capitalize(),
        author_role=sources.naming.role(entry.author_id, entry.author_name),
        permalink=evidence.source.url,
        evidence=evidence,
        files=files,
        channel=sources.channels.get(entry.channel_id or ""),
    )


def _told(entry: Entry, sources: Sources) -> str:
    text = sources.naming.text(entry.text).strip()
    message = sources.of_entry(entry)
    if message is None or message.kind != ME_MESSAGE or entry.text != message.text:
        return text
    # What is said with /me says what its author does, and needs them before it.
    author = sources.author(message)
    return f"{author[0].upper()}{author[1:]} {text}"


def _evidence(entry: Entry, said: Mapping[str, datetime], sources: Sources) -> Evidence:
    message = sources.of_entry(entry)
    if message:
        return sources.message(message, entry.at)
    if evidence := sources.elsewhere(entry.link, entry.author_id):
        return evidence
    # A milestone whose message was taken back stands on the word of whoever entered it.
    return sources.entered(entry.author_id, said.get(entry.reference, entry.at), entry.at)
