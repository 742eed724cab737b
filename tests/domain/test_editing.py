from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.editing import base_of, changed, held
from bot.domain.errors import UserError
from bot.domain.statements import STATEMENT_LIMIT
from bot.domain.timeline import Entry, Origin, Phase
from tests.factories import at

NOW = at("18:00")
LONDON, NEW_YORK = "Europe/London", "America/New_York"
ENTRY = Entry(at("14:05:33"), "rolled back", Origin.REACTION, "m1.2", phase=Phase.MITIGATION, message_ts="1.2")
HELD = held(ENTRY, ENTRY.text, LONDON)


def sent(**given: str) -> dict[str, object]:
    return changed(base_of(HELD), HELD | given, now=NOW, zone=LONDON)


def test_form_holds_the_entry_in_its_readers_zone() -> None:
    assert HELD == {"text": "rolled back", "when": "2026-11-20 14:05", "phase": "mitigation", "key": ""}
    assert held(ENTRY, ENTRY.text, NEW_YORK)["when"] == "2026-11-20 09:05"


def test_form_sent_in_as_it_was_changes_nothing() -> None:
    assert sent() == {}


def test_each_field_is_changed_by_itself() -> None:
    assert sent(text="Rolled back to 2.14") == {"text": "Rolled back to 2.14"}
    assert sent(when="14:10") == {"at": at("14:10")}
    assert sent(phase="recovery") == {"phase": Phase.RECOVERY}
    assert sent(key="key") == {"is_key": True}


def test_key_decision_that_is_ticked_off_is_none_any_more() -> None:
    base = base_of(HELD | {"key": "key"})
    assert changed(base, HELD, now=NOW, zone=LONDON) == {"is_key": False}


def test_field_that_the_form_does_not_have_stays() -> None:
    assert changed(base_of(HELD), {"when": "14:10"}, now=NOW, zone=LONDON) == {"at": at("14:10")}


def test_text_too_long_for_its_field_is_not_cut_by_sending_it_in() -> None:
    long = held(ENTRY, "word " * STATEMENT_LIMIT, LONDON)
    assert len(long["text"]) <= STATEMENT_LIMIT
    assert changed(base_of(long), long, now=NOW, zone=LONDON) == {}


@given(st.text(min_size=1, max_size=5_000))
def test_what_a_form_remembers_of_a_text_is_short(text: str) -> None:
    assert len(base_of(held(ENTRY, text, LONDON))["text"]) == 16


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("text", "", "Say what happened. Try: Rolled back"),
        ("when", "1", 'I can\'t place "1" in time.'),
        ("when", "", "Say when."),
        ("when", "in 5 minutes", '"in 5 minutes" is in the future.'),
    ],
)
def test_wrong_field_is_refused_at_its_place(field: str, typed: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        sent(**{field: typed})
    assert refused.value.field == field
    assert refused.value.message.startswith(words)


def test_time_is_read_for_whoever_sends_the_form_in() -> None:
    values = changed(base_of(HELD), {"when": "09:30"}, now=NOW + timedelta(minutes=1), zone=NEW_YORK)
    assert values == {"at": at("14:30")}
