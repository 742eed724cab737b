"""What a check found: one line, with its mend."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: fine, something does less than it could, something does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `subject` is the setting, or the thing, that it is about; `text` ends with how to mend it."""

    level: Level
    subject: str
    text: str

    @property
    def line(self) -> str:
        """The finding as it is printed."""
        return f"{self.level.value:<4}  {self.subject}: {self.text}"


def ok(subject: str, text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Level.OK, subject, text)


def warn(subject: str, text: str) -> Finding:
    """Return that something does less than it could, or could not be looked at."""
    return Finding(Level.WARN, subject, text)


def fail(subject: str, text: str) -> Finding:
    """Return that something does not work."""
    return Finding(Level.FAIL, subject, text)


def failed(line: str) -> Finding:
    """Return the failure that a line `SETTING: what is wrong` tells of."""
    subject, _, text = line.partition(": ")
    return fail(subject, text)
