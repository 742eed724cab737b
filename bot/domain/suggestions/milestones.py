"""Milestones that the channel gives strong evidence of: since when, the first report, mitigation, recovery."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.messages import Message, ts_rank
from bot.domain.milestones import Milestone
from bot.domain.suggestions import table
from bot.domain.suggestions.features import read
from bot.domain.suggestions.model import Moment, ProposedMilestone, Suggestion
from bot.domain.timeline import Phase

_REPORTS = (Moment.DETECTION, Moment.ALERT)
_ACTIONS = (Moment.MITIGATION, Moment.CHANGE)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20,
    "thirty": 30, "half an": 0.5, "quarter of an": 0.25, "couple of": 2,
}  # fmt: skip
_AMOUNT = r"(\d+|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_UNIT = r"(m|min|mins|minutes?|h|hrs?|hours?)\b"
# "in the last ten minutes", "for the past half an hour", "started 20 min ago": the same in every zone.
_LASTING = re.compile(rf"\b(?:last|past|for|since)\s+(?:about\s+|the\s+|a\s+)?~?{_AMOUNT}\s*{_UNIT}", re.IGNORECASE)
_AGO = re.compile(rf"\b{_AMOUNT}\s*{_UNIT}\s+ago\b", re.IGNORECASE)
# "since 14:05 UTC": a clock without its zone may be anybody's.
_CLOCK = re.compile(
    r"\b(?:since|from|started|starts|began|begins|starting)\s+(?:at\s+|about\s+|around\s+|~\s*)*"
    r"([01]?\d|2[0-3])[:.]([0-5]\d)\s*(?:UTC|GMT|Z)\b",
    re.IGNORECASE,
)


def proposed_milestones(messages: Sequence[Message], found: Sequence[Suggestion]) -> tuple[ProposedMilestone, ...]:
    """Return the milestones that these suggestions and messages give strong evidence of, in their usual order.

    `messages` are the channel's standing messages in any order, `found` their suggestions.
    """
    ordered = sorted(messages, key=lambda message: (message.at, ts_rank(message.ts)))
    detected = _detected(found)
    resolved = _resolved(ordered, found)
    mitigated = _mitigated([one for one in found if resolved is None or one.message.at < resolved.at])
    started = _started(ordered, detected) if detected else None
    return tuple(one for one in (started, detected, mitigated, resolved) if one is not None)


def _detected(found: Sequence[Suggestion]) -> ProposedMilestone | None:
    """Return the first report. What tells of trouble first has been made one already, with the phases."""
    for one in found:
        if one.moment in _REPORTS:
            return ProposedMilestone(
                Milestone.DETECTED, one.message.at, one.message, "is the first report of the trouble"
            )
    return None


def _started(messages: Sequence[Message], detected: ProposedMilestone) -> ProposedMilestone | None:
    """Return since when, where somebody says so near the first report; whoever says it first."""
    for message in messages:
        if not detected.at - table.SAID_BEFORE <= message.at <= detected.at + table.SAID_AFTER:
            continue
        for at in _times_said(message):
            if detected.at - table.STARTED_AT_MOST_BEFORE <= at < detected.at:
                return ProposedMilestone(Milestone.STARTED, at, message, "says since when it has been so")
    return None


def _times_said(message: Message) -> Iterator[datetime]:
    for statement in read(message.text):
        if statement.seed <= 0 or statement.is_question:
            continue
        for match in (*_LASTING.finditer(statement.text), *_AGO.finditer(statement.text)):
            yield message.at - _length(match.group(1), match.group(2))
        for match in _CLOCK.finditer(statement.text):
            yield _last(int(match.group(1)), int(match.group(2)), message.at)


def _length(amount: str, unit: str) -> timedelta:
    number = float(amount[:6]) if amount.isdecimal() else _NUMBERS[amount.lower()]
    return timedelta(hours=number) if unit.lower().startswith("h") else timedelta(minutes=number)


def _last(hour: int, minute: int, before: datetime) -> datetime:
    """Return the last time before a moment when the clock (UTC) showed this."""
    at = before.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at <= before else at - timedelta(days=1)


def _resolved(messages: Sequence[Message], found: Sequence[Suggestion]) -> ProposedMilestone | None:
    """Return what ended it: whoever says that it is over, else the last recovery; nothing with trouble afterwards."""
    last_report = max((one.message.at for one in found if one.moment in _REPORTS), default=None)
    if last_report is None:
        return None
    suggested = {ts for one in found for ts in (one.message.ts, *one.others)}
    told = [one for one in messages if one.ts in suggested and one.at > last_report and _says_over(one)]
    if told:
        return ProposedMilestone(Milestone.RESOLVED, told[0].at, told[0], "says that it is over")
    tried = max((one.message.at for one in found if one.moment in _ACTIONS), default=last_report)
    well = [one.message for one in found if one.moment is Moment.RECOVERY and one.message.at > max(tried, last_report)]
    if not well:
        return None
    return ProposedMilestone(Milestone.RESOLVED, well[-1].at, well[-1], "is the last word of it getting better")


def _mitigated(found: Sequence[Suggestion]) -> ProposedMilestone | None:
    """Return the last thing done that somebody says helped, soon after it, and that held."""
    troubles = [one.message.at for one in found if one.moment in _REPORTS]
    acted: Suggestion | None = None
    helped: Suggestion | None = None
    for one in found:
        if one.moment in _ACTIONS and one.phase is not Phase.LEAD_UP:
            acted = one
        elif one.moment is Moment.RECOVERY and acted and one.message.at - acted.message.at <= table.WORKS_WITHIN:
            did_not_hold = any(one.message.at < at <= one.message.at + table.HOLDS_FOR for at in troubles)
            helped = helped if did_not_hold else acted
    further = [one for one in found if helped and one.moment in _ACTIONS and one.message.at > helped.message.at]
    if helped is None or len(further) > table.MOST_DONE_AFTERWARDS:
        return None
    return ProposedMilestone(
        Milestone.MITIGATED, helped.message.at, helped.message, "is the last thing done before it got better"
    )


def _says_over(message: Message) -> bool:
    return any(statement.cue == "over" for statement in read(message.text))
