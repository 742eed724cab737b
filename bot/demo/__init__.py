"""The demo."""

from pathlib import Path


def play(out: Path) -> None:
    raise RuntimeError(out)
