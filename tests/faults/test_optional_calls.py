"""Ground rule: what Slack refuses of the optional is a warning in the log, never a failed incident."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.sandbox import ApiFault, error, lost_answer, rate_limited, server_error
from tests.faults.posted import in_room, posting, purposes, reports
from tests.scenarios.stage import Stage, staged

CODES = ["missing_scope", "not_in_channel", "restricted_action"]


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("optional")
    settings = {"SCRIBE_ANNOUNCE_CHANNEL": "incidents", "SCRIBE_INVITE_SEV1": "S0ONCALL1"}
    with staged(folder, settings) as running:
        yield running


def warnings_of(logged: list[Any]) -> list[str]:
    return [one["event"] for one in logged if one["log_level"] == "warning"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("method", "warning"),
    [
        ("conversations.setTopic", "topic not set"),
        ("pins.add", "header not pinned"),
        ("conversations.invite", "person not invited"),
        ("usergroups.users.list", "group can't be invited"),
    ],
)
def test_incident_opens_without_what_was_refused(stage: Stage, method: str, warning: str, code: str) -> None:
    stage.sandbox.faults.api(method, error(code, needed="some:scope"), times=20)
    announced = purposes(stage.screen, "incidents")["announcement"]
    with capture_logs() as logged:
        answer = stage.type("ana", "general", "/incident start Checkout errors --sev 1")
        stage.settle()
    channel = stage.screen.channel(stage.room(answer).name).id
    assert purposes(stage.screen, channel) == {"header": 1}
    assert purposes(stage.screen, "incidents")["announcement"] == announced + 1
    assert warning in warnings_of(logged)
    assert "is identified" in stage.type("ana", "general", f"/incident {stage.room(answer).ending} identified")


@pytest.mark.parametrize("code", CODES)
def test_refused_announcement_is_told_to_the_reporter_and_nobody_else(stage: Stage, code: str) -> None:
    stage.sandbox.faults.api("chat.postMessage", error(code), when=posting("announcement"), times=20)
    with capture_logs() as logged:
        room = stage.declare("Checkout errors")
    assert in_room(stage, room) == {"header": 1}
    assert "announcement refused" in warnings_of(logged)
    (told,) = [text for text in stage.whispered("ana", room.channel) if "could not be announced" in text]
    assert code in told


@pytest.mark.parametrize("code", CODES)
def test_refused_mark_leaves_the_message_on_the_timeline(stage: Stage, code: str) -> None:
    room = stage.declare("Checkout errors")
    ts = stage.people.say("ana", room.channel, "The pool is full")
    stage.sandbox.faults.api("reactions.add", error(code), times=20)
    with capture_logs() as logged:
        stage.people.react("ana", room.channel, ts, "pushpin")
        stage.settle()
    assert "message not marked" in warnings_of(logged)
    assert "The pool is full" in stage.timeline("ana", room)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_refused_file_leaves_the_draft_and_says_so_to_who_asked(stage: Stage, method: str) -> None:
    room = stage.declare("Checkout errors")
    stage.sandbox.faults.api(method, error("missing_scope", needed="files:write"), times=20)
    with capture_logs() as logged:
        stage.type("ana", room.channel, "/postmortem draft")
        stage.settle()
    assert (in_room(stage, room)["draft-summary"], reports(stage.screen, room.channel)) == (1, [])
    assert "report not shared" in warnings_of(logged)
    assert any("could not be shared (Slack says missing_scope" in text for text in stage.whispered("ana", room.channel))


@pytest.mark.parametrize("fault", [server_error(503), lost_answer(), rate_limited(3)])
def test_answer_to_a_press_that_did_not_get_through_is_shown_a_little_later(stage: Stage, fault: ApiFault) -> None:
    room = stage.declare("Checkout errors")
    stage.type("ana", room.channel, "/incident identified")
    stage.settle()
    stage.sandbox.faults.api("response_url", fault)
    stage.people.press("ana", room.channel, stage.header(room)["ts"], "header.move.mitigated")
    stage.people.press("ana", room.channel, stage.header(room)["ts"], "header.move.mitigated")
    stage.retry_until(lambda: any("is mitigated already" in text for text in stage.whispered("ana", room.channel)))
    assert "Mitigated" in stage.header_text(room)


@pytest.mark.parametrize("code", CODES)
def test_refused_line_does_not_hold_up_the_next_one(stage: Stage, code: str) -> None:
    room = stage.declare("Checkout errors")
    stage.sandbox.faults.api("chat.postMessage", error(code))
    for status in ("identified", "mitigated"):
        stage.type("ana", room.channel, f"/incident {status}")
        stage.settle()
    said = [text for text in stage.bot_said(room.channel) if text.startswith("Status: ")]
    assert len(said) == 1
    assert said[0].startswith("Status: mitigated")


def test_home_tab_that_is_refused_is_not_tried_for_days(stage: Stage) -> None:
    before = stage.calls("views.publish")
    stage.sandbox.faults.api("views.publish", error("not_enabled"), times=5)
    stage.people.open_home("ana")
    stage.settle()
    stage.pass_time(minutes=30)
    assert stage.calls("views.publish") == before + 1


def test_refused_form_leaves_a_way_to_type_it(stage: Stage) -> None:
    stage.sandbox.faults.api("views.open", error("missing_scope"))
    answer = stage.type("ana", "general", "/incident start")
    assert "Type it in one line instead, for example: `/incident start Checkout errors in the EU --sev 2`" in answer


def test_form_that_is_refused_where_no_words_can_be_shown_is_not_acknowledged(stage: Stage) -> None:
    stage.sandbox.faults.api("views.open", error("trigger_expired"), times=2)
    assert not stage.people.global_shortcut("ana", "declare_incident").acked
    stage.people.open_home("ana")
    stage.settle()
    assert not stage.people.press_in_home("ana", "home.declare").acked


def test_people_who_cannot_be_asked_for_do_not_keep_a_command_from_being_carried_out(stage: Stage) -> None:
    room = stage.declare("Checkout errors")
    stage.people.join("ben", room.channel)
    stage.pass_time(days=2)
    stage.sandbox.faults.api("users.info", error("missing_scope"), times=20)
    assert "Impact: many" in stage.type("ben", room.channel, "/incident impact many")


def test_incident_whose_channel_cannot_be_made_is_saved_and_told_to_its_reporter_once(stage: Stage) -> None:
    stage.sandbox.faults.api("conversations.create", error("restricted_action"), times=3)
    answer = stage.type("cleo", "general", "/incident start Nowhere to go")
    room = stage.room(answer)
    stage.settle()
    stage.pass_time(seconds=2)
    told = [text for text in stage.told_directly("cleo") if "channel could not be made" in text]
    assert len(told) == 1
    assert room.incident_id in stage.type("cleo", "general", "/incident list")
    stage.retry_until(lambda: any(channel.name == room.name for channel in stage.screen.channels()))
    assert purposes(stage.screen, stage.screen.channel(room.name).id) == {"header": 1}
    assert len([text for text in stage.told_directly("cleo") if "channel could not be made" in text]) == 1
