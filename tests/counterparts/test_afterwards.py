"""When an incident is over: review, dates, export, waiving, the archive; against a Slack that nobody here wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, GENERAL
from tests.counterparts.scribe import Room, Scribe, running


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scribe, Room]]:
    """The bot, and an incident that is resolved and drafted."""
    folder: Path = tmp_path_factory.mktemp("afterwards")
    with running(folder) as scribe:
        room = scribe.declare("Checkout errors --sev 2")
        for command in ("/incident resolve", "/postmortem draft"):
            scribe.type(ANA, room.channel, command)
            scribe.settle()
        yield scribe, room


def test_review_says_what_is_missing_and_how_to_mend_it(over: tuple[Scribe, Room]) -> None:
    scribe, room = over
    review = scribe.type(BEN, room.channel, "/postmortem review")
    assert room.incident_id in review
    assert "/incident cause" in review


def test_exported_report_comes_as_a_direct_message(over: tuple[Scribe, Room]) -> None:
    scribe, room = over
    scribe.type(BEN, room.channel, "/postmortem export md")
    scribe.settle()
    (direct,) = [one["id"] for one in scribe.people.channels() if one["is_im"] and BEN in one["members"]]
    report = next(one for one in scribe.people.from_bot(direct) if one.get("files"))
    assert scribe.people.file(report).startswith("# Postmortem: Checkout errors")


def test_meeting_puts_an_agenda_of_open_questions_into_the_channel(over: tuple[Scribe, Room]) -> None:
    scribe, room = over
    scribe.type(ANA, room.channel, "/postmortem meeting tomorrow 10:00")
    scribe.settle()
    agenda = next(text for text in scribe.people.texts(room.channel) if "review meeting of" in text)
    assert "1. " in agenda


def test_owner_and_due_date_are_kept(over: tuple[Scribe, Room]) -> None:
    scribe, room = over
    assert f"<@{BEN}>" in scribe.type(ANA, room.channel, f"/postmortem owner <@{BEN}|ben>")
    assert "2030-01-01" in scribe.type(ANA, room.channel, "/postmortem due 2030-01-01")


def test_archive_finds_it(over: tuple[Scribe, Room]) -> None:
    scribe, room = over
    for command in ("search checkout", "list"):
        assert room.incident_id in scribe.type(BEN, GENERAL, f"/postmortem {command}"), command
    assert "1 incident" in scribe.type(BEN, GENERAL, "/postmortem quarter")


def test_customer_version_names_nobody(shared: Scribe) -> None:
    room = shared.declare("Payments slow")
    shared.type(ANA, room.channel, "/incident note Ana Silva restarted db-7.internal")
    shared.type(ANA, room.channel, "/incident resolve")
    shared.settle()
    shared.type(ANA, room.channel, "/postmortem draft --audience customer")
    shared.settle()
    reports = [shared.people.file(one) for one in shared.people.from_bot(room.channel) if one.get("files")]
    customers = [report for report in reports if "restarted" not in report]
    assert customers
    for report in customers:
        assert "## What happened" in report
        for text in ("Ana", "db-7", room.name, room.channel):
            assert text not in report


def test_waived_postmortem_is_said_in_the_channel_and_can_be_taken_back(shared: Scribe) -> None:
    room = shared.declare("Too small")
    shared.type(ANA, room.channel, "/incident resolve")
    shared.settle()
    shared.type(ANA, room.channel, "/postmortem waive nothing to learn from it")
    shared.settle()
    assert any("nothing to learn from it" in text for text in shared.people.texts(room.channel))
    answer = shared.people.whispers(ANA, room.channel)[-1]
    shared.people.press(ANA, room.channel, answer["ts"], "answer.undo")
    shared.settle()
    assert "Closed" not in shared.header_text(room)
    assert visible_text(shared.people.message(room.channel, answer["ts"])) == "Undone."
