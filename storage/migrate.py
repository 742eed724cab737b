"""Bringing a database up to date."""

from enum import StrEnum
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import TryAgainError
from storage.database import Connection, Database, DatabaseUnusableError, reason_of

_MIGRATIONS = Path(__file__).parent / "migrations"


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


class Schema(StrEnum):
    """How a database's tables compare with those of this program."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def schema_of(connection: Connection) -> Schema:
    """Return how this database's tables compare with those of this program."""
    revision = MigrationContext.configure(connection).get_current_revision()
    scripts = _scripts()
    if revision is None:
        return Schema.NONE
    if revision == scripts.get_current_head():
        return Schema.CURRENT
    return Schema.OLDER if revision in {script.revision for script in scripts.walk_revisions()} else Schema.NEWER


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the database to this program's schema, in one transaction; a second process waits for it.

    `target` is an earlier revision, for tests. Raises DatabaseUnusableError, leaving everything as it
    was, for a database that can't be written or that a newer version of the program has already changed.
    """
    database.check_writable()
    scripts = _scripts()
    try:
        with database.migrating() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            known = {script.revision for script in scripts.walk_revisions()}
            if current is not None and current not in known:
                raise DatabaseUnusableError(
                    f"The database {database.shown_url} was made by a newer version of Incident Scribe "
                    f"(revision {current}). Install that version, or name another DATABASE_URL."
                )
            _run(scripts, connection, target)
    except (DBAPIError, TryAgainError) as error:
        reason = reason_of(error) if isinstance(error, DBAPIError) else "it is locked by another program"
        raise DatabaseUnusableError(
            f"The database {database.shown_url} can't be brought up to date ({reason}). Try again."
        ) from error


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema back to an earlier revision (for tests and emergencies); `base` empties the database."""
    with database.migrating() as connection:
        _run(_scripts(), connection, revision, down=True)


def _run(scripts: ScriptDirectory, connection: object, target: str, *, down: bool = False) -> None:
    def steps(revision: object, _context: object) -> object:
        return scripts._downgrade_revs(target, revision) if down else scripts._upgrade_revs(target, revision)  # type: ignore[arg-type]  # noqa: SLF001 - what alembic.command itself calls

    with EnvironmentContext(scripts_config(scripts), scripts, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=True)  # type: ignore[arg-type]
        environment.run_migrations()


def scripts_config(scripts: ScriptDirectory) -> Config:
    """Return a configuration that names the scripts' folder; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(scripts.dir).replace("%", "%%"))
    return config
