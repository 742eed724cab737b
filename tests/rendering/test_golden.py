"""The whole report in each format, held against files that a person has read. SCRIBE_UPDATE_GOLDEN=1 rewrites them."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.postmortem import Postmortem, as_json
from bot.domain.postmortem.audiences import customer, executive
from bot.domain.record import IncidentRecord
from bot.rendering import Renderer
from tests.rendering.incidents import hostile, just_declared, report, rich

GOLDEN = Path(__file__).parent / "golden"
INCIDENTS = {"rich": rich, "just_declared": just_declared, "hostile": hostile}


def _json(postmortem: Postmortem) -> str:
    return json.dumps(as_json(postmortem), indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Postmortem], str]] = {
    "md": lambda postmortem: Renderer().markdown(postmortem),
    "html": lambda postmortem: Renderer().html(postmortem),
    "json": _json,
    "executive.md": lambda postmortem: Renderer().brief_markdown(executive(postmortem)),
    "customer.md": lambda postmortem: Renderer().brief_markdown(customer(postmortem)),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", INCIDENTS)
def test_report_reads_as_its_golden_file(name: str, form: str) -> None:
    record: IncidentRecord = INCIDENTS[name]()
    document = FORMATS[form](report(record))
    golden = GOLDEN / f"{name}.{form}"
    if os.environ.get("SCRIBE_UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(document, encoding="utf-8")
    assert golden.is_file(), f"{golden.name} is missing: write it with SCRIBE_UPDATE_GOLDEN=1 and read it"
    assert document == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", INCIDENTS)
def test_assembling_twice_gives_the_same_report(name: str) -> None:
    assert report(INCIDENTS[name]()) == report(INCIDENTS[name]())
