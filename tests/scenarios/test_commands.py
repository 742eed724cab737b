"""Commands in the incident's channel: what they answer, what the channel sees, what is kept."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import BoltRequest

from tests.scenarios.stage import Room, Stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    """A room of its own for each test, with ana and ben in it."""
    room = stage.declare(f"Command {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    return room


def lines(stage: Stage, room: Room) -> list[str]:
    """Returns the short lines that the bot said in the channel after its header."""
    stage.settle()
    return stage.bot_said(room.channel)[1:]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("status identified", "identified"),
        ("identified", "identified"),
        ("identify", "identified"),
        ("mitigated", "mitigated"),
        ("status mitigated", "mitigated"),
        ("resolve", "resolved"),
        ("resolved", "resolved"),
        ("status resolved", "resolved"),
    ],
)
def test_status_moves_and_is_told_in_one_line(stage: Stage, room: Room, typed: str, status: str) -> None:
    answer = stage.type("ana", room.channel, f"/incident {typed} -- the new pool holds")
    assert answer.startswith(f"{room.incident_id} is {status}.")
    assert lines(stage, room) == [f"Status: {status} (@Ana Silva): the new pool holds"]
    assert f"*Status*\n{status.capitalize()}" in stage.header_text(room)
    assert f"{status.capitalize()}: " in stage.info("ana", room)
    assert "the new pool holds" in stage.timeline("ana", room)


def test_time_that_was_typed_is_echoed_in_the_zone_of_the_asker_and_in_utc(stage: Stage, room: Room) -> None:
    meant = stage.clock() - timedelta(minutes=12)
    local = meant.astimezone(ZoneInfo("America/New_York"))
    answer = stage.type("ben", room.channel, "/incident set started 12 minutes ago")
    assert re.match(rf"Started: (today|yesterday) {local:%H:%M}, .*{meant:%H:%M} UTC\.", answer)
    assert f"Started: {meant:%Y-%m-%d %H:%M} UTC" in stage.info("ben", room)


def test_line_for_everybody_gives_a_time_in_each_readers_own_zone(stage: Stage, room: Room) -> None:
    stage.type("ben", room.channel, "/incident mitigated 20 minutes ago -- rolled back")
    (said,) = lines(stage, room)
    found = re.fullmatch(r"Status: mitigated, <!date\^(\d+)\^[^|]+\|([^>]+)> \(@Ben Okoro\): rolled back", said)
    assert found, said
    assert f"{datetime.fromtimestamp(int(found[1]), UTC):%Y-%m-%d %H:%M} UTC" == found[2]


def test_announcement_follows_the_severity_the_title_and_the_status(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident severity 1")
    stage.type("ana", room.channel, "/incident title Nobody can pay")
    stage.type("ana", room.channel, "/incident mitigated")
    stage.settle()
    (told,) = [text for text in stage.bot_said("incidents") if f"<#{room.channel}>" in text]
    assert told.startswith(":red_circle: *SEV1: Nobody can pay*")
    assert f"{room.incident_id} · mitigated · declared" in told


def test_clock_time_is_the_one_of_the_asker_unless_a_zone_is_named(stage: Stage, room: Room) -> None:
    local = (stage.clock() - timedelta(hours=2)).astimezone(ZoneInfo("America/New_York"))
    stage.type("ben", room.channel, f"/incident note {local:%H:%M} said in New York")
    stage.type("ben", room.channel, f"/incident note {local.astimezone(UTC):%H:%M} UTC said in UTC")
    shown = stage.timeline("ben", room)
    at = f"{local.astimezone(UTC):%H:%M} UTC"
    assert [line for line in shown.split("\n") if "said in" in line and at in line] == [
        line for line in shown.split("\n") if "said in" in line
    ]
    assert shown.count("said in") == 2


def test_ack_stamps_the_acknowledgement_once(stage: Stage, room: Room) -> None:
    assert stage.type("ana", room.channel, "/incident ack") == f"{room.incident_id} is acknowledged.\nUndo"
    again = stage.type("ben", room.channel, "/incident acknowledged")
    assert f"{room.incident_id} was acknowledged at " in again
    assert "/incident set acknowledged 14:05" in again
    assert lines(stage, room) == ["Acknowledged by @Ana Silva"]


def test_taking_the_lead_acknowledges_when_nothing_did_before(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident role lead")
    assert "was acknowledged at" in stage.type("ben", room.channel, "/incident ack")
    first = re.search(r"Acknowledged: (.*)", stage.info("ana", room))
    stage.pass_time(minutes=5)
    stage.type("ana", room.channel, "/incident role lead @ben")
    assert first
    assert first[0] in stage.info("ana", room)


def test_milestone_that_contradicts_another_is_refused_with_what_to_correct_first(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident set detected 30 minutes ago")
    answer = stage.type("ana", room.channel, "/incident set started 10 minutes ago")
    assert "“started” at " in answer
    assert "would come after “detected” at " in answer
    assert "Correct that one first, for example: `/incident set detected 20" in answer
    assert "Started:" not in stage.info("ana", room)


def test_milestone_in_the_future_is_refused(stage: Stage, room: Room) -> None:
    answer = stage.type("ana", room.channel, "/incident set resolved tomorrow 10:00")
    assert "future" in answer
    assert "Resolved:" not in stage.info("ana", room)


def test_metrics_follow_corrected_milestones(stage: Stage, room: Room) -> None:
    for typed in ("set started 60 minutes ago", "set detected 45 minutes ago", "mitigated 20 minutes ago", "resolve"):
        stage.type("ana", room.channel, f"/incident {typed}")
    shown = stage.info("ana", room)
    assert "Time to detect: 15 min" in shown
    assert "Time to mitigate: 40 min" in shown
    assert "Time to resolve: 1 h" in shown


def test_reopening_keeps_the_first_interval_on_the_timeline(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident mitigated -- rolled back")
    stage.type("ana", room.channel, "/incident resolve -- quiet again")
    stage.type("ana", room.channel, "/incident reopen -- errors are back")
    assert "Status: investigating" not in "\n".join(lines(stage, room))
    assert lines(stage, room)[-1] == "Reopened by @Ana Silva: errors are back"
    shown = stage.timeline("ana", room)
    assert "The impact was mitigated (before it was reopened): rolled back" in shown
    assert "The incident was resolved (before it was reopened): quiet again" in shown
    assert "The incident was reopened: errors are back" in shown
    assert "Resolved:" not in stage.info("ana", room)
    stage.type("ana", room.channel, "/incident resolve")
    assert stage.timeline("ana", room).count("The incident was resolved") == 2


def test_reopening_keeps_the_corrected_times_of_the_first_interval(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident mitigated -- rolled back")
    stage.type("ana", room.channel, "/incident set mitigated 30 minutes ago")
    stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/incident reopen")
    stage.type("ana", room.channel, "/incident mitigated -- turned it off")
    stage.type("ana", room.channel, "/incident set mitigated 5 minutes ago")
    stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/incident reopen")
    shown = stage.timeline("ana", room)
    order = ["(before it was reopened): rolled back", "(before it was reopened): turned it off", "was declared"]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)


def test_cancelled_incident_says_why_and_is_no_longer_listed(stage: Stage, room: Room) -> None:
    assert stage.type("ana", room.channel, "/incident cancel the probe was wrong").startswith(
        f"{room.incident_id} is cancelled."
    )
    assert lines(stage, room) == ["Cancelled by @Ana Silva: the probe was wrong"]
    assert room.incident_id not in stage.type("ana", room.channel, "/incident list")
    assert "nothing to draft" in stage.type("ana", room.channel, "/postmortem draft")
    assert "reopen" in stage.type("ana", room.channel, "/incident resolve")


def test_close_needs_a_resolved_incident(stage: Stage, room: Room) -> None:
    assert "Resolve it first: `/incident resolve`" in stage.type("ana", room.channel, "/incident close")
    stage.type("ana", room.channel, "/incident resolve")
    assert "is closed" in stage.type("ana", room.channel, "/incident close")


@pytest.mark.parametrize("typed", ["severity 1", "sev 1", "sev1", "severity SEV1"])
def test_severity_is_changed_in_one_line_and_on_the_timeline(stage: Stage, room: Room, typed: str) -> None:
    stage.type("ana", room.channel, f"/incident {typed}")
    assert lines(stage, room) == ["Severity changed from SEV3 to SEV1 (@Ana Silva)"]
    assert "Severity changed from SEV3 to SEV1" in stage.timeline("ana", room)
    assert stage.type("ana", room.channel, "/incident severity 1").startswith(f"{room.incident_id} is SEV1 already.")


def test_title_is_changed_in_one_line_and_the_channel_keeps_its_name(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident title Checkout & login <both> fail")
    assert lines(stage, room) == ["Title changed to “Checkout &amp; login &lt;both&gt; fail” (@Ana Silva)"]
    assert "Checkout & login <both> fail" in stage.header_text(room)
    assert stage.screen.channel(room.channel).name == room.name


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("role lead @ben", "incident lead"),
        ("role commander @ben", "incident lead"),
        ("role comms @ben", "communications lead"),
        ("role notes @ben", "note-taker"),
        ("role ops @ben", "operations lead"),
        ("role owner @ben", "postmortem owner"),
    ],
)
def test_role_is_given_in_one_line_that_notifies_whoever_gets_it(
    stage: Stage, room: Room, typed: str, label: str
) -> None:
    stage.type("ana", room.channel, f"/incident {typed}")
    ben = stage.sandbox.workspace.person("ben").id
    assert lines(stage, room) == [f"<@{ben}> is the {label} (@Ana Silva)"]
    assert re.search(rf"{label.capitalize()}\W+Ben Okoro", stage.header_text(room))
    assert "Ben" not in stage.timeline("ana", room)


def test_role_taken_from_somebody_is_told_to_them(stage: Stage, room: Room) -> None:
    stage.type("ben", room.channel, "/incident role lead")
    ana, ben = (stage.sandbox.workspace.person(name).id for name in ("ana", "ben"))
    answer = stage.type("ana", room.channel, "/incident role lead")
    assert answer == f"<@{ana}> is the incident lead, instead of <@{ben}>."
    assert lines(stage, room) == [
        "@Ben Okoro is the incident lead",
        f"@Ana Silva is the incident lead, instead of <@{ben}>",
    ]


def test_role_without_a_name_is_ones_own(stage: Stage, room: Room) -> None:
    stage.type("ben", room.channel, "/incident role comms")
    stage.settle()
    assert re.search(r"Communications lead\W+Ben Okoro", stage.header_text(room))


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("robot", "bot", "a bot"),
        ("visitor", "guest", "a guest"),
        ("leaver", "deactivated", "no longer in this workspace"),
    ],
)
def test_role_is_refused_for_bots_guests_and_people_who_left(
    stage: Stage, room: Room, name: str, kind: str, why: str
) -> None:
    stage.people.add_person(
        name,
        real_name=name.capitalize(),
        bot=kind == "bot",
        guest=kind == "guest",
        deactivated=kind == "deactivated",
    )
    answer = stage.type("ana", room.channel, f"/incident role lead @{name}")
    assert answer.startswith(f"{name.capitalize()} is {why} and can't be incident lead.")


def test_note_goes_on_the_timeline_now_or_then(stage: Stage, room: Room) -> None:
    assert re.match(
        r"On the timeline \(now, \d\d:\d\d UTC\): scaled the pool",
        stage.type("ana", room.channel, "/incident note scaled the pool"),
    )
    answer = stage.type("ana", room.channel, "/incident note 25 minutes ago deploy 4711 went out")
    assert re.match(r"On the timeline \((today|yesterday) \d\d:\d\d UTC\): deploy 4711 went out", answer)
    shown = stage.timeline("ana", room)
    assert shown.index("deploy 4711 went out") < shown.index("scaled the pool")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("impact 1,200 customers could not pay", "Impact: 1,200 customers could not pay"),
        ("cause root The pool has no limit", "Root cause: The pool has no limit"),
        ("cause trigger Deploy 4711", "Trigger: Deploy 4711"),
        ("cause contributing No dashboard", "Contributing factor: No dashboard"),
        ("cause No dashboard", "Contributing factor: No dashboard"),
        ("why nobody tests limits", "Why 1: nobody tests limits"),
        ("lesson well Alert within a minute", "Lesson (went well): Alert within a minute"),
        ("lesson poorly Slow rollback", "Lesson (went poorly): Slow rollback"),
        ("lesson lucky It was night", "Lesson (where we got lucky): It was night"),
        ("lesson hard Two dashboards", "Lesson (what made it hard): Two dashboards"),
        ("lesson unknown Why EU only", "Lesson (still unknown): Why EU only"),
    ],
)
def test_statement_is_echoed_quietly_and_stands_in_the_report(
    stage: Stage, room: Room, typed: str, answer: str
) -> None:
    assert stage.type("ana", room.channel, f"/incident {typed}") == f"{answer}\nUndo"
    assert lines(stage, room) == []
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    report = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]
    assert answer.split(": ", 1)[1] in report


def test_whys_are_numbered_in_their_order(stage: Stage, room: Room) -> None:
    answers = [stage.type("ana", room.channel, f"/incident why reason {number}") for number in range(3)]
    assert [answer.split("\n")[0] for answer in answers] == [f"Why {n + 1}: reason {n}" for n in range(3)]


def test_action_takes_owner_day_priority_and_type(stage: Stage, room: Room) -> None:
    day = stage.clock() + timedelta(days=12)
    typed = f"action Add a load test @ben due {day:%Y-%m-%d} P1 --type prevent"
    assert stage.type("ana", room.channel, f"/incident {typed}") == (
        f"Action 1: Add a load test (owner <@{stage.screen.channel(room.channel).members[-1]}>, "
        f"due {day:%a %Y-%m-%d}, P1, prevent)\nUndo"
    )
    assert stage.type("ana", room.channel, "/incident action Write it down").startswith(
        "Action 2: Write it down (no owner yet, no due date yet)"
    )


def test_words_of_an_open_action_change_that_one_as_the_drafts_question_says(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident action Alert on the queue P1")
    ben = stage.sandbox.workspace.person("ben").id
    answer = stage.type("ana", room.channel, "/incident action alert on the queue @ben due 2026-12-01")
    assert answer == (f"Action 1 is now: Alert on the queue (owner <@{ben}>, due Tue 2026-12-01, P1)\nUndo")
    assert "1 action" in stage.info("ana", room)
    again = stage.type("ana", room.channel, "/incident action Alert on the queue @ben")
    assert again.startswith(f"That is action 1 already (owner <@{ben}>, due Tue 2026-12-01, P1). To change it: ")


def test_undone_change_of_an_action_brings_back_what_it_was(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident action Alert on the queue P1")
    stage.type("ana", room.channel, "/incident action Alert on the queue P0 due 2026-12-01")
    shown = stage.screen.ephemerals("ana", room.channel)[-1]
    stage.people.press("ana", room.channel, shown["ts"], "answer.undo")
    stage.settle()
    again = stage.type("ana", room.channel, "/incident action Alert on the queue P1")
    assert again.startswith("That is action 1 already (no owner yet, no due date yet, P1).")


def test_action_of_a_bot_is_refused(stage: Stage, room: Room) -> None:
    stage.people.add_person("builder", real_name="Builder", bot=True)
    answer = stage.type("ana", room.channel, "/incident action Fix it @builder")
    assert answer.startswith("Builder is a bot and can't own an action.")


def test_command_typed_twice_acts_twice_but_delivered_twice_acts_once(stage: Stage, room: Room) -> None:
    stage.type("ana", room.channel, "/incident note same words")
    stage.type("ana", room.channel, "/incident note same words")
    assert stage.timeline("ana", room).count("same words") == 2
    client = stage.application.bolt
    body = {
        "command": "/incident",
        "text": "note delivered twice",
        "team_id": stage.sandbox.team_id,
        "user_id": stage.screen.channel(room.channel).members[-1],
        "channel_id": room.channel,
        "trigger_id": "the.same.trigger",
        "response_url": f"{stage.sandbox.api_url}nowhere",
    }
    first, second = (client.dispatch(BoltRequest(mode="socket_mode", body=body)) for _ in range(2))
    assert first.status == second.status == 200
    assert first.body == second.body, "the second delivery is given the same answer"
    assert stage.timeline("ana", room).count("delivered twice") == 1


def test_start_delivered_twice_makes_one_incident(stage: Stage) -> None:
    body = {
        "command": "/incident",
        "text": "start Only once please",
        "team_id": stage.sandbox.team_id,
        "user_id": stage.screen.channel("general").members[0],
        "channel_id": stage.screen.channel("general").id,
        "trigger_id": "one.start.trigger",
        "response_url": None,
    }
    app = stage.application.bolt
    first, second = (app.dispatch(BoltRequest(mode="socket_mode", body=body)) for _ in range(2))
    assert first.body == second.body
    assert "is declared" in first.body
    stage.settle()
    assert [one.name for one in stage.screen.channels() if "only-once-please" in one.name] == [
        f"inc-{stage.clock():%Y%m%d}-only-once-please"
    ]
