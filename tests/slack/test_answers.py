"""How a refusal looks: its right form as code, what people typed as they typed it."""

from typing import Any

import pytest

from bot.domain.errors import UserError
from bot.domain.text import mention
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import rendered
from storage.database import Database
from tests.factories import HELPER, LEAD, TEAM, make_person
from tests.fakes import FakeSlack, ManualClock, world_on


def shown(error: UserError, typed: str) -> str:
    def refuse() -> AnswerView:
        raise error

    view = door.answered(refuse, typed=typed)
    assert isinstance(view, AnswerView)
    (section,) = rendered(view).blocks
    return str(section["text"]["text"])


def test_right_form_is_code_and_what_was_typed_stays_text() -> None:
    error = UserError("Say when: it began", right="/incident set started 14:05")

    assert shown(error, "/incident set: /incident *now*") == (
        "Say when: it began: `/incident set started 14:05`\nYou typed: /incident set: /incident *now*"
    )


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (f"/incident role lead {mention('U0BEN')}", "/incident role lead <@U0BEN>"),
        ("/incident note `kill -9` helped", "/incident note `kill -9` helped"),
        ("/incident note a < b & c", "`/incident note a &lt; b &amp; c`"),
    ],
)
def test_right_form_that_code_can_not_show_stays_text(right: str, expected: str) -> None:
    assert shown(UserError("Like this", right=right), "x") == f"Like this: {expected}\nYou typed: x"


def test_refusal_without_a_right_form_has_no_code() -> None:
    assert "`" not in shown(UserError("“/incident x” is nothing. Try 14:05."), "/incident x")


@pytest.fixture
def world(database: Database) -> Any:
    slack = FakeSlack()
    slack.people[HELPER] = make_person(HELPER, "Ben Okoro")
    with world_on(database, slack, ManualClock()) as made:
        yield made


def at_fields(world: World, error: UserError) -> dict[str, str]:
    def refuse() -> AnswerView:
        raise error

    view: Any = {"state": {"values": {"text": {}, "due": {}}}}
    body = {"user": {"id": LEAD}, "team": {"id": TEAM}, "view": view}
    errors: dict[str, str] = door.submitted(world, body, "Action", refuse, default_field="text")["errors"]
    return errors


def test_refusal_at_a_field_names_people_in_plain_text(world: World) -> None:
    error = UserError(f"{mention(HELPER)} has it already. To take it", right="/incident tasks take 1", field="due")

    assert at_fields(world, error) == {"due": "@Ben Okoro has it already. To take it: /incident tasks take 1"}


@pytest.mark.parametrize("field", [None, "since"])
def test_refusal_of_what_the_form_does_not_ask_stands_at_its_main_field(world: World, field: str | None) -> None:
    assert at_fields(world, UserError("Not so.", field=field)) == {"text": "Not so."}
