"""Messages of a channel, and what capture learns about them, in any order and as often as it comes.

Each record below can be stored twice, late, or before the one it builds on; storing any shuffle of the
same records gives the same rows. That holds because every record carries its own rank in time:
`text_rank` orders the texts of a message, `event_ts` orders the states of a vote or a membership.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

# Eleven digits of seconds reach the year 5138; twelve would leave what a datetime can hold.
_TS = re.compile(r"[0-9]{1,11}\.[0-9]{1,9}")
# Ranks compare as strings. An unfurl only fills a hole; a post beats it; edits beat both by their time;
# nothing beats a deletion.
RANK_UNFURL = "0"
RANK_POST = "1"
RANK_DELETED = "9"
# How the id of a channel begins that has none in the workspace, such as one of an export without ids. Slack's own
# begin with C, G or D.
MADE_CHANNEL = "X"


def is_ts(text: str) -> bool:
    """Whether this has the form of a Slack timestamp, `seconds.fraction`."""
    return _TS.fullmatch(text) is not None


def time_of(ts: str) -> datetime:
    """Return the UTC moment of a Slack timestamp, exact to the microsecond. Raises ValueError for another form."""
    if not is_ts(ts):
        raise ValueError(f"not a Slack timestamp: {ts!r}")
    micros = int(Decimal(ts) * 1_000_000)
    seconds, micro = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)


def ts_of(moment: datetime) -> str:
    """Return the Slack timestamp of a moment (aware), exact to the microsecond."""
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return f"{seconds}.{moment.microsecond:06d}"


def ts_rank(ts: str) -> str:
    """Return a string of fixed width that orders timestamps of any number of digits as times."""
    seconds, _, fraction = ts.partition(".")
    return f"{int(seconds or 0):012d}.{fraction[:9]:0<9}"


def edit_rank(edited_ts: str, event_ts: str) -> str:
    """Return the rank of an edited text: by the time of the edit, then by the time of the event."""
    return f"2:{ts_rank(edited_ts)}:{ts_rank(event_ts)}"


# The kind of a file that somebody has deleted since.
DELETED_FILE = "deleted file"


@dataclass(frozen=True, slots=True)
class File:
    """A file shared with a message: its name, its kind in a word (`image`, `PDF` ...), its address in Slack, if any.

    One that was deleted, or that Slack hides, has no name.
    """

    name: str
    kind: str
    link: str | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""
        return self.kind == DELETED_FILE

    @property
    def words(self) -> str:
        """The kind and the name: `image: graph.png`."""
        return f"{self.kind}: {self.name}" if self.name else self.kind


# The key of a message as it was posted, among its revisions.
AS_POSTED = "0"
ME_MESSAGE = "me_message"


def with_files(text: str, files: Sequence[File]) -> str:
    """Return a text with the files that came with it: `text (image: graph.png)`, or the files alone."""
    shown = ", ".join(file.words for file in files)
    if not shown:
        return text
    return f"{text} ({shown})" if text.strip() else f"{shown[0].upper()}{shown[1:]}"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a message said before: the moment of the edit that made it, or `AS_POSTED`, and its text."""

    edited_ts: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """A message as one delivery showed it: posted, edited (higher rank) or unfurled (lowest rank).

    `text` is clean and unescaped; `edited_ts` is None unless the delivery carried an edit; `before` is what the edit
    replaced, as far as the delivery says it. `author_name` is given for bots, which have no entry among the people,
    and for people of other workspaces, of whom Slack may tell nothing else.
    """

    team_id: str
    channel_id: str
    ts: str
    text: str
    text_rank: str
    user_id: str | None = None
    bot_id: str | None = None
    author_name: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    kind: str = "message"
    files: tuple[File, ...] = ()
    before: Revision | None = None


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message was taken back. Only its tombstone stays."""

    team_id: str
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class VoteCast:
    """A reaction was put on (`is_on`) or taken off a message; the vote with the latest `event_ts` wins."""

    team_id: str
    channel_id: str
    ts: str
    user_id: str
    emoji: str
    is_on: bool
    event_ts: str


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """Somebody joined (`is_member`) or left a channel; the latest `event_ts` wins."""

    team_id: str
    channel_id: str
    user_id: str
    is_member: bool
    event_ts: str


CaptureRecord = MessageSeen | MessageDeleted | VoteCast | MembershipChanged


@dataclass(frozen=True, slots=True)
class Message:
    """A captured message that still stands. `at` is its UTC time."""

    channel_id: str
    ts: str
    at: datetime
    text: str
    user_id: str | None
    bot_id: str | None
    author_name: str | None
    thread_ts: str | None
    is_edited: bool
    kind: str
    files: tuple[File, ...] = ()

    @property
    def words(self) -> str:
        """What it says, with its files in words: for places that can't link them."""
        return with_files(self.text, self.files)


@dataclass(frozen=True, slots=True)
class Vote:
    """A reaction that is on now."""

    ts: str
    user_id: str
    emoji: str
    event_ts: str


def channel_link(workspace_url: str | None, channel_id: str) -> str | None:
    """Return the address of a channel; None without a workspace URL, and for a channel that is not in the workspace."""
    if not workspace_url or channel_id.startswith(MADE_CHANNEL):
        return None
    return f"{workspace_url.rstrip('/')}/archives/{channel_id}"


def permalink(workspace_url: str | None, channel_id: str, ts: str, thread_ts: str | None = None) -> str | None:
    """Return Slack's link to a message, in the form that chat.getPermalink gives; None where there is none."""
    channel = channel_link(workspace_url, channel_id)
    if channel is None:
        return None
    link = f"{channel}/p{ts.replace('.', '')}"
    if thread_ts and thread_ts != ts:
        link += f"?thread_ts={thread_ts}&cid={channel_id}"
    return link
