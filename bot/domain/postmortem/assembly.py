"""Assembles the report of an incident from its record. Everything is decided here; templates only set it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident
from bot.domain.metrics import metrics
from bot.domain.milestones import by_name
from bot.domain.naming import Naming, naming
from bot.domain.postmortem import captured, chronicle, details, work
from bot.domain.postmortem.causes import causes
from bot.domain.postmortem.gaps import Asking, Commands, commands_about, gaps
from bot.domain.postmortem.impact import figures, impact_statements
from bot.domain.postmortem.model import (
    Account,
    CommunicationRow,
    Lessons,
    Measure,
    Postmortem,
    RelatedRow,
    Statement,
    Subject,
    TimelineRow,
)
from bot.domain.postmortem.sources import Sources
from bot.domain.postmortem.summary import Ingredients, summary
from bot.domain.postmortem.wording import moment
from bot.domain.record import Communication, IncidentRecord, Related
from bot.domain.statements import Cause, Impact, Lesson, LessonKind, Why
from bot.domain.suggesting import suggested_in_draft
from bot.domain.text import mentioned, one_line
from bot.domain.timeline import EmojiMap, Entry, Material, Phase, entries, in_order


def assemble(
    record: IncidentRecord,
    *,
    now: datetime,
    revision: int,
    emoji: EmojiMap,
    command: str = "/incident",
    postmortem_command: str = "/postmortem",
) -> Postmortem:
    """Return the report of `record` as of `now` (UTC), for the internal audience.

    `revision` counts the drafts from 1; `emoji` says which reactions make entries; the two commands are the
    names under which gaps offer them.
    """
    stamps = details.known_stamps(record)
    material = replace(record.material, stamps=tuple(stamps.values()))
    suggests = suggested_in_draft(material, emoji)
    found = in_order([*entries(material, emoji), *suggests.entries])
    names = _naming(record, found)
    sources = _sources(record, names)
    proposed = details.proposed_rows(suggests.milestones, sources)
    rows = chronicle.timeline_rows(found, material, sources)
    # What is only suggested is no fact yet.
    decided = tuple(row for row in rows if not row.is_suggested)
    told = causes(record.causes, record.whys, sources)
    impact = impact_statements(record.impacts, sources)
    measured_impact = figures(record.impacts, sources)
    status = record.incident.status
    lengths = metrics(by_name(stamps.values()))
    measured = details.measures(lengths, stamps, status)
    asking = Asking(record, stamps, {row.milestone: row.at for row in proposed}, len(suggests.entries))
    missing = gaps(asking, commands_about(record.incident, Commands(command, postmortem_command)), names)
    return Postmortem(
        incident=_subject(record, names),
        revision=revision,
        drafted_at=now,
        notices=details.notices(record, names),
        summary=summary(Ingredients(record, stamps, impact, measured_impact, told, decided, sources)),
        about=details.about(record, names, revision=revision, now=now, gaps=missing),
        facts=details.facts(record, names),
        milestones=details.milestone_rows(stamps, proposed, status, sources),
        proposed=proposed,
        measures=measured,
        metrics=lengths,
        reopenings=details.reopenings(record.status_changes),
        impact=impact,
        figures=measured_impact,
        timeline=chronicle.days(rows),
        causes=told,
        detection=_account(rows, (Phase.DETECTION,), measured[:2]),
        response=_account(rows, (Phase.INVESTIGATION, Phase.MITIGATION), measured[2:3]),
        resolution=_account(rows, (Phase.RESOLUTION, Phase.RECOVERY), measured[3:]),
        lessons=_lessons(record.lessons, sources),
        key_decisions=tuple(row for row in decided if row.is_key),
        actions=work.action_groups(record.actions, record.causes, sources),
        checklist=work.checklist(record.actions, record.causes),
        related=(*_parts(record.incident, material, names), *_related(record.related, names)),
        communications=_communications(record.communications, names),
        capture=record.capture,
        capture_statement=_capture_statement(record, sources, now),
        capture_gaps=captured.capture_gaps(record.capture),
        links=captured.links(record.incidents, told, record.workspace_url),
        gaps=missing,
    )


def _naming(record: IncidentRecord, found: Sequence[Entry]) -> Naming:
    incident = record.incident
    return naming(
        record.people,
        holders=record.roles,
        reporter_id=incident.reporter_id,
        appearing=_appearing(record, found),
        messages=[message for each in record.material.every for message in each.messages],
        not_names=(*incident.services, incident.vendor or "", incident.owning_team or ""),
    )


def _capture_statement(record: IncidentRecord, sources: Sources, now: datetime) -> tuple[str, ...]:
    """Return what was captured, and of each channel that was there before from when to when."""
    said = captured.capture_statement(record.capture, record.incidents, list(sources.channels.values()), now=now)
    return (*said, *(sentence for one in record.incidents for sentence in captured.window(one)))


def _sources(record: IncidentRecord, names: Naming) -> Sources:
    material = record.material
    channels = {one.channel_id: captured.channel_name(one) for one in record.incidents if one.channel_id}
    return Sources(
        names,
        {message.ts: message for message in material.messages},
        record.workspace_url,
        {(message.channel_id, message.ts): message for part in material.parts for message in part.material.messages},
        channels if len(channels) > 1 else {},
    )


def _appearing(record: IncidentRecord, found: Sequence[Entry]) -> Iterator[str]:
    """Yield the people of the report in the order in which they first appear: the timeline first, then statements."""
    for entry in found:
        yield from filter(None, (entry.author_id, *mentioned(entry.text)))
    stated: list[Impact | Cause | Why | Lesson | ActionItem] = [*record.impacts, *record.causes, *record.whys]
    stated += [*record.lessons, *record.actions]
    for statement in sorted(stated, key=lambda each: each.said_at):
        yield from (statement.by, *mentioned(statement.text))
    for communication in record.communications:
        yield from mentioned(communication.text)


def _subject(record: IncidentRecord, names: Naming) -> Subject:
    incident = record.incident
    return Subject(
        incident_id=incident.incident_id,
        title=one_line(names.text(incident.title)),
        kind=incident.kind,
        type=incident.type,
        severity=incident.severity,
        status=incident.status,
        services=tuple(names.text(service) for service in incident.services),
        vendor=names.text(incident.vendor) if incident.vendor else None,
    )


def _statements(stated: Iterable[Lesson], sources: Sources) -> tuple[Statement, ...]:
    return tuple(
        Statement(sources.naming.text(each.text), sources.entered(each.by, each.said_at))
        for each in sorted(stated, key=lambda each: each.said_at)
    )


def _lessons(lessons: Iterable[Lesson], sources: Sources) -> Lessons:
    by_kind = {
        kind.value: _statements([lesson for lesson in lessons if lesson.kind is kind], sources) for kind in LessonKind
    }
    return Lessons(**by_kind)


def _account(rows: Iterable[TimelineRow], phases: Sequence[Phase], measured: Iterable[Measure]) -> Account:
    sentences = tuple(f"{measure.label}: {measure.value} ({measure.basis})." for measure in measured)
    return Account(sentences, chronicle.of_phases(rows, phases))


def _parts(own: Incident, material: Material, names: Naming) -> tuple[RelatedRow, ...]:
    """Return the incidents that have become part of this one, whoever reads it."""
    return tuple(
        RelatedRow(
            one.incident_id,
            one_line(names.text(one.title)),
            ", ".join([one.severity.label, *details.kind_words(one.kind), "merged into this one"]),
        )
        for one in {part.incident.row_id: part.incident for part in material.parts}.values()
        # A further channel of an import is no incident of its own.
        if one.row_id != own.row_id
    )


def _related(linked: Iterable[Related], names: Naming) -> tuple[RelatedRow, ...]:
    return tuple(
        RelatedRow(
            each.incident_id,
            one_line(names.text(each.title)),
            ", ".join([each.severity.label, *details.kind_words(each.kind), each.status.value]),
        )
        for each in linked
    )


def _communications(sent: Iterable[Communication], names: Naming) -> tuple[CommunicationRow, ...]:
    return tuple(
        CommunicationRow(each.at, moment(each.at), names.text(each.to), names.text(each.text))
        for each in sorted(sent, key=lambda each: each.at)
    )
