"""A progress bar on standard error, on a terminal alone, for files that are read twice: to check, and to take in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Bar(Protocol):
    """Hears how far reading is."""

    def begin(self, size: int) -> None:
        """Say how many bytes are read each time."""

    def advance(self, read: int) -> None:
        """Hear of bytes that were read."""


class _Hidden:
    """Shows nothing."""

    def begin(self, size: int) -> None:
        """Show nothing."""

    def advance(self, read: int) -> None:
        """Show nothing."""


class _Shown:
    """Shows how far reading is, and which time it is."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._size = 0
        self._read = 0

    def begin(self, size: int) -> None:
        """Show the whole length."""
        self._size = size
        self._progress.update(self._task, total=2 * size)

    def advance(self, read: int) -> None:
        """Show how far it is."""
        self._read += read
        step = "Checking" if self._read <= self._size else "Taking in"
        self._progress.update(self._task, completed=self._read, description=step)


@contextmanager
def bar() -> Iterator[Bar]:
    """Yield a bar; where standard error is no terminal it shows nothing."""
    if not sys.stderr.isatty():
        yield _Hidden()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Shown(progress, progress.add_task("Checking", total=None))
