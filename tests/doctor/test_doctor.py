"""`scribe doctor`: one line a check, and for each misconfiguration the line that says how to mend it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot import config
from bot.cli import main
from bot.doctor import Finding, Level, examine
from bot.sandbox import Sandbox, error, rate_limited, refused
from bot.slack.manifest import SCOPES
from storage import migrate
from storage.database import Database
from tests.databases import PostgresqlDatabases

ALL_SCOPES = {scope.name for scope in SCOPES}
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
DONE, FAILURE = 0, 3


class Office:
    """A workspace, and the settings of a program that fits it; `findings` and `lines` examine them."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.clock_is_ahead = timedelta(0)
        self.group = sandbox.people.add_usergroup("oncall", ["ana", "ben"])
        self.settings = {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'scribe.db'}",
            "SCRIBE_ANNOUNCE_CHANNEL": "incidents",
            "SCRIBE_INVITE_SEV1": self.group,
        }

    def findings(self, **changed: str) -> list[Finding]:
        settings, problems = config.read_what_is_right(self.settings | changed, None)
        return list(examine(settings, problems, now=lambda: datetime.now(UTC) + self.clock_is_ahead))

    def lines(self, **changed: str) -> list[str]:
        return [finding.line for finding in self.findings(**changed)]

    def problems(self, **changed: str) -> list[str]:
        """Return the lines that are not ok."""
        return [one.line for one in self.findings(**changed) if one.level is not Level.OK]

    def run(self, **changed: str) -> Result:
        return CliRunner().invoke(main, ["doctor"], env=self.settings | changed)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Sandbox]:
    with Sandbox(scopes=ALL_SCOPES) as sandbox:
        sandbox.people.add_person("ana")
        sandbox.people.add_person("ben")
        sandbox.people.add_channel("incidents", members=["ana", "scribe"])
        sandbox.people.add_channel("general", members=["ana"])
        yield sandbox


@pytest.fixture
def office(workspace: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.chdir(tmp_path)
    yield Office(workspace, tmp_path)
    workspace.faults.clear()
    structlog.reset_defaults()


def upgraded(office: Office) -> Path:
    """Make the database and return its file."""
    database = Database(office.settings["DATABASE_URL"])
    migrate.upgrade(database)
    database.close()
    return office.folder / "scribe.db"


# All is well


def test_one_line_a_check_when_all_is_well(office: Office) -> None:
    upgraded(office)

    result = office.run()

    assert (result.exit_code, result.stderr) == (DONE, "")
    *lines, database = result.stdout.splitlines()
    workspace = office.sandbox.workspace
    assert lines == [
        "ok    settings: all of them can be read",
        (
            f"ok    SLACK_BOT_TOKEN: good for @scribe in the workspace {workspace.team_name} "
            f"(https://{workspace.domain}.slack.com/)"
        ),
        "ok    SLACK_APP_TOKEN: good for Socket Mode: scribe run",
        f"ok    scopes: all {len(ALL_SCOPES)} are granted",
        "ok    clock: agrees with Slack's",
        "ok    SCRIBE_ANNOUNCE_CHANNEL: #incidents, and the bot is in it",
        f"ok    SCRIBE_INVITE_SEV1: user group {office.group} has 2 people",
        "ok    SCRIBE_EMOJI: :pushpin: entry",
        "ok    SCRIBE_TEMPLATES: the built-in ones fill a sample report",
    ]
    assert re.fullmatch(
        r"ok    DATABASE_URL: sqlite:///\S+/scribe\.db \(SQLite [\d.]+, (rollback journal|write-ahead log)\) "
        r"can be written and is up to date",
        database,
    )


def test_examination_changes_nothing(office: Office) -> None:
    before = office.sandbox.screen.calls()

    office.lines()

    assert list(office.folder.iterdir()) == []
    called = {call.method for call in office.sandbox.screen.calls()[len(before) :]}
    assert called == {"auth.test", "apps.connections.open", "conversations.list", "usergroups.users.list"}


def test_no_line_tells_a_secret(office: Office) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-very-secret",
        "SLACK_APP_TOKEN": "xapp-very-secret",
        "SLACK_SIGNING_SECRET": "very-secret",
        "DATABASE_URL": "postgresql://scribe:very-secret@127.0.0.1:1/scribe",
    }
    result = office.run(**secrets)

    assert "secret" not in result.stdout + result.stderr
    assert "SLACK_SIGNING_SECRET" in result.stdout


# What is wrong on the way to Slack


def test_every_check_is_made_although_settings_and_tokens_are_missing(office: Office) -> None:
    result = office.run(SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="", SCRIBE_LOG_LEVEL="loud", SCRIBE_COMAND="/inc")

    assert result.exit_code == FAILURE
    assert result.stderr == "4 of 7 checks failed.\n"
    *lines, database = result.stdout.splitlines()
    assert lines == [
        "fail  SCRIBE_COMAND: there is no such setting. Did you mean SCRIBE_COMMAND?",
        "fail  SCRIBE_LOG_LEVEL: “loud” is not a level. Use debug, info, warning or error.",
        "fail  SLACK_BOT_TOKEN: not set. It begins with xoxb-; find it under “OAuth & Permissions” of your app.",
        (
            "fail  SLACK_APP_TOKEN: not set. It begins with xapp-; make it under “Basic Information” of your app. "
            "For HTTP mode set SLACK_SIGNING_SECRET instead."
        ),
        "ok    SCRIBE_EMOJI: :pushpin: entry",
        "ok    SCRIBE_TEMPLATES: the built-in ones fill a sample report",
    ]
    assert database.startswith("ok    DATABASE_URL: ")


MISCONFIGURED = {
    "SLACK_BOT_TOKEN=xoxb-wrong": (
        "fail  SLACK_BOT_TOKEN: Slack refuses it (invalid_auth). Copy it again from “OAuth & Permissions” of your app."
    ),
    "SLACK_BOT_TOKEN=xoxp-a-person": (
        "fail  SLACK_BOT_TOKEN: not a token of this kind. It begins with xoxb-; find it under “OAuth & "
        "Permissions” of your app."
    ),
    "SLACK_APP_TOKEN=xapp-wrong": (
        "fail  SLACK_APP_TOKEN: Slack refuses it (invalid_auth). Make one with the scope connections:write under "
        "“Basic Information” of your app."
    ),
    "SLACK_APP_TOKEN=xoxb-exchanged SLACK_SIGNING_SECRET=8f742231b10e8888": (
        "fail  SLACK_APP_TOKEN: not a token of this kind. It begins with xapp-; make it under “Basic "
        "Information” of your app."
    ),
    "SLACK_APP_TOKEN= SLACK_SIGNING_SECRET=xoxb-exchanged": (
        "fail  SLACK_SIGNING_SECRET: a token, not the signing secret. Find it under “Basic Information” of your app."
    ),
    "SLACK_API_URL=http://127.0.0.1:9/api/": (
        "fail  SLACK_API_URL: http://127.0.0.1:9/api/ does not answer (Slack can't be reached). Check it, and "
        "the network."
    ),
    "SCRIBE_ANNOUNCE_CHANNEL=incidnts": (
        "fail  SCRIBE_ANNOUNCE_CHANNEL: there is no channel “incidnts” that the bot can see. Did you mean incidents?"
    ),
    "SCRIBE_ANNOUNCE_CHANNEL=#war-room": (
        "fail  SCRIBE_ANNOUNCE_CHANNEL: there is no channel “#war-room” that the bot can see. Check the name; "
        "into a private channel invite the bot first: /invite @scribe"
    ),
    "SCRIBE_ANNOUNCE_CHANNEL=#general": (
        "fail  SCRIBE_ANNOUNCE_CHANNEL: the bot is not in #general. Type there: /invite @scribe"
    ),
    "SCRIBE_INVITE_SEV2=S0NOWHERE": (
        "fail  SCRIBE_INVITE_SEV2: there is no user group “S0NOWHERE”. Its id, such as S0614TZR7, is in the "
        "group's menu in Slack: Copy group ID."
    ),
    "SCRIBE_EMOJI=fire=detection": "ok    SCRIBE_EMOJI: :fire: detection",
    "SCRIBE_EMOJI=bulb=lesson": (
        "warn  SCRIBE_EMOJI: no reaction puts a message on the timeline. Add one, for example "
        "SCRIBE_EMOJI=bulb=lesson,pushpin=entry"
    ),
    "SCRIBE_EMOJI=fire": (
        "fail  SCRIBE_EMOJI: “fire” is not EMOJI=MARK. Use phases, or for example pushpin=entry,fire=detection; "
        "the marks are entry, detection, investigation, mitigation, resolution, decision, lesson, action, impact."
    ),
    "SCRIBE_TEMPLATES=nowhere": "fail  SCRIBE_TEMPLATES: there is no folder “nowhere”.",
    "DATABASE_URL=nonsense": (
        "fail  DATABASE_URL: “nonsense” is not a database URL. Use for example sqlite:///scribe.db or "
        "postgresql://scribe:PASSWORD@db.example.com/scribe"
    ),
    "DATABASE_URL=sqlite:////nowhere/scribe.db": (
        "fail  DATABASE_URL: The database sqlite:////nowhere/scribe.db can't be made (there is no such folder). "
        "Check DATABASE_URL, for example sqlite:///scribe.db."
    ),
}


@pytest.mark.parametrize(("changed", "line"), MISCONFIGURED.items(), ids=MISCONFIGURED)
def test_misconfiguration_has_a_line_that_says_how_to_mend_it(office: Office, changed: str, line: str) -> None:
    settings = dict(one.split("=", 1) for one in changed.split())

    assert line in office.lines(**settings)


def test_signing_secret_alone_will_do(office: Office) -> None:
    lines = office.lines(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SECRET)

    assert "ok    SLACK_SIGNING_SECRET: set, for HTTP mode: scribe run --http HOST:PORT" in lines
    assert not [line for line in lines if "SLACK_APP_TOKEN" in line or line.startswith("fail")]


def test_slack_that_does_not_answer_is_one_line_and_the_rest_is_checked_all_the_same(office: Office) -> None:
    office.sandbox.faults.api("auth.test", refused())

    lines = office.lines()

    assert [line.split()[:2] for line in lines] == [
        ["ok", "settings:"],
        ["fail", "SLACK_API_URL:"],
        ["ok", "SCRIBE_EMOJI:"],
        ["ok", "SCRIBE_TEMPLATES:"],
        ["ok", "DATABASE_URL:"],
    ]


def test_token_that_was_revoked_is_named_with_slacks_word_for_it(office: Office) -> None:
    office.sandbox.faults.api("auth.test", error("token_revoked"))

    assert office.problems() == [
        "fail  SLACK_BOT_TOKEN: Slack refuses it (token_revoked). Copy it again from “OAuth & Permissions” of your app."
    ]


# Scopes, clock, channels, groups


def test_missing_scope_is_told_with_what_does_not_work_without_it(tmp_path: Path) -> None:
    with Sandbox(scopes=()) as sandbox:
        sandbox.people.add_person("ana")
        sandbox.people.add_person("ben")
        office = Office(sandbox, tmp_path)
        problems = office.problems(SCRIBE_ANNOUNCE_CHANNEL="", SCRIBE_INVITE_SEV1="")

    assert problems == [
        f"{'warn' if scope.is_optional else 'fail'}  scope {scope.name}: not granted; it serves to {scope.purpose}. "
        "Add it under “OAuth & Permissions” of your app and install the app again."
        for scope in SCOPES
    ]
    assert (
        "fail  scope chat:write: not granted; it serves to post and edit the header, lines, drafts, announcements and "
        "follow-ups. Add it under “OAuth & Permissions” of your app and install the app again."
    ) in problems


def test_what_a_missing_scope_hides_is_no_failure_of_its_own(tmp_path: Path) -> None:
    with Sandbox(scopes=ALL_SCOPES - {"channels:read", "groups:read", "usergroups:read"}) as sandbox:
        sandbox.people.add_person("ana")
        sandbox.people.add_person("ben")
        office = Office(sandbox, tmp_path)
        warnings = [one.line for one in office.findings() if one.level is Level.WARN]

    assert len(warnings) == 2
    assert warnings[0].startswith("warn  SCRIBE_ANNOUNCE_CHANNEL: “incidents” could not be looked up (Slack refused: ")
    assert warnings[1] == (
        f"warn  SCRIBE_INVITE_SEV1: “{office.group}” could not be looked up "
        "(Slack refused: missing_scope (needs usergroups:read))"
    )


@pytest.mark.parametrize(("seconds", "direction"), [(150, "ahead of"), (-150, "behind")])
def test_clock_that_is_off_is_a_warning(office: Office, seconds: int, direction: str) -> None:
    office.clock_is_ahead = timedelta(seconds=seconds)

    (line,) = office.problems()

    assert re.fullmatch(
        rf"warn  clock: 2 min \d+ s {direction} Slack's\. Set this machine's clock; "
        r"5 minutes apart, HTTP mode refuses what Slack sends\.",
        line,
    )


def test_clock_that_is_off_by_a_little_is_fine(office: Office) -> None:
    office.clock_is_ahead = timedelta(seconds=50)

    assert office.problems() == []


def test_archived_announcement_channel_is_told(office: Office) -> None:
    office.sandbox.people.add_channel("old-incidents", members=["ana", "scribe"])
    office.sandbox.people.archive("old-incidents")

    assert office.problems(SCRIBE_ANNOUNCE_CHANNEL="old-incidents") == [
        "fail  SCRIBE_ANNOUNCE_CHANNEL: #old-incidents is archived. Name another channel, or unarchive it."
    ]


def test_announcement_channel_may_be_given_by_its_id(office: Office) -> None:
    channel = office.sandbox.screen.channel("incidents").id

    assert office.problems(SCRIBE_ANNOUNCE_CHANNEL=channel) == []


def test_user_group_without_anybody_is_a_warning(office: Office) -> None:
    empty = office.sandbox.people.add_usergroup("nobody", [])

    assert office.problems(SCRIBE_INVITE_SEV1=f"{office.group}, {empty}") == [
        f"warn  SCRIBE_INVITE_SEV1: user group {empty} has nobody in it. Add people to it in Slack."
    ]


def test_slack_that_asks_to_slow_down_is_a_warning(office: Office) -> None:
    office.sandbox.faults.api("usergroups.users.list", rate_limited(5))

    assert office.problems() == [
        f"warn  SCRIBE_INVITE_SEV1: “{office.group}” could not be looked up (Slack asks to slow down)"
    ]


# Templates and the database


def test_template_that_fails_is_named_with_its_line(office: Office) -> None:
    own = office.folder / "own/postmortem/internal/html"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("fine\n{{ postmortem.nothing }}", encoding="utf-8")

    (line,) = office.problems(SCRIBE_TEMPLATES=str(office.folder / "own"))

    assert line.startswith(f"fail  SCRIBE_TEMPLATES: {own / 'report.html.j2'}:2: ")
    assert line.endswith(" has no attribute 'nothing'. Mend that file; until then the built-in template is used.")


def test_templates_that_fill_are_told(office: Office) -> None:
    own = office.folder / "own/postmortem/internal/markdown"
    own.mkdir(parents=True)
    (own / "report.md.j2").write_text("# {{ postmortem.incident.title | md }}\n", encoding="utf-8")

    lines = office.lines(SCRIBE_TEMPLATES=str(office.folder / "own"))

    assert f"ok    SCRIBE_TEMPLATES: those in {office.folder / 'own'} fill a sample report" in lines


def test_database_that_is_not_there_yet_is_fine_and_not_made(office: Office) -> None:
    assert office.lines()[-1] == (
        f"ok    DATABASE_URL: {office.settings['DATABASE_URL']} (SQLite) is not there yet; the next command makes it"
    )
    assert not (office.folder / "scribe.db").exists()


def test_database_of_an_older_version_is_fine_and_left_as_it_is(office: Office) -> None:
    database = Database(office.settings["DATABASE_URL"])
    migrate.upgrade(database)
    migrate.downgrade(database, "0001")
    database.close()

    assert office.lines()[-1].endswith(" is of an older version; the next command brings it up to date")

    assert revision(office) == "0001"


def test_database_of_a_newer_version_is_a_failure(office: Office) -> None:
    with closing(sqlite3.connect(upgraded(office))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    (line,) = office.problems()

    assert line.startswith(f"fail  DATABASE_URL: {office.settings['DATABASE_URL']} (SQLite ")
    assert line.endswith(
        ") was made by a newer version of Incident Scribe. Install that version, or name another database."
    )
    assert revision(office) == "9999"


def test_file_that_is_no_database_is_a_failure(office: Office) -> None:
    (office.folder / "scribe.db").write_text("these are my notes, not a database at all", encoding="utf-8")

    (line,) = office.problems()

    assert "can't be written (file is not a database)" in line


def test_locked_database_is_a_failure(office: Office) -> None:
    with closing(sqlite3.connect(upgraded(office), isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        (line,) = office.problems()
        lock.execute("ROLLBACK")

    assert line.startswith(f"fail  DATABASE_URL: The database {office.settings['DATABASE_URL']} can't be ")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (None, r"warn  .* has no tables yet\. Run: scribe db upgrade"),
        ("0001", r"warn  .* is of an older version\. Run: scribe db upgrade"),
        ("head", r"ok    .* can be written and is up to date"),
    ],
)
def test_postgresql_is_told_with_its_driver(
    office: Office, postgresql_databases: PostgresqlDatabases, target: str | None, words: str
) -> None:
    url = postgresql_databases.empty()
    if target:
        database = Database(url)
        migrate.upgrade(database, target)
        database.close()

    line = office.lines(DATABASE_URL=url)[-1]

    postgresql_databases.drop(url)
    assert re.fullmatch(words, line)
    assert re.search(r"DATABASE_URL: postgresql\S+ \(PostgreSQL \d[\w.]*, psycopg\) ", line)


def revision(office: Office) -> str:
    with closing(sqlite3.connect(office.folder / "scribe.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
