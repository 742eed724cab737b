"""What the program proposes for a timeline by itself: which of its suggestions still wait for somebody to decide.

People come first: what somebody put on the timeline, kept out or turned down is suggested no more.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.messages import Message
from bot.domain.milestones import Milestone, by_name, is_in_order
from bot.domain.suggestions import ProposedMilestone, Suggestion, proposed_milestones, suggestions
from bot.domain.timeline import EmojiMap, Entry, Material, Origin, entries, is_own_note, plain_emoji

# A draft suggests nothing this near to what somebody put on the timeline: that stretch is curated. It is the length
# of the blocks in which a report of SEV2 and SEV3 tells what happened.
CURATED_WITHIN = timedelta(minutes=15)
_BY_PEOPLE = (Origin.REACTION, Origin.NOTE, Origin.IMPORT)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is suggested for one incident: entries in order of time, and milestones that nobody has set."""

    entries: tuple[Entry, ...] = ()
    milestones: tuple[ProposedMilestone, ...] = ()


def suggested(material: Material, emoji: EmojiMap) -> Suggested:
    """Return all that waits for somebody to decide, whatever stands near it on the timeline."""
    standing = {(entry.channel_id, entry.message_ts) for entry in entries(material, emoji) if entry.message_ts}
    # A milestone names no channel: its message stands in the incident's own.
    standing |= {(said.channel_id, said.ts) for said in material.messages if (None, said.ts) in standing}
    found: list[tuple[Suggestion, str]] = []
    considered: list[Message] = []
    for each in material.every:
        messages = _undecided(each, emoji)
        considered += messages
        found += [(one, "" if each is material else f"@{one.message.channel_id}") for one in suggestions(messages)]
    found.sort(key=lambda pair: (pair[0].message.at, pair[0].message.ts, pair[1]))
    considered.sort(key=lambda message: (message.at, message.ts))
    # What stands on the timeline already tells as much about milestones as what is still suggested.
    proposed = proposed_milestones(considered, [one for one, _ in found])
    return Suggested(
        entries=tuple(suggested_entry(one, suffix) for one, suffix in found if not _stands(one, standing)),
        milestones=tuple(_unknown(proposed, material)),
    )


def suggested_in_draft(material: Material, emoji: EmojiMap) -> Suggested:
    """Return what a draft shows of all that is suggested: nothing in a stretch that people have curated."""
    found = suggested(material, emoji)
    curated = sorted(_curated(entries(material, emoji)))
    return replace(found, entries=tuple(entry for entry in found.entries if not _is_near(entry.at, curated)))


def suggested_entry(of: Suggestion, suffix: str = "") -> Entry:
    """Return the entry that a suggestion would make; `suffix` names the channel of a part."""
    message = of.message
    return Entry(
        at=message.at,
        text=of.text,
        origin=Origin.SUGGESTION,
        reference=f"m{message.ts}{suffix}",
        phase=of.phase,
        is_key=of.is_key,
        author_id=message.user_id,
        author_name=message.author_name,
        message_ts=message.ts,
        thread_ts=message.thread_ts,
        channel_id=message.channel_id,
        files=message.files,
        is_suggested=True,
        reason=of.reason,
    )


def _undecided(material: Material, emoji: EmojiMap) -> list[Message]:
    """Return the messages of which nobody has said that they don't belong on the timeline."""
    decided = {
        curation.ts
        for curation in material.curations
        if curation.is_kept_out or curation.is_declined or curation.without
    }
    for vote in material.withdrawn:
        mark = emoji.get(plain_emoji(vote.emoji))
        if mark and mark.makes_entry and vote.user_id not in material.uncounted:
            decided.add(vote.ts)
    return [message for message in material.messages if message.ts not in decided]


def _stands(one: Suggestion, standing: Collection[tuple[str | None, str | None]]) -> bool:
    """Whether the moment is on the timeline already, by this message or by another one about it."""
    return any((one.message.channel_id, ts) in standing for ts in (one.message.ts, *one.others))


def _curated(found: Iterable[Entry]) -> Iterator[datetime]:
    for entry in found:
        if entry.origin in _BY_PEOPLE and not is_own_note(entry):
            yield entry.at


def _is_near(at: datetime, moments: Sequence[datetime]) -> bool:
    """Whether one of the moments, in order, is as near as CURATED_WITHIN."""
    index = bisect_left(moments, at - CURATED_WITHIN)
    return index < len(moments) and moments[index] <= at + CURATED_WITHIN


def _unknown(proposed: Iterable[ProposedMilestone], material: Material) -> Iterator[ProposedMilestone]:
    """Yield the proposals for milestones that nobody has set, where they contradict none that somebody has."""
    known = by_name(material.stamps)
    for one in proposed:
        is_free = one.milestone not in known and one.milestone is not Milestone.DECLARED
        if is_free and is_in_order(known, one.milestone, one.at):
            yield one
