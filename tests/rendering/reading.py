"""Reads rendered documents the way other programs do, for assertions on what a reader would get."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

VOID = {"meta", "br", "hr", "img", "link", "input"}


def tokens(markdown: str) -> list[Token]:
    """Return all tokens of a Markdown document with tables, inline ones too; raw HTML would show among them."""
    found: list[Token] = []
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(markdown):
        found += [token, *(token.children or [])]
    return found


def types(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


def tables(markdown: str) -> list[list[int]]:
    """Return for each table the number of cells in each of its rows, the header first."""
    found: list[list[int]] = []
    for token in tokens(markdown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append(0)
        elif token.type in ("th_open", "td_open"):
            found[-1][-1] += 1
    return found


def source_cells(line: str) -> int:
    """Return how many cells a table's source line has, counted as GitHub's reader does: escapes first, code last."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", line).count("|") - 1


def links(markdown: str) -> list[str]:
    return [str(token.attrs["href"]) for token in tokens(markdown) if token.type == "link_open"]


def cells(markdown: str) -> list[str]:
    """Return the source of each cell of a document that is one table."""
    found = tokens(markdown)
    return [found[index + 1].content for index, token in enumerate(found) if token.type in ("th_open", "td_open")]


def text_outside_links(markdown: str) -> list[str]:
    """Return the runs of plain text that belong to no link."""
    found = []
    depth = 0
    for token in tokens(markdown):
        depth += token.nesting if token.type.startswith("link_") else 0
        if token.type == "text" and not depth:
            found.append(token.content)
    return found


def headings(markdown: str) -> list[tuple[str, str]]:
    """Return the tag and the text of each heading."""
    found = MarkdownIt("commonmark").parse(markdown)
    return [(token.tag, found[index + 1].content) for index, token in enumerate(found) if token.type == "heading_open"]


def plain(markdown: str) -> str:
    """Return what a reader sees of one line of Markdown."""
    return "".join(token.content for token in tokens(markdown) if token.type in ("text", "text_special", "code_inline"))


@dataclass
class Page(HTMLParser):
    """An HTML page as read: its tags with attributes, its text, and what was not closed."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.problems.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.problems.append(f"comment: {data}")

    @property
    def text(self) -> str:
        return "".join(self.words)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(html: str) -> Page:
    """Read a page to its end."""
    read = Page()
    read.feed(html)
    read.close()
    return read
