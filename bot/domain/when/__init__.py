"""The one reader of every WHEN that people type: moments, due dates and lengths of time.

It is a small grammar of its own: a general date reader takes bare numbers, months and prose for times,
and here nothing may be guessed. `now` and the zone of the person who types are arguments.
"""

from bot.domain.when.dues import DueDate, read_due
from bot.domain.when.echoes import as_typed, echo
from bot.domain.when.errors import WhenError
from bot.domain.when.leading import split_leading_moment
from bot.domain.when.moments import Moment, read_moment
from bot.domain.when.spans import read_span
from bot.domain.when.splitting import split_due

__all__ = [
    "DueDate",
    "Moment",
    "WhenError",
    "as_typed",
    "echo",
    "read_due",
    "read_moment",
    "read_span",
    "split_due",
    "split_leading_moment",
]
