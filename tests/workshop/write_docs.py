"""Writes the tables of the documentation from the code: `python -m tests.workshop.write_docs`.

Each table stands between two comments, `<!-- name: begin -->` and `<!-- name: end -->`. A test holds that the
tables are current.
"""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile
from pathlib import Path

from bot.config import Settings
from bot.domain.text import clipped, with_mentions_as
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Group, Subcommand, Table
from bot.slack.reading import SUBTYPES
from tests.scenarios.refusals import ABOUT_NONE, GUEST, GUESTS_CAN_NOT, HERE, HIDDEN, OUTSIDE, REFUSALS, UNSEEN
from tests.scenarios.wrong_fields import WRONG_FIELDS, WrongField
from tests.slack.wrong_inputs import WRONG, WrongInput

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
PERMISSIONS = ROOT / "docs" / "permissions.md"
MESSAGES = ROOT / "docs" / "messages.md"
MANIFEST = ROOT / "manifest.yml"
_TYPED = 100
_RIGHT = re.compile(r"(?<=: )/(?:incident|postmortem)\b[^@`]*$")
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
    """Return the subcommands, in the groups of the help."""
    parts = []
    for group in Group:
        rows = [
            (code(_line(here, row, row.full_usage)), prose(_does(row)), code(_line(here, row, row.example)))
            for here in (INCIDENT, POSTMORTEM)
            for row in here.rows
            if row.group is group
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
    rows = (
        (code(clipped(f"{wrong.command} {_typed(wrong.typed)}", _TYPED)), _sentence(_typed(wrong.answer)))
        for wrong in inputs
    )
    return table(("Typed", "Answer"), rows)


def _sentence(answer: str) -> str:
    """Return a refusal as it is shown: the command that it ends with as code, unless it mentions somebody."""
    return _RIGHT.sub(lambda found: f"`{found[0]}`", prose(answer))


def folded(summary: str, content: str) -> str:
    """Return what is shown when its summary is clicked."""
    return f"<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>"


def wrong_inputs() -> str:
    """Return wrong inputs with the sentence that answers each."""
    return folded(f"{len(WRONG)} wrong inputs", _answers(WRONG))


def wrong_fields() -> str:
    """Return what may be wrong in forms, with the sentence at the field."""
    rows = (
        (wrong.form.title, wrong.form.label(wrong.at), _put_in(wrong), prose(wrong.answer)) for wrong in WRONG_FIELDS
    )
    return folded(f"{len(WRONG_FIELDS)} wrong fields", table(("Form", "Field", "Put in", "Answer at the field"), rows))


def _put_in(wrong: WrongField) -> str:
    value = wrong.typed.get(wrong.at)
    is_person = wrong.form.fields[wrong.at]["element"]["type"] == "users_select"
    said = code(clipped(f"@{value}" if is_person else value, _TYPED)) if value and value.strip() else ""
    put_in = said or (
        "what it held" if value is None and wrong.meanwhile else "nothing but blanks" if value else "nothing"
    )
    return ", ".join(filter(None, [put_in, wrong.meanwhile, f"by a {wrong.by}" if wrong.by != "ana" else ""]))


def _names_of(commands: Iterable[str]) -> str:
    """Return commands by their names, those of the two slash commands apart: `/incident start, list`."""
    names = [command.partition(" ") for command in commands]
    grouped = {first: [name for one, _, name in names if one == first] for first, *_ in names}
    return "; ".join(f"{first} {', '.join(many)}" for first, many in grouped.items())


def refused_always() -> str:
    """Return what is answered to any command, by where it is typed and by whom."""
    example = "/incident note 14:05 rolled back"
    about_none = _names_of(ABOUT_NONE)
    with_id = example.replace("/incident", f"/incident {HERE}")
    rows = [
        (
            f"{code(example)}, and every other command but {about_none}",
            "where no incident is led",
            prose(OUTSIDE.format(right=code(with_id))),
        ),
        (
            f"{code(example.replace('/incident', f'/incident {HIDDEN}'))}, and so with every other command",
            "it is private, and you are not in its channel; or it does not exist",
            prose(UNSEEN),
        ),
    ]
    rows += [(_names_of(many), "typed by a guest", GUEST.format(do=do)) for do, many in GUESTS_CAN_NOT.items()]
    return table(("Typed", "When", "Answer"), rows)


def refusals() -> str:
    """Return what is refused because of how things stand, with the sentence that answers it."""
    rows = (
        (
            code(one.typed),
            one.when.when + (f"; typed by {one.by.capitalize()}" if one.by != "ana" else ""),
            prose(one.answer),
        )
        for one in REFUSALS
    )
    return folded(f"{len(REFUSALS)} refusals", table(("Typed by Ana", "When", "Answer"), rows))


def subtypes() -> str:
    """Return what is done with each subtype of message, and why."""
    rows = ((code(one.name) or "none", one.treatment.value, prose(one.why)) for one in SUBTYPES)
    return table(("Subtype", "What is done", "Why"), rows)


BLOCKS: dict[Path, dict[str, Callable[[], str]]] = {
    README: {"settings": settings},
    COMMANDS: {
        "commands": available_commands,
        "wrong inputs": wrong_inputs,
        "wrong fields": wrong_fields,
        "refused always": refused_always,
        "refusals": refusals,
    },
    PERMISSIONS: {"scopes": scopes, "events": events},
    MESSAGES: {"subtypes": subtypes},
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
