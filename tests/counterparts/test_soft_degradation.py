"""Where local-slack lacks a method the bot goes on, and its log says what was left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counterparts.contract.differences import LACKING
from tests.counterparts.degradations import DEGRADATIONS, Degradation
from tests.counterparts.local_slack import ANA, BEN, GENERAL
from tests.counterparts.scribe import Room, Scribe, running


@pytest.fixture(scope="module")
def scribe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scribe]:
    folder: Path = tmp_path_factory.mktemp("soft")
    with running(folder, settings={"SCRIBE_INVITE_SEV1": "S0ONCALL01"}) as started:
        yield started


def test_the_methods_of_the_table_are_missing() -> None:
    assert {one.method for one in DEGRADATIONS} <= set(LACKING)


@pytest.mark.parametrize("row", DEGRADATIONS, ids=lambda row: row.method)
def test_incident_opens_without_the_method_and_the_log_says_so(scribe: Scribe, row: Degradation) -> None:
    before = scribe.warnings().count(row.warning)
    called = len(scribe.people.calls(row.method))
    room = scribe.declare(f"Without {row.method}")
    if row.when:
        scribe.type(ANA, room.channel, f"/incident {row.when}")
        scribe.settle()
    assert len(scribe.people.calls(row.method)) > called
    assert scribe.warnings().count(row.warning) > before
    assert all("code='unknown_method'" in line for line in scribe.errors().splitlines() if row.warning in line)
    assert "Traceback" not in scribe.errors()
    assert_goes_on(scribe, room)


def assert_goes_on(scribe: Scribe, room: Room) -> None:
    assert room.incident_id in scribe.header_text(room)
    assert any(room.incident_id in text for text in scribe.people.texts("C0INCIDENT"))
    assert "is identified" in scribe.type(BEN, room.channel, "/incident identified")
    scribe.settle()
    assert "Identified" in scribe.header_text(room)


def test_without_invitations_a_role_is_given_all_the_same(scribe: Scribe) -> None:
    room = scribe.declare("Nobody comes")
    assert f"<@{BEN}> is the incident lead" in scribe.type(ANA, room.channel, f"/incident role lead <@{BEN}|ben>")
    scribe.settle()
    assert "Ben Okoro" in scribe.header_text(room)


def test_without_a_user_group_the_header_says_that_nobody_was_called_in(scribe: Scribe) -> None:
    room = scribe.declare("All hands --sev 1")
    assert "Nobody was called in" in scribe.header_text(room)


def test_without_metadata_each_post_still_stands_there_once(scribe: Scribe) -> None:
    room = scribe.declare("Once only")
    scribe.type(ANA, room.channel, "/postmortem draft")
    scribe.settle()
    scribe.type(ANA, room.channel, "/postmortem draft")
    scribe.settle()
    summaries = [text for text in scribe.people.texts(room.channel) if text.startswith("Postmortem of")]
    assert len(summaries) == 1
    assert not any("metadata" in one for one in scribe.people.messages(room.channel))


def test_without_invitations_the_reporter_still_learns_where_to_go(scribe: Scribe) -> None:
    room = scribe.declare("Where to", by=BEN)
    assert any(f"<#{room.channel}>" in text for text in scribe.people.whispered(BEN, GENERAL))
