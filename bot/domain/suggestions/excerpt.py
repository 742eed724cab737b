"""The text of a suggestion: the sentences of its message that tell the moment, so that they read as a row."""

from collections.abc import Sequence

from bot.domain.suggestions import table
from bot.domain.suggestions.features import Statement, is_troubled
from bot.domain.suggestions.words import NUMBER
from bot.domain.text import clipped


def excerpt(statements: Sequence[Statement]) -> str:
    """Return a cut of a message: its telling sentences as they were typed, in at most `LONGEST_TEXT` characters.

    Of a short message everything stays but questions, thanks and jokes; of a longer one what tells most. Of a block of
    code the lines stay that show the trouble, without the fence.
    """
    best = max(statements, key=lambda one: one.points)
    least = 0.0 if sum(len(one.text) for one in statements) <= table.SHORT_TEXT else best.points * table.TELLING_SHARE
    kept: list[str] = []
    for one in statements:
        is_told = one.points >= least and not one.is_question and one.keeps >= table.TOLD_KEEPS and _says_something(one)
        if one is not best and not is_told:
            continue
        text = _lines_of_code(one.text) if one.is_code else one.text
        if one is not best and sum(map(len, kept)) + len(text) > table.LONGEST_TEXT:
            continue
        kept.append(text)
    return clipped(" ".join(kept), table.LONGEST_TEXT)


def _says_something(one: Statement) -> bool:
    """Whether it is more than "hmm ok" or the number of a row."""
    spoken = [word for word in one.words if word[0].isalnum() or word[0] == "<"]
    return len(spoken) >= table.SHORTEST_TOLD or (NUMBER in spoken and len(spoken) > 1)


def _lines_of_code(block: str) -> str:
    """Return the first lines of a block that show trouble, else its first line."""
    lines = [line.strip() for line in block.strip("`").split("\n") if line.strip()]
    telling = [line for line in lines if is_troubled(line)] or lines
    return clipped(" ".join(telling[: table.LINES_OF_CODE]), table.LONGEST_CODE) or clipped(block, table.LONGEST_CODE)
