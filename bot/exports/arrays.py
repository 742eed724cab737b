"""Reading a file that is one JSON list, record by record: of a list of any length only one record is in memory."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from bot.exports.archive import UnreadableFileError

_CHUNK = 1 << 16
# Slack's messages have at most some hundred kilobytes, whatever is attached to them.
MOST_CHARACTERS = 1 << 23
_SPACE = re.compile(r"[ \t\r\n]*")


class BrokenListError(UnreadableFileError):
    """The list can't be read on. `record` is the one that is broken, counted from 1; None for the file as a whole."""

    def __init__(self, message: str, record: int | None) -> None:
        super().__init__(message)
        self.record = record


# Numbers with a fraction stay as they were written: a timestamp is a key, not a quantity.
_DECODER = json.JSONDecoder(parse_float=str)


class _Text:
    """A text that comes in pieces: what has been read is cut off, so that it stays short."""

    def __init__(self, stream: IO[bytes], on_bytes: Callable[[int], None]) -> None:
        self._stream = stream
        self._on_bytes = on_bytes
        first = self._read()
        name = "utf-16" if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        self._decoder = codecs.getincrementaldecoder(name)()
        self.is_whole = not first
        self.text = self._decoded(first)
        self.position = 0

    def _read(self) -> bytes:
        chunk = self._stream.read(_CHUNK)
        self._on_bytes(len(chunk))
        return chunk

    def _decoded(self, chunk: bytes) -> str:
        try:
            return self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise BrokenListError("it is no UTF-8 text", None) from error

    def more(self, *, at_least: int) -> None:
        """Read on, by at least so many characters unless the end comes first."""
        pieces = [self.text[self.position :]]
        self.position = 0
        missing = at_least
        while missing > 0 and not self.is_whole:
            chunk = self._read()
            self.is_whole = not chunk
            pieces.append(self._decoded(chunk))
            missing -= len(pieces[-1])
        self.text = "".join(pieces)

    def next_sign(self) -> str:
        """Go to the next character that is no white space and return it, an empty text at the end."""
        while True:
            found = _SPACE.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text) or self.is_whole:
                return self.text[self.position : self.position + 1]
            self.more(at_least=1)


def records_of(stream: IO[bytes], on_bytes: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    """Yield each record of a list with its number, from 1; `on_bytes` hears how many bytes were read.

    Numbers with a fraction are yielded as texts. Raises BrokenListError where the file stops being a list of records.
    """
    text = _Text(stream, on_bytes)
    sign = text.next_sign()
    if sign != "[":
        raise BrokenListError("it is empty" if not sign else "it is no list of records in JSON", None)
    text.position += 1
    number = 0
    sign = text.next_sign()
    while sign != "]":
        number += 1
        yield number, _record(text, number)
        sign = text.next_sign()
        if sign == ",":
            text.position += 1
            sign = text.next_sign()
        elif sign != "]":
            raise BrokenListError("the file ends before its list does" if not sign else "no comma follows it", number)
    text.position += 1
    if text.next_sign():
        raise BrokenListError("something follows the end of its list", None)


def _record(text: _Text, number: int) -> Any:
    """Return the record that begins here. It is tried anew with twice as much of the text, until it is too long."""
    while True:
        try:
            record, end = _DECODER.raw_decode(text.text, text.position)
        except RecursionError as error:
            raise BrokenListError("it is nested too deeply", number) from error
        except ValueError as error:
            length = len(text.text) - text.position
            if text.is_whole:
                raise BrokenListError(_why(error, text), number) from error
            if length > MOST_CHARACTERS:
                raise BrokenListError("it is no JSON, or too long", number) from error
            text.more(at_least=max(length, _CHUNK))
        else:
            # A number that ends with the text may go on in the next piece.
            if end < len(text.text) or text.is_whole:
                text.position = end
                return record
            text.more(at_least=_CHUNK)


def _why(error: ValueError, text: _Text) -> str:
    if isinstance(error, json.JSONDecodeError):
        is_cut = error.pos >= len(text.text) or error.msg.startswith("Unterminated string")
        return "the file ends in the middle of it" if is_cut else "it is no JSON"
    return "it has a number that is too long"
