from typing import Any

import pytest

from bot.sandbox import rules
from bot.sandbox.errors import SlackError


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def option(text: str = "One", value: str = "1") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def select(count: int = 1, **more: Any) -> dict[str, Any]:
    options = [option(f"Option {n}", str(n)) for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def field(block_id: str = "title", **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "value"}
    return {"type": "input", "block_id": block_id, "label": plain("Title"), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Declare"), "submit": plain("Go"), "blocks": list(blocks), **more}


def complaints(check: Any, given: Any) -> list[str]:
    with pytest.raises(SlackError) as refused:
        check(given)
    lines: list[str] = refused.value.fields.get("response_metadata", {}).get("messages", [])
    return lines


ALLOWED = {
    "section of 3000": [section("x" * 3000)],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "50 blocks": [section() for _ in range(50)],
    "button text of 75": [actions(button(text=plain("x" * 75)))],
    "25 elements": [actions(*[button(action_id=f"a{n}") for n in range(25)])],
    "100 options": [actions(select(100))],
    "ten fields": [{"type": "section", "fields": [plain("x")] * 10}],
    "markdown of 12000": [{"type": "markdown", "text": "x" * 12_000}],
    "table of 100 rows": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100}],
    "the same action_id in two blocks": [actions(button()), actions(button())],
    "rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
    "divider and context": [{"type": "divider"}, {"type": "context", "elements": [plain("x")]}],
    "100 option groups": [actions(select(option_groups=[{"label": plain("G"), "options": [option()]}] * 100))],
    "a confirmation": [actions(button(confirm={"title": plain("Sure?"), "text": plain("It closes.")}))],
}

REFUSED = {
    "section over 3000": ([section("x" * 3001)], "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    "empty section": ([section("")], "more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "section without text": ([{"type": "section"}], "text or fields"),
    "eleven fields": ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items"),
    "header over 150": ([{"type": "header", "text": plain("x" * 151)}], "less than 151 characters"),
    "header in mrkdwn": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be of type plain_text"),
    "51 blocks": ([section() for _ in range(51)], "no more than 50 items allowed [json-pointer:/blocks]"),
    "button over 75": ([actions(button(text=plain("x" * 76)))], "less than 76 characters"),
    "button value over 2000": ([actions(button(value="x" * 2001))], "less than 2001 characters"),
    "button of another style": ([actions(button(style="green"))], "must be one of primary, danger"),
    "26 elements": ([actions(*[button(action_id=f"a{n}") for n in range(26)])], "no more than 25 items"),
    "no elements": ([actions()], "at least 1 item"),
    "101 options": ([actions(select(101))], "no more than 100 items"),
    "no options": ([actions(select(0))], "at least 1 item"),
    "option text over 75": ([actions(select(options=[option("x" * 76)]))], "less than 76 characters"),
    "option value over 150": ([actions(select(options=[option(value="x" * 151)]))], "less than 151 characters"),
    "six in an overflow": ([actions(select(6, type="overflow"))], "no more than 5 items"),
    "initial option not offered": ([actions(select(initial_option=option("Two", "two")))], "not one of the options"),
    "a block_id twice": ([section(block_id="b"), section(block_id="b")], "block_id already exists: b"),
    "an action_id twice": ([actions(button(), button())], "action_id already exists: go"),
    "block_id over 255": ([section(block_id="x" * 256)], "less than 256 characters"),
    "unknown block": ([{"type": "headline"}], "unsupported type: headline"),
    "input in a message": ([field()], "unsupported type: input"),
    "unknown element": ([actions({"type": "knob", "action_id": "k"})], "unsupported type: knob"),
    "markdown over 12000 in all": ([{"type": "markdown", "text": "x" * 6001}] * 2, "12000 characters of markdown"),
    "table of 101 rows": ([{"type": "table", "rows": [[{}]] * 101}], "no more than 100 items"),
    "table of 21 columns": ([{"type": "table", "rows": [[{}] * 21]}], "no more than 20 items"),
    "two tables": ([{"type": "table", "rows": [[{}]]}] * 2, "only one table"),
    "image without alt text": ([{"type": "image", "image_url": "https://example.com/a.png"}], "alt_text"),
    "video in a context": ([{"type": "context", "elements": [{"type": "video"}]}], "unsupported type: video"),
    "image without address": ([{"type": "image", "alt_text": "x"}], "image_url"),
    "empty markdown": ([{"type": "markdown", "text": ""}], "more than 0 characters"),
    "rich text of another kind": ([{"type": "rich_text", "elements": [{"type": "text"}]}], "unsupported type: text"),
    "placeholder over 150": ([actions(select(placeholder=plain("x" * 151)))], "less than 151 characters"),
    "101 option groups": (
        [actions(select(option_groups=[{"label": plain("G"), "options": [option()]}] * 101))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/option_groups]",
    ),
    "option without value": ([actions(select(options=[{"text": plain("One")}]))], "missing required field: value"),
    "option description over 75": (
        [actions(select(options=[{**option(), "description": plain("x" * 76)}]))],
        "less than 76 characters",
    ),
    "confirm title over 100": ([actions(button(confirm={"title": plain("x" * 101)}))], "less than 101 characters"),
}


@pytest.mark.parametrize("blocks", ALLOWED.values(), ids=ALLOWED)
def test_blocks_within_the_limits_are_taken(blocks: list[dict[str, Any]]) -> None:
    rules.check_message_blocks(blocks)


@pytest.mark.parametrize(("blocks", "complaint"), REFUSED.values(), ids=REFUSED)
def test_blocks_beyond_a_limit_are_refused_with_a_pointer(blocks: list[dict[str, Any]], complaint: str) -> None:
    assert any(complaint in line for line in complaints(rules.check_message_blocks, blocks))


@pytest.mark.parametrize("blocks", ["text", {"type": "section"}, [1]])
def test_what_is_no_list_of_blocks_is_refused_as_such(blocks: Any) -> None:
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        rules.check_message_blocks(blocks)


VIEWS_REFUSED = {
    "title over 24": (
        modal(section(), title=plain("x" * 25)),
        "less than 25 characters [json-pointer:/view/title/text]",
    ),
    "no title": (modal(section(), title=None), "missing required field [json-pointer:/view/title]"),
    "submit over 24": (modal(field(), submit=plain("x" * 25)), "/view/submit/text"),
    "close over 24": (modal(field(), close=plain("x" * 25)), "/view/close/text"),
    "input without submit": (modal(field(), submit=None), "missing required field: submit"),
    "101 blocks": (
        modal(*[section() for _ in range(101)]),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    "private_metadata over 3000": (modal(section(), private_metadata="x" * 3001), "/view/private_metadata"),
    "callback_id over 255": (modal(section(), callback_id="x" * 256), "/view/callback_id"),
    "no blocks": ({"type": "modal", "title": plain("T")}, "array of blocks"),
    "hint over 2000": (modal(field(hint=plain("x" * 2001))), "/view/blocks/0/hint"),
    "input without element": (modal(field(element=None)), "missing required field: element"),
    "max_length over 3000": (modal(field(element={"type": "plain_text_input", "max_length": 3001})), "1 and 3000"),
    "no object": ("modal", "view is not an object"),
    "another type": ({"type": "window", "blocks": []}, "must be one of modal"),
    "initial value over max_length": (
        modal(field(element={"type": "plain_text_input", "max_length": 3, "initial_value": "long"})),
        "less than 4 characters",
    ),
}


@pytest.mark.parametrize(("view", "complaint"), VIEWS_REFUSED.values(), ids=VIEWS_REFUSED)
def test_views_beyond_a_limit_are_refused(view: dict[str, Any], complaint: str) -> None:
    assert any(complaint in line for line in complaints(rules.check_view, view))


def test_a_view_within_the_limits_is_taken() -> None:
    blocks = [field(f"b{n}") for n in range(100)]
    rules.check_view(modal(*blocks, title=plain("x" * 24), private_metadata="x" * 3000))


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        rules.check_view(modal(*[section("x" * 3000) for _ in range(90)]))


def test_blocks_too_long_together_can_be_shown_but_not_posted() -> None:
    blocks = [section("x" * 2_800)] * 5
    rules.check_message_blocks(blocks)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        rules.check_posted_length(blocks)
    rules.check_posted_length(blocks[:4])
