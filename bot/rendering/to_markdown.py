"""Text on its way into Markdown: escaped once, on one line, safe in a paragraph, a list item or a table cell."""

import re
from enum import Enum, auto

from markupsafe import Markup

from bot.domain.text import one_line
from bot.rendering.inline import Piece, PieceKind, encoded, pieces, safe_text

_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_AT_START = re.compile(r"\A(?:[#+=-]|\d+(?=[.)]))")
_BULLET = re.compile(r"^\s*[-*•◦]\s+")
_QUOTE = re.compile(r"^\s*>\s?")
_JOINS_BY_SPACE = (".", "!", "?", ":", ";", ",", "…", "”")


class Place(Enum):
    """Where a text is set; it decides what becomes of a pipe in code, which a table takes for the end of a cell."""

    ANYWHERE = auto()
    LINE = auto()
    CELL = auto()


def anywhere(text: object) -> Markup:
    """Return a text for any place: never markup, never more than one line; code with a pipe in it becomes plain."""
    return _done(_line(str(text), Place.ANYWHERE))


def line(text: object) -> Markup:
    """Return a text for a paragraph, a heading or a list item, not for a table."""
    return _done(_line(str(text), Place.LINE))


def cell(text: object) -> Markup:
    """Return a text for a table cell."""
    return _done(_line(str(text), Place.CELL))


def code(text: object) -> Markup:
    """Return a text as inline code for a paragraph or a list item."""
    return _done(_code(one_line(safe_text(str(text))), Place.LINE))


def link(label: object, url: str | None) -> Markup:
    """Return a link, or its label alone where there is no address."""
    words = _started(_escaped(one_line(safe_text(str(label)))))
    if url is None:
        return _done(words)
    address = encoded(url).replace("(", "%28").replace(")", "%29")
    return _done(f"[{words}]({address})")


def _done(escaped: str) -> Markup:
    return Markup(escaped)  # noqa: S704 - the callers have just escaped it for Markdown


def _line(text: str, place: Place) -> str:
    return _started(one_line("".join(_set(piece, place) for piece in pieces(text.strip()))))


def _set(piece: Piece, place: Place) -> str:
    match piece.kind:
        case PieceKind.URL:
            return f"<{encoded(piece.text)}>"
        case PieceKind.CODE:
            return _code(one_line(piece.text), place)
        case PieceKind.BLOCK:
            lines = filter(None, map(one_line, piece.text.splitlines()))
            return f" {' '.join(_code(line, place) for line in lines)} "
        case PieceKind.TEXT:
            return _escaped(_joined(piece.text))


def _joined(text: str) -> str:
    """Return the lines of a text as one: sentences follow each other, other lines are set apart by semicolons."""
    joined = ""
    for line in _unquoted([line for line in text.split("\n") if line.strip()]):
        stripped = line.rstrip()
        if not joined:
            joined = line
        elif joined.rstrip().endswith(_JOINS_BY_SPACE):
            joined = f"{joined.rstrip()} {stripped.lstrip()}"
        else:
            joined = f"{joined.rstrip()}; {stripped.lstrip()}"
    # What follows or precedes may be code: the space between them stays.
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{joined.strip()}{after}"


def _unquoted(lines: list[str]) -> list[str]:
    """Return the lines without bullets, and with quotation marks in the place of the marks for a quote."""
    found: list[str] = []
    was_quote = False
    for line in lines:
        is_quote = _QUOTE.match(line) is not None
        plain = _BULLET.sub("", _QUOTE.sub("", line)) if len(lines) > 1 or is_quote else line
        if is_quote and was_quote:
            found[-1] = f"{found[-1].removesuffix('”')} {plain.strip()}”"
        else:
            found.append(f"“{plain.strip()}”" if is_quote else plain)
        was_quote = is_quote
    return found


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match.group()}", text)


def _started(line: str) -> str:
    """Return the line with its beginning escaped where it would start a heading, a list or an underline."""
    match = _AT_START.match(line)
    if not match:
        return line
    start = match.group()
    return f"{start}\\{line[len(start) :]}" if start.isdigit() else f"\\{line}"


def _code(text: str, place: Place) -> str:
    # In a cell a pipe needs a backslash even in code, elsewhere it must have none; and the parsers of tables
    # disagree about two backslashes before a pipe. Where it can't be right everywhere, the text stays plain.
    fits = place is Place.LINE or "|" not in text or (place is Place.CELL and "\\|" not in text)
    if not text or not fits:
        return _escaped(text)
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    padded = f" {text} " if text.startswith("`") or text.endswith("`") else text
    span = f"{fence}{padded}{fence}"
    return span.replace("|", "\\|") if place is Place.CELL else span
