"""The checker finds what Slack would refuse and what people would miss."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.shapes import schema
from tests.shapes.limits import message_problems, view_problems

Json = dict[str, Any]

PLAIN = {"type": "plain_text", "text": "x", "emoji": False}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}} | more


def button(action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "value": "1", "text": PLAIN} | more


def row(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def menu(*values: str) -> Json:
    return {"type": "overflow", "action_id": "a", "options": [{"text": PLAIN, "value": value} for value in values]}


def entry(name: str = "title", **element: Any) -> Json:
    inner = {"type": "plain_text_input", "action_id": name} | element
    return {"type": "input", "block_id": name, "label": PLAIN, "element": inner}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": list(blocks)} | more


GOOD_BLOCKS = [section("a &amp; b <https://x.example.com|c>", accessory=menu("1", "2")), row(button(style="primary"))]
GOOD_MODAL = modal(section(), *(entry(f"f{number}") for number in range(7)), private_metadata="x" * 3_000)

BROKEN_BLOCKS: dict[str, tuple[list[Json], str]] = {
    "none": ([], "no blocks"),
    "too many": ([section()] * 51, "no more than 50"),
    "long header": ([{"type": "header", "text": PLAIN | {"text": "x" * 151}}], "less than 151"),
    "unknown type": ([{"type": "sektion"}], "sektion"),
    "slip in a block's key": ([section(acessory=button())], r"\$\[0\]: .*'acessory' was unexpected"),
    "slip in a text's key": ([{"type": "section", "text": PLAIN | {"emojy": False}}], r"\$\[0\].text: .*'emojy'"),
    "slip in an element's key": ([row(button(vallue="1"))], r"elements\[0\]: .*'vallue' was unexpected"),
    "mrkdwn on a button": ([row(button(text={"type": "mrkdwn", "text": "x"}))], "'plain_text' was expected"),
    "unknown style": ([row(button(style="green"))], "'green' is not one of"),
    "two primary": ([row(button("a", style="primary"), button("b", style="primary"))], "2 primary buttons"),
    "six buttons": ([row(*(button(name) for name in "abc")), row(*(button(name) for name in "def"))], "four others"),
    "button without an id": ([row(button(""))], "without an action_id"),
    "same block id": ([section(block_id="a"), section(block_id="a")], "block_id already exists"),
    "menu of six": ([section(accessory=menu(*"123456"))], "no more than 5"),
    "same option twice": ([section(accessory=menu("1", "1"))], "'1' stands 2 times"),
    "long option": ([section(accessory=menu("1", "x" * 76))], "value of 76 characters"),
    "cut token": ([section("go to <#C1")], "a token is cut"),
    "cut escape": ([section("a &am…")], "an escape is cut"),
    "not escaped": ([section("a & b")], "an escape is cut, or a character is not escaped"),
    "mark of a mention": ([section("\ue000U1\ue001 did")], "a mark that stands for a mention"),
    "half a character": ([section("\ud83d")], "UTF-8"),
    "more than a message holds": ([section("x" * 2_800)] * 5, "msg_blocks_too_long"),
}

BROKEN_VIEWS: dict[str, tuple[Json, str]] = {
    "no title": ({"type": "modal", "submit": PLAIN, "blocks": [section()]}, "'title' is a required property"),
    "long title": (modal(section(), title=PLAIN | {"text": "x" * 25}), "less than 25"),
    "inputs without submit": ({"type": "modal", "title": PLAIN, "blocks": [entry()]}, "missing required field: submit"),
    "eight fields": (modal(*(entry(f"f{number}") for number in range(8))), "8 fields in a form"),
    "long metadata": (modal(section(), private_metadata="x" * 3_001), "less than 3001"),
    "long callback": (modal(section(), callback_id="x" * 256), "less than 256"),
    "slip in the view's key": (modal(section(), private_metdata="x"), "'private_metdata' was unexpected"),
    "title of a Home tab": ({"type": "home", "title": PLAIN, "blocks": [section()]}, "'title' was unexpected"),
    "too many blocks": ({"type": "home", "blocks": [section()] * 101}, "no more than 100"),
    "initial value over its limit": (modal(entry(initial_value="xx", max_length=1)), "less than 2 characters"),
    "limit over Slack's": (modal(entry(max_length=3_001)), "between 1 and 3000"),
    "shortest over longest": (modal(entry(min_length=5, max_length=4)), "shortest length over the longest"),
    "two with the focus": (modal(entry("a", focus_on_load=True), entry("b", focus_on_load=True)), "2 elements with"),
    "no block id": (modal(entry() | {"block_id": ""}), "an input without a block_id"),
    "placeholder too long": (modal(entry(placeholder=PLAIN | {"text": "x" * 151})), "less than 151"),
}


def test_what_is_right_is_let_through() -> None:
    assert message_problems("A &amp; B", GOOD_BLOCKS) == []
    assert view_problems(GOOD_MODAL) == []
    assert view_problems({"type": "home", "blocks": [section()] * 100}) == []


@pytest.mark.parametrize("name", BROKEN_BLOCKS)
def test_broken_message_is_found(name: str) -> None:
    blocks, complaint = BROKEN_BLOCKS[name]
    assert _has(message_problems("x", blocks), complaint)


@pytest.mark.parametrize("name", BROKEN_VIEWS)
def test_broken_form_or_home_tab_is_found(name: str) -> None:
    view, complaint = BROKEN_VIEWS[name]
    assert _has(view_problems(view), complaint)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no words"),
        (" – ", "no words"),
        ("x" * 4_001, "fallback text of 4001"),
        ("said <@U1", "a token is cut"),
        ("a &l…", "an escape is cut"),
    ],
)
def test_words_for_notifications_that_help_nobody_are_found(text: str, complaint: str) -> None:
    assert _has(message_problems(text, [section()]), complaint)


def test_answer_to_the_asker_may_be_longer_than_a_posted_message() -> None:
    assert message_problems("x", [section("x" * 2_800)] * 5, is_posted=False) == []


def test_without_the_packages_for_node_one_line_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(schema, "GENERATOR", tmp_path / "missing")
    schema.validator.cache_clear()
    with pytest.raises(schema.CounterpartMissingError, match=r"^run: make \.node/\.ready$"):
        schema.problems("Message", [])


def _has(found: list[str], complaint: str) -> bool:
    """Whether one of the problems found is this one; the others may be the same one in another checker's words."""
    return any(re.search(complaint, line) for line in found)
