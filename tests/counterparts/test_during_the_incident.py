"""While an incident is open: updates, tasks, forms, reminders, handing over; against a Slack that nobody here wrote."""

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, CLEO, INCIDENTS
from tests.counterparts.scribe import Room, Scribe


def announced(scribe: Scribe, room: Room) -> list[str]:
    return [text for text in scribe.people.texts(INCIDENTS) if room.incident_id in text]


def test_update_stands_in_the_announcement_and_the_next_one_takes_its_place(shared: Scribe) -> None:
    room = shared.declare("Updates")
    answer = shared.type(ANA, room.channel, "/incident update One in five payments fails next 30m")
    assert "One in five payments fails" in answer
    shared.settle()
    (announcement,) = announced(shared, room)
    assert "One in five payments fails" in announcement
    shared.type(ANA, room.channel, "/incident update Payments are back")
    shared.settle()
    (announcement,) = announced(shared, room)
    assert "Payments are back" in announcement
    assert "One in five" not in announcement


def test_task_is_given_listed_and_done(shared: Scribe) -> None:
    room = shared.declare("Tasks")
    shared.type(ANA, room.channel, f"/incident task Call the vendor <@{BEN}|ben>")
    shared.settle()
    assert any(f"Task 1 for <@{BEN}>" in text for text in shared.people.texts(room.channel))
    shared.type(BEN, room.channel, "/incident tasks")
    shown = shared.people.whispers(BEN, room.channel)[-1]
    assert "Call the vendor" in visible_text(shown)
    shared.people.press(BEN, room.channel, shown["ts"], "tasks.move.1", option=_option(shown, "done"))
    shared.settle()
    assert "Call the vendor" not in shared.type(CLEO, room.channel, "/incident catchup")


def _option(message: dict[str, object], ending: str) -> str:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    options = [one["value"] for block in blocks for one in block.get("accessory", {}).get("options", [])]
    return next(str(value) for value in options if str(value).endswith(ending))


def test_lead_passes_when_the_other_accepts(shared: Scribe) -> None:
    room = shared.declare("Handover")
    shared.people.press(ANA, room.channel, shared.header(room)["ts"], "header.lead")
    shared.settle()
    shared.type(ANA, room.channel, f"/incident handover <@{BEN}|ben>")
    assert shared.people.submit(ANA, {"state": "half of it is back"}) == {}
    shared.people.close_modal(ANA)
    shared.settle()
    offer = shared.people.from_bot(room.channel)[-1]
    assert "half of it is back" in visible_text(offer)
    assert "Ana Silva" in shared.header_text(room)
    shared.people.press(BEN, room.channel, offer["ts"], "handover.accept")
    shared.settle()
    assert "Ben Okoro" in shared.header_text(room)
    assert "Accepted by Ben Okoro" in visible_text(shared.people.message(room.channel, offer["ts"]))


def test_catching_up_is_for_the_asker_alone(shared: Scribe) -> None:
    room = shared.declare("Late to the party")
    shared.type(ANA, room.channel, "/incident note rolled back the release")
    before = len(shared.people.messages(room.channel))
    caught_up = shared.type(CLEO, room.channel, "/incident catchup")
    assert room.incident_id in caught_up
    assert "Nobody has the lead" in caught_up
    assert len(shared.people.messages(room.channel)) == before
    assert shared.people.whispers(ANA, room.channel)[-1]["text"] != caught_up


def test_incident_declared_inside_another_is_its_sibling(shared: Scribe) -> None:
    room = shared.declare("First")
    sibling = shared.declare("Second", channel=room.channel)
    assert sibling.channel != room.channel
    assert room.incident_id in " ".join(shared.people.whispered(ANA, room.channel))


def test_linked_incidents_know_each_other_until_it_is_undone(shared: Scribe) -> None:
    one, other = shared.declare("One"), shared.declare("The other")
    assert one.incident_id in shared.type(ANA, other.channel, f"/incident link {one.incident_id}")
    link = shared.people.whispers(ANA, other.channel)[-1]
    assert other.incident_id in shared.type(BEN, one.channel, "/incident info")
    shared.people.press(ANA, other.channel, link["ts"], "answer.undo")
    shared.settle()
    assert other.incident_id not in shared.type(BEN, one.channel, "/incident info")


def test_impact_and_action_are_written_down_with_forms(shared: Scribe) -> None:
    room = shared.declare("Forms")
    shared.type(ANA, room.channel, "/incident impact")
    assert shared.people.submit(ANA, {"text": "Payments failed", "users": "1200"}) == {}
    shared.people.close_modal(ANA)
    shared.type(ANA, room.channel, "/incident action")
    assert shared.people.submit(ANA, {"text": "Add an alert", "owner": BEN, "due": "2030-01-01"}) == {}
    shared.people.close_modal(ANA)
    shared.settle()
    shared.people.open_home(BEN)
    shared.settle()
    assert "Add an alert" in visible_text(shared.people.home(BEN))
    shared.type(ANA, room.channel, "/incident impact")
    form = shared.people.modal()
    assert form is not None
    assert form["blocks"][0]["element"]["initial_value"] == "Payments failed"
    shared.people.close_modal(ANA)


def test_form_for_a_cause_wants_a_link_as_evidence(shared: Scribe) -> None:
    room = shared.declare("Causes")
    shared.type(ANA, room.channel, "/incident cause")
    errors = shared.people.submit(ANA, {"text": "The pool has no limit", "evidence": "the graph"})
    assert list(errors) == ["evidence"]
    link = "https://example.com/graph"
    assert shared.people.submit(ANA, {"text": "The pool has no limit", "evidence": link}) == {}
    shared.people.close_modal(ANA)


def test_reminder_that_nobody_leads_goes_when_somebody_does(scribe: Scribe) -> None:
    room = scribe.declare("Leaderless")
    assert not _reminders(scribe, room)
    scribe.restart(minutes=6)
    (reminder,) = _reminders(scribe, room)
    scribe.people.press(CLEO, room.channel, reminder, "header.lead")
    scribe.settle()
    assert "Cleo Marchetti" in scribe.header_text(room)
    assert not _reminders(scribe, room)


def _reminders(scribe: Scribe, room: Room) -> list[str]:
    """The ts of what says that nobody leads."""
    posts = scribe.people.from_bot(room.channel)
    return [one["ts"] for one in posts if "Nobody leads this incident yet" in visible_text(one)]


def test_overdue_update_is_asked_for_once_and_can_be_put_off(scribe: Scribe) -> None:
    room = scribe.declare("Overdue --sev 2")
    scribe.people.press(ANA, room.channel, scribe.header(room)["ts"], "header.lead")
    scribe.type(ANA, room.channel, "/incident update Payments fail next 30m")
    scribe.settle()
    scribe.restart(minutes=31)
    assert _asked(scribe, room) == 1
    assert "Snoozed" in scribe.type(ANA, room.channel, "/incident snooze 1h")
    scribe.settle()
    assert any(text.startswith("Snoozed until") for text in scribe.people.texts(room.channel))
    scribe.restart(minutes=90)
    assert _asked(scribe, room) == 1


def _asked(scribe: Scribe, room: Room) -> int:
    return sum("update for those outside has been due" in text for text in scribe.people.texts(room.channel))
