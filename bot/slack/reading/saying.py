"""Putting together what a message says from its many parts, without saying anything twice."""

import re
from collections.abc import Iterable

_MARKS = re.compile(r"[*_~`]")
# Something shorter than this may be a part of another text by chance: `1` in `12`, `up` in `upload`.
_SHORTEST_PART = 8


class Saying:
    """The parts of a message in order. `known` is what whoever reads it knows already, such as who wrote it."""

    def __init__(self, *known: str) -> None:
        self._parts: list[str] = []
        self._said = [_plain(text) for text in known if text.strip()]

    def add(self, *texts: str) -> None:
        """Add each text, unless it was said already."""
        for text in texts:
            part = text.strip()
            if part and not self.has(part):
                self._parts.append(part)
                self._said.append(_plain(part))

    def add_titled(self, title: str, link: str | None) -> None:
        """Add a title with its address behind it; of a title that was said already the address alone."""
        if link is None or link in "\n".join(self._parts):
            self.add(title)
        elif title.strip() and not self.has(title):
            self.add(f"{title.strip()} ({link})")
        else:
            self.add(link)

    def has(self, text: str) -> bool:
        """Whether this was said already, by itself or within something longer."""
        plain = _plain(text)
        return plain in self._said or (len(plain) >= _SHORTEST_PART and _is_within(plain, self._said))

    @property
    def text(self) -> str:
        """All that is said, a line or more for each part."""
        return "\n".join(self._parts)


def _plain(text: str) -> str:
    """Return what two ways of setting the same words have in common."""
    return " ".join(_MARKS.sub("", text).casefold().split()).strip(" :")


def _is_within(plain: str, said: Iterable[str]) -> bool:
    whole = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")
    return any(plain in one and whole.search(one) for one in said)
