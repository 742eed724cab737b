"""What holds for every report in HTML, whatever people typed."""

from collections.abc import Callable

import pytest

from bot.domain.postmortem import Section
from bot.domain.record import IncidentRecord
from bot.rendering import Renderer
from tests.rendering.incidents import hostile, just_declared, report, rich
from tests.rendering.reading import page

ALL = pytest.mark.parametrize("incident", [rich, just_declared, hostile])
Maker = Callable[[], IncidentRecord]
KNOWN_TAGS = (
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2", "h3", "p"),
    *("ul", "ol", "li", "strong", "span", "code", "a", "time", "table", "thead", "tbody", "tr", "th", "td"),
)
KNOWN_ATTRIBUTES = (
    *("lang", "charset", "http-equiv", "content", "name", "href", "rel"),
    *("class", "dir", "scope", "colspan", "datetime", "data-label"),
)


def _html(incident: Maker) -> str:
    return Renderer().html(report(incident()))


@ALL
def test_page_is_made_of_known_tags_and_attributes_and_closes_them(incident: Maker) -> None:
    read = page(_html(incident))
    assert {tag for tag, _ in read.tags} <= set(KNOWN_TAGS)
    assert {name for _, attributes in read.tags for name in attributes} <= set(KNOWN_ATTRIBUTES)
    assert read.problems == []
    assert read.open_tags == []


@ALL
def test_links_lead_to_the_web_alone_and_tell_it_nothing(incident: Maker) -> None:
    for attributes in page(_html(incident)).attributes("a"):
        assert (attributes["href"] or "").startswith(("https://", "http://"))
        assert attributes["rel"] == "noreferrer"


@ALL
def test_page_forbids_everything_but_its_own_style(incident: Maker) -> None:
    policies = [each for each in page(_html(incident)).attributes("meta") if each.get("http-equiv")]
    assert policies[0]["content"] is not None
    assert policies[0]["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "@import" not in _html(incident)
    assert "url(" not in _html(incident).partition("</style>")[0]


@ALL
def test_page_has_one_title_and_the_sections_in_their_order(incident: Maker) -> None:
    html = _html(incident)
    assert [part.partition("</h2>")[0] for part in html.split("<h2>")[1:]] == [section.value for section in Section]
    assert html.count("<h1") == 1


@ALL
def test_every_gap_stands_in_the_page_with_its_command(incident: Maker) -> None:
    postmortem = report(incident())
    text = page(Renderer().html(postmortem)).text
    assert text.count("Gap: ") == len(postmortem.gaps) > 0
    assert all(f"{gap.question} For example: {gap.command}" in text for gap in postmortem.gaps)


def test_hostile_text_is_shown_as_it_was_typed() -> None:
    text = page(_html(hostile)).text
    assert "<script>alert(1)</script><svg onload=alert(2)>" in text
    assert "{{7*7}} {% for x in range(9) %}" in text
    assert "| a | b |\n| --- | --- |" in text


def test_code_blocks_keep_their_lines() -> None:
    assert (
        '<code class="block">select state, count(*) from pg_stat_activity\n  group by 1;\nactive | 400</code>'
        in _html(rich)
    )
