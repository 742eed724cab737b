"""What apps write as blocks, read to text: what is to be read in them, not what is to be pressed or filled in.

https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from collections.abc import Callable, Iterator, Mapping

from bot.slack.reading.rich_text import rich_text
from bot.slack.reading.shapes import Payload, mapping, mappings, objects, string
from bot.slack.text import decode, link_words, unescaped

# A field is usually a bold label with its value on the next line.
_LABELLED = re.compile(r"\A\*([^*\n]+?):?\*:?\s*\n\s*(?=\S)")
# Containers hold blocks; nobody nests them deeper by hand.
_DEEPEST = 4


def block_texts(holder: Payload, depth: int = 0) -> Iterator[str]:
    """Yield what the blocks of a message or an attachment say, a text for each part that stands by itself."""
    for block in mappings(holder, "blocks"):
        yield from texts_of(block, depth)


def texts_of(block: Payload, depth: int = 0) -> Iterator[str]:
    """Yield what one block says."""
    read = _READERS.get(string(block.get("type")))
    if read and depth < _DEEPEST:
        for text in read(block, depth):
            if text.strip():
                yield text.strip()


def _text(value: object) -> str:
    """Return the text of a text object, or of what stands where one should."""
    found = string(value) or string(mapping(value).get("text"))
    is_plain = mapping(value).get("type") in ("plain_text", "raw_text")
    return unescaped(found) if is_plain else decode(found)


def _own_text(block: Payload, _depth: int) -> Iterator[str]:
    yield _text(block.get("text"))


def _section(block: Payload, _depth: int) -> Iterator[str]:
    yield _text(block.get("text"))
    for field in mappings(block, "fields"):
        yield _LABELLED.sub(r"\1: ", _text(field).strip())


def _context(block: Payload, _depth: int) -> Iterator[str]:
    # The images there are icons.
    parts = [_text(element) for element in mappings(block, "elements") if element.get("type") != "image"]
    yield " ".join(part for part in parts if part)


def _image(block: Payload, _depth: int) -> Iterator[str]:
    title = _text(block.get("title")) or unescaped(string(block.get("alt_text")))
    yield f"(image: {title})" if title else ""


def _video(block: Payload, _depth: int) -> Iterator[str]:
    title = _text(block.get("title")) or unescaped(string(block.get("alt_text")))
    yield f"(video: {link_words(string(block.get('title_url')), title) or title})" if title else ""
    yield _text(block.get("description"))


def _rich_text(block: Payload, _depth: int) -> Iterator[str]:
    yield rich_text(block)


def _table(block: Payload, _depth: int) -> Iterator[str]:
    rows = block.get("rows")
    lines = [" | ".join(map(_cell, objects(row))) for row in rows] if isinstance(rows, list) else []
    yield "\n".join([_text(block.get("caption")), *lines]).strip()


def _cell(cell: Payload) -> str:
    if cell.get("type") == "rich_text":
        return rich_text(cell).replace("\n", " ")
    value = cell.get("text", cell.get("value", cell.get("number")))
    return unescaped(string(str(value))) if isinstance(value, str | int | float) else ""


def _card(block: Payload, _depth: int) -> Iterator[str]:
    for name in ("title", "subtitle", "body"):
        yield _text(block.get(name))


def _carousel(block: Payload, depth: int) -> Iterator[str]:
    for card in mappings(block, "elements"):
        yield from texts_of(card, depth + 1)


def _container(block: Payload, depth: int) -> Iterator[str]:
    yield _text(block.get("title")) or rich_text(mapping(block.get("rich_text_title")))
    yield _text(block.get("subtitle"))
    for inner in mappings(block, "child_blocks"):
        yield from texts_of(inner, depth + 1)


def _task(block: Payload, _depth: int) -> Iterator[str]:
    yield _text(block.get("title"))
    for name in ("details", "output"):
        yield rich_text(mapping(block.get(name)))


def _plan(block: Payload, depth: int) -> Iterator[str]:
    yield _text(block.get("title"))
    for task in mappings(block, "tasks"):
        yield from texts_of({"type": "task_card"} | dict(task), depth + 1)


# Not among them: dividers, actions, inputs and feedback buttons; files, which a message lists by themselves.
_READERS: Mapping[str, Callable[[Payload, int], Iterator[str]]] = {
    "alert": _own_text,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context": _context,
    "data_table": _table,
    "header": _own_text,
    "image": _image,
    "markdown": _own_text,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "task_card": _task,
    "video": _video,
}
