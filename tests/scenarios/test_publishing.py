"""Publishing: a preview first, then frozen, closed, announced."""

import re

from bot.sandbox import error, visible_text
from tests.scenarios.stage import Json, Room, Stage, element, labels


def drafted(stage: Stage, title: str, *, is_resolved: bool = True) -> Room:
    """Returns an incident with one draft."""
    room = stage.declare(title)
    stage.people.join("ben", room.channel)
    if is_resolved:
        stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return room


def summary(stage: Stage, room: Room) -> Json:
    (found,) = [one for one in stage.screen.messages(room.channel) if "Postmortem of" in visible_text(one)]
    return found


def announced(stage: Stage, room: Room) -> list[str]:
    """Returns the announcements of the publication, without the one of the declaration."""
    return [text for text in stage.seen_in("incidents") if f"Postmortem of {room.incident_id}" in text]


def press_publish(stage: Stage, user: str, room: Room, *, at: int = -1) -> str:
    """Presses Publish in a preview that this person sees; returns what stands in its place then."""
    shown = [one for one in stage.screen.ephemerals(user, room.channel) if "answer.publish" in str(one["blocks"])]
    stage.people.press(user, room.channel, shown[at]["ts"], "answer.publish")
    stage.settle()
    return next(visible_text(one) for one in stage.screen.ephemerals(user) if one["ts"] == shown[at]["ts"])


def test_preview_says_what_will_happen_and_changes_nothing(stage: Stage) -> None:
    room = drafted(stage, "Only looking")
    answer = stage.type("ana", room.channel, "/postmortem publish")
    assert answer.startswith(f"Publishing freezes draft 1 of {room.incident_id} and closes the incident.")
    assert f"It is announced in <#{stage.screen.channel('incidents').id}>." in answer
    assert re.search(r"Its review scores \d\.\d of 5, without what a report must have: .*An action", answer)
    assert re.search(r"gaps, the first: .*\? For example: /(incident|postmortem) \w+", answer)
    assert answer.endswith("Publish draft 1")
    stage.settle()
    assert "· resolved ·" in stage.info("ana", room)
    assert announced(stage, room) == []


def test_confirmed_preview_publishes_closes_and_announces(stage: Stage) -> None:
    room = drafted(stage, "Told <everybody> & all")
    stage.type("ana", room.channel, "/postmortem publish")
    assert press_publish(stage, "ana", room) == f"Draft 1 of {room.incident_id} is published."
    assert "· closed ·" in stage.info("ana", room)
    assert "*Status*\nClosed" in stage.header_text(room)
    assert "closed" in stage.screen.topic(room.channel)
    assert stage.bot_said(room.channel)[-1] == "Postmortem published by @Ana Silva (draft 1)"
    (told,) = announced(stage, room)
    assert "Told &lt;everybody&gt; &amp; all" in told
    assert "|Read it> (draft 1)" in told
    assert "<@" not in told
    shown = summary(stage, room)
    assert "Draft 1 was published <!date^" in visible_text(shown)
    assert "by Ana Silva" in visible_text(shown)
    assert labels(shown) == ["Draft again"]
    assert labels(stage.header(room)) == ["Draft again", "Reopen", "Timeline"], "nothing is urgent any more"


def test_button_under_the_summary_previews_too(stage: Stage) -> None:
    room = drafted(stage, "From the summary")
    stage.people.press("ben", room.channel, summary(stage, room)["ts"], "draft.publish")
    stage.settle()
    assert press_publish(stage, "ben", room) == f"Draft 1 of {room.incident_id} is published."


def test_command_with_yes_needs_no_preview(stage: Stage) -> None:
    room = drafted(stage, "Straight away")
    assert stage.type("ana", room.channel, "/postmortem publish --yes") == (
        f"Draft 1 of {room.incident_id} is published."
    )
    stage.settle()
    assert len(announced(stage, room)) == 1


def test_publishing_twice_announces_once_and_says_what_to_do_for_more(stage: Stage) -> None:
    room = drafted(stage, "Twice published")
    for user in ("ana", "ben"):
        stage.type(user, room.channel, "/postmortem publish")
    press_publish(stage, "ana", room)
    assert "was published at" in press_publish(stage, "ben", room)
    answer = stage.type("ana", room.channel, "/postmortem publish")
    assert answer.startswith("Draft 1 was published at ")
    assert "draft it first: `/postmortem draft`" in answer
    assert len(announced(stage, room)) == 1


def test_publishing_before_a_draft_says_to_make_one(stage: Stage) -> None:
    room = stage.declare("No draft")
    stage.type("ana", room.channel, "/incident resolve")
    answer = stage.type("ana", room.channel, "/postmortem publish")
    assert answer.startswith(f"{room.incident_id} has no draft yet. Make one first: `/postmortem draft`")


def test_publishing_before_the_end_says_to_resolve_it(stage: Stage) -> None:
    room = drafted(stage, "Still going on", is_resolved=False)
    answer = stage.type("ana", room.channel, "/postmortem publish")
    assert answer.startswith(f"{room.incident_id} is investigating. Resolve it first: `/incident resolve`")


def test_preview_is_void_when_a_newer_draft_has_been_made(stage: Stage) -> None:
    room = drafted(stage, "Overtaken")
    stage.type("ana", room.channel, "/postmortem publish")
    stage.type("ben", room.channel, "/postmortem draft")
    stage.settle()
    assert press_publish(stage, "ana", room).startswith("Draft 2 has been made meanwhile.")
    assert "· resolved ·" in stage.info("ana", room)
    assert announced(stage, room) == []


def test_newer_draft_of_a_published_report_can_be_published_again(stage: Stage) -> None:
    room = drafted(stage, "Corrected later")
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    stage.type("ana", room.channel, "/incident impact Found later")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    shown = summary(stage, room)
    assert "Draft 2." in visible_text(shown)
    assert "Draft 1 was published" in visible_text(shown)
    assert labels(shown)[0] == "Publish*"
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert [text.rpartition("(")[2] for text in announced(stage, room)] == ["draft 1)", "draft 2)"]


def test_published_revision_keeps_its_words_when_more_is_entered(stage: Stage) -> None:
    room = drafted(stage, "Frozen")
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    frozen = [file.text for file in stage.screen.files() if file.name == f"{room.incident_id}-draft-1.md"]
    stage.type("ana", room.channel, "/incident impact Entered afterwards")
    stage.settle()
    assert [file.text for file in stage.screen.files() if file.name == f"{room.incident_id}-draft-1.md"] == frozen


def test_refused_announcement_leaves_the_publication_standing(stage: Stage) -> None:
    room = drafted(stage, "Nowhere to tell")
    incidents = stage.screen.channel("incidents").id
    stage.sandbox.faults.api(
        "chat.postMessage", error("not_in_channel"), when=lambda args: args["channel"] == incidents
    )
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert announced(stage, room) == []
    assert "was published" in visible_text(summary(stage, room))
    assert any("could not be announced (Slack says not_in_channel)" in text for text in stage.whispered("ana"))


def test_publication_is_announced_also_when_the_summary_may_not_be_changed(stage: Stage) -> None:
    room = drafted(stage, "Fixed summary")
    shown = summary(stage, room)["ts"]
    stage.sandbox.faults.api("chat.update", error("edit_window_closed"), when=lambda args: args["ts"] == shown)
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert len(announced(stage, room)) == 1


def test_cancelled_incident_has_nothing_to_publish(stage: Stage) -> None:
    room = stage.declare("No incident after all")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/incident cancel a false alarm")
    answer = stage.type("ana", room.channel, "/postmortem publish --yes")
    assert f"{room.incident_id} was cancelled, so there is nothing to publish." in answer


def test_reopened_after_publishing_says_so_in_the_header(stage: Stage) -> None:
    room = drafted(stage, "Came back")
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.type("ana", room.channel, "/incident reopen")
    stage.settle()
    assert "*Status*\nInvestigating" in stage.header_text(room)
    assert element(stage.header(room)["blocks"], "header.move.resolved")
