"""The timeline: dated facts derived from messages, reactions, notes and milestones.

Reaction entries are not stored. They follow from the stored messages, votes and curations each time the
timeline is read, so no order of deliveries can leave a wrong one behind.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import UserError
from bot.domain.incident import Incident, Status, StatusChange
from bot.domain.messages import File, Message, Vote, ts_rank, with_files
from bot.domain.milestones import OF_STATUS, REOPENED, Milestone, Stamp

# No emoji can have this name (Slack allows no colon in one): the vote of the "Add to timeline" shortcut.
SHORTCUT_VOTE = "shortcut:timeline"
# Likewise: in an exported channel the message was pinned by somebody.
PINNED_VOTE = "import:pinned"
_WORDLESS_VOTES = (SHORTCUT_VOTE, PINNED_VOTE)


class Phase(StrEnum):
    """What part of the incident an entry tells of."""

    LEAD_UP = "lead-up"
    DETECTION = "detection"
    INVESTIGATION = "investigation"
    MITIGATION = "mitigation"
    RESOLUTION = "resolution"
    RECOVERY = "recovery"


class Origin(StrEnum):
    """Where an entry came from."""

    REACTION = "reaction"
    NOTE = "note"
    MILESTONE = "milestone"
    IMPORT = "import"
    SUGGESTION = "suggestion"


class Mark(StrEnum):
    """What a reaction means: an entry, an entry of a phase, a key decision, or a proposal."""

    ENTRY = "entry"
    DETECTION = "detection"
    INVESTIGATION = "investigation"
    MITIGATION = "mitigation"
    RESOLUTION = "resolution"
    DECISION = "decision"
    LESSON = "lesson"
    ACTION = "action"
    IMPACT = "impact"

    @property
    def makes_entry(self) -> bool:
        """Whether the reaction puts the message on the timeline (the others only propose)."""
        return self not in (Mark.LESSON, Mark.ACTION, Mark.IMPACT)

    @property
    def phase(self) -> Phase | None:
        """The phase of the entry that this mark makes, None for a mark that names none."""
        return Phase(self.value) if self.value in set(Phase) else None


EmojiMap = Mapping[str, Mark]
PLAIN_EMOJI: EmojiMap = {"pushpin": Mark.ENTRY}
PHASE_EMOJI: EmojiMap = {
    "pushpin": Mark.ENTRY,
    "rotating_light": Mark.DETECTION,
    "mag": Mark.INVESTIGATION,
    "wrench": Mark.MITIGATION,
    "checkered_flag": Mark.RESOLUTION,
    "scales": Mark.DECISION,
    "bulb": Mark.LESSON,
    "dart": Mark.ACTION,
    "boom": Mark.IMPACT,
}


def parse_emoji_map(text: str) -> EmojiMap:
    """Read the SCRIBE_EMOJI setting: empty or `pushpin`, `phases`, or `pin=entry, fire=detection ...`.

    Raises UserError naming the part that can't be read.
    """
    if text.strip() in ("", "pushpin"):
        return PLAIN_EMOJI
    if text.strip() == "phases":
        return PHASE_EMOJI
    marks: dict[str, Mark] = {}
    for part in text.split(","):
        emoji, equals, mark = (piece.strip(" :") for piece in part.partition("="))
        if not (emoji and equals and mark in set(Mark)):
            known = ", ".join(Mark)
            raise UserError(
                f"SCRIBE_EMOJI: “{part.strip()}” is not EMOJI=MARK. Use phases, or for example "
                f"pushpin=entry,fire=detection; the marks are {known}."
            )
        marks[emoji] = Mark(mark)
    return marks


def plain_emoji(name: str) -> str:
    """Return an emoji's name without its skin tone: `wave::skin-tone-3` is `wave`."""
    return name.partition("::")[0]


@dataclass(frozen=True, slots=True)
class Curation:
    """What a person decided about a message's entry; None leaves what the message and its votes say.

    `without` are the votes, by person and emoji, that it was taken off with: they make no entry any more. `is_declined`
    says that it is not to be suggested, `was_suggested` that somebody took up the suggestion.
    """

    ts: str
    text: str | None = None
    at: datetime | None = None
    phase: Phase | None = None
    is_key: bool | None = None
    is_kept_out: bool = False
    was_edited: bool = False
    without: frozenset[tuple[str, str]] = frozenset()
    is_declined: bool = False
    was_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line entered by hand: `/incident note`, or a change that says so on the timeline. `at` is UTC."""

    note_id: int
    at: datetime
    text: str
    by: str
    said_at: datetime
    phase: Phase | None = None
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated fact in the report.

    `at` is UTC; `text` may hold mention tokens; `author_id` is the message's author or who entered it;
    `message_ts` is set when the entry stands on a message. `reference` names it to commands: `m<ts>`,
    `n<note id>` or the milestone's name; what was said in another incident's channel, before or after that one became
    part of this, is `m<ts>@<channel>`. `link` is the address of a message elsewhere that a milestone stands on.
    """

    at: datetime
    text: str
    origin: Origin
    reference: str
    phase: Phase | None = None
    is_key: bool = False
    author_id: str | None = None
    author_name: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None
    channel_id: str | None = None
    milestone: Milestone | None = None
    is_suggested: bool = False
    reason: str | None = None
    link: str | None = None
    files: tuple[File, ...] = ()

    @property
    def words(self) -> str:
        """What it says, with its files in words: for places that can't link them."""
        return with_files(self.text, self.files)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reaction asked for a lesson, an action or an impact to be made from a message."""

    mark: Mark
    message: Message


@dataclass(frozen=True, slots=True)
class Material:
    """All that a timeline is made of. `uncounted` are the people whose reactions don't count: bots and guests.

    `withdrawn` are reactions that were taken off again.
    `parts` are the incidents that have become part of this one, each with what was said in its own channel: a
    message's timestamp names it in one channel only.
    """

    messages: Sequence[Message] = ()
    votes: Sequence[Vote] = ()
    withdrawn: Sequence[Vote] = ()
    curations: Sequence[Curation] = ()
    notes: Sequence[Note] = ()
    stamps: Sequence[Stamp] = ()
    status_changes: Sequence[StatusChange] = ()
    uncounted: Collection[str] = field(default_factory=frozenset)
    parts: Sequence["Part"] = ()

    @property
    def every(self) -> tuple["Material", ...]:
        """This one and that of each part."""
        return (self, *(part.material for part in self.parts))


@dataclass(frozen=True, slots=True)
class Part:
    """An incident that has become part of another, and what its own timeline is made of."""

    incident: Incident
    material: Material


def entries(material: Material, emoji: EmojiMap) -> tuple[Entry, ...]:
    """Return the timeline in order of time; entries of one moment keep the order of their messages."""
    found = [
        *message_entries(material, emoji),
        *(note_entry(note) for note in material.notes),
        *milestone_entries(material.stamps, material.status_changes),
        *_entries_of_parts(material, emoji),
    ]
    return in_order(found)


def in_order(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries in order of time; those of one moment in the order of their messages."""
    return tuple(sorted(found, key=lambda entry: (entry.at, ts_rank(entry.message_ts or "0"), entry.reference)))


def _entries_of_parts(material: Material, emoji: EmojiMap) -> Iterator[Entry]:
    """Yield what was said in the channels of the parts, and how each part went, named by its id.

    What stands as a milestone of the same minute already stands once.
    """
    standing: set[tuple[Milestone | None, datetime]] = {
        (stamp.milestone, stamp.at.replace(second=0, microsecond=0)) for stamp in material.stamps
    }
    for part in material.parts:
        for entry in message_entries(part.material, emoji):
            yield replace(entry, reference=f"{entry.reference}@{entry.channel_id}")
        for entry in milestone_entries(part.material.stamps, part.material.status_changes):
            moment = (entry.milestone, entry.at.replace(second=0, microsecond=0))
            # That it was declared is a fact of its own.
            if entry.milestone not in (None, Milestone.DECLARED) and moment in standing:
                continue
            standing.add(moment)
            name = part.incident.incident_id
            named = replace(entry, text=f"{name}: {entry.text}", reference=f"{name}.{entry.reference}")
            # It is no milestone of the whole, and can't be corrected as one.
            yield replace(named, milestone=None, message_ts=None)


def message_entries(material: Material, emoji: EmojiMap) -> Iterable[Entry]:
    """Yield an entry for each message that a counted reaction, the shortcut or an edit keeps on the timeline."""
    votes = _counted_votes(material)
    curations = {curation.ts: curation for curation in material.curations}
    for message in material.messages:
        entry = _message_entry(message, votes.get(message.ts, []), curations.get(message.ts), emoji)
        if entry:
            yield entry


def proposals(material: Material, emoji: EmojiMap) -> tuple[Proposal, ...]:
    """Return what reactions propose beside entries: lessons, actions and impacts, in order of time."""
    found = [proposal for each in material.every for proposal in _proposed(each, emoji)]
    return tuple(sorted(found, key=lambda proposal: proposal.message.at) if material.parts else found)


def _proposed(material: Material, emoji: EmojiMap) -> list[Proposal]:
    votes = _counted_votes(material)
    kept_out = {curation.ts for curation in material.curations if curation.is_kept_out}
    found = []
    for message in material.messages:
        marks = {emoji.get(plain_emoji(vote.emoji)) for vote in votes.get(message.ts, [])}
        if message.ts not in kept_out:
            found += [Proposal(mark, message) for mark in Mark if mark in marks and not mark.makes_entry]
    return found


def _counted_votes(material: Material) -> dict[str, list[Vote]]:
    votes: dict[str, list[Vote]] = defaultdict(list)
    for vote in sorted(material.votes, key=lambda vote: (ts_rank(vote.event_ts), vote.user_id, vote.emoji)):
        if vote.user_id not in material.uncounted:
            votes[vote.ts].append(vote)
    return votes


def _message_entry(message: Message, votes: list[Vote], curation: Curation | None, emoji: EmojiMap) -> Entry | None:
    curation = curation or Curation(message.ts)
    votes = [vote for vote in votes if (vote.user_id, vote.emoji) not in curation.without]
    marks = {
        vote: Mark.ENTRY if vote.emoji in _WORDLESS_VOTES else emoji.get(plain_emoji(vote.emoji)) for vote in votes
    }
    making = [mark for mark in marks.values() if mark and mark.makes_entry]
    if curation.is_kept_out or not (making or curation.was_edited or curation.was_suggested):
        return None
    voted_phase = next((mark.phase for mark in reversed(making) if mark.phase), None)
    return Entry(
        at=curation.at or message.at,
        text=curation.text or message.text,
        origin=_origin([vote for vote, mark in marks.items() if mark and mark.makes_entry], curation),
        reference=f"m{message.ts}",
        phase=curation.phase or voted_phase,
        is_key=Mark.DECISION in making if curation.is_key is None else curation.is_key,
        author_id=message.user_id,
        author_name=message.author_name,
        message_ts=message.ts,
        thread_ts=message.thread_ts,
        channel_id=message.channel_id,
        files=message.files,
    )


def _origin(making: Sequence[Vote], curation: Curation) -> Origin:
    if not making:
        return Origin.SUGGESTION if curation.was_suggested else Origin.REACTION
    return Origin.IMPORT if all(vote.emoji == PINNED_VOTE for vote in making) else Origin.REACTION


# What the program itself notes when a role or a value of the incident changes; a person may have typed the same.
_OWN_NOTE = re.compile(
    r"The [a-z -]+ was (?:named|handed over)$|[A-Z][a-z ]+ changed (?:from|to) |(?:Affected|Owning team): "
)


def is_own_note(entry: Entry) -> bool:
    """Whether the program noted it by itself, such as a role that was given: it says little of what happened."""
    return entry.origin is Origin.NOTE and _OWN_NOTE.match(entry.text) is not None


def note_entry(note: Note) -> Entry:
    """Return the entry of a line entered by hand."""
    return Entry(
        at=note.at,
        text=note.text,
        origin=Origin.NOTE,
        reference=f"n{note.note_id}",
        phase=note.phase,
        is_key=note.is_key,
        author_id=note.by,
    )


MILESTONE_TEXTS = {
    Milestone.STARTED: "The disruption started",
    Milestone.DETECTED: "The disruption was detected",
    Milestone.DECLARED: "The incident was declared",
    Milestone.ACKNOWLEDGED: "The incident was acknowledged",
    Milestone.IDENTIFIED: "The cause was identified",
    Milestone.MITIGATED: "The impact was mitigated",
    Milestone.RESOLVED: "The incident was resolved",
}
_MILESTONE_PHASES = {
    Milestone.STARTED: Phase.LEAD_UP,
    Milestone.DETECTED: Phase.DETECTION,
    Milestone.DECLARED: Phase.DETECTION,
    Milestone.ACKNOWLEDGED: Phase.DETECTION,
    Milestone.IDENTIFIED: Phase.INVESTIGATION,
    Milestone.MITIGATED: Phase.MITIGATION,
    Milestone.RESOLVED: Phase.RESOLUTION,
}


def note_of(stamp: Stamp, changes: Iterable[StatusChange]) -> str:
    """Return what was noted when the status moved to a milestone, also when its time was corrected since."""
    exact, last = "", ""
    for change in changes:
        if OF_STATUS.get(change.status) is stamp.milestone:
            last = change.note
            exact = change.note if change.at == stamp.at else exact
        elif change.is_reopening and stamp.milestone in REOPENED:
            # What was noted before it was taken up again belongs to the interval before.
            last = ""
    return exact or last


def milestone_entries(stamps: Iterable[Stamp], changes: Sequence[StatusChange]) -> Iterable[Entry]:
    """Yield one entry per known milestone, and one per move of the status that no milestone stands for.

    After a reopening the first interval stays: the earlier mitigation and resolution keep their entries.
    A stamp that a later correction replaced leaves nothing behind.
    """
    standing = set()
    for stamp in stamps:
        standing.add((stamp.milestone, stamp.at))
        yield _milestone_entry(stamp, note_of(stamp, changes))
    for index, change in enumerate(changes):
        milestone = OF_STATUS.get(change.status)
        reopened_later = any(later.is_reopening for later in changes[index + 1 :])
        if change.is_reopening:
            yield _change_entry(change, index, "The incident was reopened")
        elif change.status is Status.CANCELLED:
            yield _change_entry(change, index, "The incident was cancelled")
        elif milestone and reopened_later and (milestone, change.at) not in standing:
            yield _change_entry(change, index, f"{MILESTONE_TEXTS[milestone]} (before it was reopened)")


def _milestone_entry(stamp: Stamp, note: str) -> Entry:
    text = MILESTONE_TEXTS[stamp.milestone]
    return Entry(
        at=stamp.at,
        text=f"{text}: {note}" if note else text,
        origin=Origin.MILESTONE,
        reference=stamp.milestone.value,
        phase=_MILESTONE_PHASES[stamp.milestone],
        author_id=stamp.by,
        message_ts=stamp.message_ts,
        milestone=stamp.milestone,
        link=stamp.link,
    )


def _change_entry(change: StatusChange, index: int, text: str) -> Entry:
    return Entry(
        at=change.at,
        text=f"{text}: {change.note}" if change.note else text,
        origin=Origin.MILESTONE,
        reference=f"s{index}",
        author_id=change.by,
    )
