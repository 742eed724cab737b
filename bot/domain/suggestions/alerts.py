"""What machines write: which alert begins it, which is new, which says for the last time that all is well."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Message
from bot.domain.suggestions import table

_WRONG = re.compile(
    r"\b(?:firing|alert(?:ing|ed)?|triggered|crit(?:ical)?|problem|down|unhealthy|degraded|errors?|failing|failed|"
    r"warn(?:ing)?|breach(?:ed)?|above|below|exceed(?:s|ed)|no data|p[12]|sev-?[12]|investigating|unreachable|"
    r"outage|usual|threshold|behind|lag(?:ging)?|load average|timed? ?out)\b|[🔴🔥🚨❌]|"
    r":(?:fire|rotating_light|red_circle|x|warning):",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\b(?:resolved|recover(?:y|ed)|ok|up|cleared|closed|back to normal|healthy|normal|operational|fixed|restored)\b"
    r"|[✅🟢💚]|:(?:white_check_mark|heavy_check_mark|large_green_circle|green_heart):",
    re.IGNORECASE,
)
_SEVERE = re.compile(r"\b(?:critical|\w+critical|crit|page[sd]?|p1|sev-?1|emergency|outage|down)\b", re.IGNORECASE)
_VARIABLE = re.compile(r"https?://\S+|[\w.-]*\d[\w.:%-]*")
_STATE_WORDS = re.compile(
    r"\b(?:firing|resolved|triggered|recover(?:y|ed)|ok|up|down|critical|warning|problem|cleared|alert|acknowledged|closed)\b",
    re.IGNORECASE,
)
_HEAD = 160


@dataclass(frozen=True, slots=True)
class Signal:
    """An alert in the channel: `is_recovery` says that it is over, `points` how much it matters here."""

    points: float
    is_recovery: bool
    reason: str


def form_of(text: str) -> str:
    """Return what repeats in a machine's messages: the head without numbers, hosts, links and states."""
    head = text[:_HEAD].partition("\n")[0].lower()
    return " ".join(_STATE_WORDS.sub(" ", _VARIABLE.sub(" ", head)).split())


def state_of(text: str) -> bool | None:
    """Return whether a machine says that something is wrong (True) or well again (False); None for neither.

    The first word of state in the head decides: "RESOLVED: errors above 5%" is well again.
    """
    head = text[:_HEAD]
    wrong, well = _WRONG.search(head), _WELL.search(head)
    if wrong and well:
        return wrong.start() < well.start()
    return True if wrong else False if well else None


def is_machine(message: Message, machines: frozenset[str]) -> bool:
    """Whether a program wrote it: a bot, or somebody whose messages all have the same few forms."""
    return message.bot_id is not None or message.user_id is None or message.user_id in machines


def machines_among(messages: Sequence[Message]) -> frozenset[str]:
    """Return the people who write like programs: imports from older chats don't say who is a bot."""
    forms: dict[str, list[str]] = {}
    for message in messages:
        if message.user_id is not None and message.bot_id is None:
            forms.setdefault(message.user_id, []).append(form_of(message.text))
    return frozenset(user for user, said in forms.items() if _is_mechanical(said))


def _is_mechanical(said: list[str]) -> bool:
    if len(said) < table.MACHINE_LEAST_MESSAGES:
        return False
    openings = Counter(" ".join(form.split()[:2]) for form in said if form)
    usual = sum(count for _, count in openings.most_common(4))
    return usual >= table.MACHINE_SHARE * len(said)


def relations(
    messages: Sequence[Message], words: Sequence[frozenset[str]], machines: frozenset[str]
) -> dict[int, float]:
    """Return how far people talk about what each machine's message names, 0 to 1, by the index of the message.

    What somebody speaks up after is held to be half related: it may be what they speak of in other words.
    """
    spoken: dict[str, list[datetime]] = {}
    people = [index for index, message in enumerate(messages) if not is_machine(message, machines)]
    times = [messages[index].at for index in people]
    for index in people:
        for word in words[index]:
            spoken.setdefault(word, []).append(messages[index].at)
    found = {}
    for index, message in enumerate(messages):
        if is_machine(message, machines):
            common = sum(_is_said_near(spoken.get(word, []), message.at) for word in words[index])
            is_answered = bisect_right(times, message.at) < bisect_right(times, message.at + table.ANSWERED_WITHIN)
            found[index] = max(min(1.0, common / table.RELATED_WORDS), table.RELATED * is_answered)
    return found


def _is_said_near(times: list[datetime], at: datetime) -> bool:
    return bisect_left(times, at - table.RELATED_WITHIN) < bisect_right(times, at + table.RELATED_WITHIN)


def signals(
    messages: Sequence[Message], words: Sequence[frozenset[str]], related: Mapping[int, float]
) -> dict[int, Signal]:
    """Return what each alert says, by the index of its message.

    `messages` are in order of time, `words` their telling words, `related` says how far people talk of a machine's.
    """
    stated = _stated(messages, words, related)
    wrong = [index for index, is_wrong in stated if is_wrong and related[index] >= table.RELATED]
    alarms = _Alarms(wrong[-1] if wrong else None)
    return {index: alarms.next(index, messages[index], related[index], is_wrong=is_wrong) for index, is_wrong in stated}


def _stated(
    messages: Sequence[Message], words: Sequence[frozenset[str]], related: Mapping[int, float]
) -> list[tuple[int, bool]]:
    """Return which machines' messages say that something is wrong (True) or well again (False).

    A machine says "well again" only of what it has called wrong before; else it speaks of something else.
    """
    fired: dict[str, set[str]] = {}
    stated: list[tuple[int, bool]] = []
    for index in related:
        is_wrong = state_of(messages[index].text)
        author = messages[index].bot_id or messages[index].user_id or ""
        if is_wrong:
            fired.setdefault(author, set()).update(words[index])
            stated.append((index, True))
        elif is_wrong is False and words[index] & fired.get(author, set()):
            stated.append((index, False))
    return stated


class _Alarms:
    """The alerts of a channel one after the other: how often each came, and when the last ones did."""

    def __init__(self, last_wrong: int | None) -> None:
        """Take the index of the last alert that people talk about, None for none."""
        self._last_wrong = last_wrong
        self._has_last_recovery = False
        self._seen: Counter[tuple[str, bool]] = Counter()
        self._previous: dict[bool, datetime] = {}

    def next(self, index: int, message: Message, near: float, *, is_wrong: bool) -> Signal:
        """Return what the next alert says; `near` is how far people talk of it."""
        points, reason = self._wrong(message, near) if is_wrong else self._well(index, near)
        form = (form_of(message.text), is_wrong)
        points *= table.UNRELATED_KEEPS + (1 - table.UNRELATED_KEEPS) * near
        points += self._seen[form] * table.REPEATED_ALERT
        self._seen[form] += 1
        return Signal(max(0.0, points), not is_wrong, reason)

    def _wrong(self, message: Message, near: float) -> tuple[float, str]:
        is_severe = _SEVERE.search(message.text[:_HEAD]) is not None
        severity = table.SEVERE_ALERT * is_severe
        if near < table.RELATED:
            return table.NEW_ALERT + severity, "is an alert of a new kind"
        # A warning before it does not take from the first severe one.
        before = [at for was_severe, at in self._previous.items() if was_severe or not is_severe]
        self._previous[is_severe] = message.at
        if before and message.at - max(before) <= table.QUIET_OF_ALERTS:
            return table.NEW_ALERT + severity, "is an alert of a new kind"
        return table.FIRST_ALERT + severity, "is the first alert"

    def _well(self, index: int, near: float) -> tuple[float, str]:
        is_last = self._last_wrong is not None and index > self._last_wrong and near >= table.RELATED
        if is_last and not self._has_last_recovery:
            self._has_last_recovery = True
            return table.LAST_RECOVERY, "is the recovery after the last alert"
        return table.A_RECOVERY, "is a recovery of an alert"
