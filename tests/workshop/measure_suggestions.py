"""Measure the suggestions on channels whose official timeline is known, row by row.

    python -m tests.workshop.measure_suggestions [CHANNEL.json ...] [EXPORT.zip OFFICIAL.md] [--quiet]

Without arguments the labelled channels of `tests/domain/channels/seen` and `chatty`. An official row counts as found by
at most one suggestion, and the other way round, within five minutes; the nearest pairs first.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bot.domain.messages import Message, time_of
from bot.domain.suggestions import Suggestion, suggestions
from bot.domain.text import cleaned, mention, one_line

SEEN = Path(__file__).parents[1] / "domain" / "channels" / "seen"
CHATTY = SEEN.parent / "chatty"
WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an official timeline; `said` is whether the chat holds it."""

    at: datetime
    text: str
    said: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A chat and the timeline that its people wrote afterwards."""

    name: str
    messages: tuple[Message, ...]
    rows: tuple[Row, ...]
    milestones: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a channel. `pairs` are the suggestions by the index of the row that they stand for."""

    channel: Channel
    found: tuple[Suggestion, ...]
    pairs: Mapping[int, int]

    @property
    def said(self) -> int:
        return sum(row.said for row in self.channel.rows)

    @property
    def matched(self) -> int:
        return sum(self.channel.rows[row].said for row in self.pairs)

    @property
    def recall(self) -> float:
        return self.matched / self.said if self.said else 1.0

    @property
    def precision(self) -> float:
        return len(self.pairs) / len(self.found) if self.found else 1.0

    @property
    def missed(self) -> tuple[Row, ...]:
        return tuple(row for index, row in enumerate(self.channel.rows) if row.said and index not in self.pairs)

    @property
    def false(self) -> tuple[Suggestion, ...]:
        matched = set(self.pairs.values())
        return tuple(one for index, one in enumerate(self.found) if index not in matched)


def measure(channel: Channel) -> Measured:
    """Return how the suggestions for this channel's messages meet its official rows."""
    found = suggestions(channel.messages)
    return Measured(channel, found, pairs(channel.rows, [one.message for one in found]))


def pairs(rows: Sequence[Row], found: Sequence[Message]) -> dict[int, int]:
    """Return which message stands for which row, one to one, the nearest first; first the rows that were said."""
    near = sorted(
        (not row.said, abs(one.at - row.at), i, j)
        for i, row in enumerate(rows)
        for j, one in enumerate(found)
        if abs(one.at - row.at) <= WITHIN
    )
    taken: dict[int, int] = {}
    for _, _, i, j in near:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return taken


def channel_of_json(path: Path) -> Channel:
    """Read a labelled channel."""
    data = json.loads(path.read_text(encoding="utf-8"))
    messages = tuple(_message(row, row["text"], row.get("user"), row.get("bot")) for row in data["messages"])
    rows = tuple(Row(_moment(row["at"]), row["text"], row["said"]) for row in data["official"])
    milestones = {name: _moment(at) for name, at in data.get("milestones", {}).items() if at}
    return Channel(data["name"], messages, rows, milestones)


def channel_of_export(archive: Path, official: Path) -> Channel:
    """Read a Slack export of one incident and the postmortem beside it, whose rows begin `* [HH:MM] `.

    A row counts as said when the chat holds a message within five minutes of it.
    """
    with zipfile.ZipFile(archive) as opened:
        days = [name for name in opened.namelist() if re.search(r"/\d{4}-\d\d-\d\d\.json$", name)]
        raw = [message for day in sorted(days) for message in json.loads(opened.read(day))]
    messages = tuple(
        _message(one, one.get("text", ""), one.get("user"), one.get("bot_id")) for one in raw if "ts" in one
    )
    rows = _rows_of_markdown(official.read_text(encoding="utf-8"), messages)
    return Channel(archive.stem, messages, rows, {})


def _rows_of_markdown(text: str, messages: Sequence[Message]) -> tuple[Row, ...]:
    day = messages[0].at.date()
    zone = timezone(timedelta(hours=-8)) if "PST" in text else UTC
    found = []
    for hour, minute, said in re.findall(r"^\* \[(\d\d):(\d\d)\] (.+)$", text, re.MULTILINE):
        at = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone).astimezone(UTC)
        found.append(Row(at, said, said=any(abs(one.at - at) <= WITHIN for one in messages)))
    return tuple(found)


def _message(row: Mapping[str, Any], text: str, user: str | None, bot: str | None) -> Message:
    plain = cleaned(re.sub(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", lambda match: "\ue002" + match.group(1) + "\ue003", text))
    plain = re.sub("\ue002([A-Z0-9]+)\ue003", lambda match: mention(match.group(1)), plain)
    return Message(
        channel_id="C01",
        ts=row["ts"],
        at=time_of(row["ts"]),
        text=plain,
        user_id=None if bot else user,
        bot_id=f"B-{bot}" if bot else None,
        author_name=bot,
        thread_ts=row.get("thread_ts"),
        is_edited=False,
        kind="message",
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def report(measured: Measured, *, is_quiet: bool = False) -> Iterable[str]:
    """Yield the lines that people read."""
    yield (
        f"{measured.channel.name}: {len(measured.channel.messages)} messages, {measured.said} rows said, "
        f"{measured.matched} matched, {len(measured.found)} suggestions, "
        f"precision {measured.precision:.2f}, recall {measured.recall:.2f}"
    )
    if is_quiet:
        return
    for row in measured.missed:
        yield f"  missed {row.at:%H:%M} {row.text}"
    for one in measured.false:
        yield f"  false  {one.message.at:%H:%M} {one.score:.1f} {one.moment} ({one.reason}) {one_line(one.text)[:140]}"


def main(arguments: Sequence[str]) -> None:
    """Print the figures of the files given, or of the labelled channels."""
    is_quiet = "--quiet" in arguments
    files = [Path(argument) for argument in arguments if not argument.startswith("--")]
    channels = []
    while files:
        first = files.pop(0)
        if first.suffix == ".zip":
            channels.append(channel_of_export(first, files.pop(0)))
        else:
            channels.append(channel_of_json(first))
    if not channels:
        channels = [channel_of_json(path) for folder in (SEEN, CHATTY) for path in sorted(folder.glob("*.json"))]
    results = [measure(channel) for channel in channels]
    for measured in results:
        for line in report(measured, is_quiet=is_quiet):
            print(line)  # noqa: T201 -- it prints its figures
    recall = sum(one.recall for one in results) / len(results)
    precision = sum(one.precision for one in results) / len(results)
    print(f"mean over {len(results)} channels: precision {precision:.2f}, recall {recall:.2f}")  # noqa: T201 -- as above


if __name__ == "__main__":
    main(sys.argv[1:])
