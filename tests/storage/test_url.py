"""DATABASE_URL: what it may say, and what is answered otherwise, without a password ever being shown."""

import sys

import pytest

from storage.database import Database, DatabaseUnusableError
from storage.url import parsed, shown


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_the_one_driver(scheme: str) -> None:
    url = parsed(f"{scheme}://scribe:p%40ss@db.example.com:5433/scribe?sslmode=require")
    assert (url.drivername, url.host, url.port, url.database) == (
        "postgresql+psycopg",
        "db.example.com",
        5433,
        "scribe",
    )
    assert (url.username, url.password, dict(url.query)) == ("scribe", "p@ss", {"sslmode": "require"})


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        (
            "not a url",
            "DATABASE_URL “not a url” is not a database URL. Use for example sqlite:///scribe.db or postgresql",
        ),
        ("postgresql:/scribe:secret@db/scribe", "DATABASE_URL “***@db/scribe” is not a database URL."),
        ("postgresql://scribe:secret@db:port/scribe", "DATABASE_URL “***@db:port/scribe” is not a database URL."),
        ("db/scribe?password=secret", "DATABASE_URL “db/scribe?password=***” is not a database URL."),
        (
            "postgresql://scribe:sec@ret@db/scribe",
            "DATABASE_URL has more than one @. Write one in a name or a password",
        ),
        ("sqlite://", "DATABASE_URL must name a file, for example sqlite:///scribe.db"),
        ("sqlite:///:memory:", "DATABASE_URL must name a file, for example sqlite:///scribe.db"),
        (
            "mysql://scribe:secret@db/scribe",
            "DATABASE_URL “mysql://scribe:***@db/scribe”: Incident Scribe runs on SQLite and on PostgreSQL. Use for",
        ),
        (
            "postgresql+psycopg2://scribe:secret@db/scribe",
            "DATABASE_URL “postgresql+psycopg2://scribe:***@db/scribe” names another driver than psycopg 3, ",
        ),
        ("sqlite+aiosqlite:///scribe.db", "DATABASE_URL “sqlite+aiosqlite:///scribe.db”: Incident Scribe runs on"),
    ],
)
def test_url_that_names_no_database_of_ours_is_answered_in_one_line(url: str, answer: str) -> None:
    with pytest.raises(DatabaseUnusableError) as refused:
        Database(url)
    said = str(refused.value)
    assert said.startswith(answer)
    assert not any(hidden in said for hidden in ("\n", "secret", "sec@", "ret@"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://scribe:secret@db/scribe",
        "postgresql://db/scribe?user=scribe&password=secret",
        "postgresql://db/scribe?sslpassword=secret&password=secret",
    ],
)
def test_password_is_not_shown_wherever_it_stands_in_the_url(url: str) -> None:
    assert "secret" not in shown(parsed(url))
    assert "***" in shown(parsed(url))


def test_missing_driver_is_answered_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUnusableError) as refused:
        Database("postgresql://scribe:secret@db/scribe")
    said = str(refused.value)
    assert said.startswith("The driver for PostgreSQL can't be loaded (")
    assert said.endswith("Install it: pip install 'incident-scribe[postgres]'")
    assert "\n" not in said
