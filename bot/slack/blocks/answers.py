"""Answers that the asker alone sees, and short lines in the channel."""

from bot.domain.text import with_mentions_as
from bot.services.views import AnswerView, LineView
from bot.slack.blocks.elements import Block, Rendered, actions, button, message, paragraphs, section
from bot.slack.text import escaped, notifying, shown

UNDO = "answer.undo"
PUBLISH = "answer.publish"


def whispered(text: str) -> str:
    """Return stored text for one reader: a mention there notifies nobody, and shows the name as Slack knows it."""
    return with_mentions_as(escaped(text), notifying)


def answer(view: AnswerView) -> Rendered:
    """Return an answer, with Undo where the command can be taken back and Publish where it is a preview."""
    text = whispered(view.text) + (f" Go to <#{view.channel_id}>" if view.channel_id else "")
    blocks = paragraphs(text.split("\n"))
    buttons: list[Block] = []
    if view.publish is not None:
        value = f"{view.incident_row}:{view.publish}"
        buttons.append(button(f"Publish draft {view.publish}", PUBLISH, value, is_primary=True))
    if view.undo is not None:
        buttons.append(button("Undo", UNDO, str(view.undo)))
    if buttons:
        blocks = [*blocks[:48], actions("answer", buttons)]
    return message(text, blocks)


def line(view: LineView) -> Rendered:
    """Return one short line; it names people without notifying them."""
    text = shown(view.text, lambda user_id: view.names.get(user_id, user_id))
    return message(text, [section(text)])
