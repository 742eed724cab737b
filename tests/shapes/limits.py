"""One checker for everything that is shown in Slack: Slack's types, its limits, and the house's rules.

The limits are those of the stand-in (bot.sandbox.rules) and of the SDK's models. Here stands what neither knows.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox import rules
from bot.sandbox.errors import SlackError
from tests.shapes import schema

Json = dict[str, Any]

# Slack splits or refuses longer ones: https://docs.slack.dev/reference/methods/chat.postMessage
FALLBACK = 4_000
# Slack's reference says 150 characters, its types say 75.
OPTION_VALUE = 75
# The house's own: a form is filled in on a phone, and a message offers one next step and four others.
FORM_FIELDS, BUTTONS = 7, 5

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")


def message_problems(text: str, blocks: list[Json], *, is_posted: bool = True) -> list[str]:
    """Return what Slack would refuse in a message, or people would miss; nothing when all is well.

    `is_posted` says that it stands in a channel or thread; what answers a command or a press may be longer.
    """
    found = [*_fallback(text)] + ([] if blocks else ["no blocks"])
    if misshapen := schema.problems("Message", blocks):
        # The others take the right shape for granted.
        return found + misshapen
    found += _refused(lambda: rules.check_message_blocks(blocks))
    found += _refused(lambda: [block.to_dict() for block in Block.parse_all(blocks)])
    if is_posted:
        found += _refused(lambda: rules.check_posted_length(blocks))
    return [*found, *_blocks(blocks)]


def view_problems(view: Json) -> list[str]:
    """Return what Slack would refuse in a modal or Home tab, or people would miss."""
    if misshapen := schema.problems("Home" if view.get("type") == "home" else "Modal", view):
        return misshapen
    found = _refused(lambda: rules.check_view(view, kinds=("modal", "home")))
    found += _refused(lambda: View(**view).to_dict())
    blocks = view["blocks"]
    inputs = [block for block in blocks if block.get("type") == "input"]
    if len(inputs) > FORM_FIELDS:
        found.append(f"{len(inputs)} fields in a form")
    found += ["an input without a block_id" for block in inputs if not block.get("block_id")]
    focused = [one for block in blocks for one in rules.elements_of(block) if one.get("focus_on_load")]
    if len(focused) > 1:
        found.append(f"{len(focused)} elements with the focus")
    return [*found, *_blocks(blocks)]


def mrkdwn_texts(node: Any) -> list[str]:
    """Return every text that Slack would format, wherever it stands."""
    if isinstance(node, list):
        return [text for one in node for text in mrkdwn_texts(one)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") == "mrkdwn" else []
    return own + [text for one in node.values() for text in mrkdwn_texts(one)]


def _refused(check: Callable[[], object]) -> list[str]:
    try:
        check()
    except SlackError as error:
        return [*error.fields.get("response_metadata", {}).get("messages", [error.code])]
    except SlackObjectFormationError as error:
        return [f"the SDK refuses it: {error}"]
    return []


def _fallback(text: str) -> Iterator[str]:
    if not re.search(r"\w", text):
        yield "no words for notifications"
    if len(text) > FALLBACK:
        yield f"fallback text of {len(text)} characters"
    yield from _cut_badly(text)


def _cut_badly(text: str) -> Iterator[str]:
    if text.count("<") != text.count(">"):
        yield f"a token is cut: {text[-60:]!r}"
    if _ENTITY.search(text):
        yield f"an escape is cut, or a character is not escaped: {text[-60:]!r}"


def _blocks(blocks: list[Json]) -> Iterator[str]:
    written = json.dumps(blocks, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError as error:
        yield f"not to be sent as UTF-8: {error}"
    if "\ue000" in written or "\ue001" in written:
        yield "a mark that stands for a mention"
    for text in mrkdwn_texts(blocks):
        yield from _cut_badly(text)
    elements = [one for block in blocks for one in rules.elements_of(block)]
    primary = [one for one in elements if one.get("style") == "primary"]
    if len(primary) > 1:
        yield f"{len(primary)} primary buttons"
    rows = [block for block in blocks if block.get("type") == "actions"]
    if sum(len(row["elements"]) for row in rows) > BUTTONS:
        yield "more than one primary button and four others"
    for element in elements:
        yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    if not element.get("action_id"):
        yield f"a {element['type']} without an action_id"
    options = rules.options_of(element)
    values = Counter(str(option.get("value")) for option in options)
    yield from (f"option {value!r} stands {count} times" for value, count in values.items() if count > 1)
    yield from (
        f"an option's value of {len(value)} characters" for value in values if not 1 <= len(value) <= OPTION_VALUE
    )
    if element.get("min_length", 0) > element.get("max_length", 3_000):
        yield "a shortest length over the longest"
