"""`INSERT ... ON CONFLICT` for both databases: SQLite and PostgreSQL share its form, not its Python class."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = sqlite.Insert


def inserting(dialect: str, table: Table) -> Insert:
    """Return an insert for the dialect of this name that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if dialect == "postgresql":
        # The two classes have the same methods; typing one of them keeps callers simple.
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)
