"""What is read and refused all the same: typed as the tables have it, answered as they say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot.domain.text import mention
from bot.slack.grammar.commands import Context, Parsed
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.parse import parse_incident, parse_postmortem
from bot.slack.grammar.postmortem_table import POSTMORTEM
from tests.scenarios.exact import NOW, as_documented, replaced, staged_at
from tests.scenarios.refusals import (
    ABOUT_NONE,
    GUEST,
    GUESTS_CAN,
    GUESTS_CAN_NOT,
    HERE,
    HIDDEN,
    OPEN,
    OTHER,
    OUTSIDE,
    PRIVATE,
    REFUSALS,
    UNSEEN,
    Refusal,
    Situation,
)
from tests.scenarios.stage import Room, Stage
from tests.slack.wrong_inputs import WRONG


@dataclass
class Played:
    """A stage, with an incident for each situation that was asked for."""

    stage: Stage
    rooms: dict[Situation, Room] = field(default_factory=dict)
    other: Room | None = None

    def room(self, situation: Situation) -> Room:
        if situation not in self.rooms:
            self.rooms[situation] = self._prepared(situation)
        return self.rooms[situation]

    def _prepared(self, situation: Situation) -> Room:
        room = self.stage.declare(situation.start)
        for who in ("ben", "guest"):
            self.stage.people.invite("ana", room.channel, who)
        self.stage.settle()
        for line in situation.typed:
            who, _, typed = line.partition(" ")
            self._do(who, room, typed)
        return room

    def _do(self, who: str, room: Room, typed: str) -> None:
        if typed.startswith("> "):
            shown = self.stage.screen.ephemerals(who, room.channel)[-1]
            assert self.stage.people.press(who, room.channel, shown["ts"], typed.removeprefix("> ")).acked
        else:
            name, _, text = self.placed(typed, room).partition(" ")
            assert self.stage.people.command(who, room.channel, name, text).acked
        if self.stage.screen.modal(who):
            assert self.stage.people.submit(who).action == "update"
            self.stage.people.close_modal(who, everything=True)
        self.stage.settle()

    def placed(self, typed: str, room: Room) -> str:
        """Returns what is to be typed, with the ids of the incidents that are there."""
        if OTHER in typed and self.other is None:
            self.other = self.stage.declare("Payments slow")
            self.stage.people.invite("ana", self.other.channel, "guest")
            self.stage.settle()
        ids = {HERE: room.incident_id} | ({OTHER: self.other.incident_id} if self.other else {})
        return replaced(typed, ids)

    def read(self, text: str, room: Room) -> str:
        """Returns the first line of what was answered, as the tables have it."""
        is_private = len(room.incident_id) == len(HIDDEN)
        names = {room.incident_id: HIDDEN if is_private else HERE}
        if self.other:
            names[self.other.incident_id] = OTHER
        return as_documented(self.stage, text.partition("\n")[0], names)


@pytest.fixture(scope="module")
def played(module_database_url: str) -> Iterator[Played]:
    with staged_at(NOW, module_database_url) as stage:
        yield Played(stage)


COMMANDS = {
    f"{name} {row.name}": row
    for name, table in (("/incident", INCIDENT), ("/postmortem", POSTMORTEM))
    for row in table.rows
}
_RIGHT = re.compile(r": (`?)(/\w+ [^`]*)\1$")


def example_of(command: str) -> str:
    """Returns the command with its example from the help, Ben in the place of the person there."""
    return f"{command} {COMMANDS[command].example}".strip().replace("@anna", "@ben")


def as_code(right: str) -> str:
    """Returns a command as it is shown: as code, unless it mentions Ben."""
    return right if "@ben" in right else f"`{right}`"


def with_id(line: str, incident_id: str) -> str:
    """Returns a command with the incident named in front, as it is typed elsewhere."""
    name, _, rest = line.partition(" ")
    return f"{name} {incident_id} {rest}"


def elsewhere(answer: str) -> str:
    """Returns a refusal as it is worded elsewhere: the command that it ends with names the incident."""
    found = _RIGHT.search(answer)
    if found is None or "INC-" in found[2] or not COMMANDS[" ".join(found[2].split()[:2])].takes_target:
        return answer
    return f"{answer.removesuffix(found[0])}: {found[1]}{with_id(found[2], HERE)}{found[1]}"


def identity(refusal: Refusal) -> str:
    return f"{refusal.by} {refusal.typed}, {refusal.when.when}"


@pytest.mark.parametrize("refusal", REFUSALS, ids=identity)
def test_refusal_is_one_line_to_the_asker_alone(played: Played, refusal: Refusal) -> None:
    room = played.room(refusal.when)
    before = played.stage.seen_in(room.channel)
    typed = played.placed(refusal.typed, room)

    answer = played.stage.type(refusal.by, room.channel, typed)

    assert played.read(answer, room) == refusal.answer
    assert "\nYou typed: " in answer
    assert played.stage.screen.modal(refusal.by) is None
    played.stage.settle()
    assert played.stage.seen_in(room.channel) == before


@pytest.mark.parametrize(
    "refusal",
    [one for one in REFUSALS if " ".join(one.typed.split()[:2]) not in ABOUT_NONE],
    ids=identity,
)
def test_same_refusal_elsewhere_ends_with_what_can_be_typed_there(played: Played, refusal: Refusal) -> None:
    room = played.room(refusal.when)
    typed = played.placed(with_id(refusal.typed, HERE), room)

    answer = played.stage.type(refusal.by, "general", typed)

    assert played.read(answer, room) == elsewhere(refusal.answer)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in ABOUT_NONE])
def test_command_outside_an_incident_is_given_back_with_one_in_front(played: Played, command: str) -> None:
    newest = played.stage.declare("The newest")
    answer = played.stage.type("ana", "general", example_of(command))
    right = as_code(with_id(example_of(command), HERE))

    assert as_documented(played.stage, answer, {newest.incident_id: HERE}).split("\n")[0] == OUTSIDE.format(right=right)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in ABOUT_NONE])
def test_incident_that_the_asker_may_not_see_is_not_there_for_them(played: Played, command: str) -> None:
    room = played.room(PRIVATE)
    answer = played.stage.type("cleo", "general", with_id(example_of(command), room.incident_id))

    assert played.read(answer, room) == UNSEEN
    assert played.stage.screen.modal("cleo") is None


@pytest.mark.parametrize(("do", "command"), [(do, one) for do, many in GUESTS_CAN_NOT.items() for one in many])
def test_guest_in_the_channel_is_told_what_they_can_not_do(played: Played, do: str, command: str) -> None:
    room = played.room(OPEN)
    typed = example_of(command).replace(HERE, OTHER)
    answer = played.stage.type("guest", room.channel, played.placed(typed, room))

    assert answer.split("\n")[0] == GUEST.format(do=do)
    assert played.stage.screen.modal("guest") is None


@pytest.mark.parametrize("command", GUESTS_CAN)
def test_guest_in_the_channel_may_look(played: Played, command: str) -> None:
    room = played.room(OPEN)

    assert "Guests can't" not in played.stage.type("guest", room.channel, example_of(command))


def test_every_command_of_the_grammar_is_in_the_tables() -> None:
    for_guests = [one for many in GUESTS_CAN_NOT.values() for one in many]
    assert sorted([*for_guests, *GUESTS_CAN]) == sorted(COMMANDS)
    assert set(ABOUT_NONE) <= set(COMMANDS)
    refused = {" ".join(one.typed.split()[:2]) for one in REFUSALS} | set(COMMANDS) - set(ABOUT_NONE)
    only_read_wrong = {f"{one.command} {one.typed.split()[0]}" for one in WRONG if one.typed}
    assert set(COMMANDS) <= refused | only_read_wrong | {"/postmortem help"}


def test_every_refusal_stands_in_the_table_once() -> None:
    assert len({(one.typed, one.by, one.when) for one in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS, ids=identity)
def test_right_form_that_a_refusal_ends_with_can_be_typed_as_it_stands(refusal: Refusal) -> None:
    found = _RIGHT.search(refusal.answer)

    assert found or not re.search(r": `?/", refusal.answer)
    assert found is None or typed_again(found[2])


def typed_again(right: str) -> Parsed:
    """Reads a right form as it would arrive, its names picked from Slack's list after the @."""
    name, _, text = re.sub(r"@[a-z]+", mention("UANNA"), right).partition(" ")
    return (parse_postmortem if name == "/postmortem" else parse_incident)(text, Context(now=NOW, zone="Europe/London"))
