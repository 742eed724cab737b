"""What holds for every report in Markdown, whatever people typed."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.domain.postmortem import Section
from bot.domain.record import IncidentRecord
from bot.rendering import Renderer
from tests.rendering.incidents import hostile, just_declared, report, rich
from tests.rendering.reading import headings, links, source_cells, tables, text_outside_links, types

ALL = pytest.mark.parametrize("incident", [rich, just_declared, hostile])
Maker = Callable[[], IncidentRecord]


def _markdown(incident: Maker) -> str:
    return Renderer().markdown(report(incident()))


@ALL
def test_report_has_one_title_and_the_sections_in_their_order(incident: Maker) -> None:
    found = headings(_markdown(incident))
    assert [tag for tag, _ in found].count("h1") == 1
    assert [text for tag, text in found if tag == "h2"] == [section.value for section in Section]


@ALL
def test_report_holds_no_raw_html_images_or_code_blocks(incident: Maker) -> None:
    unwanted = {
        "html_block",
        "html_inline",
        "image",
        "code_block",
        "fence",
        "hr",
        "s_open",
        "em_open",
        "blockquote_open",
    }
    assert types(_markdown(incident)) & unwanted == set()


@ALL
def test_every_gap_stands_in_the_report_with_its_command(incident: Maker) -> None:
    postmortem = report(incident())
    told = [line for line in Renderer().markdown(postmortem).splitlines() if line.startswith("**Gap:**")]
    assert len(told) == len(postmortem.gaps) > 0
    assert all(gap.question in line for gap, line in zip(postmortem.gaps, told, strict=True))


@ALL
def test_every_row_of_a_table_has_the_cells_of_its_header(incident: Maker) -> None:
    markdown = _markdown(incident)
    found = tables(markdown)
    assert found
    assert all(len(set(rows)) == 1 for rows in found)
    # Some readers cut surplus cells off silently, so the source is counted too.
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    assert [source_cells(line) for line in lines] == [cells for rows in found for cells in [rows[0], *rows]]


@ALL
def test_links_lead_to_the_web_alone(incident: Maker) -> None:
    assert all(re.match(r"https?://", target) for target in links(_markdown(incident)))


@ALL
def test_source_is_tidy_as_linters_want_it(incident: Maker) -> None:
    markdown = _markdown(incident)
    lines = markdown.split("\n")
    assert not [line for line in lines if line != line.rstrip()]
    assert "\n\n\n" not in markdown
    assert markdown.endswith("\n")
    assert not markdown.endswith("\n\n")
    for before, line in zip(["", *lines], lines, strict=False):
        starts_block = line.startswith("#") or (line.startswith(("|", "- ")) and not before.startswith(line[0]))
        assert not starts_block or before == ""
    for line, after in pairwise(lines):
        ends_block = line.startswith("#") or (line.startswith(("|", "- ")) and not after.startswith(line[0]))
        assert not ends_block or after == ""


def test_addresses_are_never_left_bare() -> None:
    markdown = _markdown(rich)
    assert "<https://grafana.example.com/d/pool?from=now-1h>" in markdown
    assert not [text for text in text_outside_links(markdown) if "://" in text]


def test_templates_in_typed_text_are_not_evaluated() -> None:
    markdown = _markdown(hostile)
    assert "{{7\\*7}}" in markdown
    assert "49" not in markdown
    assert "range(9)" in markdown


def test_text_that_was_kept_out_is_nowhere_in_the_report() -> None:
    assert "Lunch" not in _markdown(rich)


def test_names_stand_only_beside_authorship_and_ownership() -> None:
    markdown = _markdown(rich)
    named = [line for line in markdown.splitlines() if re.search("Natarajan|Bergström|Haddad|Fernández", line)]
    assert len(named) == 6
    assert all(line.startswith(("- **Authors:**", "- **Owner:**", "|")) for line in named)
    assert not [line for line in named if line.startswith("|") and not re.match(r"\| \d \|", line)]


def test_overlong_entry_is_shortened_and_links_to_the_rest() -> None:
    long_row = next(line for line in _markdown(hostile).splitlines() if line.startswith("| 14:16 "))
    assert len(long_row) < 1_000
    assert "(shortened; [the rest](https://example.slack.com/archives/" in long_row
