"""A channel where nobody reacts to anything: the program proposes, people decide, one by one or all together."""

import json
from collections.abc import Sequence

import pytest

from bot.sandbox import visible_text
from tests.scenarios.stage import Json, Room, Stage

ALERTED = "we are getting paged: checkout error rate is at 34% since the deploy"
FOUND = "found it: the connection pool is exhausted, all 20 connections are in use"
ROLLED_BACK = "rolled back checkout to 2.13"
BACK = "confirmed, error rate is back to normal on all hosts"
MOMENTS = (ALERTED, FOUND, ROLLED_BACK, BACK)
CHATTER = ("hi all", "lol", "anyone want coffee?", "thanks!")


def talk(stage: Stage, room: Room, said: Sequence[str] = MOMENTS) -> list[str]:
    """Says it ten minutes apart, with chatter in between; returns the timestamps of what matters."""
    found = []
    for text, chatter in zip(said, CHATTER, strict=False):
        found.append(stage.people.say("ben", room.channel, text))
        stage.people.say("ana", room.channel, chatter)
        stage.pass_time(minutes=10)
    stage.settle()
    return found


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Quiet {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def opened(stage: Stage, room: Room, *, by: str = "ana") -> str:
    stage.type(by, room.channel, "/incident timeline")
    return str(stage.screen.ephemerals(by, room.channel)[-1]["ts"])


def shown(stage: Stage, room: Room, ts: str, *, by: str = "ana") -> Json:
    stage.settle()
    return next(one for one in stage.screen.ephemerals(by, room.channel) if one["ts"] == ts)


def block_with(message: Json, words: str) -> tuple[int, Json]:
    return next(
        (n, one)
        for n, one in enumerate(message["blocks"])
        if "accessory" in one and words in visible_text({"blocks": [one]})
    )


def choose(stage: Stage, room: Room, ts: str, words: str, choice: str, *, by: str = "ana") -> str:
    """Chooses from the menu of what says this; returns what the timeline says then."""
    number, block = block_with(shown(stage, room, ts, by=by), words)
    block_id = block.get("block_id") or f"block-{number}"
    action_id = block["accessory"]["action_id"]
    assert stage.people.press(by, room.channel, ts, action_id, selected=choice, block_id=block_id).acked
    return visible_text(shown(stage, room, ts, by=by))


def entries_shown(text: str) -> str:
    """The part of the timeline that stands, before what is suggested."""
    return text.partition("Suggested from what was said")[0].partition("Proposed: ")[0]


def suggested_shown(text: str) -> str:
    """What is suggested in the timeline, before the milestones that are proposed."""
    return text.partition("Suggested from what was said")[2].partition("Proposed: ")[0]


def drafted(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]


def test_timeline_offers_what_was_said_and_leaves_chatter_out(stage: Stage, room: Room) -> None:
    talk(stage, room)
    text = visible_text(shown(stage, room, opened(stage, room)))
    suggested = suggested_shown(text)
    for words in MOMENTS:
        assert words in suggested
    for words in CHATTER:
        assert words not in text


def test_suggestion_is_added_and_undone(stage: Stage, room: Room) -> None:
    (_, found, *_) = talk(stage, room)
    ts = opened(stage, room)
    text = choose(stage, room, ts, FOUND, "Add to the timeline")
    assert FOUND in entries_shown(text)
    assert FOUND not in suggested_shown(text)
    assert ROLLED_BACK in suggested_shown(text)
    assert stage.is_marked(room, found)
    assert stage.people.press("ana", room.channel, ts, "timeline.undo").acked
    text = visible_text(shown(stage, room, ts))
    assert FOUND in suggested_shown(text)
    assert not stage.is_marked(room, found)


def test_all_are_added_together_and_taken_back_together(stage: Stage, room: Room) -> None:
    talk(stage, room)
    ts = opened(stage, room)
    assert stage.people.press("ana", room.channel, ts, "timeline.add-all").acked
    text = visible_text(shown(stage, room, ts))
    for words in MOMENTS:
        assert words in entries_shown(text)
    assert "Suggested from what was said" not in text
    # What was taken up still speaks for the milestones that nobody has set.
    assert "Proposed: it was detected" in text
    assert stage.people.press("ana", room.channel, ts, "timeline.undo").acked
    assert ROLLED_BACK in suggested_shown(visible_text(shown(stage, room, ts)))


def test_suggestion_that_was_turned_down_comes_back_nowhere(stage: Stage, room: Room) -> None:
    talk(stage, room)
    ts = opened(stage, room)
    text = choose(stage, room, ts, FOUND, "Don't suggest it")
    assert "is not suggested any more" in text
    assert FOUND not in suggested_shown(text)
    assert FOUND not in drafted(stage, room)


def test_draft_has_suggestions_marked_as_such_and_asks_about_them(stage: Stage, room: Room) -> None:
    talk(stage, room)
    written = drafted(stage, room)
    line = next(line for line in written.splitlines() if ROLLED_BACK in line and line.startswith("|"))
    assert "**Suggested:**" in line
    assert "suggested by the program" in written


def test_entry_that_was_removed_is_not_suggested_again(stage: Stage, room: Room) -> None:
    talk(stage, room)
    ts = opened(stage, room)
    choose(stage, room, ts, FOUND, "Add to the timeline")
    text = choose(stage, room, ts, FOUND, "Remove")
    assert FOUND not in text.replace(f"“{FOUND}” is off the timeline.", "")


def test_suggestion_whose_message_was_deleted_is_gone_in_one_line(stage: Stage, room: Room) -> None:
    (_, found, *_) = talk(stage, room)
    ts = opened(stage, room)
    stage.people.delete("ben", room.channel, found)
    stage.settle()
    number, block = block_with(shown(stage, room, ts), FOUND)
    stage.people.press(
        "ana",
        room.channel,
        ts,
        block["accessory"]["action_id"],
        selected="Add to the timeline",
        block_id=block.get("block_id") or f"block-{number}",
    )
    stage.settle()
    assert "That suggestion is gone" in stage.whispered("ana", room.channel)[-1]


def test_proposed_milestone_is_set_with_its_evidence(stage: Stage, room: Room) -> None:
    talk(stage, room)
    stage.type("ana", room.channel, "/incident status identified")
    ts = opened(stage, room)
    message = shown(stage, room, ts)
    number, block = next(
        (n, one)
        for n, one in enumerate(message["blocks"])
        if one.get("accessory", {}).get("action_id") == "timeline.milestone"
    )
    name = block["accessory"]["text"]["text"].removeprefix("Set ")
    block_id = block.get("block_id") or f"block-{number}"
    assert stage.people.press("ana", room.channel, ts, "timeline.milestone", block_id=block_id).acked
    assert f"{name.capitalize()}: " in visible_text(shown(stage, room, ts))
    data = json.loads(_exported(stage, room))
    assert data["milestones"][f"{name}_at"] is not None
    assert data["proposed_milestones"][f"{name}_at"] is None


def test_message_of_a_proposed_milestone_that_is_set_is_taken_up_with_it_and_taken_back_with_it(
    stage: Stage, room: Room
) -> None:
    talk(stage, room)
    ts = opened(stage, room)
    before = suggested_shown(visible_text(shown(stage, room, ts)))
    number, block = block_with(shown(stage, room, ts), "Set detected")
    block_id = block.get("block_id") or f"block-{number}"
    assert stage.people.press("ana", room.channel, ts, "timeline.milestone", block_id=block_id).acked
    text = visible_text(shown(stage, room, ts))
    assert FOUND in entries_shown(text)
    assert FOUND not in suggested_shown(text)
    assert "| detection | **Detected:** found it" in drafted(stage, room)
    assert stage.people.press("ana", room.channel, ts, "timeline.undo").acked
    assert suggested_shown(visible_text(shown(stage, room, ts))) == before


def _exported(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem export json")
    stage.settle()
    return next(file.text for file in reversed(stage.screen.files()) if file.name.endswith(".json"))
