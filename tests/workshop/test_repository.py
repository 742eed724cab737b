"""The checkout: what CI runs, what is pinned, and nothing that belongs to one machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Hosts that packages come from, and options that name one.
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|anaconda\.org|artifactory|nexus|devpi|index-url|find-links|trusted-host",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w./])/(?:work|root|tmp|home|Users|mnt|opt)/")


def normal(name: str) -> str:
    """Return a package's name as packaging tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def files() -> list[Path]:
    """Return what is in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in found if path.is_file() and path != Path(__file__).resolve()]


def test_ci_runs_what_newcomers_run() -> None:
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


@pytest.mark.parametrize("step", ["ruff format --check .", "ruff check .", "mypy", "lint-imports", "pytest"])
def test_make_test_goes_through_every_check(step: str) -> None:
    recipes = dict(re.findall(r"^(\w+):[^\n]*\n((?:\t[^\n]*\n)+)", MAKEFILE, re.MULTILINE))

    assert re.search(r"^test: check\b", MAKEFILE, re.MULTILINE)
    assert f"$(BIN)/{step}" in recipes["check"] + recipes["test"]


def test_environment_is_made_with_the_pinned_versions() -> None:
    assert "PIP_CONSTRAINT=constraints.txt" in MAKEFILE


def test_constraints_are_names_and_versions_in_order_and_nothing_else() -> None:
    assert [line for line in CONSTRAINTS if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==[0-9][\w.]*", line)] == []
    names = [normal(line.partition("==")[0]) for line in CONSTRAINTS]
    assert len(names) == len(set(names))


def test_constraints_cover_every_dependency() -> None:
    wanted = [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ]
    pinned = {normal(line.partition("==")[0]) for line in CONSTRAINTS}

    names = [normal(re.split(r"[\[<>=!~; ]", one)[0]) for one in wanted]
    assert [name for name in names if name not in pinned] == []


def test_no_file_names_a_registry_of_packages() -> None:
    assert {str(path) for path in files() if REGISTRIES.search(_text(path))} == set()


def test_no_file_names_a_path_of_one_machine() -> None:
    """Tests may: they say what typed paths become."""
    checked = [path for path in files() if "tests" not in path.relative_to(ROOT).parts]

    assert {
        str(path): MACHINE_PATHS.findall(_text(path)) for path in checked if MACHINE_PATHS.search(_text(path))
    } == {}


def test_no_secret_file_and_no_database_is_in_the_repository() -> None:
    assert [path.name for path in files() if path.name == ".env" or path.suffix in {".db", ".sqlite"}] == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")
