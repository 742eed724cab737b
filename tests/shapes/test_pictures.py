"""The pictures in the documents: there, small, described for those who can't see them, and none that nobody shows."""

import re

import pytest

from tests.workshop.pictures.kept import IMAGES, KEPT, LARGEST, ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "commands.md"]
_SHOWN = re.compile(r'<img src="(?:docs/)?images/([\w-]+)\.png" width="\d+" alt="([^"]*)">')


def shown() -> dict[str, str]:
    """Return the names of the pictures that the documents show, each with its description."""
    return {name: alt for document in DOCUMENTS for name, alt in _SHOWN.findall(document.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", KEPT)
def test_kept_picture_is_shown_small_and_described(name: str) -> None:
    assert len(shown()[name].split()) >= 5
    assert 1_000 < (IMAGES / f"{name}.png").stat().st_size <= LARGEST


def test_no_picture_is_shown_or_lies_there_that_is_not_kept() -> None:
    assert set(shown()) == {file.stem for file in IMAGES.iterdir()} == set(KEPT)
