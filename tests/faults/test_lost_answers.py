"""Ground rule: nothing is posted twice, whatever becomes of the answer, and what could not be posted comes later."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.sandbox import ApiFault, lost_answer, rate_limited, refused, server_error
from tests.faults.posted import in_room, posting, purposes, reports
from tests.scenarios.stage import Room, Stage

BROKEN = [
    pytest.param(lost_answer(), id="answer lost"),
    pytest.param(refused(), id="connection dropped before"),
    pytest.param(server_error(503), id="503"),
    pytest.param(rate_limited(1), id="429"),
]


def opened(stage: Stage) -> Room:
    return stage.declare("Checkout errors")


def identified(stage: Stage) -> Room:
    room = opened(stage)
    stage.type("ana", room.channel, "/incident identified")
    return room


def drafted(stage: Stage) -> Room:
    room = opened(stage)
    stage.type("ana", room.channel, "/incident action Add an alert @ben due 2030-01-01")
    stage.type("ana", room.channel, "/postmortem draft")
    return room


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize(
    ("purpose", "begin"),
    [("header", opened), ("line", identified), ("draft-summary", drafted)],
    ids=["header", "line", "draft-summary"],
)
def test_message_is_seen_exactly_once(
    stage: Stage, purpose: str, begin: Callable[[Stage], Room], fault: ApiFault
) -> None:
    stage.sandbox.faults.api("chat.postMessage", fault, when=posting(purpose))
    room = begin(stage)
    stage.retry_until(lambda: in_room(stage, room)[purpose] == 1)
    stage.pass_time(minutes=10)
    assert in_room(stage, room)[purpose] == 1


@pytest.mark.parametrize("fault", BROKEN)
def test_announcement_is_seen_exactly_once(stage: Stage, fault: ApiFault) -> None:
    before = purposes(stage.screen, "incidents")["announcement"]
    stage.sandbox.faults.api("chat.postMessage", fault, when=posting("announcement"))
    opened(stage)
    stage.retry_until(lambda: purposes(stage.screen, "incidents")["announcement"] == before + 1)
    stage.pass_time(minutes=10)
    assert purposes(stage.screen, "incidents")["announcement"] == before + 1


@pytest.mark.parametrize("fault", BROKEN)
def test_follow_up_is_seen_exactly_once(stage: Stage, fault: ApiFault) -> None:
    room = drafted(stage)
    stage.settle()

    def here(arguments: Mapping[str, Any]) -> bool:
        return arguments["channel"] == room.channel and posting("follow-up")(arguments)

    stage.sandbox.faults.api("chat.postMessage", fault, when=here)
    stage.pass_time(days=30, seconds=1)
    stage.retry_until(lambda: in_room(stage, room)["follow-up"] == 1)
    stage.pass_time(minutes=10)
    assert in_room(stage, room)["follow-up"] == 1


def test_header_that_is_found_shows_what_changed_while_its_answer_was_missing(stage: Stage) -> None:
    stage.sandbox.faults.api("chat.postMessage", lost_answer(), when=posting("header"))
    started = stage.room(stage.type("ana", "general", "/incident start Checkout errors"))
    stage.settle()
    room = Room(started.incident_id, stage.screen.channel(started.name).id, started.name)
    stage.type("ana", room.channel, "/incident severity 1")
    stage.settle()
    stage.retry_until(lambda: bool(stage.screen.pins(room.channel)))
    assert "SEV1" in stage.header_text(room)
    assert in_room(stage, room)["header"] == 1


def test_follow_up_that_is_found_lists_what_changed_while_its_answer_was_missing(stage: Stage) -> None:
    room = drafted(stage)
    stage.settle()
    here = posting("follow-up")
    stage.sandbox.faults.api(
        "chat.postMessage", lost_answer(), when=lambda sent: sent["channel"] == room.channel and here(sent)
    )
    stage.pass_time(days=30, seconds=1)
    stage.type("ana", room.channel, "/incident action Write the runbook")
    stage.settle()

    def follow_up() -> str:
        return next(text for text in stage.bot_said(room.channel) if "30 days after" in text)

    assert "runbook" not in follow_up()
    stage.retry_until(lambda: "runbook" in follow_up())
    assert in_room(stage, room)["follow-up"] == 1


def test_answers_lost_again_and_again_still_leave_one_message(stage: Stage) -> None:
    room = opened(stage)
    stage.sandbox.faults.api("chat.postMessage", lost_answer(), when=posting("line"))
    stage.sandbox.faults.api("conversations.history", lost_answer(), times=3)
    stage.type("ana", room.channel, "/incident identified")
    looked = stage.calls("conversations.history")
    stage.retry_until(lambda: stage.calls("conversations.history") >= looked + 4)
    stage.pass_time(minutes=10)
    assert in_room(stage, room)["line"] == 1


def test_wait_that_slack_asks_for_is_respected(stage: Stage) -> None:
    room = opened(stage)
    stage.sandbox.faults.api("chat.postMessage", rate_limited(30), when=posting("line"))
    stage.type("ana", room.channel, "/incident identified")
    stage.settle()
    tried = stage.calls("chat.postMessage")
    stage.pass_time(seconds=28)
    assert (stage.calls("chat.postMessage"), in_room(stage, room)["line"]) == (tried, 0)
    stage.pass_time(seconds=3)
    assert (stage.calls("chat.postMessage"), in_room(stage, room)["line"]) == (tried + 1, 1)


@pytest.mark.parametrize("fault", [rate_limited(30), lost_answer(), server_error(503)])
def test_lines_are_said_in_the_order_of_what_happened_also_when_one_is_held_up(stage: Stage, fault: ApiFault) -> None:
    room = opened(stage)
    stage.sandbox.faults.api("chat.postMessage", fault, when=posting("line"))
    for status in ("identified", "mitigated"):
        stage.type("ana", room.channel, f"/incident {status}")
        stage.settle()
    stage.type("ana", room.channel, "/incident resolve")
    stage.retry_until(lambda: in_room(stage, room)["line"] == 3)
    said = [text for text in stage.bot_said(room.channel) if text.startswith("Status: ")]
    assert [text.split()[1] for text in said] == ["identified", "mitigated", "resolved"]


def test_channel_whose_making_was_answered_to_nobody_is_found_and_used(stage: Stage) -> None:
    stage.sandbox.faults.api("conversations.create", lost_answer())
    before = {channel.name for channel in stage.screen.channels()}
    answer = stage.type("ana", "general", "/incident start Lost and found")
    name = stage.room(answer).name
    stage.retry_until(lambda: any(stage.screen.pins(c.id) for c in stage.screen.channels() if c.name == name))
    assert {channel.name for channel in stage.screen.channels()} - before == {name}


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", BROKEN)
def test_report_is_shared_exactly_once(stage: Stage, method: str, fault: ApiFault) -> None:
    stage.sandbox.faults.api(method, fault)
    room = drafted(stage)
    stage.retry_until(lambda: len(reports(stage.screen, room.channel)) > 0)
    stage.pass_time(minutes=10)
    assert reports(stage.screen, room.channel) == [f"{room.incident_id}-draft-1.md"]
    (summary,) = [one for one in stage.screen.from_bot(room.channel) if "Postmortem of" in one["text"]]
    assert [bool(reply.get("files")) for reply in stage.screen.thread(room.channel, summary["ts"])] == [False, True]


def test_file_is_asked_for_again_when_slack_does_not_say_whether_it_is_shared(stage: Stage) -> None:
    stage.sandbox.faults.api("files.completeUploadExternal", lost_answer())
    stage.sandbox.faults.api("files.info", server_error(500), times=2)
    room = drafted(stage)
    stage.retry_until(lambda: stage.calls("files.info") >= 3)
    stage.pass_time(minutes=10)
    assert reports(stage.screen, room.channel) == [f"{room.incident_id}-draft-1.md"]
