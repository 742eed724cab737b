"""The documents are true: what they name exists, what exists they name, and nothing is claimed that isn't there."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bot.cli import main
from bot.config import Settings
from bot.domain import actions, incident, milestones, statements, timeline
from bot.domain.text import mention
from bot.domain.timeline import PHASE_EMOJI, Mark
from bot.domain.when import echo, read_due, read_moment
from bot.services import jobs
from bot.slack.events import SUBSCRIBED
from bot.slack.grammar.commands import Context
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.parse import parse_incident, parse_postmortem
from bot.slack.grammar.postmortem_table import POSTMORTEM
from tests.workshop import write_docs

ROOT = write_docs.ROOT
README = write_docs.README.read_text(encoding="utf-8")
COMMANDS = write_docs.COMMANDS.read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
HERE = Context(now=datetime(2026, 11, 20, 14, 30, tzinfo=UTC), zone="Europe/Berlin")
TABLES = {"/incident": INCIDENT, "/postmortem": POSTMORTEM}
PARSERS = {"/incident": parse_incident, "/postmortem": parse_postmortem}
AVAILABLE = [f"{name} {row.name}" for name, table in TABLES.items() for row in table.rows]
CODE = re.compile(r"`([^`\n]+)`")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_what_is_not_there(text: str) -> str:
    """Return a document without its sections and tables that say what isn't there, or how wrong input is answered."""
    text = re.sub(
        r"^(##+) (?:Not there yet|What the program does not do yet)\n.*?(?=^##|\Z)",
        "",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )
    answers = r"<!-- (?:wrong inputs|wrong fields|refused always|refusals): begin -->.*?: end -->"
    return re.sub(answers, "", text, flags=re.DOTALL)


def command_line_names(group: click.Group = main, path: str = "scribe") -> Iterator[str]:
    for name, command in group.commands.items():
        yield f"{path} {name}"
        if isinstance(command, click.Group):
            yield from command_line_names(command, f"{path} {name}")


# Tables and links


@pytest.mark.parametrize("document", write_docs.BLOCKS, ids=lambda path: path.name)
def test_tables_written_from_the_code_are_current(document: Path) -> None:
    current = write_docs.written(document)

    assert document.read_text(encoding="utf-8") == current, "run: python -m tests.workshop.write_docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    names = re.findall(
        r"`((?:bot|storage|templates|tests|docs|benchmarks|\.ci)/[\w./-]*)`", document.read_text(encoding="utf-8")
    )

    # Made when the wheel is built, not in the checkout.
    built = {"bot/_templates"}
    pattern = re.compile(r"NNNN")
    assert [
        name for name in names if name not in built and not pattern.search(name) and not (ROOT / name).exists()
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_module_that_a_document_names_can_be_imported(document: Path) -> None:
    names = re.findall(r"`(bot(?:\.\w+)+|storage(?:\.\w+)*)`", document.read_text(encoding="utf-8"))

    assert [import_module(name).__name__ for name in names] == names


# Architecture and decisions


@pytest.mark.parametrize("room", ["bot", "storage"])
def test_architecture_names_every_room(room: str) -> None:
    parts = [path for path in (ROOT / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    parts += [ROOT / "storage" / "migrations"] if room == "storage" else []

    missing = [named(path) for path in parts if path.stem != "__init__" and f"`{named(path)}`" not in ARCHITECTURE]
    assert missing == []


def test_architecture_names_every_module_of_the_slack_room() -> None:
    parts = [path for path in (ROOT / "bot" / "slack").iterdir() if path.name not in ("__init__.py", "__pycache__")]

    assert [named(path) for path in parts if f"`{named(path)}`" not in ARCHITECTURE] == []


def test_architecture_lists_every_kind_of_due_work() -> None:
    kinds = {value for name, value in vars(jobs).items() if name.isupper() and isinstance(value, str)}
    listed = set(
        re.findall(r"^\| `([\w-]+)` \|", ARCHITECTURE.partition("| kind | does |")[2].partition("##")[0], re.MULTILINE)
    )

    assert listed == kinds


def test_architecture_shows_the_layers_that_are_checked() -> None:
    layers = re.search(r"layers = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.DOTALL)
    assert layers
    drawn = ARCHITECTURE.partition("## One direction\n\n```\n")[2].partition("```")[0]

    assert [line.strip() for line in drawn.splitlines()] == re.findall(r'"([^"]+)"', layers[1])


def test_decisions_are_numbered_without_a_hole_and_linked_from_the_architecture() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04d}" for number in range(1, len(DECISIONS) + 1)]
    assert [path.name for path in DECISIONS if f"(decisions/{path.name})" not in ARCHITECTURE] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_decision_is_short_and_has_its_three_parts(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 30


# Glossary


WORDS = [
    word
    for module in (incident, milestones, actions, statements, timeline)
    for word in vars(module).values()
    if isinstance(word, type) and issubclass(word, StrEnum) and word.__module__ == module.__name__
]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_glossary_names_every_member(word: type[StrEnum]) -> None:
    assert [member.value for member in word if f"`{member.value}`" not in GLOSSARY] == []


def test_glossary_names_every_severity_and_role_in_full() -> None:
    labels = [severity.label for severity in incident.Severity] + [role.label for role in incident.Role]

    assert [label for label in labels if label not in GLOSSARY] == []


# Commands


@pytest.mark.parametrize("command", AVAILABLE)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"^\| `{re.escape(command)}[` ]", COMMANDS, re.MULTILINE)


def typed_in(text: str) -> list[str]:
    """Return the whole command lines that a document shows, in code or in blocks of code."""
    blocks = [
        line.strip()
        for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    spans = [span for line in text.splitlines() for span in CODE.findall(line)]
    found = [one.replace("\\|", "|") for one in (*blocks, *spans) if re.match(r"/(?:incident|postmortem) ", one)]
    return [one for one in found if not re.search(r"[\[\]|…]|\.\.|[A-Z]{4,}(?!-)|INC-ID", one)]


@pytest.mark.parametrize("line", sorted({*typed_in(README), *typed_in(without_what_is_not_there(COMMANDS))}))
def test_every_command_line_that_is_shown_can_be_typed(line: str) -> None:
    name, _, text = line.partition(" ")

    parsed = PARSERS[name](re.sub(r"@(\w+)", lambda found: mention(f"U{found[1].upper()}"), text), HERE)

    assert parsed.command


def first_column(text: str, title: str) -> list[str]:
    rows = text.partition(f"| {title}")[2].partition("\n\n")[0].splitlines()[2:]
    return [form for row in rows for form in CODE.findall(row.split(" | ")[0])]


@pytest.mark.parametrize("form", first_column(COMMANDS, "of the past, for"))
def test_every_form_of_a_past_time_that_is_shown_is_read(form: str) -> None:
    moment = read_moment(form, now=HERE.now, zone=HERE.zone)

    assert "UTC" in echo(moment, now=HERE.now)


@pytest.mark.parametrize("form", first_column(COMMANDS, "days, for"))
def test_every_form_of_a_day_that_is_shown_is_read(form: str) -> None:
    assert read_due(form, now=HERE.now, zone=HERE.zone).on >= HERE.now.date()


def test_reactions_and_their_marks_are_documented() -> None:
    assert [emoji for emoji in PHASE_EMOJI if f"`:{emoji}:`" not in COMMANDS] == []
    assert [mark.value for mark in Mark if f"`{mark.value}`" not in COMMANDS] == []


def test_shortcuts_are_documented_under_the_names_that_people_see() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]

    assert [one["name"] for one in shortcuts if f"*{one['name']}* (`{one['callback_id']}`)" not in COMMANDS] == []


# The command line and its JSON


def test_every_command_of_the_terminal_is_in_the_documents_and_no_other() -> None:
    existing = set(command_line_names())
    # `scribe db` alone is only a group.
    for text in (README, COMMANDS):
        shown = {span for span in CODE.findall(without_what_is_not_there(text)) if span.startswith("scribe ")}
        plain = {re.split(r" (?:\[|INC-|EXPORT|-)", span)[0] for span in shown}
        assert plain - existing == set()
        assert existing - plain - {"scribe db"} == set()


def test_options_of_the_terminal_are_documented() -> None:
    options = {
        name
        for command in main.commands.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }

    assert [option for option in options if option not in COMMANDS] == []


def test_json_of_the_report_is_documented_key_by_key() -> None:
    golden = json.loads((ROOT / "tests" / "rendering" / "golden" / "rich.json").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", COMMANDS.partition("| key | holds |")[2], re.MULTILINE)
    documented = {key: set(CODE.findall(holds)) for key, holds in rows}

    assert list(documented) == list(golden)
    missing = {key: keys_in(value) - documented[key] for key, value in golden.items()}
    missing["proposed_milestones"] = set()  # the same keys, as it says
    assert {key: keys for key, keys in missing.items() if keys} == {}


def keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


# Settings, permissions, the README


def test_every_setting_scope_and_event_is_documented() -> None:
    permissions = write_docs.PERMISSIONS.read_text(encoding="utf-8")

    assert [name for name in Settings.model_fields if f"| `{name}` |" not in README] == []
    names = [*MANIFEST["oauth_config"]["scopes"]["bot"], *SUBSCRIBED]
    assert [name for name in names if f"| `{name}` |" not in permissions] == []


def test_no_setting_is_claimed_that_is_not_there() -> None:
    for document in DOCUMENTS:
        names = set(
            re.findall(
                r"\b(?:SCRIBE_[A-Z0-9_]*[A-Z0-9]|SLACK_[A-Z_]+|DATABASE_URL)\b", document.read_text(encoding="utf-8")
            )
        )
        assert names - set(Settings.model_fields) == set(), named(document)


def test_every_folder_of_tests_is_described_to_newcomers() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}

    assert [folder for folder in folders if f"| `tests/{folder}` |" not in CONTRIBUTING] == []


def test_every_target_of_the_makefile_is_described_to_newcomers() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert targets
    assert [target for target in targets if f"| `make {target}` |" not in CONTRIBUTING] == []
