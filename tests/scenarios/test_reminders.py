"""Live reminders: at most one stands, edited in place, taken away when it asks nothing any more."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import lost_answer, visible_text
from tests.scenarios.stage import Json, Room, Stage, labels, staged

NO_LEAD = "Nobody leads this incident yet."
OVERDUE = "An update for those outside has been due since"
RESOLVED = "This has been mitigated for more than 1 d. Is it resolved?"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage of its own for each test, since each moves the clock."""
    with staged(tmp_path, {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}) as stage:
        yield stage


def reminders(stage: Stage, room: Room) -> list[Json]:
    asks = (NO_LEAD, OVERDUE, "Is it resolved?", "Snoozed until")
    return [one for one in stage.screen.from_bot(room.channel) if any(text in visible_text(one) for text in asks)]


def reminder(stage: Stage, room: Room) -> Json:
    (found,) = reminders(stage, room)
    return found


def do(stage: Stage, room: Room, command: str, *, by: str = "ana") -> str:
    answer = stage.type(by, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def press(stage: Stage, room: Room, action_id: str, *, by: str = "ana", chosen: str | None = None) -> None:
    stage.people.press(by, room.channel, reminder(stage, room)["ts"], action_id, selected=chosen)
    stage.settle()


def led(stage: Stage, title: str) -> Room:
    """Returns an incident that somebody leads."""
    room = stage.declare(title)
    do(stage, room, "role lead")
    return room


def user_id(stage: Stage, name: str) -> str:
    return str(stage.sandbox.people.typed(f"@{name}")).strip("<@>")


def test_missing_lead_is_asked_for_after_five_minutes_and_no_more_once_taken(stage: Stage) -> None:
    room = stage.declare("No lead")
    stage.pass_time(minutes=4)
    assert reminders(stage, room) == []
    stage.pass_time(minutes=1, seconds=1)
    asked = reminder(stage, room)
    assert NO_LEAD in visible_text(asked)
    assert labels(asked) == ["Take the lead*"]
    assert "`/incident role lead` does the same." in visible_text(asked)
    press(stage, room, "header.lead", by="ana")
    assert reminders(stage, room) == []
    assert "Ana Silva" in stage.header_text(room)


def test_lead_taken_in_time_is_never_asked_for(stage: Stage) -> None:
    room = led(stage, "Quick lead")
    stage.pass_time(minutes=30)
    assert reminders(stage, room) == []


@pytest.mark.parametrize(("severity", "minutes"), [(1, 30), (2, 60), (3, 1_440), (4, 1_440)])
def test_overdue_update_is_asked_of_the_lead_after_the_severitys_time(
    stage: Stage, severity: int, minutes: int
) -> None:
    room = led(stage, f"Overdue --sev {severity}")
    stage.pass_time(minutes=minutes - 1)
    assert reminders(stage, room) == []
    stage.pass_time(minutes=1, seconds=1)
    asked = reminder(stage, room)
    assert visible_text(asked).startswith(f"<@{user_id(stage, 'ana')}> {OVERDUE} <!date^")
    assert labels(asked) == ["Send an update*"]
    assert "<!" not in visible_text(asked).replace("<!date^", "")


def test_update_takes_the_reminder_away_until_the_next_is_due_as_promised(stage: Stage) -> None:
    room = led(stage, "Promised --sev 1")
    stage.pass_time(minutes=31)
    first = reminder(stage, room)["ts"]
    do(stage, room, "update We know more next 2h")
    assert reminders(stage, room) == []
    stage.pass_time(minutes=119)
    assert reminders(stage, room) == []
    stage.pass_time(minutes=2)
    assert reminder(stage, room)["ts"] != first


def test_communications_lead_is_asked_before_the_lead(stage: Stage) -> None:
    room = led(stage, "Comms --sev 1")
    do(stage, room, "role comms @ben")
    stage.pass_time(minutes=31)
    text = visible_text(reminder(stage, room))
    assert text.startswith(f"<@{user_id(stage, 'ben')}> ")
    assert user_id(stage, "ana") not in text


def test_mitigated_for_a_day_asks_whether_it_is_resolved(stage: Stage) -> None:
    room = led(stage, "Mitigated")
    do(stage, room, "mitigated")
    do(stage, room, "update Better next 7d")
    stage.pass_time(hours=23, minutes=59)
    assert reminders(stage, room) == []
    stage.pass_time(minutes=2)
    assert visible_text(reminder(stage, room)).startswith(f"<@{user_id(stage, 'ana')}> {RESOLVED}")
    press(stage, room, "header.move.resolved")
    assert reminders(stage, room) == []
    assert "Resolved" in stage.header_text(room)


def test_one_message_stands_and_changes_what_it_asks_in_place(stage: Stage) -> None:
    room = stage.declare("Both --sev 1")
    stage.pass_time(minutes=6)
    first = reminder(stage, room)["ts"]
    stage.pass_time(minutes=40)
    assert NO_LEAD in visible_text(reminder(stage, room))
    do(stage, room, "role lead @ben")
    changed = reminder(stage, room)
    assert OVERDUE in visible_text(changed)
    assert changed["ts"] == first


@pytest.mark.parametrize("end", ["resolve", "cancel it was nothing"])
def test_nothing_is_asked_once_it_is_over(stage: Stage, end: str) -> None:
    room = stage.declare("Over --sev 1")
    stage.pass_time(minutes=6)
    assert len(reminders(stage, room)) == 1
    do(stage, room, end)
    assert reminders(stage, room) == []
    stage.pass_time(days=3)
    assert reminders(stage, room) == []


def test_reopening_asks_again_counted_from_the_reopening(stage: Stage) -> None:
    room = led(stage, "Again --sev 2")
    do(stage, room, "resolve")
    stage.pass_time(days=2)
    do(stage, room, "reopen")
    stage.pass_time(minutes=59)
    assert reminders(stage, room) == []
    stage.pass_time(minutes=2)
    assert OVERDUE in visible_text(reminder(stage, room))


@pytest.mark.parametrize(("kind", "is_reminded"), [("drill", True), ("near-miss", False), ("retro", False)])
def test_only_what_is_happening_now_is_reminded_of(stage: Stage, kind: str, *, is_reminded: bool) -> None:
    room = stage.declare(f"Kinds --kind {kind}")
    stage.pass_time(days=2)
    assert bool(reminders(stage, room)) is is_reminded


def test_worse_severity_brings_the_next_update_nearer(stage: Stage) -> None:
    room = led(stage, "Worse --sev 3")
    stage.pass_time(minutes=45)
    assert reminders(stage, room) == []
    do(stage, room, "severity 1")
    assert OVERDUE in visible_text(reminder(stage, room))
    do(stage, room, "severity 3")
    assert reminders(stage, room) == []


def test_snooze_leaves_one_quiet_line_and_asks_anew_when_it_is_over(stage: Stage) -> None:
    room = stage.declare("Snoozed --sev 3")
    stage.pass_time(minutes=6)
    first = reminder(stage, room)["ts"]
    press(stage, room, "reminder.snooze", by="ana", chosen="30 min")
    quiet = reminder(stage, room)
    assert "Snoozed until <!date^" in visible_text(quiet)
    assert "by Ana Silva" in visible_text(quiet)
    assert (labels(quiet), quiet["ts"]) == ([], first)
    stage.pass_time(minutes=29)
    assert reminder(stage, room)["ts"] == first
    stage.pass_time(minutes=2)
    again = reminder(stage, room)
    assert again["ts"] != first
    assert labels(again) == ["Take the lead*"]


def test_snooze_by_command_does_the_same_and_is_refused_when_nothing_stands(stage: Stage) -> None:
    room = stage.declare("By command")
    assert "No reminder stands in INC-" in do(stage, room, "snooze 1h")
    stage.pass_time(minutes=6)
    assert "Snoozed until today" in do(stage, room, "snooze 1h")
    assert "Snoozed until" in visible_text(reminder(stage, room))


def test_snooze_is_over_when_what_it_was_about_is_done(stage: Stage) -> None:
    room = stage.declare("Settled --sev 1")
    stage.pass_time(minutes=6)
    press(stage, room, "reminder.snooze", chosen="4 h")
    do(stage, room, "role lead")
    assert reminders(stage, room) == []
    stage.pass_time(minutes=25)
    assert OVERDUE in visible_text(reminder(stage, room))


def test_undone_resolution_is_reminded_of_again(stage: Stage) -> None:
    room = stage.declare("Undone --sev 1")
    stage.pass_time(minutes=6)
    do(stage, room, "resolve")
    assert reminders(stage, room) == []
    answer = stage.screen.ephemerals("ana", room.channel)[-1]
    stage.people.press("ana", room.channel, answer["ts"], "answer.undo")
    stage.settle()
    assert NO_LEAD in visible_text(reminder(stage, room))


def test_deleted_reminder_is_not_asked_again_but_the_next_thing_is(stage: Stage) -> None:
    room = stage.declare("Waved away --sev 1")
    stage.pass_time(minutes=6)
    stage.people.delete("ana", room.channel, reminder(stage, room)["ts"], as_admin=True)
    do(stage, room, "title Waved away, again")
    stage.pass_time(hours=5)
    assert reminders(stage, room) == []
    do(stage, room, "role lead")
    assert OVERDUE in visible_text(reminder(stage, room))


def test_reminder_that_is_taken_away_is_no_deleted_message_in_the_report(stage: Stage) -> None:
    room = stage.declare("Counted")
    stage.people.say("ana", room.channel, "hello")
    stage.pass_time(minutes=6)
    do(stage, room, "role lead")
    assert reminders(stage, room) == []
    with stage.application.world.database.reading() as connection:
        deleted = "SELECT count(*) FROM messages WHERE is_deleted"
        assert connection.exec_driver_sql(deleted).scalar_one() == 0


def test_restart_and_lost_answers_leave_one_reminder(stage: Stage) -> None:
    room = stage.declare("Restarted")
    stage.stop()
    stage.clock.move(timedelta(minutes=6))
    stage.sandbox.faults.api("chat.postMessage", lost_answer(), times=1)
    stage.start()
    stage.retry_until(lambda: len(reminders(stage, room)) == 1)
    stage.pass_time(minutes=3)
    assert len(reminders(stage, room)) == 1
    stage.stop()
    stage.start()
    stage.settle()
    assert len(reminders(stage, room)) == 1
    do(stage, room, "role lead")
    assert reminders(stage, room) == []


def test_reminders_of_a_private_incident_stay_in_its_channel(stage: Stage) -> None:
    room = stage.declare("Secret --private --sev 1")
    stage.pass_time(minutes=45)
    assert NO_LEAD in visible_text(reminder(stage, room))
    do(stage, room, "role lead")
    asked = [text for text in stage.bot_said(room.channel) if " An update has been due since " in text]
    assert len(asked) == 1, "nobody outside is told"
    everywhere = json.dumps([stage.seen_in("incidents"), stage.seen_in("general")])
    assert "Nobody leads" not in everywhere
