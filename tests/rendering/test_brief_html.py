"""The pages for executives and customers: as safe and as whole as the internal one, whatever people typed."""

from collections.abc import Callable

import pytest

from bot.domain.postmortem import Postmortem
from bot.domain.postmortem.audiences import Brief, customer, executive
from bot.domain.record import IncidentRecord
from bot.rendering import Renderer
from tests.rendering.incidents import hostile, just_declared, report, rich
from tests.rendering.reading import page

pytestmark = [
    pytest.mark.parametrize("incident", [rich, just_declared, hostile]),
    pytest.mark.parametrize("projection", [executive, customer]),
]


def test_page_is_whole_and_loads_and_runs_nothing(
    incident: Callable[[], IncidentRecord], projection: Callable[[Postmortem], Brief]
) -> None:
    brief = projection(report(incident()))
    read = page(Renderer().brief_html(brief))
    assert read.problems == []
    assert read.open_tags == []
    tags = {tag for tag, _ in read.tags}
    assert {"title", "main", "h1", "h2"} <= tags
    assert tags & {"script", "img", "svg", "iframe", "link", "form", "base"} == set()
    names = {name for _, attributes in read.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]


def test_page_shows_every_section_under_its_heading(
    incident: Callable[[], IncidentRecord], projection: Callable[[Postmortem], Brief]
) -> None:
    brief = projection(report(incident()))
    html = Renderer().brief_html(brief)
    headings = [part.partition("</h2>")[0] for part in html.split("<h2>")[1:]]
    assert headings == [section.heading for section in brief.sections]
