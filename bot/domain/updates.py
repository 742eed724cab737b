"""Updates: one message at a time for those outside, the log of them, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.durations import in_words
from bot.domain.errors import UserError

# Where an update can be read when nothing is announced: those outside are told nothing then.
THIS_CHANNEL = "this channel"
# Sooner is nothing that anybody can keep to, later nothing that anybody waits for.
LEAST = timedelta(minutes=1)
MOST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it was sent: what, by whom, when (UTC), and where it could be read.

    `next_due_at` (UTC) is when the next one was promised, None where nothing was.
    """

    update_id: int
    text: str
    by: str
    said_at: datetime
    to: str
    next_due_at: datetime | None = None


def valid_wait(length: timedelta, *, what: str, example: str) -> timedelta:
    """Return the time until the next update, or the next reminder, as it is.

    Raises UserError when it is under LEAST or over MOST: `what` begins the sentence ("The next update can't come in"),
    `example` is the right form.
    """
    if length < LEAST:
        raise UserError(f"{what} {in_words(length)}; {in_words(LEAST)} is the least", right=example)
    if length > MOST:
        raise UserError(f"{what} {in_words(length)}; {in_words(MOST)} is the most", right=example)
    return length
