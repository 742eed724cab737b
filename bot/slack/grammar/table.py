"""The one table of subcommands: parsing, suggestions and help all read it, so that they can't drift apart."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.slack.grammar.asked import Asked, Option
from bot.slack.grammar.commands import Command, Context


class Group(StrEnum):
    """The parts of the help, in its order."""

    START = "start"
    STATE = "state"
    TIMELINE = "timeline"
    ANALYSIS = "analysis"
    FOLLOW_UP = "follow-up"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One subcommand.

    Args:
        name: its first word, as the help shows it.
        group: the part of the help where it stands.
        usage: what goes after its name, without its options.
        example: words after the name that can be read as they stand; `@anna` stands for a mention.
        does: one short sentence.
        read: turns what was asked into a command; raises UserError.
        aliases: other words that are understood.
        options: its `--options`.
        more: further sentences for the fuller help.
        takes_target: whether an incident id may stand in front.
    """

    name: str
    group: Group
    usage: str
    example: str
    does: str
    read: Callable[[Asked], Command]
    aliases: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    more: tuple[str, ...] = ()
    takes_target: bool = True

    @property
    def full_usage(self) -> str:
        """Everything that may go after its name."""
        return " ".join([*filter(None, [self.usage]), *(option.usage for option in self.options)])


@dataclass(frozen=True, slots=True)
class Table:
    """The subcommands of one of the two slash commands."""

    is_postmortem: bool
    rows: tuple[Subcommand, ...]

    def command_in(self, context: Context) -> str:
        """Return what the slash command is called here."""
        return context.postmortem_command if self.is_postmortem else context.command

    def find(self, word: str) -> Subcommand | None:
        """Return the subcommand that a word names, in any case and also with a colon after it."""
        key = word.lower().rstrip(":")
        return next((row for row in self.rows if key == row.name or key in row.aliases), None)

    @property
    def words(self) -> dict[str, Subcommand]:
        """The subcommands by their names and aliases."""
        return {word: row for row in self.rows for word in (row.name, *row.aliases)}


HELP_WORDS = ("-h", "--help", "—help", "–help", "?", "usage", "commands")
