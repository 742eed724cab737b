"""In which phase each moment stands, by what came before it and what comes after."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.messages import Message
from bot.domain.suggestions import table
from bot.domain.suggestions.model import Moment
from bot.domain.suggestions.scoring import Candidate
from bot.domain.suggestions.verbs import is_mitigating
from bot.domain.timeline import Phase

_REPORTS = (Moment.DETECTION, Moment.ALERT)
_FINDS = (Moment.EVIDENCE, Moment.HYPOTHESIS)


def phases(
    chosen: Sequence[Candidate], messages: Sequence[Message], declared_at: datetime | None
) -> list[tuple[Moment, Phase | None]]:
    """Return the moment and the phase of each chosen candidate; a change against the trouble becomes a mitigation."""
    detected = _first_report(chosen, messages)
    if detected is None and declared_at is not None:
        detected = next((index for index, message in enumerate(messages) if message.at >= declared_at), None)
    over = _end(chosen, len(messages))
    acted = False
    found: list[tuple[Moment, Phase | None]] = []
    for one in chosen:
        before = detected is not None and one.index < detected
        after = one.index > over
        moment = Moment.DETECTION if one.index == detected and one.moment in _FINDS else one.moment
        if (
            moment is Moment.CHANGE
            and not before
            and not after
            and is_mitigating(word for said in one.statements for word in said.words)
        ):
            moment = Moment.MITIGATION
        found.append((moment, _phase(moment, one.index, before=before, after=after, acted=acted, over=over)))
        acted = acted or (moment in (Moment.MITIGATION, Moment.CHANGE) and not before)
    return found


def _first_report(chosen: Sequence[Candidate], messages: Sequence[Message]) -> int | None:
    """Return which message first tells of trouble: an alert, a report, or what a channel opens with."""
    for position, one in enumerate(chosen):
        is_troubled = one.moment in _FINDS and any(said.seed > 0 for said in one.statements)
        if one.moment in _REPORTS or is_troubled:
            return one.index
        following = chosen[position + 1 : position + 2]
        goes_on = any(messages[other.index].at - messages[one.index].at <= table.OPENING_GOES_ON for other in following)
        if one.index < table.OPENING_MESSAGES and one.moment in _FINDS and goes_on:
            return one.index
    return None


def _end(chosen: Sequence[Candidate], never: int) -> int:
    """Return which message ends it: whoever says so, else the last recovery with no trouble after it."""
    told_over = [one.index for one in chosen if one.cue == "over"]
    if told_over:
        return told_over[0]
    well = [one.index for one in chosen if one.moment is Moment.RECOVERY]
    troubled = [one.index for one in chosen if one.moment in _REPORTS or one.cue in ("trouble", "reported")]
    return well[-1] if well and (not troubled or troubled[-1] < well[-1]) else never


def _phase(moment: Moment, index: int, *, before: bool, after: bool, acted: bool, over: int) -> Phase | None:
    if moment in _REPORTS:
        return Phase.INVESTIGATION if acted else Phase.DETECTION
    if moment is Moment.COMMUNICATION:
        return None
    if after:
        return Phase.RECOVERY
    if moment in (Moment.CHANGE, Moment.MITIGATION):
        return Phase.LEAD_UP if before else Phase.MITIGATION
    if moment is Moment.RECOVERY:
        return Phase.RESOLUTION if index >= over else Phase.MITIGATION
    if moment is Moment.DECISION:
        return Phase.MITIGATION if acted else Phase.INVESTIGATION
    return Phase.DETECTION if before else Phase.INVESTIGATION
