"""The files of an export, in a zip archive or a folder, under the names that they have there.

Nothing is unpacked: files are read as streams, so that a name can lead nowhere and a size can fill nothing.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from bot.domain.errors import ScribeError
from bot.exports.problems import Problems, shown

# A channel's talk of one day has some megabytes at most.
MOST_BYTES = 1 << 30
_DEEPEST = 8
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
# What the zip module and what it unpacks with raise for content that is not what it claims to be.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class UnreadableFileError(ScribeError):
    """A file of an export can't be read to its end. The message says why, without its name."""


class Archive(Protocol):
    """An export's files. `names` are paths with slashes; what is hidden or made by the machine is left out."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every file, in order."""

    def size(self, name: str) -> int:
        """Return how many bytes a file has, unpacked."""

    def dated(self, name: str) -> datetime:
        """Return when a file was written (UTC, as far as the archive knows)."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Return a context in which a file is read. Raises UnreadableFileError, there too."""

    def close(self) -> None:
        """Close it."""


def open_archive(path: Path, problems: Problems) -> Archive:
    """Open an export. Raises ScribeError, in one line, for what is none."""
    if path.is_dir():
        return FolderArchive(path, problems)
    named = shown(str(path))
    try:
        return ZipArchive(path, problems)
    except FileNotFoundError as error:
        raise ScribeError(
            f"{named} is not there. Name the export's zip archive, or the folder that it was unpacked to."
        ) from error
    except OSError as error:
        raise ScribeError(f"{named} can't be read ({error.strerror or error}).") from error
    except (*_UNREADABLE, ValueError) as error:
        raise ScribeError(
            f"{named} is no zip archive, or was cut off. Download it again, or name the folder that it was unpacked to."
        ) from error


def _is_wanted(name: str) -> bool:
    """Whether a file belongs to the export: not what macOS and Windows add to folders and archives."""
    parts = name.split("/")
    return not any(part.startswith(".") or part in ("__MACOSX", "Thumbs.db", "desktop.ini") for part in parts if part)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or _DRIVE.match(name) is not None or ".." in name.split("/")


class ZipArchive:
    """A zip archive, of which only the list of its files is in memory."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self._zip = zipfile.ZipFile(path)
        self._files: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = _name_of(info)
            if info.is_dir():
                continue
            if _leads_out(name):
                problems.meet(name, "its name leads out of the archive")
            elif len(PurePosixPath(name).parts) > _DEEPEST:
                problems.meet(name, "it lies deeper than the files of an export do")
            elif _is_wanted(name):
                self._files[name] = info
        self.names = tuple(sorted(self._files))

    def size(self, name: str) -> int:
        """Return how many bytes a file has, unpacked."""
        return self._files[name].file_size

    def dated(self, name: str) -> datetime:
        """Return when a file was written; the archive knows no zone, so that it may be half a day wrong."""
        try:
            return datetime(*self._files[name].date_time, tzinfo=UTC)
        except ValueError:
            return datetime(1980, 1, 1, tzinfo=UTC)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Yield a file's content as a stream. Raises UnreadableFileError."""
        info = self._files[name]
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableFileError("it is encrypted")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise UnreadableFileError("it is a link, not a file")
        _check_size(info.file_size)
        try:
            with self._zip.open(info) as stream:
                yield stream
        except _UNREADABLE as error:
            raise UnreadableFileError(f"it can't be unpacked ({_reason(error)})") from error

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a file's name with slashes; old tools write UTF-8 without saying so, which is read as cp437."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/").removeprefix("./")


class FolderArchive:
    """An unpacked export. Links are not followed."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self._path = path
        self._files: dict[str, os.stat_result] = {}
        try:
            self._walk(path, "", problems)
        except OSError as error:
            raise ScribeError(f"{shown(str(path))} can't be read ({error.strerror}).") from error
        self.names = tuple(sorted(self._files))

    def _walk(self, folder: Path, prefix: str, problems: Problems) -> None:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if not _is_wanted(name):
                continue
            if entry.is_symlink():
                problems.meet(name, "it is a link, not a file")
            elif entry.is_dir(follow_symlinks=False):
                if name.count("/") < _DEEPEST:
                    self._walk(Path(entry.path), f"{name}/", problems)
            elif entry.is_file(follow_symlinks=False):
                self._files[name] = entry.stat(follow_symlinks=False)

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        return self._files[name].st_size

    def dated(self, name: str) -> datetime:
        """Return when a file was written."""
        return datetime.fromtimestamp(self._files[name].st_mtime, UTC)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Yield a file's content as a stream. Raises UnreadableFileError."""
        _check_size(self._files[name].st_size)
        try:
            with (self._path / name).open("rb") as stream:
                yield stream
        except OSError as error:
            raise UnreadableFileError(f"it can't be read ({_reason(error)})") from error

    def close(self) -> None:
        """Nothing is open between two files."""


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableFileError(f"it has {size / (1 << 30):.1f} GB, more than a day of a channel can have")


def _reason(error: BaseException) -> str:
    """Return why a file can't be read, without the names that the zip module puts into its messages."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that is not supported"
    words = str(error).lower()
    if "crc" in words:
        return "its content does not match its checksum"
    return "its content is cut off or damaged"
