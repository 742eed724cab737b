"""Versions for others: drafted, looked at, approved, published; nothing internal among them."""

from pathlib import Path

import pytest

from bot.sandbox import slow
from tests.scenarios.stage import Room, Stage, staged

SECRET = "db-7.internal"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SCRIBE_ANNOUNCE_CHANNEL": "incidents"}


def resolved(stage: Stage, rest: str = f"Pool of {SECRET} is full") -> Room:
    room = stage.declare(rest)
    stage.people.invite("ana", room.channel, "ben")
    stage.type("ana", room.channel, f"/incident cause root The pool of {SECRET} had no limit")
    stage.type("ana", room.channel, f"/incident action Watch {SECRET} --type detect")
    stage.type("ana", room.channel, "/incident resolve")
    stage.settle()
    return room


def drafted(stage: Stage, room: Room, audience: str) -> str:
    """Has a version made; returns its file."""
    answer = stage.type("ana", room.channel, f"/postmortem draft --audience {audience}")
    assert answer.startswith(f"Working on the {audience} version of {room.incident_id}")
    stage.settle()
    return newest(stage, room, audience)


def newest(stage: Stage, room: Room, audience: str) -> str:
    names = [file for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    return [file.text for file in names if file.name.endswith(f"-{audience}.md")][-1]


def press(stage: Stage, user: str, room: Room, action_id: str) -> str:
    """Presses the newest button of this kind that this person sees; returns what stands in its place then."""
    shown = [one for one in stage.screen.ephemerals(user, room.channel) if action_id in str(one["blocks"])]
    stage.people.press(user, room.channel, shown[-1]["ts"], action_id)
    stage.settle()
    return stage.whispered(user, room.channel)[-1]


def approve(stage: Stage, room: Room, *, by: str = "ben") -> str:
    stage.type(by, room.channel, "/postmortem approve customer")
    return press(stage, by, room, "answer.approve_customer")


def test_executive_version_is_shared_beside_the_report(stage: Stage) -> None:
    room = resolved(stage)
    text = drafted(stage, room, "executive")
    said = f"Draft 1 of {room.incident_id} is posted; the report and its executive version are in its thread."
    assert stage.whispered("ana", room.channel)[-1] == said
    assert text.startswith(f"# Postmortem: Pool of {SECRET} is full\n")
    assert f"The pool of {SECRET} had no limit" in text
    assert "## Timeline" not in text
    names = [file.name for file in stage.screen.files() if file.name.startswith(room.incident_id)]
    assert names == [f"{room.incident_id}-draft-1.md", f"{room.incident_id}-draft-1-executive.md"]


def test_customer_version_is_looked_at_approved_and_published(stage: Stage) -> None:
    room = resolved(stage)
    text = drafted(stage, room, "customer")
    assert SECRET not in text
    assert "We have decided on 1 measure, to notice it sooner. It is not done yet." in text
    refused = stage.type("ana", room.channel, "/postmortem publish --audience customer")
    assert "The customer version of draft 1 is not approved yet: `/postmortem approve customer`" in refused
    shown = stage.type("ben", room.channel, "/postmortem approve customer")
    assert shown.startswith("This is the customer version of draft 1, whole:\n")
    assert "We have decided on 1 measure" in shown
    assert press(stage, "ben", room, "answer.approve_customer").startswith(
        "The customer version of draft 1 is approved."
    )
    assert stage.bot_said(room.channel)[-1] == "Customer version of draft 1 approved by @Ben Okoro"
    preview = stage.type("ana", room.channel, "/postmortem publish --audience customer")
    assert preview.startswith("Publishing freezes the customer version of draft 1, whole:\n")
    assert press(stage, "ana", room, "answer.publish_customer").startswith(
        "The customer version of draft 1 is published: it stays as it is."
    )
    assert stage.bot_said(room.channel)[-1] == "Customer version published by @Ana Silva (draft 1)"
    announced = [
        text
        for text in stage.seen_in("incidents")
        if f"Customer version of the postmortem of {room.incident_id}" in text
    ]
    assert len(announced) == 1
    again = stage.type("ana", room.channel, "/postmortem publish --audience customer --yes")
    assert again.startswith("The customer version of draft 1 was published at ")
    # Publishing for customers is not publishing the postmortem.
    assert "· resolved ·" in stage.info("ana", room)


def test_whoever_approves_is_told_what_is_stated_of_data_and_customers_are_not(stage: Stage) -> None:
    room = resolved(stage)
    stage.people.command("ana", room.channel, "/incident", "impact")
    stage.people.submit("ana", None, {"text": "Orders were lost", "next": ["more"]})
    stage.people.submit("ana", None, {"data_integrity": f"12 orders of {SECRET} are lost"})
    stage.settle()
    assert "orders" not in drafted(stage, room, "customer")
    shown = stage.type("ben", room.channel, "/postmortem approve customer")
    assert f"It does not tell customers what is stated of their data: 12 orders of {SECRET} are lost" in shown


def test_newer_draft_needs_a_version_and_an_approval_of_its_own(stage: Stage) -> None:
    room = resolved(stage)
    drafted(stage, room, "customer")
    stage.type("ben", room.channel, "/postmortem approve customer")
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    late = press(stage, "ben", room, "answer.approve_customer")
    assert late.startswith("Draft 2 has no customer version. Make one first: `/postmortem draft --audience customer`")
    drafted(stage, room, "customer")
    refused = stage.type("ana", room.channel, "/postmortem publish --audience customer --yes")
    assert refused.startswith("The customer version of draft 3 is not approved yet")


def test_same_version_is_approved_once(stage: Stage) -> None:
    room = resolved(stage)
    drafted(stage, room, "customer")
    approve(stage, room)
    assert "was approved by" in stage.type("ana", room.channel, "/postmortem approve customer")


@pytest.mark.parametrize("kind", ["drill", "near-miss"])
def test_what_no_customer_met_has_no_customer_version(stage: Stage, kind: str) -> None:
    room = stage.declare(f"Only practised --kind {kind}")
    answer = stage.type("ana", room.channel, "/postmortem draft --audience customer")
    assert "there is nothing to tell customers. For those inside: `/postmortem draft`" in answer


def test_before_the_first_draft_the_way_is_said(stage: Stage) -> None:
    room = stage.declare("Nothing drafted")
    answer = stage.type("ana", room.channel, "/postmortem approve customer")
    assert answer.startswith(
        f"{room.incident_id} has no draft yet. Make one first: `/postmortem draft --audience customer`"
    )


def test_open_incident_is_approved_but_not_published(stage: Stage) -> None:
    room = stage.declare("Still running")
    stage.people.join("ben", room.channel)
    stage.type("ana", room.channel, "/postmortem draft --audience customer")
    stage.settle()
    approve(stage, room)
    answer = stage.type("ana", room.channel, "/postmortem publish --audience customer --yes")
    assert answer.startswith(f"{room.incident_id} is investigating. Resolve it first: `/incident resolve`")


def test_security_incident_waits_for_those_who_are_set_to_approve(stage: Stage) -> None:
    room = resolved(stage, "Stolen key --type security")
    drafted(stage, room, "customer")
    answer = stage.type("ana", room.channel, "/postmortem approve customer")
    assert answer.startswith("The customer version of a security incident needs legal or infosec to agree.")
    assert "SCRIBE_APPROVERS" in answer


def test_only_those_who_are_set_approve(tmp_path: Path) -> None:
    with staged(tmp_path, is_started=False) as stage:
        group = stage.people.add_usergroup("legal", ["ben"])
        stage.start(SCRIBE_APPROVERS=f"UNOBODY, {group}")
        room = resolved(stage, "Stolen key --type security")
        drafted(stage, room, "customer")
        refused = stage.type("ana", room.channel, "/postmortem approve customer")
        assert refused.startswith("Only those named in SCRIBE_APPROVERS can approve a customer version.")
        # The command's answer can't wait for a Slack that takes its time.
        stage.sandbox.faults.api("usergroups.users.list", slow(2.5))
        late = stage.type("ben", room.channel, "/postmortem approve customer")
        assert late.startswith("Slack can't tell just now who may approve. Please send it again.")
        assert approve(stage, room, by="ben").startswith("The customer version of draft 1 is approved.")
