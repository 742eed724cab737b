"""Text on its way into HTML: escaped once, with its code and its http addresses set as such."""

from markupsafe import Markup, escape

from bot.rendering.inline import Piece, PieceKind, encoded, pieces, safe_text


def rich(text: object) -> Markup:
    """Return a text with its code set as code and its web addresses as links; everything else escaped."""
    found = [Piece(PieceKind.TEXT, ""), *pieces(str(text).strip()), Piece(PieceKind.TEXT, "")]
    around = zip(found, found[1:], found[2:], strict=False)
    return Markup("").join(_set(piece, before.kind, after.kind) for before, piece, after in around)


def plain(text: object) -> Markup:
    """Return a text escaped, without the characters that turn the direction of writing around."""
    return escape(safe_text(str(text)))


def code(text: object) -> Markup:
    """Return a text as code."""
    return Markup("<code>{}</code>").format(safe_text(str(text)))


def link(label: object, url: str | None) -> Markup:
    """Return a link that tells its target nothing of where it was followed, or its label alone without an address."""
    if url is None:
        return plain(label)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(encoded(url), safe_text(str(label)))


def _set(piece: Piece, before: PieceKind, after: PieceKind) -> Markup:
    match piece.kind:
        case PieceKind.URL:
            return link(piece.text, piece.text)
        case PieceKind.CODE:
            return code(piece.text)
        case PieceKind.BLOCK:
            return Markup('<code class="block">{}</code>').format(piece.text.strip("\n"))
        case PieceKind.TEXT:
            # A block of code stands on lines of its own already.
            start = piece.text.lstrip("\n") if before is PieceKind.BLOCK else piece.text
            return escape(start.rstrip("\n") if after is PieceKind.BLOCK else start)
