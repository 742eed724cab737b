"""The times within commands, read for the asker's clock. What can't be read is a WhenError, which is a UserError."""

from bot.domain.when import DueDate, Moment, read_due, read_moment, split_due, split_leading_moment
from bot.slack.grammar.asked import Asked


def exact_moment(asked: Asked, text: str) -> Moment:
    """Return the past moment that the whole text names. Raises UserError when it names none."""
    return read_moment(text, now=asked.context.now, zone=asked.context.zone)


def planned_moment(asked: Asked, text: str) -> Moment:
    """Return the coming moment that the whole text names. Raises UserError when it names none."""
    return read_moment(text, now=asked.context.now, zone=asked.context.zone, allow_future=True)


def leading_moment(asked: Asked, text: str) -> tuple[Moment | None, str]:
    """Return the moment that the text begins with, if any, and the text after it. Raises UserError for a bad one."""
    return split_leading_moment(text, now=asked.context.now, zone=asked.context.zone)


def due_date(asked: Asked, text: str) -> DueDate:
    """Return the day that the whole text names. Raises UserError when it names none."""
    return read_due(text, now=asked.context.now, zone=asked.context.zone)


def due_at_end(asked: Asked, text: str) -> tuple[str, DueDate | None, str]:
    """Return the text before the last ` due `, its date if it is one, and what follows the date.

    Raises UserError for a date that can't be read.
    """
    return split_due(text, now=asked.context.now, zone=asked.context.zone)
