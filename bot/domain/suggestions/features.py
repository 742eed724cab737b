"""What each message says by itself: its sentences, read with the table of cues, each scored."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.domain.suggestions import table, vocabulary
from bot.domain.suggestions.model import Moment
from bot.domain.suggestions.table import Cue, Role
from bot.domain.suggestions.verbs import VERB_CLASSES, phrases_of_two_words
from bot.domain.suggestions.words import BOUNDARIES, LINK, NUMBER, Found, Phrases, sentences, tokens

_CUES = {cue.name: cue for cue in table.CUES}
_TWO_WORDS = phrases_of_two_words()


def _phrases_of(cue: Cue) -> list[str]:
    """Return the phrases of a row, with the verbs of two words beside those of one."""
    found = [phrase for part in cue.phrases.split(",") if (phrase := part.strip())]
    for kind, pairs in _TWO_WORDS.items():
        found += [phrase.replace(kind, pair) for phrase in found if kind in phrase.split() for pair in pairs]
    return found


_PHRASES = Phrases(
    {cue.name: _phrases_of(cue) for cue in table.CUES}, VERB_CLASSES | dict.fromkeys(vocabulary.NUMBERS, NUMBER)
)


# Amounts with units, names of parts and versions, acronyms, names as programs write them, any number.
_SPECIFIC = re.compile(
    r"`[^`]+`|\b\d[\d.,]*\s?(?:%|[a-zA-Z]{1,4}\b)|\b(?=\w*\d)(?=\w*[a-zA-Z])\w[\w.-]*\w\b|\b[A-Z][A-Z0-9]+\b"
    r"|\b[a-z]+[A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+|\b\w+(?:[_./]\w+)+\b|\d+"
)
# So far into a sentence it is looked for what can be checked, and so far back for what denies or wills.
_READ = 400
_CLAUSE = 8
_WILLING_WITHIN, _DENYING_WITHIN = 6, 3
_ASKING_WITHIN = 4
_SHORTEST_PAST = 5
_TOLD = ("done", "doing", "did")
# "Not the cause" and "we won't" deny by themselves.
_DENYING = ("ruled out", "decided")
_AFTER_A_VERB = frozenset(("on", "in", "to", "everywhere", "from", "by", "again", "now"))
_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_AMOUNTS_IN_A_ROW = re.compile(r"\d[\d.]{0,9}[a-z%]{0,3}(?:\s?(?:→|->|=>)\s?\d[\d.]{0,9}[a-z%]{0,3})+")
_AMOUNT_CHANGED = re.compile(r"\d\S*\s*(?:→|->|=>|to|of|/)\s*\S*\d")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence: how telling it is in points, of which moment, by which cue, and the words that carry meaning."""

    text: str
    points: float
    moment: Moment | None
    cue: str | None
    lead: str
    words: tuple[str, ...]
    seed: float
    keeps: float
    is_question: bool
    is_plan: bool
    is_summary: bool = False
    is_code: bool = False


def read(text: str) -> tuple[Statement, ...]:
    """Return the statements of a message in order."""
    return tuple(_statement(sentence) for sentence in sentences(text))


def _statement(sentence: str) -> Statement:
    words = tokens(sentence)
    if sentence.startswith("```"):
        return _code_block(sentence, words)
    found = _PHRASES.find(words)
    names = {one.name for one in found}
    against = [_CUES[name].weight for name in names if _CUES[name].role is Role.AGAINST]
    if "over" in names and "small talk" in names:
        # Whoever ends it thanks in the same breath.
        against.remove(_CUES["small talk"].weight)
    asks = _asks(words)
    keeps = min([1.0, *against, table.QUESTION_KEEPS] if asks else [1.0, *against])
    cues = _cue_points(found, words)
    if "trouble" in cues and _falls(sentence):
        cues["better"] = max(cues.get("better", 0.0), cues.pop("trouble"))
    if "supposed" in cues:
        # "Could be the thing they are rolling out" tells of no change.
        cues.update({name: cues[name] * table.LOOSE_KEEPS for name in _TOLD if name in cues})
    ranked = sorted(cues, key=lambda name: (-cues[name], name))
    features = _feature_points(sentence, words)
    total = table.PLAIN_POINTS + sum(features.values())
    total += sum(cues[name] * table.FURTHER_CUE**rank for rank, name in enumerate(ranked))
    return Statement(
        text=sentence,
        points=keeps * total,
        moment=_CUES[ranked[0]].moment if ranked else None,
        cue=ranked[0] if ranked else None,
        lead=max(features, key=lambda name: (features[name], name)),
        words=tuple(words),
        seed=keeps * max((value for name, value in cues.items() if name in table.SEEDS), default=0.0),
        keeps=keeps,
        is_question=asks,
        is_plan=any(_CUES[one.name].role is Role.PLAN for one in found) or (asks and bool(found)),
        is_summary=any(one.name == "summary" for one in found),
    )


def _cue_points(found: Sequence[Found], words: Sequence[str]) -> dict[str, float]:
    """Return the points of each cue in a sentence; a cue counts once, as it stands best."""
    points: dict[str, float] = {}
    for one in found:
        cue = _CUES[one.name]
        if cue.role is not Role.AGAINST:
            name, value = _as_it_stands(cue, one, words)
            points[name] = max(points.get(name, 0.0), value)
    return points


def _feature_points(sentence: str, words: Sequence[str]) -> dict[str, float]:
    """Return the points of what a sentence has beside cues: amounts, pasts, what can be checked, links."""
    return {
        "amount changed": table.AMOUNT_CHANGED_POINTS * (_AMOUNT_CHANGED.search(sentence[:_READ]) is not None),
        "past": table.PAST_POINTS * _tells_a_past(words),
        "specific": table.SPECIFIC_POINTS * _specifics(sentence),
        "link": table.LINK_POINTS * (LINK in words),
    }


def _falls(sentence: str) -> bool:
    """Whether an amount fell: "errors: 52% -> 9% -> 3%"."""
    row = _AMOUNTS_IN_A_ROW.search(sentence[:_READ])
    amounts = [float(one) for one in _AMOUNT.findall(row.group())] if row else []
    return len(amounts) > 1 and amounts[-1] < amounts[0]


def _tells_a_past(words: Sequence[str]) -> bool:
    if not vocabulary.PAST.isdisjoint(words):
        return True
    return any(word[-2:] == "ed" and len(word) >= _SHORTEST_PAST and word not in vocabulary.NO_PAST for word in words)


def _specifics(sentence: str) -> int:
    return min(len(set(_SPECIFIC.findall(sentence[:_READ]))), table.MOST_SPECIFICS)


def _as_it_stands(cue: Cue, found: Found, words: Sequence[str]) -> tuple[str, float]:
    """Return which cue a phrase counts as, and for how much: told as a fact, only willed, or denied."""
    before = _clause_before(words, found.start)
    value = cue.weight
    if cue.name in _TOLD:
        value *= _told_as_fact(words, found, before, is_going_on=cue.name == "doing")
    elif cue.name == "went through" and not vocabulary.CHANGE_NOUNS.intersection(before):
        value *= table.LOOSE_KEEPS
    if cue.role is Role.FACT and vocabulary.WILLING.intersection(before[-_WILLING_WITHIN:]):
        return cue.name, value * table.WILLED_KEEPS
    if cue.name == "better" and _is_doubted(words, found.start):
        return "trouble", _CUES["trouble"].weight * table.DENIED_KEEPS
    if cue.name in _DENYING or not vocabulary.DENIERS.intersection(before[-_DENYING_WITHIN:]):
        return cue.name, value
    if cue.when_denied and (cue.name == "better" or before[-1] in vocabulary.NONE_OF):
        return cue.when_denied, _CUES[cue.when_denied].weight * table.DENIED_KEEPS
    return cue.name, value * table.LOOSE_KEEPS


def _is_doubted(words: Sequence[str], start: int) -> bool:
    """Whether the clause says before this that somebody doubts it: "not convinced that", "I doubt"."""
    before = _clause_before(words, start, longest=start)
    for place, word in enumerate(before):
        is_denied = place > 0 and before[place - 1] in vocabulary.DENIERS
        if (word in vocabulary.SURE and is_denied) or (word in vocabulary.DOUBTING and not is_denied):
            return True
    return False


def _clause_before(words: Sequence[str], start: int, longest: int = _CLAUSE) -> list[str]:
    begin = start
    while begin > 0 and words[begin - 1] not in BOUNDARIES and start - begin < longest:
        begin -= 1
    return list(words[begin:start])


def _told_as_fact(words: Sequence[str], found: Found, before: list[str], *, is_going_on: bool) -> float:
    """Return 1 for "I restarted it", "is restarted", "restarted the workers"; less where the form says less."""
    subject = [word for word in before if word not in vocabulary.FILLERS]
    if is_going_on:
        return _told_as_going_on(words, found, before, subject)
    if subject and subject[-1] in vocabulary.NOBODY:
        return table.GERUND_KEEPS
    if not subject or subject[-1] in vocabulary.ACTORS:
        return 1.0
    following = words[found.end] if found.end < len(words) else "."
    is_passive = following in BOUNDARIES or following in _AFTER_A_VERB
    return table.NEARLY_KEEPS if is_passive else table.LOOSE_KEEPS


def _told_as_going_on(words: Sequence[str], found: Found, before: list[str], subject: list[str]) -> float:
    if before and before[-1] in vocabulary.GERUND_AFTER:
        return table.GERUND_KEEPS
    if not subject:
        rest = takewhile(lambda word: word not in BOUNDARIES and word not in vocabulary.RELATIVE, words[found.end :])
        return table.GERUND_KEEPS if vocabulary.SAYING_OF_IT.intersection(rest) else 1.0
    if subject[-1] in vocabulary.DOERS or (subject[-1] in vocabulary.ACTORS and vocabulary.DOERS.intersection(subject)):
        return 1.0
    is_now = subject[-1] in vocabulary.ACTORS and subject[-1] not in vocabulary.WAS
    return table.NEARLY_KEEPS if is_now else table.LOOSE_KEEPS


def _asks(words: Sequence[str]) -> bool:
    if not words:
        return False
    if "?" in words[-3:]:
        return True
    begin = words[:_ASKING_WITHIN]
    spoken = [word for word in begin if word not in vocabulary.FILLERS and word not in vocabulary.HESITATIONS]
    if spoken[1:] == [] or "," in begin:
        return False
    return spoken[0] in vocabulary.ASKING_FIRST and spoken[1] in vocabulary.PERSONS


def _code_block(sentence: str, words: list[str]) -> Statement:
    has_trouble = _has_trouble(words)
    points = table.BLOCK_POINTS + (table.BLOCK_TROUBLE_POINTS if has_trouble else 0.0)
    return Statement(
        text=sentence,
        points=points,
        moment=Moment.EVIDENCE,
        cue="seen",
        lead="specific",
        words=tuple(words),
        seed=points,
        keeps=1.0,
        is_question=False,
        is_plan=False,
        is_code=True,
    )


def is_troubled(line: str) -> bool:
    """Whether a line names trouble."""
    return _has_trouble(tokens(line))


def _has_trouble(words: list[str]) -> bool:
    return any(one.name == "trouble" for one in _PHRASES.find(words))
