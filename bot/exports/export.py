"""An export of Slack as an import reads it: its people, and what was said in the channels that were chosen."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from bot.domain.errors import UserError
from bot.domain.messages import CaptureRecord, MessageSeen
from bot.domain.people import Person
from bot.exports.archive import open_archive
from bot.exports.layout import FoundChannel, Layout
from bot.exports.problems import Problems, shown
from bot.services.importing import ExportedChannel, Place, Taken
from bot.slack.exported import Exported, Own, UnreadableError, bot_of, listed_person, member_ids, pin_of, read_record

_TEAM_LIMIT = 32
_LISTED = 10


class SlackExport:
    """One export, and the channels of it that are to be taken in: a context, which closes it.

    `on_bytes` hears how many bytes of the channels have been read. Raises ScribeError for what is no export,
    NotFoundError for an unknown channel, UserError where none is named.
    """

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        problems: Problems,
        on_bytes: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.name = shown(path.name or str(path))
        self._problems = problems
        self._on_bytes = on_bytes
        self._archive = open_archive(path, problems)
        with ExitStack() as opened:
            opened.callback(self._archive.close)
            self._layout = Layout(self._archive, problems)
            self._layout.check_is_export(self.name)
            found = self._chosen(names)
            # All is well: it stays open until the export is closed.
            opened.pop_all()
        self._found = {channel.folder: channel for channel in found}
        self.channels = tuple(self._described(channel) for channel in found)
        self._strangers: dict[str, Person] = {}

    def _chosen(self, names: Sequence[str]) -> tuple[FoundChannel, ...]:
        if not names:
            there = sorted({channel.name for channel in self._layout.channels})
            more = f" and {len(there) - _LISTED:,} more" if len(there) > _LISTED else ""
            has = ", ".join(shown(name) for name in there[:_LISTED])
            raise UserError(
                f"Name the channels to take in with --channel. This export has {has}{more}. For example",
                right=f"scribe import {self.name} --channel {shown(there[0])}",
            )
        return tuple(dict.fromkeys(self._layout.choose(name, self.name) for name in names))

    def _described(self, channel: FoundChannel) -> ExportedChannel:
        members = member_ids(self._layout.listed(channel)) if channel.is_private else ()
        return ExportedChannel(channel.folder, channel.name, channel.channel_id, channel.is_private, members)

    def __enter__(self) -> Self:
        """Return the export."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close the archive."""
        self._archive.close()

    @property
    def size(self) -> int:
        """How many bytes the chosen channels have, unpacked: what is heard of when they are read once."""
        return sum(self._archive.size(file) for channel in self._found.values() for file in channel.files)

    @property
    def listed_at(self) -> datetime:
        """When the people were listed (UTC), as far as the archive knows; the earliest of several lists."""
        dates = [self._archive.dated(file) for file in self._layout.people]
        return min(dates, default=datetime(1980, 1, 1, tzinfo=UTC))

    def settle(self) -> None:
        """Say that everything has been read once, so that what is broken is known."""
        self._problems.settle()

    @cached_property
    def team_id(self) -> str | None:
        """The workspace that most of the people belong to, None where the export doesn't say it."""
        return self._census[0]

    @property
    def _apps(self) -> dict[str, str]:
        return self._census[1]

    @cached_property
    def _census(self) -> tuple[str | None, dict[str, str], frozenset[str]]:
        """The workspace, the programs by their bot id, and the ids of all who are listed."""
        teams: Counter[str] = Counter()
        apps: dict[str, str] = {}
        ids = []
        for user, person in self._listed(None):
            team_id = user.get("team_id")
            if isinstance(team_id, str) and team_id.isalnum() and len(team_id) <= _TEAM_LIMIT:
                teams[team_id] += 1
            if bot_id := bot_of(user):
                apps[bot_id] = person.name
            ids.append(person.user_id)
        return (teams.most_common(1)[0][0] if teams else None), apps, frozenset(ids)

    def _listed(self, home: str | None) -> Iterator[tuple[Mapping[str, Any], Person]]:
        for file in self._layout.people:
            for number, user in self._layout.records(file):
                try:
                    person = listed_person(user, home=home)
                except UnreadableError as error:
                    self._problems.meet(file, str(error), record=number)
                else:
                    yield user, person

    def people(self) -> Iterator[Person]:
        """Yield everybody who is listed, then those of whom only their messages tell, as far as these were read."""
        for _user, person in self._listed(self.team_id):
            yield person
        yield from self._strangers.values()

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the name of each channel that everybody may read."""
        for channel in self._layout.channels:
            if channel.channel_id and not channel.is_private:
                yield channel.channel_id, channel.name

    def messages(self, channel: ExportedChannel, place: Place) -> Iterator[Taken]:
        """Yield what is known of each message of a channel, in the order of the files; `place` says whose it is.

        What is broken is a problem: it raises BrokenExportError, or is left out.
        """
        found = self._found[channel.key]
        # The replies that were listed by their thread's first message, until they come; today's name their thread.
        threads: dict[str, str] = {}
        own = Own(place.own_user_id, place.own_bot_id)
        for file in found.files:
            for number, record in self._layout.records(file, self._on_bytes):
                try:
                    read = read_record(
                        record, place.team_id, place.channel_id, own=own, apps=self._apps, home=self.team_id
                    )
                except UnreadableError as error:
                    self._problems.meet(file, str(error), record=number)
                    continue
                if read.app:
                    self._apps.setdefault(*read.app)
                if read.ts is not None:
                    yield self._taken(read.ts, read, threads)
        for pin in self._pins(found):
            vote = pin_of(place.team_id, place.channel_id, pin)
            if vote:
                yield Taken(vote.ts, (vote,))

    def _taken(self, ts: str, read: Exported, threads: dict[str, str]) -> Taken:
        threads.update(dict.fromkeys(read.replies, ts))
        thread_ts = threads.pop(ts, None)
        if read.profile and read.profile.user_id not in self._census[2]:
            self._strangers[read.profile.user_id] = read.profile
        return Taken(ts, tuple(_in_thread(one, thread_ts) for one in read.records) if thread_ts else read.records)

    def _pins(self, channel: FoundChannel) -> Sequence[Any]:
        pins = self._layout.listed(channel).get("pins")
        return pins if isinstance(pins, list) else ()


def _in_thread(record: CaptureRecord, thread_ts: str) -> CaptureRecord:
    is_open = isinstance(record, MessageSeen) and record.thread_ts is None
    return replace(record, thread_ts=thread_ts) if is_open and isinstance(record, MessageSeen) else record
