"""Text that is too long is cut where it hurts least, and never inside what Slack reads as one thing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rules import POSTED_TOTAL, posted_length
from bot.slack.blocks.elements import MESSAGE, SECTION_TEXT, clipped_mrkdwn, fitting, paragraphs, section, weight


@pytest.mark.parametrize("length", range(1, 40))
def test_text_is_never_cut_inside_an_escape_or_a_link(length: int) -> None:
    cut = clipped_mrkdwn("a &amp; b <https://x.example.com|link> &lt;c&gt;", length)
    assert len(cut) <= length
    whole = cut.removesuffix("…")
    assert whole.count("<") == whole.count(">")
    assert whole.count("&") == whole.count(";")


@given(st.lists(st.sampled_from(["word", "&amp;", "<https://x.example.com|a link>", "x" * 70, " "]), max_size=400))
def test_line_too_long_for_one_section_goes_on_in_the_next(pieces: list[str]) -> None:
    line = "".join(pieces)
    parts = [block["text"]["text"] for block in paragraphs([line])]
    assert "".join("".join(parts).split()) == "".join(line.split())
    for part in parts:
        assert len(part) <= SECTION_TEXT
        assert part.count("<") == part.count(">")
        assert not re.search(r"&(?!amp;)|(?<!&)amp;", part)


def test_line_without_a_place_to_cut_it_is_still_shown_whole() -> None:
    parts = [block["text"]["text"] for block in paragraphs(["x" * 7_000, "<" + "y" * 4_000])]
    assert "".join(parts) == "x" * 7_000 + "<" + "y" * 4_000


@given(st.lists(st.integers(1, SECTION_TEXT), max_size=60))
def test_as_many_blocks_are_shown_as_a_posted_message_holds(lengths: list[int]) -> None:
    blocks = [section("x" * length) for length in lengths]
    count = fitting(blocks, MESSAGE)
    assert posted_length(blocks[:count]) <= POSTED_TOTAL
    assert count == len(blocks) or weight(*blocks[: count + 1]) > MESSAGE
