"""What a cause is entered with, checked: its evidence, its layer, its category and its score."""

from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.links import valid_link
from bot.domain.statements import CauseKind, Layer
from bot.domain.text import one_line

# What kinds of condition causes usually are. One's own words may stand in the place of one of them.
CATEGORIES = (
    "missing or inadequate monitoring",
    "insufficient testing",
    "documentation gaps",
    "process not followed",
    "knowledge concentration",
    "capacity limits",
    "third-party dependency",
    "communication breakdown",
    "change management",
    "technical debt",
)
CATEGORY_LIMIT = 75
SCORES = {0: "0: no part in it", 1: "1: a small part", 2: "2: a large part", 3: "3: hardly without it"}
_EXAMPLE = "a message's “Copy link”: https://example.slack.com/archives/C012/p1795190000000100"


@dataclass(frozen=True, slots=True)
class NewCause:
    """A cause as it is entered. `evidence` is a link; `score` 0 to 3 is for contributing factors."""

    kind: CauseKind
    text: str
    evidence: str | None = None
    layer: Layer | None = None
    category: str | None = None
    score: int | None = None


def new_cause(
    kind: CauseKind,
    text: str,
    *,
    evidence: str = "",
    layer: Layer | None = None,
    category: str | None = None,
    own_category: str = "",
    score: int | None = None,
) -> NewCause:
    """Return a cause as a form gives it; empty texts are nothing. The text itself is checked where it is stored.

    Raises UserError, `field` naming where: for evidence that is no link, for a category both chosen and named, and
    for a score of what is not a contributing factor.
    """
    own = one_line(own_category)
    if own and category:
        raise UserError(f"Choose a category or name your own: “{category}” is chosen already.", field="own_category")
    if len(own) > CATEGORY_LIMIT:
        raise UserError(
            f"That has {len(own)} characters; {CATEGORY_LIMIT} is the limit. Use a shorter one.", field="own_category"
        )
    if score is not None and kind is not CauseKind.CONTRIBUTING:
        raise UserError("Only a contributing factor has a score. Leave this empty, or change the kind.", field="score")
    link = valid_link(evidence, field="evidence", example=_EXAMPLE)
    return NewCause(kind, text, link, layer, own or category, score)
