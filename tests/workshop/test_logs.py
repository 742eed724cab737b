"""Logs: one line each on standard error, and nothing that people wrote."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot import logs
from storage.database import Database

SECRET = "the card number is on the screenshot"


@pytest.fixture(autouse=True)
def logging_as_the_program_does_it() -> Iterator[None]:
    """Set up as by the program, and taken back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure("info")
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_log_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")

    structlog.get_logger().info("channel made", incident="INC-2026-11-20-001")
    structlog.get_logger().debug("not shown at this level")

    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.endswith("level='info' event='channel made' incident='INC-2026-11-20-001'")


def test_failed_statement_is_logged_without_what_people_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("info")
    database = Database(f"sqlite:///{tmp_path / 'scribe.db'}")
    insert = text("INSERT INTO said VALUES (:words)")
    with database.transaction() as connection:
        connection.execute(text("CREATE TABLE said (words TEXT PRIMARY KEY)"))
        connection.execute(insert, {"words": SECRET})

    try:
        with database.transaction() as connection:
            connection.execute(insert, {"words": SECRET})
    except IntegrityError:
        structlog.get_logger().exception("not stored")
    database.close()

    logged = capsys.readouterr().err
    assert "not stored" in logged
    assert "IntegrityError" in logged
    assert SECRET not in logged
