"""Splits a text that people wrote into plain text, code and web addresses, the same way for every format.

The marks for bold and italic are left out: what is read best in a report is the words. The tildes around what is
struck out stay, because it means the opposite of what it says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from urllib.parse import quote

from bot.domain.text import cleaned

# These turn the rest of a line around; the plain marks for right and left are harmless and stay.
_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PIECES = re.compile(
    r"```(?P<block>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<url>https?://[^\s<>\"`]+)",
    re.DOTALL,
)
# A mark opens after a space or an opening sign and closes before a space or a sign that ends something, as in Slack; so
# `snake_case`, `5*3*2` and `*.log` keep theirs. What is no plain text is one NUL each, which no text has.
_NOT_TEXT = "\0"
_OPENS = r"(?:(?<=[\s(\[{\"'“‘>/*_~\0-])|(?<![\s\S]))"
_CLOSES = r"(?=[\s)\]}\"'”’,;:!?…/*_~\0-]|\.(?!\w)|\Z)"
# The first is Markdown's, as apps write it; a doubled mark is none of Slack's, and `__init__` none at all.
_STRONG = re.compile(rf"{_OPENS}(?<!\*)\*\*(?=[^\s*])([^*\n]*?)(?<=[^\s*])\*\*(?!\*){_CLOSES}")
_BOLD = re.compile(rf"{_OPENS}(?<!\*)\*(?=[^\s*])([^*\n]*?)(?<=[^\s*])\*(?!\*){_CLOSES}")
_ITALIC = re.compile(rf"{_OPENS}(?<!_)_(?=[^\s_])([^_\n]*?)(?<=[^\s_])_(?!_){_CLOSES}")
_SENTENCE_END = ".,;:!?'*_~"
_URL_CHARACTERS = "-._~:/?#[]@!$&'()*+,;=%"


class PieceKind(Enum):
    """What a piece of text is."""

    TEXT = auto()
    CODE = auto()
    BLOCK = auto()
    URL = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one kind, without the marks around it."""

    kind: PieceKind
    text: str


def safe_text(text: str) -> str:
    """Return the text without control characters and without what turns the direction of writing around."""
    return _DIRECTION_OVERRIDES.sub("", cleaned(text))


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text in order. Marks that are never closed are plain text."""
    found = list(_split(text))
    others = iter([piece for piece in found if piece.kind is not PieceKind.TEXT])
    masked = "".join(piece.text if piece.kind is PieceKind.TEXT else _NOT_TEXT for piece in found)
    # Bold twice: what is bold and italic has both marks, in either order.
    for mark in (_STRONG, _BOLD, _ITALIC, _BOLD) if "*" in masked or "_" in masked else ():
        masked = mark.sub(r"\1", masked)
    for words in masked.split(_NOT_TEXT):
        if words:
            yield Piece(PieceKind.TEXT, words)
        yield from islice(others, 1)


def _split(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text with the marks for bold, italic and struck text still in them."""
    position = 0
    text = safe_text(text)
    for match in _PIECES.finditer(text):
        if match.lastgroup == "url":
            piece = Piece(PieceKind.URL, _trimmed(match.group()))
            end = match.start() + len(piece.text)
        else:
            kind = PieceKind.BLOCK if match.lastgroup == "block" else PieceKind.CODE
            piece = Piece(kind, match.group(match.lastgroup or 0))
            end = match.end()
        if match.start() > position:
            yield Piece(PieceKind.TEXT, text[position : match.start()])
        yield piece
        position = end
    if position < len(text):
        yield Piece(PieceKind.TEXT, text[position:])


def encoded(url: str) -> str:
    """Return an address in the characters that an address may have; everything else percent-encoded."""
    return quote(url, safe=_URL_CHARACTERS, errors="replace")


def _trimmed(url: str) -> str:
    """Return an address found in a text without the punctuation of the sentence around it."""
    while url:
        last = url[-1]
        unopened = (last == ")" and url.count("(") < url.count(")")) or (
            last == "]" and url.count("[") < url.count("]")
        )
        if last not in _SENTENCE_END and not unopened:
            break
        url = url[:-1]
    return url
