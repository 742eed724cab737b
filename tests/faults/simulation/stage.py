"""Where schedules are played: one SQLite file after the other, each a copy of one in which an incident is declared."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from bot.domain.incident import Incident
from storage import incidents, migrate, people
from storage.database import Database
from storage.people import Team
from tests.factories import DECLARED
from tests.faults.simulation.program import Fate, MortalDatabase
from tests.faults.simulation.shapes import CHANNEL, OWN_BOT, OWN_USER, TEAM
from tests.storage.stored import new_incident

BEGIN = Decimal(int(DECLARED.timestamp()))


class Stage:
    """One engine on one path, so that each statement is compiled once; the file there is replaced for each schedule."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._file = folder / "scribe.db"
        self.incident = self._declared = _prepare(self._template)
        self.fate = Fate()
        self.database = MortalDatabase(self._file, self.fate)
        self._eyes: sqlite3.Connection | None = None

    def renew(self, recorded_from: datetime | None) -> None:
        """Begin with a new file. With a moment, the channel was there before: it is recorded from then on."""
        self.forget_connections()
        self._file.with_name("scribe.db-journal").unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)
        self.fate.disarm()
        self.incident = self._declared
        if recorded_from:
            window = {"is_adopted": True, "capture_from": recorded_from, "declared_at": recorded_from}
            with self.database.transaction() as connection:
                self.incident = incidents.change(connection, self._declared, **window)

    def forget_connections(self) -> None:
        """Let go of every connection, as the end of a process does."""
        self.database.engine.dispose()
        if self._eyes:
            self._eyes.close()
            self._eyes = None

    def ask(self, query: str, *values: object) -> list[Any]:
        """Ask the database, as another program would."""
        if self._eyes is None:
            self._eyes = sqlite3.connect(self._file, isolation_level=None)
        return self._eyes.execute(query, values).fetchall()


def _prepare(file: Path) -> Incident:
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    with database.transaction() as connection:
        people.save_team(connection, Team(TEAM, "Example", "https://example.slack.com/", OWN_USER, OWN_BOT))
        made = incidents.create(connection, new_incident(team_id=TEAM, declared_at=DECLARED))
        incident = incidents.change(connection, made, channel_id=CHANNEL, channel_name="inc-checkout")
    database.close()
    return incident


@contextmanager
def staged() -> Iterator[Stage]:
    """Yield a stage in a folder of its own."""
    configured = structlog.get_config()
    # Each fault is a warning in the log; thousands of them say nothing.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with TemporaryDirectory(prefix="simulation-") as folder:
            stage = Stage(Path(folder))
            yield stage
            stage.forget_connections()
    finally:
        structlog.configure(**configured)
