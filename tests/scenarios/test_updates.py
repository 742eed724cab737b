"""`/incident update`: those outside read one message that is kept current, and the log says what they were told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import error, visible_text
from storage import incidents, records
from tests.scenarios.stage import Json, Room, Stage, element, staged

OUTSIDE = "incidents"


def announcement(stage: Stage, room: Room) -> str:
    """Returns the only message about this incident that those outside read."""
    (found,) = [text for text in stage.seen_in(OUTSIDE) if room.incident_id in text]
    return found


def log(stage: Stage, room: Room) -> list[tuple[str, str]]:
    """Returns the communications log: to whom, and what."""
    with stage.application.world.database.reading() as connection:
        (incident,) = incidents.by_ending(connection, stage.sandbox.team_id, room.incident_id)
        record = records.load(connection, incident)
    return [(one.to, one.text) for one in record.communications]


def say(stage: Stage, room: Room, command: str, *, by: str = "ana") -> str:
    answer = stage.type(by, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def report(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return stage.screen.files()[-1].text


def undo(stage: Stage, user: str, room: Room) -> None:
    shown = next(
        one for one in reversed(stage.screen.ephemerals(user, room.channel)) if "answer.undo" in json.dumps(one)
    )
    stage.people.press(user, room.channel, shown["ts"], "answer.undo")
    stage.settle()


def test_update_edits_the_announcement_and_posts_nothing(stage: Stage) -> None:
    room = stage.declare("Payments fail")
    before = len(stage.seen_in(OUTSIDE)), stage.calls("chat.postMessage")
    answer = say(stage, room, "update Payments are back for most next 30m")
    assert "Update sent to #incidents: Payments are back for most" in answer
    assert "The next one is due today" in answer
    shown = announcement(stage, room)
    assert "Payments are back for most" in shown
    assert "Next update by <!date^" in shown
    assert (len(stage.seen_in(OUTSIDE)), stage.calls("chat.postMessage")) == before
    assert not any("Payments are back" in text for text in stage.seen_in(room.channel))


def test_next_that_is_no_length_is_sent_as_it_stands_and_the_sender_is_told(stage: Stage) -> None:
    room = stage.declare("Payments fail again")
    answer = say(stage, room, "update They are back, next update at 16:30")
    assert "No next one is set: at the end, next takes a length, such as next 30m." in answer
    assert "next update at 16:30" in announcement(stage, room)
    assert "No next one" not in say(stage, room, "update They are back")


def test_second_update_takes_the_place_of_the_first_and_both_are_in_the_log(stage: Stage) -> None:
    room = stage.declare("Search is slow")
    say(stage, room, "update We look into it next 1h")
    say(stage, room, "update Found it, a fix is on its way")
    shown = announcement(stage, room)
    assert "a fix is on its way" in shown
    assert "We look into it" not in shown
    assert "Next update" not in shown
    assert log(stage, room) == [("#incidents", "We look into it"), ("#incidents", "Found it, a fix is on its way")]


def test_update_shows_in_the_header_so_that_everybody_knows_when_the_next_is_due(stage: Stage) -> None:
    room = stage.declare("Logins fail")
    assert "Last update" not in stage.header_text(room)
    say(stage, room, "update Logins fail for a few next 2h")
    assert ", next <!date^" in stage.header_text(room).partition("Last update")[2]
    say(stage, room, "resolve")
    assert ", next" not in stage.header_text(room).partition("Last update")[2].partition("\n\n")[0]


def test_undo_takes_an_update_out_of_the_log_and_the_announcement_back_to_the_one_before(stage: Stage) -> None:
    room = stage.declare("Mail is late")
    say(stage, room, "update Mail is late by an hour")
    say(stage, room, "update All mail is lost")
    undo(stage, "ana", room)
    assert "Mail is late by an hour" in announcement(stage, room)
    assert "lost" not in announcement(stage, room)
    assert log(stage, room) == [("#incidents", "Mail is late by an hour")]


def test_undo_of_the_only_update_leaves_the_announcement_as_it_was(stage: Stage) -> None:
    room = stage.declare("Exports hang")
    before = announcement(stage, room)
    say(stage, room, "update Nothing works next 30m")
    undo(stage, "ana", room)
    assert announcement(stage, room) == before
    assert log(stage, room) == []


def test_last_update_after_the_end_sets_no_next_one_and_says_so(stage: Stage) -> None:
    room = stage.declare("Uploads fail")
    say(stage, room, "update Uploads fail next 30m")
    say(stage, room, "resolve")
    assert "Next update" not in announcement(stage, room)
    answer = say(stage, room, "update Uploads work again next 30m")
    assert "The incident is resolved, so no next one is due." in answer
    assert "Uploads work again" in announcement(stage, room)
    assert "resolved" in announcement(stage, room)
    assert "Next update" not in announcement(stage, room)


def test_cancelled_incident_has_nothing_to_tell(stage: Stage) -> None:
    room = stage.declare("Nothing at all")
    say(stage, room, "cancel the probe was wrong")
    answer = say(stage, room, "update All is well")
    assert "is cancelled: it was no incident. To take it up again: `/incident reopen`" in answer
    assert log(stage, room) == []


def test_too_long_update_is_refused_and_changes_nothing(stage: Stage) -> None:
    room = stage.declare("Too long")
    answer = say(stage, room, f"update {'long ' * 700}")
    assert "3,000 is the limit" in answer
    assert log(stage, room) == []


def test_longest_update_full_of_signs_still_fits_the_announcement(stage: Stage) -> None:
    room = stage.declare("Many signs")
    say(stage, room, "update " + "<&>" * 1_000)
    assert "&lt;&amp;&gt;&lt;" in announcement(stage, room)
    assert log(stage, room)[0][0] == "#incidents"


def test_update_calls_nobody_and_names_people_by_their_names(stage: Stage) -> None:
    room = stage.declare("Careful")
    say(stage, room, "update @ben repairs it <!channel> <!here> <!subteam^S1|@all> *bold*")
    shown = announcement(stage, room)
    assert "@Ben Okoro repairs it" in shown
    for call in ("<@", "<!channel>", "<!here>", "<!subteam"):
        assert call not in shown


def test_report_says_what_was_told_to_whom_and_before_that_asks(stage: Stage) -> None:
    room = stage.declare("In the report")
    asked = "**Gap:** What was told to those outside? For example: `/incident update"
    assert asked in report(stage, room)
    say(stage, room, "update We are on it next 30m")
    told = report(stage, room)
    assert asked not in told
    assert "#incidents | We are on it |" in told


def test_private_incident_tells_only_its_channel_and_says_why(stage: Stage) -> None:
    room = stage.declare("A leak --private")
    answer = say(stage, room, "update We know of three keys next 1h")
    assert "Update sent to the incident's channel: We know of three keys" in answer
    assert "Nobody outside is told, as the incident is private: invite those who should know" in answer
    assert "Update: We know of three keys" in stage.seen_in(room.channel)
    assert not any("three keys" in text for text in stage.seen_in(OUTSIDE))
    assert log(stage, room) == [("this channel", "We know of three keys")]
    undo(stage, "ana", room)
    assert any(text.startswith("Update taken back by") for text in stage.seen_in(room.channel))
    assert log(stage, room) == []


def test_retro_is_told_nowhere_outside_and_its_update_is_logged(stage: Stage) -> None:
    room = stage.declare("Long over --kind retro")
    assert "Nobody outside is told, as a retro records what is over" in say(stage, room, "update It was a full disk")
    assert log(stage, room) == [("this channel", "It was a full disk")]
    assert not any(room.incident_id in text for text in stage.seen_in(OUTSIDE))


def test_announcement_that_was_deleted_comes_back_with_the_next_update(stage: Stage) -> None:
    room = stage.declare("Deleted outside")
    (ts,) = [one["ts"] for one in stage.screen.messages(OUTSIDE) if room.incident_id in visible_text(one)]
    stage.people.delete("ana", OUTSIDE, ts, as_admin=True)
    stage.settle()
    say(stage, room, "severity 2")
    assert not any(room.incident_id in text for text in stage.seen_in(OUTSIDE))
    say(stage, room, "update Back again")
    assert "Back again" in announcement(stage, room)
    say(stage, room, "update And current")
    assert "And current" in announcement(stage, room)


def test_update_that_slack_refuses_is_corrected_in_the_log_and_told_to_its_sender(stage: Stage) -> None:
    room = stage.declare("Refused outside")
    stage.sandbox.faults.api(
        "chat.update", error("not_in_channel"), times=9, when=lambda args: "Not for them" in str(args.get("blocks"))
    )
    say(stage, room, "update Not for them")
    stage.sandbox.faults.clear()
    assert log(stage, room) == [("this channel", "Not for them")]
    assert "Update: Not for them" in stage.seen_in(room.channel)
    assert any("did not reach #incidents (Slack says not_in_channel)" in text for text in stage.whispered("ana"))
    say(stage, room, "severity 2")
    assert "Not for them" not in announcement(stage, room)


@pytest.fixture
def unannounced(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as stage:
        yield stage


def test_without_an_announcement_channel_the_update_is_logged_and_the_setting_named(unannounced: Stage) -> None:
    room = unannounced.declare("Nowhere to tell")
    answer = say(unannounced, room, "update We are on it")
    assert "no announcement channel is set: SCRIBE_ANNOUNCE_CHANNEL names one." in answer
    assert log(unannounced, room) == [("this channel", "We are on it")]
    assert "Update: We are on it" in unannounced.seen_in(room.channel)


def test_announcement_channel_set_by_its_id_is_called_by_its_name(tmp_path: Path) -> None:
    with staged(tmp_path, is_started=False) as stage:
        stage.start(SCRIBE_ANNOUNCE_CHANNEL=stage.screen.channel(OUTSIDE).id)
        room = stage.declare("By id")
        say(stage, room, "update Hello")
        assert log(stage, room) == [("#incidents", "Hello")]


def reminders(stage: Stage, room: Room) -> list[Json]:
    return [one for one in stage.screen.messages(room.channel) if "reminder." in json.dumps(one.get("blocks"))]


def test_form_sends_an_update_with_its_promise(tmp_path: Path) -> None:
    with staged(tmp_path, {"SCRIBE_ANNOUNCE_CHANNEL": OUTSIDE}) as stage:
        room = stage.declare("By form --sev 1")
        stage.type("ana", room.channel, "/incident role lead")
        say(stage, room, "update First words")
        stage.pass_time(minutes=31)
        (shown,) = reminders(stage, room)
        assert element(shown["blocks"], "reminder.update")["text"]["text"] == "Send an update"
        stage.people.press("ana", room.channel, shown["ts"], "reminder.update")
        form = stage.screen.modal("ana")
        assert form is not None
        assert "First words" in visible_text(form)
        refused = stage.people.submit("ana", "send_update", {"text": "  "})
        assert "Say what those outside should know" in refused.errors["text"]
        answer = stage.people.submit("ana", "send_update", {"text": "All <b>back</b> & well", "next": "1 h"})
        assert answer.action == "update"
        stage.settle()
        assert "All &lt;b&gt;back&lt;/b&gt; &amp; well" in announcement(stage, room)
        assert "Next update by" in announcement(stage, room)
        assert log(stage, room)[-1] == ("#incidents", "All <b>back</b> & well")
        assert reminders(stage, room) == []
