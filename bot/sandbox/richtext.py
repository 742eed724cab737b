"""The words of a message as Slack's clients send them: escaped text and the rich_text block beside it."""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.records import Json

_TOKEN = re.compile(r"<([^<>]+)>")


def escape(text: str) -> str:
    """What Slack makes of typed text: the three characters that it uses for its own tokens."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text_block(text: str, block_id: str) -> Json:
    """The block that a client sends with an escaped text, with its mentions, channels and links."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _elements(text: str) -> Iterator[Json]:
    position = 0
    for token in _TOKEN.finditer(text):
        if token.start() > position:
            yield {"type": "text", "text": unescape(text[position : token.start()])}
        yield _token(token.group(1))
        position = token.end()
    if position < len(text):
        yield {"type": "text", "text": unescape(text[position:])}


def _token(inner: str) -> Json:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Json = {"type": "link", "url": unescape(target)}
    return link | ({"text": unescape(label)} if label else {})


def visible_text(shown: Any) -> str:
    """All the words in a message, a view or a list of blocks, one piece a line, in reading order.

    For assertions on what a person reads. A message with blocks shows its blocks; the ``text`` beside them is
    only the notification, so it is left out then.
    """
    return "\n".join(_pieces(shown))


def _pieces(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _pieces(item)
        return
    if not isinstance(node, dict):
        return
    text = node.get("text")
    if isinstance(text, str) and not node.get("blocks"):
        yield text
    for key in _READING_ORDER:
        if isinstance(node.get(key), (dict, list)):
            yield from _pieces(node[key])


_READING_ORDER = (
    "title", "label", "text", "fields", "placeholder", "blocks", "rows", "elements", "element", "accessory",
    "options", "initial_option", "hint", "attachments",
)  # fmt: skip
