"""Shortcuts that make something of a message: an action, or an incident that the message is the evidence of."""

import re
from datetime import UTC, datetime

import pytest

from bot.sandbox import error, visible_text
from tests.scenarios.stage import Json, Room, Stage


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Made of {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def choose(stage: Stage, user: str, channel: str, ts: str, shortcut: str) -> Json | None:
    """Chooses a shortcut on a message and returns the form that it opens, if any."""
    assert stage.people.message_shortcut(user, channel, ts, shortcut).acked
    stage.settle()
    return stage.screen.modal(user)


def held(form: Json | None, name: str) -> str | None:
    assert form is not None
    element: Json = next(block for block in form["blocks"] if block.get("block_id") == name)["element"]
    value: str | None = element.get("initial_value")
    return value


def submit(stage: Stage, user: str, **values: object) -> str:
    answer = stage.people.submit(user, None, values)
    assert (answer.action, answer.errors, answer.problem) == ("update", {}, None)
    form = stage.screen.modal(user)
    assert form is not None
    stage.people.close_modal(user, everything=True)
    stage.settle()
    return visible_text(form)


def report(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]


def link_to(channel: str, ts: str) -> str:
    return f"https://sandbox.slack.com/archives/{channel}/p{ts.replace('.', '')}"


class TestCreateAction:
    def test_action_begins_with_the_words_of_the_message_and_keeps_where_it_comes_from(
        self, stage: Stage, room: Room
    ) -> None:
        ts = stage.people.say("ben", room.channel, stage.people.typed("@ben should alert on the queue & the pool"))
        form = choose(stage, "ana", room.channel, ts, "create_action")
        assert held(form, "text") == "@Ben Okoro should alert on the queue & the pool"
        said = submit(stage, "ana", text="Alert on the queue and the pool", due="in 2 weeks", priority="P1")
        assert "Action 1: Alert on the queue and the pool" in said
        assert f"(from a [message]({link_to(room.channel, ts)}))" in report(stage, room)

    def test_thread_reply_is_linked_within_its_thread(self, stage: Stage, room: Room) -> None:
        parent = stage.people.say("ben", room.channel, "what now")
        ts = stage.people.say("ana", room.channel, "write a runbook", thread=parent)
        choose(stage, "ana", room.channel, ts, "create_action")
        submit(stage, "ana")
        assert f"{link_to(room.channel, ts)}?thread_ts={parent}" in report(stage, room).replace("&amp;", "&")

    def test_outside_an_incident_it_says_how_to_do_it_from_there(self, stage: Stage, room: Room) -> None:
        del room
        ts = stage.people.say("ana", "general", "write a runbook")
        assert choose(stage, "ana", "general", ts, "create_action") is None
        said = stage.whispered("ana", "general")[-1]
        assert re.fullmatch(
            r"This is not an incident's channel\. "
            r"To add an action from here: `/incident INC-\S+ action write a runbook`",
            said,
        )

    def test_form_that_can_not_open_says_what_to_type_instead(self, stage: Stage, room: Room) -> None:
        ts = stage.people.say("ben", room.channel, "alert on the queue")
        stage.sandbox.faults.api("views.open", error("expired_trigger_id"))
        assert choose(stage, "ana", room.channel, ts, "create_action") is None
        said = stage.whispered("ana", room.channel)[-1]
        assert "Type it in one line instead, for example: `/incident action " in said

    def test_own_messages_of_the_bot_are_refused(self, stage: Stage, room: Room) -> None:
        assert choose(stage, "ana", room.channel, stage.header(room)["ts"], "create_action") is None
        assert stage.whispered("ana", room.channel)[-1] == "The bot's own messages don't say anything new."


class TestDeclare:
    def declare(self, stage: Stage, channel: str, ts: str, *, by: str = "ana", **values: object) -> Room:
        assert choose(stage, by, channel, ts, "declare_from_message") is not None
        room = stage.room(submit(stage, by, **values))
        stage.settle()
        return Room(room.incident_id, stage.screen.channel(room.name).id, room.name)

    def test_title_is_the_first_line_of_the_message(self, stage: Stage) -> None:
        ts = stage.people.say("ben", "general", "\nCheckout is slow & failing\nsince the deploy, I think")
        form = choose(stage, "ana", "general", ts, "declare_from_message")
        assert held(form, "title") == "Checkout is slow & failing"
        assert form is not None
        assert "The message becomes the evidence that it was detected, today " in visible_text(form)
        assert "Not everybody can read that message" not in visible_text(form)
        stage.people.close_modal("ana")

    def test_message_is_when_and_how_the_incident_was_detected(self, stage: Stage) -> None:
        ts = stage.people.say("ben", "general", "checkout is failing")
        stage.clock.move(datetime(2026, 1, 1, 0, 7, tzinfo=UTC) - datetime(2026, 1, 1, tzinfo=UTC))
        room = self.declare(stage, "general", ts, severity="2")
        detected = datetime.fromtimestamp(int(ts.split(".")[0]), UTC)
        assert f"Detected: {detected:%Y-%m-%d %H:%M} UTC" in stage.info("ana", room)
        written = report(stage, room)
        assert f"| Detected | {detected:%Y-%m-%d %H:%M} | [message]({link_to('C0S0000001', ts)}) named by " in (
            written.replace(stage.screen.channel("general").id, "C0S0000001")
        )

    def test_reporter_is_told_where_it_goes_on(self, stage: Stage) -> None:
        ts = stage.people.say("ben", "general", "checkout is failing again")
        room = self.declare(stage, "general", ts)
        assert any(f"{room.incident_id} is open." in said for said in stage.whispered("ana", "general"))

    def test_alert_can_be_declared_from(self, stage: Stage) -> None:
        ts = stage.people.alert("Pager", "general", "", attachments=[{"title": "5xx over 10%", "text": "checkout"}])
        form = choose(stage, "ana", "general", ts, "declare_from_message")
        assert held(form, "title") == "5xx over 10%"
        stage.people.close_modal("ana")

    def test_words_of_a_private_message_go_no_further_than_the_title(self, stage: Stage) -> None:
        if "leads" not in {one.name for one in stage.screen.channels()}:
            stage.people.add_channel("leads", private=True, members=["ana", "ben"])
        ts = stage.people.say("ben", "leads", "Acme is leaving us\nbecause checkout fails")
        form = choose(stage, "ana", "leads", ts, "declare_from_message")
        assert form is not None
        assert "Not everybody can read that message. Of its words only this title goes further" in visible_text(form)
        answer = stage.people.submit("ana", None, {"title": "Checkout fails"})
        assert answer.action == "update"
        room = stage.room(visible_text(stage.screen.modal("ana") or {}))
        stage.people.close_modal("ana", everything=True)
        stage.settle()
        room = Room(room.incident_id, stage.screen.channel(room.name).id, room.name)
        said = [*stage.bot_said("incidents"), *stage.bot_said(room.channel), report(stage, room)]
        assert not [text for text in said if "Acme" in text or "because checkout" in text]
        assert any("Checkout fails" in text for text in said)

    def test_incident_declared_within_another_is_its_sibling(self, stage: Stage, room: Room) -> None:
        ts = stage.people.say("ben", room.channel, "the queue is another story")
        sibling = self.declare(stage, room.channel, ts)
        assert sibling.incident_id != room.incident_id
        assert room.incident_id in stage.info("ana", sibling)

    def test_corrected_detection_stands_on_who_corrected_it(self, stage: Stage) -> None:
        ts = stage.people.say("ben", "general", "checkout is failing once more")
        room = self.declare(stage, "general", ts)
        stage.type("ana", room.channel, "/incident set detected 20 minutes ago")
        row = next(line for line in report(stage, room).split("\n") if line.startswith("| Detected |"))
        assert "message" not in row

    def test_guest_is_refused(self, stage: Stage) -> None:
        if "visitor" not in {one.name for one in stage.sandbox.workspace.people.values()}:
            stage.people.add_person("visitor", guest=True)
            stage.people.invite("ana", "general", "visitor")
        ts = stage.people.say("visitor", "general", "help")
        assert choose(stage, "visitor", "general", ts, "declare_from_message") is None
        assert stage.whispered("visitor", "general")[-1].startswith("Guests can't declare an incident.")
