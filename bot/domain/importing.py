"""What an import of an exported channel decides: from when to when, what it is called, and by which ids it is known."""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.errors import UserError
from bot.domain.incident import TITLE_LIMIT
from bot.domain.messages import MADE_CHANNEL
from bot.domain.text import cleaned, clipped, one_line
from bot.domain.when import read_moment

# Nobody reported what is taken in from an export: no person has this id.
NOBODY = "IMPORT"
# A workspace of which neither the database nor the export knows the id.
UNKNOWN_TEAM = "TIMPORT"
# From then on Slack's timestamps have ten digits of seconds, and are in order as texts. Slack is younger.
EARLIEST = datetime.fromtimestamp(1_000_000_000, UTC)
_LATEST = datetime.fromtimestamp(9_999_999_999, UTC)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = timedelta(microseconds=1)
_SHOWN_TYPED = 60
_NAMED_CHANNELS = 3


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when (UTC, both included) messages are taken in; None is open-ended."""

    from_at: datetime | None = None
    until: datetime | None = None


def read_window(from_typed: str | None, to_typed: str | None, *, now: datetime) -> Window:
    """Return what `--from` and `--to` name: a WHEN, in UTC where no zone is named, or a whole day, `2026-11-20`.

    Raises UserError for what is no WHEN, and when the end comes before the beginning.
    """
    from_at = _read(from_typed, "--from", now, is_end=False)
    until = _read(to_typed, "--to", now, is_end=True)
    if from_at and until and from_at > until:
        raise UserError(
            f"--from ({from_at:%Y-%m-%d %H:%M} UTC) is after --to ({until:%Y-%m-%d %H:%M} UTC). The other way round",
            right=f'--from "{_shown(to_typed)}" --to "{_shown(from_typed)}"',
        )
    return Window(from_at, until)


def _shown(typed: str | None) -> str:
    return one_line(cleaned(typed or ""))[:_SHOWN_TYPED]


def _read(typed: str | None, option: str, now: datetime, *, is_end: bool) -> datetime | None:
    if typed is None:
        return None
    try:
        at = _whole_day(typed.strip(), is_end=is_end) or read_moment(typed, now=now, zone="UTC").at
    except UserError as error:
        raise UserError(f"{option}: {error.message}", typed=typed) from error
    return min(max(at, EARLIEST), _LATEST)


def _whole_day(typed: str, *, is_end: bool) -> datetime | None:
    if not _DAY.fullmatch(typed):
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise UserError(f"There is no {typed}. Name a day such as 2026-11-20.") from error
    begins = datetime.combine(day, time(), UTC)
    return begins + timedelta(days=1) - _INSTANT if is_end and day < date.max else begins


def checked_title(typed: str | None) -> str | None:
    """Return a title on one line, None where none was typed. Raises UserError when it is empty or too long."""
    if typed is None:
        return None
    title = one_line(cleaned(typed))
    if not title:
        raise UserError("--title is empty. Leave it out, or for example", right='--title "Checkout errors in the EU"')
    if len(title) > TITLE_LIMIT:
        shorter = clipped(title, _SHOWN_TYPED)
        raise UserError(
            f"--title has {len(title):,} characters; {TITLE_LIMIT} is the limit. Make it shorter",
            right=f'--title "{shorter}"',
        )
    return title


def default_title(names: Sequence[str], first: datetime, last: datetime) -> str:
    """Return what to call an import: its channels, and the days (UTC) on which something was said."""
    named = [f"#{clipped(name, _SHOWN_TYPED)}" for name in names[:_NAMED_CHANNELS]]
    if len(names) > _NAMED_CHANNELS:
        named.append(f"{len(names) - _NAMED_CHANNELS} more")
    channels = " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    days = list(dict.fromkeys(f"{at.astimezone(UTC):%Y-%m-%d}" for at in (first, last)))
    return clipped(f"{channels}, {' to '.join(days)}", TITLE_LIMIT)


def made_channel_id(*known_by: str) -> str:
    """Return an id for a channel that has none of its own in the workspace: always the same for the same words."""
    words = json.dumps([unicodedata.normalize("NFC", word) for word in known_by])
    return MADE_CHANNEL + base64.b32encode(hashlib.sha256(words.encode()).digest()).decode()[:15]


def key_of(channel_ids: Sequence[str], window: Window) -> str:
    """Return the key of an import: the same channels and window have the same one, in whatever order."""
    bounds = [at.isoformat() if at else "" for at in (window.from_at, window.until)]
    words = json.dumps([sorted(set(channel_ids)), bounds])
    return f"import:{hashlib.sha256(words.encode()).hexdigest()[:40]}"
