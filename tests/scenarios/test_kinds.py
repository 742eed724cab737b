"""Near misses, drills and what is recorded afterwards: more than words. And what an incident is about."""

import pytest

from bot.sandbox import visible_text
from bot.slack.blocks import answers
from tests.scenarios.stage import Room, Stage, labels


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    # Groups are set by id, which the stand-in counts up from here; see `oncall`.
    return {"SCRIBE_ANNOUNCE_CHANNEL": "incidents", "SCRIBE_INVITE_SEV1": "S0S0000001", "SCRIBE_DEFAULT_SEVERITY": "4"}


@pytest.fixture(scope="module", autouse=True)
def oncall(stage: Stage) -> str:
    """The group that a SEV1 calls in: cleo."""
    group = stage.people.add_usergroup("oncall", ["cleo"])
    assert group == "S0S0000001"
    return group


def announced(stage: Stage, room: Room) -> list[str]:
    return [text for text in stage.seen_in("incidents") if room.incident_id in text]


def undo(stage: Stage, room: Room) -> None:
    stage.people.press("ana", room.channel, stage.screen.ephemerals("ana", room.channel)[-1]["ts"], answers.UNDO)
    stage.settle()


def test_default_severity_is_the_one_that_is_set(stage: Stage) -> None:
    assert "SEV4" in stage.header_text(stage.declare("No severity said"))


def test_groups_of_the_severity_are_called_in_and_the_header_says_so(stage: Stage) -> None:
    room = stage.declare("All is down --sev 1")
    assert "cleo" in stage.screen.members(room.channel)
    assert "Called in: 1 group and the reporter." in stage.header_text(room)
    lesser = stage.declare("Some is down --sev 2")
    assert "cleo" not in stage.screen.members(lesser.channel)
    assert "Nobody was called in by this incident." in stage.header_text(lesser)


def test_drill_calls_people_in_and_says_everywhere_that_it_is_one(stage: Stage) -> None:
    room = stage.declare("Failover --kind drill --sev 1")
    assert "cleo" in stage.screen.members(room.channel)
    header = stage.header_text(room)
    assert header.startswith(f"Drill · {room.incident_id} · Failover")
    assert "This is a drill." in header
    assert stage.screen.topic(room.channel).startswith(f"Drill · {room.incident_id}")
    assert "SEV1 (a drill): Failover" in announced(stage, room)[0]
    assert "drill · investigating" in stage.type("ana", "general", "/incident list")


def test_near_miss_says_so_in_header_and_announcement(stage: Stage) -> None:
    room = stage.declare("Wrong disk unmounted --kind near-miss")
    header = stage.header_text(room)
    assert header.startswith(f"Near miss · {room.incident_id}")
    assert "This is a near miss: nobody was harmed." in header
    assert "SEV4 (a near miss): Wrong disk unmounted" in announced(stage, room)[0]


def test_retro_is_over_from_the_start_and_calls_and_tells_nobody(stage: Stage) -> None:
    answer = stage.type("ana", "general", "/incident start Last week's outage --kind retro --sev 1")
    assert (
        "It is recorded as over: nobody is called in, nothing is announced. Say in its channel when it was: /incident "
        "set started yesterday 14:05, then detected, mitigated and resolved."
    ) in answer
    stage.settle()
    named = stage.room(answer)
    room = Room(named.incident_id, stage.screen.channel(named.name).id, named.name)
    assert "cleo" not in stage.screen.members(room.channel)
    assert announced(stage, room) == []
    header = stage.header(room)
    assert "It is recorded afterwards." in visible_text(header)
    assert "Resolved" in visible_text(header)
    assert "Draft the postmortem*" in labels(header)
    assert "Last week's outage" not in stage.type("ana", "general", "/incident list")
    said = len(stage.bot_said(room.channel))
    stage.pass_time(minutes=45)
    assert len(stage.bot_said(room.channel)) == said, "nobody is reminded of what is over"


def test_times_of_a_retro_are_what_people_say_and_never_its_recording(stage: Stage) -> None:
    room = stage.declare("Long over --kind retro --since 3 hours ago")
    for milestone, when in (("detected", "170 minutes ago"), ("mitigated", "2 hours ago"), ("resolved", "1 hour ago")):
        stage.type("ana", room.channel, f"/incident set {milestone} {when}")
    info = stage.info("ana", room)
    assert "Time to detect: 10 min" in info
    assert "Time to resolve: 2 h" in info
    assert "Open for" not in info
    assert "To correct when: `/incident set resolved 14:05`" in stage.type("ana", room.channel, "/incident resolve")


def test_more_severe_retro_calls_nobody_in_either(stage: Stage) -> None:
    room = stage.declare("Worse than we said --kind retro --sev 3")
    stage.type("ana", room.channel, "/incident severity 1")
    stage.settle()
    assert "cleo" not in stage.screen.members(room.channel)


def test_vendor_services_and_team_are_shown_in_header_info_and_report(stage: Stage) -> None:
    room = stage.declare('Mail is late --vendor "Big Cloud"')
    assert stage.type("ana", room.channel, "/incident service checkout-api, payments").startswith(
        "Affected: checkout-api, payments."
    )
    assert stage.type("ana", room.channel, "/incident team Payments EU").startswith("Owning team: Payments EU.")
    stage.settle()
    assert "Services: checkout-api, payments · Team: Payments EU · Vendor: Big Cloud" in stage.header_text(room)
    info = stage.info("ana", room)
    for line in ("Services: checkout-api, payments", "Team: Payments EU", "Vendor: Big Cloud"):
        assert line in info.split("\n")
    assert "Affected: checkout-api, payments" in stage.timeline("ana", room)
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    (report,) = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    for row in ("| Services | checkout-api, payments |", "| Team | Payments EU |", "| Vendor | Big Cloud |"):
        assert row in report


@pytest.mark.parametrize(
    ("command", "label"), [("service payments", "Services: payments"), ("team Payments", "Team: Payments")]
)
def test_what_it_is_about_can_be_undone_and_is_not_said_twice(stage: Stage, command: str, label: str) -> None:
    room = stage.declare("About something")
    stage.type("ana", room.channel, f"/incident {command}")
    stage.settle()
    assert label in stage.header_text(room)
    assert "already" in stage.type("ana", room.channel, f"/incident {command}")
    first = stage.screen.ephemerals("ana", room.channel)[-2]
    stage.people.press("ana", room.channel, first["ts"], answers.UNDO)
    stage.settle()
    assert label not in stage.header_text(room)
    assert "Payments" not in stage.timeline("ana", room)


def test_type_can_be_changed_and_undone(stage: Stage) -> None:
    room = stage.declare("Which is it")
    assert stage.type("ana", room.channel, "/incident type process").startswith(
        "Type changed from production to process."
    )
    stage.settle()
    assert "Type: process" in stage.header_text(room)
    assert any("Type changed from production to process" in text for text in stage.bot_said(room.channel))
    undo(stage, room)
    assert "live, production" in stage.info("ana", room)
    assert "Type changed" not in stage.timeline("ana", room)
    assert stage.bot_said(room.channel)[-1] == "Type: production again, undone by @Ana Silva"


def test_what_was_published_comes_back_when_it_was_no_security_incident_after_all(stage: Stage) -> None:
    room = stage.declare("Odd bills")
    for typed in ("/incident resolve", "/postmortem draft"):
        stage.type("ana", room.channel, typed)
        stage.settle()
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    before = [text for text in stage.bot_said("incidents") if room.incident_id in text]
    assert len(before) == 2
    stage.type("ana", room.channel, "/incident type security")
    stage.settle()
    assert [text for text in stage.bot_said("incidents") if room.incident_id in text] == []
    undo(stage, room)
    assert [text for text in stage.bot_said("incidents") if room.incident_id in text] == before


def test_incident_that_turns_out_to_be_security_is_hidden_as_far_as_the_program_can(stage: Stage) -> None:
    room = stage.declare("Odd logins")
    stage.people.join("cleo", room.channel)
    stage.settle()
    answer = stage.type("ana", room.channel, "/incident type security")
    assert "it is no longer listed or announced for people outside its channel." in answer
    assert "itself is public until somebody makes it private, in its settings in Slack." in answer
    stage.settle()
    assert "Odd logins" not in stage.type("ben", "general", "/incident list")
    assert "Odd logins" in stage.type("cleo", "general", "/incident list")
    assert announced(stage, room) == []
    assert "What stood here was taken back: the incident is private." in stage.seen_in("incidents")
    assert "Private: only people in this channel can see it." in stage.header_text(room)
    undo(stage, room)
    assert "Odd logins" in stage.type("ben", "general", "/incident list")
    assert len(announced(stage, room)) == 1


def test_security_incident_of_another_type_stays_private(stage: Stage) -> None:
    room = stage.declare("False alarm --type security")
    assert "It stays private." in stage.type("ana", room.channel, "/incident type product")
    assert "False alarm" not in stage.type("ben", "general", "/incident list")
