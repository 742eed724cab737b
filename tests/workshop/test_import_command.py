"""`scribe import`: the id on standard output, all else on standard error, and one line for what goes wrong."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli import main
from tests.exports.building import OUTAGE, files_of, said, unpacked, zipped

DONE, USAGE, FAILURE = 0, 2, 3
Scribe = Callable[..., Result]
ID = "INC-2019-02-05-001"
_NONE: Mapping[str, bytes] = MappingProxyType({})


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export of two channels in it, and no settings of the machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "DATABASE_URL", "SCRIBE_DEFAULT_SEVERITY"):
        monkeypatch.delenv(name, raising=False)
    zipped(tmp_path / "export.zip", files_of({"ops": OUTAGE, "db": OUTAGE}))
    return tmp_path


@pytest.fixture
def scribe() -> Iterator[Scribe]:
    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=environment)

    yield run
    structlog.reset_defaults()


def listed(scribe: Scribe) -> list[str]:
    return scribe("list").stdout.splitlines()


@pytest.mark.parametrize(
    "typed",
    [
        "import export.zip --channel ops --channel db",
        "import export.zip --channel ops db",
        "import --channel #ops #db export.zip",
        "import --channel=ops db export.zip",
    ],
)
def test_several_channels_make_one_incident_however_they_are_named(typed: str, scribe: Scribe) -> None:
    result = scribe(*typed.split())

    assert (result.exit_code, result.stdout) == (DONE, f"{ID}\n")
    assert result.stderr == (
        f"{ID}: 8 messages of #ops, #db, 2019-02-05 14:02 to 2019-02-05 14:30 UTC. To read it: scribe draft {ID}\n"
    )
    assert listed(scribe) == [f"{ID}\tSEV3\tresolved\t#ops and #db, 2019-02-05"]


def test_title_window_and_severity_of_the_settings_are_kept(scribe: Scribe) -> None:
    options = ("--title", "Checkout down", "--from", "2019-02-05 14:05", "--to", "2019-02-05T14:25Z")
    result = scribe("import", "export.zip", "--channel", "ops", *options, SCRIBE_DEFAULT_SEVERITY="1")

    assert "2 messages of #ops, 2019-02-05 14:05 to 2019-02-05 14:25 UTC" in result.stderr
    assert listed(scribe) == [f"{ID}\tSEV1\tresolved\tCheckout down"]


def test_folder_will_do_as_well(here: Path, scribe: Scribe) -> None:
    unpacked(here / "acme", files_of({"ops": OUTAGE}))

    assert scribe("import", "acme", "--channel", "ops").stdout == f"{ID}\n"


def test_same_again_prints_the_same_id_and_what_is_new(here: Path, scribe: Scribe) -> None:
    scribe("import", "export.zip", "--channel", "ops")
    zipped(here / "newer.zip", files_of({"ops": [*OUTAGE, said("15:00", "All is well")]}))

    same = scribe("import", "export.zip", "--channel", "ops")
    newer = scribe("import", "newer.zip", "--channel", "ops")

    assert (same.stdout, newer.stdout) == (f"{ID}\n", f"{ID}\n")
    assert "nothing new since it was imported before; 4 messages of #ops in all" in same.stderr
    assert "1 new message since it was imported before; 5 messages of #ops in all" in newer.stderr
    assert len(listed(scribe)) == 1


@pytest.mark.parametrize(
    ("files", "typed", "code", "line"),
    [
        (
            _NONE,
            "import export.zip",
            USAGE,
            (
                "Name the channels to take in with --channel. This export has db, ops. For example: "
                "scribe import export.zip --channel db"
            ),
        ),
        (_NONE, "import export.zip --channel", USAGE, None),
        (
            _NONE,
            "import export.zip --channel opps",
            FAILURE,
            "There is no channel opps among the 2 channels of export.zip. The nearest: ops.",
        ),
        (
            _NONE,
            "import missing.zip --channel ops",
            FAILURE,
            "missing.zip is not there. Name the export's zip archive, or the folder that it was unpacked to.",
        ),
        (
            _NONE,
            "import export.zip --channel ops --from 2020-01-01",
            FAILURE,
            (
                "Nothing was said then in #ops: the first message of export.zip there is of 2019-02-05 14:02 UTC, "
                "the last of 2019-02-05 14:30 UTC."
            ),
        ),
        (_NONE, "import export.zip --channel ops --from 2019-02-06 --to 2019-02-05", USAGE, None),
        (_NONE, "import export.zip --channel ops --from soon", USAGE, None),
        (_NONE, f"import export.zip --channel ops --title {'x' * 201}", USAGE, None),
        (
            {"ops/2019-02-06.json": b'[{"type": "message", "ts": "abc"}]'},
            "import export.zip --channel ops",
            FAILURE,
            (
                "ops/2019-02-06.json, record 1: ts “abc” is no Slack timestamp. Nothing was imported. "
                "To leave out what is broken: --skip-broken"
            ),
        ),
    ],
)
def test_what_can_not_be_imported_is_answered_in_one_line_and_leaves_nothing(
    files: Mapping[str, bytes], typed: str, code: int, line: str | None, here: Path, scribe: Scribe
) -> None:
    if files:
        zipped(here / "export.zip", files_of({"ops": OUTAGE}) | dict(files))

    result = scribe(*typed.split())

    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    assert line is None or result.stderr == f"{line}\n"
    assert listed(scribe) == []


def test_what_was_left_out_is_told_on_standard_error(here: Path, scribe: Scribe) -> None:
    files = files_of({"ops": OUTAGE}) | {"ops/2019-02-06.json": b'[{"type": "message"}, nonsense'}
    zipped(here / "export.zip", files)

    result = scribe("import", "export.zip", "--channel", "ops", "--skip-broken")

    assert (result.exit_code, result.stdout) == (DONE, f"{ID}\n")
    assert result.stderr.splitlines()[:2] == [
        "Left out: ops/2019-02-06.json, record 1: it has no ts",
        "Left out: ops/2019-02-06.json, record 2: it is no JSON",
    ]


def test_draft_of_an_import_is_printed(scribe: Scribe) -> None:
    scribe("import", "export.zip", "--channel", "ops")

    report = scribe("draft", ID).stdout

    assert report.startswith("# Postmortem: \\#ops, 2019-02-05\n")
    assert "taken in from an export of Slack" in report
    assert f"`/incident {ID} set started 2019-02-05T14:02Z`" in report


def test_progress_is_shown_on_a_terminal_alone(here: Path) -> None:
    command = [str(Path(sys.executable).with_name("scribe")), "import", "export.zip", "--channel", "ops"]
    shown, terminal = pty.openpty()

    on_terminal = subprocess.run(
        command, cwd=here, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}, check=False
    )
    in_pipe = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)

    os.close(terminal)
    seen = _all_of(shown)
    assert on_terminal.stdout.decode() == in_pipe.stdout == f"{ID}\n"
    assert "Taking in" in seen
    assert in_pipe.stderr.startswith(f"{ID}: nothing new")
    assert in_pipe.stderr.count("\n") == 1


def _all_of(terminal: int) -> str:
    """Return what was written to a terminal that nobody writes to any more."""
    found = b""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and select.select([terminal], [], [], 0.2)[0]:
        try:
            found += os.read(terminal, 4096)
        except OSError:
            break
    os.close(terminal)
    return found.decode()
