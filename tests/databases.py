"""Databases for tests, of both kinds: a test that takes one of the fixtures below runs once on each.

| fixture | gives |
| --- | --- |
| `backend` | "sqlite" or "postgresql", which a test's id shows |
| `database_url` | a fresh database for this test, brought up to date |
| `empty_url` | a fresh database for this test, without any table |
| `database` | `database_url`, opened |
| `module_database_url` | a fresh database for a module's tests, brought up to date |
| `postgresql` | the server, for tests that are about PostgreSQL alone |
| `sqlite_file` | a fresh SQLite file, for tests that are about SQLite alone |
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from psycopg import sql

from storage import migrate
from storage.database import Database

ROOT = Path(__file__).parents[1]
_MIGRATED = "migrated"


class PostgresqlServer:
    """A server of this test process's own, on a socket in a folder that only this machine's users reach."""

    def __init__(self) -> None:
        # Not in this session of the terminal: Ctrl-C is for the tests, and the keeper ends after them.
        self._keeper = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "postgresql_keeper.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.folder = self._answer()

    def _answer(self) -> str:
        assert self._keeper.stdout is not None
        answer = self._keeper.stdout.readline().strip()
        assert answer, "the PostgreSQL server did not start; what it said is above"
        return answer

    def url(self, name: str, user: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def ask(self, query: str, *values: Any, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Ask a database, as another program would; commit at once. Return the rows."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            found = connection.execute(query.encode(), values)
            return found.fetchall() if found.description else []

    def do(self, statement: str, *names: str) -> None:
        """Carry out a statement about databases, with these names in the places of `{}`."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def restart(self) -> None:
        """Stop the server in order, ending every connection, and start it again."""
        self._tell("restart")

    def crash(self) -> None:
        """Let the server break down and recover."""
        self._tell("crash")

    def _tell(self, word: str) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{word}\n")
        self._keeper.stdin.flush()
        assert self._answer() == "done"

    def stop(self) -> None:
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        self._keeper.stdin.close()
        code = self._keeper.wait(30)
        self._keeper.stdout.close()
        assert code == 0, "the PostgreSQL server did not stop; what it said is above"


class Databases(Protocol):
    """Makes databases of one kind, and takes them away."""

    def empty(self) -> str:
        """Return the URL of a new database without any table."""

    def migrated(self) -> str:
        """Return the URL of a new database that is up to date."""

    def drop(self, url: str) -> None:
        """Take a database away, whoever still has it open."""


class SqliteDatabases:
    """Files: a migrated one is a copy of the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite:///{self._new()}"

    def migrated(self) -> str:
        template = self._folder / f"{_MIGRATED}.db"
        if not template.exists():
            _upgrade(f"sqlite:///{template}")
        return f"sqlite:///{shutil.copy(template, self._new())}"

    def _new(self) -> Path:
        # A folder each: beside a file are its journals, and a file that is gone must not find those of its namesake.
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "scribe.db"

    def drop(self, url: str) -> None:
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent)


class PostgresqlDatabases:
    """Databases of one server: a migrated one is a copy of the first."""

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._numbers = count(1)
        self._has_template = False

    def empty(self) -> str:
        return self._new("template0")

    def migrated(self) -> str:
        if not self._has_template:
            self._server.do("CREATE DATABASE {}", _MIGRATED)
            _upgrade(self._server.url(_MIGRATED))
            self._has_template = True
        return self._new(_MIGRATED)

    def _new(self, template: str) -> str:
        name = f"scribe_{next(self._numbers)}"
        # Copying the files takes a third of the time that writing them through the log would.
        self._server.do("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return self._server.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._server.do("DROP DATABASE {} WITH (FORCE)", name)


def _upgrade(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    server = PostgresqlServer()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql_databases(postgresql: PostgresqlServer) -> PostgresqlDatabases:
    return PostgresqlDatabases(postgresql)


@pytest.fixture(scope="session")
def databases(backend: str, request: pytest.FixtureRequest) -> Databases:
    # By its name, so that the server is started only where a test needs it.
    made: Databases = request.getfixturevalue(f"{backend}_databases")
    return made


@contextmanager
def _lent(databases: Databases, url: str) -> Iterator[str]:
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    with _lent(databases, databases.migrated()) as url:
        yield url


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    with _lent(databases, databases.empty()) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(databases: Databases) -> Iterator[str]:
    with _lent(databases, databases.migrated()) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_file(sqlite_databases: SqliteDatabases) -> Path:
    return Path(sqlite_databases.migrated().removeprefix("sqlite:///"))
