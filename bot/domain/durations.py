"""Durations in words: two units at most, honest over days."""

from datetime import timedelta

_UNITS = (("w", 7 * 86_400), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def in_words(length: timedelta) -> str:
    """Return a length such as `3 d 2 h`, `42 min` or `0 s`: two neighbouring units at most, rounded down.

    Weeks start at two ("2 w 1 d"), because "8 d" reads easier than "1 w 1 d". A negative length keeps its sign.
    """
    seconds = int(abs(length).total_seconds())
    sign = "-" if length < timedelta(0) and seconds else ""
    units = _UNITS if seconds >= 14 * 86_400 else _UNITS[1:]
    for index, (name, size) in enumerate(units):
        if seconds >= size:
            count, rest = divmod(seconds, size)
            words = f"{count} {name}"
            if index + 1 < len(units):
                smaller, smaller_size = units[index + 1]
                if rest // smaller_size and not (name == "min" and count >= 10):  # noqa: PLR2004 - from ten minutes on, seconds are noise
                    words += f" {rest // smaller_size} {smaller}"
            return sign + words
    return "0 s"
