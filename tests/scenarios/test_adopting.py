"""Leading an incident in a channel that is there already: `/incident start ... --here`."""

import re
from datetime import timedelta
from itertools import count

import pytest

from bot.sandbox import error, rate_limited, visible_text
from bot.slack.blocks import adoption
from bot.slack.forms.shortcuts import ADD_TO_TIMELINE
from tests.scenarios.stage import Json, Room, Stage, labels

_NUMBERS = count(1)
_ID = re.compile(r"INC-[\w-]+")


def channel_of(stage: Stage, *members: str, private: bool = False, shared: bool = False) -> str:
    """Adds a channel that was there before the program, with people in it."""
    inside = members or ("ana", "ben")
    return stage.people.add_channel(f"ops-{next(_NUMBERS)}", private=private, members=inside, shared=shared)


def looked_at(stage: Stage, channel: str, rest: str = "Checkout errors --sev 2", *, by: str = "ana") -> Json:
    """Types the command and returns what the asker is shown for it."""
    assert "Looking at" in stage.type(by, channel, f"/incident start {rest} --here")
    stage.settle()
    return stage.screen.ephemerals(by, channel)[-1]


def pressed(stage: Stage, channel: str, preview: Json, action_id: str, *, by: str = "ana") -> str:
    """Presses a button of the preview and returns what stands in its place."""
    assert stage.people.press(by, channel, preview["ts"], action_id).acked
    stage.settle()
    return visible_text(next(one for one in stage.screen.ephemerals(by, channel) if one["ts"] == preview["ts"]))


def adopted(stage: Stage, channel: str, rest: str = "Checkout errors --sev 2", *, takes_in: bool = True) -> Room:
    preview = looked_at(stage, channel, rest)
    answer = pressed(stage, channel, preview, adoption.TAKE_IN if takes_in else adoption.FROM_NOW)
    found = _ID.search(answer)
    assert found, answer
    return Room(found[0], channel, stage.screen.channel(channel).name)


def recorded(stage: Stage, room: Room, *, by: str = "ana") -> int:
    """How many messages the incident has, as its state says."""
    found = re.search(
        r"Recorded: (?:\d+ of )?(\d+) message", stage.type(by, "general", f"/incident {room.incident_id} info")
    )
    assert found
    return int(found[1])


# The preview


def test_preview_counts_the_talk_that_runs_up_to_now_and_who_took_part(stage: Stage) -> None:
    channel = channel_of(stage, "ana", "ben", "cleo")
    stage.people.say("cleo", channel, "lunch?")
    stage.clock.move(timedelta(minutes=45))
    first = stage.people.say("ana", channel, "checkout is slow")
    stage.people.say("ben", channel, "looking", thread=first)
    stage.people.say("ben", channel, "it is the pool", thread=first, broadcast=True)
    preview = looked_at(stage, channel)
    text = visible_text(preview)
    assert "Lead “Checkout errors” in" in text
    assert "Take in 3 messages from 2 people since" in text
    assert "until 2 hours after it is resolved" in text
    assert labels(preview) == ["Take them in*", "From now only", "Cancel"]


def test_nothing_is_posted_and_nothing_declared_before_the_asker_decides(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "checkout is slow")
    looked_at(stage, channel, "Not decided yet")
    assert stage.bot_said(channel) == []
    assert stage.screen.pins(channel) == []
    assert "Not decided yet" not in stage.type("ana", "general", "/incident list")


def test_preview_of_a_silent_channel_offers_to_record_from_now(stage: Stage) -> None:
    preview = looked_at(stage, channel_of(stage))
    assert "Nothing was said here just now" in visible_text(preview)
    assert labels(preview) == ["From now only*", "Cancel"]


def test_since_says_from_when_to_take_in_and_when_it_began(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ben", channel, "deploying")
    stage.clock.move(timedelta(minutes=100))
    stage.people.say("ana", channel, "checkout is slow")
    assert "Take in 1 message from 1 person since" in visible_text(looked_at(stage, channel))
    preview = looked_at(stage, channel, "Deploy broke it --since 2 hours ago")
    assert "Take in 2 messages from 2 people since" in visible_text(preview)
    answer = pressed(stage, channel, preview, adoption.TAKE_IN)
    assert "It started" in answer
    assert "Started:" in stage.type("ana", channel, "/incident info")


def test_more_than_can_be_taken_in_asks_for_a_later_start(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.domain.adoption.MOST_MESSAGES", 3)
    monkeypatch.setattr("bot.services.backfill.MOST_MESSAGES", 3)
    channel = channel_of(stage)
    for number in range(5):
        stage.people.say("ben", channel, f"message {number}")
    preview = looked_at(stage, channel)
    assert "too many to take in" in visible_text(preview)
    assert "/incident start Checkout errors --sev 2 --here --since 30 minutes ago" in visible_text(preview)
    assert labels(preview) == ["From now only*", "Cancel"]


def test_counting_that_slack_slows_down_says_at_least(stage: Stage) -> None:
    channel = channel_of(stage)
    for number in range(201):
        stage.people.say("ben", channel, f"message {number}")
    stage.sandbox.faults.api("conversations.history", rate_limited(60), skip=1)
    # The first page has two hundred, one of them the bot's own coming in.
    assert "Take in at least 199 messages from 1 person since" in visible_text(looked_at(stage, channel))


def test_cancel_declares_nothing_and_leaves_the_channel_as_it_was(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "checkout is slow")
    preview = looked_at(stage, channel, "Taken back")
    assert "scribe" in stage.screen.members(channel)
    assert pressed(stage, channel, preview, adoption.CANCEL) == "Nothing was declared."
    assert "scribe" not in stage.screen.members(channel)
    assert "Taken back" not in stage.type("ana", "general", "/incident list")


def test_cancel_stays_where_somebody_had_invited_the_bot_before(stage: Stage) -> None:
    channel = channel_of(stage, "ana", "scribe")
    pressed(stage, channel, looked_at(stage, channel), adoption.CANCEL)
    assert "scribe" in stage.screen.members(channel)


# Adopting


def test_adopted_channel_gets_a_pinned_header_and_keeps_its_name_and_topic(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.set_topic("ana", channel, "What we run")
    stage.people.say("ana", channel, "checkout is slow")
    name = stage.screen.channel(channel).name
    room = adopted(stage, channel)
    assert stage.screen.topic(channel) == "What we run"
    assert stage.screen.channel(channel).name == name
    header = stage.header_text(room)
    assert room.incident_id in header
    assert re.search(
        r"Messages here since .* are recorded for the postmortem, until 2 hours after it is resolved", header
    )
    assert "Nobody was called in by this incident." in header
    assert any(room.incident_id in text and "SEV2" in text for text in stage.seen_in("incidents"))
    stage.type("ana", channel, "/incident mitigated")
    stage.settle()
    assert stage.screen.topic(channel) == "What we run"
    assert "Mitigated" in stage.header_text(room)


def test_what_was_said_before_is_taken_in_with_threads_and_reactions(stage: Stage) -> None:
    channel = channel_of(stage, "ana", "ben", "cleo")
    first = stage.people.say("ana", channel, "checkout is slow")
    reply = stage.people.say("ben", channel, "the pool is full", thread=first)
    stage.people.react("cleo", channel, reply, "pushpin")
    stage.people.edit("ana", channel, first, "checkout is down")
    room = adopted(stage, channel)
    assert recorded(stage, room) == 2
    assert "the pool is full" in stage.timeline("ana", room)
    assert stage.is_marked(room, reply)
    stage.people.react("cleo", channel, first, "pushpin")
    stage.settle()
    assert "checkout is down" in stage.timeline("ana", room)
    assert any(f"{room.incident_id}: took in 2 messages." in text for text in stage.whispered("ana", channel))


def test_every_page_is_taken_in_and_threads_that_began_before_go_on(stage: Stage) -> None:
    channel = channel_of(stage)
    early = stage.people.say("ana", channel, "release is out")
    stage.clock.move(timedelta(hours=3))
    for number in range(405):
        stage.people.say("ben", channel, f"message {number}")
    stage.people.say("ben", channel, "this release broke it", thread=early)
    room = adopted(stage, channel)
    assert recorded(stage, room) == 406


def test_message_from_before_can_be_put_on_no_timeline(stage: Stage) -> None:
    channel = channel_of(stage)
    before = stage.people.say("ana", channel, "checkout is slow")
    adopted(stage, channel, takes_in=False)
    stage.people.message_shortcut("ana", channel, before, ADD_TO_TIMELINE)
    stage.settle()
    assert stage.whispered("ana", channel)[-1].startswith("That message was said before or after the incident here")


def test_message_of_an_earlier_incident_is_put_on_its_own_timeline(stage: Stage) -> None:
    channel = channel_of(stage)
    first = adopted(stage, channel, "First trouble", takes_in=False)
    said = stage.people.say("ana", channel, "what the first was about")
    stage.type("ana", channel, "/incident resolve")
    stage.clock.move(timedelta(hours=3))
    second = adopted(stage, channel, "Second trouble", takes_in=False)
    stage.people.message_shortcut("ana", channel, said, ADD_TO_TIMELINE)
    stage.settle()
    assert stage.whispered("ana", channel)[-1].startswith(f"On the timeline of {first.incident_id}.")
    assert stage.is_marked(first, said)
    assert "what the first was about" not in stage.timeline("ana", second)


def test_from_now_only_takes_nothing_in(stage: Stage) -> None:
    channel = channel_of(stage)
    before = stage.people.say("ana", channel, "checkout is slow")
    room = adopted(stage, channel, takes_in=False)
    after = stage.people.say("ben", channel, "rolling back")
    for ts in (before, after):
        stage.people.react("ana", channel, ts, "pushpin")
    stage.settle()
    assert recorded(stage, room) == 1
    timeline = stage.timeline("ana", room)
    assert "rolling back" in timeline
    assert "checkout is slow" not in timeline
    assert not stage.is_marked(room, before)


def test_what_is_said_and_taken_back_while_it_is_taken_in_counts(stage: Stage) -> None:
    channel = channel_of(stage)
    gone = stage.people.say("ana", channel, "the password is hunter2")
    stage.people.say("ben", channel, "looking")
    preview = looked_at(stage, channel)
    # The second page of reading waits; meanwhile the message is deleted.
    stage.sandbox.faults.api("conversations.history", rate_limited(1))
    stage.people.press("ana", channel, preview["ts"], adoption.TAKE_IN)
    stage.people.delete("ana", channel, gone)
    stage.people.say("ben", channel, "found it")
    stage.retry_until(lambda: any("took in" in text for text in stage.whispered("ana", channel)))
    answer = stage.type("ana", channel, "/incident info")
    assert "Recorded: 2 messages" in answer


@pytest.mark.parametrize("page", range(4))
def test_taking_in_carries_on_where_slack_made_it_wait(stage: Stage, page: int) -> None:
    channel = channel_of(stage)
    for number in range(450):
        ts = stage.people.say("ben", channel, f"message {number}")
    stage.people.say("ana", channel, "in a thread", thread=ts)
    preview = looked_at(stage, channel)
    before = stage.calls("conversations.history")
    method = "conversations.replies" if page == 0 else "conversations.history"
    stage.sandbox.faults.api(method, rate_limited(1), skip=max(page - 1, 0))
    stage.people.press("ana", channel, preview["ts"], adoption.TAKE_IN)
    stage.retry_until(lambda: any("took in 451 messages" in text for text in stage.whispered("ana", channel)))
    # Three pages, one before them, and the one that had to wait.
    assert stage.calls("conversations.history") - before == 4 + (page > 0)


def test_two_presses_of_one_preview_declare_once(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "checkout is slow")
    preview = looked_at(stage, channel, "Pressed twice")
    for action_id in (adoption.TAKE_IN, adoption.TAKE_IN):
        # Both are under way before the first answer takes the buttons away.
        stage.sandbox.faults.api("response_url", error("slow_down"))
        stage.people.press("ana", channel, preview["ts"], action_id)
    stage.settle()
    assert stage.type("ana", "general", "/incident list").count("Pressed twice") == 1
    assert len(stage.screen.pins(channel)) == 1


def test_private_channel_makes_a_private_incident_for_those_in_it(stage: Stage) -> None:
    channel = channel_of(stage, "ana", "ben", "scribe", private=True)
    stage.people.say("ben", channel, "salaries leaked")
    preview = looked_at(stage, channel, "Salaries leaked")
    assert "The incident is private, as this channel is." in visible_text(preview)
    answer = pressed(stage, channel, preview, adoption.TAKE_IN)
    assert "It is private" in answer
    found = _ID.search(answer)
    assert found
    assert not found[0][-4:].isdigit()
    assert "Salaries leaked" in stage.type("ben", "general", "/incident list")
    assert "Salaries leaked" not in stage.type("cleo", "general", "/incident list")
    assert not any("Salaries" in text for text in stage.seen_in("incidents"))


def test_security_incident_may_be_led_in_a_private_channel(stage: Stage) -> None:
    channel = channel_of(stage, "ana", "scribe", private=True)
    room = adopted(stage, channel, "Stolen laptop --type security", takes_in=False)
    assert "security, private" in stage.info("ana", room)


def test_form_asks_for_the_details_first(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "checkout is slow")
    stage.people.command("ana", channel, "/incident", "start --here --sev 2")
    assert "led in the channel where you typed this" in visible_text(stage.screen.modal("ana"))
    answer = stage.people.submit("ana", values={"title": "From the form"})
    assert answer.action == "update"
    assert "Looking at" in visible_text(stage.screen.modal("ana"))
    stage.settle()
    preview = stage.screen.ephemerals("ana", channel)[-1]
    assert "Lead “From the form”" in visible_text(preview)
    pressed(stage, channel, preview, adoption.TAKE_IN)
    assert "From the form" in stage.type("ana", channel, "/incident info")


# The end of the capture


def test_capture_ends_two_hours_after_it_is_resolved(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "checkout is slow")
    room = adopted(stage, channel)
    stage.type("ana", channel, "/incident resolve")
    stage.settle()
    assert re.search(r"Messages here from .* until .* are recorded", stage.header_text(room))
    stage.clock.move(timedelta(minutes=119))
    inside = stage.people.say("ben", channel, "all green")
    stage.clock.move(timedelta(minutes=2))
    outside = stage.people.say("ben", channel, "anybody for lunch?")
    stage.people.react("ben", channel, outside, "pushpin")
    stage.people.edit("ben", channel, inside, "all is green again")
    stage.people.react("ben", channel, inside, "pushpin")
    stage.settle()
    assert recorded(stage, room) == 2
    timeline = stage.type("ana", "general", f"/incident {room.incident_id} timeline all")
    assert "all is green again" in timeline
    assert "lunch" not in timeline


@pytest.mark.parametrize("way_back", ["reopen", "undo"])
def test_capture_goes_on_when_it_is_open_again(stage: Stage, way_back: str) -> None:
    channel = channel_of(stage)
    room = adopted(stage, channel, takes_in=False)
    answer = stage.people.command("ana", channel, "/incident", "resolve")
    stage.settle()
    if way_back == "undo":
        undo = next(
            e for block in answer.blocks for e in block.get("elements", []) if e.get("action_id") == "answer.undo"
        )
        shown = stage.screen.ephemerals("ana", channel)[-1]
        stage.people.press("ana", channel, shown["ts"], undo["action_id"])
    else:
        stage.type("ana", channel, "/incident reopen")
    stage.settle()
    stage.clock.move(timedelta(hours=5))
    stage.people.say("ben", channel, "still broken")
    stage.settle()
    assert recorded(stage, room) == 1
    assert "until 2 hours after it is resolved" in stage.header_text(room)


def test_later_incident_may_take_the_channel_over_and_the_earlier_keeps_its_messages(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.people.say("ana", channel, "the first trouble")
    first = adopted(stage, channel, "First trouble")
    stage.type("ana", channel, "/incident resolve")
    stage.settle()
    stage.clock.move(timedelta(minutes=40))
    said = stage.people.say("ana", channel, "the second trouble")
    second = adopted(stage, channel, "Second trouble")
    stage.people.say("ben", channel, "on it")
    stage.people.react("ben", channel, said, "pushpin")
    stage.settle()
    assert second.incident_id in stage.type("ana", channel, "/incident info")
    assert recorded(stage, second) == 2
    assert "the second trouble" in stage.timeline("ana", second)
    stage.people.say("ben", channel, "only for the second")
    stage.settle()
    assert recorded(stage, first) == 2
    refused = stage.type("ana", channel, f"/incident {first.incident_id} reopen")
    assert f"Another incident is led in the channel of {first.incident_id} now." in refused


# What can't be


def refusal(stage: Stage, channel: str, rest: str, *, by: str = "ana") -> str:
    return visible_text(looked_at(stage, channel, rest, by=by))


def test_archived_and_shared_channels_are_refused_with_the_reason(stage: Stage) -> None:
    shared = channel_of(stage, shared=True)
    assert refusal(stage, shared, "Checkout errors --vendor Cloud") == (
        "This channel is shared with another organisation, whose words are not ours to record. To give the incident a "
        'channel of its own, leave out --here: `/incident start Checkout errors --sev 3 --vendor "Cloud"`'
    )
    assert "scribe" not in stage.screen.members(shared)


def test_private_channel_without_the_bot_says_how_to_invite_it(stage: Stage) -> None:
    channel = channel_of(stage, private=True)
    assert refusal(stage, channel, "Checkout errors --sev 1") == (
        "Incident Scribe is not in this channel. Type /invite @Incident Scribe first, then start it here again; or "
        "leave out --here: `/incident start Checkout errors --sev 1`"
    )


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("Stolen laptop --type security", "Security incidents are private, and everybody here can read this channel."),
        ("Layoffs --private", "Everybody here can read this channel, so the incident can't be private in it."),
    ],
)
def test_what_must_be_private_is_refused_in_a_public_channel(stage: Stage, rest: str, reason: str) -> None:
    channel = channel_of(stage)
    text = refusal(stage, channel, rest)
    assert text.startswith(reason)
    assert text.endswith(f"leave out --here: `/incident start {rest.replace(' --', ' --sev 3 --', 1)}`")
    assert "scribe" not in stage.screen.members(channel)


def test_direct_message_is_no_channel_to_lead_an_incident_in(stage: Stage) -> None:
    direct = stage.sandbox.workspace.direct(stage.sandbox.workspace.person("ana").id).id
    assert stage.type("ana", direct, "/incident start Checkout errors --here").startswith(
        "This is no channel. To make one for the incident, leave out --here: `/incident start Checkout errors --sev 3`"
    )


def test_channel_with_an_open_incident_is_refused(stage: Stage) -> None:
    own = stage.declare("Has its own channel")
    channel = channel_of(stage)
    other = adopted(stage, channel, takes_in=False)
    for room in (own, other):
        answer = stage.type("ana", room.channel, "/incident start Another --sev 1 --here")
        assert answer.startswith(
            f"{room.incident_id} is led in this channel. Without --here the new one gets a channel of its own, and the "
            "two are linked: `/incident start Another --sev 1`"
        )


def test_channel_taken_while_the_preview_stood_is_refused_at_the_press(stage: Stage) -> None:
    channel = channel_of(stage)
    late = looked_at(stage, channel, "Too late", by="ben")
    adopted(stage, channel, takes_in=False)
    assert "is led in this channel" in pressed(stage, channel, late, adoption.FROM_NOW, by="ben")
    assert "Too late" not in stage.type("ben", "general", "/incident list")


def test_guests_are_refused(stage: Stage) -> None:
    stage.people.add_person("gus", guest=True)
    channel = channel_of(stage, "gus", "ana")
    assert "Guests can't declare an incident." in stage.type("gus", channel, "/incident start Odd --here")


def test_slack_that_lets_nobody_in_is_told_with_the_way_round(stage: Stage) -> None:
    channel = channel_of(stage)
    stage.sandbox.faults.api("conversations.join", error("missing_scope", needed="channels:join"))
    assert refusal(stage, channel, "Checkout errors").startswith(
        "Slack doesn't let Incident Scribe into this channel (missing_scope (needs channels:join)). To give"
    )
