"""Which incident is meant, who may ask, and what wrong input is answered with."""

import pytest

from bot.sandbox import slow
from tests.scenarios.stage import Room, Stage


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    room = stage.declare("Asked about")
    stage.people.add_person("visitor", real_name="Vera Visitor", guest=True)
    stage.people.join("ben", room.channel)
    stage.people.invite("ana", room.channel, "visitor")
    stage.settle()
    return room


@pytest.mark.parametrize("typed", ["{id}", "{lower}", "{ending}", "{number}", "INC-{ending}"])
def test_incident_is_named_outside_its_channel_by_its_id_or_any_ending(stage: Stage, room: Room, typed: str) -> None:
    named = typed.format(
        id=room.incident_id, lower=room.incident_id.lower(), ending=room.ending, number=room.incident_id[-3:]
    )
    assert "Asked about" in stage.type("cleo", "general", f"/incident {named} info")


def test_command_for_a_named_incident_acts_on_it_from_another_incidents_channel(stage: Stage, room: Room) -> None:
    other = stage.declare("Somewhere else")
    stage.type("ana", other.channel, f"/incident {room.incident_id} note seen from elsewhere")
    assert "seen from elsewhere" in stage.timeline("ana", room)
    assert "seen from elsewhere" not in stage.timeline("ana", other)


def test_ending_that_fits_several_is_refused_with_the_choices(stage: Stage, room: Room) -> None:
    stage.declare("Also asked about")
    stage.pass_time(days=1)
    for number in range(int(room.incident_id[-3:])):
        tomorrow = stage.declare(f"Tomorrow {number}")
    answer = stage.type("ana", "general", f"/incident {room.incident_id[-3:]} info")
    assert answer.startswith(f"Several incidents end in {room.incident_id[-3:]}: ")
    assert room.incident_id in answer
    assert tomorrow.incident_id in answer


def test_command_outside_an_incident_says_where_it_belongs(stage: Stage, room: Room) -> None:
    answer = stage.type("ana", "general", "/incident resolve")
    assert answer.startswith("This is not an incident's channel.")
    assert answer.endswith("You typed: /incident resolve")


@pytest.mark.parametrize("typed", ["/incident note 14:05 rolled back", "/postmortem draft", "/incident info"])
def test_command_outside_an_incident_is_given_back_with_an_open_incident_in_front(
    stage: Stage, room: Room, typed: str
) -> None:
    newest = stage.declare("Newest of all")
    name, _, rest = typed.partition(" ")
    answer = stage.type("ana", "general", typed)
    assert f"for example: `{name} {newest.incident_id} {rest}`\n" in answer
    right = answer.partition("for example: `")[2].partition("`\n")[0]
    assert "not an incident's channel" not in stage.type("ana", "general", right)


def test_unknown_incident_is_refused_with_how_to_find_one(stage: Stage, room: Room) -> None:
    answer = stage.type("ana", "general", "/incident 2020-01-01-999 info")
    assert answer.startswith(
        "There is no incident 2020-01-01-999 that you can see. To see the open ones: `/incident list`"
    )


@pytest.mark.parametrize(
    ("typed", "wrong", "right"),
    [
        ("severity 9", "“9” is not a severity", "/incident severity 1"),
        ("sevrity 2", "“sevrity” is not a command", "/incident severity 2"),
        ("set started", "Say when", "/incident set started 14:05"),
        ("set beginning 14:05", "“beginning” is not a milestone", "/incident set"),
        ("role", "Say which role", "/incident role lead"),
        ("role lead Ben", "did not arrive as a person", "/incident role lead @"),
        ("mitigated rolled back", "is not a time", "/incident mitigated -- rolled back"),
        ("lesson Good teamwork", "Say which kind", "/incident lesson well Good teamwork"),
        ("note", "Say what happened", "/incident note"),
        ("cancel", "Say why", "/incident cancel"),
        ("action Fix it due someday", "someday", "Try friday, in 2 weeks"),
        ("update All good next 30x", "“30x” is no length of time", "/incident update All good next 30m"),
    ],
)
def test_wrong_input_is_answered_with_the_right_form_and_what_was_typed(
    stage: Stage, room: Room, typed: str, wrong: str, right: str
) -> None:
    answer = stage.type("ana", room.channel, f"/incident {typed}")
    said, _, given_back = answer.rpartition("\n")
    assert wrong in said
    assert right in said
    assert given_back == f"You typed: /incident {typed}"
    assert "Undo" not in answer


def test_wrong_input_changes_nothing(stage: Stage) -> None:
    room = stage.declare("Left alone")
    before = stage.timeline("ana", room), stage.header_text(room)
    for typed in ("severity 9", "set started soon", "role lead nobody", "gibberish", "resolve maybe"):
        stage.type("ana", room.channel, f"/incident {typed}")
    stage.settle()
    assert (stage.timeline("ana", room), stage.header_text(room)) == before


@pytest.mark.parametrize(
    "typed",
    [
        "/incident resolve",
        "/incident note I was here",
        "/incident severity 1",
        "/incident action Fix it",
        "/incident start Mine",
        "/postmortem draft",
        "/postmortem publish --yes",
    ],
)
def test_guest_is_refused_with_whom_to_ask(stage: Stage, room: Room, typed: str) -> None:
    answer = stage.type("visitor", room.channel, typed)
    assert answer.startswith("Guests can't ")
    assert "Ask a member of this workspace to do it." in answer


def test_guest_in_the_channel_may_look(stage: Stage, room: Room) -> None:
    assert "Asked about" in stage.type("visitor", room.channel, "/incident info")


def test_guest_elsewhere_does_not_see_the_incident(stage: Stage, room: Room) -> None:
    stage.people.add_channel("lobby", members=["visitor"])
    other = stage.declare("Not for guests")
    assert "There is no incident" in stage.type("visitor", "lobby", f"/incident {other.ending} info")
    assert other.incident_id not in stage.type("visitor", "lobby", "/incident list")


def test_guest_who_presses_a_button_is_refused_in_private(stage: Stage) -> None:
    room = stage.declare("Buttons of guests")
    stage.people.invite("ana", room.channel, "visitor")
    stage.settle()
    said = len(stage.bot_said(room.channel))
    stage.people.press("visitor", room.channel, stage.header(room)["ts"], "header.move.resolved")
    stage.settle()
    assert stage.whispered("visitor", room.channel)[-1].startswith("Guests can't change this incident.")
    assert len(stage.bot_said(room.channel)) == said


def test_timeline_by_many_people_is_shown_in_time_without_asking_who_they_are(stage: Stage) -> None:
    room = stage.declare("Many hands")
    for number in range(6):
        stage.people.add_person(f"helper{number}")
        stage.people.invite("ana", room.channel, f"helper{number}")
        ts = stage.people.say(f"helper{number}", room.channel, f"Tried step {number}")
        stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    stage.sandbox.faults.api("users.info", slow(0.6), times=10)
    assert "Tried step 5" in stage.timeline("ana", room)
    stage.sandbox.faults.clear()


def test_start_that_mentions_many_people_is_answered_in_time(stage: Stage) -> None:
    for number in range(5):
        stage.people.add_person(f"expert{number}")
    stage.sandbox.faults.api("users.info", slow(0.7), times=20)
    mentions = " ".join(f"@expert{number}" for number in range(5))
    assert "is declared" in stage.type("ana", "general", f"/incident start Ask {mentions}")
    stage.sandbox.faults.clear()
    stage.settle()


def test_command_is_answered_in_time_while_slack_does_not_say_who_is_who(stage: Stage) -> None:
    for name in ("newcomer", "stranger", "outsider", "visitor2"):
        stage.people.add_person(name)
    stage.people.add_channel("arrivals", members=["newcomer"])
    stage.sandbox.faults.api("users.info", slow(1.8), times=10)
    answer = stage.type("newcomer", "arrivals", "/incident start @stranger @outsider and @visitor2 see errors")
    stage.sandbox.faults.clear()
    assert stage.room(answer)


def test_defect_is_answered_with_a_number_that_the_log_has_too(
    stage: Stage, room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.services.info._recorded", None)
    answer = stage.type("ana", room.channel, "/incident info")
    assert answer.startswith("That did not work, and it is not your fault.")
    assert "Traceback" not in answer
    number = answer.split("the number ")[1].split(".")[0]
    assert number in capsys.readouterr().out


def test_answer_given_elsewhere_says_which_incident_it_is_about(stage: Stage) -> None:
    room = stage.declare("Named from afar")
    said = stage.type("ana", "general", f"/incident {room.ending} note rolled back")
    assert said.startswith(f"{room.incident_id}: On the timeline (now, ")
    assert stage.type("ana", "general", f"/incident {room.ending} severity 1").startswith(f"{room.incident_id}: Sever")
    assert stage.type("ana", room.channel, "/incident note rolled back").startswith("On the timeline (now, ")
    assert stage.type("ana", "general", f"/incident {room.ending} resolve").count(room.incident_id) >= 1
