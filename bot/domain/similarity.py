"""How alike two incidents are, with the reason: the same services, vendor and cause categories, and rare words.

A word that few incidents share says more than one that many do, so each counts by how rare it is among all that are
compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

_WORD = re.compile(r"[^\W_]{3,}")
# What says nothing of the trouble itself.
_COMMON_WORDS = (
    "and are but can for from had has have into its not now off one our out that the their them then there they this "
    "too via was were when which while with without incident issue issues problem problems error errors failed failing "
    "failure failures down slow outage"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_SERVICE, _VENDOR, _CATEGORY = 3.0, 2.0, 2.0
# Less than one shared service, or two words of which few others speak, is chance.
_LEAST = 2.0
_WORDS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Features:
    """What an incident is compared by. `texts` are its title and its causes."""

    key: int
    services: frozenset[str]
    vendor: str | None
    categories: frozenset[str]
    texts: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The words of the texts that say something."""
        found = (word.casefold() for text in self.texts for word in _WORD.findall(text))
        return frozenset(word for word in found if word not in _COMMON and not word.isdigit())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike another incident is, and why."""

    key: int
    score: float
    reasons: tuple[str, ...]


def most_alike(one: Features, others: Sequence[Features], *, at_most: int) -> tuple[Likeness, ...]:
    """Return the incidents most like this one, the most alike first; of equals the later key first."""
    shared_by = Counter(word for other in (one, *others) for word in other.words)
    total = len(others) + 1
    found = [_likeness(one, other, shared_by, total) for other in others]
    alike = sorted((like for like in found if like.score >= _LEAST), key=lambda like: (-like.score, -like.key))
    return tuple(alike[:at_most])


def _likeness(one: Features, other: Features, shared_by: Counter[str], total: int) -> Likeness:
    services = sorted(one.services & other.services)
    categories = sorted(one.categories & other.categories)
    has_same_vendor = one.vendor is not None and (one.vendor.casefold() == (other.vendor or "").casefold())
    words = sorted(one.words & other.words, key=lambda word: (shared_by[word], word))
    score = (
        _SERVICE * len(services)
        + _VENDOR * has_same_vendor
        + _CATEGORY * len(categories)
        + sum(1 + log(total / shared_by[word]) for word in words)
    )
    reasons = [
        f"same service: {', '.join(services)}" if services else "",
        f"same vendor: {other.vendor}" if has_same_vendor else "",
        f"same kind of cause: {', '.join(categories)}" if categories else "",
        f"both say {_listed(words[:_WORDS_SHOWN])}" if words else "",
    ]
    return Likeness(other.key, score, tuple(reason for reason in reasons if reason))


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
