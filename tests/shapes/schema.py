"""JSON Schema of what is sent to Slack, generated from the types in npm's `@slack/types` (tests/node/package.json).

Its objects allow no key that the types don't name, so a slip of the pen in one of ours is found.
"""

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / ".node"
PACKAGE = NODE / "node_modules" / "@slack" / "types" / "package.json"
GENERATOR = NODE / "node_modules" / ".bin" / "ts-json-schema-generator"
TYPES = Path(__file__).with_name("slack_types.ts")


class CounterpartMissingError(Exception):
    """The packages for Node are not installed."""


def problems(kind: str, value: Any) -> list[str]:
    """Return where a value is not what Slack's types say, as `path: what`; nothing when it is.

    `kind` is Message (a list of blocks), Modal or Home. Raises CounterpartMissingError.
    """
    return [
        f"{error.json_path}: {error.message[:200]}"
        for found in validator(kind).iter_errors(value)
        for error in _exact(found)
    ]


@cache
def validator(kind: str) -> Draft7Validator:
    """Return what checks values of this kind. Raises CounterpartMissingError."""
    schema = json.loads(_file().read_text(encoding="utf-8"))
    return Draft7Validator(schema | {"$ref": f"#/definitions/{kind}"})


def _exact(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong with a value of several possible types, by the one that its `type` names."""
    meant = [branch for branch in _branches(error) if not _is_another_type(branch)]
    return [exact for branch in meant for inner in branch for exact in _exact(inner)] or [error]


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """Return what each possible type finds wrong."""
    found: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        found.setdefault(inner.schema_path[0], []).append(inner)
    return list(found.values())


def _is_another_type(branch: list[ValidationError]) -> bool:
    """Whether the value's `type` names another type than this one, which may itself be one of several."""
    for error in branch:
        if list(error.relative_path) == ["type"]:
            return True
        inner = _branches(error)
        if not error.relative_path and inner and all(map(_is_another_type, inner)):
            return True
    return False


def _file() -> Path:
    """Return the file with the schema, generated when its sources have changed."""
    if not (PACKAGE.exists() and GENERATOR.exists()):
        raise CounterpartMissingError("run: make .node/.ready")
    sources = hashlib.sha256(PACKAGE.read_bytes() + TYPES.read_bytes()).hexdigest()[:16]
    file = NODE / f"slack-types.{sources}.schema.json"
    if not file.exists():
        _generate(file)
    return file


def _generate(file: Path) -> None:
    """Write the schema. Test workers may do so at the same time: each has files of its own until the last step."""
    # The types are found from where the file stands, so it goes beside the packages.
    own = NODE / f"slack-types.{os.getpid()}.ts"
    made = own.with_suffix(".json")
    own.write_text(TYPES.read_text(encoding="utf-8"), encoding="utf-8")
    try:
        options = ["--type", "*", "--no-type-check", "--jsDoc", "none"]
        command = [str(GENERATOR), "--path", str(own), *options, "--out", str(made)]
        # Node may have come from PyPI into the environment that runs the tests.
        path = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
        subprocess.run(command, check=True, timeout=60, capture_output=True, env=os.environ | {"PATH": path})
        made.replace(file)
    finally:
        own.unlink()
