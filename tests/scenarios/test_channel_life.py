"""What becomes of an incident's channel while nobody asks the program: its name, its privacy, its end."""

from datetime import timedelta

import pytest

from bot.sandbox import visible_text
from bot.slack.blocks import adoption
from tests.scenarios.stage import Room, Stage


def listed(stage: Stage, user: str, room: Room) -> bool:
    return room.incident_id in stage.type(user, "general", "/incident list")


def outside(stage: Stage, room: Room) -> list[str]:
    return [text for text in stage.seen_in("incidents") if room.incident_id in text]


# Made private, made public


def test_incident_whose_channel_is_made_private_is_hidden_from_those_outside(stage: Stage) -> None:
    room = stage.declare("Turned out delicate")
    stage.people.join("ben", room.channel)
    stage.settle()
    stage.people.convert_to_private(room.channel, "ana")
    stage.settle()
    assert outside(stage, room) == []
    assert "What stood here was taken back: the incident is private." in stage.seen_in("incidents")
    assert not listed(stage, "cleo", room)
    assert listed(stage, "ana", room)
    assert listed(stage, "ben", room)
    assert "There is no incident" in stage.type("cleo", "general", f"/incident {room.incident_id} info")
    assert "Private: only people in this channel can see it." in stage.header_text(room)
    assert "production, private" in stage.info("ana", room)


def test_what_was_published_of_it_is_taken_back_too(stage: Stage) -> None:
    room = stage.declare("Published, then delicate")
    for command in ("/incident resolve", "/postmortem draft"):
        stage.type("ana", room.channel, command)
        stage.settle()
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert len(outside(stage, room)) == 2
    stage.people.convert_to_private(room.channel, "ana")
    stage.settle()
    assert outside(stage, room) == []


def test_members_of_an_adopted_channel_still_see_it_when_it_is_made_private(stage: Stage) -> None:
    channel = stage.people.add_channel("ops-private-later", members=["ana", "ben"])
    room = led_in(stage, channel, "Led in the open")
    stage.people.convert_to_private(channel, "ana")
    stage.settle()
    assert listed(stage, "ben", room)
    assert not listed(stage, "cleo", room)


def test_undo_of_a_type_makes_nothing_public_whose_channel_has_become_private_since(stage: Stage) -> None:
    room = stage.declare("Odd tokens")
    stage.type("ana", room.channel, "/incident type security")
    stage.settle()
    stage.people.convert_to_private(room.channel, "ana")
    stage.settle()
    typed = next(one for one in stage.screen.ephemerals("ana", room.channel) if "Type changed" in visible_text(one))
    stage.people.press("ana", room.channel, typed["ts"], "answer.undo")
    stage.settle()
    assert "production, private" in stage.info("ana", room)
    assert not listed(stage, "cleo", room)
    assert outside(stage, room) == []


@pytest.mark.parametrize("how", ["its channel", "its type"])
def test_incident_that_has_become_private_is_no_longer_named_in_the_headers_of_others(stage: Stage, how: str) -> None:
    room, other = stage.declare(f"Delicate by {how}"), stage.declare(f"Beside it by {how}")
    stage.type("ana", other.channel, f"/incident link {room.incident_id}")
    stage.settle()
    assert room.incident_id in stage.header_text(other)
    if how == "its channel":
        stage.people.convert_to_private(room.channel, "ana")
    else:
        stage.type("ana", room.channel, "/incident type security")
    stage.settle()
    assert room.incident_id not in stage.header_text(other)
    if how == "its type":
        typed = stage.screen.ephemerals("ana", room.channel)[-1]
        stage.people.press("ana", room.channel, typed["ts"], "answer.undo")
        stage.settle()
        assert room.incident_id in stage.header_text(other)


def led_in(stage: Stage, channel: str, title: str) -> Room:
    """Adopts a channel from now on."""
    stage.type("ana", channel, f"/incident start {title} --here")
    stage.settle()
    stage.people.press("ana", channel, stage.screen.ephemerals("ana", channel)[-1]["ts"], adoption.FROM_NOW)
    stage.settle()
    return Room(stage.type("ana", channel, "/incident info").split()[0].strip("*"), channel, "")


def test_private_incident_stays_private_when_its_channel_is_made_public(stage: Stage) -> None:
    room = stage.declare("Now in the open --private")
    private = stage.sandbox.workspace.channel(room.channel)
    with stage.sandbox.workspace.lock:
        private.kind = type(private.kind).PUBLIC
    stage.people.say("ana", room.channel, "made this channel *public*", subtype="channel_convert_to_public")
    stage.settle()
    assert not listed(stage, "cleo", room)
    (told,) = [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert "was made public: everybody can read what is said there." in told
    assert f"{room.incident_id} itself stays private" in told


# Its name


def test_report_calls_the_channel_by_its_new_name(stage: Stage) -> None:
    room = stage.declare("Renamed")
    stage.people.rename(room.channel, "the-new-name", "ana")
    stage.settle()
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    (report,) = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    assert "#the-new-name |" in report


def test_name_that_a_renamed_channel_gave_up_is_free_for_the_next(stage: Stage) -> None:
    first = stage.declare("Same name")
    stage.people.rename(first.channel, "another-name", "ana")
    stage.settle()
    second = stage.declare("Same name")
    assert second.name == first.name
    assert second.channel != first.channel


def test_report_of_an_adopted_channel_names_it_and_its_window(stage: Stage) -> None:
    channel = stage.people.add_channel("ops-reported", members=["ana"])
    room = led_in(stage, channel, "Reported on")
    stage.type("ana", channel, "/incident resolve")
    stage.type("ana", channel, "/postmortem draft")
    stage.settle()
    (report,) = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    assert "#ops-reported |" in report
    assert "The channel was there before: what was said in it from " in report


# Its end, and the program's


def test_taken_out_of_the_channel_the_program_tells_the_lead_once_what_to_do(stage: Stage) -> None:
    room = stage.declare("Kicked out")
    stage.people.join("ben", room.channel)
    stage.type("ben", room.channel, "/incident role lead")
    stage.settle()
    stage.people.kick("ana", room.channel, "scribe")
    stage.settle()
    (told,) = [text for text in stage.told_directly("ben") if room.incident_id in text]
    assert "is no longer recorded for" in told
    assert "/invite @Incident Scribe" in told
    assert not [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert "Incident Scribe was taken out of the channel" in timeline(stage, room)


def timeline(stage: Stage, room: Room) -> str:
    return stage.type("ana", "general", f"/incident {room.incident_id} timeline all")


def test_invited_back_the_program_records_again_and_the_timeline_says_so(stage: Stage) -> None:
    room = stage.declare("Out and in")
    stage.people.kick("ana", room.channel, "scribe")
    stage.settle()
    stage.people.say("ana", room.channel, "nobody hears this")
    stage.people.invite("ana", room.channel, "scribe")
    ts = stage.people.say("ana", room.channel, "heard again")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    shown = timeline(stage, room)
    assert "Incident Scribe is in the channel again" in shown
    assert "heard again" in shown
    stage.people.kick("ana", room.channel, "scribe")
    stage.settle()
    assert len([text for text in stage.told_directly("ana") if room.incident_id in text]) == 2


def test_channel_archived_while_the_incident_is_open_is_told_to_somebody(stage: Stage) -> None:
    room = stage.declare("Archived early")
    stage.people.archive(room.channel, "ana")
    stage.settle()
    (told,) = [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert f"was archived while {room.incident_id} is still investigating" in told
    assert f"/incident {room.incident_id} resolve" in told
    assert f"{room.incident_id} is resolved." in stage.type("ana", "general", f"/incident {room.incident_id} resolve")


@pytest.mark.parametrize("what", ["archive", "kick"])
def test_what_happens_to_the_channel_of_a_closed_incident_is_nobodys_trouble(stage: Stage, what: str) -> None:
    room = stage.declare(f"Closed, then {what}")
    for command in ("resolve", "close"):
        stage.type("ana", room.channel, f"/incident {command}")
    stage.settle()
    if what == "archive":
        stage.people.archive(room.channel, "ana")
    else:
        stage.people.kick("ana", room.channel, "scribe")
    stage.settle()
    assert not [text for text in stage.told_directly("ana") if room.incident_id in text]


def test_deleted_channel_leaves_what_was_recorded(stage: Stage) -> None:
    room = stage.declare("Deleted")
    ts = stage.people.say("ana", room.channel, "the last word")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    stage.people.remove_channel(room.channel, "ana")
    stage.settle()
    assert "the last word" in timeline(stage, room)
    (told,) = [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert f"The channel of {room.incident_id} was deleted." in told


def test_adopted_channel_whose_capture_is_over_is_left_alone(stage: Stage) -> None:
    channel = stage.people.add_channel("ops-moved-on", members=["ana"])
    room = led_in(stage, channel, "Long ago")
    stage.type("ana", channel, "/incident resolve")
    stage.settle()
    stage.clock.move(timedelta(hours=3))
    stage.people.kick("ana", channel, "scribe")
    stage.settle()
    assert not [text for text in stage.told_directly("ana") if room.incident_id in text]
    assert "taken out" not in timeline(stage, room)


def test_channels_without_an_incident_are_not_watched(stage: Stage) -> None:
    stage.people.rename("general", "general-2", "ana")
    stage.people.rename("general-2", "general", "ana")
    stage.people.kick("ana", "incidents", "scribe")
    stage.people.invite("ana", "incidents", "scribe")
    stage.settle()
    assert stage.application.scheduler.is_idle
