"""Catching up: one answer that says where the incident stands, to whoever comes late, and to them alone."""

from collections.abc import Iterator
from time import perf_counter

import pytest

from bot.domain.messages import RANK_POST, MessageSeen, ts_of
from bot.sandbox import visible_text
from storage import capture
from tests.scenarios.stage import Room, Stage, staged


@pytest.fixture(scope="module")
def stage(module_database_url: str) -> Iterator[Stage]:
    with staged(module_database_url) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    return stage.declare(f"Late {abs(hash(request.node.name)) % 10**8} --sev 2")


def do(stage: Stage, user: str, room: Room, *commands: str) -> str:
    """Types the commands and returns what the last one is answered."""
    answer = ""
    for command in commands:
        answer = stage.type(user, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def user_id(stage: Stage, name: str) -> str:
    return stage.sandbox.workspace.person(name).id


def test_new_incident_says_what_there_is_and_who_is_missing(stage: Stage, room: Room) -> None:
    shown = do(stage, "ana", room, "catchup")
    lines = shown.split("\n")
    assert lines[0].startswith(f"*{room.incident_id} · Late ")
    assert lines[1].startswith(":large_orange_circle: SEV2 · investigating since <!date^")
    assert lines[2].startswith("Began <!date^")
    assert lines[2].endswith(" s ago")
    assert "*Key moments*" in lines
    assert "Nobody has the lead. To take it: `/incident role lead`" in lines
    assert "update" not in shown
    assert "task" not in shown
    assert lines[-1].endswith("|The incident> · More: `/incident info`")


def test_everything_that_matters_is_there(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "set started 90 minutes ago", "role lead", "role comms @ben", "identified")
    do(stage, "ana", room, "task restart the workers @ben", "task call the vendor", "note Rolled back <b>")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    ana, ben = user_id(stage, "ana"), user_id(stage, "ben")
    shown = do(stage, "ben", room, "catchup")
    assert "SEV2 · identified since <!date^" in shown
    assert "1 h 30 min ago" in shown
    assert "  Rolled back &lt;b&gt;\n" in shown
    assert f"*Who does what*\nIncident lead: <@{ana}>\nCommunications lead: <@{ben}>\n" in shown
    assert f"*2 open tasks*\n1. restart the workers (<@{ben}>, " in shown
    assert "\n2. call the vendor (nobody's yet, " in shown
    assert "|The draft>" in shown


def test_last_update_says_how_old_it_is_and_when_the_next_is_due(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "update Payments are <down> next 30m", "update Half of them are back next 20m")
    stage.pass_time(minutes=12)
    shown = do(stage, "ana", room, "catchup")
    assert "*Last update*, 12 min ago\nHalf of them are back\nThe next one is due <!date^" in shown
    assert "down" not in shown
    stage.pass_time(minutes=12)
    assert "The next one was due <!date^" in do(stage, "ana", room, "catchup")


def test_long_timeline_shows_what_matters_and_says_where_the_rest_is(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, *(f"note Looked at host {number}" for number in range(1, 12)), "mitigated")
    shown = do(stage, "ana", room, "catchup")
    moments = shown.partition("*Key moments*\n")[2].partition("\n*Who")[0].split("\n")
    assert len(moments) == 8
    assert "The incident was declared" in moments[0]
    assert "Looked at host 1" not in moments[1]
    assert "The impact was mitigated" in moments[-2]
    assert moments[-1] == "… and 6 more: `/incident timeline`"


def test_many_tasks_are_counted(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, *(f"task Look at host {number}" for number in range(1, 8)))
    shown = do(stage, "ana", room, "catchup")
    assert "*7 open tasks*\n1. Look at host 1 " in shown
    assert "\n5. Look at host 5 " in shown
    assert "Look at host 6" not in shown
    assert "\n… and 2 more: `/incident tasks`" in shown


def test_offer_of_the_lead_that_stands_is_told(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "role lead")
    stage.people.command("ana", room.channel, "/incident", "handover @ben")
    stage.people.submit("ana", "handover", {})
    stage.people.close_modal("ana", everything=True)
    stage.settle()
    offered = f"<@{user_id(stage, 'ana')}> offered the lead to <@{user_id(stage, 'ben')}> "
    assert offered in do(stage, "ana", room, "catchup")
    do(stage, "ben", room, "handover decline")
    assert offered not in do(stage, "ana", room, "catchup")


def test_incident_that_is_over_says_how_long_it_lasted_and_asks_for_nothing(stage: Stage, room: Room) -> None:
    do(stage, "ana", room, "set started 90 minutes ago", "update All is well next 30m", "resolve 30 minutes ago")
    shown = do(stage, "ana", room, "catchup")
    assert "· resolved since <!date^" in shown
    assert ", lasted 1 h\n" in shown
    assert "The next one" not in shown
    assert "To take it" not in shown


def test_from_elsewhere_the_channel_is_named_and_commands_carry_the_id(stage: Stage, room: Room) -> None:
    shown = stage.type("cleo", "general", f"/incident {room.ending} catchup")
    assert f"To take it: `/incident {room.incident_id} role lead`" in shown
    assert shown.split("\n")[-1].startswith(f"<#{room.channel}> · <https://")


def test_button_in_the_header_shows_the_same_to_whoever_presses_it_alone(stage: Stage, room: Room) -> None:
    stage.people.join("ben", room.channel)
    do(stage, "ana", room, "role lead")
    before = stage.bot_said(room.channel)
    stage.people.press("ben", room.channel, stage.header(room)["ts"], "header.catch_up")
    stage.settle()
    (shown,) = stage.screen.ephemerals("ben", room.channel)
    assert visible_text(shown).startswith(f"*{room.incident_id} · Late ")
    assert stage.bot_said(room.channel) == before


def test_private_incident_is_told_to_those_inside_alone(stage: Stage) -> None:
    room = stage.declare("Salaries leaked --private")
    assert "Salaries leaked" in do(stage, "ana", room, "catchup")
    assert "Salaries leaked" in stage.type("ana", "general", f"/incident {room.incident_id} catchup")
    unknown = stage.type("ben", "general", "/incident 2026-11-20-ZZZZ catchup").split("\n")[0]
    refused = stage.type("ben", "general", f"/incident {room.incident_id} catchup").split("\n")[0]
    assert refused.replace(room.incident_id, "X") == unknown.replace("2026-11-20-ZZZZ", "X")


def test_ten_thousand_messages_are_no_reason_to_wait(stage: Stage, room: Room) -> None:
    world = stage.application.world
    now = stage.clock()
    team = stage.sandbox.workspace.team_id
    said = [
        MessageSeen(team, room.channel, ts_of(now.replace(microsecond=number)), f"message {number}", RANK_POST, "U1")
        for number in range(10_000)
    ]
    with world.database.transaction() as connection:
        capture.save(connection, said, now=now)
    started = perf_counter()
    shown = do(stage, "ana", room, "catchup")
    assert room.incident_id in shown
    # It takes a tenth of that; a slow machine may take its time.
    assert perf_counter() - started < 2


def test_in_a_thread_a_mention_tells_the_same_with_commands_that_work_there(stage: Stage, room: Room) -> None:
    ts = stage.people.say("ana", room.channel, "It is down")
    bot = f"<@{stage.sandbox.bot_user_id}>"
    for words, said in (("catchup", f"To take it: {bot} role lead"), ("tasks", f"To add one: {bot} task restart")):
        stage.people.say("ana", room.channel, f"{bot} {words}", thread=ts)
        stage.settle()
        assert said in stage.whispered("ana", room.channel)[-1]
