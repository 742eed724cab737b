"""The slash commands' names are settings: our own sentences use the usual ones, which are exchanged at the exit."""

import re

from bot.slack.grammar.commands import Context

_USUAL = re.compile(r"/(incident|postmortem)\b")


def named_as_in(context: Context, sentence: str) -> str:
    """Return one of our own sentences with the workspace's names of the commands; never for what people typed."""
    names = {"incident": context.command, "postmortem": context.postmortem_command}
    return _USUAL.sub(lambda match: names[match[1]], sentence)
