"""Incidents that belong together: one started inside another's channel, and `/incident link`."""

import pytest

from bot.slack.blocks import answers
from tests.scenarios.stage import Room, Stage


@pytest.fixture(scope="module")
def first(stage: Stage) -> Room:
    return stage.declare("Payments fail")


def related_in(text: str) -> str:
    """The part of a header or an answer that names the linked incidents."""
    return next((part for line in text.split("\n") for part in line.split(" · ") if part.startswith("Related: ")), "")


def test_start_inside_an_incidents_channel_makes_a_linked_sibling(stage: Stage) -> None:
    parent = stage.declare("Database is full")
    answer = stage.type("ana", parent.channel, "/incident start Reports are late too --sev 3")
    assert f"It is linked with {parent.incident_id}." in answer
    stage.settle()
    named = stage.room(answer)
    sibling = Room(named.incident_id, stage.screen.channel(named.name).id, named.name)
    assert related_in(stage.header_text(sibling)) == f"Related: {parent.incident_id}"
    assert related_in(stage.header_text(parent)) == f"Related: {sibling.incident_id}"
    assert related_in(stage.info("ana", parent)) == f"Related: {sibling.incident_id} (investigating)"
    assert stage.bot_said(parent.channel)[1:] == [], "a link is no news for the channel"


def test_form_opened_inside_an_incidents_channel_makes_a_linked_sibling(stage: Stage) -> None:
    parent = stage.declare("Search is slow")
    stage.people.command("ana", parent.channel, "/incident", "start")
    stage.people.submit("ana", values={"title": "Suggestions are gone"})
    stage.settle()
    assert related_in(stage.header_text(parent)).startswith("Related: INC-")


def test_start_elsewhere_links_nothing(stage: Stage) -> None:
    room = stage.declare("On its own")
    assert related_in(stage.header_text(room)) == ""
    assert related_in(stage.info("ana", room)) == ""


def test_sibling_of_a_private_incident_is_private_and_says_so(stage: Stage) -> None:
    parent = stage.declare("Insider --private")
    answer = stage.type("ana", parent.channel, "/incident start More of it")
    assert "It is private: only people in its channel can see it." in answer
    assert f"So is {parent.incident_id}; for one that everybody sees, declare it in another channel." in answer
    stage.settle()
    assert "More of it" not in stage.type("ben", "general", "/incident list")
    assert related_in(stage.header_text(parent)) == "", "not everybody there is in the other"
    assert related_in(stage.info("ana", parent)).startswith("Related: INC-")


def test_link_is_shown_on_both_sides_and_can_be_undone(stage: Stage) -> None:
    one, other = stage.declare("One side"), stage.declare("Other side")
    answer = stage.type("ana", one.channel, f"/incident link {other.ending}")
    assert answer.startswith(f"{one.incident_id} is linked with {other.incident_id}.")
    stage.settle()
    assert related_in(stage.header_text(one)) == f"Related: {other.incident_id}"
    assert related_in(stage.header_text(other)) == f"Related: {one.incident_id}"
    stage.people.press("ana", one.channel, stage.screen.ephemerals("ana", one.channel)[-1]["ts"], answers.UNDO)
    stage.settle()
    assert related_in(stage.header_text(one)) == ""
    assert related_in(stage.header_text(other)) == ""
    assert related_in(stage.info("ana", other)) == ""


def test_linking_twice_from_either_side_says_so(stage: Stage, first: Room) -> None:
    other = stage.declare("Linked twice")
    stage.type("ana", first.channel, f"/incident link {other.incident_id}")
    assert stage.type("ana", other.channel, f"/incident link {first.incident_id}").startswith(
        f"{other.incident_id} and {first.incident_id} are linked already: `/incident info`"
    )


def test_linking_with_itself_or_with_nothing_known_is_refused(stage: Stage, first: Room) -> None:
    assert stage.type("ana", first.channel, f"/incident link {first.incident_id}").startswith(
        f"{first.incident_id} can't be linked with itself. To see the others: `/incident list`"
    )
    assert stage.type("ana", first.channel, "/incident link 2020-01-01-001").startswith(
        "There is no incident 2020-01-01-001 that you can see."
    )


def test_private_incident_is_named_to_nobody_outside_it(stage: Stage) -> None:
    public, private = stage.declare("In the open"), stage.declare("Behind doors --private")
    stage.people.join("ben", public.channel)
    stage.settle()
    answer = stage.type("ana", private.channel, f"/incident link {public.incident_id}")
    assert f"As {private.incident_id} is private, the link shows only to people who can see both." in answer
    stage.settle()
    assert private.incident_id not in stage.header_text(public)
    assert related_in(stage.header_text(private)) == f"Related: {public.incident_id}"
    assert related_in(stage.info("ana", public)) == f"Related: {private.incident_id} (investigating)"
    assert related_in(stage.info("ben", public)) == ""
    for room in (public, private):
        stage.type("ana", room.channel, "/incident resolve")
        stage.type("ana", room.channel, "/postmortem draft")
        stage.settle()
    shown = {file.name.split("-draft")[0]: file.text for file in stage.screen.files()}
    assert private.incident_id not in shown[public.incident_id]
    assert f"- {public.incident_id}: In the open (SEV3, resolved)" in shown[private.incident_id]


def test_stranger_can_not_tell_by_linking_that_a_private_incident_exists(stage: Stage) -> None:
    private, public = stage.declare("Nobody's business --private"), stage.declare("Ben's own", by="ben")
    refused = stage.type("ben", public.channel, f"/incident link {private.incident_id}")
    unknown = stage.type("ben", public.channel, "/incident link INC-2026-11-20-ZZZZ")
    assert refused.replace(private.incident_id, "ID") == unknown.replace("INC-2026-11-20-ZZZZ", "ID")


def test_related_incidents_stand_in_the_report(stage: Stage) -> None:
    room, other = stage.declare("Reported on"), stage.declare("Mentioned --kind near-miss --sev 4")
    stage.type("ana", room.channel, f"/incident link {other.incident_id}")
    stage.type("ana", room.channel, "/incident resolve")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    (report,) = [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    related = report.partition("## Related and repeated incidents")[2].partition("##")[0]
    assert related.strip() == f"- {other.incident_id}: Mentioned (SEV4, near miss, investigating)"
