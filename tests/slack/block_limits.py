"""One checker for everything that goes to Slack: its limits, and the house's rule of one primary button.

Limits: https://docs.slack.dev/reference/block-kit/blocks and .../methods/chat.postMessage
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXT, HEADER, FIELD, OPTION, BUTTON, VALUE, IDENTIFIER, METADATA, TITLE = 3000, 150, 2000, 75, 75, 2000, 255, 3000, 24
FALLBACK, OPTION_VALUE = 4000, 150


def message_problems(text: str, blocks: list[Json]) -> list[str]:
    """Returns what Slack would refuse in a message, or people would miss; nothing when all is well."""
    found = [] if text.strip() else ["no text for notifications"]
    if len(text) > FALLBACK:
        found.append(f"fallback text of {len(text)} characters")
    return [*found, *_block_problems(blocks, MESSAGE_BLOCKS)]


def view_problems(view: Json) -> list[str]:
    """Returns what Slack would refuse in a modal or Home tab."""
    found = [] if len(view.get("private_metadata", "")) <= METADATA else ["private_metadata too long"]
    found += [
        f"{name} of {len(view[name]['text'])} characters"
        for name in ("title", "submit", "close")
        if name in view and not 1 <= len(view[name]["text"]) <= TITLE
    ]
    return [*found, *_block_problems(view["blocks"], VIEW_BLOCKS)]


def _block_problems(blocks: list[Json], limit: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= limit:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        yield from _one(block)
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name} stands {count} times" for name, count in ids.items() if count > 1)
    primary = [one for block in blocks for one in elements(block) if one.get("style") == "primary"]
    if len(primary) > 1:
        yield f"{len(primary)} primary buttons"
    try:
        # The SDK checks the lengths of what it knows when it writes blocks out.
        for parsed in Block.parse_all(blocks):
            parsed.to_dict()
    except SlackObjectFormationError as error:
        yield f"the SDK refuses it: {error}"


def _one(block: Json) -> Iterator[str]:
    kind = block["type"]
    texts = {
        "section": [(block.get("text"), TEXT), *((field, FIELD) for field in block.get("fields", []))],
        "header": [(block.get("text"), HEADER)],
        "context": [(element, TEXT) for element in block.get("elements", [])],
        "input": [(block.get("label"), FIELD), (block.get("hint"), FIELD)],
    }.get(kind, [])
    yield from (
        f"{kind} text of {len(text['text'])} characters" for text, most in texts if text and not _fits(text, most)
    )
    if len(block.get("fields", [])) > 10:
        yield f"{len(block['fields'])} fields"
    if kind == "section" and not (block.get("text") or block.get("fields")):
        yield "an empty section"
    if kind == "actions" and not 1 <= len(block["elements"]) <= 5:
        yield f"{len(block['elements'])} buttons in a row"
    found = list(elements(block))
    ids = Counter(one["action_id"] for one in found)
    yield from (f"action_id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for one in found:
        yield from _element(one)


def _fits(text: Json, most: int) -> bool:
    return 1 <= len(text["text"]) <= most


def elements(block: Json) -> Iterator[Json]:
    """Yields what can be pressed, chosen or filled in."""
    if block["type"] == "actions":
        yield from block["elements"]
    yield from (block[name] for name in ("accessory", "element") if name in block)


def _element(element: Json) -> Iterator[str]:
    kind = element["type"]
    if not 1 <= len(element["action_id"]) <= IDENTIFIER:
        yield f"action_id of {len(element['action_id'])} characters"
    if kind == "button" and not (_fits(element["text"], BUTTON) and len(element["value"]) <= VALUE):
        yield f"button {element['text']['text']!r}"
    options = element.get("options", [])
    if len(options) > (5 if kind == "overflow" else 100):
        yield f"{len(options)} options"
    for option in options:
        if not (_fits(option["text"], OPTION) and 1 <= len(option["value"]) <= OPTION_VALUE):
            yield f"option {option['text']['text']!r}"
    if kind == "plain_text_input" and len(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield "an initial value over its own limit"
