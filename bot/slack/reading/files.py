"""The files of a message: name, kind and the link to Slack's page of them. What is in them stays in Slack."""

import re
from collections.abc import Iterator

from bot.domain.links import safe_url
from bot.domain.messages import DELETED_FILE, File
from bot.domain.text import clipped, one_line
from bot.slack.reading.shapes import Payload, mapping, mappings, string
from bot.slack.text import unescaped

_NAME_LIMIT = 255
# Slack's own are far shorter; several of them have to fit beside a text.
_LINK_LIMIT = 500
# These turn the rest of a line around: `gpj.exe` would read as `exe.jpg`.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Said by Slack instead of the file, with no more than its id.
_GONE = {"tombstone": DELETED_FILE, "hidden_by_limit": "file that Slack no longer shows"}
_OF_MODE = {"snippet": "snippet", "post": "post", "space": "post", "canvas": "canvas", "email": "email", "list": "list"}
_OF_FILETYPE = {
    **dict.fromkeys(("quip", "canvas"), "canvas"),
    **dict.fromkeys(("space", "post"), "post"),
    **dict.fromkeys(("xls", "xlsx", "xlsm", "xlsb", "csv", "tsv", "ods", "gsheet", "numbers"), "spreadsheet"),
    **dict.fromkeys(("doc", "docx", "odt", "rtf", "gdoc", "pages", "epub"), "document"),
    **dict.fromkeys(("ppt", "pptx", "odp", "gpres", "key"), "presentation"),
    **dict.fromkeys(("zip", "gzip", "gz", "tar", "tgz", "7z", "rar", "bz2", "xz"), "archive"),
    **dict.fromkeys(("gdraw", "sketch", "psd", "fig"), "drawing"),
    **dict.fromkeys(("json", "yaml", "yml", "xml", "toml", "sql", "markdown", "md"), "text"),
    "pdf": "PDF",
    "email": "email",
    "list": "list",
}
_OF_MIMETYPE = (
    ("application/pdf", "PDF"),
    ("image/", "image"),
    ("video/", "video"),
    ("audio/", "audio"),
    ("text/csv", "spreadsheet"),
    ("text/", "text"),
)


def files(message: Payload) -> tuple[File, ...]:
    """Return the files of a message, those of a message that it passes on among them; in old exports there is one."""
    if not (message.get("files") or message.get("file") or message.get("attachments")):
        return ()
    holders = [message, *(one for one in mappings(message, "attachments") if one.get("is_share"))]
    found = [file for holder in holders for file in mappings(holder, "files")]
    old = mapping(message.get("file"))
    return tuple(_read([*found, *([old] if old and not found else [])]))


def _read(found: list[Payload]) -> Iterator[File]:
    for file in found:
        kind = _GONE.get(string(file.get("mode")))
        if kind:
            yield File("", kind)
        else:
            link = string(file.get("permalink"))
            yield File(_name(file), _kind(file), safe_url(link) if len(link) <= _LINK_LIMIT else None)


def _name(file: Payload) -> str:
    raw = unescaped(string(file.get("title")) or string(file.get("name")))
    return clipped(one_line(_DIRECTION.sub("", raw)), _NAME_LIMIT)


def _kind(file: Payload) -> str:
    """Return what a file is, in a word: how it was made tells more than what its content looks like."""
    filetype, mimetype = string(file.get("filetype")).lower(), string(file.get("mimetype")).lower()
    known = _OF_MODE.get(string(file.get("mode"))) or _OF_FILETYPE.get(filetype)
    return known or next((kind for start, kind in _OF_MIMETYPE if mimetype.startswith(start)), "file")
