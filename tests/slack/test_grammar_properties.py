from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.statements import STATEMENT_LIMIT, CauseKind
from bot.slack.grammar.commands import (
    AddAction,
    AddLesson,
    AddNote,
    AddTask,
    AddWhy,
    Cancel,
    ChangeStatus,
    Command,
    Parsed,
    PostUpdate,
    StateCause,
    StateImpact,
    Waive,
)
from bot.slack.grammar.incident_table import INCIDENT
from bot.slack.grammar.parse import parse_with
from bot.slack.grammar.postmortem_table import POSTMORTEM
from bot.slack.grammar.table import Table
from tests.slack.grammar_tables import ANNA, BEN, HERE, incident, postmortem

TABLES = (INCIDENT, POSTMORTEM)
_WORDS = [word for table in TABLES for word in table.words]
_BITS = """
001 7K3Q INC-2026-11-20-001 -- — –sev --sev --kind --since --vendor --here --type --audience --yes --foo = " “ ” ' ‘
1 9 sev2 14:05 25:61 10 minutes ago yesterday 2026-11-20 2026Q3 due friday 30 feb next 30m P1 P9 root well near miss
mitigated started lead me customer pdf all @carl Checkout errors : , . ; ß ı ² ٣
"""
_SPACES = ("\n", "\t", "\u00a0", "\u2028")
words = st.sampled_from([*_WORDS, *_BITS.split(), *_SPACES, ANNA, BEN])
anything = st.one_of(
    st.text(),
    st.lists(words, max_size=10).map(" ".join),
    st.lists(st.one_of(words, st.text(max_size=8)), max_size=8).map("".join),
    st.builds("{} {}".format, st.sampled_from(_WORDS), st.text()),
)
# Free text: any characters, but not the forms that the commands read at its beginning or end.
free = st.builds(
    "So {} it was".format, st.text(st.characters(exclude_characters="@\ue000\ue001"), max_size=STATEMENT_LIMIT // 4)
).filter(lambda text: "due" not in text.lower() and "next" not in text.lower() and "type" not in text.lower())
outer = st.text(" \n\t\u00a0", max_size=3)


@given(st.sampled_from(TABLES), anything)
@example(INCIDENT, "\x1f")
@example(INCIDENT, f"update next {9 * '9'}h")
@example(POSTMORTEM, "quarter 0000Q1")
def test_any_text_gives_a_command_or_a_refusal_that_gives_it_back(table: Table, text: str) -> None:
    answer = answer_to(table, text)

    if isinstance(answer, Parsed):
        assert answer.target is None or answer.target == answer.target.upper()
    else:
        assert answer.typed == text
        assert len(answer.message.splitlines()) == 1


def answer_to(table: Table, text: str) -> Parsed | UserError:
    try:
        return parse_with(table, text, HERE)
    except UserError as error:
        return error


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("note {}", AddNote),
        ("why {}", AddWhy),
        ("cancel {}", Cancel),
        ("impact {}", StateImpact),
        ("cause {}", lambda text: StateCause(CauseKind.CONTRIBUTING, text)),
        ("cause root {}", lambda text: StateCause(CauseKind.ROOT, text)),
        ("action {}", AddAction),
        ("task {}", AddTask),
        ("update {}", PostUpdate),
    ],
)
@given(text=free, before=outer, after=outer)
def test_free_text_survives_apart_from_outer_white_space(
    typed: str, meant: Callable[[str], Command], text: str, before: str, after: str
) -> None:
    assert incident(typed.format(before + text + after)) == meant(text)


@given(text=free, before=outer, after=outer)
def test_free_text_after_a_marker_survives_too(text: str, before: str, after: str) -> None:
    padded = before + text + after
    lesson, note, move = (incident(f"{start} {padded}") for start in ("lesson well", "note 14:05", "resolve --"))

    assert isinstance(lesson, AddLesson)
    assert isinstance(note, AddNote)
    assert isinstance(move, ChangeStatus)
    assert (lesson.text, note.text, move.note) == (text, text, text)
    assert postmortem(f"waive {padded}") == Waive(text)


@given(text=free)
def test_text_of_an_action_survives_what_stands_behind_it(text: str) -> None:
    action = incident(f"action {text} {ANNA} due friday P1 --type prevent")

    assert isinstance(action, AddAction)
    assert action.text == text
    assert (action.owner_id, action.priority) == ("UANNA", "P1")


@given(text=anything)
def test_note_keeps_all_that_stands_after_its_time(text: str) -> None:
    note = answer_to(INCIDENT, f"note {text}")

    if isinstance(note, Parsed):
        assert isinstance(note.command, AddNote)
        assert text.strip().endswith(note.command.text)
        assert note.command.when or note.command.text == text.strip()


@given(text=anything)
def test_action_from_which_nothing_was_taken_keeps_its_whole_text(text: str) -> None:
    action = answer_to(INCIDENT, f"action So {text}")

    if isinstance(action, Parsed):
        assert isinstance(action.command, AddAction)
        is_whole = action.command == AddAction(f"So {text}".strip())
        assert is_whole or action.command != AddAction(action.command.text)
