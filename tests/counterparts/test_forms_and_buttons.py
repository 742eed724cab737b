"""Forms, buttons, menus and the Home tab, against a Slack that nobody here wrote; over Socket Mode and over HTTP."""

from collections.abc import Iterator

import pytest

from bot.sandbox import visible_text
from tests.counterparts.local_slack import ANA, BEN, GENERAL
from tests.counterparts.scribe import HTTP, SOCKET, Room, Scribe, running


@pytest.fixture(scope="module", params=[SOCKET, HTTP])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scribe]:
    with running(tmp_path_factory.mktemp(request.param), request.param) as started:
        yield started


def test_form_declares_an_incident(shared: Scribe) -> None:
    assert shared.type(ANA, GENERAL, "/incident start") == ""
    form = shared.people.modal()
    assert form is not None
    assert form["title"]["text"] == "Declare an incident"
    assert shared.people.submit(ANA, {"title": "From a form", "severity": "1", "vendor": "Big Cloud"}) == {}
    done = shared.people.modal()
    assert done is not None
    shared.people.close_modal(ANA)
    room = shared.room(visible_text(done))
    assert "From a form" in shared.header_text(room)
    assert "SEV1" in shared.header_text(room)


def test_form_that_will_not_do_stays_open_with_the_error_at_its_field(shared: Scribe) -> None:
    shared.type(ANA, GENERAL, "/incident start")
    errors = shared.people.submit(ANA, {"title": "   ", "vendor": "Big Cloud"})
    assert list(errors) == ["title"]
    form = shared.people.modal()
    assert form is not None
    assert form["title"]["text"] == "Declare an incident"
    assert shared.people.submit(ANA, {"title": "Second try", "vendor": "Big Cloud"}) == {}
    shared.people.close_modal(ANA)


def test_private_incident_is_not_announced(shared: Scribe) -> None:
    shared.type(ANA, GENERAL, "/incident start")
    shared.people.submit(ANA, {"title": "Leaked keys", "type": "security", "private": ["private"]})
    done = shared.people.modal()
    assert done is not None
    shared.people.close_modal(ANA)
    room = shared.room(visible_text(done))
    assert shared.people.channel(room.name)["is_private"] is True
    assert not any("Leaked keys" in text for text in shared.people.texts("C0INCIDENT"))


def test_home_tab_shows_the_incident_and_declares_another(shared: Scribe) -> None:
    room = shared.declare("At home")
    shared.type(ANA, room.channel, f"/incident action Water the plants <@{ANA}|ana> due 2030-01-01")
    shared.people.open_home(ANA)
    shared.settle()
    home = visible_text(shared.people.home(ANA))
    assert room.incident_id in home
    assert "Water the plants" in home
    shared.people.press_in_home(ANA, "home.declare")
    form = shared.people.modal()
    assert form is not None
    assert form["title"]["text"] == "Declare an incident"
    shared.people.close_modal(ANA)


def test_lead_that_is_taken_stays_with_who_took_it(shared: Scribe) -> None:
    room = shared.declare("Who leads")
    header = shared.header(room)["ts"]
    shared.people.press(BEN, room.channel, header, "header.lead")
    shared.settle()
    assert "Ben Okoro" in shared.header_text(room)
    assert "Take the lead" not in shared.header_text(room)


def test_answer_of_a_button_carries_undo_and_is_replaced_by_what_it_did(shared: Scribe) -> None:
    room = shared.declare("Too early")
    shared.people.press(BEN, room.channel, shared.header(room)["ts"], "header.move.mitigated")
    shared.settle()
    (answer,) = shared.people.whispers(BEN, room.channel)
    assert "Mitigated" in shared.header_text(room)
    shared.people.press(BEN, room.channel, answer["ts"], "answer.undo")
    shared.settle()
    (answer,) = shared.people.whispers(BEN, room.channel)
    assert "undo" not in visible_text(answer).lower().replace("undone", "")
    assert "Investigating" in shared.header_text(room)


def test_timeline_button_shows_it_to_whoever_pressed(shared: Scribe) -> None:
    room = shared.declare("Show me")
    shared.type(ANA, room.channel, "/incident note rolled back the release")
    shared.people.press(BEN, room.channel, shared.header(room)["ts"], "header.timeline")
    shared.settle()
    (shown,) = shared.people.whispered(BEN, room.channel)
    assert "rolled back the release" in shown


def test_entry_is_kept_out_of_the_report_with_its_menu(shared: Scribe) -> None:
    room = shared.declare("Off the record")
    ts = shared.people.say(BEN, room.channel, "my fault entirely")
    shared.people.react(ANA, room.channel, ts, "pushpin")
    shared.timeline(ANA, room)
    shown = shared.people.whispers(ANA, room.channel)[-1]
    options = [
        option["value"]
        for block in shown["blocks"]
        if block.get("accessory", {}).get("action_id") == "timeline.entry"
        for option in block["accessory"]["options"]
        if "Keep out" in option["text"]["text"]
    ]
    shared.people.press(ANA, room.channel, shown["ts"], "timeline.entry", option=options[0])
    shared.settle()
    assert "my fault entirely" not in shared.timeline(ANA, room)


def test_publishing_asks_first(shared: Scribe) -> None:
    room = shared.declare("Ask me")
    _drafted(shared, room)
    summary = next(one for one in shared.people.from_bot(room.channel) if "Postmortem of" in visible_text(one))
    shared.people.press(ANA, room.channel, summary["ts"], "draft.publish")
    shared.settle()
    asked = shared.people.whispers(ANA, room.channel)[-1]
    assert "Closed" not in shared.header_text(room)
    shared.people.press(ANA, room.channel, asked["ts"], "answer.publish")
    shared.settle()
    assert "Closed" in shared.header_text(room)


def _drafted(scribe: Scribe, room: Room) -> None:
    for command in ("/incident resolve", "/postmortem draft"):
        scribe.type(ANA, room.channel, command)
        scribe.settle()


def test_followed_up_action_is_dropped_with_a_reason(scribe: Scribe) -> None:
    room = scribe.declare("Afterwards")
    scribe.type(ANA, room.channel, f"/incident action Add an alert <@{ANA}|ana> due 2030-01-01")
    _drafted(scribe, room)
    scribe.type(ANA, room.channel, "/postmortem publish --yes")
    scribe.settle()
    scribe.restart(days=31)
    follow_up = next(
        one for one in scribe.people.from_bot(room.channel) if "days after the postmortem" in visible_text(one)
    )
    menu = next(block["accessory"] for block in follow_up["blocks"] if "accessory" in block)
    drop = next(one["value"] for one in menu["options"] if one["value"].endswith("dropped"))
    scribe.people.press(ANA, room.channel, follow_up["ts"], menu["action_id"], option=drop)
    assert scribe.people.submit(ANA, {"reason": "replaced by the new queue"}) == {}
    scribe.people.close_modal(ANA)
    scribe.settle()
    assert "dropped" in visible_text(scribe.people.message(room.channel, follow_up["ts"])).lower()
