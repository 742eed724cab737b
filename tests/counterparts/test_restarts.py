"""The process is killed, stopped and started, against a Slack that nobody here wrote and that says nothing twice."""

import re
import time

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, GENERAL, wait_until
from tests.counterparts.scribe import Room, Scribe


def test_killed_process_has_kept_what_was_acknowledged(scribe: Scribe) -> None:
    room = scribe.declare("Killed")
    for number in range(3):
        ts = scribe.people.say(BEN, room.channel, f"last words {number}")
        scribe.people.react(ANA, room.channel, ts, "pushpin")
        scribe.kill()
        assert scribe.ask("PRAGMA integrity_check") == [("ok",)]
        assert (f"last words {number}",) in scribe.ask("SELECT text FROM messages")
        scribe.start()
    assert all(f"last words {number}" in scribe.timeline(ANA, room) for number in range(3))


def test_killed_at_once_after_its_answer_it_opens_the_channel_when_it_is_back(scribe: Scribe) -> None:
    answer = scribe.type(ANA, GENERAL, "/incident start Killed early")
    scribe.kill()
    scribe.start_later()
    scribe.settle()
    ((incident_id, channel_id, name),) = scribe.ask("SELECT incident_id, channel_id, channel_name FROM incidents")
    assert incident_id in answer
    assert incident_id in scribe.header_text(Room(incident_id, channel_id, name))
    # This Slack doesn't say who made a channel. One made in the very moment of the kill is not known again, and the
    # incident gets the next name: https://docs.slack.dev/reference/objects/conversation-object has `creator`.
    made = [one["name"] for one in scribe.people.channels() if "killed-early" in one["name"]]
    assert made in ([name], [name.removesuffix("-2"), name])


def test_nothing_is_said_again_after_a_restart(scribe: Scribe) -> None:
    room = scribe.declare("Quiet")
    scribe.type(ANA, room.channel, "/incident identified")
    scribe.settle()
    before = [visible_text(one) for one in scribe.people.everything(room.channel)]
    for _ in range(2):
        scribe.restart()
    assert [visible_text(one) for one in scribe.people.everything(room.channel)] == before


def test_process_asked_to_end_ends_in_seconds_with_success_and_goes_on_later(scribe: Scribe) -> None:
    room = scribe.declare("Stopped")
    began = time.monotonic()
    assert scribe.terminate() == 0
    assert time.monotonic() - began < 6
    assert (scribe.folder / "stdout").read_bytes() == b""
    assert "Traceback" not in scribe.errors()
    scribe.start()
    assert "is identified" in scribe.type(ANA, room.channel, "/incident identified")


def test_event_that_nobody_took_is_not_delivered_again(scribe: Scribe) -> None:
    # What local-slack does not do, so that the next test means something.
    room = scribe.declare("Away")
    scribe.kill()
    scribe.people.say(BEN, room.channel, "said while it was away")
    dropped = [one for one in scribe.people.log("internal") if "dropped events_api" in one["summary"]]
    assert dropped
    scribe.start()
    scribe.people.say(BEN, room.channel, "said when it was back")
    assert ("said when it was back",) in scribe.ask("SELECT text FROM messages")


def test_what_happened_while_it_was_down_is_all_there_and_the_draft_says_that_it_was_recovered(scribe: Scribe) -> None:
    room = scribe.declare("Down for a while")
    # local-slack dates what is said to the whole second: within the first one it looks older than the incident.
    time.sleep(1.1)
    early = scribe.people.say(ANA, room.channel, "errors are rising")
    scribe.settle()
    scribe.kill()
    for number in range(5):
        scribe.people.say(BEN, room.channel, f"said while it was down: {number}")
    scribe.people.edit(ANA, room.channel, early, "errors rise since 14:02")
    scribe.people.say(BEN, room.channel, "it is the new pool size", thread=early)
    scribe.people.react(BEN, room.channel, early, "pushpin")
    scribe.start_later(minutes=2)

    def stored() -> list[str]:
        return [text for (text,) in scribe.ask("SELECT text FROM messages ORDER BY ts")]

    wait_until(lambda: len(stored()) == 7, lambda: f"only {stored()} was there")
    scribe.settle()
    kept = stored()
    assert [text for text in kept if text.startswith("said while")] == [
        f"said while it was down: {number}" for number in range(5)
    ]
    assert "errors rise since 14:02" in kept
    assert "it is the new pool size" in kept
    assert "errors rise since 14:02" in scribe.timeline(ANA, room)

    scribe.type(ANA, room.channel, "/postmortem draft")
    scribe.settle()
    shared = [one for one in scribe.people.from_bot(room.channel) if one.get("files")]
    report = scribe.people.file(shared[-1])
    assert re.search(
        r"7 messages, 6 of them recovered after a gap of 2 minutes [0-9]+ seconds? "
        r"\(\d\d:\d\d to \d\d:\d\d UTC, the program was not running\)\.",
        report,
    )
    assert "1 edit and 0 deletions were taken in." in report
