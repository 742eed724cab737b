"""What is wrong with an export: the first of it ends the import, or all of it is left out and told."""

from bot.domain.errors import ScribeError
from bot.domain.text import cleaned, clipped, counted, one_line

_NAME_LIMIT = 120
_TOLD = 10


class BrokenExportError(ScribeError):
    """An export can't be taken in. The message names the file and the record, in one line."""


def shown(name: str) -> str:
    """Return the name of a file in an export as it can be shown on a terminal."""
    return clipped(one_line(cleaned(name)), _NAME_LIMIT) or "a file without a name"


class Problems:
    """Meets what is wrong, file by file.

    Where broken parts are not skipped, the first one raises BrokenExportError. Otherwise the caller leaves the part
    out; `lines` tells of the first few and counts the others. Each counts once, however often the file is read.
    """

    def __init__(self, *, skips: bool) -> None:
        self._skips = skips
        self._told: list[str] = []
        self._count = 0
        self._is_settled = False

    def meet(self, file: str, what: str, *, record: int | None = None) -> None:
        """Take note that a part is broken: what is wrong with the file, or with one record of it, counted from 1.

        Raises BrokenExportError where it is not to be skipped.
        """
        if self._is_settled:
            return
        place = shown(file) + (f", record {record}" if record is not None else "")
        if not self._skips:
            raise BrokenExportError(
                f"{place}: {what}. Nothing was imported. To leave out what is broken: --skip-broken"
            )
        self._count += 1
        if len(self._told) < _TOLD:
            self._told.append(f"{place}: {what}")

    def settle(self) -> None:
        """Say that everything has been read once: what is read again from now on was met before."""
        self._is_settled = True

    @property
    def lines(self) -> tuple[str, ...]:
        """What was left out, a line each."""
        further = self._count - len(self._told)
        lines = [f"Left out: {line}" for line in self._told]
        return (*lines, f"Left out: {counted(further, 'other part')}") if further else tuple(lines)
