"""Answers that the asker alone sees, and short lines in the channel."""

import re

from bot.services.views import AnswerView, LineView
from bot.slack.blocks.elements import Block, Rendered, actions, button, message, paragraphs, section
from bot.slack.text import shown, whispered

_HEADING = re.compile(r"[A-Z][a-z-]+")
_COMMAND = re.compile(r"(?:(?<=^)|(?<=^Example: ))(/.+)$")
UNDO = "answer.undo"
PUBLISH = "answer.publish"


def answer(view: AnswerView) -> Rendered:
    """Return an answer, with Undo where the command can be taken back and Publish where it is a preview."""
    text = whispered(view.text) + (f" Go to <#{view.channel_id}>" if view.channel_id else "")
    lines = text.split("\n")
    blocks = paragraphs(_marked(line) for line in lines) if view.is_help else paragraphs(lines)
    buttons: list[Block] = []
    if view.publish is not None:
        value = f"{view.incident_row}:{view.publish}"
        buttons.append(button(f"Publish draft {view.publish}", PUBLISH, value, is_primary=True))
    if view.undo is not None:
        buttons.append(button("Undo", UNDO, str(view.undo)))
    if buttons:
        blocks = [*blocks[:48], actions("answer", buttons)]
    return message(text, blocks)


def _marked(line: str) -> str:
    """Return a line of the help with its command as code or its heading in bold, so that a glance finds it."""
    if _HEADING.fullmatch(line):
        return f"*{line}*"
    return _COMMAND.sub(r"`\1`", line.strip())


def line(view: LineView) -> Rendered:
    """Return one short line; it names people without notifying them."""
    text = shown(view.text, lambda user_id: view.names.get(user_id, user_id))
    return message(text, [section(text)])
