"""Comparing what is stored of a channel with what Slack's history shows of it.

The history is the truth, but only about what is a while ago: it may lag behind, events may still be on their way, and
this machine's clock is not Slack's. So each answer counts as one of `TOLERANCE` before it was asked for. What it says
outranks every event before that moment and no later one, in the order of ranks that all captured records share
(`bot.domain.messages`); and what disagrees with something younger is left alone and looked at again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.history import Said
from bot.domain.messages import (
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    File,
    MessageDeleted,
    MessageSeen,
    VoteCast,
    edit_rank,
    time_of,
    ts_of,
    ts_rank,
)

# An event is delivered within seconds, or again after a minute when it was not acknowledged at once; histories have
# been seen some seconds behind; clocks that are set over the network agree to well under a second, others drift by
# some seconds a week. A minute covers them all, and is how long what was said last may wait to be compared.
TOLERANCE = timedelta(seconds=60)
# After that everything that had happened before is shown, and dated: an edit only to the whole second.
CAUGHT_UP = TOLERANCE + timedelta(seconds=2)
# No workspace lets messages go after less than a day: younger ones that are missing were deleted by somebody.
SHORTEST_RETENTION = timedelta(hours=20)
# An edit is dated to the whole second.
_EDIT_PRECISION = timedelta(seconds=1)
# Votes that Slack shows no reaction for: put on by a shortcut, or by a pin in an export of the same channel.
_NOT_SLACKS = ("shortcut:", "import:")


@dataclass(frozen=True, slots=True)
class Place:
    """A channel."""

    team_id: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message as it is stored, standing or as a tombstone. `files` is None where nothing is known of any."""

    ts: str
    text: str
    text_rank: str
    kind: str = "message"
    is_deleted: bool = False
    files: tuple[File, ...] | None = None


@dataclass(frozen=True, slots=True)
class KeptVote:
    """A vote as it is stored, with the moment of its last event."""

    user_id: str
    emoji: str
    is_on: bool
    event_ts: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a stretch of a channel: its messages, and the votes on each of them, by timestamp."""

    messages: Mapping[str, KeptMessage] = field(default_factory=dict)
    votes: Mapping[str, Sequence[KeptVote]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison came to.

    `missing` are messages that were never stored; `changes` are edits, deletions and votes that were not. `absent`
    are stored messages that the history no longer shows: each is to be asked for by itself before it counts as
    deleted. Of `cut` messages the reactions are to be asked for, as not all were shown. `unsettled` are those that
    disagree and are too young to say who is right.
    """

    missing: tuple[MessageSeen, ...] = ()
    changes: tuple[CaptureRecord, ...] = ()
    absent: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[CaptureRecord, ...]:
        """What is to be stored."""
        return (*self.missing, *self.changes)

    @property
    def is_settled(self) -> bool:
        """Whether nothing disagrees that can't be decided yet."""
        return not self.unsettled


def horizon_of(asked_at: datetime) -> str:
    """Return the moment for which an answer of the history counts, as a timestamp; `asked_at` is UTC."""
    return ts_of(asked_at - TOLERANCE)


def compare(
    place: Place,
    kept: Kept,
    shown: Sequence[Said],
    *,
    asked_at: datetime,
    is_thorough: bool,
    is_lost: Callable[[datetime], bool],
) -> Found:
    """Compare a stretch as it is stored with the same stretch as the history showed it when asked at `asked_at` (UTC).

    `is_thorough` has reactions asked for wherever some are not shown, else only where their numbers differ. `is_lost`
    tells whether no event of a moment (UTC) is still on its way, young as that moment is.
    """
    comparison = _Comparison(place, horizon_of(asked_at), is_lost)
    for said in shown:
        comparison.look_at(said, kept.messages.get(said.ts), kept.votes.get(said.ts, ()), is_thorough=is_thorough)
    comparison.look_for({said.ts for said in shown}, kept.messages.values())
    return comparison.found()


def compare_votes(
    place: Place, ts: str, kept: Sequence[KeptVote], shown: Sequence[VoteCast], *, asked_at: datetime
) -> Found:
    """Compare the votes on one message with every reaction that Slack showed of it when asked at `asked_at` (UTC)."""
    comparison = _Comparison(place, horizon_of(asked_at), lambda _: False)
    comparison.look_at_votes(ts, kept, shown)
    return comparison.found()


class _Comparison:
    """What a comparison has come to so far."""

    def __init__(self, place: Place, horizon: str, is_lost: Callable[[datetime], bool]) -> None:
        self._place = place
        self._horizon = horizon
        self._is_lost = is_lost
        self._missing: list[MessageSeen] = []
        self._changes: list[CaptureRecord] = []
        self._absent: list[str] = []
        self._cut: list[str] = []
        self._unsettled: dict[str, None] = {}

    def found(self) -> Found:
        """Return all of it."""
        lists = self._missing, self._changes, self._absent, self._cut, self._unsettled
        missing, changes, absent, cut, unsettled = lists
        return Found(tuple(missing), tuple(changes), tuple(absent), tuple(cut), tuple(unsettled))

    def look_at(self, said: Said, kept: KeptMessage | None, votes: Sequence[KeptVote], *, is_thorough: bool) -> None:
        """Compare one message that the history shows."""
        if kept and kept.is_deleted:
            # For good: the history that still shows it is behind.
            return
        if kept and said.is_deleted:
            self._changes.append(MessageDeleted(self._place.team_id, self._place.channel_id, said.ts))
        if said.seen is None or not self._has_taken_in(said.seen, kept):
            return
        if not said.has_more_votes:
            self.look_at_votes(said.ts, votes, said.votes)
        elif is_thorough or _have_changed(votes, said):
            self._cut.append(said.ts)

    def _has_taken_in(self, seen: MessageSeen, kept: KeptMessage | None) -> bool:
        """Store a message or its other text, as far as that is right; return whether the message is known then."""
        edited_ts = seen.edited_ts
        shown = replace(seen, text_rank=_rank(seen, self._horizon))
        if kept is None:
            is_right = self._is_right_about(time_of(seen.ts), seen.ts)
            if is_right:
                self._missing.append(shown)
            return is_right
        if not _differs(seen, kept):
            return True
        if shown.text_rank <= kept.text_rank:
            if _last_component(kept.text_rank) >= ts_rank(self._horizon):
                self._unsettled[seen.ts] = None
            return True
        changed_at = time_of(edited_ts) + _EDIT_PRECISION if edited_ts else time_of(seen.ts)
        if self._is_right_about(changed_at, seen.ts):
            self._changes.append(shown)
        return True

    def _is_right_about(self, moment: datetime, ts: str) -> bool:
        """Whether what the history says of that moment is to be stored; if it is young the message is unsettled."""
        if not self._is_young(ts_of(moment)):
            return True
        self._unsettled[ts] = None
        return self._is_lost(moment)

    def _is_young(self, ts: str) -> bool:
        return ts_rank(ts) >= ts_rank(self._horizon)

    def look_at_votes(self, ts: str, kept: Sequence[KeptVote], shown: Sequence[VoteCast]) -> None:
        """Compare the votes on one message with all that the history shows."""
        on = {(vote.user_id, vote.emoji) for vote in shown}
        known = {(vote.user_id, vote.emoji): vote for vote in kept if not vote.emoji.startswith(_NOT_SLACKS)}
        for user_id, emoji in sorted(on | set(known)):
            vote, is_on = known.get((user_id, emoji)), (user_id, emoji) in on
            if is_on is (vote is not None and vote.is_on):
                continue
            if vote and self._is_young(vote.event_ts):
                self._unsettled[ts] = None
                continue
            place = self._place.team_id, self._place.channel_id
            self._changes.append(VoteCast(*place, ts, user_id, emoji, is_on=is_on, event_ts=self._horizon))

    def look_for(self, shown: Collection[str], kept: Iterable[KeptMessage]) -> None:
        """Note the stored messages that the history does not show."""
        for message in kept:
            if message.ts not in shown and not message.is_deleted:
                if self._is_young(message.ts):
                    self._unsettled[message.ts] = None
                else:
                    self._absent.append(message.ts)


def _rank(seen: MessageSeen, horizon: str) -> str:
    """Return the rank of a text that the history shows: above all that was known of it at that moment.

    Of a text that Slack withholds nothing is known. One that was never edited stands above the post, which it can
    differ from, and below every edit.
    """
    if seen.text_rank == RANK_UNFURL:
        return RANK_UNFURL
    return edit_rank(seen.edited_ts, horizon) if seen.edited_ts else f"{RANK_POST}:{ts_rank(horizon)}"


def _last_component(rank: str) -> str:
    """Return the moment in a rank that orders texts of the same edit; empty for a post."""
    return rank.rpartition(":")[2] if ":" in rank else ""


def _differs(seen: MessageSeen, kept: KeptMessage) -> bool:
    """Whether the history shows another text than is stored, an edit that is not known, or other files."""
    if seen.text_rank == RANK_UNFURL:
        return False
    is_edit_unknown = bool(seen.edited_ts) and edit_rank(seen.edited_ts or "0", "0") > kept.text_rank
    # A reply can be sent to the channel later. Storage keeps the greater of two kinds.
    return is_edit_unknown or seen.text != kept.text or seen.kind > kept.kind or _are_files_other(seen, kept)


def _are_files_other(seen: MessageSeen, kept: KeptMessage) -> bool:
    """Whether files are not known, or not known to be deleted. Storage keeps the names of those that Slack hides."""
    if kept.files is None:
        return bool(seen.files)
    return sum(not file.is_gone for file in seen.files) < sum(not file.is_gone for file in kept.files)


def _have_changed(votes: Sequence[KeptVote], said: Said) -> bool:
    """Whether a message has other reactions than are stored, as far as what is shown of them tells."""
    on = {(vote.user_id, vote.emoji) for vote in votes if vote.is_on and not vote.emoji.startswith(_NOT_SLACKS)}
    counts = Counter(emoji for _, emoji in on)
    return counts != Counter(dict(said.vote_counts)) or not {(vote.user_id, vote.emoji) for vote in said.votes} <= on
