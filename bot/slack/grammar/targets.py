"""Incident ids in front of a command or after it: a whole id, or an ending of one."""

import re

_TAIL = r"(?:[0-9]{2,6}|[0-9A-HJKMNP-TV-Z]{2,4})"
# Every ending of `INC-2026-11-20-` that may stand before the tail: "20-", "-20-", "6-11-20-", "C-2026-11-20-".
_BEFORE = r"(?:[0-9]{0,2}-|[0-9]{0,2}-[0-9]{2}-|[0-9]{0,4}-[0-9]{2}-[0-9]{2}-|(?:I?N)?C?-[0-9]{4}-[0-9]{2}-[0-9]{2}-)?"
_ENDING = re.compile(_BEFORE + _TAIL)


def is_incident(word: str) -> bool:
    """Whether a word has the form of an incident's id or of an ending of at least two characters, in any case."""
    return word.isascii() and _ENDING.fullmatch(word.upper()) is not None
