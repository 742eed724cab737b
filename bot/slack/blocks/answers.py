"""Answers that the asker alone sees, and short lines in the channel."""

import re

from bot.domain.text import SOMEONE
from bot.services.views import AnswerView, Confirmation, LineView
from bot.slack.blocks.elements import Block, Rendered, actions, button, context, message, paragraphs, section
from bot.slack.text import shown, to_type, whispered

_HEADING = re.compile(r"[A-Z][a-z-]+")
_COMMAND = re.compile(r"(?:(?<=^)|(?<=^Example: ))(/.+)$")
UNDO = "answer.undo"
PUBLISH = "answer.publish"
APPROVE_CUSTOMER = "answer.approve_customer"
PUBLISH_CUSTOMER = "answer.publish_customer"
_CONFIRMING = {
    Confirmation.PUBLISH: (PUBLISH, "Publish draft"),
    Confirmation.APPROVE_CUSTOMER: (APPROVE_CUSTOMER, "Approve for customers: draft"),
    Confirmation.PUBLISH_CUSTOMER: (PUBLISH_CUSTOMER, "Publish for customers: draft"),
}
# Far more than any answer of the program's own; what people typed, given back to them, may be longer.
_SECTIONS = 12


def answer(view: AnswerView) -> Rendered:
    """Return an answer, with Undo where the command can be taken back and Publish where it is a preview."""
    text = _text(view)
    lines = text.split("\n")
    blocks = paragraphs(_marked(line) for line in lines) if view.is_help else paragraphs(lines)
    if len(blocks) > _SECTIONS:
        blocks = [*blocks[:_SECTIONS], context("… This is too long to be shown whole.")]
    buttons: list[Block] = []
    if view.publish is not None:
        action_id, label = _CONFIRMING[view.confirms]
        value = f"{view.incident_row}:{view.publish}"
        buttons.append(button(f"{label} {view.publish}", action_id, value, is_primary=True))
    if view.undo is not None:
        buttons.append(button("Undo", UNDO, str(view.undo)))
    if buttons:
        blocks = [*blocks, actions("answer", buttons)]
    return message(text, blocks)


def _text(view: AnswerView) -> str:
    """Return the words of an answer, the right form of a refusal as code; what people typed stays as they typed it."""
    first, *others = view.text.split("\n")
    shown = whispered(first)
    if view.right and first.endswith(view.right):
        shown = whispered(first.removesuffix(view.right)) + to_type(view.right)
    text = "\n".join([shown, *map(whispered, others)])
    return text + (f" Go to <#{view.channel_id}>" if view.channel_id else "")


def _marked(line: str) -> str:
    """Return a line of the help with its command as code or its heading in bold, so that a glance finds it."""
    if _HEADING.fullmatch(line):
        return f"*{line}*"
    return _COMMAND.sub(r"`\1`", line.strip())


def line(view: LineView) -> Rendered:
    """Return one short line; of the people that it names it notifies those alone who wait for it."""
    text = shown(view.text, lambda user_id: view.names.get(user_id, SOMEONE), notifies=view.notifies)
    return message(text, [section(text)])
