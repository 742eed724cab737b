"""Durations in words: two units at most, honest over days."""

from datetime import timedelta

from bot.domain.text import counted

_UNITS = (("w", 7 * 86_400), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_NEXT = {
    "w": (("d", 86_400), ("h", 3_600)),
    "d": (("h", 3_600), ("min", 60)),
    "h": (("min", 60),),
    "min": (("s", 1),),
}
_WEEKS_FROM = 14 * 86_400
_SECONDS_UNTIL_MINUTES = 10
_IN_FULL = {"w": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}


def in_words(length: timedelta) -> str:
    """Return a length such as `3 d 2 h`, `42 min` or `0 s`: two units at most, rounded down.

    The second unit is the next smaller one; where that is nought, days go on with minutes and weeks with hours
    (`1 d 30 min`), so that half an hour is not lost. Weeks start at two (`2 w 1 d`), because `8 d` reads easier
    than `1 w 1 d`; from ten minutes on, seconds are noise. A negative length keeps its sign.
    """
    seconds = int(abs(length).total_seconds())
    sign = "-" if length < timedelta(0) and seconds else ""
    units = _UNITS if seconds >= _WEEKS_FROM else _UNITS[1:]
    first = next((unit for unit in units if seconds >= unit[1]), None)
    if first is None:
        return "0 s"
    name, size = first
    count, rest = divmod(seconds, size)
    return f"{sign}{count} {name}{_second_unit(name, count, rest)}"


def _second_unit(name: str, count: int, rest: int) -> str:
    """Return the second unit with its leading space, empty where there is none to say."""
    if name == "min" and count >= _SECONDS_UNTIL_MINUTES:
        return ""
    for smaller, size in _NEXT.get(name, ()):
        if rest // size:
            return f" {rest // size} {smaller}"
    return ""


def in_full(length: timedelta) -> str:
    """Return a length as `in_words` does, with the units written out: `11 minutes`, `1 hour 30 minutes`."""
    parts = in_words(length).split()
    return " ".join(counted(int(number), _IN_FULL[unit]) for number, unit in zip(parts[::2], parts[1::2], strict=True))
