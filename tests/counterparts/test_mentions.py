"""Asking the bot in a thread, where no command can be typed; against a Slack that nobody here wrote."""

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, BOT_USER, CLEO
from tests.counterparts.scribe import Room, Scribe


def asked(scribe: Scribe, room: Room, words: str) -> str:
    """What ben reads in the thread in which he mentioned the bot with these words; nobody else does."""
    thread = scribe.people.say(ANA, room.channel, "what do we know?")
    scribe.people.say(BEN, room.channel, f"<@{BOT_USER}> {words}", thread=thread)
    scribe.settle()
    answer = scribe.people.whispers(BEN, room.channel)[-1]
    assert answer["thread_ts"] == thread
    assert scribe.people.whispers(CLEO, room.channel) == []
    return visible_text(answer)


def test_note_in_a_thread_goes_on_the_timeline(shared: Scribe) -> None:
    room = shared.declare("Threads")
    assert "restarted the queue" in asked(shared, room, "note restarted the queue")
    assert "restarted the queue" in shared.timeline(ANA, room)


def test_role_in_a_thread_changes_the_header(shared: Scribe) -> None:
    room = shared.declare("Who leads")
    assert f"<@{CLEO}> is the incident lead" in asked(shared, room, f"role lead <@{CLEO}>")
    assert "Cleo Marchetti" in shared.header_text(room)


def test_wrong_words_in_a_thread_are_given_back(shared: Scribe) -> None:
    room = shared.declare("Typos")
    assert "nonsense" in asked(shared, room, "nonsense")


def test_what_needs_a_form_says_how_to_do_without(shared: Scribe) -> None:
    room = shared.declare("No forms")
    answer = asked(shared, room, "impact")
    assert f"<@{BOT_USER}> impact" in answer
    assert shared.people.modal() is None


def test_sentence_about_the_bot_is_not_a_command(shared: Scribe) -> None:
    room = shared.declare("Talk about it")
    shared.people.say(BEN, room.channel, f"I asked <@{BOT_USER}> to note it")
    shared.settle()
    assert shared.people.whispers(BEN, room.channel) == []
