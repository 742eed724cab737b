"""An incident: what it is, how its state moves, and how it and its channel are named."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from itertools import count

from bot.domain.errors import UserError
from bot.domain.messages import MADE_CHANNEL
from bot.domain.text import one_line

TITLE_LIMIT = 200
CHANNEL_NAME_LIMIT = 80
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Kind(StrEnum):
    """What is being recorded."""

    LIVE = "live"
    NEAR_MISS = "near-miss"
    DRILL = "drill"
    RETRO = "retro"

    @property
    def words(self) -> str:
        """The kind as people write it: `near miss`."""
        return self.value.replace("-", " ")


class IncidentType(StrEnum):
    """What kind of trouble it is; it changes the report's guidance."""

    PRODUCTION = "production"
    SECURITY = "security"
    PRODUCT = "product"
    PROCESS = "process"


class Severity(IntEnum):
    """SEV1 is the worst."""

    SEV1 = 1
    SEV2 = 2
    SEV3 = 3
    SEV4 = 4

    @property
    def label(self) -> str:
        """`SEV1` to `SEV4`."""
        return f"SEV{self.value}"


class Status(StrEnum):
    """Where the response stands. An incident starts as investigating."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether the response is over: nothing live is asked any more."""
        return self in (Status.RESOLVED, Status.CLOSED, Status.CANCELLED)


class Role(StrEnum):
    """What somebody does in an incident."""

    LEAD = "lead"
    COMMS = "comms"
    NOTES = "notes"
    OPS = "ops"
    OWNER = "owner"

    @property
    def label(self) -> str:
        """The glossary's name of the role, in lower case."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.LEAD: "incident lead",
    Role.COMMS: "communications lead",
    Role.NOTES: "note-taker",
    Role.OPS: "operations lead",
    Role.OWNER: "postmortem owner",
}


@dataclass(frozen=True, slots=True)
class Incident:
    """A disruption that needs a coordinated response.

    `incident_id` is the glossary's id and never changes; `row_id` is storage's own key. Times are UTC.
    `channel_id` is None until the channel has been made; `is_adopted` says that it was there before and has a name
    of its own. Messages before `capture_from` and after `capture_until` don't belong to it; None is open-ended.
    `holds_channel` is False once a later incident has adopted the same channel. `postmortem_due` is a calendar date;
    `waive_reason` says why no postmortem is written, None while one is. `merged_into` is the key of the incident that
    it has become part of. `is_imported` says that it was taken in from an export: nobody can be
    asked or told in its channels.
    """

    row_id: int
    team_id: str
    incident_id: str
    title: str
    kind: Kind
    type: IncidentType
    severity: Severity
    status: Status
    is_private: bool
    reporter_id: str
    declared_at: datetime
    channel_id: str | None = None
    channel_name: str | None = None
    vendor: str | None = None
    services: tuple[str, ...] = ()
    owning_team: str | None = None
    is_adopted: bool = False
    holds_channel: bool = True
    capture_from: datetime | None = None
    capture_until: datetime | None = None
    postmortem_due: date | None = None
    meeting_at: datetime | None = None
    waive_reason: str | None = None
    merged_into: int | None = None
    is_imported: bool = False

    @property
    def slack_channel(self) -> str | None:
        """The channel's id if there is such a channel in the workspace, as far as the program knows."""
        is_made = self.channel_id is not None and self.channel_id.startswith(MADE_CHANNEL)
        return None if is_made else self.channel_id


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One move of the status: when it happened, who said so and when, and their note."""

    status: Status
    at: datetime
    by: str
    said_at: datetime
    note: str = ""
    is_reopening: bool = False


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Who holds a role, and since when (UTC)."""

    role: Role
    user_id: str
    since: datetime


def public_id(day: date, number: int) -> str:
    """Return `INC-YYYY-MM-DD-NNN` for the UTC day of declaration and that day's counter, from 1."""
    return f"INC-{day:%Y-%m-%d}-{number:03d}"


def private_id(day: date, random_number: int) -> str:
    """Return `INC-YYYY-MM-DD-XXXX`, its ending made of 20 random bits, never of digits alone.

    A counter would tell outsiders how many private incidents there are; an ending of digits alone
    could be taken for a counter.
    """
    letters = [_CROCKFORD[random_number >> shift & 31] for shift in (15, 10, 5, 0)]
    if all(letter.isdigit() for letter in letters):
        letters[0] = _CROCKFORD[10 + int(letters[0])]
    return f"INC-{day:%Y-%m-%d}-{''.join(letters)}"


def valid_title(text: str) -> str:
    """Return the title on one line. Raises UserError when it is empty or longer than TITLE_LIMIT."""
    title = one_line(text)
    if not title:
        raise UserError("An incident needs a title. Try: Checkout errors in the EU", field="title")
    if len(title) > TITLE_LIMIT:
        raise UserError(
            f"The title has {len(title):,} characters; {TITLE_LIMIT} is the limit. "
            "Put the details into a message in the channel.",
            typed=title,
            field="title",
        )
    return title


def valid_severity(text: str) -> Severity:
    """Return the severity named by `1`..`4` or `SEV1`..`SEV4`. Raises UserError for anything else."""
    match = re.fullmatch(r"(?:sev)?[ -]?([1-4])", text.strip(), re.IGNORECASE)
    if not match:
        raise UserError(f"“{text.strip()}” is not a severity. Use 1 (worst) to 4, for example: 2", field="severity")
    return Severity(int(match.group(1)))


def slug(title: str) -> str:
    """Return the title in the letters that a channel name may have; `incident` when none is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "incident"


def channel_name(declared: date, title: str, attempt: int = 1) -> str:
    """Return `inc-YYYYMMDD-slug` within Slack's 80 characters; from the second attempt on with `-2`, `-3` ..."""
    prefix = f"inc-{declared:%Y%m%d}-"
    suffix = f"-{attempt}" if attempt > 1 else ""
    room = CHANNEL_NAME_LIMIT - len(prefix) - len(suffix)
    return prefix + slug(title)[:room].strip("-") + suffix


def private_channel_name(incident_id: str, attempt: int = 1) -> str:
    """Return a channel name that tells nothing: a private incident's title stays inside."""
    suffix = f"-{attempt}" if attempt > 1 else ""
    return incident_id.lower() + suffix


def free_channel_name(declared: date, title: str, taken: frozenset[str]) -> str:
    """Return the first channel name of this title that is not in `taken`."""
    return next(name for number in count(1) if (name := channel_name(declared, title, number)) not in taken)
