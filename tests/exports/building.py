"""Builds exports as Slack and people's machines make them, with words of their own."""

import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TEAM = "TACME"
OPS, DB, WAR = "C0OPS", "C0DB", "G0WAR"
ANN, BEA, CAI = "U0ANN", "U0BEA", "U0CAI"
DAY = "2019-02-05"


def ts(clock: str, day: str = DAY, micro: int = 0) -> str:
    """Return the timestamp of a time of day in UTC, such as `14:05` or `14:05:33`."""
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
    return f"{int(moment.timestamp())}.{micro:06d}"


def said(clock: str, text: str, user: str | None = ANN, day: str = DAY, **fields: Any) -> Json:
    """Return a message as an export has it."""
    return {"type": "message", "user": user, "text": text, "ts": ts(clock, day), **fields}


def user(user_id: str, name: str, **fields: Any) -> Json:
    """Return somebody as `users.json` has them."""
    profile = {"real_name": name, "display_name": name.split(maxsplit=1)[0].lower()}
    return {"id": user_id, "team_id": TEAM, "name": name.split(maxsplit=1)[0].lower(), "profile": profile, **fields}


PEOPLE = (
    user(ANN, "Ann Lee", tz="Europe/London"),
    user(BEA, "Bea Novak", tz="America/New_York"),
    user(CAI, "Cai Brandt", deleted=True),
)
LISTED = {"channels.json": [{"id": OPS, "name": "ops", "members": [ANN]}, {"id": DB, "name": "db"}]}


def by_day(messages: Sequence[Json]) -> dict[str, list[Json]]:
    """Return messages by the UTC day that a file of theirs would be called after."""
    found: dict[str, list[Json]] = defaultdict(list)
    for message in messages:
        at = datetime.fromtimestamp(int(str(message["ts"]).partition(".")[0]), UTC)
        found[f"{at:%Y-%m-%d}"].append(message)
    return found


def files_of(
    channels: Mapping[str, Sequence[Json]],
    *,
    lists: Mapping[str, Sequence[Any]] | None = None,
    users: Sequence[Any] | None = PEOPLE,
) -> dict[str, bytes]:
    """Return the files of an export: each channel's folder by its name, with a file a day."""
    found: dict[str, Any] = dict(LISTED if lists is None else lists)
    if users is not None:
        found["users.json"] = list(users)
    for name, messages in channels.items():
        for day, of_day in by_day(messages).items():
            found[f"{name}/{day}.json"] = of_day
    return {name: json.dumps(content, indent=2).encode() for name, content in found.items()}


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a zip archive of these files; names keep the order that they are given in."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unpacked(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write the files into a folder."""
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def export(path: Path, channels: Mapping[str, Sequence[Json]], **parts: Any) -> Path:
    """Write an export as a zip archive."""
    return zipped(path, files_of(channels, **parts))


OUTAGE = (
    said("14:02", "Checkout fails for everybody in the EU"),
    said("14:09", "The pool of the database is exhausted", BEA),
    said("14:21", "Rolled back the release of 13:50", BEA),
    said("14:30", "Checkout works again"),
)
