import difflib
import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.when.errors import WhenError, offered, quoted

# An abbreviation means its own offset all year: "EST" in July is still UTC-5, and the echo shows it.
# Left out, because they are ordinary words in notes about incidents: WEST, WET, MET, MSK, SAST, PKT.
_FIXED_HOURS: Final = {
    "UTC": 0.0, "GMT": 0.0, "Z": 0.0, "BST": 1.0, "CET": 1.0, "CEST": 2.0, "EET": 2.0, "EEST": 3.0,
    "EST": -5.0, "EDT": -4.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0,
    "AKST": -9.0, "AKDT": -8.0, "HST": -10.0, "SGT": 8.0, "HKT": 8.0, "JST": 9.0, "KST": 9.0,
    "AWST": 8.0, "ACST": 9.5, "ACDT": 10.5, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0,
}  # fmt: skip
_PLACES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_SEVERAL: Final = {
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "CST": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
}
_NAMES: Final = "|".join(sorted([*_FIXED_HOURS, *_PLACES, *_SEVERAL], key=len, reverse=True))
_OFFSET: Final = r"[+-]\d{1,2}(?::?\d{2})?"
DETACHED: Final = rf"(?:UTC|GMT)?{_OFFSET}|(?:{_NAMES})(?![\w/+-])|[A-Za-z_]+(?:/[A-Za-z0-9_+-]*[A-Za-z0-9])+(?![\w/])"
GLUED: Final = rf"(?:UTC|GMT)(?:{_OFFSET})?|Z|{_OFFSET}"

_OFFSET_PARTS: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_WEST_MOST, _EAST_MOST = timedelta(hours=-12), timedelta(hours=14)
_QUARTER_HOUR = 15
_CLOSE = 0.85


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clock stands: its rules, and the words that name it in a sentence.

    Args:
        rules: turns local times into UTC.
        name: "Europe/Berlin", "CET", "+02:00".
        named: whether the text itself named the zone.
    """

    rules: tzinfo
    name: str
    named: bool

    @property
    def suffix(self) -> str:
        """What an example needs behind its clock to mean this place again."""
        return f" {self.name}" if self.named else ""


def home(zone: str) -> Place:
    """Find the zone of the person who typed.

    Args:
        zone: an IANA name, as in the Slack profile.

    Raises:
        WhenError: when no such zone is known.
    """
    # OSError: some Python versions open "Europe" as if it were a file.
    try:
        return Place(ZoneInfo(zone), zone, named=False)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WhenError(
            f"I don't know the time zone {quoted(zone)}. Set one in your Slack profile, such as Europe/Berlin."
        ) from None


def named_place(word: str, *, typed: str, leading: bool) -> Place | None:
    """Find the zone that a word of the text names.

    Args:
        word: what stands where a zone may stand.
        typed: the whole WHEN, for the examples of a refusal.
        leading: in front of prose an abbreviation must be in capitals ("14:05 ist ..." is German) and
            an offset must have its colon ("14:05 +1000 errors").

    Returns:
        The place, or None when the word names no zone.

    Raises:
        WhenError: when the word names several zones, or is nearly the name of one.
    """
    if offset := _OFFSET_PARTS.fullmatch(word):
        bare = word[0] in "+-"
        return None if leading and bare and ":" not in word else _at_offset(offset, word)
    if "/" in word:
        return _iana(word, typed)
    name = word.upper()
    if leading and word != name and name not in {"UTC", "GMT"}:
        return None
    if name in _SEVERAL:
        examples = offered(typed.replace(word, choice, 1) for choice in _SEVERAL[name])
        raise WhenError(f'"{name}" can mean several time zones. {examples}')
    rules = ZoneInfo(_PLACES[name]) if name in _PLACES else timezone(timedelta(hours=_FIXED_HOURS[name]))
    return Place(UTC if name == "Z" else rules, "UTC" if name == "Z" else name, named=True)


def glued_place(suffix: str) -> Place | None:
    """Find the zone written without a space behind a clock (`14:05Z`, `14:05+02:00`), None for no such offset."""
    if offset := _OFFSET_PARTS.fullmatch(suffix):
        return _at_offset(offset, suffix)
    return Place(UTC, "UTC", named=True)


def _at_offset(parts: re.Match[str], name: str) -> Place | None:
    minutes = int(parts[3] or 0)
    offset = timedelta(hours=int(parts[2]), minutes=minutes) * (-1 if parts[1] == "-" else 1)
    # No zone of our days has another offset, so "14:05 -14:20" is a range and not an offset.
    real = minutes % _QUARTER_HOUR == 0 and minutes < 60 and _WEST_MOST <= offset <= _EAST_MOST  # noqa: PLR2004  an hour
    return Place(timezone(offset), name.upper(), named=True) if real else None


def _iana(word: str, typed: str) -> Place | None:
    names = _iana_names()
    if word.casefold() in names:
        name = names[word.casefold()]
        return Place(ZoneInfo(name), name, named=True)
    # Comparing is slow for long words, and no zone has a long name.
    near = word.casefold() if len(word) <= max(map(len, names)) else ""
    close = difflib.get_close_matches(near, names, n=1, cutoff=_CLOSE)
    if not close:
        return None
    example = typed.replace(word, names[close[0]], 1)
    raise WhenError(f"I don't know the time zone {quoted(word)}. {offered([example])}")


@cache
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name}
