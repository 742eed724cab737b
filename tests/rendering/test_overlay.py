"""An installation's own templates: one block changed, a broken one survived, the sandbox kept."""

from pathlib import Path

import pytest
from jinja2 import TemplateError
from structlog.testing import capture_logs

from bot.rendering import Renderer
from bot.rendering.renderer import built_in_templates
from tests.factories import make_incident, make_record
from tests.rendering.incidents import just_declared, report, rich

REPORT = "postmortem/internal/markdown/report.md.j2"
PAGE = "postmortem/internal/html/report.html.j2"
EXTENDS = f'{{% extends "built-in/{REPORT}" %}}\n'


def _overlay(folder: Path, text: str, name: str = REPORT) -> Renderer:
    template = folder / name
    template.parent.mkdir(parents=True)
    template.write_text(text, encoding="utf-8")
    return Renderer(folder)


def test_own_template_changes_one_block_and_keeps_the_rest(tmp_path: Path) -> None:
    renderer = _overlay(tmp_path, EXTENDS + "{% block related %}\n## Related\n\nAsk the archive.\n{% endblock %}\n")
    markdown = renderer.markdown(report(rich()))
    assert "Ask the archive." in markdown
    assert "No related or repeated incidents" not in markdown
    before, _, after = Renderer().markdown(report(rich())).partition("## Related and repeated incidents")
    assert markdown.startswith(before)
    assert markdown.endswith(after.partition("## Communications")[2])


def test_own_block_may_use_the_shared_parts(tmp_path: Path) -> None:
    statements = "{{ parts.statements(postmortem.lessons.well) }}"
    block = f"{{% block well %}}\n## What went well\n\n{statements}\n{{% endblock %}}\n"
    renderer = _overlay(tmp_path, EXTENDS + block)
    assert renderer.markdown(report(rich())) == Renderer().markdown(report(rich()))


def test_own_template_of_one_format_leaves_the_other_alone(tmp_path: Path) -> None:
    renderer = _overlay(tmp_path, "# {{ postmortem.incident.title | md }}\n")
    assert renderer.markdown(report(rich())) == "# Checkout errors in the EU\n"
    assert renderer.html(report(rich())) == Renderer().html(report(rich()))


def test_typed_text_is_escaped_even_where_an_own_template_forgets_it(tmp_path: Path) -> None:
    renderer = _overlay(tmp_path, "| {{ postmortem.incident.title }} |\n| --- |\n")
    record = make_record(make_incident(title="a | b `c | d` <b>"))
    assert renderer.markdown(report(record)).splitlines()[0] == r"| a \| b c \| d \<b\> |"


@pytest.mark.parametrize(
    ("broken", "line", "problem"),
    [
        ("fine\n{% for %}\n", 2, "Expected"),
        ("fine\n\n{{ postmortem.nonsense }}\n", 3, "nonsense"),
        ("{{ postmortem.incident.title.nope() }}\n", 1, "nope"),
        ("\n{{ 1 / 0 }}\n", 2, "zero"),
        ("\n\n\n{{ ''.__class__.__mro__ }}\n", 4, "__class__"),
        ("{{ postmortem.incident.vendor }}\n", 1, "missing"),
        ('{% include "nowhere.j2" %}\n', 1, "nowhere.j2"),
    ],
)
def test_broken_own_template_is_named_by_file_and_line_and_the_built_in_one_used(
    tmp_path: Path, broken: str, line: int, problem: str
) -> None:
    renderer = _overlay(tmp_path, broken)
    with capture_logs() as logs:
        markdown = renderer.markdown(report(just_declared()))
    assert markdown == Renderer().markdown(report(just_declared()))
    assert [log["log_level"] for log in logs] == ["warning"]
    assert logs[0]["where"] == f"{tmp_path / REPORT}:{line}"
    assert problem in logs[0]["problem"]


def test_own_template_in_another_encoding_is_named_and_the_built_in_one_used(tmp_path: Path) -> None:
    renderer = _overlay(tmp_path, "x", PAGE)
    (tmp_path / PAGE).write_bytes("é".encode("latin-1"))
    with capture_logs() as logs:
        assert renderer.html(report(rich())) == Renderer().html(report(rich()))
    assert PAGE in logs[0]["where"]


def test_missing_overlay_folder_leaves_the_built_in_templates(tmp_path: Path) -> None:
    assert Renderer(tmp_path / "none").markdown(report(rich())) == Renderer().markdown(report(rich()))


def test_mistake_in_a_built_in_template_is_not_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    template = tmp_path / REPORT
    template.parent.mkdir(parents=True)
    template.write_text("{{ nothing_of_this_name }}", encoding="utf-8")
    monkeypatch.setattr("bot.rendering.renderer.built_in_templates", lambda: tmp_path)
    with pytest.raises(TemplateError, match="nothing_of_this_name"):
        Renderer().markdown(report(rich()))


def test_templates_are_found_in_the_installed_package_before_the_checkout(tmp_path: Path) -> None:
    package = tmp_path / "bot"
    package.mkdir()
    assert built_in_templates(package) == tmp_path / "templates"
    (package / "_templates").mkdir()
    assert built_in_templates(package) == package / "_templates"


def test_every_built_in_template_is_where_the_renderer_looks() -> None:
    assert (built_in_templates() / REPORT).is_file()
    assert (built_in_templates() / PAGE).is_file()
