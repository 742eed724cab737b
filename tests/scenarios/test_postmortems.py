"""By when a postmortem is written, its review meeting, waiving it, the list, and handing it out as a file."""

import json
import re

import pytest

from bot.sandbox import visible_text
from tests.scenarios.stage import Room, Stage, staged


def resolved(stage: Stage, title: str = "Checkout errors") -> Room:
    room = stage.declare(title)
    stage.people.join("ben", room.channel)
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    return room


def meetings(stage: Stage, room: Room) -> list[str]:
    return [text for text in stage.bot_said(room.channel) if "review meeting of" in text]


def home_of(stage: Stage, user: str) -> str:
    home = stage.screen.home(user)
    assert home is not None
    return visible_text(home)


def shared_with(stage: Stage, user: str) -> set[str]:
    """Returns the ids of the files that the bot sent to somebody directly."""
    return {file["id"] for one in stage.screen.dms(user) for file in one.get("files", [])}


def press_undo(stage: Stage, user: str, room: Room) -> None:
    shown = [one for one in stage.screen.ephemerals(user, room.channel) if "answer.undo" in str(one["blocks"])]
    stage.people.press(user, room.channel, shown[-1]["ts"], "answer.undo")
    stage.settle()


def test_due_day_is_echoed_listed_and_taken_back_with_undo(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/incident role owner @ben")
    answer = stage.type("ana", room.channel, "/postmortem due 2027-01-15")
    assert answer.startswith(f"The postmortem of {room.incident_id} is due Fri 2027-01-15.")
    listed = stage.type("ben", "general", "/postmortem list")
    assert re.search(
        rf"{room.incident_id} · SEV3 · no draft yet · due Fri 2027-01-15 · <@\w+> · Checkout errors", listed
    )
    press_undo(stage, "ana", room)
    assert "2027-01-15" not in stage.type("ben", "general", "/postmortem list")
    again = stage.type("ana", room.channel, "/postmortem due 2027-01-15")
    assert "is due Fri 2027-01-15." in again
    assert "is due Fri 2027-01-15 already." in stage.type("ana", room.channel, "/postmortem due 2027-01-15")


def test_meeting_is_told_once_in_the_channel_with_an_agenda_of_what_is_open(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/incident lesson unknown Why the second region <recovered> alone")
    answer = stage.type("ana", room.channel, "/postmortem meeting tomorrow 10:00")
    assert answer.startswith(f"The review meeting of {room.incident_id} is tomorrow 10:00 UTC.")
    stage.settle()
    (told,) = meetings(stage, room)
    assert "1. Still unknown: Why the second region &lt;recovered&gt; alone" in told
    assert re.search(r"\n2\. .+\?", told)
    assert "more; the draft names them: `/postmortem draft`" in told
    stage.type("ana", room.channel, "/postmortem meeting tomorrow 11:00")
    stage.settle()
    (moved,) = meetings(stage, room)
    assert moved != told
    press_undo(stage, "ana", room)
    assert meetings(stage, room) == [told]


def test_meeting_that_is_taken_back_is_told_to_be_off(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/postmortem meeting tomorrow 10:00")
    stage.settle()
    press_undo(stage, "ana", room)
    (told,) = meetings(stage, room)
    assert told.startswith(f"There is no review meeting of {room.incident_id} any more.")


def test_meeting_whose_message_was_deleted_is_told_anew(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/postmortem meeting tomorrow 10:00")
    stage.settle()
    (posted,) = [one for one in stage.screen.from_bot(room.channel) if "review meeting of" in visible_text(one)]
    stage.people.delete("ana", room.channel, posted["ts"], as_admin=True)
    stage.type("ana", room.channel, "/postmortem meeting tomorrow 11:00")
    stage.settle()
    assert len(meetings(stage, room)) == 1


def test_waiving_closes_the_incident_says_why_and_can_be_taken_back(stage: Stage) -> None:
    room = resolved(stage)
    assert "Say why none is written" in stage.type("ana", room.channel, "/postmortem waive")
    answer = stage.type("ana", room.channel, "/postmortem waive the same cause as last week's")
    assert answer.startswith(f"{room.incident_id} is closed without a postmortem: the same cause as last week's")
    stage.settle()
    assert stage.bot_said(room.channel)[-1] == "Closed without a postmortem (@Ana Silva): the same cause as last week's"
    assert "· closed ·" in stage.info("ana", room)
    assert f"{room.incident_id} · SEV3 · waived · Checkout errors" in stage.type("ana", "general", "/postmortem list")
    refused = stage.type("ana", room.channel, "/postmortem due friday")
    assert f"The postmortem of {room.incident_id} was waived (“the same cause as last week's”). To write one" in refused
    press_undo(stage, "ana", room)
    assert "· resolved ·" in stage.info("ana", room)
    assert f"{room.incident_id} · SEV3 · no draft yet" in stage.type("ana", "general", "/postmortem list")


def test_waived_postmortem_can_be_written_and_published_all_the_same(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/postmortem waive too small")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert f"{room.incident_id} · SEV3 · published" in stage.type("ana", "general", "/postmortem list")


def test_reopened_incident_owes_a_postmortem_again_and_undo_waives_it_as_before(stage: Stage) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/postmortem waive too small")
    stage.type("ana", room.channel, "/incident reopen")
    press_undo(stage, "ana", room)
    assert f"{room.incident_id} · SEV3 · waived" in stage.type("ana", "general", "/postmortem list")
    stage.type("ana", room.channel, "/incident reopen -- it is back")
    stage.type("ana", room.channel, "/incident resolve")
    assert f"{room.incident_id} · SEV3 · no draft yet" in stage.type("ana", "general", "/postmortem list")


@pytest.mark.parametrize("command", ["waive too small", "due friday", "meeting tomorrow 10:00"])
def test_published_postmortem_can_be_moved_or_waived_no_more(stage: Stage, command: str) -> None:
    room = resolved(stage)
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert f"The postmortem of {room.incident_id} was published at" in stage.type(
        "ana", room.channel, f"/postmortem {command}"
    )


def test_waiving_waits_for_the_resolution(stage: Stage) -> None:
    room = stage.declare("Still burning")
    answer = stage.type("ana", room.channel, "/postmortem waive too small")
    assert answer.startswith(f"{room.incident_id} is investigating. Resolve it first: `/incident resolve`")


def test_list_is_of_what_one_may_see_and_says_so_when_it_is_empty(database_url: str) -> None:
    with staged(database_url) as stage:
        assert stage.type("ana", "general", "/postmortem list").startswith("There is no postmortem yet.")
        secret = stage.declare("Leaked key --private")
        stage.type("ana", secret.channel, "/incident resolve")
        stage.settle()
        assert secret.incident_id in stage.type("ana", secret.channel, "/postmortem list")
        assert stage.type("ben", "general", "/postmortem list").startswith("There is no postmortem yet.")


@pytest.mark.parametrize(
    ("form", "begins"), [("md", "# "), ("html", "<!doctype html>"), ("json", "{")], ids=["md", "html", "json"]
)
def test_export_comes_as_a_file_to_the_asker_alone(stage: Stage, form: str, begins: str) -> None:
    room = resolved(stage, "Exported <b>bold</b>")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    assert stage.type("ben", room.channel, f"/postmortem export {form}").startswith("Sending you draft 1 of")
    stage.settle()
    name = f"{room.incident_id}-draft-1.{form}"
    assert stage.whispered("ben", room.channel)[-1] == f"{name} is in your direct messages with me."
    (file,) = [file for file in stage.screen.files() if file.name == name and file.id in shared_with(stage, "ben")]
    assert file.text.lower().startswith(begins)
    if form == "json":
        assert json.loads(file.text)["incident"]["title"] == "Exported <b>bold</b>"
    assert shared_with(stage, "ana") == set()


def test_export_before_the_first_draft_says_what_to_do(stage: Stage) -> None:
    room = resolved(stage)
    answer = stage.type("ana", room.channel, "/postmortem export md")
    assert answer.startswith(f"{room.incident_id} has no draft yet. Make one first: `/postmortem draft`")


def test_home_shows_the_postmortems_that_one_owes_and_drafts_at_a_press(stage: Stage) -> None:
    room = resolved(stage, "Owed by ben")
    stage.type("ana", room.channel, "/incident role owner @ben")
    stage.type("ana", room.channel, "/postmortem due 2026-11-21")
    stage.people.open_home("ben")
    stage.settle()
    home = home_of(stage, "ben")
    assert "My postmortems to write\n*Owed by ben*\ndue Sat 2026-11-21 · no draft yet" in home
    stage.people.press_in_home("ben", "home.draft")
    stage.settle()
    assert any("Postmortem of" in text for text in stage.bot_said(room.channel))
    stage.people.open_home("ana")
    stage.settle()
    assert "You owe no postmortem." in home_of(stage, "ana")
