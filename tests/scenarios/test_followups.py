"""The 30- and 60-day follow-ups: asked once, of those who have work left, until nothing is left."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox import SandboxError, error, lost_answer, visible_text
from tests.scenarios.stage import Json, Room, Stage, element, has_element, staged

MENU = "followup.action"


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    """A stage of its own for each test, since each moves the clock by months."""
    with staged(database_url, {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}) as stage:
        yield stage


def published(stage: Stage, *actions: str, title: str = "Queue & cache stuck", is_published: bool = True) -> Room:
    """Returns a resolved incident with these actions, drafted and published."""
    room = stage.declare(title)
    for user in ("ben", "cleo"):
        stage.people.invite("ana", room.channel, user)
    for action in actions:
        stage.type("ana", room.channel, f"/incident action {action}")
    stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    if is_published:
        stage.type("ana", room.channel, "/postmortem publish --yes")
        stage.settle()
    return room


def follow_ups(stage: Stage, room: Room) -> list[Json]:
    """Returns the follow-ups in the thread of the report, oldest first."""
    (summary,) = [one for one in stage.screen.messages(room.channel) if "Postmortem of" in visible_text(one)]
    thread = stage.screen.thread(room.channel, summary["ts"])
    return [one for one in thread if "days after the postmortem" in visible_text(one)]


def the_follow_up(stage: Stage, room: Room) -> Json:
    (found,) = follow_ups(stage, room)
    return found


def choose(stage: Stage, user: str, room: Room, number: int, choice: str) -> None:
    """Chooses in the menu of an action in the newest follow-up."""
    ts = follow_ups(stage, room)[-1]["ts"]
    stage.people.press(user, room.channel, ts, f"{MENU}.{number}", selected=choice)
    stage.settle()


def test_follow_ups_come_after_30_and_60_days_in_the_thread_of_the_report(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben due in 2 weeks")
    stage.pass_time(days=29)
    assert follow_ups(stage, room) == []
    stage.pass_time(days=1, minutes=1)
    assert "*30 days after the postmortem of" in visible_text(the_follow_up(stage, room))
    stage.pass_time(days=30)
    assert ["*30 days" in visible_text(one) for one in follow_ups(stage, room)] == [True, False]
    stage.pass_time(days=300)
    assert len(follow_ups(stage, room)) == 2


def test_follow_up_lists_what_is_open_done_and_dropped(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben due in 2 weeks", "Alert on queue age", "Write a runbook @cleo")
    stage.pass_time(days=31)
    choose(stage, "ben", room, 1, "Done")
    text = visible_text(the_follow_up(stage, room))
    assert f"*30 days after the postmortem of {room.incident_id}: Queue &amp; cache stuck*" in text
    assert "|The report>" in text
    assert "2 actions still open." in text
    assert "*2.* Alert on queue age\nno owner, no due date" in text
    assert "*3.* Write a runbook\nCleo Marchetti, no due date" in text
    assert "Done: 1. Add a load test" in text
    assert the_follow_up(stage, room)["text"].endswith(": 2 actions still open")


def test_only_owners_with_open_work_are_mentioned(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben", "Write a runbook @cleo", "Tidy up @cleo", "Nobody's yet")
    stage.pass_time(days=31)
    ids = {name: stage.screen.channel(room.channel).members[at] for at, name in enumerate(("scribe", "ana", "ben"))}
    text = visible_text(the_follow_up(stage, room))
    assert text.count("<@") == 2
    assert ids["ben"] in text
    assert ids["ana"] not in text
    choose(stage, "ben", room, 1, "Done")
    stage.pass_time(days=30)
    assert ids["ben"] not in visible_text(follow_ups(stage, room)[-1])


def test_menu_marks_an_action_done_and_it_can_be_opened_again(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben", "Second @cleo")
    stage.pass_time(days=31)
    choose(stage, "ben", room, 2, "Still open")
    assert "2 actions still open" in visible_text(the_follow_up(stage, room))
    choose(stage, "ben", room, 2, "Done")
    shown = the_follow_up(stage, room)
    assert not has_element(shown["blocks"], f"{MENU}.2")
    assert "Done: 2. Second" in visible_text(shown)


def test_dropping_an_action_asks_for_a_reason_and_keeps_it(stage: Stage) -> None:
    room = published(stage, "Replace the queue @ben")
    stage.pass_time(days=31)
    ts = the_follow_up(stage, room)["ts"]
    stage.people.press("ben", room.channel, ts, f"{MENU}.1", selected="Drop with a reason")
    form = stage.screen.modal("ben")
    assert form is not None
    assert "Replace the queue" in visible_text(form)
    with pytest.raises(SandboxError):
        stage.people.submit("ben", "drop_action", {})
    refused = stage.people.submit("ben", "drop_action", {"reason": "   "})
    assert "Say why it is dropped" in refused.errors["reason"]
    answer = stage.people.submit("ben", "drop_action", {"reason": "the vendor <fixed> it"})
    assert answer.action == "update"
    stage.settle()
    assert "Dropped: 1. Replace the queue (the vendor &lt;fixed&gt; it)" in visible_text(the_follow_up(stage, room))


def test_form_that_can_not_be_opened_asks_to_choose_again(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.pass_time(days=31)
    stage.sandbox.faults.api("views.open", error("expired_trigger_id"), times=1)
    choose(stage, "ben", room, 1, "Drop with a reason")
    (said,) = stage.whispered("ben", room.channel)
    assert said.startswith("The form could not be opened (")
    assert said.endswith("Please choose it again.")


def test_wrong_choice_in_a_menu_can_be_undone(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben", "Write the runbook @ben")
    stage.pass_time(days=31)
    choose(stage, "ben", room, 1, "Done")
    (answer,) = stage.screen.ephemerals("ben", room.channel)
    assert visible_text(answer).startswith("Action 1 is done.")
    stage.people.press("ben", room.channel, answer["ts"], "answer.undo")
    stage.settle()
    assert has_element(the_follow_up(stage, room)["blocks"], f"{MENU}.1")
    assert "2 actions still open." in visible_text(the_follow_up(stage, room))


def test_still_open_is_confirmed_to_whoever_chose_it(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.pass_time(days=31)
    choose(stage, "ben", room, 1, "Still open")
    assert stage.whispered("ben", room.channel) == ["Action 1 is still open."]


def test_when_nothing_is_left_it_asks_whether_the_cause_came_back(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.pass_time(days=31)
    assert "come back" not in visible_text(the_follow_up(stage, room))
    choose(stage, "ben", room, 1, "Done")
    shown = the_follow_up(stage, room)
    assert "No action is left open." in visible_text(shown)
    assert "Has the cause come back since?" in visible_text(shown)
    assert "<@" not in visible_text(shown)
    stage.people.press("cleo", room.channel, shown["ts"], "followup.not_back")
    stage.settle()
    assert "The cause has not come back, says Cleo Marchetti." in visible_text(the_follow_up(stage, room))


def test_second_answer_from_an_old_screen_does_not_turn_the_first_round(stage: Stage) -> None:
    room = published(stage)
    stage.pass_time(days=31)
    ts = the_follow_up(stage, room)["ts"]
    stored = stage.sandbox.workspace.channel(room.channel).messages[ts]
    before = list(stored.blocks)
    stage.people.press("ana", room.channel, ts, "followup.came_back")
    stage.settle()
    assert stage.whispered("ana", room.channel)[-1].endswith("If it is happening now: /incident start")
    stored.blocks = before  # Ben's client has not drawn the change yet.
    stage.people.press("ben", room.channel, ts, "followup.not_back")
    stage.settle()
    assert stage.whispered("ben", room.channel)[-1].endswith("has answered already: it came back.")


def test_answer_that_it_came_back_is_recorded_for_its_own_follow_up(stage: Stage) -> None:
    room = published(stage)
    stage.pass_time(days=31)
    assert "No action was ever entered." in visible_text(the_follow_up(stage, room))
    stage.people.press("ana", room.channel, the_follow_up(stage, room)["ts"], "followup.not_back")
    stage.pass_time(days=30)
    first, second = follow_ups(stage, room)
    assert element(second["blocks"], "followup.came_back")
    stage.people.press("ben", room.channel, second["ts"], "followup.came_back")
    stage.settle()
    first, second = follow_ups(stage, room)
    assert "has not come back, says Ana Silva" in visible_text(first)
    assert "The cause has come back, says Ben Okoro" in visible_text(second)


def test_publishing_counts_the_days_anew(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben", is_published=False)
    stage.pass_time(days=20)
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.pass_time(days=11)
    assert follow_ups(stage, room) == []
    stage.pass_time(days=20)
    assert len(follow_ups(stage, room)) == 1


def test_draft_that_is_never_published_is_followed_up_from_the_draft(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben", is_published=False)
    stage.pass_time(days=31)
    assert len(follow_ups(stage, room)) == 1


def test_action_entered_after_the_follow_up_appears_in_it(stage: Stage) -> None:
    room = published(stage)
    stage.pass_time(days=31)
    stage.type("ana", room.channel, "/incident action Found later @cleo")
    stage.settle()
    assert "*1.* Found later" in visible_text(the_follow_up(stage, room))


def test_cancelled_incident_is_not_followed_up(stage: Stage) -> None:
    room = stage.declare("No incident at all")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.type("ana", room.channel, "/incident cancel a false alarm")
    stage.pass_time(days=61)
    assert follow_ups(stage, room) == []


def test_follow_up_is_posted_once_across_restarts_and_lost_answers(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.stop()
    stage.clock.move(timedelta(days=31))
    stage.sandbox.faults.api("chat.postMessage", lost_answer())
    stage.start()
    stage.wait_until(lambda: stage.calls("chat.postMessage") > 0 and len(follow_ups(stage, room)) == 1)
    stage.stop()
    stage.start()
    stage.pass_time(minutes=1)
    stage.stop()
    stage.start()
    stage.pass_time(minutes=1)
    assert len(follow_ups(stage, room)) == 1


def test_two_overdue_follow_ups_both_come_when_the_application_was_away(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.stop()
    stage.clock.move(timedelta(days=90))
    stage.start()
    stage.settle()
    assert ["*30 days" in visible_text(one) for one in follow_ups(stage, room)] == [True, False]


def test_archived_channel_sends_it_to_the_owner_of_the_report(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben due in 2 weeks")
    stage.type("ana", room.channel, "/incident role owner @cleo")
    stage.type("ana", room.channel, "/incident role lead @ben")
    stage.settle()
    stage.people.archive(room.channel)
    stage.pass_time(days=31)
    (told,) = stage.told_directly("cleo")
    assert "Its channel can't be written to any more, so this comes to you." in told
    assert "*1.* Add a load test" in told
    assert stage.told_directly("ben") == stage.told_directly("ana") == []


def test_deactivated_owner_leaves_it_to_the_lead_then_to_the_reporter(stage: Stage) -> None:
    room = published(stage, "Add a load test")
    stage.type("ana", room.channel, "/incident role owner @cleo")
    stage.type("ana", room.channel, "/incident role lead @ben")
    stage.settle()
    stage.people.archive(room.channel)
    stage.people.deactivate("cleo")
    stage.pass_time(days=31)
    assert len(stage.told_directly("ben")) == 1
    stage.people.deactivate("ben")
    stage.pass_time(days=30)
    assert "60 days after" in stage.told_directly("ana")[0]
    assert len(stage.told_directly("ana")) == 1


def test_menu_in_a_direct_message_works_and_updates_it(stage: Stage) -> None:
    room = published(stage, "Add a load test @ben")
    stage.settle()
    stage.people.archive(room.channel)
    stage.pass_time(days=31)
    (message,) = stage.screen.dms("ana")
    stage.people.press("ana", dm_of(stage, "ana"), message["ts"], f"{MENU}.1", selected="Done")
    stage.settle()
    assert "Done: 1. Add a load test" in stage.told_directly("ana")[0]


def dm_of(stage: Stage, user: str) -> str:
    """Returns the id of the direct channel between the bot and a person."""
    with stage.sandbox.workspace.lock:
        return stage.sandbox.workspace.direct(stage.sandbox.workspace.person(user).id).id


def test_private_incident_is_followed_up_inside_alone(stage: Stage) -> None:
    room = published(stage, "Rotate the keys @ben", title="Keys leaked --private")
    stage.pass_time(days=31)
    assert "Rotate the keys" in visible_text(the_follow_up(stage, room))
    elsewhere = "\n".join(text for name in ("general", "incidents") for text in stage.seen_in(name))
    assert "Rotate the keys" not in elsewhere
    assert room.incident_id not in elsewhere


def test_archived_private_incident_is_followed_up_directly_and_nowhere_else(stage: Stage) -> None:
    room = published(stage, "Rotate the keys @ben", title="Keys leaked again --private")
    stage.people.archive(room.channel)
    stage.pass_time(days=31)
    assert "Rotate the keys" in stage.told_directly("ana")[0]
    elsewhere = "\n".join(text for name in ("general", "incidents") for text in stage.seen_in(name))
    assert "Rotate" not in elsewhere


def test_stranger_can_not_move_an_action_of_a_private_incident(stage: Stage) -> None:
    secret = published(stage, "Rotate the keys @ben", title="Secret keys --private")
    public = stage.declare("Public one")
    stage.people.add_person("dora", real_name="Dora")
    stage.people.join("dora", public.channel)
    stage.pass_time(days=31)
    menu = element(the_follow_up(stage, secret)["blocks"], f"{MENU}.1")
    stored = stage.sandbox.workspace.channel(public.channel).messages[stage.header(public)["ts"]]
    stored.blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": "forged"}, "accessory": menu})
    for choice in ("Done", "Drop with a reason"):
        stage.people.press("dora", public.channel, stored.ts, f"{MENU}.1", selected=choice)
        stage.settle()
    assert stage.whispered("dora", public.channel) == ["There is no such incident that you can see."] * 2
    assert stage.screen.modal("dora") is None
    assert "1 action still open" in visible_text(the_follow_up(stage, secret))
