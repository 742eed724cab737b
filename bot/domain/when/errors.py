from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bot.domain.errors import UserError

_QUOTED_MAX = 40
_EXAMPLES_MAX = 3


class WhenError(UserError):
    """A WHEN that can't be placed; the message is the one line that the asker reads."""


class NoSuchDayError(Exception):
    """A day that looks exact but is on no calendar, such as 30 February.

    Args:
        typed: the part of the text that names the day.
        nearest: the nearest day that exists, written the way it was typed.
    """

    def __init__(self, typed: str, nearest: str) -> None:
        super().__init__(typed)
        self.typed = typed
        self.nearest = nearest


@contextmanager
def giving_back(text: str) -> Iterator[None]:
    """Let a refusal carry all that was typed, so that nothing of it is lost."""
    try:
        yield
    except WhenError as refusal:
        refusal.typed = text
        raise


def quoted(text: str) -> str:
    """Give what was typed in quotes, on one line, cut to a readable length."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _QUOTED_MAX else f'"{line[: _QUOTED_MAX - 1].rstrip()}…"'


def offered(examples: Iterable[str]) -> str:
    """Give the closing sentence of a refusal: at most three different examples, in their order."""
    kept = list(dict.fromkeys(examples))[:_EXAMPLES_MAX]
    match kept:
        case [one]:
            return f"Try {one}."
        case [one, two]:
            return f"Try {one} or {two}."
        case _:
            return f"Try {', '.join(kept[:-1])}, or {kept[-1]}."
