"""The form for an update to those outside."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.durations import in_words
from bot.domain.incident import Incident
from bot.domain.reminders import RULES, ReminderKind
from bot.domain.statements import STATEMENT_LIMIT
from bot.domain.text import clipped, one_line
from bot.domain.updates import Update
from bot.slack.blocks.elements import Block, context, moment
from bot.slack.blocks.forms import field, modal, select, text_input
from bot.slack.text import whispered

SEND = "send_update"
NO_NEXT = "0"
_LAST_SHOWN = 500
_NEXT = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240, 1_440))


def send_update(incident: Incident, last: Update | None, *, place: str, metadata: Mapping[str, Any]) -> Block:
    """Return the form: what to say and, unless the incident is over, when the next one comes; the last one above.

    `place` says in a sentence where it can be read. Lengths come back in seconds, `NO_NEXT` for no promise.
    """
    hint = f"For example: payments are back for most customers, we keep watching. {place}"
    blocks = [field("text", "What should they know?", text_input(limit=STATEMENT_LIMIT, is_long=True), hint=hint)]
    if last:
        shown = whispered(clipped(one_line(last.text), _LAST_SHOWN))
        blocks.insert(0, context(f"The last one, {moment(last.said_at)}: {shown}"))
    if not incident.status.is_over:
        words = {NO_NEXT: "No promise"} | {_seconds(length): in_words(length) for length in _NEXT}
        usual = _seconds(RULES[ReminderKind.UPDATE][incident.severity])
        promised = "It is announced too, and a reminder comes when it has passed."
        blocks.append(field("next", "When does the next one come?", select(words, usual), hint=promised))
    return modal(SEND, "Send an update", "Send", blocks, metadata)


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():.0f}"
