"""What people can look at: the timeline, what is known, the list, the help, the Home tab."""

import re

import pytest

from bot.sandbox import visible_text
from tests.scenarios.stage import Room, Stage


def test_info_tells_what_is_known_and_what_is_not(stage: Stage) -> None:
    room = stage.declare("Known things --sev 2 --kind drill")
    stage.type("ana", room.channel, "/incident role comms @ben")
    stage.people.say("ana", room.channel, "one message")
    stage.settle()
    shown = stage.info("ana", room)
    for words in (
        f"*{room.incident_id} · Known things*\n:large_orange_circle: SEV2 · investigating · drill",
        f"drill, production, <#{room.channel}>",
        "*Who does what*\nCommunications lead: <@",
        "Reported by <@",
        "Not known: started, detected, acknowledged, identified, mitigated, resolved",
        "Open for ",
        "Recorded: 1 message, 2 timeline entries, 0 causes, 0 actions",
    ):
        assert words in shown


def test_info_shows_times_in_the_readers_zone_and_small_in_utc_for_copying(stage: Stage) -> None:
    room = stage.declare("Times of it")
    stage.type("ana", room.channel, "/incident set started 2026-01-05 14:05 UTC")
    stage.settle()
    command = stage.people.command("ana", room.channel, "/incident", "info")
    shown = [visible_text(block) for block in command.blocks if block["type"] == "section"]
    small = [visible_text(block) for block in command.blocks if block["type"] == "context"]
    assert "Started: <!date^1767621900^{date_short_pretty} {time}|2026-01-05 14:05 UTC>" in "\n".join(shown)
    assert small[0].startswith("Started: 2026-01-05 14:05 UTC\nDeclared: ")


def test_list_shows_the_open_incidents_newest_first(stage: Stage) -> None:
    first, second = stage.declare("Listed first --sev 1"), stage.declare("Listed second")
    over = stage.declare("Listed no more")
    stage.type("ana", over.channel, "/incident resolve")
    shown = stage.type("cleo", "general", "/incident list")
    assert shown.index(second.incident_id) < shown.index(first.incident_id)
    assert re.search(rf"{first.incident_id} · SEV1 · investigating · .* · Listed first · <#{first.channel}>", shown)
    assert over.incident_id not in shown


def test_empty_timeline_says_how_to_fill_it(stage: Stage) -> None:
    room = stage.declare("Nothing yet")
    shown = stage.type("ana", room.channel, "/incident timeline")
    assert "1 entry" in shown
    assert "The incident was declared" in shown


@pytest.fixture(scope="module")
def long_room(stage: Stage) -> Room:
    """An incident with 30 pinned messages beside its declaration."""
    room = stage.declare("Long one")
    for number in range(30):
        ts = stage.people.say("ana", room.channel, f"entry number {number:02d}")
        stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    return room


def test_timeline_shows_the_twenty_newest_entries_and_says_how_to_see_all(stage: Stage, long_room: Room) -> None:
    shown = stage.type("ana", long_room.channel, "/incident timeline")
    assert "entry number 29" in shown
    assert "entry number 10" in shown
    assert "entry number 09" not in shown
    assert "All of them: `/incident timeline all`" in shown
    assert f"Timeline of {long_room.incident_id}: the newest 20 of 31 entries" in shown


def test_whole_timeline_shows_every_entry_in_order(stage: Stage, long_room: Room) -> None:
    shown = stage.timeline("ana", long_room)
    assert re.findall(r"entry number (\d\d)", shown) == [f"{number:02d}" for number in range(30)]
    assert "31 entries" in shown


def test_timeline_links_each_entry_to_its_message_and_shows_both_clocks(stage: Stage, long_room: Room) -> None:
    lines = stage.timeline("ana", long_room).split("\n")
    number = next(number for number, line in enumerate(lines) if "entry number 05" in line)
    link = r"https://sandbox\.slack\.com/archives/\w+/p\d+"
    assert re.match(rf"\*<!date\^\d+\^[^>^]+\^{link}\|[\d-]+ \d\d:\d\d UTC>\*  entry number 05", lines[number])
    assert re.match(r"_\d\d:\d\d UTC · ", lines[number + 1])


def test_menu_on_an_entry_keeps_it_out_of_the_report(stage: Stage, long_room: Room) -> None:
    stage.people.press("ana", long_room.channel, stage.header(long_room)["ts"], "header.timeline")
    stage.settle()
    shown = stage.screen.ephemerals("ana", long_room.channel)[-1]
    block = next(block for block in shown["blocks"] if "Keep out of the report" in str(block.get("accessory")))
    said = re.search(r"entry number \d\d", visible_text(block))
    assert said
    value = next(
        one["value"] for one in block["accessory"]["options"] if one["text"]["text"] == "Keep out of the report"
    )
    number = shown["blocks"].index(block)
    stage.people.press(
        "ana", long_room.channel, shown["ts"], "timeline.entry", selected=value, block_id=f"block-{number}"
    )
    stage.settle()
    assert f"{said[0]}” stays out of the report." in stage.whispered("ana", long_room.channel)[-1]
    assert said[0] not in stage.timeline("ana", long_room)


def test_help_names_every_command_with_an_example(stage: Stage) -> None:
    shown = stage.type("ana", "general", "/incident help")
    for words in ("/incident start", "/incident note", "/incident action", "/incident resolve", "/postmortem draft"):
        assert words in shown


def test_command_alone_shows_the_few_that_an_incident_needs_and_where_the_rest_is(stage: Stage) -> None:
    lines = stage.type("ana", "general", "/incident").splitlines()
    assert lines[0] == "*Basics*"
    assert "`/incident catchup`" in lines
    assert lines[-2:] == ["All commands:", "`/incident help`"]
    assert stage.type("ana", "general", "/postmortem").startswith("*Report*\n`/postmortem draft`")


def test_help_on_one_command_says_more(stage: Stage) -> None:
    shown = stage.type("ana", "general", "/incident help set")
    assert "started|detected|acknowledged|identified|mitigated|resolved WHEN" in shown
    assert "Example: `/incident set started 13:50`" in shown


def test_help_sets_headings_and_commands_apart(stage: Stage) -> None:
    lines = stage.type("ana", "general", "/incident help").splitlines()
    assert "*Timeline*" in lines
    assert lines[lines.index("`/incident ack 14:05`") + 1] == "Says that somebody is on it."


def test_home_says_of_a_drill_that_it_is_one(stage: Stage) -> None:
    stage.declare("Region fails --kind drill --sev 1")
    stage.people.open_home("ben")
    stage.settle()
    assert "SEV1 · drill · *Region fails*" in visible_text(stage.screen.home("ben"))


def test_home_shows_open_incidents_and_ones_own_actions(stage: Stage) -> None:
    room = stage.declare("At home --sev 1")
    stage.type("ana", room.channel, "/incident action Tell @cleo about it @ben due in 2 weeks")
    stage.type("ana", room.channel, "/incident action Not for ben @ana")
    stage.people.open_home("ben")
    stage.settle()
    home = visible_text(stage.screen.home("ben"))
    assert "SEV1 · *At home*" in home
    assert f"<#{room.channel}>" in home
    assert f"{room.incident_id}, action 1" in home
    assert "Tell <@" in home, "a mention is shown as Slack shows it"
    assert "Not for ben" not in home


def test_home_leaves_out_what_is_done_and_what_is_over(stage: Stage) -> None:
    room = stage.declare("Over soon")
    stage.type("ana", room.channel, "/incident resolve")
    stage.people.open_home("cleo")
    stage.settle()
    home = visible_text(stage.screen.home("cleo"))
    assert "Over soon" not in home
    assert "You have no open action." in home


def test_home_shows_what_is_due_first_above_the_rest(stage: Stage) -> None:
    room = stage.declare("Sorted at home")
    for rest in ("Some day @ana", "Next month @ana due in 4 weeks", "Next week @ana due in 1 week"):
        stage.type("ana", room.channel, f"/incident action {rest}")
    stage.people.open_home("ana")
    stage.settle()
    home = visible_text(stage.screen.home("ana"))
    assert home.index("Next week") < home.index("Next month") < home.index("Some day")
    assert f"{room.incident_id}, action 3 · <#{room.channel}>" in home


def test_menu_on_an_entry_makes_it_a_key_decision_and_takes_that_back(stage: Stage) -> None:
    room = stage.declare("Decided by menu")
    ts = stage.people.say("ana", room.channel, "we fail over to the replica")
    stage.people.react("ana", room.channel, ts, "pushpin")
    stage.settle()
    for chosen, is_key in (("Mark as key decision", True), ("Not a key decision", False)):
        stage.timeline("ana", room)
        shown = stage.screen.ephemerals("ana", room.channel)[-1]
        stage.people.press("ana", room.channel, shown["ts"], "timeline.entry", selected=chosen)
        stage.settle()
        assert ("key decision" in stage.timeline("ana", room).split("we fail over")[1].split("\n")[1]) is is_key
