import re
from datetime import UTC, datetime

import pytest

from bot.domain.errors import UserError
from bot.domain.incident import TITLE_LIMIT
from bot.domain.statements import STATEMENT_LIMIT
from bot.slack.grammar.commands import Context, Parsed
from bot.slack.grammar.parse import parse_incident, parse_postmortem
from tests.slack.wrong_inputs import ANNA, WRONG, WrongInput

HERE = Context(now=datetime(2026, 11, 20, 14, 30, tzinfo=UTC), zone="Europe/Berlin")


def refusal(command: str, typed: str, context: Context = HERE) -> UserError:
    parse = parse_postmortem if command == "/postmortem" else parse_incident
    with pytest.raises(UserError) as refused:
        parse(typed, context)
    return refused.value


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.command} {wrong.typed}")
def test_wrong_input_is_answered_with_one_line_and_gives_back_what_was_typed(wrong: WrongInput) -> None:
    error = refusal(wrong.command, wrong.typed)

    assert error.message == wrong.answer
    assert "\n" not in error.message
    assert error.typed == wrong.typed


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.command} {wrong.typed}")
def test_right_form_that_a_refusal_ends_with_can_be_typed_as_it_stands(wrong: WrongInput) -> None:
    error = refusal(wrong.command, wrong.typed)

    assert error.message.endswith(f": {error.right}") if error.right else ": /" not in error.message
    assert not error.right or typed_again(error.right)


def typed_again(right: str) -> Parsed:
    """Reads a right form as it would arrive, its names picked from Slack's list after the @."""
    command, _, text = re.sub(r"@[a-z]+", ANNA, right).partition(" ")
    return (parse_postmortem if command == "/postmortem" else parse_incident)(text, HERE)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.command} {wrong.typed}")
def test_every_refusal_says_what_is_right(wrong: WrongInput) -> None:
    says = ("/incident", "/postmortem", "Try ", "Say it shorter", "Use a shorter one")

    assert any(one in wrong.answer for one in says)


def test_every_row_of_the_table_stands_there_once() -> None:
    typed = [(wrong.command, wrong.typed) for wrong in WRONG]

    assert len(set(typed)) == len(typed)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.command} {wrong.typed}")
def test_refusals_use_the_names_that_the_workspace_gave_the_commands(wrong: WrongInput) -> None:
    elsewhere = Context(HERE.now, HERE.zone, command="/inc", postmortem_command="/pir")

    answer = refusal(wrong.command, wrong.typed.replace("/postmortem", "/pir"), elsewhere).message

    assert answer == wrong.answer.replace("/incident", "/inc").replace("/postmortem", "/pir")


@pytest.mark.parametrize("typed", ["title {}", "start {}"])
def test_title_of_5000_characters_is_refused_and_given_back(typed: str) -> None:
    whole = typed.format("x" * 5_000)

    error = refusal("/incident", whole)

    assert error.message.startswith(f"The title has 5,000 characters; {TITLE_LIMIT} is the limit.")
    assert error.typed == whole


@pytest.mark.parametrize(
    "typed", ["note {}", "impact {}", "cause {}", "why {}", "lesson well {}", "action {}", "cancel {}", "ack -- {}"]
)
def test_text_over_the_limit_is_refused_and_given_back(typed: str) -> None:
    whole = typed.format("x" * (STATEMENT_LIMIT + 1))

    error = refusal("/incident", whole)

    assert error.message.startswith("That has 3,001 characters; 3,000 is the limit.")
    assert error.typed == whole


def test_long_words_and_lines_are_cut_in_the_sentence_only() -> None:
    whole = f"severty {'x' * 400}\nsecond line"

    error = refusal("/incident", whole)

    assert error.message.startswith("“severty” is not a command. Did you mean: /incident severity xxx")
    assert error.message.endswith("x…")
    assert len(error.message) < 250
    assert error.typed == whole


def test_outer_white_space_is_given_back_too() -> None:
    assert refusal("/incident", "  sev 9\n").typed == "  sev 9\n"


def test_plain_name_is_refused_wherever_a_person_is_wanted() -> None:
    for typed in ("role lead @carl", "action Add an alert @carl", "action Add an alert @carl due friday P1"):
        assert "did not arrive as a person" in refusal("/incident", typed).message


def test_unreadable_zone_of_the_asker_is_a_refusal_too() -> None:
    nowhere = Context(HERE.now, "Atlantis/Capital")

    assert "Atlantis/Capital" in refusal("/incident", "note 14:05 rolled back", nowhere).message


def test_mention_in_a_refusal_stays_a_token_that_the_exit_turns_into_a_name() -> None:
    assert refusal("/incident", f"lesson {ANNA} was quick").message.endswith(f"/incident lesson well {ANNA} was quick")
