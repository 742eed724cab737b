"""A list is read record by record, whatever its length, and the record at which it breaks off is named."""

import codecs
import json
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports import arrays
from bot.exports.arrays import BrokenListError, records_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


class Drops(BytesIO):
    """A stream that gives a few bytes at a time, as one that unpacks may do."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._most = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(self._most, size if size and size > 0 else self._most))


def read(content: bytes, size: int = 1 << 16) -> list[Any]:
    return [record for _number, record in records_of(Drops(content, size), lambda _: None)]


@given(records=st.lists(JSON, max_size=8), indent=st.sampled_from([None, 0, 4]), size=st.integers(1, 50))
def test_what_is_read_is_what_was_written_however_it_is_cut(records: list[Any], indent: int | None, size: int) -> None:
    assert read(json.dumps(records, indent=indent, ensure_ascii=False).encode(), size) == records


@given(content=st.binary(max_size=300), size=st.integers(1, 50))
def test_whatever_is_in_a_file_it_is_read_or_refused(content: bytes, size: int) -> None:
    with suppress(BrokenListError):
        assert isinstance(read(content, size), list)


def test_numbers_with_a_fraction_keep_every_digit() -> None:
    assert read(b"[1549384020.000001, 1549384020.100000]") == ["1549384020.000001", "1549384020.100000"]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, b""])
def test_mark_at_the_beginning_is_no_part_of_the_list(mark: bytes) -> None:
    assert read(mark + '[{"text": "Größe"}]'.encode()) == [{"text": "Größe"}]


def test_text_in_sixteen_bits_is_read_too() -> None:
    assert read('[{"text": "Größe"}]'.encode("utf-16")) == [{"text": "Größe"}]


@pytest.mark.parametrize(
    ("content", "record", "why"),
    [
        (b"", None, "it is empty"),
        (b" \n", None, "it is empty"),
        (b'{"messages": []}', None, "it is no list of records in JSON"),
        (b"<html></html>", None, "it is no list of records in JSON"),
        (b'[{"a": 1}, {"b": ', 2, "the file ends in the middle of it"),
        (b'[{"a": 1}, {"b": "x', 2, "the file ends in the middle of it"),
        (b'[{"a": 1}, ', 2, "the file ends in the middle of it"),
        (b'[{"a": 1}', 1, "the file ends before its list does"),
        (b'[{"a": 1} {"b": 2}]', 1, "no comma follows it"),
        (b'[{"a": 1}, nonsense, {"b": 2}]', 2, "it is no JSON"),
        (b'[{"a": 1}] and more', None, "something follows the end of its list"),
        (b'[{"a": "\xff"}]', None, "it is no UTF-8 text"),
        (b"[" + b"[" * 100_000, 1, "it is nested too deeply"),
        (b"[1, " + b"9" * 5_000 + b"]", 2, "it has a number that is too long"),
    ],
)
def test_list_that_breaks_off_says_at_which_record(content: bytes, record: int | None, why: str) -> None:
    with pytest.raises(BrokenListError) as raised:
        read(content)

    assert (raised.value.record, str(raised.value)) == (record, why)


def test_record_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MOST_CHARACTERS", 1 << 17)
    heard: list[int] = []

    with pytest.raises(BrokenListError, match="it is no JSON, or too long"):
        list(records_of(BytesIO(b'["' + b"a" * (1 << 21)), heard.append))

    assert sum(heard) < 1 << 20
