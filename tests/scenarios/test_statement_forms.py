"""The forms behind `impact`, `cause`, `lesson` and `action` typed without a text, and the chain of whys."""

import json

import pytest

from bot.sandbox import error, visible_text
from bot.sandbox.answers import SubmissionAnswer
from tests.scenarios.stage import Json, Room, Stage

COPIED = "https://example.slack.com/archives/C012/p1795190000000100"


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Forms {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def open_form(stage: Stage, room: Room, typed: str, *, by: str = "ana") -> Json:
    """Types a command without its text; the form is all that comes of it."""
    answer = stage.people.command(by, room.channel, "/incident", typed)
    assert (answer.acked, answer.text) == (True, None)
    form = stage.screen.modal(by)
    assert form is not None
    return form


def send(stage: Stage, *, by: str = "ana", **values: object) -> str:
    """Sends the open form in, closes what it turned into and returns its words."""
    answer = stage.people.submit(by, None, values)
    assert (answer.action, answer.errors, answer.problem) == ("update", {}, None)
    said = shown(stage, by)
    stage.people.close_modal(by, everything=True)
    return said


def shown(stage: Stage, by: str = "ana") -> str:
    form = stage.screen.modal(by)
    assert form is not None
    return visible_text(form)


def refused(stage: Stage, *, by: str = "ana", **values: object) -> SubmissionAnswer:
    """Sends the open form in, which stays with what was typed, and closes it."""
    answer = stage.people.submit(by, None, values)
    assert answer.action == "errors"
    form = stage.screen.modal(by)
    assert form is not None
    for name, value in values.items():
        assert str(value) in json.dumps(form["state"]["values"][name], ensure_ascii=False)
    stage.people.close_modal(by)
    return answer


def fields(form: Json) -> list[str]:
    return [block["block_id"] for block in form["blocks"] if block["type"] == "input"]


def held(form: Json, name: str) -> str | None:
    block = next(block for block in form["blocks"] if block.get("block_id") == name)
    element = block["element"]
    return element.get("initial_value") or (element.get("initial_option") or {}).get("value")


def report(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]


class TestImpact:
    def test_impact_without_a_text_opens_a_form_of_seven_fields(self, stage: Stage, room: Room) -> None:
        form = open_form(stage, room, "impact")
        assert fields(form) == ["text", "users", "services", "regions", "from", "to", "next"]
        stage.people.close_modal("ana")

    def test_form_is_saved_and_says_what_was_taken(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        said = send(
            stage,
            text="1 in 5 checkouts failed",
            users="50K (20%)",
            services="checkout, payments",
            **{"from": "20 minutes ago"},
        )
        assert f"Impact of {room.incident_id} saved.\n1 in 5 checkouts failed\nUsers: 50,000 (20%)" in said
        assert "Services: checkout, payments\nFrom: " in said
        written = report(stage, room)
        assert "1 in 5 checkouts failed" in written
        assert "**Users:** 50,000 (20%)" in written

    def test_second_step_repeats_what_was_saved_as_it_was_typed(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        stage.people.submit("ana", None, {"text": "Pay & go <EU> failed", "next": ["more"]})
        assert "Pay &amp; go &lt;EU&gt; failed" in shown(stage)
        stage.people.close_modal("ana", everything=True)

    def test_second_step_asks_for_costs_after_the_first_is_saved(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        assert stage.people.submit("ana", None, {"users": "12", "next": ["more"]}).action == "update"
        form = stage.screen.modal("ana")
        assert form is not None
        assert fields(form) == ["data_integrity", "sla_breach", "revenue", "tickets", "cost"]
        assert "Users: 12" in visible_text(form)
        assert "Revenue lost: 12,400 EUR" in send(stage, revenue="12.4K EUR", tickets="85")
        written = report(stage, room)
        assert "**Users:** 12" in written
        assert "**Support tickets:** 85" in written

    def test_second_step_can_be_reached_with_nothing_in_the_first(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        assert stage.people.submit("ana", None, {"next": ["more"]}).action == "update"
        assert "Support tickets: none" in send(stage, tickets="0")

    def test_form_holds_what_was_saved_before_in_the_zone_of_its_reader(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        send(stage, text="Some could not pay", **{"from": "2026-03-01 14:05 UTC"})
        form = open_form(stage, room, "impact", by="ben")
        assert held(form, "text") == "Some could not pay"
        assert held(form, "from") == "2026-03-01 09:05"
        said = send(stage, by="ben")
        assert said.endswith(f"The impact of {room.incident_id} stays as it was.")

    def test_second_submission_replaces_the_text_and_says_what_it_was(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        send(stage, text="Some could not pay", users="10")
        open_form(stage, room, "impact")
        said = send(stage, text="Many could not pay", users="")
        assert "Many could not pay (was: Some could not pay)" in said
        assert "Users: left open (was 10)" in said
        written = report(stage, room)
        assert "Some could not pay" not in written
        assert "**Users:**" not in written

    def test_text_typed_after_the_command_is_added_and_the_figures_stay(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        send(stage, text="Some could not pay", users="10")
        stage.type("ben", room.channel, "/incident impact Refunds were late")
        written = report(stage, room)
        assert "Some could not pay" in written
        assert "Refunds were late" in written
        assert "**Users:** 10" in written

    def test_two_with_the_form_open_overwrite_only_what_each_changed(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        send(stage, text="Some could not pay", users="10")
        open_form(stage, room, "impact", by="ana")
        open_form(stage, room, "impact", by="ben")
        send(stage, by="ana", users="50K", regions="EU")
        said = send(stage, by="ben", services="checkout", users="60K")
        assert "Users: 60,000 (was 50,000)" in said
        written = report(stage, room)
        assert "**Regions:** EU" in written
        assert "**Services:** checkout" in written

    def test_saved_form_can_be_undone_where_it_says_so(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "impact")
        send(stage, text="Some could not pay", users="10")
        open_form(stage, room, "impact")
        stage.people.submit("ana", None, {"users": "99"})
        assert stage.people.press_in_modal("ana", "answer.undo").acked
        assert shown(stage).endswith("Undone.")
        stage.people.close_modal("ana", everything=True)
        form = open_form(stage, room, "impact")
        assert (held(form, "text"), held(form, "users")) == ("Some could not pay", "10")
        stage.people.close_modal("ana")

    def test_mention_in_a_text_survives_the_form(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident impact Only @ben could not pay")
        form = open_form(stage, room, "impact")
        assert held(form, "text") == "Only @Ben Okoro could not pay"
        send(stage, text="Only @Ben Okoro could not pay for an hour")
        assert "Ben Okoro" not in report(stage, room)

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            (
                {"users": "many"},
                {"users": "“many” is not a number of people. Write it like 50,000, 50K, 20% or 50K (20%)."},
            ),
            ({"to": "1"}, {"to": 'I can\'t place "1" in time.'}),
            ({"regions": "x" * 90}, {"regions": "“" + "x" * 40 + "…” is too long for a name."}),
            ({}, {"text": "Say who was affected and how, or give a figure."}),
        ],
    )
    def test_wrong_field_is_told_there_and_the_form_stays(
        self, stage: Stage, room: Room, values: dict[str, str], errors: dict[str, str]
    ) -> None:
        open_form(stage, room, "impact")
        answer = refused(stage, **values)
        assert set(answer.errors) == set(errors)
        for name, words in errors.items():
            assert answer.errors[name].startswith(words)

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            ({"revenue": "a lot"}, {"revenue": "“a lot” is not an amount. Write it like $12,400, 12.4K EUR or none."}),
            ({"cost": "?"}, {"cost": "“?” is not an amount. Write it like $12,400, 12.4K EUR or none."}),
            ({"tickets": "lots"}, {"tickets": "“lots” is not a number of tickets. Write it like 85 or 1,200."}),
            ({}, {"data_integrity": "Say who was affected and how, or give a figure."}),
        ],
    )
    def test_wrong_field_of_the_second_step_is_told_there(
        self, stage: Stage, room: Room, values: dict[str, str], errors: dict[str, str]
    ) -> None:
        open_form(stage, room, "impact")
        stage.people.submit("ana", None, {"next": ["more"]})
        assert refused(stage, **values).errors == errors


class TestCause:
    def test_cause_keeps_all_that_its_form_says(self, stage: Stage, room: Room) -> None:
        form = open_form(stage, room, "cause root")
        assert fields(form) == ["kind", "text", "evidence", "layer", "category", "own_category", "score"]
        assert held(form, "kind") == "root"
        said = send(
            stage,
            kind="contributing",
            text="No alert on the pool",
            evidence=COPIED,
            layer="process",
            category="missing or inadequate monitoring",
            score="2",
        )
        expected = "No alert on the pool (process layer, missing or inadequate monitoring, score 2, with evidence)"
        assert f"Contributing factor: {expected}" in said
        written = report(stage, room)
        assert "process layer; missing or inadequate monitoring; score 2 of 3" in written
        assert COPIED in written

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            (
                {"text": "  "},
                {"text": "Say what the cause was. Try: The retry queue has no limit"},
            ),
            (
                {"text": "x", "evidence": "the dashboard"},
                {
                    "evidence": "“the dashboard” is not a link. Paste one that begins with https://, such as "
                    "a message's “Copy link”: https://example.slack.com/archives/C012/p1795190000000100"
                },
            ),
            (
                {"text": "x", "kind": "trigger", "score": "3"},
                {"score": "Only a contributing factor has a score. Leave this empty, or change the kind."},
            ),
            (
                {"text": "x", "category": "technical debt", "own_category": "clocks"},
                {"own_category": "Choose a category or name your own: “technical debt” is chosen already."},
            ),
        ],
    )
    def test_wrong_field_is_told_there_and_the_form_stays(
        self, stage: Stage, room: Room, values: dict[str, str], errors: dict[str, str]
    ) -> None:
        open_form(stage, room, "cause")
        assert refused(stage, **values).errors == errors


class TestAction:
    def test_action_keeps_all_that_its_form_says(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident cause root The pool has no limit")
        form = open_form(stage, room, "action")
        assert fields(form) == ["text", "owner", "due", "priority", "type", "cause", "link"]
        cause = next(block for block in form["blocks"] if block["block_id"] == "cause")["element"]["options"][0]
        assert cause["text"]["text"] == "Root: The pool has no limit"
        said = send(
            stage,
            text="Alert on the pool",
            owner="ben",
            due="2027-12-15",
            priority="P1",
            type="detect",
            cause=cause["value"],
            link="https://tracker.example/PAY-412",
        )
        assert "due Wed 2027-12-15, P1, detect, answers a cause, tracked)" in said
        written = report(stage, room)
        assert "(answers: The pool has no limit)" in written
        assert "[PAY-412](https://tracker.example/PAY-412)" in written

    def test_form_asks_for_no_cause_where_none_is_known(self, stage: Stage, room: Room) -> None:
        assert "cause" not in fields(open_form(stage, room, "action"))
        assert "no owner yet, no due date yet" in send(stage, text="Write it down")

    def test_cause_taken_back_meanwhile_is_told_at_its_field(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident cause root The pool has no limit")
        form = open_form(stage, room, "action", by="ben")
        offering = [one for one in stage.screen.ephemerals("ana", room.channel) if "answer.undo" in str(one["blocks"])]
        stage.people.press("ana", room.channel, offering[-1]["ts"], "answer.undo")
        stage.settle()
        cause = next(block for block in form["blocks"] if block["block_id"] == "cause")["element"]["options"][0]
        answer = refused(stage, by="ben", text="Alert on it", cause=cause["value"])
        assert answer.errors == {"cause": "That cause has been taken back meanwhile. Choose another one, or none."}

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            ({"text": "x", "due": "soon"}, {"due": 'I can\'t read "soon" as a due date.'}),
            ({"text": "x", "link": "PAY-412"}, {"link": "“PAY-412” is not a link."}),
            ({"text": "x", "owner": "scribe"}, {"owner": "Incident Scribe is a bot and can't own an action."}),
            ({"text": " "}, {"text": "Say what is to be done."}),
        ],
    )
    def test_wrong_field_is_told_there_and_the_form_stays(
        self, stage: Stage, room: Room, values: dict[str, str], errors: dict[str, str]
    ) -> None:
        open_form(stage, room, "action")
        answer = stage.people.submit("ana", None, values)
        stage.people.close_modal("ana")
        assert set(answer.errors) == set(errors)
        for name, words in errors.items():
            assert answer.errors[name].startswith(words)


class TestLesson:
    @pytest.mark.parametrize("typed", ["lesson", "lesson hard"])
    def test_lesson_without_a_text_opens_a_form(self, stage: Stage, room: Room, typed: str) -> None:
        form = open_form(stage, room, typed)
        assert fields(form) == ["kind", "text"]
        assert held(form, "kind") == (typed.split()[1] if " " in typed else "well")
        assert "Lesson (still unknown): Why the second region" in send(
            stage, kind="unknown", text="Why the second region recovered"
        )
        assert "Why the second region recovered" in report(stage, room)

    def test_empty_lesson_is_told_at_its_field(self, stage: Stage, room: Room) -> None:
        open_form(stage, room, "lesson")
        assert refused(stage, text="  ").errors == {
            "text": "Say what was learned. Try: The alert fired within a minute"
        }


class TestWhys:
    def test_whys_shows_the_chain_to_the_asker_alone(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident why Checkout waited for a connection")
        stage.type("ben", room.channel, "/incident why The pool was smaller than the load")
        before = len(stage.seen_in(room.channel))
        said = stage.type("ana", room.channel, "/incident whys")
        assert "1. Checkout waited for a connection\n2. The pool was smaller than the load" in said
        assert len(stage.seen_in(room.channel)) == before

    def test_empty_chain_says_how_to_begin_it(self, stage: Stage, room: Room) -> None:
        said = stage.type("ana", "general", f"/incident {room.ending} whys")
        assert "has no why chain yet" in said
        assert f"/incident {room.incident_id} why Checkout failed because" in said


@pytest.mark.parametrize("typed", ["impact", "cause", "lesson", "action"])
class TestEveryForm:
    def test_form_that_can_not_open_says_what_to_type_instead(self, stage: Stage, room: Room, typed: str) -> None:
        stage.sandbox.faults.api("views.open", error("expired_trigger_id"))
        said = stage.type("ana", room.channel, f"/incident {typed}")
        assert "could not be opened" in said
        assert f"Type it in one line instead, for example: `/incident {typed} " in said

    def test_form_is_not_opened_outside_an_incident(self, stage: Stage, typed: str) -> None:
        assert "This is not an incident's channel." in stage.type("ana", "general", f"/incident {typed}")
        assert stage.screen.modal("ana") is None

    def test_form_opened_elsewhere_is_about_the_incident_that_was_named(
        self, stage: Stage, room: Room, typed: str
    ) -> None:
        answer = stage.people.command("ana", "general", "/incident", f"{room.ending} {typed}")
        assert answer.text is None
        send(stage, text="Said from elsewhere")
        assert "Said from elsewhere" in report(stage, room)
