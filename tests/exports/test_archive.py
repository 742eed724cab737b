"""Archives that are broken or mean harm: one line that names the file, and nothing outside of them is touched."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import ScribeError
from bot.exports import BrokenExportError, Problems, archive
from bot.exports.archive import Archive, UnreadableFileError, open_archive
from tests.exports.building import unpacked, zipped

Write = Callable[[Path], None]


def opened(path: Path, *, skips: bool = False) -> Archive:
    return open_archive(path, Problems(skips=skips))


def content(found: Archive, name: str) -> bytes:
    with found.open(name) as stream:
        return stream.read()


@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_files_are_there_under_their_names_without_what_machines_add(tmp_path: Path, *, is_zip: bool) -> None:
    files = {
        "ops/2019-02-05.json": b"[1]",
        "channels.json": b"[2]",
        "__MACOSX/ops/._2019-02-05.json": b"\0",
        "ops/.DS_Store": b"\0",
        "Thumbs.db": b"\0",
    }
    found = opened(zipped(tmp_path / "x.zip", files) if is_zip else unpacked(tmp_path / "x", files))

    assert found.names == ("channels.json", "ops/2019-02-05.json")
    assert (content(found, "channels.json"), found.size("ops/2019-02-05.json")) == (b"[2]", 3)
    assert found.dated("channels.json").tzinfo is not None
    found.close()


def test_names_in_utf8_are_read_also_where_the_archive_does_not_say_so(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        # The module marks only names that it can't write otherwise: this is what old tools for macOS wrote.
        made.writestr("größe/2019-02-05.json".encode().decode("cp437"), b"[]")
    written = path.read_bytes()
    marked = int(zipfile.ZipFile(path).infolist()[0].flag_bits)
    assert marked & 0x800
    path.write_bytes(_without_mark(written))

    assert opened(path).names == ("größe/2019-02-05.json",)


def _without_mark(written: bytes) -> bytes:
    """Return an archive of one file whose name is no longer said to be UTF-8, but the bytes that cp437 makes of it."""
    name = "größe/2019-02-05.json"
    as_utf8_twice = name.encode().decode("cp437").encode()
    plain = written.replace(as_utf8_twice, name.encode())
    shorter = len(as_utf8_twice) - len(name.encode())
    out = bytearray(plain)
    local, central, end = out.find(b"PK\3\4"), out.find(b"PK\1\2"), out.find(b"PK\5\6")
    for at, flag, length in ((local, 6, 26), (central, 8, 28)):
        out[at + flag : at + flag + 2] = b"\0\0"
        out[at + length : at + length + 2] = len(name.encode()).to_bytes(2, "little")
    size = int.from_bytes(out[end + 12 : end + 16], "little") - shorter
    offset = int.from_bytes(out[end + 16 : end + 20], "little") - shorter
    out[end + 12 : end + 20] = size.to_bytes(4, "little") + offset.to_bytes(4, "little")
    return bytes(out)


def test_names_with_backslashes_are_paths(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"ops\\2019-02-05.json": b"[]"})

    assert opened(path).names == ("ops/2019-02-05.json",)


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "ops/../../evil.json", "C:\\evil.json", "..\\evil.json"]
)
def test_name_that_leads_out_of_the_archive_is_refused_or_left_out(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {name: b"[]", "ops/2019-02-05.json": b"[]"})

    with pytest.raises(BrokenExportError, match="its name leads out of the archive"):
        opened(path)
    assert opened(path, skips=True).names == ("ops/2019-02-05.json",)
    assert list(tmp_path.iterdir()) == [path]


def test_files_lie_no_deeper_than_exports_put_them(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a/" * 500 + "2019-02-05.json": b"[]"})

    with pytest.raises(BrokenExportError, match="it lies deeper than the files of an export do"):
        opened(path)


def test_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    link = zipfile.ZipInfo("ops/2019-02-05.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(link, "/etc/passwd")

    with pytest.raises(UnreadableFileError, match="it is a link, not a file"):
        content(opened(path), "ops/2019-02-05.json")


def test_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("[]", encoding="utf-8")
    folder = unpacked(tmp_path / "x", {"ops/2019-02-05.json": b"[]"})
    (folder / "ops" / "2019-02-06.json").symlink_to(tmp_path / "secret.json")
    (folder / "round").symlink_to(folder)

    with pytest.raises(BrokenExportError, match=r"ops/2019-02-06.json: it is a link, not a file"):
        opened(folder)
    assert opened(folder, skips=True).names == ("ops/2019-02-05.json",)


def test_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"channels.json": b"[]"})
    written = bytearray(path.read_bytes())
    written[written.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(bytes(written))

    with pytest.raises(UnreadableFileError, match="it is encrypted"):
        content(opened(path), "channels.json")


def test_file_that_does_not_match_its_checksum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        made.writestr("channels.json", b'["as it was"]')
    path.write_bytes(path.read_bytes().replace(b"as it was", b"as it is!"))

    with pytest.raises(UnreadableFileError, match="its content does not match its checksum"):
        content(opened(path), "channels.json")


def test_file_packed_in_an_unknown_way_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"channels.json": b"[]"})
    written = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\1\2", 10), (b"PK\3\4", 8)):
        written[written.find(mark) + offset] = 99
    path.write_bytes(bytes(written))

    with pytest.raises(UnreadableFileError, match="it is packed in a way that is not supported"):
        content(opened(path), "channels.json")


@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_file_too_large_for_a_day_of_talk_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_zip: bool
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 20)
    files = {"ops/2019-02-05.json": b" " * (1 << 21)}
    found = opened(zipped(tmp_path / "x.zip", files) if is_zip else unpacked(tmp_path / "x", files))

    with pytest.raises(UnreadableFileError, match="more than a day of a channel can have"):
        content(found, "ops/2019-02-05.json")


def cut_off(path: Path) -> None:
    zipped(path, {"ops/2019-02-05.json": b"[]" * 100})
    path.write_bytes(path.read_bytes()[:-30])


def no_archive(path: Path) -> None:
    path.write_text("this is a letter, not an archive", encoding="utf-8")


def nothing(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("write", [cut_off, no_archive, nothing])
def test_what_is_no_archive_is_refused_in_one_line(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    write(path)

    with pytest.raises(ScribeError) as raised:
        opened(path)

    assert str(raised.value).endswith(
        "x.zip is no zip archive, or was cut off. Download it again, or name the folder that it was unpacked to."
    )


def test_file_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ScribeError, match=r"x.zip is not there\. Name the export's zip archive, or the folder"):
        opened(tmp_path / "x.zip")
