"""What each message is worth: its own words, and what the channel around it says of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.messages import Message
from bot.domain.suggestions import table
from bot.domain.suggestions.alerts import Signal, form_of, machines_among, relations, signals
from bot.domain.suggestions.channel import Surroundings, surroundings
from bot.domain.suggestions.features import Statement, read
from bot.domain.suggestions.model import Moment
from bot.domain.suggestions.words import telling_words

_SAID = {cue.name: cue.said for cue in table.CUES}
_PLAINLY = {
    "amount changed": "tells how an amount changed",
    "specific": "states what can be checked",
    "link": "links to something",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message, or one person's run of messages, with its points. All numbers are indexes of messages.

    `index` is the message that stands for the run, `members` are all of it. `share` is how far it belongs to the
    incident and `pace` how fast people talk there, both from 0 to 1.
    """

    index: int
    members: tuple[int, ...]
    points: float
    moment: Moment
    reason: str
    cue: str | None
    share: float
    pace: float
    words: frozenset[str]
    statements: tuple[Statement, ...]

    @property
    def worth(self) -> float:
        """Return what is left of its points by how far it belongs to the incident."""
        return self.points * self.share


def candidates(messages: Sequence[Message]) -> list[Candidate]:
    """Return what may become a suggestion, in order of time. `messages` are in order of time."""
    said = [read(message.text) for message in messages]
    words = [telling_words(message.text) for message in messages]
    machines = machines_among(messages)
    related = relations(messages, words, machines)
    alerts = signals(messages, words, related)
    around = surroundings(messages, words, said, [index not in related for index in range(len(messages))])
    single: list[Candidate | None] = []
    forms: Counter[str] = Counter()
    for index, message in enumerate(messages):
        if not said[index]:
            single.append(None)
            continue
        blank = Candidate(index, (index,), 0.0, Moment.EVIDENCE, "", None, 1.0, 0.0, words[index], said[index])
        if index in alerts:
            one = _alert(blank, alerts[index], around[index])
        else:
            one = _spoken(blank, message, around[index], related.get(index))
            if index in related:
                form = form_of(message.text)
                one = replace(one, points=one.points * table.MACHINE_REPEATS_KEEP ** forms[form])
                forms[form] += 1
        single.append(replace(one, share=_share(one, around[index]), pace=around[index].pace))
    _lift(single, around)
    return _runs(single, messages)


def _lift(single: list[Candidate | None], around: Sequence[Surroundings]) -> None:
    """Lift the first report of the subject and the last word that it is over: the ends of every timeline."""
    at_home = [one for one in single if one is not None and around[one.index].theme >= table.AT_HOME]
    first = next((one for one in at_home if one.cue == "reported"), None)
    last = next((one for one in reversed(at_home) if one.cue == "over"), None)
    for one in (first, last):
        if one is not None:
            single[one.index] = replace(one, points=one.points + table.ENDS_POINTS)


def _share(one: Candidate, around: Surroundings) -> float:
    """Return how far a message belongs to the incident: by the pace of the talk; what led up to it by its subject."""
    share = table.SLOW_KEEPS + (1 - table.SLOW_KEEPS) * around.pace
    share *= 1 - table.FOREIGN_COSTS * around.foreign
    if around.is_cold:
        share *= table.COLD_KEEPS
    return max(share, around.theme * table.LED_UP) if one.moment is Moment.CHANGE else share


def _alert(blank: Candidate, alert: Signal, around: Surroundings) -> Candidate:
    return replace(
        blank,
        points=alert.points + around.answers * table.ALERT_TAKEN_UP,
        moment=Moment.RECOVERY if alert.is_recovery else Moment.ALERT,
        reason=alert.reason,
        cue="well again" if alert.is_recovery else "alert",
    )


def _spoken(blank: Candidate, message: Message, around: Surroundings, related: float | None) -> Candidate:
    """Return what somebody's message is worth; `related` is given for a machine's."""
    best = max(blank.statements, key=lambda one: one.points)
    points = _text_points(blank.statements, around, related)
    if around.is_opening and related is None and sum(map(_length, blank.statements)) >= table.OPENING_WORDS:
        points += table.OPENING_POINTS
    support = _support(best, around) * min(1.0, points / table.FULL_SUPPORT)
    moment = best.moment or Moment.EVIDENCE
    if related is not None and best.cue == "did":
        # What a machine did is a change: a job, a deployment.
        moment = Moment.CHANGE
    reason = _SAID[best.cue] if best.cue else _PLAINLY.get(best.lead, "tells what happened")
    if best.is_plan and around.is_agreed:
        support += table.AGREED_POINTS
        moment, reason = Moment.DECISION, "was proposed and agreed to"
    if message.thread_ts not in (None, message.ts):
        support += table.REPLY_POINTS
    total = (points + support) * _keeps(blank.statements, best, is_machine=related is not None)
    return replace(blank, points=total, moment=moment, reason=reason, cue=best.cue)


def _keeps(statements: Sequence[Statement], best: Statement, *, is_machine: bool) -> float:
    """Return what share of its points a message keeps: less for what sums up, and what a machine has copied."""
    keeps = table.SUMMARY_KEEPS if any(one.is_summary for one in statements) else 1.0
    return keeps * table.MACHINE_COPIES_KEEP if is_machine and best.cue not in table.MACHINES_TELL else keeps


def _text_points(statements: Sequence[Statement], around: Surroundings, related: float | None) -> float:
    ranked = sorted((one.points for one in statements if one.points > 0), reverse=True)[:4]
    total = sum(points * table.FURTHER_SENTENCE**rank for rank, points in enumerate(ranked))
    if related is not None:
        total *= table.UNRELATED_KEEPS + (1 - table.UNRELATED_KEEPS) * related
    elif sum(len(one.words) for one in statements if not one.is_code) > table.LONG_WORDS:
        total *= table.LONG_KEEPS
    return total * table.RESTATES_KEEPS if around.restates else total


def _length(statement: Statement) -> int:
    return sum(word[0].isalnum() for word in statement.words)


def _support(best: Statement, around: Surroundings) -> float:
    return best.keeps * (
        around.theme * table.THEME_POINTS
        + around.novelty * table.NOVELTY_POINTS
        + around.answers * table.ANSWERS_POINTS
        + (around.silence is not None and around.silence >= table.SILENCE) * table.SILENCE_POINTS
    )


def _runs(single: Sequence[Candidate | None], messages: Sequence[Message]) -> list[Candidate]:
    """Return one candidate for each run of one person's messages that follow each other closely."""
    found: list[Candidate] = []
    run: list[Candidate] = []
    for index, one in enumerate(single):
        if run and not _goes_on(messages[index - 1], messages[index]):
            found.append(_together(run))
            run = []
        if one is not None:
            run.append(one)
    return [*found, _together(run)] if run else found


def _goes_on(before: Message, message: Message) -> bool:
    is_same = before.user_id == message.user_id and before.bot_id is None and message.bot_id is None
    is_one_place = (before.thread_ts or "") == (message.thread_ts or "")
    return is_same and is_one_place and message.at - before.at <= table.RUN


def _together(run: Sequence[Candidate]) -> Candidate:
    if len(run) == 1:
        return run[0]
    best = max(run, key=lambda one: (one.points, -one.index))
    rest = sorted((one.points for one in run if one is not best and one.points > 0), reverse=True)[:3]
    more = sum(points * table.FURTHER_SENTENCE ** (rank + 1) for rank, points in enumerate(rest))
    words = frozenset().union(*(one.words for one in run))
    return replace(best, members=tuple(one.index for one in run), points=best.points + more, words=words)
