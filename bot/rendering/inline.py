"""Splits a text that people wrote into plain text, code and web addresses, the same way for every format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
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
    """Yield the pieces of a text in order. Marks for code that are never closed are plain text."""
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
