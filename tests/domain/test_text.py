import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import (
    MENTION_CLOSE,
    MENTION_OPEN,
    channel_mark,
    cleaned,
    clipped,
    counted,
    group_mark,
    mention,
    mentioned,
    named,
    one_line,
    shortened,
    things_named_in,
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


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("fits", "fits"),
        ("First part of it. Second part, which is too long for it", "First part of it.…"),
        ("one line of it\nanother line that goes on", "one line of it…"),
        ("words words words words words", "words words words…"),
        ("a" * 40, "a" * 19 + "…"),
        ("A. then a long sentence that has no end", "A. then a long…"),
        ("```code that goes on and on```", "```code that goes…```"),
    ],
)
def test_text_is_shortened_where_something_ends(text: str, short: str) -> None:
    assert shortened(text, 20) == short


@given(st.text(alphabet="ab. \n`", max_size=80), st.integers(4, 40))
def test_shortened_text_is_a_beginning_of_it_and_closes_its_code(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert short == text or text.startswith(short.partition("…")[0])
    assert len(short) <= max(limit, 1) + len("```")
    assert short == text or short.count("```") % 2 == 0


GROUP_AND_CHANNEL = f"{group_mark('S1')} in {channel_mark('C1')}"


def test_groups_and_channels_have_the_names_that_are_known_and_words_otherwise() -> None:
    assert named(GROUP_AND_CHANNEL, {"S1": "on-call", "C1": "payments"}) == "@on-call in #payments"
    assert named(GROUP_AND_CHANNEL, {"S1": ""}) == "a user group in another channel"
    assert things_named_in(GROUP_AND_CHANNEL) == {"S1", "C1"}
    assert things_named_in(f"{mention('U1')} plain") == frozenset()


def test_writing_people_out_writes_out_groups_and_channels_too() -> None:
    assert with_mentions_as(f"{mention('U1')}: {GROUP_AND_CHANNEL}", str.lower) == "u1: a user group in another channel"
