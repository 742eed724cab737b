"""What is wrong in a form is told at its field, and the form stays with what was typed."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.sandbox import visible_text
from bot.slack.blocks import modals
from tests.scenarios.exact import NOW, as_documented, move_to, staged_at
from tests.scenarios.refusals import HERE
from tests.scenarios.stage import Json, Room, Stage
from tests.scenarios.wrong_fields import MEANWHILE, TAKES_ANYTHING, WRONG_FIELDS, FormOf, WrongField
from tests.shapes.gallery import needed

_ASKED_AFTER = timedelta(days=30, minutes=1)
_REMINDED_AFTER = timedelta(minutes=40)


@dataclass
class Opened:
    """A stage, with an action that a follow-up asks after and a reminder that stands."""

    stage: Stage
    published: Room
    reminded: list[Room]

    def room(self, wrong: WrongField) -> Room:
        """Returns an incident that the form is about; of its own where something happens to it meanwhile."""
        if wrong.form is FormOf.DROP:
            return self.published
        if wrong.form is FormOf.UPDATE:
            return self.reminded[bool(wrong.meanwhile)]
        room = self.stage.declare("Checkout errors --sev 2")
        for who in ("ben", "cleo", "guest"):
            self.stage.people.invite("ana", room.channel, who)
        self.stage.settle()
        return room

    def type(self, room: Room, *lines: str) -> None:
        for line in lines:
            who, _, typed = line.partition(" ")
            self.stage.type(who, room.channel, typed)
            self.stage.settle()

    def open(self, wrong: WrongField, room: Room) -> Json:
        """Opens the form as people do, and returns it."""
        _OPENING[wrong.form](self, room, wrong.by)
        form = self.stage.screen.modal(wrong.by)
        assert form is not None
        return form

    def menu(self, room: Room, by: str, words: str, action_id: str, choice: str) -> None:
        """Chooses something from the menu beside these words, in the newest answer."""
        shown = self.stage.screen.ephemerals(by, room.channel)[-1]
        blocks = shown["blocks"]
        number = next(at for at, block in enumerate(blocks) if words in visible_text({"blocks": [block]}))
        block_id = blocks[number].get("block_id") or f"block-{number}"
        self.stage.people.press(by, room.channel, shown["ts"], action_id, selected=choice, block_id=block_id)

    def happens(self, room: Room, line: str) -> None:
        """Lets somebody type a command, or press a button of the newest answer that they read."""
        who, _, typed = line.partition(" ")
        if typed.startswith("> "):
            button = typed.removeprefix("> ")
            shown = [one for one in self.stage.screen.ephemerals(who, room.channel) if button in str(one["blocks"])]
            self.stage.people.press(who, room.channel, shown[-1]["ts"], button)
        else:
            self.stage.type(who, room.channel, typed)
        self.stage.settle()


def _typed(text: str) -> Callable[[Opened, Room, str], None]:
    """Returns what opens a form by a command."""

    def opening(opened: Opened, room: Room, by: str) -> None:
        name, _, rest = text.partition(" ")
        assert opened.stage.people.command(by, room.channel, name, rest).text is None

    return opening


def _declare(opened: Opened, _room: Room, by: str) -> None:
    # A guest gets no answer to the command but the refusal; the shortcut is open to everybody.
    opened.stage.people.global_shortcut(by, "declare_incident")


def _entry(opened: Opened, room: Room, by: str) -> None:
    opened.type(room, f"{by} /incident note 14:10 UTC rolled back", f"{by} /incident timeline")
    opened.menu(room, by, "rolled back", "timeline.entry", "Edit")


def _milestone(opened: Opened, room: Room, by: str) -> None:
    opened.type(room, f"{by} /incident set started 14:00 UTC", f"{by} /incident set detected 14:10 UTC")
    opened.type(room, f"{by} /incident timeline")
    opened.menu(room, by, "tarted", "timeline.entry", "Correct the time")


def _costs(opened: Opened, room: Room, by: str) -> None:
    _typed("/incident impact")(opened, room, by)
    assert opened.stage.people.submit(by, None, {"next": ["more"]}).action == "update"


def _action(opened: Opened, room: Room, by: str) -> None:
    opened.type(room, f"{by} /incident cause root No limit")
    _typed("/incident action")(opened, room, by)


def _drop(opened: Opened, room: Room, by: str) -> None:
    (summary,) = [one for one in opened.stage.screen.messages(room.channel) if "Postmortem of" in visible_text(one)]
    follow_up = opened.stage.screen.thread(room.channel, summary["ts"])[-1]
    opened.stage.people.press(by, room.channel, follow_up["ts"], "followup.action.1", selected="Drop with a reason")


def _handover(opened: Opened, room: Room, by: str) -> None:
    opened.type(room, f"{by} /incident role lead")
    _typed("/incident handover @ben")(opened, room, by)


def _task(opened: Opened, room: Room, by: str) -> None:
    opened.type(room, f"{by} /incident task restart the workers", f"{by} /incident tasks")
    opened.menu(room, by, "restart the workers", "tasks.move.1", "Give it to somebody")


def _update(opened: Opened, room: Room, by: str) -> None:
    (reminder,) = [one for one in opened.stage.screen.from_bot(room.channel) if "reminder.update" in str(one["blocks"])]
    opened.stage.people.press(by, room.channel, reminder["ts"], "reminder.update")


_OPENING = {
    FormOf.DECLARE: _declare,
    FormOf.ENTRY: _entry,
    FormOf.MILESTONE: _milestone,
    FormOf.IMPACT: _typed("/incident impact"),
    FormOf.COSTS: _costs,
    FormOf.CAUSE: _typed("/incident cause"),
    FormOf.LESSON: _typed("/incident lesson"),
    FormOf.ACTION: _action,
    FormOf.DROP: _drop,
    FormOf.HANDOVER: _handover,
    FormOf.TASK: _task,
    FormOf.UPDATE: _update,
}


@pytest.fixture(scope="module")
def opened(module_database_url: str) -> Iterator[Opened]:
    with staged_at(NOW - _ASKED_AFTER, module_database_url) as stage:
        published = stage.declare("Queue stuck")
        for typed in ("/incident action Add a load test", "/incident resolve", "/postmortem draft"):
            stage.type("ana", published.channel, typed)
        stage.settle()
        stage.type("ana", published.channel, "/postmortem publish --yes")
        stage.settle()
        move_to(stage, NOW - _REMINDED_AFTER)
        reminded = [stage.declare(f"Needs an update {number} --sev 1") for number in range(2)]
        for room in reminded:
            stage.people.invite("ana", room.channel, "ben")
            stage.type("ana", room.channel, "/incident role lead")
        stage.settle()
        move_to(stage, NOW)
        stage.pass_time(seconds=1)
        yield Opened(stage, published, reminded)


def identity(wrong: WrongField) -> str:
    return f"{wrong.form.title}, {wrong.at}: {wrong.typed.get(wrong.at, '')[:40]} {wrong.meanwhile}"


@pytest.mark.parametrize("wrong", WRONG_FIELDS, ids=identity)
def test_wrong_field_is_told_there_and_the_form_stays_with_what_was_typed(opened: Opened, wrong: WrongField) -> None:
    room = opened.room(wrong)
    form = opened.open(wrong, room)
    if wrong.meanwhile:
        opened.happens(room, MEANWHILE[wrong.meanwhile])

    answer = opened.stage.people.submit(wrong.by, form, wrong.typed)

    told = {name: as_documented(opened.stage, text, {room.incident_id: HERE}) for name, text in answer.errors.items()}
    assert (answer.problem, told) == (None, {wrong.at: wrong.answer})
    stays = opened.stage.screen.modal(wrong.by)
    assert stays is not None
    assert stays["id"] == form["id"]
    for name, typed in wrong.typed.items():
        assert is_held(opened.stage, stays, name, typed)
    opened.stage.people.close_modal(wrong.by, everything=True)


def is_held(stage: Stage, form: Json, name: str, typed: str) -> bool:
    """Whether a field of the form holds this: a text, a choice by its words or its value, a person."""
    held = json.dumps(form["state"]["values"][name], ensure_ascii=False)
    person = next((one.id for one in stage.sandbox.workspace.people.values() if one.name == typed), typed)
    return json.dumps(typed, ensure_ascii=False) in held or json.dumps(person) in held


@pytest.mark.parametrize("form", FormOf, ids=lambda form: form.title)
def test_every_field_that_can_be_wrong_is_in_the_table(form: FormOf) -> None:
    can_be = {name for name, block in form.fields.items() if block["element"]["type"] in _CAN_BE_WRONG}
    wrong = {one.at for one in WRONG_FIELDS if one.form is form}

    assert can_be - set(TAKES_ANYTHING.get(form, ())) <= wrong
    assert not wrong & set(TAKES_ANYTHING.get(form, ())) or form is FormOf.COSTS


_CAN_BE_WRONG = ("plain_text_input", "users_select")


def test_every_form_there_is_stands_in_the_table() -> None:
    forms = {shown for shown in needed() if inspect.isfunction(shown)} - {modals.done}

    assert {form.maker for form in FormOf} == forms
    assert {one.form for one in WRONG_FIELDS} == set(FormOf)
