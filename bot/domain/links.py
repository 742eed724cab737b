"""Addresses that people give: what may be linked at all, and the refusal of what may not."""

import re
from urllib.parse import urlsplit

from bot.domain.errors import UserError
from bot.domain.text import clipped, one_line

LINK_LIMIT = 2_000
_NOT_IN_A_LINK = re.compile(r"[\s<>\"\\`\x00-\x1f\x7f]")
_SAID_LIMIT = 40


def safe_url(text: str | None) -> str | None:
    """Return the text when it is an http or https address that may be linked, else None."""
    url = (text or "").strip()
    if not url or len(url) > LINK_LIMIT or _NOT_IN_A_LINK.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def valid_link(text: str, *, field: str, example: str) -> str | None:
    """Return the address, None for no text. Raises UserError for what may not be linked."""
    if not text.strip():
        return None
    url = safe_url(text)
    if url is None:
        said = clipped(one_line(text), _SAID_LIMIT)
        raise UserError(f"“{said}” is not a link. Paste one that begins with https://, such as {example}", field=field)
    return url
