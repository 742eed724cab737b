"""How people talk: where the talk is fast, and which words they use there.

An incident in a busy channel is where people talk fast, and its subject is what they speak of there; neither needs a
word that is known beforehand.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from math import exp, log

from bot.domain.messages import Message
from bot.domain.suggestions import table


def author(message: Message) -> str:
    """Return who wrote it, people and machines alike."""
    return message.user_id or message.bot_id or message.author_name or ""


def paces(messages: Sequence[Message], by_people: Sequence[bool]) -> list[float]:
    """Return how fast people talk around each message, 0 to 1, next to where they talk fastest.

    `messages` are in order of time; `by_people` says of each whether somebody wrote it. What machines write counts
    nothing.
    """
    said = [float(one) for one in by_people]
    before = _fading(messages, said, 1, table.PACE_FADES)
    after = _fading(messages, said, -1, table.PACE_FADES)
    return _next_to_most([sum(three) for three in zip(before, said, after, strict=True)])


def themes(
    messages: Sequence[Message], words: Sequence[frozenset[str]], pace: Sequence[float], by_people: Sequence[bool]
) -> list[float]:
    """Return how far each message speaks of what the fast talk is about, 0 to 1.

    A word belongs to it when several people use it, often, where the talk is fast. A message's own use never counts.
    """
    heard: dict[str, float] = defaultdict(float)
    uses: Counter[str] = Counter()
    users: dict[str, set[str]] = defaultdict(set)
    for index, said in enumerate(words):
        if by_people[index]:
            for word in said:
                heard[word] += pace[index]
                uses[word] += 1
                users[word].add(author(messages[index]))
    shared = {word: log(1 + count) for word, count in uses.items() if len(users[word]) > 1}
    found = []
    for index, said in enumerate(words):
        own = by_people[index]
        weights = [
            shared[word] * (heard[word] - own * pace[index]) / (uses[word] - own + table.DOUBT)
            for word in said
            if word in shared
        ]
        found.append(sum(sorted(weights, reverse=True)[: table.THEME_WORDS]))
    return _next_to_most(found)


def _fading(messages: Sequence[Message], values: Sequence[float], step: int, fades: timedelta) -> list[float]:
    """Return the sum of what stands before each message (`step` 1) or after it (-1), fading with the time between."""
    seconds = fades.total_seconds()
    around = [0.0] * len(messages)
    total = 0.0
    previous = None
    for index in range(len(messages))[::step]:
        at = messages[index].at
        if previous is not None:
            total *= exp(-abs((at - previous).total_seconds()) / seconds)
        around[index] = total
        total, previous = total + values[index], at
    return around


def _next_to_most(values: Sequence[float]) -> list[float]:
    """Return each value next to the highest ones, the highest twentieth at 1."""
    if not values:
        return []
    most = sorted(values)[int(0.95 * (len(values) - 1))] or 1.0
    return [min(1.0, value / most) for value in values]
