"""What the channel around a message says of it: the subject of the talk, new words, answers, silence, agreement."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.messages import Message
from bot.domain.suggestions import table, vocabulary
from bot.domain.suggestions.features import Statement
from bot.domain.suggestions.talk import author, paces, themes

_SHORT_ANSWER = 6


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the channel says of one message. The numbers run from 0 to 1."""

    pace: float
    theme: float
    foreign: float
    is_cold: bool
    is_opening: bool
    restates: bool
    novelty: float
    answers: float
    silence: timedelta | None
    is_agreed: bool


def surroundings(
    messages: Sequence[Message],
    words: Sequence[frozenset[str]],
    read: Sequence[Sequence[Statement]],
    by_people: Sequence[bool],
) -> list[Surroundings]:
    """Return what the channel says of each message. `messages` are in order of time, with their telling words."""
    times = [message.at for message in messages]
    pace = paces(messages, by_people)
    theme = themes(messages, words, pace, by_people)
    # The more people have said, the better it is known what the talk is about.
    known = sum(by_people) / (sum(by_people) + table.SUBJECT_KNOWN_AFTER)
    troubled = [message.at for message, said in zip(messages, read, strict=True) if any(one.seed > 0 for one in said)]
    restated = _restated(words)
    novelty = _novelty(messages, words)
    found = []
    for index, message in enumerate(messages):
        until = min(bisect_right(times, message.at + table.ANSWERED_WITHIN), index + table.ANSWERS_LOOKED_AT)
        answers = [i for i in range(index + 1, until) if author(messages[i]) != author(message)]
        found.append(
            Surroundings(
                pace=pace[index],
                theme=theme[index],
                foreign=known * _foreign(words[index], theme[index]),
                is_cold=not _is_any_near(troubled, message.at),
                is_opening=index < table.OPENING_MESSAGES,
                restates=restated[index],
                novelty=novelty[index],
                answers=min(1.0, len({author(messages[i]) for i in answers}) / table.MANY_ANSWER),
                silence=message.at - times[index - 1] if index else None,
                is_agreed=any(_agrees(read[i]) for i in answers[: table.AGREEING_LOOKED_AT]),
            )
        )
    return found


def _foreign(words: frozenset[str], theme: float) -> float:
    """Return how far a message speaks of something else: in telling words, and hardly any of them of the subject.

    What is said in few words may be of the subject; they don't say.
    """
    return max(0.0, 1 - theme / table.FULLY_AT_HOME) if len(words) >= table.FOREIGN_WORDS else 0.0


def _is_any_near(times: Sequence[datetime], at: datetime) -> bool:
    return bisect_left(times, at - table.COLD_WITHIN) < bisect_right(times, at + table.COLD_WITHIN)


def _restated(words: Sequence[frozenset[str]]) -> list[bool]:
    """Return of each message whether it brings up again what was said: many telling words, nearly all known."""
    known: set[str] = set()
    found = []
    for said in words:
        old = len(said & known)
        found.append(len(said) >= table.RESTATES_LEAST_WORDS and old >= table.RESTATES_SHARE * len(said))
        known |= said
    return found


def _novelty(messages: Sequence[Message], words: Sequence[frozenset[str]]) -> list[float]:
    """Return for each message how far the words that it brings in are taken up by others afterwards."""
    first: dict[str, int] = {}
    taken: dict[int, float] = {}
    counted: set[tuple[str, str]] = set()
    for index, said in enumerate(words):
        who = author(messages[index])
        for word in said:
            if word not in first:
                first[word] = index
                continue
            source = first[word]
            is_new = author(messages[source]) != who and (word, who) not in counted
            if is_new and messages[index].at - messages[source].at <= table.TAKEN_UP_WITHIN:
                counted.add((word, who))
                taken[source] = taken.get(source, 0.0) + 1
    return [min(1.0, taken.get(index, 0.0) / table.MANY_TAKEN_UP) for index in range(len(messages))]


def _agrees(said: Sequence[Statement]) -> bool:
    words = said[0].words if said else ()
    return 0 < len(words) <= _SHORT_ANSWER and words[0] in vocabulary.AGREEING and not said[0].is_question
