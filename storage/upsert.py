"""`INSERT ... ON CONFLICT` for both databases: SQLite and PostgreSQL share its form, not its Python class."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def inserting(connection: Connection, table: Table) -> sqlite.Insert:
    """Return an insert into the table that has `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if connection.dialect.name == "postgresql":
        # The two classes have the same methods; typing one of them keeps callers simple.
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)
