"""What is said in an incident's channel: recorded whole, and put on the timeline by a reaction."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox import error, server_error
from storage.tables import messages
from tests.scenarios.stage import Room, Stage

Json = dict[str, Any]


def stored(stage: Stage, channel: str) -> list[tuple[str, datetime]]:
    """Returns the text and the UTC time of each message that is kept of a channel and stands."""
    kept = messages.c
    query = select(kept.text, kept.at).where(kept.channel_id == channel, ~kept.is_deleted).order_by(kept.ts)
    with stage.application.world.database.reading() as connection:
        return [(said, at) for said, at in connection.execute(query)]


def texts(stage: Stage, channel: str) -> list[str]:
    return [said for said, _ in stored(stage, channel)]


def test_every_message_is_kept_with_its_time_in_utc(stage: Stage) -> None:
    room = stage.declare("Kept whole")
    before = stage.clock()
    stage.people.say("ana", room.channel, "we see 500s &amp; timeouts on &lt;checkout&gt;")
    stage.people.say("ana", room.channel, "me too", thread=stage.header(room)["ts"])
    stage.settle()
    kept = stored(stage, room.channel)
    assert [said for said, _ in kept] == ["we see 500s & timeouts on <checkout>", "me too"]
    assert all(before - timedelta(seconds=1) < at < stage.clock() for _, at in kept)


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    room = stage.declare("Shared room")
    stage.people.join("ben", room.channel)
    return room


@pytest.fixture(autouse=True)
def no_faults(stage: Stage) -> Iterator[None]:
    """No test leaves faults behind for the next."""
    yield
    stage.settle()
    stage.sandbox.faults.clear()


@pytest.fixture
def said(stage: Stage, room: Room, request: pytest.FixtureRequest) -> str:
    """A message of its own for each test; its text is the test's name."""
    return stage.people.say("ana", room.channel, request.node.name)


def on_timeline(stage: Stage, room: Room, words: str) -> int:
    stage.settle()
    return stage.timeline("ana", room).count(words)


def test_pushpin_puts_a_message_on_the_timeline_and_marks_it(stage: Stage, room: Room, said: str) -> None:
    stage.people.react("ben", room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_pushpin_puts_a_message") == 1
    assert stage.is_marked(room, said)


def test_last_pushpin_taken_off_takes_the_entry_and_the_mark_off(stage: Stage, room: Room, said: str) -> None:
    stage.people.react("ana", room.channel, said, "pushpin")
    stage.people.react("ben", room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_last_pushpin") == 1
    stage.people.unreact("ana", room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_last_pushpin") == 1
    assert stage.is_marked(room, said)
    stage.people.unreact("ben", room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_last_pushpin") == 0
    assert not stage.is_marked(room, said)


def test_other_emoji_mean_nothing(stage: Stage, room: Room, said: str) -> None:
    stage.people.react("ana", room.channel, said, "eyes")
    assert on_timeline(stage, room, "test_other_emoji") == 0
    assert not stage.is_marked(room, said)


def test_pushpin_on_a_thread_reply_takes_the_words_of_the_reply(stage: Stage, room: Room, said: str) -> None:
    reply = stage.people.say("ben", room.channel, "the pool is exhausted", thread=said)
    stage.people.react("ana", room.channel, reply, "pushpin")
    assert on_timeline(stage, room, "the pool is exhausted") == 1
    assert on_timeline(stage, room, "test_pushpin_on_a_thread_reply") == 0
    assert stage.is_marked(room, reply)


def test_edited_message_replaces_its_timeline_entry(stage: Stage, room: Room, said: str) -> None:
    stage.people.react("ana", room.channel, said, "pushpin")
    stage.people.edit("ana", room.channel, said, "edited once")
    stage.people.edit("ana", room.channel, said, "edited twice")
    assert on_timeline(stage, room, "edited twice") == 1
    assert on_timeline(stage, room, "edited once") == 0
    assert on_timeline(stage, room, "test_edited_message") == 0


def test_deleted_message_leaves_the_timeline_and_its_words_are_gone(stage: Stage, room: Room, said: str) -> None:
    stage.people.react("ana", room.channel, said, "pushpin")
    stage.settle()
    stage.people.delete("ana", room.channel, said)
    assert on_timeline(stage, room, "test_deleted_message") == 0
    assert "test_deleted_message_leaves_the_timeline_and_its_words_are_gone" not in texts(stage, room.channel)


def test_deleted_parent_of_a_thread_leaves_the_timeline_and_its_replies_stay(
    stage: Stage, room: Room, said: str
) -> None:
    reply = stage.people.say("ben", room.channel, "reply that stays", thread=said)
    for ts in (said, reply):
        stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    stage.people.delete("ana", room.channel, said)
    assert on_timeline(stage, room, "test_deleted_parent") == 0
    assert on_timeline(stage, room, "reply that stays") == 1
    assert "test_deleted_parent" not in "\n".join(texts(stage, room.channel))


def test_deletion_that_arrives_before_the_message_wins(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.reorder_events(2, seed=1, when=lambda event: event["type"] == "message")
    ts = stage.people.say("ana", room.channel, "said and taken back")
    stage.people.delete("ana", room.channel, ts)
    stage.sandbox.faults.release_held_events()
    stage.settle()
    assert "said and taken back" not in texts(stage, room.channel)


def test_link_preview_does_not_change_what_was_said(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ana", room.channel, "see <https://status.example.com/42|the status page>")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.people.unfurl(room.channel, ts, url="https://status.example.com/42")
    assert on_timeline(stage, room, "the status page (https://status.example.com/42)") == 1


def test_alert_of_another_app_is_readable_and_can_be_pinned(stage: Stage, room: Room) -> None:
    attachments = [
        {
            "fallback": "CPU high",
            "title": "CPU above 95 %",
            "title_link": "https://mon.example.com/1",
            "text": "on web-1",
            "fields": [{"title": "Region", "value": "eu-west", "short": True}],
        }
    ]
    ts = stage.people.alert("Watchtower", room.channel, "", attachments=attachments)
    stage.people.react("ana", room.channel, ts, "pushpin")
    assert on_timeline(stage, room, "CPU above 95 % (https://mon.example.com/1) on web-1 Region: eu-west") == 1
    assert "Watchtower" in stage.timeline("ana", room)


def test_alert_made_of_blocks_alone_is_readable(stage: Stage, room: Room) -> None:
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Disk almost full"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Host*\ndb-1"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "since 13:10"}]},
    ]
    stage.people.alert("Watchtower", room.channel, "", blocks=blocks)
    stage.settle()
    assert "Disk almost full\nHost: db-1\nsince 13:10" in texts(stage, room.channel)


def test_file_is_kept_by_its_name(stage: Stage, room: Room) -> None:
    stage.people.say("ana", room.channel, "the graph", files=[("latency.png", b"png")])
    stage.settle()
    assert "the graph" in texts(stage, room.channel)
    assert "latency.png" not in "".join(texts(stage, room.channel))


def test_joins_topics_and_the_bots_own_messages_are_not_kept(stage: Stage) -> None:
    room = stage.declare("Noise")
    stage.people.join("cleo", room.channel)
    stage.people.set_topic("ana", room.channel, "another topic")
    stage.people.leave("cleo", room.channel)
    stage.type("ana", room.channel, "/incident identified -- a line of the bot")
    stage.people.say("ana", room.channel, "the only message")
    stage.settle()
    assert texts(stage, room.channel) == ["the only message"]


def test_messages_of_other_channels_are_not_kept(stage: Stage) -> None:
    ts = stage.people.say("ana", "incidents", "nothing to do with it")
    stage.people.react("ana", "incidents", ts, "pushpin")
    stage.settle()
    assert texts(stage, stage.screen.channel("incidents").id) == []
    assert "spiral_note_pad" not in stage.screen.reactions("incidents", ts)


@pytest.mark.parametrize("name", ["guest", "bot"])
def test_reactions_of_guests_and_bots_do_not_count(stage: Stage, room: Room, said: str, name: str) -> None:
    stage.people.add_person(name, guest=name == "guest", bot=name == "bot")
    stage.people.invite("ana", room.channel, name)
    stage.people.react(name, room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_reactions_of_guests") == 0
    assert not stage.is_marked(room, said)


def _of_type(kind: str) -> Callable[[Json], bool]:
    return lambda event: event["type"] == kind


def test_events_delivered_twice_change_nothing(stage: Stage) -> None:
    room = stage.declare("Twice")
    stage.sandbox.faults.double_events(6)
    ts = stage.people.say("ana", room.channel, "once")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.people.edit("ana", room.channel, ts, "once, edited")
    assert on_timeline(stage, room, "once, edited") == 1
    assert texts(stage, room.channel) == ["once, edited"]


@pytest.mark.parametrize("seed", range(6))
def test_events_in_any_order_give_the_same_timeline(stage: Stage, room: Room, seed: int) -> None:
    stage.sandbox.faults.reorder_events(7, seed=seed)
    ts = stage.people.say("ana", room.channel, f"first words {seed}")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.people.unreact("ana", room.channel, ts, "pushpin")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.people.edit("ana", room.channel, ts, f"second words {seed}")
    stage.people.edit("ana", room.channel, ts, f"last words {seed}")
    stage.people.say("ben", room.channel, f"beside it {seed}")
    assert on_timeline(stage, room, f"last words {seed}") == 1
    assert f"beside it {seed}" in texts(stage, room.channel)


def test_message_that_was_never_delivered_is_fetched_when_somebody_pins_it(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.drop_events(1, when=_of_type("message"))
    ts = stage.people.say("ana", room.channel, "lost on the way")
    stage.people.react("ben", room.channel, ts, "pushpin")
    assert on_timeline(stage, room, "lost on the way") == 1
    assert stage.is_marked(room, ts)


def test_thread_reply_that_was_never_delivered_is_fetched_with_its_own_words(
    stage: Stage, room: Room, said: str
) -> None:
    stage.sandbox.faults.drop_events(1, when=_of_type("message"))
    ts = stage.people.say("ben", room.channel, "reply lost on the way", thread=said)
    stage.people.react("ana", room.channel, ts, "pushpin")
    assert on_timeline(stage, room, "reply lost on the way") == 1
    assert on_timeline(stage, room, "test_thread_reply_that_was_never") == 0


def test_message_that_slack_refuses_to_show_is_asked_for_once(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.drop_events(1, when=_of_type("message"))
    ts = stage.people.say("ana", room.channel, "out of reach")
    stage.sandbox.faults.api("conversations.history", error("missing_scope"), times=9)
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.settle()
    stage.pass_time(minutes=5)
    # Apart from the channel as a whole, which is tried to be compared from time to time.
    asked = [call for call in stage.screen.calls("conversations.history") if call.args.get("oldest") == ts]
    assert len(asked) == 1
    assert "out of reach" not in texts(stage, room.channel)


def test_message_fetched_after_slack_was_away_for_a_while(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.drop_events(1, when=_of_type("message"))
    ts = stage.people.say("ana", room.channel, "late but here")
    stage.sandbox.faults.api("conversations.history", server_error(), times=2)
    stage.people.react("ben", room.channel, ts, "pushpin")
    stage.settle()
    stage.retry_until(lambda: stage.is_marked(room, ts))
    assert on_timeline(stage, room, "late but here") == 1


def test_reaction_on_the_bots_own_message_makes_no_entry(stage: Stage, room: Room) -> None:
    ts = stage.header(room)["ts"]
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    assert not stage.is_marked(room, ts)
    assert not [said for said in texts(stage, room.channel) if room.incident_id in said]


def test_refused_mark_is_no_reason_to_lose_the_entry(stage: Stage, room: Room, said: str) -> None:
    stage.sandbox.faults.api("reactions.add", error("missing_scope"))
    stage.people.react("ana", room.channel, said, "pushpin")
    assert on_timeline(stage, room, "test_refused_mark") == 1


def test_nothing_acknowledged_is_lost_when_the_application_restarts(stage: Stage) -> None:
    room = stage.declare("Restart")
    for number in range(30):
        stage.people.say("ana", room.channel, f"message {number}")
    acked = {
        one.payload["event"]["text"]
        for one in stage.sandbox.sockets.deliveries
        if one.acked and one.payload["event"].get("text", "").startswith("message ")
    }
    stage.stop()
    stage.start()
    stage.settle()
    assert acked <= set(texts(stage, room.channel))
    assert texts(stage, room.channel) == [f"message {number}" for number in range(30)]
