"""Where things are in an export: its channels with their files by day, and its lists of channels and people.

A channel is a folder with files such as `2026-11-20.json`, at the top or deeper, as unpacking and packing again or the
export of an organisation puts it. The lists beside the folders say which channel it is and who may read it.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.domain.errors import NotFoundError, ScribeError, UserError
from bot.exports.archive import Archive, UnreadableFileError
from bot.exports.arrays import BrokenListError, records_of
from bot.exports.problems import Problems, shown

_DAY_FILE = re.compile(r"\d{4}-\d\d?-\d\d?[^/]*\.json", re.ASCII | re.IGNORECASE)
# Which lists an export may have, and whether everybody may read what they list.
_LISTS = {"channels.json": False, "groups.json": True, "mpims.json": True, "dms.json": True}
_PEOPLE = ("users.json", "org_users.json")
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{1,31}", re.ASCII)
# Of a folder that no list names: a direct message, or one of several people.
_CONVERSATION = re.compile(r"D[A-Z0-9]{7,}|mpdm-.*", re.ASCII)
_NEAR = 5


@dataclass(frozen=True, slots=True)
class FoundChannel:
    """A channel of an export: its files by day, in order, and where it is listed.

    `channel_id` is None where no list says it. `members` and `pins` are read from `listed_in` when they are needed.
    """

    name: str
    folder: str
    files: tuple[str, ...]
    channel_id: str | None = None
    is_private: bool = False
    listed_in: str | None = None


class Layout:
    """What is where in an archive."""

    def __init__(self, archive: Archive, problems: Problems) -> None:
        self._archive = archive
        self._problems = problems
        files: dict[str, list[str]] = defaultdict(list)
        lists: list[str] = []
        people: list[str] = []
        for name in archive.names:
            folder, _slash, base = name.rpartition("/")
            if folder and _DAY_FILE.fullmatch(base):
                files[folder].append(name)
            elif base.lower() in _LISTS:
                lists.append(name)
            elif base.lower() in _PEOPLE:
                people.append(name)
        self.people = tuple(people)
        self._folders = {_normal(folder): (folder, tuple(names)) for folder, names in files.items()}
        self.channels = self._found(lists)

    def _found(self, lists: list[str]) -> tuple[FoundChannel, ...]:
        found: dict[str, FoundChannel] = {}
        for file in lists:
            for number, listed in self.records(file):
                channel = self._listed(file, listed)
                if channel is None:
                    self._problems.meet(file, "it is no channel with a name or an id", record=number)
                else:
                    found.setdefault(_normal(channel.folder), channel)
        for normal, (folder, names) in self._folders.items():
            if normal not in found:
                name = unicodedata.normalize("NFC", PurePosixPath(folder).name)
                is_private = _CONVERSATION.fullmatch(name) is not None
                channel_id = name if _CHANNEL_ID.fullmatch(name) and len(name) >= len("C12345678") else None
                found[normal] = FoundChannel(name, folder, names, channel_id, is_private=is_private)
        return tuple(found.values())

    def _listed(self, file: str, listed: Any) -> FoundChannel | None:
        """Return a channel that a list names, None for what is none."""
        channel_id, name = (_text(listed, key) for key in ("id", "name"))
        if not (channel_id or name):
            return None
        root = PurePosixPath(file).parent
        folder = str(root / (name or channel_id))
        names: tuple[str, ...] = ()
        for base in filter(None, (name, channel_id)):
            if there := self._folders.get(_normal(str(root / base))):
                folder, names = there
                break
        is_private = _LISTS[PurePosixPath(file).name.lower()] or bool(listed.get("is_private"))
        known_id = channel_id if _CHANNEL_ID.fullmatch(channel_id) else None
        return FoundChannel(
            unicodedata.normalize("NFC", name or channel_id), folder, names, known_id, is_private, listed_in=file
        )

    def records(self, file: str, on_bytes: Callable[[int], None] = lambda _: None) -> Iterator[tuple[int, Any]]:
        """Yield the records of a file with their numbers. What can't be read on is a problem, and ends it."""
        try:
            with self._archive.open(file) as stream:
                yield from records_of(stream, on_bytes)
        except BrokenListError as error:
            self._problems.meet(file, str(error), record=error.record)
        except UnreadableFileError as error:
            self._problems.meet(file, str(error))

    def listed(self, channel: FoundChannel) -> Mapping[str, Any]:
        """Return what the list says of a channel, nothing where none names it."""
        if channel.listed_in is None:
            return {}
        for _number, listed in self.records(channel.listed_in):
            named = self._listed(channel.listed_in, listed)
            if named and named.folder == channel.folder:
                found: Mapping[str, Any] = listed
                return found
        return {}

    def check_is_export(self, what: str) -> None:
        """Raise ScribeError where the archive has no channel at all."""
        if self.channels:
            return
        pages = any(name.lower().endswith((".html", ".htm")) for name in self._archive.names)
        hint = " It holds web pages: what is needed is the export itself, in JSON." if pages else ""
        raise ScribeError(
            f"{what} is no export of Slack: no folder in it has messages by day, such as general/2026-11-20.json.{hint}"
        )

    def choose(self, typed: str, what: str) -> FoundChannel:
        """Return the channel that was named, with or without #, by its name, its id or its folder.

        `what` names the export. Raises NotFoundError, UserError where several are called so.
        """
        wanted = _normal(typed.strip().removeprefix("#"))
        for is_meant in (_is_exactly, _is_in_another_case):
            fitting = [channel for channel in self.channels if is_meant(wanted, channel)]
            if len(fitting) > 1:
                folders = ", ".join(shown(channel.folder) for channel in fitting[:_NEAR])
                raise UserError(
                    f"Several channels of {what} are called {shown(typed)}: {folders}. Name one of them so",
                    right=f"--channel {shown(fitting[0].folder)}",
                )
            if fitting:
                return fitting[0]
        raise self._unknown(typed, wanted, what)

    def _unknown(self, typed: str, wanted: str, what: str) -> NotFoundError:
        names = sorted({channel.name for channel in self.channels})
        near = difflib.get_close_matches(wanted, names, _NEAR, cutoff=0.5)
        near += [name for name in names if wanted and wanted in name and name not in near][: _NEAR - len(near)]
        such = ", ".join(shown(name) for name in near or names[:_NEAR])
        if len(names) == 1:
            return NotFoundError(f"There is no channel {shown(typed)} in {what}, only {such}.")
        hint = f". The nearest: {such}" if near else f", such as {such}"
        return NotFoundError(f"There is no channel {shown(typed)} among the {len(names):,} channels of {what}{hint}.")


def _is_exactly(wanted: str, channel: FoundChannel) -> bool:
    return wanted in (_normal(channel.name), channel.channel_id, _normal(channel.folder))


def _is_in_another_case(wanted: str, channel: FoundChannel) -> bool:
    known = (_normal(channel.name), channel.channel_id or "", _normal(channel.folder))
    return wanted.casefold() in {name.casefold() for name in known}


def _normal(name: str) -> str:
    """Return a name as it is compared: macOS writes an accent as a letter of its own."""
    return unicodedata.normalize("NFC", name)


def _text(listed: Any, key: str) -> str:
    value = listed.get(key) if isinstance(listed, Mapping) else None
    # A folder's name, not a way to one.
    return value.strip().removeprefix("#") if isinstance(value, str) and "/" not in value else ""
