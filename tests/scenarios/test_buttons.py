"""Buttons in the header: what they do, a command does too; the channel sees the effect, refusals only the presser."""

from collections.abc import Iterator

import pytest

from bot.sandbox import error, visible_text
from tests.scenarios.stage import Room, Stage, staged


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    """A stage without an announcement channel."""
    with staged(module_database_url) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Pressed {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def press(stage: Stage, user: str, room: Room, action_id: str) -> None:
    assert stage.people.press(user, room.channel, stage.header(room)["ts"], action_id).acked
    stage.settle()


def test_take_the_lead_makes_the_presser_lead(stage: Stage, room: Room) -> None:
    press(stage, "ben", room, "header.lead")
    assert "*Incident lead*\nBen Okoro" in stage.header_text(room)
    assert stage.bot_said(room.channel)[1:] == ["@Ben Okoro is the incident lead"]
    assert stage.whispered("ben", room.channel) == []
    assert "Acknowledged: " in stage.info("ben", room)


def test_lead_that_somebody_else_was_quicker_to_take_stays_with_them(stage: Stage, room: Room) -> None:
    ts = stage.header(room)["ts"]
    stored = stage.sandbox.workspace.channel(room.channel).messages[ts]
    before = list(stored.blocks)
    press(stage, "ana", room, "header.lead")
    stored.blocks = before  # Ben's client has not drawn the change yet.
    stage.people.press("ben", room.channel, ts, "header.lead")
    stage.settle()
    (refused,) = stage.whispered("ben", room.channel)
    assert refused.endswith("is the incident lead already. To take over: `/incident role lead`")
    assert stage.bot_said(room.channel)[1:] == ["@Ana Silva is the incident lead"]
    stage.type("ben", room.channel, "/incident role lead")
    stage.settle()
    assert "*Incident lead*\nBen Okoro" in stage.header_text(room)


def test_move_by_a_button_can_be_undone_by_whoever_pressed_it(stage: Stage, room: Room) -> None:
    press(stage, "ben", room, "header.move.resolved")
    (answer,) = stage.screen.ephemerals("ben", room.channel)
    assert visible_text(answer).startswith(f"{room.incident_id} is resolved.")
    stage.people.press("ben", room.channel, answer["ts"], "answer.undo")
    stage.settle()
    assert "*Status*\nInvestigating" in stage.header_text(room)
    assert stage.bot_said(room.channel)[-1] == "Status: investigating again, undone by @Ben Okoro"


@pytest.mark.parametrize("status", ["identified", "mitigated", "resolved"])
def test_button_moves_the_status_as_the_command_does(stage: Stage, room: Room, status: str) -> None:
    press(stage, "ben", room, f"header.move.{status}")
    assert f"*Status*\n{status.capitalize()}" in stage.header_text(room)
    assert stage.bot_said(room.channel)[1:] == [f"Status: {status} (@Ben Okoro)"]


def test_reopen_opens_it_again(stage: Stage, room: Room) -> None:
    press(stage, "ben", room, "header.move.resolved")
    press(stage, "ana", room, "header.reopen")
    assert "*Status*\nInvestigating" in stage.header_text(room)
    assert stage.bot_said(room.channel)[-1] == "Reopened by @Ana Silva"


def test_button_that_somebody_else_was_quicker_with_is_refused_in_private(stage: Stage, room: Room) -> None:
    ts = stage.header(room)["ts"]
    stored = stage.sandbox.workspace.channel(room.channel).messages[ts]
    before = list(stored.blocks)
    press(stage, "ana", room, "header.move.identified")
    stored.blocks = before  # Ben's client has not drawn the change yet.
    stage.people.press("ben", room.channel, ts, "header.move.identified")
    stage.settle()
    (refused,) = stage.whispered("ben", room.channel)
    assert refused.startswith(f"{room.incident_id} is identified already.")
    assert stage.bot_said(room.channel)[1:] == ["Status: identified (@Ana Silva)"]


def test_timeline_button_shows_it_to_the_presser_alone(stage: Stage, room: Room) -> None:
    press(stage, "ben", room, "header.timeline")
    (shown,) = stage.whispered("ben", room.channel)
    assert "The incident was declared" in shown
    assert stage.whispered("ana", room.channel) == []


def test_button_of_an_older_version_says_what_to_do(stage: Stage, room: Room) -> None:
    stored = stage.sandbox.workspace.channel(room.channel).messages[stage.header(room)["ts"]]
    row = next(block for block in stored.blocks if block["type"] == "actions")
    row["elements"][0]["action_id"] = "header.something_gone"
    press(stage, "ana", room, "header.something_gone")
    assert stage.whispered("ana", room.channel) == [
        "That button is from an older version of this message. The commands still do the same."
    ]


def test_button_whose_answer_can_not_be_shown_still_does_its_work(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    stage.sandbox.faults.api("response_url", error("expired_url"), times=5)
    press(stage, "ana", room, "header.draft")
    stage.sandbox.faults.clear()
    assert any("Postmortem of" in text for text in stage.bot_said(room.channel))


def test_without_an_announcement_channel_nothing_is_announced_and_publishing_says_so(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    assert "It is told in this channel." in stage.type("ana", room.channel, "/postmortem publish")
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert stage.bot_said(room.channel)[-1] == "Postmortem published by @Ana Silva (draft 1)"
    assert stage.bot_said("incidents") == []
    assert stage.whispered("ana", room.channel) == [
        text for text in stage.whispered("ana", room.channel) if "announced" not in text
    ]


def test_menu_and_undo_work_where_the_command_was_typed(stage: Stage, room: Room) -> None:
    """Typed in #general with the incident's id in front, so that nothing of it stands in its channel."""
    ts = stage.people.say("ben", room.channel, "kept out from afar")
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.settle()
    assert "kept out from afar" in stage.type("cleo", "general", f"/incident {room.incident_id} timeline")
    shown = stage.screen.ephemerals("cleo", "general")[-1]
    stage.people.press("cleo", "general", shown["ts"], "timeline.entry", selected="Keep out of the report")
    stage.settle()
    assert "kept out from afar" not in stage.timeline("ana", room)
    stage.type("cleo", "general", f"/incident {room.incident_id} note typed from afar")
    undo = stage.screen.ephemerals("cleo", "general")[-1]
    stage.people.press("cleo", "general", undo["ts"], "answer.undo")
    stage.settle()
    assert "typed from afar" not in stage.timeline("ana", room)


def test_header_that_somebody_deleted_comes_back_with_the_next_change_and_stays_the_only_one(stage: Stage) -> None:
    room = stage.declare("Deleted header")
    stage.people.delete("ana", room.channel, stage.header(room)["ts"], as_admin=True)
    for status in ("identified", "mitigated"):
        stage.type("ana", room.channel, f"/incident {status}")
        stage.settle()
        assert status.capitalize() in stage.header_text(room)
    headers = [text for text in stage.bot_said(room.channel) if text.startswith(f"{room.incident_id} · Deleted header")]
    assert len(headers) == 1
