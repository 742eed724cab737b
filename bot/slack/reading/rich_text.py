"""Rich text, as Slack's own composer and apps make it, read to the marks that people know: *bold*, `code`, > quote.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block; its texts are not escaped, other than in mrkdwn.
"""

import re
from collections.abc import Callable, Mapping

from bot.domain.text import channel_mark, group_mark, mention
from bot.slack.reading.shapes import Payload, mapping, mappings, string
from bot.slack.text import link_words, moment_words

_MARKS = (("code", "`"), ("strike", "~"), ("italic", "_"), ("bold", "*"))
_ID = re.compile(r"[A-Z][A-Z0-9]{1,31}")
_INDENT = "    "
# Slack nests lists by their indent; nobody puts one within another deeper than this.
_DEEPEST = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def rich_text(block: Payload) -> str:
    """Return what a rich_text block says, a line for each item, quote and row of code."""
    parts = [_part(element) for element in mappings(block, "elements")]
    return "\n".join(part for part in parts if part)


def _part(element: Payload, depth: int = 0) -> str:
    match element.get("type"):
        case "rich_text_list":
            return _list(element, depth) if depth < _DEEPEST else ""
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _inline(element).strip("\n").split("\n"))
        case "rich_text_preformatted":
            code = _inline(element).strip("\n")
            return f"```{code}```" if code else ""
        case _:
            return _inline(element).strip("\n")


def _list(element: Payload, depth: int) -> str:
    indent = _INDENT * _number(element.get("indent"))
    first = _number(element.get("offset")) + 1
    is_ordered = element.get("style") == "ordered"
    items = [_part(item, depth + 1) for item in mappings(element, "elements")]
    signs = [f"{_ordinal(first + index, element)}." if is_ordered else "•" for index in range(len(items))]
    return "\n".join(f"{indent}{sign} {item}" for sign, item in zip(signs, items, strict=True))


def _ordinal(number: int, element: Payload) -> str:
    # As Slack shows them: letters at every second level.
    is_lettered = _number(element.get("indent")) % 2 == 1 and number <= len(_LETTERS)
    return _LETTERS[number - 1] if is_lettered else str(number)


def _number(value: object) -> int:
    # What claims to stand deeper than anybody can nest would only be a long row of spaces.
    return min(max(value, 0), 999) if isinstance(value, int) else 0


def _inline(holder: Payload) -> str:
    return "".join(_styled(_said(element), mapping(element.get("style"))) for element in mappings(holder, "elements"))


def _styled(text: str, style: Payload) -> str:
    """Return the text between the marks of its style; white space at its ends stays outside, where marks work."""
    core = text.strip()
    if not core or "\n" in core:
        return text
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for name, mark in _MARKS:
        if style.get(name) is True:
            core = f"{mark}{core}{mark}"
    return f"{start}{core}{end}"


def _said(element: Payload) -> str:
    read = _ELEMENTS.get(string(element.get("type")))
    return read(element) if read else string(element.get("text"))


def _link(element: Payload) -> str:
    return link_words(string(element.get("url")), string(element.get("text")))


def _date(element: Payload) -> str:
    return string(element.get("fallback")) or moment_words(str(element.get("timestamp")))


def _identified(name: str, mark: Callable[[str], str]) -> Callable[[Payload], str]:
    def read(element: Payload) -> str:
        key = string(element.get(name))
        return mark(key) if _ID.fullmatch(key) else ""

    return read


_ELEMENTS: Mapping[str, Callable[[Payload], str]] = {
    "text": lambda element: string(element.get("text")),
    "link": _link,
    "user": _identified("user_id", mention),
    "channel": _identified("channel_id", channel_mark),
    "usergroup": _identified("usergroup_id", group_mark),
    "team": lambda _element: "a workspace",
    "broadcast": lambda element: f"@{string(element.get('range')) or 'channel'}",
    "emoji": lambda element: f":{string(element.get('name'))}:",
    "date": _date,
    "color": lambda element: string(element.get("value")),
}
