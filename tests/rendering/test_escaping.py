"""Any text in any field: no cell more, no markup, nothing evaluated, and the reader sees what was typed."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.incident import Role
from bot.domain.record import IncidentRecord
from bot.domain.statements import CauseKind, LessonKind
from bot.domain.text import one_line
from bot.domain.timeline import Material
from bot.rendering import Renderer
from bot.rendering.inline import pieces, safe_text
from bot.rendering.to_html import rich
from bot.rendering.to_markdown import anywhere, cell, code, line, link
from tests.factories import (
    HELPER,
    make_action,
    make_cause,
    make_communication,
    make_holder,
    make_impact,
    make_incident,
    make_lesson,
    make_message,
    make_note,
    make_person,
    make_record,
    make_vote,
    make_why,
)
from tests.rendering.incidents import report
from tests.rendering.reading import cells, page, plain, source_cells, tables, tokens, types

# Pieces that mean something to Markdown, HTML, Slack or Jinja, mixed with whatever else there is.
_SIGNS = st.sampled_from(
    [
        *("|", "\\", "\\|", "`", "``", "```", "*", "**", "_", "__", "~~", "<", ">", "</td>", "<b>", "<!--", "-->"),
        *("&", "&lt;", "&#60;", "[", "]", "(", ")", "![x](y)", "[x]:", "#", "-", "+", "=", "1.", "1)", "> ", "- "),
        *("\n", "\n\n", " ", "{{", "}}", "{% raw %}", "{{7*191}}", "https://x.example/a|b", "http://", "javascript:"),
        *("\t", "\u202e", "\u2028", "\x00", "\ue000", "\ud800", "é", "א"),
    ]
)
TYPED = st.lists(st.one_of(_SIGNS, st.text(max_size=6)), max_size=14).map("".join)
_TURNED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Text without code, addresses and lines: what is left has to be shown letter for letter.
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co"), exclude_characters=f"`{_TURNED}"), max_size=40
).filter(lambda text: "http" not in text and not text.lstrip().startswith(">"))
INLINE = {
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "text_special",
    "code_inline",
    "link_open",
    "link_close",
}
TABLE = {f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")}


@pytest.mark.parametrize("escape", [cell, anywhere])
@given(typed=TYPED)
def test_any_text_stays_in_its_cell(escape: type, typed: str) -> None:
    table = f"| a | b | c |\n| --- | --- | --- |\n| 1 | {escape(typed)} | 2 |\n| 3 | {escape(typed)} | 4 |\n"
    assert tables(table) == [[3, 3, 3]]
    assert types(table) <= INLINE | TABLE
    assert cells(table)[3::3] == ["1", "3"]
    assert cells(table)[5::3] == ["2", "4"]
    assert [source_cells(row) for row in table.splitlines()] == [3, 3, 3, 3]


@given(typed=TYPED)
def test_any_text_stays_in_its_paragraph_heading_and_list_item(typed: str) -> None:
    assert types(f"Before {line(typed)} after\n") <= INLINE
    assert types(f"x\n{line(typed)}\nx\n") <= INLINE | {"softbreak"}
    assert types(f"- {line(typed)} after\n") <= INLINE | {
        "bullet_list_open",
        "bullet_list_close",
        "list_item_open",
        "list_item_close",
    }
    assert [token.type for token in tokens(f"- {line(typed)} after\n")].count("list_item_open") == 1


@pytest.mark.parametrize(
    "typed", ["- a", "+ a", "* a", "# a", "1. a", "12) a", "> a", "===", "---", "[x] a", "~~~", "| a |"]
)
def test_beginning_of_a_line_starts_nothing(typed: str) -> None:
    shown = typed if not typed.startswith(">") else "“a”"
    assert plain(f"- {line(typed)}\n") == shown
    assert [token.type for token in tokens(f"- {line(typed)}\n") if token.type.endswith("_open")] == [
        "bullet_list_open",
        "list_item_open",
        "paragraph_open",
    ]


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [
        ("Rolled back.\nErrors fall", "Rolled back. Errors fall"),
        ("rolled back\nerrors fall", "rolled back; errors fall"),
        ("Seen:\n- one\n• two", "Seen: one; two"),
        ("> is it up?\n> now?\nyes", "“is it up? now?” yes"),
        ("a\n\n\n  b", "a; b"),
        ("see `a | b`", "see `a \\| b`"),
        ("log:\n```\none | 1\n\n  two\n```\nend", "log: `one \\| 1` `two` end"),
        ("```only```", "`only`"),
        ("it is `a\\|b`", r"it is a\\\|b"),
        ("``` never closed", r"\`\`\` never closed"),
        ("use ``a`b``", r"use \``a`b\`\`"),
        ("see https://x.example/a_b.", "see <https://x.example/a_b>."),
        ("(https://x.example/a_(b))", "(<https://x.example/a_(b)>)"),
        ("snake_case and _this_", "snake_case and this"),
        ("*bold* and (_slanted_), **strong** *_both_*", "bold and (slanted), strong both"),
        ("*Title (https://a.example.com/b_c_d)* `*code*`", "Title (<https://a.example.com/b_c_d>) `*code*`"),
        ("~struck out~ stays so", r"\~struck out\~ stays so"),
        ("5*3*2, __init__, *.log and *.tmp", r"5\*3\*2, \_\_init\_\_, \*.log and \*.tmp"),
        ("up \u202egnp.exe", "up gnp.exe"),
    ],
)
def test_cell_joins_lines_and_keeps_code_and_addresses(typed: str, markdown: str) -> None:
    assert cell(typed) == markdown


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [("see `a | b`", "see `a | b`"), (r"it is `a\|b`", r"it is `a\|b`"), ("`x` | y", r"`x` \| y")],
)
def test_line_outside_a_table_keeps_code_with_pipes(typed: str, markdown: str) -> None:
    assert line(typed) == markdown


@given(typed=TYPED)
def test_any_text_as_code_or_link_stays_one(typed: str) -> None:
    assert types(f"x {code(typed)} y") <= INLINE
    assert types(f"x {link(typed, 'https://x.example/' + typed)} y") <= INLINE


def unmarked(words: str) -> str:
    """Return words without code and addresses as a report shows them: only marks for bold and italic are left out."""
    shown = "".join(piece.text for piece in pieces(words))
    assert re.sub(r"[*_]", "", shown) == re.sub(r"[*_]", "", safe_text(words))
    return shown


@given(words=WORDS)
def test_reader_of_markdown_sees_what_was_typed(words: str) -> None:
    assert plain(f"x {line(words)}") == one_line(f"x {unmarked(words)}")
    assert one_line(plain(f"| h |\n| --- |\n| x {cell(words)} |\n")) == one_line(f"hx {unmarked(words)}")


@given(words=WORDS)
def test_reader_of_html_sees_what_was_typed(words: str) -> None:
    read = page(str(rich(words)))
    assert read.tags == []
    assert read.text == unmarked(words.strip())


@given(typed=TYPED)
def test_any_text_in_html_makes_code_and_links_only(typed: str) -> None:
    read = page(f"<p>{rich(typed)}</p>")
    assert {tag for tag, _ in read.tags} <= {"p", "code", "a"}
    assert all(str(each["href"]).startswith(("http://", "https://")) for each in read.attributes("a"))
    assert read.open_tags == []
    assert read.problems == []


def _record(typed: str) -> IncidentRecord:
    messages = (make_message("14:10", typed), make_message("14:11", typed, None, bot_id="B1", author_name=typed))
    return make_record(
        make_incident(title=typed, vendor=typed, services=(typed, typed), owning_team=typed, channel_name=typed),
        Material(
            messages=messages,
            votes=tuple(make_vote(message) for message in messages),
            notes=(make_note("14:12", typed),),
        ),
        roles=(make_holder(Role.OWNER, HELPER),),
        impacts=(make_impact(typed),),
        causes=tuple(
            make_cause(kind, typed, number, evidence=typed, category=typed) for number, kind in enumerate(CauseKind)
        ),
        whys=(make_why(1, typed, typed),),
        actions=(make_action(1, typed, owner_id=HELPER, reason=typed, link=f"https://x.example/{typed}", cause_id=1),),
        lessons=tuple(make_lesson(kind, typed) for kind in LessonKind),
        communications=(make_communication("14:13", typed, typed),),
        people={HELPER: make_person(HELPER, typed, typed)},
        workspace_url="https://example.slack.com/",
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(typed=TYPED)
def test_any_text_in_every_field_leaves_the_report_whole(typed: str) -> None:
    postmortem = report(_record(typed))
    renderer = Renderer()
    markdown = renderer.markdown(postmortem)
    # Details, milestones, durations, timeline (declared, two messages, a note), actions, communications.
    rows = [len(found) for found in tables(markdown)]
    assert [rows[1], rows[2], rows[3], rows[4], rows[5]] == [8, 5, 5, 2, 2]
    assert all(len(set(cells)) == 1 for cells in tables(markdown))
    assert not types(markdown) & {"html_block", "html_inline", "image", "fence", "code_block"}
    read = page(renderer.html(postmortem))
    assert read.problems == []
    assert read.open_tags == []
    assert "script" not in {tag for tag, _ in read.tags}
    assert "1337" not in markdown + read.text or "1337" in typed
