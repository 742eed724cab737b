import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import (
    MENTION_CLOSE,
    MENTION_OPEN,
    cleaned,
    clipped,
    counted,
    mention,
    mentioned,
    one_line,
    with_mentions_as,
)

user_ids = st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True)
plain = st.text(st.characters(codec="utf-8", exclude_characters=MENTION_OPEN + MENTION_CLOSE), max_size=20)
with_mentions = st.lists(plain | user_ids.map(mention), max_size=6).map("".join)
anything = st.text(st.characters(), max_size=60)


@given(anything)
def test_cleaned_text_can_be_stored_and_holds_no_made_up_mention(text: str) -> None:
    found = cleaned(text)
    found.encode()
    assert mentioned(found) == ()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ue000\ue001]", found)
    assert cleaned(found) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        (f"{MENTION_OPEN}U123{MENTION_CLOSE}", "U123"),
        ("lone \ud800 half", "lone  half"),
        ("naïve 🎉 “quoted”", "naïve 🎉 “quoted”"),
    ],
)
def test_cleaning_takes_only_what_harms(text: str, expected: str) -> None:
    assert cleaned(text) == expected


@given(with_mentions, st.integers(1, 60))
def test_clipped_text_fits_and_never_splits_a_mention(text: str, limit: int) -> None:
    cut = clipped(text, limit)
    assert len(cut) <= max(limit, 1)
    assert (
        cut.count(MENTION_OPEN)
        == cut.count(MENTION_CLOSE)
        == len(re.findall(f"{MENTION_OPEN}[A-Z0-9]+{MENTION_CLOSE}", cut))
    )
    assert set(mentioned(cut)) <= set(mentioned(text))
    if len(text) <= limit:
        assert cut == text
    else:
        assert cut.endswith("…")
        assert text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab cdef", 4, "ab…"),
        (f"ask {mention('U123')} now", 8, "ask…"),
        (f"ask {mention('U123')} now", 11, f"ask {mention('U123')}…"),
    ],
)
def test_cut_text_ends_in_an_ellipsis(text: str, limit: int, expected: str) -> None:
    assert clipped(text, limit) == expected


@given(st.lists(user_ids, max_size=5), plain)
def test_mentioned_people_are_found_once_each_in_order(ids: list[str], between: str) -> None:
    text = between.join(["", *(mention(user_id) for user_id in ids), ""])
    assert mentioned(text) == tuple(dict.fromkeys(ids))


@given(with_mentions)
def test_mentions_are_replaced_and_everything_else_stays(text: str) -> None:
    assert with_mentions_as(text, mention) == text
    assert mentioned(with_mentions_as(text, lambda user_id: f"@{user_id}")) == ()


@given(st.text())
def test_one_line_is_one_line_without_white_space_around(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert line.split() == text.split()


@pytest.mark.parametrize(
    ("number", "words", "expected"),
    [
        (0, ("message",), "0 messages"),
        (1, ("message",), "1 message"),
        (2, ("timeline entry", "timeline entries"), "2 timeline entries"),
        (1, ("timeline entry", "timeline entries"), "1 timeline entry"),
        (12_345, ("message",), "12,345 messages"),
    ],
)
def test_number_has_the_right_form_of_its_word(number: int, words: tuple[str, ...], expected: str) -> None:
    assert counted(number, *words) == expected
