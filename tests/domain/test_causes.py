import pytest

from bot.domain.causes import CATEGORIES, NewCause, new_cause
from bot.domain.errors import UserError
from bot.domain.statements import CauseKind, Layer

LINK = "https://example.slack.com/archives/C1/p1795190000000100"


def test_cause_keeps_what_its_form_says() -> None:
    cause = new_cause(
        CauseKind.CONTRIBUTING,
        "No alert on the pool",
        evidence=f" {LINK} ",
        layer=Layer.PROCESS,
        category=CATEGORIES[0],
        score=3,
    )
    assert cause == NewCause(
        CauseKind.CONTRIBUTING, "No alert on the pool", LINK, Layer.PROCESS, "missing or inadequate monitoring", 3
    )


def test_category_may_be_ones_own() -> None:
    assert new_cause(CauseKind.ROOT, "x", own_category="  clock\nskew ").category == "clock skew"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (
            {"evidence": "see the dashboard"},
            "evidence",
            "“see the dashboard” is not a link. Paste one that begins with https://, such as a message's “Copy link”: ",
        ),
        ({"evidence": "javascript:alert(1)"}, "evidence", "“javascript:alert(1)” is not a link."),
        (
            {"category": "technical debt", "own_category": "clock skew"},
            "own_category",
            "Choose a category or name your own: “technical debt” is chosen already.",
        ),
        ({"own_category": "x" * 76}, "own_category", "That has 76 characters; 75 is the limit."),
        (
            {"kind": CauseKind.ROOT, "score": 0},
            "score",
            "Only a contributing factor has a score. Leave this empty, or change the kind.",
        ),
    ],
)
def test_wrong_field_of_a_cause_is_refused_at_its_place(given: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        new_cause(**({"kind": CauseKind.CONTRIBUTING, "text": "x"} | given))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.message.startswith(words)
