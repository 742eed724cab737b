"""The command line: results on standard output, one line for a failure, and the exit codes that the README promises."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
import structlog
import yaml
from click.testing import CliRunner, Result

from bot import app
from bot.cli import main
from bot.domain.incident import Incident, IncidentType, Kind, Severity
from bot.domain.milestones import Milestone, Stamp
from bot.domain.people import Person
from bot.domain.statements import Cause, CauseKind
from bot.domain.text import mention
from bot.sandbox import Sandbox
from storage import incidents, people, statements
from storage.incidents import NewIncident

ROOT = Path(__file__).resolve().parents[2]
DONE, USAGE, FAILURE = 0, 2, 3
DECLARED = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
CAUSE = "The pool's size is set by hand"
Scribe = Callable[..., Result]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command runs in a folder of its own, with no settings of the machine."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def scribe() -> Iterator[Scribe]:
    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=environment)

    yield run
    structlog.reset_defaults()


def one_line(result: Result, code: int) -> str:
    """Return the one line that a command failed with."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def declared(title: str, at: datetime = DECLARED) -> Incident:
    """Put an incident into the default database."""
    database = app.open_database("sqlite:///scribe.db")
    new = NewIncident(
        team_id="T1",
        title=title,
        kind=Kind.LIVE,
        type=IncidentType.PRODUCTION,
        severity=Severity.SEV2,
        is_private=False,
        reporter_id="U1",
        declared_at=at,
    )
    with database.transaction() as connection:
        incident = incidents.create(connection, new)
        for milestone in (Milestone.STARTED, Milestone.DECLARED):
            incidents.set_stamp(connection, incident, Stamp(milestone, at, "U1", at))
        statements.add_cause(connection, incident, Cause(0, CauseKind.ROOT, CAUSE, "U1", at))
    database.close()
    return incident


@pytest.fixture
def filled(empty_folder: Path) -> tuple[Incident, ...]:
    """Three incidents in the default database; two of them end in 001."""
    return (
        declared("Checkout errors in the EU"),
        declared("Search is slow", DECLARED + timedelta(minutes=10)),
        declared("Login <b>fails</b> & retries", DECLARED + timedelta(days=1)),
    )


# Help


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [(), *commands(main)], ids=" ".join)
def test_help_of_each_command_has_an_example_of_it(path: tuple[str, ...], scribe: Scribe) -> None:
    result = scribe(*path, "--help")

    assert result.exit_code == DONE
    shown = " ".join(result.stdout.split())
    example = shown.partition("Example: ")[2]
    assert f"scribe {' '.join(path)}".strip() in example


def test_version_is_told(scribe: Scribe) -> None:
    assert scribe("--version").stdout.startswith("scribe, version ")


@pytest.mark.parametrize(
    "typed", [("lst",), ("draft",), ("draft", "INC-1", "--colour", "red"), ("db", "downgrade")], ids=" ".join
)
def test_wrong_usage_ends_with_2(typed: tuple[str, ...], scribe: Scribe) -> None:
    result = scribe(*typed)

    assert result.exit_code == USAGE
    assert result.stdout == ""
    assert "Error: " in result.stderr


# List and draft


def test_list_of_an_empty_database_is_empty(scribe: Scribe) -> None:
    result = scribe("list")

    assert (result.exit_code, result.stdout, result.stderr) == (DONE, "", "")


@pytest.mark.usefixtures("filled")
def test_list_has_one_line_an_incident_the_newest_first(scribe: Scribe) -> None:
    assert scribe("list").stdout.splitlines() == [
        "INC-2026-11-21-001\tSEV2\tinvestigating\tLogin <b>fails</b> & retries",
        "INC-2026-11-20-002\tSEV2\tinvestigating\tSearch is slow",
        "INC-2026-11-20-001\tSEV2\tinvestigating\tCheckout errors in the EU",
    ]


@pytest.mark.usefixtures("empty_folder")
def test_list_names_the_people_in_a_title(scribe: Scribe) -> None:
    declared(f"{mention('U2')} and {mention('U3')} see errors")
    database = app.open_database("sqlite:///scribe.db")
    with database.transaction() as connection:
        people.save(connection, "T1", Person("U2", "ana", "Ana Silva"), now=DECLARED)
    database.close()
    assert scribe("list").stdout.endswith("\t@Ana Silva and @someone unknown see errors\n")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("typed", ["INC-2026-11-20-001", "inc-2026-11-20-001", "20-001"])
def test_draft_prints_the_report_as_markdown(typed: str, scribe: Scribe) -> None:
    result = scribe("draft", typed)

    assert result.exit_code == DONE
    assert result.stdout.startswith("# Postmortem: Checkout errors in the EU\n")
    assert CAUSE in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("filled")
def test_draft_by_a_broken_template_of_ones_own_prints_the_report_and_logs_elsewhere(
    empty_folder: Path, scribe: Scribe
) -> None:
    own = empty_folder / "own/postmortem/internal/markdown"
    own.mkdir(parents=True)
    (own / "report.md.j2").write_text("{{ nothing }}")
    result = scribe("draft", "20-001", SCRIBE_TEMPLATES="own")
    assert result.exit_code == DONE
    assert result.stdout.startswith("# Postmortem: ")
    assert "own_template_failed" in result.stderr


@pytest.mark.usefixtures("filled")
def test_draft_prints_json_that_programs_can_read(scribe: Scribe) -> None:
    report = json.loads(scribe("draft", "002", "--format", "json").stdout)

    assert report["incident"]["id"] == "INC-2026-11-20-002"
    assert report["milestones"]["started_at"] == "2026-11-20T14:15:00Z"
    assert 1 <= report["review"]["score"] <= 5
    assert "missing-section" in [finding["rule"] for finding in report["findings"]]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("audience", "has_cause"),
    [("internal", True), ("executive", True), ("customer", False)],
    ids=str,
)
@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_draft_for_others_holds_what_is_theirs(form: str, audience: str, scribe: Scribe, *, has_cause: bool) -> None:
    document = scribe("draft", "002", "--audience", audience, "--format", form).stdout

    assert (CAUSE in document or CAUSE.replace("'", "&#39;") in document) is has_cause
    assert ("Search is slow" in document) is has_cause


@pytest.mark.usefixtures("filled")
def test_draft_writes_a_file_and_names_it_last(empty_folder: Path, scribe: Scribe) -> None:
    result = scribe("draft", "21-001", "--format", "html", "--out", "report.html")

    assert (result.exit_code, result.stdout, result.stderr) == (DONE, "", "report.html\n")
    page = (empty_folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Login &lt;b&gt;fails&lt;/b&gt; &amp; retries" in page


@pytest.mark.usefixtures("filled")
def test_drafting_stores_nothing(empty_folder: Path, scribe: Scribe) -> None:
    before = (empty_folder / "scribe.db").read_bytes()

    scribe("draft", "002")

    assert _rows(empty_folder / "scribe.db") == _rows_of(before, empty_folder)


def _rows(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def _rows_of(content: bytes, folder: Path) -> str:
    copy = folder / "before.db"
    copy.write_bytes(content)
    return _rows(copy)


@pytest.mark.usefixtures("filled")
def test_draft_that_can_not_be_written_says_so(scribe: Scribe) -> None:
    line = one_line(scribe("draft", "002", "--out", "missing/report.md"), FAILURE)

    assert line == "missing/report.md can't be written (No such file or directory). Name another file with --out."


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("typed", "code", "answer"),
    [
        (("draft", "INC-2026-11-20-009"), FAILURE, "There is no incident INC-2026-11-20-009. scribe list shows them."),
        (
            ("draft", "001"),
            USAGE,
            "Several incidents end in 001: INC-2026-11-21-001, INC-2026-11-20-001. Name one of them in full.",
        ),
        (
            ("draft", "002", "--format", "pdf"),
            USAGE,
            "“pdf” is not a format that is there. Use one of: md, html, json",
        ),
        (
            ("draft", "002", "--audience", "everybody"),
            USAGE,
            "“everybody” is not an audience. Use internal, executive or customer: scribe draft 002 --audience customer",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_can_not_be_drafted_is_answered_in_one_line(
    typed: tuple[str, ...], code: int, answer: str, scribe: Scribe
) -> None:
    assert one_line(scribe(*typed), code) == answer


# Settings and databases


@pytest.mark.parametrize("command", ["list", "run", "run --http 127.0.0.1:0", "db upgrade", "draft 001", "manifest"])
def test_wrong_setting_stops_every_command(command: str, scribe: Scribe) -> None:
    line = one_line(scribe(*command.split(), SCRIBE_LOG_LEVEL="loud"), FAILURE)

    assert line.startswith("SCRIBE_LOG_LEVEL: “loud” is not a level.")


def test_settings_are_read_from_the_file_beside_the_database(empty_folder: Path, scribe: Scribe) -> None:
    (empty_folder / ".env").write_text("DATABASE_URL=sqlite:///other.db\n", encoding="utf-8")

    assert scribe("list").exit_code == DONE
    assert (empty_folder / "other.db").exists()


def test_run_without_tokens_says_which_are_missing_and_makes_no_database(empty_folder: Path, scribe: Scribe) -> None:
    result = scribe("run")

    assert result.exit_code == FAILURE
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert list(empty_folder.iterdir()) == []


def test_run_over_http_needs_the_signing_secret_instead(empty_folder: Path, scribe: Scribe) -> None:
    result = scribe("run", "--http", "127.0.0.1:3000", SLACK_SIGNING_SECRET="")

    assert result.exit_code == FAILURE
    named = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert named == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("typed", ["3000", "localhost", "127.0.0.1:http", "127.0.0.1:70000", ""])
def test_run_at_what_is_no_address_is_wrong_usage_answered_in_one_line(typed: str, scribe: Scribe) -> None:
    line = one_line(scribe("run", "--http", typed), USAGE)

    assert line.startswith(f"“{typed}” is not HOST:PORT. Use for example: scribe run --http ")


# The manifest


def test_manifest_has_the_commands_of_the_settings(scribe: Scribe) -> None:
    result = scribe("manifest", SCRIBE_COMMAND="/inc", SCRIBE_POSTMORTEM_COMMAND="/pir")

    assert (result.exit_code, result.stderr) == (DONE, "")
    read = yaml.safe_load(result.stdout)
    assert [command["command"] for command in read["features"]["slash_commands"]] == ["/inc", "/pir"]
    assert read["settings"]["socket_mode_enabled"] is True


def test_manifest_needs_neither_tokens_nor_a_database(empty_folder: Path, scribe: Scribe) -> None:
    printed = scribe("manifest", DATABASE_URL="nonsense").stdout

    assert printed == (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert list(empty_folder.iterdir()) == []


def test_manifest_for_http_has_the_address(scribe: Scribe) -> None:
    read = yaml.safe_load(scribe("manifest", "--http", "https://scribe.example.org/slack/events").stdout)

    assert read["settings"]["interactivity"]["request_url"] == "https://scribe.example.org/slack/events"
    assert read["settings"]["socket_mode_enabled"] is False


def test_manifest_for_an_address_that_slack_can_not_send_to_is_wrong_usage(scribe: Scribe) -> None:
    line = one_line(scribe("manifest", "--http", "http://scribe.example.org"), USAGE)

    assert line == (
        "“http://scribe.example.org” is not an address that Slack sends to. Use for example: "
        "scribe manifest --http https://scribe.example.org/slack/events"
    )


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        (
            "nonsense",
            (
                "DATABASE_URL “nonsense” is not a database URL. Use for example sqlite:///scribe.db or "
                "postgresql://scribe:PASSWORD@db.example.com/scribe"
            ),
        ),
        ("sqlite://", "DATABASE_URL must name a file, for example sqlite:///scribe.db"),
        ("sqlite:///:memory:", "DATABASE_URL must name a file, for example sqlite:///scribe.db"),
        (
            "mysql://scribe:secret@db/scribe",
            (
                "DATABASE_URL “mysql://scribe:***@db/scribe”: Incident Scribe runs on SQLite and on PostgreSQL. "
                "Use for example sqlite:///scribe.db or postgresql://scribe:PASSWORD@db.example.com/scribe"
            ),
        ),
    ],
)
def test_bad_database_url_is_answered_in_one_line_without_its_password(url: str, answer: str, scribe: Scribe) -> None:
    assert one_line(scribe("list", DATABASE_URL=url), FAILURE) == answer


def test_server_that_is_not_there_is_answered_in_one_line_without_its_password(scribe: Scribe) -> None:
    line = one_line(scribe("list", DATABASE_URL="postgresql://scribe:secret@127.0.0.1:1/scribe"), FAILURE)

    assert "Connection refused" in line
    assert "secret" not in line


def test_database_in_a_missing_folder_is_answered_in_one_line(scribe: Scribe) -> None:
    line = one_line(scribe("db", "upgrade", DATABASE_URL="sqlite:///missing/scribe.db"), FAILURE)

    assert line.startswith("The database sqlite:///missing/scribe.db can't be written (unable to open database file).")
    assert line.endswith("Check DATABASE_URL, for example sqlite:///scribe.db, and the folder's permissions.")


def test_file_that_is_no_database_is_left_as_it_is(empty_folder: Path, scribe: Scribe) -> None:
    file = empty_folder / "scribe.db"
    file.write_text("these are my notes, not a database at all", encoding="utf-8")

    line = one_line(scribe("list"), FAILURE)

    assert "file is not a database" in line
    assert file.read_text(encoding="utf-8") == "these are my notes, not a database at all"


def test_database_of_a_newer_version_is_refused_and_left_as_it_is(empty_folder: Path, scribe: Scribe) -> None:
    assert scribe("db", "upgrade").exit_code == DONE
    with closing(sqlite3.connect(empty_folder / "scribe.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = _rows(empty_folder / "scribe.db")

    line = one_line(scribe("list"), FAILURE)

    assert line == (
        "The database sqlite:///scribe.db was made by a newer version of Incident Scribe (revision 9999). "
        "Install that version, or name another DATABASE_URL."
    )
    assert _rows(empty_folder / "scribe.db") == before


def test_upgrade_may_be_repeated_and_keeps_what_is_there(
    empty_folder: Path, filled: tuple[Incident, ...], scribe: Scribe
) -> None:
    before = _rows(empty_folder / "scribe.db")

    results = [scribe("db", "upgrade") for _ in range(2)]

    assert {(result.exit_code, result.stdout, result.stderr) for result in results} == {
        (DONE, "", "sqlite:///scribe.db is up to date.\n")
    }
    assert _rows(empty_folder / "scribe.db") == before
    assert len(scribe("list").stdout.splitlines()) == len(filled)


def test_refused_token_ends_the_run_with_one_line(empty_folder: Path) -> None:
    with Sandbox() as sandbox:
        ended = subprocess.run(
            [str(Path(sys.executable).with_name("scribe")), "run"],
            env={"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": sandbox.api_url},
            cwd=empty_folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert (ended.returncode, ended.stdout) == (FAILURE, "")
    assert ended.stderr == (
        "Slack refused the bot token (invalid_auth). Copy it again from “OAuth & Permissions” of your app into "
        "SLACK_BOT_TOKEN.\n"
    )
