"""DATABASE_URL: which databases it may name, and how it is shown to people."""

import re

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.refusals import DatabaseUnusableError

EXAMPLE = "sqlite:///scribe.db"
POSTGRESQL_EXAMPLE = "postgresql://scribe:PASSWORD@db.example.com/scribe"
_EXAMPLES = f"Use for example {EXAMPLE} or {POSTGRESQL_EXAMPLE}"
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_HIDDEN = "***"
# Also `sslpassword`.
_SECRET_OPTION = re.compile(r"(password=)[^&\s]+", re.IGNORECASE)
# Up to the last @: a password that was not encoded may have one in it.
_CREDENTIALS = re.compile(r"\S+@")


def parsed(url: str) -> URL:
    """Return the URL with the driver that the program uses for its database. Raises DatabaseUnusableError."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusableError(f"DATABASE_URL “{_masked(url)}” is not a database URL. {_EXAMPLES}") from error
    if found.host and "@" in found.host:
        raise DatabaseUnusableError(
            "DATABASE_URL has more than one @. Write one in a name or a password as %40: "
            "postgresql://scribe:p%40ss@db.example.com/scribe"
        )
    if found.drivername in _SQLITE:
        if found.database in (None, "", ":memory:"):
            raise DatabaseUnusableError(f"DATABASE_URL must name a file, for example {EXAMPLE}")
        return found
    if found.drivername in _POSTGRESQL:
        return found.set(drivername="postgresql+psycopg")
    if found.get_backend_name() in _POSTGRESQL:
        right = shown(found.set(drivername="postgresql"))
        raise DatabaseUnusableError(
            f"DATABASE_URL “{shown(found)}” names another driver than psycopg 3, which is the one used. Use {right}"
        )
    raise DatabaseUnusableError(
        f"DATABASE_URL “{shown(found)}”: Incident Scribe runs on SQLite and on PostgreSQL. {_EXAMPLES}"
    )


def shown(url: URL) -> str:
    """Return the URL without its password, wherever in it that stands."""
    return _SECRET_OPTION.sub(rf"\1{_HIDDEN}", url.render_as_string(hide_password=True))


def _masked(text: str) -> str:
    """Return what could not be read as a URL without what could be a password in it."""
    return _SECRET_OPTION.sub(rf"\1{_HIDDEN}", _CREDENTIALS.sub(f"{_HIDDEN}@", text))
