"""How the report writes times and lists."""

from collections.abc import Sequence
from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """Return a moment as `2026-11-20 14:05` in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def clock(at: datetime) -> str:
    """Return the time of day as `14:05` in UTC."""
    return f"{at.astimezone(UTC):%H:%M}"


def iso(at: datetime) -> str:
    """Return a moment as `2026-11-20T14:05:33Z`, in whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def listed(words: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
