"""Answers and short lines."""

from datetime import UTC, datetime

from bot.domain.text import mention
from bot.services.views import AnswerView, LineView
from bot.slack.grammar.commands import Context
from bot.slack.grammar.helptext import help_text
from tests.shapes.gallery import EMPTY, ENDLESS, FULL, HOSTILE, HOSTILE_LINE, NAMES, TYPICAL, add

_HELP = help_text(Context(now=datetime(2026, 11, 20, 14, 30, tzinfo=UTC), zone="Europe/Berlin"), None)

add(EMPTY, AnswerView("x"), to_asker=True)
add(TYPICAL, AnswerView("On the timeline.", undo=12, incident_row=1), to_asker=True)
add(TYPICAL, AnswerView(_HELP, is_help=True), to_asker=True, label="of help")
add(
    FULL,
    AnswerView(HOSTILE * 10, undo=10**9, publish=10**6, incident_row=10**9),
    to_asker=True,
    rest="too long to be shown whole",
)
add(FULL, AnswerView(ENDLESS, undo=1), to_asker=True, label="of one endless line")
_RIGHT = f"/incident note {HOSTILE_LINE.strip()}"
add(FULL, AnswerView(f"Like this: {_RIGHT}\nYou typed: {HOSTILE}", right=_RIGHT), to_asker=True, label="of a refusal")

add(EMPTY, LineView("x"))
add(TYPICAL, LineView(f"{mention('U0BEN')} is the incident lead", NAMES))
add(
    TYPICAL,
    LineView(f"{mention('U0BEN')} takes the lead from {mention('ULEAD')}", NAMES, notifies=("ULEAD",)),
    asks=("ULEAD",),
    label="that somebody waits for",
)
add(FULL, LineView(HOSTILE, NAMES))
add(FULL, LineView(HOSTILE, NAMES, ("U0BEN",)), asks=("U0BEN",), label="that somebody waits for")
add(FULL, LineView(ENDLESS), label="of one endless line")
