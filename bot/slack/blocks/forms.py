"""What modals are made of: the modal itself, its fields, and what stands in a field.

Limits: https://docs.slack.dev/reference/views/modal-views
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.text import SOMEONE, clipped, with_mentions_as
from bot.slack.blocks.elements import Block, option, plain

TITLE = 24
LABEL = 2_000
PLACEHOLDER = 150
TEXT = 3_000


@dataclass(frozen=True, slots=True)
class Form:
    """A modal to open instead of an answer; `instead` is a line to type where it can't be opened."""

    view: Block
    instead: str = ""


def modal(callback_id: str, title: str, submit: str, blocks: list[Block], metadata: Mapping[str, Any]) -> Block:
    """Return a modal; `metadata` (at most 3,000 characters as JSON) comes back when it is submitted."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "submit": plain(submit, TITLE),
        "close": plain("Not now", TITLE),
        "private_metadata": json.dumps(metadata),
        "blocks": blocks,
    }


def field(block_id: str, label: str, element: Block, *, hint: str | None = None, is_optional: bool = False) -> Block:
    """Return a field; its value comes back under `block_id`, which is also its element's action id."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL),
        "element": element | {"action_id": block_id},
        "optional": is_optional,
    }
    return block | {"hint": plain(hint, LABEL)} if hint else block


def text_input(value: str = "", *, limit: int = TEXT, is_long: bool = False, example: str = "") -> Block:
    """Return a place for text of at most `limit` characters, several lines where `is_long`, holding `value`.

    It holds plain text alone, so a mention in `value` that was given no name stands there as a word.
    """
    element: Block = {"type": "plain_text_input", "max_length": limit, "multiline": is_long}
    if example:
        element["placeholder"] = plain(example, PLACEHOLDER)
    known = clipped(with_mentions_as(value, lambda _: f"@{SOMEONE}"), limit)
    return element | {"initial_value": known} if known.strip() else element


def select(words: Mapping[Any, str], chosen: Any = None) -> Block:
    """Return a menu of values with their words; `chosen` is the one it holds at first, None for none."""
    options = [option(text, str(getattr(value, "value", value))) for value, text in words.items()]
    menu: Block = {"type": "static_select", "options": options}
    if chosen is None:
        return menu
    chosen_value = str(getattr(chosen, "value", chosen))
    return menu | {"initial_option": next(one for one in options if one["value"] == chosen_value)}
