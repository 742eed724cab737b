"""Rich text blocks, as Slack's composer and apps send them, read to the marks that people know.

Shapes: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from typing import Any

import pytest

from bot.domain.text import channel_mark, group_mark, mention
from bot.slack.reading.rich_text import rich_text

Json = dict[str, Any]


def text(said: str, **style: bool) -> Json:
    return {"type": "text", "text": said} | ({"style": style} if style else {})


def section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def items(style: str, *said: str, **fields: Any) -> Json:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(one)) for one in said]} | fields


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ([section(text("checkout & login < 5 fail\n"))], "checkout & login < 5 fail"),
        (
            [section(text("a "), text("bold ", bold=True), text("b", italic=True), text(".", strike=True))],
            "a *bold* _b_~.~",
        ),
        ([section(text("both", bold=True, italic=True), text(" "), text("x=1", code=True))], "*_both_* `x=1`"),
        ([section(text("over\nlines", bold=True))], "over\nlines"),
        (
            [
                section(
                    text("ask "),
                    {"type": "user", "user_id": "U2"},
                    text(" or "),
                    {"type": "usergroup", "usergroup_id": "S3"},
                )
            ],
            f"ask {mention('U2')} or {group_mark('S3')}",
        ),
        ([section(text("in "), {"type": "channel", "channel_id": "C4"})], f"in {channel_mark('C4')}"),
        ([section({"type": "user", "user_id": "nobody\ue000"})], ""),
        ([section({"type": "broadcast", "range": "here"}, text(" look"))], "@here look"),
        ([section({"type": "emoji", "name": "fire", "unicode": "1f525"}, text(" again"))], ":fire: again"),
        (
            [section({"type": "link", "url": "https://x.example.com/1", "text": "the graph"})],
            "the graph (https://x.example.com/1)",
        ),
        ([section({"type": "link", "url": "https://x.example.com/1"})], "https://x.example.com/1"),
        ([section({"type": "date", "timestamp": 1720710212, "format": "{date}", "fallback": "July 11"})], "July 11"),
        ([section({"type": "date", "timestamp": 1720710212, "format": "{date}"})], "2024-07-11 15:03 UTC"),
        ([section({"type": "color", "value": "#ff0000"})], "#ff0000"),
        ([section({"type": "something new", "text": "said all the same"})], "said all the same"),
        ([items("bullet", "one", "two")], "• one\n• two"),
        ([items("ordered", "one", "two", offset=2)], "3. one\n4. two"),
        (
            [items("bullet", "one"), items("bullet", "deeper", indent=1), items("ordered", "x", indent=1)],
            "• one\n    • deeper\n    a. x",
        ),
        ([{"type": "rich_text_quote", "elements": [text("it is down\nagain")]}], "> it is down\n> again"),
        (
            [
                section(text("see")),
                {"type": "rich_text_preformatted", "border": 0, "elements": [text("def f():\n    pass")]},
            ],
            "see\n```def f():\n    pass```",
        ),
        ([{"type": "rich_text_preformatted", "elements": []}], ""),
    ],
)
def test_rich_text_reads(elements: list[Json], words: str) -> None:
    assert rich_text({"type": "rich_text", "elements": elements}) == words


def test_lists_that_are_nested_beyond_reason_end_where_nobody_nests() -> None:
    nested = items("bullet", "deepest")
    for depth in range(450):
        nested = {"type": "rich_text_list", "elements": [section(text(f"level {depth}")), nested]}
    read = rich_text({"type": "rich_text", "elements": [nested]})
    assert "level 449" in read
    assert "deepest" not in read
