"""Mentions of the bot: the same words as `/incident`, in threads and elsewhere, answered to the asker alone."""

import pytest

from bot.sandbox import SandboxError, lost_answer, visible_text
from tests.scenarios.stage import Json, Room, Stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Mentions {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def ask(stage: Stage, channel: str, words: str, *, by: str = "ana", thread: str | None = None) -> list[Json]:
    """Says something that begins with a mention of the bot and returns what only the asker then reads anew."""
    before = {one["ts"] for one in stage.screen.ephemerals(by, channel)}
    stage.people.say(by, channel, stage.people.typed(f"@scribe {words}".rstrip()), thread=thread)
    stage.settle()
    return [one for one in stage.screen.ephemerals(by, channel) if one["ts"] not in before]


def answer(stage: Stage, channel: str, words: str, *, by: str = "ana", thread: str | None = None) -> str:
    (shown,) = ask(stage, channel, words, by=by, thread=thread)
    return visible_text(shown)


def actions_in(stage: Stage, room: Room) -> str:
    counted = stage.info("ana", room).split("Recorded: ")[1].splitlines()[0]
    return next(part for part in counted.split(", ") if "action" in part)


def test_action_asked_for_in_a_thread_is_added_and_answered_in_that_thread(stage: Stage, room: Room) -> None:
    parent = stage.people.say("ben", room.channel, "we should alert on this")
    (shown,) = ask(stage, room.channel, "action Alert on the queue @ben due 2027-12-01 P1", thread=parent)
    assert shown["thread_ts"] == parent
    assert visible_text(shown).startswith("Action 1: Alert on the queue (owner ")
    assert "Alert on the queue" not in "\n".join(stage.bot_said(room.channel))
    assert stage.screen.thread(room.channel, parent)[-1]["user"] != stage.sandbox.bot_user_id


def test_answer_to_a_mention_can_be_undone(stage: Stage, room: Room) -> None:
    (shown,) = ask(stage, room.channel, "action Alert on the queue")
    stage.people.press("ana", room.channel, shown["ts"], "answer.undo")
    stage.settle()
    assert actions_in(stage, room) == "0 actions"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("note 14:05 UTC rolled back", "rolled back"),
        (": note rolled back", "rolled back"),
        ("note 1 &amp; 2 &lt;3", "1 &amp; 2 &lt;3"),
        ("mitigated -- rolled back", "is mitigated"),
        ("timeline all", "The incident was declared"),
        ("info", "Reported by"),
        ("list", "open incident"),
        ("catchup", "Mentions"),
        ("help note", "Adds an entry to the timeline."),
        ("", "*Basics*"),
        ("/incident note rolled back", "On the timeline"),
        ("/incident", "*Basics*"),
    ],
)
def test_words_of_the_command_mean_the_same_after_a_mention(stage: Stage, room: Room, words: str, said: str) -> None:
    before = {one["ts"] for one in stage.screen.ephemerals("ana", room.channel)}
    stage.people.say("ana", room.channel, f"<@{stage.sandbox.bot_user_id}> {words}")
    stage.settle()
    shown = [one for one in stage.screen.ephemerals("ana", room.channel) if one["ts"] not in before]
    assert len(shown) == 1
    assert said in visible_text(shown[0])


def test_wrong_words_are_refused_with_a_right_form_that_begins_with_the_mention(stage: Stage, room: Room) -> None:
    bot = f"<@{stage.sandbox.bot_user_id}>"
    assert answer(stage, room.channel, "lesson wel quick").split("\n") == [
        f"“wel” is not a kind of lesson. Use well, poorly, lucky, hard or unknown: {bot} lesson well quick",
        f"You typed: {bot} lesson wel quick",
    ]
    assert f"Resolve it first: {bot} resolve" in answer(stage, room.channel, "close")


def test_word_of_the_other_command_is_sent_there(stage: Stage, room: Room) -> None:
    assert "“draft” is not a command. Did you mean: `/postmortem draft`" in answer(stage, room.channel, "draft")


@pytest.mark.parametrize("word", ["impact", "cause", "lesson", "action", "start"])
def test_mention_that_would_need_a_form_says_what_to_say_instead(stage: Stage, room: Room, word: str) -> None:
    said = answer(stage, room.channel, word)
    bot = f"<@{stage.sandbox.bot_user_id}>"
    assert said.startswith(
        f"No form can be opened from a message. Say it in one line instead, for example: {bot} {word} "
    )


def test_mention_within_a_sentence_asks_for_nothing(stage: Stage, room: Room) -> None:
    before = len(stage.whispered("ana", room.channel))
    stage.people.say("ana", room.channel, stage.people.typed("I asked @scribe action Alert on it, it did nothing"))
    stage.settle()
    assert len(stage.whispered("ana", room.channel)) == before
    assert actions_in(stage, room) == "0 actions"


def test_mention_delivered_again_is_carried_out_and_answered_once(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.double_events(1, when=lambda event: event["type"] == "app_mention")
    assert len(ask(stage, room.channel, "action Only once")) == 1
    assert actions_in(stage, room) == "1 action"


def test_edited_mention_is_not_carried_out_again(stage: Stage, room: Room) -> None:
    text = stage.people.typed("@scribe action Alert on the queue")
    ts = stage.people.say("ana", room.channel, text)
    stage.settle()
    stage.people.edit("ana", room.channel, ts, "never mind")
    stage.people.edit("ana", room.channel, ts, stage.people.typed("@scribe action Something else"))
    stage.settle()
    assert actions_in(stage, room) == "1 action"


def test_mention_is_carried_out_once_when_its_answer_is_lost(stage: Stage, room: Room) -> None:
    stage.sandbox.faults.api("chat.postEphemeral", lost_answer())
    stage.people.say("ana", room.channel, stage.people.typed("@scribe action Only once"))
    stage.settle()
    stage.retry_until(lambda: "Action 1: Only once" in stage.whispered("ana", room.channel)[-1])
    assert actions_in(stage, room) == "1 action"


def test_mention_elsewhere_needs_the_incident_in_front(stage: Stage, room: Room) -> None:
    stage.people.invite("ana", "general", "scribe")
    bot = f"<@{stage.sandbox.bot_user_id}>"
    said = answer(stage, "general", "note rolled back")
    assert said.startswith("This is not an incident's channel. Type it there, or put the incident's id in front")
    assert f"for example: {bot} INC-" in said
    answer(stage, "general", f"{room.ending} note rolled back")
    assert "rolled back" in stage.timeline("ana", room)


def test_mention_does_not_go_on_the_timeline_by_itself(stage: Stage, room: Room) -> None:
    ask(stage, room.channel, "list")
    assert "list" not in stage.timeline("ana", room)


def test_long_timeline_asked_for_in_a_message_shows_what_fits(stage: Stage, room: Room) -> None:
    for number in range(25):
        stage.type("ana", room.channel, f"/incident note {number:02d} " + "it goes on and on " * 14)
    said = answer(stage, room.channel, "timeline all")
    assert "24 it goes on" in said
    assert "00 it goes on" not in said
    assert "fit here; the draft has all." in said


def test_guest_is_refused(stage: Stage, room: Room) -> None:
    if "visitor" not in {one.name for one in stage.sandbox.workspace.people.values()}:
        stage.people.add_person("visitor", guest=True)
    stage.people.invite("ana", room.channel, "visitor")
    stage.settle()
    assert answer(stage, room.channel, "action Mine", by="visitor").startswith("Guests can't add to this incident.")


def test_other_bots_are_not_listened_to(stage: Stage, room: Room) -> None:
    stage.people.alert("Pager", room.channel, f"<@{stage.sandbox.bot_user_id}> resolve")
    stage.settle()
    assert "· investigating ·" in stage.info("ana", room)


def test_mention_in_a_private_incident_is_about_it(stage: Stage) -> None:
    room = stage.declare("Leaked key --private", by="ben")
    assert answer(stage, room.channel, "info", by="ben").startswith(f"*{room.incident_id} · Leaked key*")
    with pytest.raises(SandboxError):
        stage.people.say("cleo", room.channel, "not inside")
