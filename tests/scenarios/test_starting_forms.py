"""Declaring an incident with the form: from the command, the shortcut and the Home tab."""

from bot.sandbox import error, visible_text
from tests.scenarios.stage import Json, Room, Stage


def open_form(stage: Stage, options: str = "", *, by: str = "ana") -> Json:
    """Types the command without a title; the form is all that comes of it."""
    answer = stage.people.command(by, "general", "/incident", f"start {options}")
    assert answer.acked
    assert answer.text is None
    form = stage.screen.modal(by)
    assert form is not None
    return form


def submit(stage: Stage, *, by: str = "ana", **values: object) -> Room:
    answer = stage.people.submit(by, "declare", values)
    assert (answer.action, answer.errors, answer.problem) == ("update", {}, None)
    shown = stage.screen.modal(by)
    assert shown is not None
    room = stage.room(visible_text(shown))
    stage.people.close_modal(by, everything=True)
    stage.settle()
    return Room(room.incident_id, stage.screen.channel(room.name).id, room.name)


def initial(form: Json) -> dict[str, str | None]:
    """Returns what the form holds when it opens, by field."""
    chosen: dict[str, str | None] = {}
    for block in form["blocks"]:
        element = block["element"]
        options = element.get("initial_options") or [element.get("initial_option") or {}]
        chosen[block["block_id"]] = options[0].get("value") or element.get("initial_value")
    return chosen


def test_start_without_a_title_opens_a_form_of_at_most_seven_fields(stage: Stage) -> None:
    form = open_form(stage)
    assert [block["block_id"] for block in form["blocks"]] == ["title", "severity", "kind", "type", "vendor", "private"]
    assert initial(form) == {
        "title": None,
        "severity": "3",
        "kind": "live",
        "type": "production",
        "vendor": None,
        "private": None,
    }
    stage.people.close_modal("ana")


def test_form_is_prefilled_with_what_was_typed(stage: Stage) -> None:
    form = open_form(stage, '--sev 1 --kind drill --type process --vendor "Big Cloud" --private')
    assert initial(form) == {
        "title": None,
        "severity": "1",
        "kind": "drill",
        "type": "process",
        "vendor": "Big Cloud",
        "private": "private",
    }
    stage.people.close_modal("ana")


def test_submitted_form_declares_the_incident_and_says_where(stage: Stage) -> None:
    open_form(stage)
    room = submit(stage, title="Filled in by hand", severity="2", kind="near-miss", vendor="Big Cloud")
    assert "Filled in by hand" in stage.header_text(room)
    assert "SEV2" in stage.header_text(room)
    assert "near-miss, production" in stage.info("ana", room)
    assert "ana" in stage.screen.members(room.channel)


def test_form_from_the_shortcut_declares_too(stage: Stage) -> None:
    assert stage.people.global_shortcut("ben", "declare_incident").acked
    assert "Filled from the shortcut" in stage.header_text(submit(stage, by="ben", title="Filled from the shortcut"))


def test_form_from_the_home_tab_declares_too(stage: Stage) -> None:
    stage.people.open_home("cleo")
    stage.settle()
    assert stage.people.press_in_home("cleo", "home.declare").acked
    assert "Filled from Home" in stage.header_text(submit(stage, by="cleo", title="Filled from Home"))


def test_title_of_spaces_is_refused_at_its_field_and_the_form_stays(stage: Stage) -> None:
    open_form(stage)
    answer = stage.people.submit("ana", "declare", {"title": "   ", "severity": "1"})
    assert answer.action == "errors"
    assert answer.errors == {"title": "An incident needs a title. Try: Checkout errors in the EU"}
    form = stage.screen.modal("ana")
    assert form is not None
    assert form["state"]["values"]["severity"]["severity"]["selected_option"]["value"] == "1"
    submit(stage, title="Now with a title")


def test_start_in_the_future_is_refused_when_typed_before_the_form_opens(stage: Stage) -> None:
    answer = stage.type("ana", "general", "/incident start --since tomorrow 10:00")
    assert "future" in answer
    assert stage.screen.modal("ana") is None


def test_time_of_the_start_that_was_typed_survives_the_form(stage: Stage) -> None:
    form = open_form(stage, "--since 20 minutes ago")
    assert "UTC" in visible_text(form), "the person must see what was taken as the start"
    assert "Started: " in stage.info("ana", submit(stage, title="Since typed"))


def test_security_incident_from_the_form_is_private(stage: Stage) -> None:
    open_form(stage)
    room = submit(stage, title="Leaked key", type="security")
    assert stage.screen.channel(room.channel).is_private
    assert "leaked" not in room.name


def test_reporter_who_used_the_form_is_told_when_the_channel_stands(stage: Stage) -> None:
    open_form(stage)
    room = submit(stage, title="Nowhere to answer")
    assert stage.screen.members(room.channel) == ["scribe", "ana"]


def test_form_that_can_not_open_says_how_to_do_without_it(stage: Stage) -> None:
    stage.sandbox.faults.api("views.open", error("expired_trigger_id"))
    answer = stage.type("ana", "general", "/incident start")
    assert "could not be opened" in answer
    assert "/incident start Checkout errors in the EU --sev 2" in answer
