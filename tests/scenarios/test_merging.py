"""`/incident merge`: one outage that was declared twice goes on as one incident, and nothing of either is lost."""

import json
import re

import pytest

from bot.sandbox import visible_text
from bot.slack.blocks import adoption
from bot.slack.forms.shortcuts import ADD_TO_TIMELINE, KEEP_OUT
from storage import incidents
from tests.scenarios.stage import Room, Stage, labels


def say(stage: Stage, room: Room, command: str, *, by: str = "ana") -> str:
    answer = stage.type(by, room.channel, f"/incident {command}")
    stage.settle()
    return answer


def told_of(stage: Stage, room: Room) -> str:
    """Returns the id of the incident that a command in this channel is about."""
    found = re.search(r"INC-[\w-]+", stage.info("ana", room))
    assert found
    return found[0]


def merge(stage: Stage, part: Room, whole: Room, *, by: str = "ana") -> str:
    answer = say(stage, part, f"merge {whole.incident_id}", by=by)
    assert answer.startswith(f"{part.incident_id} is part of {whole.incident_id} now"), answer
    return answer


def pair(stage: Stage, options: str = "") -> tuple[Room, Room]:
    """Declares an outage twice; returns what is to become a part, and what goes on."""
    return stage.declare(f"Payments fail {options}"), stage.declare(f"Database is down {options}")


def undo(stage: Stage, user: str, channel: str) -> str:
    """Presses the last Undo that somebody was shown in a channel; returns what stands in its place."""
    shown = next(one for one in reversed(stage.screen.ephemerals(user, channel)) if "answer.undo" in json.dumps(one))
    assert stage.people.press(user, channel, shown["ts"], "answer.undo").acked
    stage.settle()
    return visible_text(next(one for one in stage.screen.ephemerals(user, channel) if one["ts"] == shown["ts"]))


def report_of(stage: Stage, room: Room) -> str:
    """Drafts and returns the report."""
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return stage.screen.files()[-1].text


def timeline_of(report: str) -> str:
    return report.partition("## Timeline")[2].partition("\n## ")[0]


def announcement(stage: Stage, room: Room) -> str:
    """What those outside read in the announcement of an incident, by its id and its title."""
    (found,) = [text for text in stage.seen_in("incidents") if f"{room.incident_id} " in text]
    return found


# What people see


def test_merging_is_said_in_both_channels_in_the_announcement_and_in_both_headers(stage: Stage) -> None:
    part, whole = pair(stage)
    answer = merge(stage, part, whole)
    assert "what was entered and said in it belongs to that one." in answer
    line_of_part, line_of_whole = stage.bot_said(part.channel)[-1], stage.bot_said(whole.channel)[-1]
    assert line_of_part.startswith(f"Merged into {whole.incident_id} (<#{whole.channel}>) by ")
    assert line_of_part.endswith("commands here are about that one now")
    assert line_of_whole.startswith(f"{part.incident_id} (<#{part.channel}>) was merged into this incident by ")
    assert f"merged into {whole.incident_id}, <#{whole.channel}>" in announcement(stage, part)
    assert f"Merged into {whole.incident_id}, <#{whole.channel}>" in stage.header_text(part)
    assert labels(stage.header(part)) == ["Timeline"]
    assert f"Merged into it: {part.incident_id}" in stage.header_text(whole)
    assert f"merged into {whole.incident_id}" in stage.screen.topic(part.channel)


def test_people_of_the_part_are_brought_into_the_other_channel(stage: Stage) -> None:
    part, whole = stage.declare("Queue is stuck", by="ben"), stage.declare("Broker is down")
    say(stage, part, "role comms @cleo", by="ben")
    assert not {"ben", "cleo"} & set(stage.screen.members(whole.channel))
    merge(stage, part, whole, by="ben")
    assert {"ben", "cleo"} <= set(stage.screen.members(whole.channel))


def test_merged_incident_counts_once_wherever_incidents_are_listed(stage: Stage) -> None:
    part, whole = stage.declare("Zebra crossing fails"), stage.declare("Traffic lights are out")
    quarter = stage.type("ana", "general", "/postmortem quarter").partition(": ")[2]
    merge(stage, part, whole)
    listed = stage.type("ana", "general", "/incident list")
    assert (part.incident_id in listed, whole.incident_id in listed) == (False, True)
    counted = int(re.match(r"[\d,]+", quarter)[0]) - 1  # type: ignore[index]
    assert stage.type("ana", "general", "/postmortem quarter").partition(": ")[2].startswith(f"{counted} incident")
    assert part.incident_id not in stage.type("ana", "general", "/postmortem list")
    found = stage.type("ana", "general", "/postmortem search zebra")
    assert found.startswith("1 incident:")
    assert whole.incident_id in found
    assert f"merged into it: {part.incident_id} Zebra crossing fails" in found
    stage.people.open_home("ana")
    stage.settle()
    shown = json.dumps(stage.screen.home("ana"))
    assert (part.incident_id in shown, whole.incident_id in shown) == (False, True)


# Nothing is lost


def test_report_of_the_whole_has_all_that_was_said_and_entered_in_the_part(stage: Stage) -> None:
    part, whole = pair(stage)
    for room, word in ((part, "payments"), (whole, "database")):
        ts = stage.people.say("ana", room.channel, f"{word} talk")
        stage.people.react("ana", room.channel, ts, "pushpin")
        for command in (
            f"note {word} note",
            f"cause root {word} cause",
            f"why {word} why",
            f"lesson well {word} lesson",
            f"impact {word} impact",
            f"action Add a {word} alert",
            f"task Look at {word}",
            f"update {word} update",
        ):
            say(stage, room, command)
    answer = merge(stage, part, whole)
    assert "Action 1 is 2 now" in answer
    assert "Task 1 is 2 now" in answer
    late = stage.people.say("ana", part.channel, "payments afterwards")
    stage.people.react("ana", part.channel, late, "pushpin")
    say(stage, whole, "resolve")
    report = report_of(stage, whole)
    for kind in ("talk", "note", "cause", "why", "lesson", "impact", "update"):
        for word in ("payments", "database"):
            assert f"{word} {kind}" in report
    for found in ("Add a payments alert", "Add a database alert", "payments afterwards"):
        assert found in report
    told = timeline_of(report)
    assert f"in #{part.name}" in told
    assert f"in #{whole.name}" in told
    assert f"{part.incident_id}: The incident was declared" in told
    assert f"{part.incident_id} (SEV3: Payments fail) was merged into this incident" in told
    assert f"in the channels #{whole.name} and #{part.name}" in report
    assert f"- {part.incident_id}: Payments fail (SEV3, merged into this one)" in report
    assert "payments task" not in report
    tasks = stage.type("ana", whole.channel, "/incident tasks")
    assert "Look at payments" in tasks
    assert "Look at database" in tasks


def test_milestones_that_only_the_part_knew_are_taken_over_and_others_stay_visible(stage: Stage) -> None:
    part, whole = pair(stage)
    say(stage, part, "set started 40 minutes ago")
    say(stage, part, "set detected 30 minutes ago")
    say(stage, whole, "set detected 20 minutes ago")
    say(stage, part, "severity 1")
    answer = merge(stage, part, whole)
    assert f"{whole.incident_id} now knows when it was started." in answer
    assert f"{part.incident_id} was detected earlier. If that goes for the whole: " in answer
    suggested = re.search(rf"/incident {whole.incident_id} set detected [\dT:Z-]+", answer)
    assert suggested
    assert f"{part.incident_id} was SEV1, {whole.incident_id} is SEV3." in answer
    shown = stage.timeline("ana", whole)
    assert f"{part.incident_id}: The disruption was detected" in shown
    assert shown.count("The disruption was detected") == 2
    assert shown.count("The disruption started") == 1
    stage.type("ana", "general", suggested[0])
    stage.settle()
    assert stage.timeline("ana", whole).count("The disruption was detected") == 1


def test_figures_and_whys_of_the_whole_stay_apart_from_those_of_the_part(stage: Stage) -> None:
    part, whole = pair(stage)
    for room, users in ((part, "1,200"), (whole, "30,000")):
        stage.people.command("ana", room.channel, "/incident", "impact")
        stage.people.submit("ana", values={"text": f"they can't pay in {room.incident_id}", "users": users})
        stage.settle()
        say(stage, room, f"why because of {room.incident_id}")
    merge(stage, part, whole)
    assert say(stage, part, "why one more").startswith("Why 2: one more")
    say(stage, whole, "resolve")
    report = report_of(stage, whole)
    assert f"{part.incident_id}: Users: 1,200" in report
    assert "30,000" in report
    chain = say(stage, whole, "whys")
    assert f"1. ({part.incident_id}) because of {part.incident_id}" in chain


def test_services_are_united_and_links_passed_on(stage: Stage) -> None:
    part, whole = pair(stage)
    third = stage.declare("Deploy went wrong")
    say(stage, part, "service checkout payments")
    say(stage, whole, "service database checkout")
    say(stage, part, f"link {third.incident_id}")
    merge(stage, part, whole)
    say(stage, third, "title Deploy went very wrong")
    assert "Services: database, checkout, payments" in stage.header_text(whole)
    assert f"Related: {third.incident_id}" in stage.header_text(whole)
    assert f"Related: {whole.incident_id}" in stage.header_text(third)


# Afterwards


def test_commands_reactions_and_shortcuts_in_the_parts_channel_are_about_the_whole(stage: Stage) -> None:
    part, whole = pair(stage)
    merge(stage, part, whole)
    assert say(stage, part, "mitigated").startswith(f"{whole.incident_id} is mitigated")
    assert told_of(stage, part) == whole.incident_id
    assert stage.type("ana", "general", f"/incident {part.incident_id} info").startswith(f"*{whole.incident_id} · ")
    first = stage.people.say("ana", part.channel, "said there")
    stage.people.react("ana", part.channel, first, "pushpin")
    stage.settle()
    assert stage.is_marked(part, first)
    second = stage.people.say("ana", part.channel, "put there by hand")
    stage.people.message_shortcut("ana", part.channel, second, ADD_TO_TIMELINE)
    third = stage.people.say("ana", part.channel, "not for the report")
    stage.people.react("ana", part.channel, third, "pushpin")
    stage.people.message_shortcut("ana", part.channel, third, KEEP_OUT)
    stage.settle()
    shown = stage.timeline("ana", whole)
    assert "said there" in shown
    assert "put there by hand" in shown
    assert "not for the report" not in shown
    assert stage.whispered("ana", part.channel)[-2] == f"On the timeline of {whole.incident_id}."


def test_entry_of_the_parts_channel_is_edited_from_the_timeline_of_the_whole(stage: Stage) -> None:
    part, whole = pair(stage)
    ts = stage.people.say("ana", part.channel, "in the first words")
    stage.people.react("ana", part.channel, ts, "pushpin")
    stage.settle()
    merge(stage, part, whole)
    stage.type("ana", whole.channel, "/incident timeline")
    shown = stage.screen.ephemerals("ana", whole.channel)[-1]
    (value,) = [
        option["value"]
        for block in shown["blocks"]
        if "in the first words" in json.dumps(block)
        for option in block["accessory"].get("options", [])
        if ":edit:" in option["value"]
    ]
    stage.people.press("ana", whole.channel, shown["ts"], "timeline.entry", selected=value)
    stage.people.submit("ana", values={"text": "in better words"})
    stage.settle()
    assert "in better words" in stage.timeline("ana", whole)
    assert "in the first words" not in stage.timeline("ana", whole)


def test_parts_follow_ups_and_reminders_end_and_those_of_the_whole_go_on(stage: Stage) -> None:
    part, whole = pair(stage)
    stage.type("ana", part.channel, "/postmortem draft")
    stage.settle()
    stage.pass_time(minutes=6)
    assert any("lead" in text for text in stage.bot_said(part.channel)[-1:])
    merge(stage, part, whole)
    before = stage.bot_said(part.channel)
    assert not any("Nobody leads" in text for text in before)
    stage.pass_time(days=31)
    assert stage.bot_said(part.channel) == before


def test_button_that_counted_on_the_part_as_it_was_does_nothing(stage: Stage) -> None:
    part, whole = pair(stage)
    for room in (part, whole):
        say(stage, room, "task Restart the workers")
    stage.type("ana", part.channel, "/incident tasks")
    shown = stage.screen.ephemerals("ana", part.channel)[-1]
    merge(stage, part, whole)
    menu = next(block["accessory"] for block in shown["blocks"] if "accessory" in block)
    done = next(option["value"] for option in menu["options"] if option["value"].endswith(":done"))
    stage.people.press("ana", part.channel, shown["ts"], menu["action_id"], selected=done)
    stage.settle()
    said = stage.whispered("ana", part.channel)[-1]
    assert said.startswith(f"{part.incident_id} is part of {whole.incident_id} now, with other numbers.")
    assert stage.type("ana", whole.channel, "/incident tasks").count("Restart the workers") == 2


def test_incident_merged_into_a_part_becomes_part_of_the_whole(stage: Stage) -> None:
    part, whole = pair(stage)
    third = stage.declare("The third of them")
    say(stage, third, "note said in the third")
    merge(stage, part, whole)
    answer = say(stage, third, f"merge {part.incident_id}")
    assert answer.startswith(f"{third.incident_id} is part of {whole.incident_id} now")
    assert "said in the third" in stage.timeline("ana", whole)


def test_chain_of_merges_ends_in_the_last_whole_and_is_undone_from_its_end(stage: Stage) -> None:
    part, middle = pair(stage)
    whole = stage.declare("The real cause")
    say(stage, part, "note said in the first")
    merge(stage, part, middle)
    merge(stage, middle, whole)
    assert "said in the first" in stage.timeline("ana", whole)
    assert told_of(stage, part) == whole.incident_id
    assert undo(stage, "ana", part.channel).startswith(
        f"{middle.incident_id} has become part of another incident since. Undo that first"
    )
    assert undo(stage, "ana", middle.channel).startswith(f"Undone: {middle.incident_id} is an incident of its own")
    assert "said in the first" in stage.timeline("ana", middle)
    assert told_of(stage, part) == middle.incident_id


def test_adopted_channel_of_a_part_is_recorded_until_the_whole_is_over(stage: Stage) -> None:
    channel = stage.people.add_channel("ops-merged", members=["ana", "ben"])
    stage.type("ana", channel, "/incident start Slow checkout --here")
    stage.settle()
    preview = stage.screen.ephemerals("ana", channel)[-1]
    stage.people.press("ana", channel, preview["ts"], adoption.FROM_NOW)
    stage.settle()
    found = re.search(r"INC-[\w-]+", stage.whispered("ana", channel)[-1])
    assert found
    part, whole = Room(found[0], channel, "ops-merged"), stage.declare("Everything is slow")
    merge(stage, part, whole)
    stage.pass_time(hours=5)
    assert "is led in this channel" in stage.type("ana", channel, "/incident start Another one --here")
    for text, is_recorded in (("five hours later", True), ("a day after the end", False)):
        ts = stage.people.say("ana", channel, text)
        stage.people.react("ana", channel, ts, "pushpin")
        stage.settle()
        assert (text in stage.timeline("ana", whole)) is is_recorded
        say(stage, whole, "resolve") if is_recorded else None
        stage.pass_time(hours=24)


# Undo


def test_undo_gives_everything_back(stage: Stage) -> None:
    part, whole = pair(stage)
    for room in (part, whole):
        for command in ("note what was noted", "action Add an alert", "task Look", "set detected 5 minutes ago"):
            say(stage, room, command)
    say(stage, part, "service checkout")
    say(stage, part, "set started 10 minutes ago")

    def shown(room: Room) -> tuple[str, ...]:
        commands = ("timeline all", "tasks", "info")
        found = tuple(stage.type("ana", room.channel, f"/incident {command}") for command in commands)
        # The channels have lines more, and the incidents are older.
        return tuple(re.sub(r"Open for .*|Time to .*|Recorded: \d+ messages?", "", text) for text in found)

    before = {room: shown(room) for room in (part, whole)}
    headers = {room: stage.header_text(room) for room in (part, whole)}
    merge(stage, part, whole)
    for room in (part, whole):
        assert shown(room) != before[room]
    said = undo(stage, "ana", part.channel)
    assert said.startswith(f"Undone: {part.incident_id} is an incident of its own again (investigating).")
    for room in (part, whole):
        assert shown(room) == before[room]
        assert stage.header_text(room) == headers[room]
    assert "merged" not in announcement(stage, part)
    assert stage.bot_said(part.channel)[-1].startswith(f"{part.incident_id} is an incident of its own again")
    assert stage.bot_said(whole.channel)[-1].startswith(f"{part.incident_id} is no part of this incident any more")
    assert part.incident_id in stage.type("ana", "general", "/incident list")


def test_merge_is_not_undone_by_others_nor_after_the_whole_was_published(stage: Stage) -> None:
    part, whole = pair(stage)
    merge(stage, part, whole)
    say(stage, whole, "resolve")
    report_of(stage, whole)
    stage.type("ana", whole.channel, "/postmortem publish --yes")
    stage.settle()
    with stage.application.world.database.reading() as connection:
        (now,) = incidents.by_ending(connection, stage.sandbox.team_id, whole.incident_id)
    if now.status.value != "closed":
        shown = stage.screen.ephemerals("ana", whole.channel)[-1]
        stage.people.press("ana", whole.channel, shown["ts"], "answer.publish")
        stage.settle()
    assert undo(stage, "ana", part.channel).startswith(
        f"The postmortem of {whole.incident_id} has been published since: it tells of both, so they stay one."
    )


def test_earlier_commands_of_the_part_are_undone_where_they_entered_something_and_stay_otherwise(
    stage: Stage,
) -> None:
    part, whole = pair(stage)
    say(stage, part, "identified")
    moved = stage.screen.ephemerals("ana", part.channel)[-1]
    say(stage, part, "note to be taken back")
    noted = stage.screen.ephemerals("ana", part.channel)[-1]
    merge(stage, part, whole)
    stage.people.press("ana", part.channel, noted["ts"], "answer.undo")
    stage.people.press("ana", part.channel, moved["ts"], "answer.undo")
    stage.settle()
    assert "to be taken back" not in stage.timeline("ana", whole)
    texts = {one["ts"]: visible_text(one) for one in stage.screen.ephemerals("ana", part.channel)}
    assert texts[noted["ts"]].startswith("Undone.")
    assert texts[moved["ts"]].startswith(f"{part.incident_id} has become part of {whole.incident_id} since")
    assert "investigating" in say(stage, whole, "info")


# Privacy


def test_private_incidents_merge_without_naming_one_to_the_people_of_the_other(stage: Stage) -> None:
    part, whole = pair(stage, "--private")
    stage.people.invite("ana", part.channel, "ben")
    stage.settle()
    merge(stage, part, whole)
    assert stage.bot_said(part.channel)[-1].startswith("Merged into another private incident by ")
    assert "Merged into another private incident" in stage.header_text(part)
    assert whole.incident_id not in "".join([*stage.seen_in(part.channel), stage.screen.topic(part.channel)])
    refused = say(stage, part, "info", by="ben")
    assert refused.startswith(f"{part.incident_id} is part of another incident that you can't see.")
    assert whole.incident_id not in refused


def test_whole_becomes_private_with_its_part_when_either_channel_does(stage: Stage) -> None:
    part, whole = pair(stage)
    merge(stage, part, whole)
    stage.people.convert_to_private(part.channel)
    stage.settle()
    assert whole.incident_id not in stage.type("cleo", "general", "/incident list")
    for room in (part, whole):
        assert not any(f"{room.incident_id} " in text for text in stage.seen_in("incidents"))


def test_whole_that_is_made_a_security_incident_hides_its_parts_too(stage: Stage) -> None:
    part, whole = pair(stage)
    merge(stage, part, whole)
    say(stage, whole, "type security")
    assert not any(f"{part.incident_id} " in text for text in stage.seen_in("incidents"))
    undo(stage, "ana", whole.channel)
    assert f"merged into {whole.incident_id}" in announcement(stage, part)


# Refusals


@pytest.mark.parametrize(
    ("of_part", "of_whole", "before", "refusal"),
    [
        ("--private", "", (), "{whole} is not: merged, everybody could read what was said among few."),
        ("", "--private", (), "{part} is not: merged, most could see it no longer."),
        ("--kind drill", "", (), "{part} is a drill and {whole} is not, so they are no one outage."),
        ("", "--kind drill", (), "{whole} is a drill and {part} is not, so they are no one outage."),
        ("--type security", "--private", (), "{part} is a security incident, so the whole would be one."),
        ("", "", ("part cancel not one",), "{part} is cancelled: it was no incident."),
        ("", "", ("whole cancel not one",), "{whole} is cancelled: it was no incident."),
        ("", "", ("whole resolve", "part resolve", "whole close"), "{whole} is closed, so nothing becomes part of it."),
        ("", "", ("whole resolve",), "{part} is still investigating and {whole} is resolved. The other way round: "),
    ],
)
def test_two_that_can_not_be_one_are_refused(
    stage: Stage, of_part: str, of_whole: str, before: tuple[str, ...], refusal: str
) -> None:
    rooms = {"part": stage.declare(f"Alpha {of_part}"), "whole": stage.declare(f"Omega {of_whole}")}
    for command in before:
        name, _, rest = command.partition(" ")
        say(stage, rooms[name], rest)
    answer = say(stage, rooms["part"], f"merge {rooms['whole'].incident_id}")
    ids = {name: room.incident_id for name, room in rooms.items()}
    assert refusal.format(**ids) in answer.partition("\n")[0]
    assert told_of(stage, rooms["part"]) == ids["part"]


def test_published_postmortem_stays_as_it_is(stage: Stage) -> None:
    part, whole = pair(stage)
    say(stage, part, "resolve")
    report_of(stage, part)
    stage.type("ana", part.channel, "/postmortem publish")
    shown = stage.screen.ephemerals("ana", part.channel)[-1]
    stage.people.press("ana", part.channel, shown["ts"], "answer.publish")
    stage.settle()
    assert say(stage, part, f"merge {whole.incident_id}").startswith(
        f"The postmortem of {part.incident_id} is published, so it stays as it is. To let each point to the other: "
        f"`/incident {part.incident_id} link {whole.incident_id}`"
    )


def test_merging_with_itself_twice_or_back_is_refused(stage: Stage) -> None:
    part, whole = pair(stage)
    third = stage.declare("The third of them")
    assert say(stage, part, f"merge {part.incident_id}").startswith(
        f"{part.incident_id} can't be merged with itself. To see the others: `/incident list`"
    )
    merge(stage, part, whole)
    already = f"{part.incident_id} is part of {whole.incident_id} already."
    assert say(stage, part, f"merge {whole.incident_id}").startswith(
        f"{already} To see what is known of it: `/incident {whole.incident_id} info`"
    )
    assert say(stage, whole, f"merge {part.incident_id}").startswith(
        f"{already} To see what is known of it: `/incident {whole.incident_id} info`"
    )
    assert say(stage, part, f"merge {third.incident_id}").startswith(
        f"{already} To merge that one as well: `/incident {whole.incident_id} merge {third.incident_id}`"
    )
    assert say(stage, part, "merge 2020-01-01-001").startswith("There is no incident 2020-01-01-001 that you can see.")


def test_stranger_can_not_tell_by_merging_that_a_private_incident_exists(stage: Stage) -> None:
    private, public = stage.declare("Nobody's business --private"), stage.declare("Ben's own", by="ben")
    refused = say(stage, public, f"merge {private.incident_id}", by="ben")
    unknown = say(stage, public, "merge INC-2026-11-20-ZZZZ", by="ben")
    assert refused.replace(private.incident_id, "ID") == unknown.replace("INC-2026-11-20-ZZZZ", "ID")
