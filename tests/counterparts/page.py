"""Writes the tables of docs/counterparts.md from the tests: `python -m tests.counterparts.page`."""

import re
from collections.abc import Callable
from typing import Any

from tests.counterparts.contract.differences import KNOWN_DIFFERENCES, LACKING
from tests.counterparts.degradations import DEGRADATIONS
from tests.workshop.write_docs import ROOT, code, prose, table

PAGE = ROOT / "docs" / "counterparts.md"
# Slack's own words: error codes, names in payloads, escaped text.
_CODE = re.compile(r"[_&<@]")
_DOCS = "https://docs.slack.dev/"


def differences() -> str:
    """Return where local-slack is not as Slack documents itself."""
    rows = (
        (
            _named(row.where),
            prose(row.asks),
            f"[{_shown(row.documented)}]({_DOCS}{row.source})",
            _shown(row.differs),
        )
        for row in KNOWN_DIFFERENCES
    )
    return table(("Of", "What is asked", "Slack, and the stand-in", "local-slack"), rows)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool) or value is None:
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return code(value) if _CODE.search(value) else prose(value)


def _named(where: str) -> str:
    return code(where) if where == "message" or re.search(r"[._]", where) else where


def lacking() -> str:
    """Return the methods that local-slack does not have."""
    return ", ".join(map(code, LACKING)) + "."


def degradations() -> str:
    """Return what the bot does where a method is missing."""
    rows = ((code(row.method), prose(row.notice), code(row.warning)) for row in DEGRADATIONS)
    return table(("Without", "What people notice", "Warning in the log"), rows)


_TABLES: dict[str, Callable[[], str]] = {
    "differences": differences,
    "lacking": lacking,
    "degradations": degradations,
}


def written() -> str:
    """Return the page with its tables as they should be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, content in _TABLES.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, after = re.split(f"{re.escape(begin)}.*?{re.escape(end)}", text, flags=re.DOTALL)
        text = f"{before}{begin}\n\n{content()}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
