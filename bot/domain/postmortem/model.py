"""What a report says, decided: a template only has to set it.

All texts are plain and unescaped, with people as roles; all times are UTC; all links are http or https.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.actions import ActionStatus, ActionType, Priority
from bot.domain.impact import ImpactDetails
from bot.domain.incident import IncidentType, Kind, Severity, Status
from bot.domain.messages import File
from bot.domain.metrics import Metrics
from bot.domain.milestones import Milestone
from bot.domain.record import Capture
from bot.domain.timeline import Origin, Phase


class Section(StrEnum):
    """The report's sections by their headings, in order."""

    SUMMARY = "Executive summary"
    ABOUT = "Status, authors and owner"
    DETAILS = "Incident details"
    IMPACT = "Impact"
    TIMELINE = "Timeline"
    TRIGGER = "Trigger"
    ROOT_CAUSES = "Root causes"
    FACTORS = "Contributing factors"
    WHYS = "Five whys"
    DETECTION = "Detection"
    RESPONSE = "Response and mitigation"
    RESOLUTION = "Resolution and recovery"
    WELL = "What went well"
    POORLY = "What went poorly"
    LUCKY = "Where we got lucky"
    ACTIONS = "Action items"
    CHECKLIST = "Recurrence prevention checklist"
    LESSONS = "Lessons"
    RELATED = "Related and repeated incidents"
    COMMUNICATIONS = "Communications"
    APPENDIX = "Appendix"


@dataclass(frozen=True, slots=True)
class Link:
    """Something to follow: its label and its address, None when there is no address that may be linked."""

    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a statement stands on: `message` with its link, or `entered`; `note` adds by whom and when."""

    source: Link
    note: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the report needs and does not have, with the command that fills it."""

    section: Section
    question: str
    command: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The incident as the report's head shows it."""

    incident_id: str
    title: str
    kind: Kind
    type: IncidentType
    severity: Severity
    status: Status
    services: tuple[str, ...]
    vendor: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone: `time` says when in words, `at` is None until it is known."""

    milestone: Milestone
    label: str
    time: str
    at: datetime | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric in words, and what it was measured between, or what is missing."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody stated, and what it stands on."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Figures:
    """The impact in figures: as data, in words, and who entered them."""

    details: ImpactDetails
    facts: tuple[Fact, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CauseStatement:
    """A trigger, root cause or contributing factor; `proof` is the evidence that was given for it.

    `tags` says layer, category and score in words.
    """

    text: str
    evidence: Evidence
    proof: Link | None
    layer: str | None
    category: str | None
    score: int | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyChain:
    """One branch of the five whys, from the symptom down."""

    branch: str | None
    links: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One entry of the timeline.

    `text` is whole, `excerpt` what the report shows of it. `mark` holds the words set before it: the
    milestones that its message stands for, and "key decision"; it is empty for most rows. `files` came with the
    message. `channel` is what the channel is called in which it was said, None where there is only one.
    """

    at: datetime
    time: str
    text: str
    excerpt: str
    is_clipped: bool
    phase: Phase | None
    origin: Origin
    is_key: bool
    is_suggested: bool
    reason: str | None
    mark: str
    author_role: str
    permalink: str | None
    evidence: Evidence
    files: tuple[File, ...] = ()
    channel: str | None = None

    @property
    def day(self) -> str:
        """The UTC date, as `2026-11-20`."""
        return f"{self.at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A milestone that nobody has set and the channel gives evidence of; `excerpt` is what was said there."""

    milestone: Milestone
    at: datetime
    excerpt: str
    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The entries of one UTC day, in order; `label` is the weekday with the date."""

    day: date
    label: str
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How one part of the response went: sentences made of the milestones, and the timeline's entries."""

    sentences: tuple[str, ...]
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action item as the report shows it; `cause` is the text of the cause it answers, `source` the message."""

    number: int
    text: str
    owner: str | None
    due: date | None
    type: ActionType | None
    priority: Priority | None
    status: ActionStatus
    status_note: str
    cause: str | None
    tracker: Link | None
    source: Link | None


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """The action items of one type; the label of those without a type is "no type yet"."""

    type: ActionType | None
    label: str
    rows: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of the recurrence prevention checklist: whether it holds, and what that was read from."""

    is_met: bool
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """What was learnt, by kind."""

    well: tuple[Statement, ...]
    poorly: tuple[Statement, ...]
    lucky: tuple[Statement, ...]
    hard: tuple[Statement, ...]
    unknown: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CommunicationRow:
    """What was told to whom, and when."""

    at: datetime
    time: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """A linked incident; `note` says how severe it was and how it stands."""

    incident_id: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class CaptureGapRow:
    """A stretch in which the capture was lost, in words."""

    from_time: str
    to_time: str
    recovered: int
    cause: str


@dataclass(frozen=True, slots=True)
class Causes:
    """What set it off, what made it possible, what helped; `triggers` and `factors` in the order of the report."""

    triggers: tuple[CauseStatement, ...]
    roots: tuple[CauseStatement, ...]
    factors: tuple[CauseStatement, ...]
    whys: tuple[WhyChain, ...]


@dataclass(frozen=True, slots=True)
class Postmortem:
    """The report of one incident, as of `drafted_at`. `summary` holds its paragraphs."""

    incident: Subject
    revision: int
    drafted_at: datetime
    notices: tuple[str, ...]
    summary: tuple[str, ...]
    about: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    milestones: tuple[MilestoneRow, ...]
    proposed: tuple[ProposedRow, ...]
    measures: tuple[Measure, ...]
    metrics: Metrics
    reopenings: tuple[str, ...]
    impact: tuple[Statement, ...]
    figures: Figures | None
    timeline: tuple[TimelineDay, ...]
    causes: Causes
    detection: Account
    response: Account
    resolution: Account
    lessons: Lessons
    key_decisions: tuple[TimelineRow, ...]
    actions: tuple[ActionGroup, ...]
    checklist: tuple[CheckItem, ...]
    related: tuple[RelatedRow, ...]
    communications: tuple[CommunicationRow, ...]
    capture: Capture
    capture_statement: tuple[str, ...]
    capture_gaps: tuple[CaptureGapRow, ...]
    links: tuple[Link, ...]
    gaps: tuple[Gap, ...]

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """The whole timeline, without its days."""
        return tuple(row for day in self.timeline for row in day.rows)

    @property
    def is_over_several_days(self) -> bool:
        """Whether the timeline needs a heading for each day."""
        return len(self.timeline) > 1

    def gaps_in(self, section: str) -> tuple[Gap, ...]:
        """Return the gaps of the section with this heading. Raises ValueError for a heading that is none."""
        return tuple(gap for gap in self.gaps if gap.section is Section(section))
