"""The help: plain lines short enough for a phone, made from the table of subcommands."""

from bot.domain.errors import UserError
from bot.slack.grammar.asked import closest, said
from bot.slack.grammar.commands import Context
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.names import named_as_in
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Group, Subcommand, Table

_POSTMORTEM = "postmortem"
# The help for who types the bare command: few enough to be read in the night. The space keeps it from being typed.
FIRST_STEPS = "first steps"
_FIRST_STEPS = ("start", "list", "catchup", "role", "note", "task", "update", "mitigated", "resolve")


def help_text(context: Context, topic: str | None) -> str:
    """Return the help as plain lines.

    Args:
        context: what the commands are called.
        topic: a command's first word ("severity", "postmortem draft"), the name of a group ("state"), FIRST_STEPS
            for what an incident can't do without, or None for the overview.

    Returns:
        All commands by group, each with an example, or the few of them; or everything about one.

    Raises:
        UserError: when there is no such topic, with the nearest one.
    """
    if topic is None or not topic.strip():
        return "\n".join(_overview(context))
    if topic == FIRST_STEPS:
        return "\n".join(_first_steps(context))
    name = topic_named(context, topic, INCIDENT)
    if name in set(Group) and not INCIDENT.find(name):
        return "\n".join(_group(context, Group(name)))
    is_report = name.startswith(f"{_POSTMORTEM} ")
    table = POSTMORTEM if is_report else INCIDENT
    row = table.words[name.removeprefix(f"{_POSTMORTEM} ")]
    return "\n".join(_fuller(context, table, row))


def topic_named(context: Context, typed: str, table: Table) -> str:
    """Return the topic that was typed, as help_text knows it; where two are called the same, the one of `table`.

    Raises UserError when there is none.
    """
    word, table = _topic_word(context, typed, table)
    for here in (table, INCIDENT, POSTMORTEM):
        row = here.find(word)
        if row:
            return f"{_POSTMORTEM} {row.name}" if here.is_postmortem else row.name
    if word in set(Group):
        return word
    if word in (_POSTMORTEM, *_names(context, POSTMORTEM)):
        return Group.REPORT.value
    help_command = f"{table.command_in(context)} help"
    near = closest(word, [*INCIDENT.words, *POSTMORTEM.words])
    guess, right = ("Did you mean", f"{help_command} {near}") if near else ("All commands", help_command)
    raise UserError(f"There is no help on {said(typed)}. {guess}", right=right, typed=typed)


def _topic_word(context: Context, typed: str, table: Table) -> tuple[str, Table]:
    first, *others = typed.lower().split()
    for named in (INCIDENT, POSTMORTEM):
        if others and first in _names(context, named):
            return others[0], named
    return first, table


def _names(context: Context, table: Table) -> tuple[str, str]:
    name = table.command_in(context)
    return name, name.removeprefix("/")


def _overview(context: Context) -> list[str]:
    lines = [
        "In the incident's channel:",
        f"  {context.command} note 14:05 rolled back",
        "Elsewhere, with the id or its end in front:",
        f"  {context.command} 001 note 14:05 rolled back",
    ]
    for group in Group:
        lines += ["", *_group(context, group)]
    return lines


def _first_steps(context: Context) -> list[str]:
    rows = [(INCIDENT, INCIDENT.words[name]) for name in _FIRST_STEPS] + [(POSTMORTEM, POSTMORTEM.words["draft"])]
    lines = ["Basics"]
    for table, row in rows:
        lines += [_line(context, table, row, row.example), f"  {row.does}"]
    return [*lines, "", "All commands:", f"  {context.command} help"]


def _group(context: Context, group: Group) -> list[str]:
    lines = [group.value.capitalize()]
    for table in (INCIDENT, POSTMORTEM):
        for row in table.rows:
            if row.group is group:
                lines += [_line(context, table, row, row.example), f"  {row.does}"]
    return lines


def _fuller(context: Context, table: Table, row: Subcommand) -> list[str]:
    usage = _line(context, table, row, row.full_usage)
    example = _line(context, table, row, row.example)
    others = [alias for alias in row.aliases if alias[0].isalpha()]
    return [
        usage,
        row.does,
        *(named_as_in(context, sentence) for sentence in row.more),
        *([f"Example: {example}"] if example != usage else []),
        *([f"Also: {', '.join(others)}"] if others else []),
    ]


def _line(context: Context, table: Table, row: Subcommand, rest: str) -> str:
    return " ".join(filter(None, [table.command_in(context), row.name, rest]))
