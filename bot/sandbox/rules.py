"""Block Kit's limits, as Slack's reference gives them.

Each breach is a line with a JSON pointer, as in Slack's own answers.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000
VIEW_BYTES = 250 * 1024
MARKDOWN_TOTAL = 12_000
# What the blocks of a posted message may hold in all. Slack documents no number: people measured 13,297 characters for
# one block, and 125 less for each further empty one (github.com/slackapi/bolt-js, issues 2509 and 2867).
POSTED_TOTAL = 13_000
EMPTY_BLOCK = 106
METADATA_LIMIT = 3000
VIEW_TITLE = 24
ID_LIMIT = 255

Checker = Callable[[Json, str], Iterator[str]]

INPUT_ELEMENTS = frozenset(
    {
        "plain_text_input", "email_text_input", "number_input", "url_text_input", "rich_text_input", "static_select",
        "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select",
        "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
        "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
    }
)  # fmt: skip
ACTION_ELEMENTS = INPUT_ELEMENTS | {"button", "overflow"}
_OPTION_LIMITS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}


def check_message_blocks(blocks: Any) -> None:
    """Raises SlackError ``invalid_blocks_format`` or ``invalid_blocks`` for blocks that a message may not have."""
    _raise("invalid_blocks", _blocks(blocks, "/blocks", MESSAGE_BLOCKS, inputs=False))


def check_posted_length(blocks: list[Json]) -> None:
    """Raises SlackError ``msg_blocks_too_long`` for blocks that are too long together; response_urls take longer."""
    if posted_length(blocks) > POSTED_TOTAL:
        raise SlackError("msg_blocks_too_long")


def posted_length(blocks: list[Json]) -> int:
    """How much of what a posted message may hold these blocks take, in characters; rather too much than too little."""
    return len(json.dumps(blocks, ensure_ascii=False)) + EMPTY_BLOCK * len(blocks)


def check_view(view: Any, *, kinds: Iterable[str] = ("modal",)) -> None:
    """Raises SlackError ``invalid_arguments`` or ``view_too_large`` for a view that may not be shown."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] view is not an object"]})
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    _raise("invalid_arguments", chain(_view(view, tuple(kinds)), _view_blocks(view)))


def _raise(code: str, complaints: Iterator[str]) -> None:
    found = list(complaints)
    if found:
        raise SlackError(code, response_metadata={"messages": [f"[ERROR] {line}" for line in found]})


def _view(view: Json, kinds: tuple[str, ...]) -> Iterator[str]:
    if view.get("type") not in kinds:
        yield f"must be one of {', '.join(kinds)} [json-pointer:/view/type]"
    if view.get("type") == "modal":
        yield from _text(view.get("title"), "/view/title", VIEW_TITLE, plain=True)
    for part in ("submit", "close"):
        if view.get(part) is not None:
            yield from _text(view[part], f"/view/{part}", VIEW_TITLE, plain=True)
    yield from _length(view.get("private_metadata", ""), METADATA_LIMIT, "/view/private_metadata")
    for part in ("callback_id", "external_id"):
        yield from _length(view.get(part) or "", ID_LIMIT, f"/view/{part}")


def _view_blocks(view: Json) -> Iterator[str]:
    blocks = view.get("blocks")
    yield from _blocks(blocks, "/view/blocks", VIEW_BLOCKS, inputs=True)
    has_input = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if view.get("type") == "modal" and has_input and not view.get("submit"):
        yield "missing required field: submit [json-pointer:/view]"


def _blocks(blocks: Any, at: str, limit: int, *, inputs: bool) -> Iterator[str]:
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
        if at == "/blocks":
            raise SlackError("invalid_blocks_format")
        yield f"must be an array of blocks [json-pointer:{at}]"
        return
    if len(blocks) > limit:
        yield f"no more than {limit} items allowed [json-pointer:{at}]"
    for number, block in enumerate(blocks):
        yield from _block(block, f"{at}/{number}", inputs=inputs)
    yield from _unique(blocks, at)
    if sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown") > MARKDOWN_TOTAL:
        yield f"no more than {MARKDOWN_TOTAL} characters of markdown allowed [json-pointer:{at}]"
    if sum(b.get("type") == "table" for b in blocks) > 1:
        yield f"only one table allowed [json-pointer:{at}]"


def _unique(blocks: list[Json], at: str) -> Iterator[str]:
    ids = [b["block_id"] for b in blocks if b.get("block_id")]
    for block_id in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"block_id already exists: {block_id} [json-pointer:{at}]"
    for number, block in enumerate(blocks):
        actions = [e["action_id"] for e in elements_of(block) if e.get("action_id")]
        for action_id in sorted({a for a in actions if actions.count(a) > 1}):
            yield f"action_id already exists: {action_id} [json-pointer:{at}/{number}/elements]"


def _block(block: Json, at: str, *, inputs: bool) -> Iterator[str]:
    kind = str(block.get("type"))
    check = _BLOCKS.get(kind)
    if check is None or (kind == "input" and not inputs):
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from _length(block.get("block_id") or "", ID_LIMIT, f"{at}/block_id")
    yield from check(block, at)


def _section(block: Json, at: str) -> Iterator[str]:
    if block.get("text") is None and not block.get("fields"):
        yield f"missing required field: text or fields [json-pointer:{at}]"
    if block.get("text") is not None:
        yield from _text(block["text"], f"{at}/text", 3000)
    fields = block.get("fields") or []
    if len(fields) > 10:  # noqa: PLR2004 - Slack's number stands where it is used
        yield f"no more than 10 items allowed [json-pointer:{at}/fields]"
    for number, item in enumerate(fields):
        yield from _text(item, f"{at}/fields/{number}", 2000)
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], f"{at}/accessory", ACTION_ELEMENTS | {"image"})


def _header(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("text"), f"{at}/text", 150, plain=True)


def _actions(block: Json, at: str) -> Iterator[str]:
    yield from _elements(block, at, 25, ACTION_ELEMENTS)


def _context(block: Json, at: str) -> Iterator[str]:
    elements = block.get("elements")
    yield from _count(elements, f"{at}/elements", 10)
    for number, item in enumerate(elements or []):
        if item.get("type") in {"plain_text", "mrkdwn"}:
            yield from _text(item, f"{at}/elements/{number}", 3000)
        elif item.get("type") != "image":
            yield f"unsupported type: {item.get('type')} [json-pointer:{at}/elements/{number}/type]"


def _input(block: Json, at: str) -> Iterator[str]:
    yield from _text(block.get("label"), f"{at}/label", 2000, plain=True)
    if block.get("hint") is not None:
        yield from _text(block["hint"], f"{at}/hint", 2000, plain=True)
    if not isinstance(block.get("element"), dict):
        yield f"missing required field: element [json-pointer:{at}]"
        return
    yield from _element(block["element"], f"{at}/element", INPUT_ELEMENTS)


def _image(block: Json, at: str) -> Iterator[str]:
    if not (block.get("image_url") or block.get("slack_file")):
        yield f"missing required field: image_url [json-pointer:{at}]"
    if not block.get("alt_text"):
        yield f"missing required field: alt_text [json-pointer:{at}]"
    yield from _length(block.get("alt_text") or "", 2000, f"{at}/alt_text")


def _markdown(block: Json, at: str) -> Iterator[str]:
    if not block.get("text"):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"


def _table(block: Json, at: str) -> Iterator[str]:
    rows = block.get("rows")
    yield from _count(rows, f"{at}/rows", 100)
    for number, row in enumerate(rows or []):
        yield from _count(row, f"{at}/rows/{number}", 20)


def _rich_text(block: Json, at: str) -> Iterator[str]:
    known = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for number, item in enumerate(block.get("elements") or []):
        if item.get("type") not in known:
            yield f"unsupported type: {item.get('type')} [json-pointer:{at}/elements/{number}/type]"


def _nothing(_block: Json, _at: str) -> Iterator[str]:
    return iter(())


_BLOCKS: dict[str, Checker] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "table": _table,
    "rich_text": _rich_text,
    "divider": _nothing,
    "file": _nothing,
    "video": _nothing,
}


def _elements(block: Json, at: str, limit: int, allowed: frozenset[str]) -> Iterator[str]:
    elements = block.get("elements")
    yield from _count(elements, f"{at}/elements", limit)
    for number, item in enumerate(elements or []):
        yield from _element(item, f"{at}/elements/{number}", allowed)


def _element(element: Json, at: str, allowed: frozenset[str]) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from _length(element.get("action_id") or "", ID_LIMIT, f"{at}/action_id")
    if kind == "button":
        yield from _text(element.get("text"), f"{at}/text", 75, plain=True)
        yield from _length(element.get("value") or "", 2000, f"{at}/value")
        yield from _length(element.get("url") or "", 3000, f"{at}/url")
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield f"must be one of primary, danger [json-pointer:{at}/style]"
    if element.get("placeholder") is not None:
        yield from _text(element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    yield from _options(element, kind, at)
    if kind == "plain_text_input":
        yield from _text_input(element, at)


def _text_input(element: Json, at: str) -> Iterator[str]:
    longest = element.get("max_length", 3000)
    if not 1 <= longest <= 3000:  # noqa: PLR2004 - Slack's number stands where it is used
        yield f"must be between 1 and 3000 [json-pointer:{at}/max_length]"
    yield from _length(element.get("initial_value") or "", longest, f"{at}/initial_value")


def _confirm(confirm: Json, at: str) -> Iterator[str]:
    for part, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if confirm.get(part) is not None:
            yield from _text(confirm[part], f"{at}/{part}", limit)


def _options(element: Json, kind: str, at: str) -> Iterator[str]:
    groups = element.get("option_groups")
    lists = [(element.get("options"), f"{at}/options")]
    if groups is not None:
        yield from _count(groups, f"{at}/option_groups", 100)
        lists = [(g.get("options"), f"{at}/option_groups/{n}/options") for n, g in enumerate(groups)]
    elif kind not in {"static_select", "multi_static_select", *_OPTION_LIMITS}:
        return
    limit = _OPTION_LIMITS.get(kind, 100)
    for options, pointer in lists:
        yield from _count(options, pointer, limit)
        for number, option in enumerate(options or []):
            yield from _option(option, f"{pointer}/{number}", kind)
    yield from _initial(element, at)


def _option(option: Json, at: str, kind: str) -> Iterator[str]:
    yield from _text(option.get("text"), f"{at}/text", 75, plain=kind not in {"radio_buttons", "checkboxes"})
    value = option.get("value")
    if not isinstance(value, str):
        yield f"missing required field: value [json-pointer:{at}]"
    else:
        yield from _length(value, 150, f"{at}/value")
    if option.get("description") is not None:
        yield from _text(option["description"], f"{at}/description", 75)


def _initial(element: Json, at: str) -> Iterator[str]:
    values = [o.get("value") for o in options_of(element)]
    chosen = element.get("initial_options") or []
    if element.get("initial_option") is not None:
        chosen = [*chosen, element["initial_option"]]
    if any(option.get("value") not in values for option in chosen):
        yield f"initial option is not one of the options [json-pointer:{at}/initial_option]"


def _text(text: Any, at: str, limit: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict):
        yield f"missing required field [json-pointer:{at}]"
        return
    allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if text.get("type") not in allowed:
        yield f"must be of type {' or '.join(sorted(allowed))} [json-pointer:{at}/type]"
    words = text.get("text")
    if not isinstance(words, str) or not words:
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
        return
    yield from _length(words, limit, f"{at}/text")


def _length(value: str, limit: int, at: str) -> Iterator[str]:
    if len(value) > limit:
        yield f"must be less than {limit + 1} characters [json-pointer:{at}]"


def _count(items: Any, at: str, limit: int) -> Iterator[str]:
    if not isinstance(items, list) or not items:
        yield f"must have at least 1 item [json-pointer:{at}]"
    elif len(items) > limit:
        yield f"no more than {limit} items allowed [json-pointer:{at}]"


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, wherever they stand in it."""
    found = list(block.get("elements") or []) if block.get("type") == "actions" else []
    for place in ("accessory", "element"):
        if isinstance(block.get(place), dict):
            found.append(block[place])
    return [e for e in found if e.get("type") in ACTION_ELEMENTS]


def options_of(element: Json) -> list[Json]:
    """The options of an element, those in groups included."""
    grouped = chain.from_iterable(g.get("options") or [] for g in element.get("option_groups") or [])
    return [*(element.get("options") or []), *grouped]
