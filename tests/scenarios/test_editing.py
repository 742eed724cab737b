"""Editing the timeline from its own menus: each entry's words, time, phase and weight, keeping out, removing, Undo."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import visible_text
from tests.scenarios.stage import Json, Room, Stage


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return {"SCRIBE_EMOJI": "phases"}


@pytest.fixture
def room(stage: Stage, request: pytest.FixtureRequest) -> Room:
    room = stage.declare(f"Edits {abs(hash(request.node.name)) % 10**8}")
    stage.people.join("ben", room.channel)
    stage.settle()
    return room


def pinned(stage: Stage, room: Room, text: str, emoji: str = "pushpin") -> str:
    ts = stage.people.say("ben", room.channel, text)
    stage.people.react("ana", room.channel, ts, emoji)
    stage.settle()
    return ts


def open_timeline(stage: Stage, room: Room, *, by: str = "ana", rest: str = "") -> str:
    """Types the command and returns the ts of what it shows."""
    stage.type(by, room.channel, f"/incident timeline {rest}".strip())
    return str(stage.screen.ephemerals(by, room.channel)[-1]["ts"])


def message(stage: Stage, room: Room, ts: str, *, by: str = "ana") -> Json:
    return next(one for one in stage.screen.ephemerals(by, room.channel) if one["ts"] == ts)


def now_shows(stage: Stage, room: Room, ts: str, *, by: str = "ana") -> str:
    """What the message that showed the timeline says by now."""
    stage.settle()
    return visible_text(message(stage, room, ts, by=by))


def block_of(stage: Stage, room: Room, ts: str, words: str, *, by: str = "ana") -> tuple[int, Json]:
    blocks = message(stage, room, ts, by=by)["blocks"]
    return next((number, block) for number, block in enumerate(blocks) if words in visible_text({"blocks": [block]}))


def choices(stage: Stage, room: Room, ts: str, words: str) -> list[str]:
    block = block_of(stage, room, ts, words)[1]
    return [one["text"]["text"] for one in block.get("accessory", {}).get("options", [])]


def choose(stage: Stage, room: Room, ts: str, words: str, choice: str, *, by: str = "ana") -> None:
    """Chooses something from the menu of the entry that says this."""
    number, block = block_of(stage, room, ts, words, by=by)
    block_id = block.get("block_id") or f"block-{number}"
    pressed = stage.people.press(by, room.channel, ts, "timeline.entry", selected=choice, block_id=block_id)
    assert pressed.acked
    stage.settle()


def form_of(stage: Stage, by: str = "ana") -> Json:
    form = stage.screen.modal(by)
    assert form is not None
    return form


def initial(form: Json, name: str) -> str | None:
    element = next(block for block in form["blocks"] if block.get("block_id") == name)["element"]
    options = element.get("initial_options") or [element.get("initial_option") or {}]
    value: str | None = element.get("initial_value") or options[0].get("value")
    return value


def save(stage: Stage, *, by: str = "ana", **values: object) -> None:
    """Sends the form in, which closes."""
    answer = stage.people.submit(by, "entry", values)
    assert (answer.action, answer.errors, answer.problem) == ("close", {}, None)
    assert stage.screen.modal(by) is None
    stage.settle()


def press_undo(stage: Stage, room: Room, ts: str) -> None:
    assert stage.people.press("ana", room.channel, ts, "timeline.undo").acked
    stage.settle()


def report(stage: Stage, room: Room) -> str:
    stage.type("ana", room.channel, "/postmortem draft")
    stage.settle()
    return [file.text for file in stage.screen.files() if file.name.startswith(room.incident_id)][-1]


def minutes_ago(stage: Stage, minutes: int) -> str:
    return f"{stage.clock() - timedelta(minutes=minutes):%H:%M} UTC"


class TestMessages:
    def test_menu_offers_what_can_be_done(self, stage: Stage, room: Room) -> None:
        pinned(stage, room, "rolled back")
        ts = open_timeline(stage, room)
        assert choices(stage, room, ts, "rolled back") == [
            "Edit",
            "Mark as key decision",
            "Keep out of the report",
            "Remove",
        ]

    def test_entry_is_edited_and_the_timeline_shows_it_at_once(self, stage: Stage, room: Room) -> None:
        pinned(stage, room, "rolled bakc, i think", "mag")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "rolled bakc", "Edit")
        form = form_of(stage)
        assert (initial(form, "text"), initial(form, "phase")) == ("rolled bakc, i think", "investigation")
        save(stage, text="Rolled back to 2.14", when="10 minutes ago", phase="mitigation", key=["key"])
        shown = now_shows(stage, room, ts)
        assert "Now: Rolled back to 2.14 (was: “rolled bakc, i think”)" in shown
        line = shown.split("Rolled back to 2.14")[-1]
        assert f"{minutes_ago(stage, 10)}" in line
        assert "mitigation · key decision" in line
        written = report(stage, room)
        assert "Rolled back to 2.14" in written
        assert "rolled bakc" not in written

    def test_edited_entry_stays_when_its_last_reaction_goes(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "rolled back")
        choose(stage, room, open_timeline(stage, room), "rolled back", "Edit")
        save(stage, text="Rolled back to 2.14")
        stage.people.unreact("ana", room.channel, said, "pushpin")
        stage.settle()
        assert "Rolled back to 2.14" in stage.timeline("ana", room)
        assert stage.is_marked(room, said)

    def test_undone_edit_goes_with_the_last_reaction_again(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "rolled back")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "rolled back", "Edit")
        save(stage, text="Something else")
        press_undo(stage, room, ts)
        shown = now_shows(stage, room, ts)
        assert shown.startswith("Undone.")
        assert "rolled back" in shown
        assert "Something else" not in shown
        stage.people.unreact("ana", room.channel, said, "pushpin")
        stage.settle()
        assert "rolled back" not in stage.stands("ana", room)
        assert not stage.is_marked(room, said)

    def test_form_sent_in_as_it_was_changes_nothing(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "asked @ben to roll back".replace("@ben", stage.people.typed("@ben")))
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "asked", "Edit")
        assert initial(form_of(stage), "text") == "asked @Ben Okoro to roll back"
        save(stage)
        assert "That entry stays as it was." in now_shows(stage, room, ts)
        stage.people.unreact("ana", room.channel, said, "pushpin")
        stage.settle()
        assert "roll back" not in stage.stands("ana", room)

    def test_two_editors_overwrite_only_what_each_changed(self, stage: Stage, room: Room) -> None:
        pinned(stage, room, "rolled back")
        for by in ("ana", "ben"):
            choose(stage, room, open_timeline(stage, room, by=by), "rolled back", "Edit", by=by)
        save(stage, by="ana", text="Rolled back to 2.14")
        save(stage, by="ben", phase="mitigation")
        shown = stage.timeline("ana", room)
        assert "Rolled back to 2.14" in shown
        assert "mitigation" in shown.split("Rolled back to 2.14")[1]

    def test_key_decision_is_marked_and_undone(self, stage: Stage, room: Room) -> None:
        pinned(stage, room, "we fail over")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "we fail over", "Mark as key decision")
        shown = now_shows(stage, room, ts)
        assert "“we fail over” is a key decision." in shown
        assert shown.split("we fail over")[2].split("\n")[1].endswith("key decision_")
        press_undo(stage, room, ts)
        assert "key decision_" not in now_shows(stage, room, ts)

    def test_entry_kept_out_is_gone_at_once_and_comes_back_with_undo(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "my fault entirely")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "my fault", "Keep out of the report")
        assert "“my fault entirely” stays out of the report." in now_shows(stage, room, ts)
        stage.people.react("ben", room.channel, said, "pushpin")
        stage.settle()
        assert "my fault" not in stage.stands("ana", room)
        assert not stage.is_marked(room, said)
        press_undo(stage, room, ts)
        assert "my fault entirely" in now_shows(stage, room, ts)
        assert stage.is_marked(room, said)

    def test_removed_entry_comes_back_with_somebody_elses_reaction(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "not worth it")
        choose(stage, room, open_timeline(stage, room), "not worth it", "Edit")
        save(stage, text="Edited words")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "Edited words", "Remove")
        assert "“Edited words” is off the timeline." in now_shows(stage, room, ts)
        assert "Edited words" not in stage.stands("ana", room)
        assert not stage.is_marked(room, said)
        stage.people.react("ben", room.channel, said, "pushpin")
        stage.settle()
        shown = stage.timeline("ana", room)
        assert "not worth it" in shown
        assert "Edited words" not in shown

    def test_undone_removal_brings_the_edited_words_back(self, stage: Stage, room: Room) -> None:
        pinned(stage, room, "not worth it")
        choose(stage, room, open_timeline(stage, room), "not worth it", "Edit")
        save(stage, text="Edited words")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "Edited words", "Remove")
        press_undo(stage, room, ts)
        assert "Edited words" in now_shows(stage, room, ts).split("Timeline of")[1]

    def test_removed_entry_added_by_hand_is_back(self, stage: Stage, room: Room) -> None:
        said = stage.people.say("ben", room.channel, "by hand")
        stage.people.message_shortcut("ana", room.channel, said, "add_to_timeline")
        stage.settle()
        choose(stage, room, open_timeline(stage, room), "by hand", "Remove")
        assert "by hand" not in stage.stands("ana", room)
        stage.people.message_shortcut("ana", room.channel, said, "add_to_timeline")
        stage.settle()
        assert "by hand" in stage.timeline("ana", room)

    def test_message_deleted_meanwhile_is_told_so(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "soon gone")
        ts = open_timeline(stage, room)
        stage.people.delete("ben", room.channel, said)
        stage.settle()
        choose(stage, room, ts, "soon gone", "Edit")
        assert stage.whispered("ana", room.channel)[-1] == "That entry is no longer on the timeline."
        assert stage.screen.modal("ana") is None

    def test_whole_timeline_stays_whole(self, stage: Stage, room: Room) -> None:
        for number in range(22):
            stage.type("ana", room.channel, f"/incident note entry {number:02d}")
        ts = open_timeline(stage, room, rest="all")
        choose(stage, room, ts, "entry 21", "Mark as key decision")
        shown = now_shows(stage, room, ts)
        assert "entry 00" in shown
        press_undo(stage, room, ts)
        assert "entry 00" in now_shows(stage, room, ts)

    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            ({"text": "  "}, {"text": "Say what happened. Try: Rolled back"}),
            ({"when": "1"}, {"when": 'I can\'t place "1" in time.'}),
            ({"when": "tomorrow 10:00"}, {"when": '"tomorrow 10:00" is in the future.'}),
        ],
    )
    def test_wrong_field_is_told_there_and_the_form_stays(
        self, stage: Stage, room: Room, values: dict[str, str], errors: dict[str, str]
    ) -> None:
        pinned(stage, room, "rolled back")
        choose(stage, room, open_timeline(stage, room), "rolled back", "Edit")
        answer = stage.people.submit("ana", "entry", values)
        assert set(answer.errors) == set(errors)
        for name, words in errors.items():
            assert answer.errors[name].startswith(words)
        assert stage.screen.modal("ana") is not None
        stage.people.close_modal("ana")


class TestNotes:
    def test_note_is_edited_and_undone(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident note restarted teh workers")
        ts = open_timeline(stage, room)
        assert choices(stage, room, ts, "restarted teh") == ["Edit", "Mark as key decision", "Remove"]
        choose(stage, room, ts, "restarted teh", "Edit")
        save(stage, text="Restarted the workers", when="5 minutes ago", phase="recovery", key=["key"])
        shown = now_shows(stage, room, ts).split("Timeline of")[1]
        assert "Restarted the workers" in shown
        assert f"{minutes_ago(stage, 5)}" in shown.split("Restarted the workers")[1]
        assert "recovery · key decision" in shown
        press_undo(stage, room, ts)
        shown = now_shows(stage, room, ts)
        assert "restarted teh workers" in shown
        assert "recovery" not in shown

    def test_note_is_removed_and_undone(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident note never happened")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "never happened", "Remove")
        assert "never happened" not in now_shows(stage, room, ts).split("Timeline of")[1]
        press_undo(stage, room, ts)
        assert "never happened" in now_shows(stage, room, ts).split("Timeline of")[1]

    def test_undo_leaves_what_somebody_changed_since(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident note first words")
        ts = open_timeline(stage, room)
        choose(stage, room, ts, "first words", "Edit")
        save(stage, text="second words", phase="recovery")
        other = open_timeline(stage, room, by="ben")
        choose(stage, room, other, "second words", "Edit", by="ben")
        save(stage, by="ben", text="third words")
        press_undo(stage, room, ts)
        shown = stage.timeline("ana", room)
        assert "third words" in shown
        assert "recovery" not in shown


class TestMilestones:
    def test_milestone_is_corrected_and_can_not_be_removed(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident set started 30 minutes ago")
        ts = open_timeline(stage, room)
        assert choices(stage, room, ts, "The disruption started") == ["Correct the time"]
        choose(stage, room, ts, "The disruption started", "Correct the time")
        form = visible_text(form_of(stage))
        assert "*The disruption started*" in form, "it says which of them"
        assert "It can't be removed, because durations are measured from it" in form
        save(stage, when="20 minutes ago")
        assert " UTC (was " in now_shows(stage, room, ts).split("\n")[0]
        assert f"Started: {stage.clock() - timedelta(minutes=20):%Y-%m-%d %H:%M} UTC" in stage.info("ana", room)
        press_undo(stage, room, ts)
        assert f"Started: {stage.clock() - timedelta(minutes=30):%Y-%m-%d %H:%M} UTC" in stage.info("ana", room)

    def test_correction_that_contradicts_another_milestone_is_told_at_its_field(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident set detected 20 minutes ago")
        stage.type("ana", room.channel, "/incident set started 30 minutes ago")
        choose(stage, room, open_timeline(stage, room), "The disruption started", "Correct the time")
        answer = stage.people.submit("ana", "entry", {"when": "10 minutes ago"})
        assert "would come after “detected”" in answer.errors["when"]
        stage.people.close_modal("ana")

    def test_declaration_has_no_menu(self, stage: Stage, room: Room) -> None:
        assert choices(stage, room, open_timeline(stage, room), "The incident was declared") == []


class TestProposals:
    @pytest.mark.parametrize(
        ("emoji", "form", "typed"),
        [("bulb", "lesson", "/incident lesson"), ("dart", "action", "Action 1"), ("boom", "impact", "Impact of")],
    )
    def test_proposal_opens_its_form_with_the_words_of_the_message(
        self, stage: Stage, room: Room, emoji: str, form: str, typed: str
    ) -> None:
        del typed
        pinned(stage, room, "the queue needs an alert", emoji)
        ts = open_timeline(stage, room)
        assert stage.people.press("ana", room.channel, ts, "timeline.proposal").acked
        shown = form_of(stage)
        assert (shown["callback_id"], initial(shown, "text")) == (form, "the queue needs an alert")
        answer = stage.people.submit("ana", form, {})
        assert answer.action == "close"
        said, listed = now_shows(stage, room, ts).split("Timeline of")
        assert "the queue needs an alert" in said
        assert "Proposed as" not in listed, "nobody makes two of it"
        press_undo(stage, room, ts)
        assert now_shows(stage, room, ts).startswith("Undone.")
        assert "Proposed as" in now_shows(stage, room, ts)

    def test_action_made_of_a_message_says_in_the_report_where_it_comes_from(self, stage: Stage, room: Room) -> None:
        said = pinned(stage, room, "alert on the queue", "dart")
        stage.people.press("ana", room.channel, open_timeline(stage, room), "timeline.proposal")
        stage.people.submit("ana", "action", {})
        stage.settle()
        link = f"https://sandbox.slack.com/archives/{room.channel}/p{said.replace('.', '')}"
        assert f"alert on the queue (from a [message]({link}))" in report(stage, room)

    def test_proposed_impact_goes_below_what_is_stated(self, stage: Stage, room: Room) -> None:
        stage.type("ana", room.channel, "/incident impact Some could not pay")
        pinned(stage, room, "refunds were late too", "boom")
        stage.people.press("ana", room.channel, open_timeline(stage, room), "timeline.proposal")
        assert initial(form_of(stage), "text") == "Some could not pay\nrefunds were late too"
        stage.people.close_modal("ana")


def test_edited_time_is_read_in_the_zone_of_whoever_typed_it(stage: Stage, room: Room) -> None:
    pinned(stage, room, "rolled back")
    ts = open_timeline(stage, room, by="ben")
    choose(stage, room, ts, "rolled back", "Edit", by="ben")
    save(stage, by="ben", when="2026-03-02 09:05")
    assert "When: Mon 2 Mar 09:05, 14:05 UTC (was " in now_shows(stage, room, ts, by="ben")
    assert datetime(2026, 3, 2, 14, 5, tzinfo=UTC).strftime("%H:%M UTC") in stage.timeline("ana", room)
