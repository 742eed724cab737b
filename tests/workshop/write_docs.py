"""Writes the tables of the documentation from the code: `python -m tests.workshop.write_docs`.

Each table stands between two comments, `<!-- name: begin -->` and `<!-- name: end -->`. A test holds that the
tables are current.
"""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile
from pathlib import Path

from bot.config import Settings
from bot.domain.text import with_mentions_as
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Group, Subcommand, Table
from tests.slack.wrong_inputs import NOT_YET, WRONG, WrongInput

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
PERMISSIONS = ROOT / "docs" / "permissions.md"
MANIFEST = ROOT / "manifest.yml"
_NAMES = {INCIDENT.is_postmortem: "/incident", POSTMORTEM.is_postmortem: "/postmortem"}


def code(text: str) -> str:
    """Return a text as code in a cell of a table."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def prose(text: str) -> str:
    """Return a sentence for a cell of a table; what stands in angle brackets stays text."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(titles), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def settings() -> str:
    """Return every setting with its default and what it does."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = str(getattr(default, "value", default)) if default not in (None, "") else ""
        rows.append((code(name), code(shown), prose(field.description or "")))
    return table(("Setting", "Default", "What it does"), rows)


def _reasons(under: str) -> str:
    """Return the items of one list of the manifest, each with the reason that stands behind it."""
    lines = MANIFEST.read_text(encoding="utf-8").partition(f" {under}:\n")[2].splitlines()
    items = [line.strip() for line in takewhile(lambda line: line.strip().startswith("- "), lines)]
    split = (item.removeprefix("- ").partition(" # ") for item in items)
    return table(("Name", "Why"), ((code(name.strip()), prose(reason)) for name, _, reason in split))


def scopes() -> str:
    """Return the permissions of the manifest, each with its reason."""
    return _reasons("bot")


def events() -> str:
    """Return the events that the manifest subscribes to, each with its reason."""
    return _reasons("bot_events")


def available_commands() -> str:
    """Return the subcommands that are there, in the groups of the help."""
    parts = []
    for group in Group:
        rows = [
            (code(_line(here, row, row.full_usage)), prose(_does(row)), code(_line(here, row, row.example)))
            for here in (INCIDENT, POSTMORTEM)
            for row in here.rows
            if row.group is group and row.is_available
        ]
        parts.append(f"### {group.value.capitalize()}\n\n{table(('Command', 'What it does', 'Example'), rows)}")
    return "\n\n".join(parts)


def _line(here: Table, row: Subcommand, rest: str) -> str:
    return f"{_NAMES[here.is_postmortem]} {row.name} {rest}".strip()


def _does(row: Subcommand) -> str:
    others = [alias for alias in row.aliases if alias[0].isalpha()]
    also = [f"Also: {', '.join(others)}."] if others else []
    # The forms of WHEN have a section of their own there.
    more = (sentence for sentence in row.more if not sentence.startswith("WHEN is a time such as"))
    return " ".join((row.does, *more, *also))


def _typed(text: str) -> str:
    return with_mentions_as(text, lambda user_id: f"@{user_id.removeprefix('U').lower()}")


def _answers(inputs: Iterable[WrongInput]) -> str:
    rows = ((code(f"{wrong.command} {_typed(wrong.typed)}"), prose(_typed(wrong.answer))) for wrong in inputs)
    return table(("Typed", "Answer"), rows)


def wrong_inputs() -> str:
    """Return wrong inputs with the sentence that answers each."""
    return _answers(WRONG)


def missing_commands() -> str:
    """Return what is answered to the commands that are not there yet."""
    return _answers(NOT_YET)


BLOCKS: dict[Path, dict[str, Callable[[], str]]] = {
    README: {"settings": settings},
    COMMANDS: {
        "commands": available_commands,
        "wrong inputs": wrong_inputs,
        "missing commands": missing_commands,
    },
    PERMISSIONS: {"scopes": scopes, "events": events},
}


def written(path: Path) -> str:
    """Return the document with its tables as they should be. Raises ValueError when the place of one is missing."""
    text = path.read_text(encoding="utf-8")
    for name, content in BLOCKS[path].items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise ValueError(f"{path.name} must have “{begin}” and “{end}” once")
        before, after = pattern.split(text)
        text = f"{before}{begin}\n\n{content()}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    for document in BLOCKS:
        document.write_text(written(document), encoding="utf-8")
