"""What people say and mark in an incident's channel, against a Slack that nobody here wrote."""

import re
from collections.abc import Iterator
from typing import Any

from tests.counterparts.local_slack import ANA, BEN, BOT_USER, CLEO, GENERAL
from tests.counterparts.scribe import Scribe

MARK = "spiral_note_pad"


def test_reply_in_a_thread_goes_on_the_timeline_without_its_parent(shared: Scribe) -> None:
    room = shared.declare("Replies")
    parent = shared.people.say(ANA, room.channel, "what is the load?")
    reply = shared.people.say(BEN, room.channel, "twice the usual", thread=parent)
    shared.people.react(CLEO, room.channel, reply, "pushpin")
    shared.settle()
    assert shared.people.marks(room.channel, reply)[MARK] == [BOT_USER]
    assert MARK not in shared.people.marks(room.channel, parent)
    timeline = shared.timeline(ANA, room)
    assert "twice the usual" in timeline
    assert "what is the load?" not in timeline


def test_edited_message_and_reply_replace_their_entries(shared: Scribe) -> None:
    room = shared.declare("Edits")
    message = shared.people.say(ANA, room.channel, "twenty errors")
    reply = shared.people.say(BEN, room.channel, "thirty errors", thread=message)
    for ts in (message, reply):
        shared.people.react(CLEO, room.channel, ts, "pushpin")
    shared.people.edit(ANA, room.channel, message, "forty errors")
    shared.people.edit(BEN, room.channel, reply, "fifty errors")
    timeline = shared.timeline(ANA, room)
    assert "forty errors" in timeline
    assert "fifty errors" in timeline
    assert "twenty" not in timeline
    assert "thirty" not in timeline


def test_deleted_message_and_reply_leave_timeline_and_report(shared: Scribe) -> None:
    room = shared.declare("Deletions")
    message = shared.people.say(ANA, room.channel, "the key is 4711")
    reply = shared.people.say(BEN, room.channel, "no, it is 4712", thread=message)
    for ts in (message, reply):
        shared.people.react(CLEO, room.channel, ts, "pushpin")
    shared.people.delete(BEN, room.channel, reply)
    shared.people.delete(ANA, room.channel, message)
    shared.settle()
    assert "471" not in shared.timeline(ANA, room)
    shared.type(ANA, room.channel, "/postmortem draft")
    shared.settle()
    (report,) = [one for one in shared.people.from_bot(room.channel) if one.get("files")]
    assert "471" not in shared.people.file(report)


def test_last_reaction_taken_off_takes_the_entry_and_the_mark_off(shared: Scribe) -> None:
    room = shared.declare("Second thoughts")
    ts = shared.people.say(ANA, room.channel, "restarted the queue")
    for user in (ANA, BEN):
        shared.people.react(user, room.channel, ts, "pushpin")
    shared.people.react(ANA, room.channel, ts, "pushpin", is_on=False)
    shared.settle()
    assert MARK in shared.people.marks(room.channel, ts)
    shared.people.react(BEN, room.channel, ts, "pushpin", is_on=False)
    shared.settle()
    assert shared.people.marks(room.channel, ts) == {}
    assert "restarted the queue" not in shared.timeline(ANA, room)


def test_message_without_a_mark_is_kept_but_is_no_entry(shared: Scribe) -> None:
    room = shared.declare("Small talk")
    shared.people.say(BEN, room.channel, "coffee?")
    assert "coffee?" not in shared.timeline(ANA, room)
    assert ("coffee?",) in shared.ask("SELECT text FROM messages")


def test_message_elsewhere_is_not_kept(shared: Scribe) -> None:
    shared.declare("Elsewhere")
    shared.people.say(BEN, "C0INCIDENT", "not in an incident's channel")
    assert ("not in an incident's channel",) not in shared.ask("SELECT text FROM messages")


def test_shared_file_is_named_on_the_timeline(shared: Scribe) -> None:
    room = shared.declare("Traces")
    ts = shared.people.share(BEN, room.channel, "trace.txt", "boom", text="what the probe saw")
    shared.people.react(ANA, room.channel, ts, "pushpin")
    assert re.search(r"what the probe saw \((?:<[^|>]+\|)?(?:text|snippet): trace\.txt>?\)", shared.timeline(ANA, room))
    assert "boom" not in str(shared.ask("SELECT text, files FROM messages"))


def test_group_and_channel_that_are_named_by_their_ids_alone_are_shown_by_words(shared: Scribe) -> None:
    room = shared.declare("Ids")
    ts = shared.people.say(BEN, room.channel, f"<!subteam^S0NOBODY> look in <#{room.channel}> and <#C0NOWHERE>")
    shared.people.react(ANA, room.channel, ts, "pushpin")
    timeline = shared.timeline(ANA, room)
    assert f"a user group look in #{room.name} and another channel" in timeline
    assert "S0NOBODY" not in timeline


def test_what_people_write_never_calls_anybody_when_the_bot_repeats_it(shared: Scribe) -> None:
    room = shared.declare("Loud &amp; clear &lt;!channel&gt;")
    ts = shared.people.say(BEN, room.channel, f"<!channel> ask <@{CLEO}> &amp; &lt;!here&gt;")
    shared.people.react(ANA, room.channel, ts, "pushpin")
    shared.settle()
    shared.type(ANA, room.channel, "/postmortem draft")
    shared.settle()
    parsed = [text for message in shared.people.from_bot(room.channel) for text in _parsed_texts(message)]
    assert any("&lt;!channel&gt;" in text for text in parsed)
    for token in ("<!channel>", "<!here>", f"<@{CLEO}>"):
        assert not any(token in text for text in parsed)
    (report,) = [one for one in shared.people.from_bot(room.channel) if one.get("files")]
    assert "!here" in shared.people.file(report)


def _parsed_texts(holder: Any) -> Iterator[str]:
    """The texts of a message that Slack looks through for mentions: its own, and mrkdwn in its blocks."""
    if isinstance(holder, dict):
        if holder.get("type") in ("message", "mrkdwn"):
            yield holder["text"]
        for part in holder.values():
            yield from _parsed_texts(part)
    elif isinstance(holder, list):
        for part in holder:
            yield from _parsed_texts(part)


def test_entry_links_to_its_message_whose_page_is_there(shared: Scribe) -> None:
    room = shared.declare("Links")
    ts = shared.people.say(ANA, room.channel, "look at this")
    shared.people.react(BEN, room.channel, ts, "pushpin")
    path = f"/archives/{room.channel}/p{ts.replace('.', '')}"
    assert path in shared.timeline(ANA, room)
    assert b"<html" in shared.people.page(path)


def test_command_outside_the_channel_takes_the_ending_of_the_id(shared: Scribe) -> None:
    room = shared.declare("Far away")
    ending = room.incident_id.removeprefix("INC-")
    assert "written from afar" in shared.type(BEN, GENERAL, f"/incident {ending} note written from afar")
    assert "written from afar" in shared.timeline(ANA, room)


def test_wrong_input_is_answered_with_what_was_typed(shared: Scribe) -> None:
    room = shared.declare("Typos")
    answer = shared.type(BEN, room.channel, "/incident severty 2")
    assert "severity" in answer
    assert "You typed: /incident severty 2" in answer
    assert shared.people.whispers(ANA, room.channel) == []
