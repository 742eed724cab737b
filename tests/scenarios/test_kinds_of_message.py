"""Each kind of message that people and apps post in an incident's channel, as it comes out on the timeline."""

import pytest

from tests.scenarios.stage import Room, Stage

KEEP_OUT = "keep_out"


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    made = stage.declare(f"Kinds {abs(hash(request.node.name)) % 10**8}")
    for name in ("ben", "cleo"):
        stage.people.invite("ana", made.channel, name)
    return made


def entry(stage: Stage, room: Room, ts: str) -> str:
    """Pin a message and return what ana reads of its entry."""
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    shown = stage.timeline("ana", room)
    assert "Timeline of" in shown
    return shown


def test_file_is_named_with_a_link(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "the latency", files=[("graph.png", b"png")])
    assert "the latency (<https://sandbox.slack.com/files/" in entry(stage, room, ts)
    assert "|image: graph.png>)" in stage.timeline("ana", room)


def test_user_group_and_channel_have_their_names(stage: Stage, room: Room) -> None:
    group = stage.people.add_usergroup("on-call", ["ben"])
    general = stage.screen.channel("general").id
    ts = stage.people.say("ben", room.channel, f"<!subteam^{group}> look at <#{general}> and <#{room.channel}>")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    # Whoever waits for an answer waits for one name; the next time all are there.
    stage.timeline("ana", room)
    assert f"@on-call look at #general and #{room.name}" in stage.timeline("ana", room)


def test_long_message_is_shortened_with_a_link_to_the_rest(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "The pool is exhausted. " * 400)
    shown = entry(stage, room, ts)
    assert "The pool is exhausted.… (<https://sandbox.slack.com/archives/" in shown
    assert "|the rest>)" in shown


def test_message_that_is_kept_out_stays_out_through_every_change(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ben", room.channel, "not for the report, please see <https://x.example.com>")
    assert "not for the report" in entry(stage, room, ts)
    assert stage.people.message_shortcut("ben", room.channel, ts, KEEP_OUT).acked
    stage.settle()
    stage.people.unfurl(room.channel, ts, url="https://x.example.com")
    stage.people.edit("ben", room.channel, ts, "not for the report, really")
    stage.people.react("cleo", room.channel, ts, "pushpin")
    stage.settle()
    assert "not for the report" not in stage.timeline("ana", room)
