"""Slack's JSON as lines that a person can read in a terminal or a text file."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox import unescape

Json = Mapping[str, Any]
NameOf = Callable[[str], str]

_TOKEN = re.compile(r"<([^<>\n]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")
_CODE = re.compile(r"`([^`\n]+)`")
_ITALIC = re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)")


def plain(mrkdwn: str, name_of: NameOf) -> str:
    """Return mrkdwn as plain text: names for ids, the fallback of dates, the label of links."""
    bare = _CODE.sub(r"\1", _ITALIC.sub(r"\1", _BOLD.sub(r"\1", mrkdwn)))
    parts = _TOKEN.split(bare)
    read = [_token(part, name_of) if index % 2 else unescape(part) for index, part in enumerate(parts)]
    return "".join(read)


def _token(token: str, name_of: NameOf) -> str:
    target, _, label = token.partition("|")
    if target.startswith(("@", "#")):
        return f"{target[0]}{name_of(target[1:])}"
    return unescape(label or target)


def lines(message: Json, name_of: NameOf) -> list[str]:
    """Return what a message, an answer or a form says, one line for each paragraph, field and row of buttons."""
    blocks = [block for block in message.get("blocks") or [] if block["type"] != "rich_text"]
    written = [line for block in blocks for line in _block(block, name_of)]
    if not blocks and message.get("text"):
        written = plain(str(message["text"]), name_of).split("\n")
    for attachment in message.get("attachments") or []:
        fields = "; ".join(f"{field['title']}: {field['value']}" for field in attachment.get("fields") or [])
        written += [line for line in (unescape(str(attachment.get("title", ""))), fields) if line]
    written += [f"[file: {file['name']}]" for file in message.get("files") or []]
    return [line for line in written if line.strip()]


def _block(block: Json, name_of: NameOf) -> list[str]:
    found = _text(block.get("text"), name_of)
    for field in block.get("fields") or []:
        found.append(": ".join(_text(field, name_of)))
    if block["type"] == "context":
        for element in block["elements"]:
            found += _text(element, name_of)
    controls = [*(block.get("elements") or []), *([block["accessory"]] if block.get("accessory") else [])]
    shown = " ".join(filter(None, (_control(control, name_of) for control in controls)))
    return [*found, shown] if shown else found


def _text(node: Any, name_of: NameOf) -> list[str]:
    if not isinstance(node, Mapping):
        return []
    text = str(node["text"])
    return (plain(text, name_of) if node["type"] == "mrkdwn" else text).split("\n")


def _control(element: Json, name_of: NameOf) -> str:
    if element["type"] == "button":
        return f"[{' '.join(_text(element['text'], name_of))}]"
    if element["type"] == "overflow":
        return f"[{' | '.join(' '.join(_text(option['text'], name_of)) for option in element['options'])}]"
    return ""


def is_form(modal: Json) -> bool:
    """Whether a modal is still to be filled in; one without a field says what has come of it."""
    return any(block["type"] == "input" for block in modal["blocks"])


def modal_lines(modal: Json, name_of: NameOf) -> list[str]:
    """Return what a modal says: what was done; of a form its title, and the fields that hold something already."""
    if not is_form(modal):
        return lines(modal, name_of)
    written = [str(modal["title"]["text"])]
    for block in modal["blocks"]:
        if block["type"] != "input":
            written += _block(block, name_of)
        elif held := _held(block["element"]):
            first, *more = held.split("\n")
            written += [labelled(block["label"]["text"], first), *more]
    return written


def labelled(label: str, value: str) -> str:
    """Return a field's label with its value behind it."""
    return f"{label} {value}" if label.endswith("?") else f"{label}: {value}"


def _held(element: Json) -> str:
    chosen = element.get("initial_option")
    return str(chosen["text"]["text"] if chosen else element.get("initial_value", ""))


def is_button(element: Json, label: str) -> bool:
    """Whether this is the button with that label."""
    return element.get("type") == "button" and element["text"]["text"] == label
