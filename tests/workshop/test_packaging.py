"""The packages have all that the program needs, and it runs from a wheel in an empty folder elsewhere."""

import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.rendering import Renderer
from bot.rendering.renderer import built_in_templates

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*") if path.is_file())
REPORT = Path("postmortem/internal/markdown/report.md.j2")
# Declares an incident and drafts it, with nothing but what the package has; prints where the package is first.
JOURNEY = """
import sys
from datetime import UTC, datetime
import bot, storage
print(bot.__file__, storage.__file__, flush=True)
from bot.app import open_database
from bot.cli import main
from bot.domain.incident import IncidentType, Kind, Severity
from storage import incidents
from storage.incidents import NewIncident
database = open_database("sqlite:///scribe.db")
now = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
new = NewIncident("T1", "Checkout errors", Kind.LIVE, IncidentType.PRODUCTION, Severity.SEV2, False, "U1", now)
with database.transaction() as connection:
    incidents.create(connection, new)
database.close()
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Built:
    """The two packages, the wheel built from the source package, and where the wheel is installed."""

    wheel: Path
    sdist: Path
    site: Path


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("packages")
    # Without a flag, `build` makes the source package and then the wheel from it.
    building = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert building.returncode == 0, building.stdout + building.stderr
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    site = folder / "site"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index")
    installing = run(*pip, "--target", site, wheel, cwd=folder)
    assert installing.returncode == 0, installing.stdout + installing.stderr
    return Built(wheel, sdist, site)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """An empty folder that knows nothing of the checkout."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def installed(built: Built, elsewhere: Path, *arguments: str, **environment: str) -> list[str]:
    """Return what the journey prints when it runs from the installed wheel."""
    ended = run(sys.executable, "-c", JOURNEY, *arguments, cwd=elsewhere, PYTHONPATH=str(built.site), **environment)
    assert ended.returncode == 0, ended.stderr
    where, *lines = ended.stdout.splitlines()
    assert [path.startswith(str(built.site)) for path in where.split()] == [True, True]
    return lines


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_has_code_templates_migrations_and_licence(built: Built) -> None:
    names = _names(built.wheel)

    modules = {str(path.relative_to(ROOT)) for room in ("bot", "storage") for path in (ROOT / room).rglob("*.py")}
    assert modules - names == set()
    assert {f"bot/_templates/{template.as_posix()}" for template in TEMPLATES} - names == set()
    assert {"bot/py.typed", "storage/py.typed", "storage/migrations/script.py.mako"} - names == set()
    assert [name for name in names if name.endswith("dist-info/licenses/LICENSE")]


def test_wheel_has_nothing_else(built: Built) -> None:
    rooms = {name.partition("/")[0] for name in _names(built.wheel)}

    assert {room for room in rooms if not room.endswith(".dist-info")} == {"bot", "storage"}
    assert [name for name in _names(built.wheel) if name.endswith((".pyc", ".db", ".env"))] == []


def test_wheel_brings_the_command(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "scribe = bot.cli:main" in archive.read(name).decode()


def test_source_package_has_what_a_build_needs(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    files = {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "manifest.yml",
        "bot/py.typed",
        "storage/py.typed",
    }
    files |= {f"templates/{template.as_posix()}" for template in TEMPLATES}
    files |= {str(path.relative_to(ROOT)) for path in (ROOT / "storage" / "migrations").rglob("*.py")}
    assert files - names == set()
    assert [name for name in names if "__pycache__" in name] == []


def test_installed_program_explains_itself(built: Built, elsewhere: Path) -> None:
    lines = installed(built, elsewhere, "--help")

    assert [line for line in lines if line.strip().startswith("draft")]


def test_installed_program_makes_its_database_and_drafts(built: Built, elsewhere: Path) -> None:
    lines = installed(built, elsewhere, "draft", "001")

    assert lines[0] == "# Postmortem: Checkout errors"
    assert (elsewhere / "scribe.db").exists()


def test_installed_program_finds_its_html_template_and_style(built: Built, elsewhere: Path) -> None:
    page = "\n".join(installed(built, elsewhere, "draft", "001", "--format", "html"))

    style = (ROOT / "templates" / "postmortem" / "internal" / "html" / "style.css").read_text(encoding="utf-8")
    assert style.strip().splitlines()[-1] in page


def test_templates_of_ones_own_win_over_those_in_the_wheel(built: Built, elsewhere: Path) -> None:
    own = elsewhere / "own" / REPORT
    own.parent.mkdir(parents=True)
    own.write_text(
        f'{{% extends "built-in/{REPORT.as_posix()}" %}}\n{{% block title %}}\n# Our own heading\n\n{{% endblock %}}\n',
        encoding="utf-8",
    )

    lines = installed(built, elsewhere, "draft", "001", SCRIBE_TEMPLATES="own")

    assert lines[0] == "# Our own heading"
    assert "## Executive summary" in lines


def test_checkout_finds_its_own_templates() -> None:
    assert built_in_templates() == ROOT / "templates"
    assert Renderer()


def test_installed_templates_win_over_a_folder_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site" / "bot"
    (tmp_path / "site" / "templates").mkdir(parents=True)
    package.mkdir()
    assert built_in_templates(package) == tmp_path / "site" / "templates"

    (package / "_templates").mkdir()

    assert built_in_templates(package) == package / "_templates"
