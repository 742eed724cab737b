"""Reading what people type: sentences, tokens, and phrases found among tokens in one pass.

A phrase is written as in a table: `is/are back` names two phrases, `_` stands for any one word, and `<done>`, `<doing>`
and `<do>` for the forms of the verbs of change. A sentence is looked at once, whatever the number of phrases: the
phrases stand in a tree by their words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from bot.domain.suggestions import vocabulary
from bot.domain.text import MENTION_CLOSE, MENTION_OPEN

LINK, NUMBER = "<link>", "<number>"
_TOKEN = re.compile(
    rf"(?P<person>{MENTION_OPEN}[^{MENTION_CLOSE}]*{MENTION_CLOSE}|(?<![\w.])@\w[\w.-]*)"
    r"|(?P<link>https?://\S+)"
    r"|(?P<code>`[^`]+`)"
    r"|(?P<emoji>:[a-z0-9_+-]*[a-z_+][a-z0-9_+-]*:)"
    r"|(?P<number>[~<>≈+-]?\$?\d[\d.,:]*(?:%|(?=\W|$)))"
    r"|(?P<word>[^\W_]+(?:['’][^\W_]+)*)"
    r"|(?P<mark>[!?.,;:()\n…–—|])"
)
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
# A full stop ends a sentence where a space follows, but not that of "1." before an item of a list; what comes in lines
# is one statement a line.
_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!^\d\.)\s+(?=\S)|\n+|(?<=\S)\s+[–—]+\s+")
_LONGEST_READ = 4_000
_TELLING = re.compile(r"[^\W\d_][\w'-]*|\d+[a-z][\w-]*")
_NOT_TELLING = re.compile(rf"{MENTION_OPEN}[^{MENTION_CLOSE}]*{MENTION_CLOSE}|https?://\S+|:[a-z0-9_+-]+:")
_JOINTS = re.compile(r"[-_]")
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_TELLING_WORD, _SHORTEST_STEM = 3, 4
# What a client shows behind an edited message comes along when somebody copies a chat.
_COPIED = re.compile(r"\s*\(edited\)")
# Another's words, or wording for later; a quoted error message is short.
_QUOTED = re.compile(r"[\"“”]((?:[^\"“”\s]+\s+){5,}[^\"“”\s]+)[\"“”]")
_QUOTE_LINE = re.compile(r"\s*(?:>|&gt;)")
BOUNDARIES = frozenset(".,;:()\n…–—|!?") | {"but", "because", "since", "while", "although", "though", "which", "so"}


def sentences(text: str) -> list[str]:
    """Return the statements of a message, each as it was typed: sentences, lines, whole code blocks.

    What somebody quotes with `>` is somebody else's and left out. Of very long messages the first part is read.
    """
    text = text[:_LONGEST_READ]
    found: list[str] = []
    position = 0
    for fence in _FENCE.finditer(text):
        found += _plain_sentences(text[position : fence.start()])
        found.append(fence.group())
        position = fence.end()
    found += _plain_sentences(text[position:])
    return found


def _plain_sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.strip() and not _QUOTE_LINE.match(line):
            yield from (part.strip() for part in _SENTENCE_END.split(line) if part.strip())


def tokens(sentence: str) -> list[str]:
    """Return the words and marks of a sentence in lower case; links, code, people and numbers as their kinds."""
    found = []
    plain = sentence.lower()
    if "(edited)" in plain:
        plain = _COPIED.sub("", plain)
    if '"' in plain or "“" in plain:
        plain = _QUOTED.sub(" ", plain)
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup
        if kind in ("word", "mark", "emoji"):
            found.append(match.group().replace("’", "'"))
        else:
            found.append(f"<{kind}>")
    return found


def telling_words(text: str) -> frozenset[str]:
    """Return the words of a message that can carry a subject, by their stems; of names also the parts.

    Common words, numbers, people, links and emoji carry none: `indexes` and `index` are one word, `geo-svc` is three.
    """
    found: set[str] = set()
    for word in _TELLING.findall(_NOT_TELLING.sub(" ", text[:_LONGEST_READ].lower().replace("’", "'"))):
        parts = _JOINTS.split(word)
        for part in parts if len(parts) == 1 else (word, *parts):
            if len(part) >= _SHORTEST_TELLING_WORD and part not in vocabulary.COMMON:
                stem = stem_of(part)
                if stem not in _COMMON_STEMS:
                    found.add(stem)
    return frozenset(found)


@cache
def stem_of(word: str) -> str:
    """Return a word without its English ending; crude, but the same for all forms of most words."""
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


_COMMON_STEMS = frozenset(map(stem_of, vocabulary.COMMON))


class Found(NamedTuple):
    """A phrase found among tokens: which one, and from where to where (the end is not part of it)."""

    name: str
    start: int
    end: int


class _Node:
    __slots__ = ("after", "names")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.names: list[str] = []


class Phrases:
    """Many named phrases, looked up together."""

    def __init__(self, named: Mapping[str, Iterable[str]], classes: Mapping[str, str]) -> None:
        """Take the phrases by name, and the class of each word that has one (`reverted` to `<done>`)."""
        self._root = _Node()
        self._classes = classes
        for name, phrases in named.items():
            for phrase in phrases:
                self._add(name, phrase)

    def _add(self, name: str, phrase: str) -> None:
        for words in product(*(word.split("/") for word in phrase.split())):
            node = self._root
            for word in words:
                node = node.after.setdefault(word, _Node())
            if name not in node.names:
                node.names.append(name)

    def find(self, words: list[str]) -> list[Found]:
        """Return every phrase that stands among these tokens, in order of where it begins."""
        found: list[Found] = []
        roots = self._root.after
        classes = self._classes
        for start, word in enumerate(words):
            if word in roots or classes.get(word) in roots:
                self._walk(self._root, words, start, start, found)
        return found

    def _walk(self, node: _Node, words: list[str], start: int, at: int, found: list[Found]) -> None:
        found.extend(Found(name, start, at) for name in node.names)
        if at >= len(words) or not node.after:
            return
        word = words[at]
        for step in (word, self._classes.get(word), "_" if word not in BOUNDARIES else None):
            further = node.after.get(step) if step else None
            if further is not None:
                self._walk(further, words, start, at + 1, found)
