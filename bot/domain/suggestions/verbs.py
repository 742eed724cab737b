"""The forms of the verbs of change: `reverted` is done, `reverting` is being done, `revert` is what one may do."""

from collections.abc import Iterable

from bot.domain.suggestions.vocabulary import (
    CHANGE_VERBS,
    CHANGE_VERBS_OF_TWO_WORDS,
    EVERYDAY_CHANGES,
    IRREGULAR,
    OTHER_VERBS,
)

DONE, DOING, DO, DID = "<done>", "<doing>", "<do>", "<did>"


def past(verb: str) -> str:
    """Return the past participle or past of a verb."""
    if verb in IRREGULAR:
        return IRREGULAR[verb][0]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


def going_on(verb: str) -> str:
    """Return the -ing form of a verb."""
    if verb in IRREGULAR:
        return IRREGULAR[verb][1]
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


def _classes() -> dict[str, str]:
    found: dict[str, str] = {}
    for verb in CHANGE_VERBS.split():
        for word, kind in ((past(verb), DONE), (going_on(verb), DOING), (verb, DO)):
            found.setdefault(word, kind)
    for verb in OTHER_VERBS.split():
        found.setdefault(past(verb), DID)
    del found["up"]
    return found


VERB_CLASSES = _classes()


def phrases_of_two_words() -> dict[str, list[str]]:
    """Return the phrases of the verbs of two words, by the kind of form: `rolled back`, `rolled _ back` and so on."""
    found: dict[str, list[str]] = {DONE: [], DOING: [], DO: []}
    for pair in CHANGE_VERBS_OF_TWO_WORDS.split(","):
        verb, particle = pair.split()
        for kind, form in ((DONE, past(verb)), (DOING, going_on(verb)), (DO, verb)):
            found[kind] += [f"{form}{between} {particle}" for between in ("", " _", " _ _", " _ _ _")]
    return found


_EVERYDAY = frozenset(EVERYDAY_CHANGES.split())
_EVERYDAY_FORMS = frozenset(form for verb in _EVERYDAY for form in (verb, past(verb), going_on(verb)))


def is_mitigating(words: Iterable[str]) -> bool:
    """Whether the verbs of change among these words are other than those of everyday work, such as deploying."""
    verbs = {word for word in words if VERB_CLASSES.get(word) in (DONE, DOING, DO)}
    return not verbs or not verbs <= _EVERYDAY_FORMS
