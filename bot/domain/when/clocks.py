import re
from datetime import time
from typing import Final

CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?=:|\s?[ap]\.?m\b)"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6})\d*)?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_HALF_DAY = 12
_LAST_HOUR, _LAST_MINUTE = 29, 59
_WHOLE = 100


def clock_in(found: re.Match[str]) -> time | None:
    """Read the groups that `CLOCK` matched.

    Returns:
        The clock time, or None when there is none such (25:61, 13:05 pm).
    """
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    fraction = int((found["fraction"] or "0").ljust(6, "0"))
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0), fraction)
    except ValueError:
        return None


def is_proportion(found: re.Match[str]) -> bool:
    """Tell a share such as 90:10, 50:50 or 20:80 from a mistyped clock such as 25:61."""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    adds_up = hour + minute == _WHOLE and minute > _LAST_MINUTE
    return (hour > _LAST_HOUR or adds_up) and not (found["half"] or found["second"])
