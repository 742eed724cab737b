"""The values in a payload. What is not as documented counts as not there: for an error Slack would send it again."""

from collections.abc import Mapping
from typing import Any

from bot.domain.messages import is_ts
from bot.domain.text import cleaned

Payload = Mapping[str, Any]


def string(value: object) -> str:
    """Return a text without what can't be stored, the empty one for anything else.

    Clean also where it is only a name or an id: PostgreSQL stores no null, and nothing stores half a character.
    """
    return cleaned(value) if value and isinstance(value, str) else ""


def mapping(value: object) -> Payload:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def mappings(holder: Payload, name: str) -> list[Payload]:
    """Return the objects of a list that goes by this name."""
    return objects(holder.get(name))


def objects(value: object) -> list[Payload]:
    """Return the objects in a list, none for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def are_ts(*values: object) -> bool:
    """Whether all of these are timestamps of Slack."""
    return all(isinstance(value, str) and is_ts(value) for value in values)
