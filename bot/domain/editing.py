"""Editing one entry of the timeline: what the form holds, and what was changed in it."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.errors import UserError
from bot.domain.statements import STATEMENT_LIMIT, valid_statement
from bot.domain.text import clipped
from bot.domain.timeline import Entry, Phase
from bot.domain.when import as_typed, read_moment

T = TypeVar("T")

KEY = "key"


def held(entry: Entry, text: str, zone: str) -> dict[str, str]:
    """Return what the form holds of an entry when it opens: text, when, phase, key; an empty string for nothing.

    `text` is the entry's own with people by name; a text longer than a field is cut.
    """
    return {
        "text": clipped(text, STATEMENT_LIMIT).strip(),
        "when": as_typed(entry.at, zone),
        "phase": entry.phase.value if entry.phase else "",
        "key": KEY if entry.is_key else "",
    }


def base_of(held: Mapping[str, str]) -> dict[str, str]:
    """Return what the form remembers of it, to tell later what was changed: the text as a digest, for its length."""
    return {**held, "text": _digest(held["text"])}


def changed(base: Mapping[str, str], given: Mapping[str, str], *, now: datetime, zone: str) -> dict[str, Any]:
    """Return what was changed in the form, by the names of Entry's fields; nothing for a form sent in as it was.

    Args:
        base: what `base_of` returned when the form was opened.
        given: what the form holds now; a field that it does not have is not in it.
        now: the time of sending.
        zone: the sender's IANA zone.

    Raises UserError for an empty text and a time that can't be placed, `field` naming where.
    """
    values: dict[str, Any] = {}
    if "text" in given and _digest(given["text"]) != base["text"]:
        values["text"] = _at(
            "text", lambda: valid_statement(given["text"], what="what happened", example="Rolled back")
        )
    if given.get("when", base["when"]) != base["when"]:
        values["at"] = _at("when", lambda: read_moment(given["when"], now=now, zone=zone).at)
    if given.get("phase", base["phase"]) not in ("", base["phase"]):
        values["phase"] = Phase(given["phase"])
    if given.get("key", base["key"]) != base["key"]:
        values["is_key"] = given["key"] == KEY
    return values


def _at(field: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except UserError as error:
        error.field = field
        raise


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
