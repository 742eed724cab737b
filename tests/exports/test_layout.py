"""Where the channels of an export are, however it was packed, and which of them is meant."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import NotFoundError, ScribeError, UserError
from bot.exports import BrokenExportError, Problems, SlackExport
from bot.services.importing import ExportedChannel
from tests.exports.building import DB, LISTED, OPS, OUTAGE, TEAM, WAR, export, files_of, said, unpacked, zipped


def chosen(path: Path, *names: str, skips: bool = False) -> tuple[ExportedChannel, ...]:
    with SlackExport(path, names, Problems(skips=skips)) as found:
        return found.channels


def known_as(path: Path, *names: str) -> list[tuple[str, str | None]]:
    return [(channel.name, channel.channel_id) for channel in chosen(path, *names)]


@pytest.mark.parametrize("prefix", ["", "acme export/", "a/b/"])
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_channels_are_found_at_the_top_and_deeper(prefix: str, tmp_path: Path, *, is_zip: bool) -> None:
    files = {f"{prefix}{name}": content for name, content in files_of({"ops": OUTAGE, "db": OUTAGE}).items()}
    path = zipped(tmp_path / "x.zip", files) if is_zip else unpacked(tmp_path / "x", files)

    assert known_as(path, "ops", "db") == [("ops", OPS), ("db", DB)]


def test_folder_may_be_called_by_the_channels_id(tmp_path: Path) -> None:
    assert known_as(export(tmp_path / "x.zip", {OPS: OUTAGE}), "ops") == [("ops", OPS)]


@pytest.mark.parametrize("typed", ["ops", "#ops", "OPS", OPS, "c0ops", " ops "])
def test_channel_is_named_with_or_without_its_sign_in_any_case_or_by_its_id(typed: str, tmp_path: Path) -> None:
    assert known_as(export(tmp_path / "x.zip", {"ops": OUTAGE}), typed) == [("ops", OPS)]


def test_accent_may_be_written_in_two_ways(tmp_path: Path) -> None:
    composed, apart = "gr\u00f6\u00dfe", "gro\u0308\u00dfe"
    lists = {"channels.json": [{"id": "C0BIG", "name": composed}]}
    path = export(tmp_path / "x.zip", {apart: OUTAGE}, lists=lists)

    assert known_as(path, composed) == known_as(path, apart) == [(composed, "C0BIG")]


def test_export_without_lists_has_its_folders(tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE, "D012345678": OUTAGE}, lists={}, users=None)

    (ops, direct) = chosen(path, "ops", "D012345678")

    assert (ops.channel_id, ops.is_private) == (None, False)
    assert (direct.channel_id, direct.is_private) == ("D012345678", True)


@pytest.mark.parametrize(
    ("list_name", "listed", "is_private"),
    [
        ("channels.json", {"id": WAR, "name": "war"}, False),
        ("channels.json", {"id": WAR, "name": "war", "is_private": True}, True),
        ("groups.json", {"id": WAR, "name": "war", "members": ["U0ANN", 7]}, True),
        ("mpims.json", {"id": WAR, "name": "war"}, True),
        ("dms.json", {"id": "war"}, True),
    ],
)
def test_lists_say_who_may_read_a_channel(
    list_name: str, listed: Mapping[str, Any], tmp_path: Path, *, is_private: bool
) -> None:
    path = export(tmp_path / "x.zip", {"war": OUTAGE}, lists={list_name: [listed]})

    (found,) = chosen(path, "war")

    assert (found.is_private, found.members) == (is_private, ("U0ANN",) if "members" in listed else ())


@pytest.mark.parametrize("channel_id", [None, 7, "", "c0ops", "U0ANN", "C0OPS; DROP", "C" * 40])
def test_id_that_can_not_be_one_counts_as_missing(channel_id: object, tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"ops": OUTAGE}, lists={"channels.json": [{"id": channel_id, "name": "ops"}]})

    assert known_as(path, "ops") == [("ops", None)]


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["ops", "db"], "There is no channel opps among the 2 channels of x.zip. The nearest: ops"),
        (["general", "random"], "There is no channel opps among the 2 channels of x.zip, such as general, random"),
        (["general"], "There is no channel opps in x.zip, only general"),
        (
            [f"t{number}" for number in range(40)],
            "There is no channel opps among the 40 channels of x.zip, such as t0, t1, t10, t11, t12",
        ),
    ],
)
def test_unknown_channel_is_answered_with_the_near_names_and_how_many_there_are(
    names: Sequence[str], line: str, tmp_path: Path
) -> None:
    path = export(tmp_path / "x.zip", dict.fromkeys(names, OUTAGE), lists={})

    with pytest.raises(NotFoundError) as raised:
        chosen(path, "opps")

    assert str(raised.value) == f"{line}."


def test_no_channel_named_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        chosen(export(tmp_path / "x.zip", {"ops": OUTAGE, "db": OUTAGE}))

    assert str(raised.value) == (
        "Name the channels to take in with --channel. This export has db, ops. "
        "For example: scribe import x.zip --channel db"
    )


def test_name_of_several_channels_is_answered_with_their_folders(tmp_path: Path) -> None:
    path = export(tmp_path / "x.zip", {"teams/a/ops": OUTAGE, "teams/b/ops": OUTAGE}, lists={})

    with pytest.raises(UserError) as raised:
        chosen(path, "ops")

    assert str(raised.value) == (
        "Several channels of x.zip are called ops: teams/a/ops, teams/b/ops. Name one of them so: --channel teams/a/ops"
    )
    assert [channel.key for channel in chosen(path, "teams/b/ops")] == ["teams/b/ops"]


def test_channel_named_twice_is_taken_once(tmp_path: Path) -> None:
    assert known_as(export(tmp_path / "x.zip", {"ops": OUTAGE}), "ops", "#ops", OPS) == [("ops", OPS)]


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ({}, ""),
        ({"readme.txt": b"hello"}, ""),
        ({"2019-02-05.json": b"[]"}, ""),
        (
            {"index.html": b"<html>", "ops/page.html": b"<html>"},
            " It holds web pages: what is needed is the export itself, in JSON.",
        ),
    ],
)
def test_what_is_no_export_is_said_to_be_none(files: Mapping[str, bytes], hint: str, tmp_path: Path) -> None:
    with pytest.raises(ScribeError) as raised:
        chosen(zipped(tmp_path / "x.zip", files), "ops")

    assert str(raised.value) == (
        "x.zip is no export of Slack: no folder in it has messages by day, such as general/2026-11-20.json." + hint
    )


def test_broken_list_is_named_and_may_be_left_out(tmp_path: Path) -> None:
    files = files_of({"ops": OUTAGE}, lists={"channels.json": [LISTED["channels.json"][0], None]})
    path = zipped(tmp_path / "x.zip", files)

    with pytest.raises(BrokenExportError) as raised:
        chosen(path, "ops")

    assert str(raised.value) == (
        "channels.json, record 2: it is no channel with a name or an id. Nothing was imported. "
        "To leave out what is broken: --skip-broken"
    )
    assert chosen(path, "ops", skips=True)[0].channel_id == OPS


def test_list_can_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    lists = {"sub/channels.json": [{"id": "C0EVIL", "name": "../ops"}]}
    path = export(tmp_path / "x.zip", {"ops": OUTAGE}, lists=lists)

    assert known_as(path, "ops") == [("ops", None)]


def test_other_files_of_a_channel_are_no_messages(tmp_path: Path) -> None:
    files = files_of({"ops": OUTAGE}) | {"ops/canvas_in_the_conversation.json": b"{}", "integration_logs.json": b"[]"}

    with SlackExport(zipped(tmp_path / "x.zip", files), ["ops"], Problems(skips=False)) as found:
        assert found.size == len(files["ops/2019-02-05.json"])


def test_workspace_is_that_of_most_of_the_people(tmp_path: Path) -> None:
    users = [{"id": f"U{number}", "team_id": team} for number, team in enumerate([TEAM, "T0GUEST", TEAM, 5, None])]
    path = export(tmp_path / "x.zip", {"ops": [said("14:02", "x")]}, users=users)

    with SlackExport(path, ["ops"], Problems(skips=False)) as found:
        assert found.team_id == TEAM
        assert [person.is_guest for person in found.people()] == [False, True, False, True, False]
