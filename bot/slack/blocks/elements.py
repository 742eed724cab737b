"""The pieces of Block Kit that the views are made of, each cut to Slack's limits where it hurts least.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.incident import Severity
from bot.domain.text import clipped, one_line
from bot.slack.text import escaped, local_time

Block = dict[str, Any]

BLOCKS = 50
HEADER_TEXT = 150
SECTION_TEXT = 3_000
FIELD_TEXT = 2_000
FALLBACK_TEXT = 3_000
# What a posted message may hold in all. Slack refuses more with `msg_blocks_too_long` and documents no number; people
# measured about 13,300 characters, of which each block takes over a hundred, however little it holds.
MESSAGE = 12_000
_EMPTY_BLOCK = 110
BUTTON_TEXT = 75
OPTION_TEXT = 75

SEVERITY_SIGNS = {
    Severity.SEV1: ":red_circle:",
    Severity.SEV2: ":large_orange_circle:",
    Severity.SEV3: ":large_yellow_circle:",
    Severity.SEV4: ":white_circle:",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, and the plain text for notifications and screen readers."""

    text: str
    blocks: list[Block]


def message(fallback: str, blocks: Sequence[Block]) -> Rendered:
    """Return a message; `fallback` is mrkdwn, already escaped."""
    return Rendered(clipped_mrkdwn(fallback, FALLBACK_TEXT), list(blocks)[:BLOCKS])


def fitting(blocks: Sequence[Block], room: int) -> int:
    """Return how many of these blocks, from the first, go into `room` characters of a posted message."""
    for number, block in enumerate(blocks):
        room -= weight(block)
        if room < 0:
            return number
    return len(blocks)


def weight(*blocks: Block) -> int:
    """Return how much of a posted message these blocks take, in characters; rather too much than too little."""
    return sum(len(json.dumps(block, ensure_ascii=False)) + _EMPTY_BLOCK for block in blocks)


def plain(text: str, limit: int) -> Block:
    """Return plain text: shown as it is, whatever people typed."""
    return {"type": "plain_text", "text": clipped(one_line(text) or "–", limit), "emoji": False}


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    """Return mrkdwn text, already escaped; `verbatim` keeps Slack from linking channel and user names in it."""
    return {"type": "mrkdwn", "text": clipped_mrkdwn(text, limit) or "–", "verbatim": True}


def clipped_mrkdwn(text: str, limit: int) -> str:
    """Return mrkdwn cut to `limit` characters, never inside an escape or a link."""
    if len(text) <= limit:
        return text
    return text[: _safe_end(text, limit - 1)].rstrip() + "…"


def _safe_end(text: str, limit: int) -> int:
    """Return where mrkdwn may end within `limit` characters without being cut inside an escape or a link."""
    end = limit
    for opening, closing in (("<", ">"), ("&", ";")):
        start = text.rfind(opening, 0, end)
        if start > text.rfind(closing, 0, end):
            end = start
    return end


def header(text: str) -> Block:
    """Return a headline."""
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a paragraph of mrkdwn, already escaped, with at most one element beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Return lines of mrkdwn in as few sections as hold them; a line too long for one goes on in the next."""
    blocks: list[Block] = []
    text = ""
    for part in (part for line in lines for part in _parts(line)):
        if text and len(text) + len(part) + 1 > SECTION_TEXT:
            blocks.append(section(text))
            text = ""
        text = f"{text}\n{part}" if text else part
    return [*blocks, section(text)] if text.strip() else blocks


def _parts(line: str) -> Iterator[str]:
    """Yield a line in parts that fit a section, cut between words where it has any."""
    while len(line) > SECTION_TEXT:
        space = line.rfind(" ", 0, SECTION_TEXT)
        end = _safe_end(line, space) if space > 0 else 0
        end = end or _safe_end(line, SECTION_TEXT) or SECTION_TEXT
        yield line[:end]
        line = line[end:].lstrip()
    yield line


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """Return labelled values, at most ten; values are mrkdwn, already escaped."""
    return {
        "type": "section",
        "fields": [mrkdwn(f"*{escaped(label)}*\n{value}", FIELD_TEXT) for label, value in pairs][:10],
    }


def context(text: str) -> Block:
    """Return small print; mrkdwn, already escaped."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """Return a row of buttons: at most one primary and four others."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)[:5]}


def button(label: str, action_id: str, value: str, *, is_primary: bool = False) -> Block:
    """Return a button; `value` comes back when it is pressed."""
    block: Block = {"type": "button", "text": plain(label, BUTTON_TEXT), "action_id": action_id, "value": value}
    return block | {"style": "primary"} if is_primary else block


def menu(action_id: str, options: Iterable[tuple[str, str]]) -> Block:
    """Return an overflow menu of (label, value), at most five."""
    return {"type": "overflow", "action_id": action_id, "options": [option(*pair) for pair in options][:5]}


def option(label: str, value: str) -> Block:
    """Return one option of a menu or select."""
    return {"text": plain(label, OPTION_TEXT), "value": value}


def moment(at: datetime, url: str | None = None) -> str:
    """Return a time in each reader's own zone, with UTC for clients that can't show that; with a URL, a link."""
    return local_time(int(at.timestamp()), f"{at:%Y-%m-%d %H:%M} UTC", url)


def link(url: str, words: str) -> str:
    """Return a link in mrkdwn; `words` are already escaped."""
    return f"<{escaped(url)}|{words}>"
