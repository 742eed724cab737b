"""The door of the grammar: the text of a slash command in, a command or a one-line refusal out."""

import re

from bot.domain.errors import UserError
from bot.domain.incident import Role, Status
from bot.domain.milestones import SETTABLE
from bot.domain.statements import CauseKind, LessonKind
from bot.slack.grammar.asked import Asked, closest, said, split_word
from bot.slack.grammar.commands import Command, Context, Help, Parsed
from bot.slack.grammar.helptext import FIRST_STEPS, topic_named
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Group, Subcommand, Table
from bot.slack.grammar.targets import is_incident

_SEVERITY = re.compile(r"^sev-?(?=[0-9](?!\S))", re.IGNORECASE)
# Words that belong behind a subcommand, typed in its place. "notes" is left out: it is nearly "note".
_BEHIND = {
    **{status.value: "status" for status in Status},
    **{role.value: "role" for role in Role if role is not Role.NOTES},
    "commander": "role",
    **{milestone.value: "set" for milestone in SETTABLE},
    **{kind.value: "cause" for kind in CauseKind},
    **{kind.value: "lesson" for kind in LessonKind},
}

# What people call the end of it, typed alone.
_OVER = frozenset({"done", "fixed", "over", "solved"})


def parse_incident(text: str, context: Context) -> Parsed:
    """Read what was typed after `/incident`, or after a mention of the bot.

    Args:
        text: decoded text: plain, with mentions as tokens.
        context: who asks, when, and what the commands are called.

    Returns:
        The command, and the incident named in front of it. No text at all asks for the help's first steps.

    Raises:
        UserError: one line with what is wrong and the right form; `typed` is the whole text.
    """
    return parse_with(INCIDENT, text, context)


def parse_postmortem(text: str, context: Context) -> Parsed:
    """Read what was typed after `/postmortem`; otherwise like parse_incident."""
    return parse_with(POSTMORTEM, text, context)


def parse_with(table: Table, text: str, context: Context) -> Parsed:
    """Read a text with a table of subcommands; see parse_incident."""
    try:
        return _parsed(table, text.strip(), context)
    except UserError as error:
        error.typed = text
        raise


def _parsed(table: Table, text: str, context: Context) -> Parsed:
    first, rest = _command_word(text)
    if not first:
        return Parsed(None, Help(Group.REPORT.value if table.is_postmortem else FIRST_STEPS))
    if row := table.find(first):
        return Parsed(None, _read(table, row, None, rest, context))
    second, after = _command_word(rest)
    row = table.find(second) if second else None
    command = table.command_in(context)
    if row and not _is_target(table, first):
        raise _no_incident(table, Asked(context, command, None, first, rest))
    if row:
        return Parsed(first.upper(), _read(table, row, first.upper(), after, context))
    if first.isalpha() or not is_incident(first):
        raise _no_command(table, Asked(context, command, None, first, rest), text)
    if second:
        raise _no_command(table, Asked(context, command, first.upper(), second, after), text)
    name = next(row.name for row in table.rows if row.takes_target)
    right = Asked(context, command, first.upper(), name, "").form()
    raise UserError(f"Say what to do with {first.upper()}", right=right)


def _command_word(text: str) -> tuple[str, str]:
    # "sev2" is a whole command, and must not be taken for the end of an id.
    return split_word(_SEVERITY.sub("severity ", text, count=1))


def _is_target(table: Table, word: str) -> bool:
    # An ending of letters alone may as well be a mistyped command, unless it is typed in capitals like the id.
    is_mistyped = word.isalpha() and not word.isupper() and closest(word, table.words) is not None
    return is_incident(word) and not is_mistyped


def _read(table: Table, row: Subcommand, target: str | None, rest: str, context: Context) -> Command:
    asked = Asked(context, table.command_in(context), target, row.name, rest, row.options)
    if target and not row.takes_target:
        right = Asked(context, asked.command, None, row.name, rest).form(rest)
        raise UserError(f"No incident id goes before {said(row.name)}", right=right)
    command = row.read(asked)
    if isinstance(command, Help) and command.topic:
        return Help(topic_named(context, command.topic, table))
    return command


def _no_incident(table: Table, asked: Asked) -> UserError:
    """Return the refusal of a word before a command; `asked.name` is that word."""
    right = _did_you_mean(table, asked)
    if right:
        return UserError(f"{said(asked.name)} is not a command. Did you mean", right=right)
    neither = f"{said(asked.name)} is neither a command ({asked.command} help lists them) nor an incident's id"
    example = asked.form(f"INC-{asked.context.now:%Y-%m-%d}-001 {asked.rest}", name="")
    return UserError(f"{neither}. With one", right=example)


def _no_command(table: Table, asked: Asked, text: str) -> UserError:
    """Return the refusal of a word that is no command; `asked.name` is that word, `text` all that was typed."""
    start = f"{said(asked.name)} is not a command"
    listing = f"{asked.command} help"
    if right := _did_you_mean(table, asked):
        return UserError(f"{start}. Did you mean", right=right)
    if asked.name.lower() == "undo":
        where = "Undo is the button below the answer to what you typed"
        return UserError(f"{start}. {where}. All commands", right=listing)
    is_title = asked.rest and "-" not in (asked.target or "")
    if is_title and not table.is_postmortem:
        title = Asked(asked.context, asked.command, None, "start", "").form(text)
        return UserError(f"{start} ({listing} lists them). To start an incident", right=title)
    return UserError(f"{start}. All commands", right=listing)


def _did_you_mean(table: Table, asked: Asked) -> str | None:
    key = asked.name.lower().rstrip(":,")
    if (behind := _BEHIND.get(key)) and table.find(behind):
        return asked.form(f"{key} {asked.rest}", name=behind)
    if key in _OVER and not asked.rest and not table.is_postmortem:
        return asked.form(name="resolve")
    if (near := closest(key, table.words)) is not None:
        return asked.form(asked.rest, name=table.words[near].name)
    for other in (INCIDENT, POSTMORTEM):
        row = other.words.get(key)
        if row and other.is_postmortem is not table.is_postmortem:
            elsewhere = Asked(asked.context, other.command_in(asked.context), asked.target, row.name, "")
            return elsewhere.form(asked.rest)
    return None
