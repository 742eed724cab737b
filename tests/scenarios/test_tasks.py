"""Tasks during the incident: given, taken, finished, by command and from the list; whoever waits for one is told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.sandbox import error, visible_text
from tests.scenarios.stage import Json, Room, Stage, staged


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    with staged(module_database_url) as stage:
        stage.people.add_person("guest", real_name="Gus Guest", guest=True)
        stage.people.add_person("robot", real_name="Robot", bot=True)
        stage.people.add_person("left", real_name="Lea Left", deactivated=True)
        yield stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Tasks {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def do(stage: Stage, user: str, room: Room, *commands: str) -> str:
    """Types the commands and returns what the last one is answered."""
    answer = ""
    for command in commands:
        answer = stage.type(user, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def lines(stage: Stage, room: Room) -> list[str]:
    return stage.bot_said(room.channel)[1:]


def user_id(stage: Stage, name: str) -> str:
    return stage.sandbox.workspace.person(name).id


def newest(stage: Stage, user: str, room: Room) -> Json:
    return stage.screen.ephemerals(user, room.channel)[-1]


def choose(stage: Stage, user: str, room: Room, number: int, choice: str) -> str:
    """Chooses in the menu of a task in the list that the person sees; returns what they read there now."""
    stage.people.press(user, room.channel, newest(stage, user, room)["ts"], f"tasks.move.{number}", selected=choice)
    stage.settle()
    return visible_text(newest(stage, user, room))


def test_task_is_answered_with_its_number_to_the_asker_alone(stage: Stage, room: Room) -> None:
    assert do(stage, "ana", room, "task restart <the> workers") == (
        "Task 1 (nobody's yet): restart &lt;the&gt; workers\nUndo"
    )
    assert do(stage, "ana", room, "task call the vendor") == "Task 2 (nobody's yet): call the vendor\nUndo"
    assert lines(stage, room) == []


def test_task_for_somebody_else_is_told_to_them_in_one_line_and_to_nobody_else(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task ask @cleo too for logs @ben")
    (line,) = lines(stage, room)
    assert line == (
        f"Task 1 for <@{user_id(stage, 'ben')}>, from @Ana Silva: ask @Cleo Marchetti too for logs "
        "(when it is done: /incident tasks done 1)"
    )


def test_task_for_oneself_is_told_to_nobody(stage: Stage, room: Room) -> None:
    assert "for <@" in do(stage, "ana", room, "task restart the workers @ana")
    assert lines(stage, room) == []


def test_whoever_is_given_a_task_is_brought_into_the_channel_first(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers @cleo")
    assert "cleo" in stage.screen.members(room.channel)
    (line,) = lines(stage, room)
    assert f"<@{user_id(stage, 'cleo')}>" in line


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("guest", "Gus Guest is a guest and can't be given a task. Name a member of this workspace."),
        ("robot", "Robot is a bot and can't be given a task. Name a member of this workspace."),
        ("left", "Lea Left is no longer in this workspace and can't be given a task. Name a member of this workspace."),
    ],
)
@pytest.mark.parametrize("command", ["task restart the workers @{}", "tasks give 1 @{}"])
def test_task_is_not_given_to_who_can_not_do_it(stage: Stage, room: Room, command: str, name: str, answer: str) -> None:
    do(stage, "ana", room, "task call the vendor")
    assert do(stage, "ana", room, command.format(name)).startswith(answer)
    assert lines(stage, room) == []
    assert "restart" not in do(stage, "ana", room, "tasks")


def test_list_shows_open_tasks_with_owner_and_age_and_counts_the_finished(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers @ben", "task call the vendor", "task look at the logs")
    assert "*2.* call the vendor\nnobody's yet, new" in do(stage, "ana", room, "tasks")
    stage.clock.move(timedelta(minutes=12))
    do(stage, "ana", room, "tasks done 3")
    shown = do(stage, "cleo", _joined(stage, room, "cleo"), "tasks")
    assert shown.startswith(f"*Tasks of {room.incident_id}: 2 open*\n*1.* restart the workers\n")
    assert f"<@{user_id(stage, 'ben')}>, 12 min old" in shown
    assert "*2.* call the vendor\nnobody's yet, 12 min old" in shown
    assert shown.endswith("Finished: 1 done")
    assert stage.whispered("ana", room.channel)[-1] != shown


def test_list_without_an_open_task_says_how_to_add_one(stage: Stage, room: Room) -> None:
    example = "To add one: `/incident task restart the workers`"
    assert do(stage, "ana", room, "tasks") == f"No task of {room.incident_id} is open. {example}"


def test_list_from_elsewhere_gives_commands_that_work_there(stage: Stage, room: Room) -> None:
    shown = stage.type("cleo", "general", f"/incident {room.ending} tasks")
    assert f"`/incident {room.incident_id} task restart the workers`" in shown


def test_anybody_in_the_channel_may_finish_a_task_and_who_gave_it_reads_so(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers")
    assert do(stage, "ben", room, "tasks done 1") == "Task 1 is done: restart the workers\nUndo"
    assert lines(stage, room) == ["Task 1 is done (@Ben Okoro): restart the workers"]


def test_task_that_one_entered_and_finished_oneself_says_nothing_in_the_channel(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks take 1", "tasks done 1")
    assert lines(stage, room) == []


def test_task_that_somebody_else_finishes_is_told_to_whoever_has_it(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers @ben", "tasks drop 1")
    ben = user_id(stage, "ben")
    assert lines(stage, room)[1:] == [f"Task 1 is dropped (@Ana Silva, for <@{ben}>): restart the workers"]
    stage.people.press("ana", room.channel, newest(stage, "ana", room)["ts"], "answer.undo")
    stage.settle()
    assert lines(stage, room)[2:] == [
        f"Task 1 is open again, for <@{ben}>, undone by @Ana Silva: restart the workers",
    ]


def test_menu_finishes_a_task_in_place(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "task call the vendor", "tasks")
    before = len(stage.screen.ephemerals("ana", room.channel))
    shown = choose(stage, "ana", room, 1, "Done")
    assert shown.startswith(f"Task 1 is done: restart the workers\n*Tasks of {room.incident_id}: 1 open*\n*2.* call")
    assert "Finished: 1 done" in shown
    assert len(stage.screen.ephemerals("ana", room.channel)) == before, "the list was replaced, none was added"
    assert choose(stage, "ana", room, 2, "Drop it").endswith("Finished: 1 done, 1 dropped\nUndo")


def test_undo_in_the_list_shows_the_list_again(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks")
    choose(stage, "ana", room, 1, "Done")
    stage.people.press("ana", room.channel, newest(stage, "ana", room)["ts"], "tasks.undo")
    stage.settle()
    assert visible_text(newest(stage, "ana", room)).startswith(
        f"Undone.\n*Tasks of {room.incident_id}: 1 open*\n*1.* restart the workers"
    )


def test_take_it_is_offered_for_what_is_somebody_elses_only(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks")
    shown = choose(stage, "ana", room, 1, "Take it")
    assert shown.startswith("Task 1 is yours: restart the workers")
    assert "Take it" not in shown
    assert do(stage, "ana", room, "tasks take 1").startswith("Task 1 is yours already.")


def test_task_taken_from_somebody_is_told_to_them(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers @ben", "tasks take 1")
    assert lines(stage, room)[1:] == [
        f"Task 1 is no longer for <@{user_id(stage, 'ben')}> but for @Ana Silva: restart the workers"
    ]


def test_give_it_asks_to_whom_and_shows_the_list_again(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks")
    choose(stage, "ana", room, 1, "Give it to somebody")
    form = stage.screen.modal("ana")
    assert form is not None
    assert "restart the workers" in visible_text(form)
    refused = stage.people.submit("ana", "give_task", {"owner": "guest"})
    assert refused.errors == {
        "owner": "Gus Guest is a guest and can't be given a task. Name a member of this workspace."
    }
    given = stage.people.submit("ana", "give_task", {"owner": "ben"})
    assert (given.action, given.problem) == ("update", None)
    stage.people.close_modal("ana", everything=True)
    stage.settle()
    assert f"<@{user_id(stage, 'ben')}>, " in visible_text(newest(stage, "ana", room))
    (line,) = lines(stage, room)
    assert line.startswith(f"Task 1 for <@{user_id(stage, 'ben')}>, from @Ana Silva: restart the workers")


def test_form_that_can_not_be_opened_says_what_to_type(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks")
    stage.sandbox.faults.api("views.open", error("expired_trigger_id"), times=1)
    assert "/incident tasks give 1 @name" in choose(stage, "ana", room, 1, "Give it to somebody")


def test_task_can_be_made_an_action_with_its_owner(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task clean up the queue @ben", "tasks")
    shown = choose(stage, "ana", room, 1, "Make it an action")
    assert shown.startswith("Task 1 is action 1 now, for afterwards: clean up the queue")
    assert "Finished: 1 made an action" in shown
    listed = newest(stage, "ana", room)["ts"]
    assert "1 action" in stage.info("ana", room)
    stage.people.press("ana", room.channel, listed, "tasks.undo")
    stage.settle()
    assert "0 actions" in stage.info("ana", room)


def test_second_move_of_a_finished_task_is_refused(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task a", "task b", "task c", "tasks done 1", "tasks drop 2", "tasks action 3")
    for number, state in ((1, "is done"), (2, "is dropped"), (3, "was made an action")):
        answer = do(stage, "ben", room, f"tasks done {number}")
        assert answer == f"Task {number} {state} already.\nYou typed: /incident tasks done {number}"


def test_old_list_on_another_screen_refuses_and_stays(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers", "tasks")
    listed = newest(stage, "ana", room)["ts"]
    do(stage, "ben", room, "tasks done 1")
    stage.people.press("ana", room.channel, listed, "tasks.move.1", selected="Done")
    stage.settle()
    assert visible_text(newest(stage, "ana", room)) == "Task 1 is done already."
    assert "restart the workers" in stage.whispered("ana", room.channel)[-2]


def test_unknown_number_is_refused_with_how_to_see_those_there_are(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers")
    for typed in ("tasks done 9", "tasks done 0", "tasks action 999999", "tasks give 9 @ben"):
        assert "has no task " in do(stage, "ana", room, typed)
    assert do(stage, "ana", room, "tasks done 9").startswith(
        f"{room.incident_id} has no task 9. To see those there are: `/incident tasks`"
    )


def test_undone_task_is_told_to_whom_it_was_given(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers @ben")
    stage.people.press("ana", room.channel, newest(stage, "ana", room)["ts"], "answer.undo")
    stage.settle()
    ben = user_id(stage, "ben")
    assert lines(stage, room)[1:] == [f"Task 1 is no longer for <@{ben}>, undone by @Ana Silva: restart the workers"]
    assert "No task of" in do(stage, "ana", room, "tasks")


def test_undone_finish_is_told_where_the_finish_was_told(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task restart the workers")
    do(stage, "ben", room, "tasks done 1")
    stage.people.press("ben", room.channel, newest(stage, "ben", room)["ts"], "answer.undo")
    stage.settle()
    assert lines(stage, room)[-1] == "Task 1 is open again, undone by @Ben Okoro: restart the workers"


def test_resolving_says_which_tasks_are_left_and_offers_nothing_more(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task a", "task b", "task c", "tasks done 2")
    assert do(stage, "ana", room, "resolve") == (
        f"{room.incident_id} is resolved. 2 tasks are still open: /incident tasks. "
        "When you are ready: /postmortem draft\nUndo"
    )
    assert lines(stage, room) == ["Status: resolved (@Ana Silva)"]


def test_task_after_the_incident_is_refused_with_the_action_that_it_is(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task early", "resolve")
    answer = do(stage, "ana", room, "task clean up the queue @ben")
    assert answer.startswith(
        f"{room.incident_id} is resolved, and tasks are for during the incident. "
        f"For afterwards: /incident action clean up the queue <@{user_id(stage, 'ben')}>"
    )
    assert do(stage, "ana", room, "tasks done 1").startswith("Task 1 is done"), "what is left can be finished"


def test_draft_asks_what_becomes_of_an_open_task_and_knows_tasks_nowhere_else(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "task clean up after <@x> @ben", "task done long ago", "tasks done 2", "resolve")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    report = [file.text for file in stage.screen.files() if room.incident_id in file.title][-1]
    assert "Task 1 was left open" in report
    assert "/incident tasks action 1" in report
    assert "done long ago" not in report


def test_stranger_learns_nothing_of_a_private_incidents_tasks(stage: Stage) -> None:
    room = stage.declare("Salaries leaked --private")
    do(stage, "ana", room, "task call the lawyers")
    missing = stage.type("ben", "general", "/incident 2026-11-20-ZZZZ tasks")
    for command in ("tasks", "tasks done 1", "task x"):
        refused = stage.type("ben", "general", f"/incident {room.incident_id} {command}")
        assert refused.split("\n")[0].replace(room.incident_id, "X") == missing.split("\n")[0].replace(
            "2026-11-20-ZZZZ", "X"
        )


def test_person_without_a_name_takes_a_role_themselves(stage: Stage, room: Room) -> None:
    do(stage, "ben", room, "role lead")
    do(stage, "ben", room, "role ops me")
    shown = stage.header_text(room)
    assert "*Incident lead*\nBen Okoro" in shown
    assert "Operations lead: Ben Okoro" in shown


def _joined(stage: Stage, room: Room, user: str) -> Room:
    stage.people.join(user, room.channel)
    stage.settle()
    return room
