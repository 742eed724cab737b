"""Leading an incident in a channel that is there already (`start --here`); against a Slack that nobody here wrote."""

import time

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, OPS
from tests.counterparts.scribe import Scribe


def previewed(scribe: Scribe) -> str:
    """The ts of the preview that ana is shown."""
    scribe.type(ANA, OPS, "/incident start The pool is full --here")
    scribe.settle()
    preview = scribe.people.whispers(ANA, OPS)[-1]
    assert "Lead “The pool is full” in" in visible_text(preview)
    assert "2 messages from 2 people" in visible_text(preview)
    return str(preview["ts"])


def talked(scribe: Scribe) -> None:
    said = scribe.people.say(BEN, OPS, "checkout hangs")
    scribe.people.react(ANA, OPS, said, "pushpin")
    scribe.people.say(ANA, OPS, "since 14:00", thread=said)


def test_what_was_said_before_is_taken_in_with_its_thread_and_its_reactions(scribe: Scribe) -> None:
    talked(scribe)
    scribe.people.press(ANA, OPS, previewed(scribe), "adoption.take_in")
    scribe.settle()
    # How many is not asked: local-slack's history knows no end, so the bot meets the thread twice.
    assert any("took in" in text for text in scribe.people.whispered(ANA, OPS))
    assert any("The pool is full" in text for text in scribe.people.texts(OPS))
    assert "checkout hangs" in scribe.type(ANA, OPS, "/incident timeline all")
    assert ("since 14:00",) in scribe.ask("SELECT text FROM messages")
    assert scribe.people.calls("conversations.setTopic") == []


def test_from_now_only_leaves_out_what_was_said_before(scribe: Scribe) -> None:
    talked(scribe)
    scribe.people.press(ANA, OPS, previewed(scribe), "adoption.from_now")
    scribe.settle()
    # local-slack's timestamps tell no more than seconds: in the same one it would count as said before.
    time.sleep(1.1)
    later = scribe.people.say(BEN, OPS, "restarted it")
    scribe.people.react(ANA, OPS, later, "pushpin")
    timeline = scribe.type(ANA, OPS, "/incident timeline all")
    assert "restarted it" in timeline
    assert "checkout hangs" not in timeline
    assert ("checkout hangs",) not in scribe.ask("SELECT text FROM messages")


def test_cancelled_preview_declares_nothing(scribe: Scribe) -> None:
    talked(scribe)
    scribe.people.press(ANA, OPS, previewed(scribe), "adoption.cancel")
    scribe.settle()
    assert "No incident is open" in scribe.type(ANA, OPS, "/incident list")
    assert [one["user"] for one in scribe.people.messages(OPS)] == [BEN, ANA]
