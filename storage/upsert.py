"""Where SQLite and PostgreSQL differ within a statement.

They share the form of `INSERT ... ON CONFLICT`, not its Python class, and don't compare texts alike.
"""

from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert


def inserting(dialect: str, table: Table) -> Insert:
    """Return an insert for the dialect of this name that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if dialect == "postgresql":
        # The two classes have the same methods; typing one of them keeps callers simple.
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)


def by_code_point(text: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Return a text to compare or to order by as SQLite does: by code point, not in the order of some language."""
    return text.collate("C") if dialect == "postgresql" else text
