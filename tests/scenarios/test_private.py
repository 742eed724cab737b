"""Private incidents: they exist only for the people in them."""

import re

import pytest

from bot.sandbox import visible_text
from storage import incidents
from tests.scenarios.stage import Room, Stage

_RANDOM_ID = re.compile(r"INC-\d{4}-\d\d-\d\d-[0-9A-HJKMNP-TV-Z]{4}")


@pytest.fixture(scope="module")
def room(stage: Stage) -> Room:
    """Ana's private incident. Ben and Cleo are not in it."""
    return stage.declare("Salaries leaked --private --sev 1")


def test_private_incident_has_a_random_id_and_a_channel_name_that_tells_nothing(stage: Stage, room: Room) -> None:
    assert _RANDOM_ID.fullmatch(room.incident_id)
    assert not room.incident_id[-4:].isdigit()
    channel = stage.screen.channel(room.channel)
    assert channel.is_private
    assert channel.name == room.incident_id.lower()


def test_private_incident_says_so_in_its_header_and_is_never_announced(stage: Stage, room: Room) -> None:
    assert "Private: only people in this channel can see it." in stage.header_text(room)
    everywhere = "\n".join(text for name in ("general", "incidents") for text in stage.seen_in(name))
    assert "Salaries" not in everywhere
    assert room.incident_id not in everywhere


def test_security_incidents_are_private_without_being_asked(stage: Stage) -> None:
    room = stage.declare("Stolen laptop --type security")
    assert stage.screen.channel(room.channel).is_private
    assert "laptop" not in room.name


@pytest.mark.parametrize(
    "command",
    [
        "/incident {} info",
        "/incident {} timeline",
        "/incident {} resolve",
        "/incident {} note Looked at it",
        "/incident {} action Fix it",
        "/incident {} role lead",
        "/incident {} cancel no reason",
        "/postmortem {} draft",
        "/postmortem {} publish",
    ],
)
def test_stranger_reads_the_same_words_as_for_an_incident_that_is_not_there(
    stage: Stage, room: Room, command: str
) -> None:
    missing = "2026-11-20-ZZZZ"
    for shown in (room.incident_id, room.ending, room.incident_id[-4:], room.incident_id.lower()):
        refused = stage.type("ben", "general", command.format(shown))
        unknown = stage.type("ben", "general", command.format(missing))
        assert refused.replace(shown.upper(), "ID").replace(shown, "ID") == unknown.replace(missing, "ID")
        assert "There is no incident" in refused


def test_private_incident_is_in_the_lists_of_those_inside_alone(stage: Stage, room: Room) -> None:
    assert "Salaries leaked" in stage.type("ana", "general", "/incident list")
    assert "Salaries leaked" not in stage.type("ben", "general", "/incident list")
    for user, is_inside in (("ana", True), ("ben", False)):
        stage.people.open_home(user)
        stage.settle()
        assert ("Salaries leaked" in visible_text(stage.screen.home(user))) is is_inside


def test_private_incident_does_not_make_an_ending_ambiguous_for_strangers(stage: Stage, room: Room) -> None:
    public = stage.declare("Seen by all", by="ben")
    answer = stage.type("cleo", "general", f"/incident {public.incident_id[-3:]} info")
    assert "Seen by all" in answer
    assert room.incident_id not in answer


def test_private_incident_is_not_counted_in_public_ids(stage: Stage) -> None:
    before = stage.declare("Before it", by="ben")
    stage.declare("Hidden --private")
    after = stage.declare("After it", by="ben")
    assert int(after.incident_id[-3:]) == int(before.incident_id[-3:]) + 1


def test_whoever_is_invited_sees_it_everywhere_and_whoever_is_removed_no_longer_does(stage: Stage) -> None:
    room = stage.declare("Coming and going --private")
    stage.people.invite("ana", room.channel, "cleo")
    stage.settle()
    assert "Coming and going" in stage.type("cleo", "general", f"/incident {room.incident_id} info")
    stage.people.kick("ana", room.channel, "cleo")
    stage.settle()
    assert "There is no incident" in stage.type("cleo", "general", f"/incident {room.incident_id} info")


def test_draft_and_its_publication_stay_in_the_private_channel(stage: Stage) -> None:
    room = stage.declare("Kept inside --private")
    for command in ("/incident resolve", "/postmortem draft"):
        stage.type("ana", room.channel, command)
        stage.settle()
    assert "It stays in this channel: the incident is private." in stage.type(
        "ana", room.channel, "/postmortem publish"
    )
    stage.type("ana", room.channel, "/postmortem publish --yes")
    stage.settle()
    assert "closed" in stage.info("ana", room)
    assert not [text for text in stage.seen_in("incidents") if room.incident_id in text or "Kept inside" in text]


def test_buttons_of_a_private_incident_do_nothing_for_a_stranger(stage: Stage) -> None:
    """A stranger replays the private header's buttons from a message of their own."""
    secret, public = stage.declare("Secret work --private"), stage.declare("Public work")
    stage.people.join("ben", public.channel)
    secret_row = next(one for one in stage.header(secret)["blocks"] if one["type"] == "actions")["elements"][0]["value"]
    header = stage.header(public)
    stored = stage.sandbox.workspace.channel(public.channel).messages[header["ts"]]
    for block in stored.blocks:
        for button in block.get("elements", []):
            if "value" in button:
                button["value"] = secret_row
    for action in ("header.lead", "header.move.resolved", "header.timeline"):
        stage.people.press("ben", public.channel, header["ts"], action)
        stage.settle()
    shown = stage.whispered("ben", public.channel)
    assert shown == ["There is no such incident that you can see."] * 3
    assert "investigating" in stage.info("ana", secret)
    assert "Secret" not in "\n".join(shown)


def test_menu_entry_that_names_a_private_channel_tells_a_stranger_nothing(stage: Stage) -> None:
    secret, public = stage.declare("Secret message --private"), stage.declare("Public message")
    stage.people.join("ben", public.channel)
    ts = stage.people.say("ana", secret.channel, "only for us")
    stage.people.react("ana", secret.channel, ts, "pushpin")
    own = stage.people.say("ben", public.channel, "for all")
    stage.people.react("ben", public.channel, own, "pushpin")
    stage.settle()
    stage.people.press("ben", public.channel, stage.header(public)["ts"], "header.timeline")
    stage.settle()
    shown = next(one for one in stage.sandbox.workspace.ephemerals if "Timeline of" in str(one.blocks))
    with stage.application.world.database.reading() as connection:
        (row,) = incidents.by_ending(connection, stage.sandbox.team_id, secret.incident_id)
    menus = [block["accessory"] for block in shown.blocks if "accessory" in block]
    forged = next(one for one in menus[-1]["options"] if one["text"]["text"] == "Keep out of the report")
    forged["value"] = f"{row.row_id}:m{ts}:out:"
    menus[-1]["action_id"], others = "timeline.entry", menus[:-1]
    for menu in others:
        menu["action_id"] = "none of these"
    stage.people.press("ben", public.channel, shown.ts, "timeline.entry", selected="Keep out of the report")
    stage.settle()
    said = stage.whispered("ben", public.channel)[-1]
    assert secret.incident_id not in said
    assert "only for us" in stage.timeline("ana", secret)


def test_follow_up_never_goes_to_an_owner_who_was_taken_out_of_the_private_channel(stage: Stage) -> None:
    room = stage.declare("Closed circle --private")
    stage.type("ana", room.channel, "/incident role owner @ben")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.people.kick("ana", room.channel, "ben")
    stage.people.archive(room.channel)
    stage.settle()
    stage.pass_time(days=30, seconds=1)
    assert not any(room.incident_id in text for text in stage.told_directly("ben"))
    assert any(room.incident_id in text for text in stage.told_directly("ana"))


def test_follow_up_already_sent_to_somebody_tells_nothing_new_once_they_were_taken_out(stage: Stage) -> None:
    room = stage.declare("Smaller circle --private")
    stage.type("ana", room.channel, "/incident role owner @ben")
    stage.type("ana", room.channel, "/incident action Rotate the old key")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    stage.people.archive(room.channel)
    stage.pass_time(days=30, seconds=1)
    (before,) = [text for text in stage.told_directly("ben") if "Rotate" in text]
    stage.people.unarchive(room.channel)
    stage.people.kick("ana", room.channel, "ben")
    stage.settle()
    stage.type("ana", room.channel, "/incident action Rotate the new key too")
    stage.settle()
    (after,) = [text for text in stage.told_directly("ben") if "Rotate" in text]
    assert "Rotate the old key" in before
    assert after == before


@pytest.mark.parametrize(
    "command",
    [
        "/incident list",
        "/postmortem list",
        "/postmortem search Salaries",
        "/postmortem search leaked",
        "/postmortem quarter",
    ],
)
def test_nothing_that_a_stranger_can_ask_finds_or_counts_it(stage: Stage, room: Room, command: str) -> None:
    before = stage.type("ben", "general", command)
    assert "Salaries leaked" not in before
    assert room.incident_id not in before
    stage.declare("Salaries leaked again --private")
    assert stage.type("ben", "general", command) == before


def test_nothing_of_it_is_found_to_be_like_a_strangers_incident(stage: Stage) -> None:
    hidden = stage.declare('Hidden twin --private --vendor "Big Cloud"')
    stage.type("ana", hidden.channel, "/incident service payments")
    public = stage.declare('Public twin --vendor "Big Cloud"', by="ben")
    stage.type("ben", public.channel, "/incident service payments")
    assert "Hidden twin" not in stage.type("ben", public.channel, "/postmortem similar")


def test_what_its_channel_can_not_say_goes_to_somebody_who_is_still_in_it(stage: Stage) -> None:
    room = stage.declare("Told inside --private")
    stage.type("ana", room.channel, "/incident role owner @ben")
    stage.type("ana", room.channel, "/incident role lead @cleo")
    stage.settle()
    stage.people.kick("ana", room.channel, "ben")
    stage.people.kick("ana", room.channel, "scribe")
    stage.settle()
    told = {
        user: [text for text in stage.told_directly(user) if room.incident_id in text]
        for user in ("ana", "ben", "cleo")
    }
    assert [len(told[user]) for user in ("ana", "ben", "cleo")] == [0, 0, 1]
