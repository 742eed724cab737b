"""Files in messages: what they are in a word, and Slack's page of them. Shapes: https://docs.slack.dev/reference/objects/file-object"""

from typing import Any

import pytest

from bot.domain.messages import DELETED_FILE, File
from bot.slack import payloads
from bot.slack.reading import files

PAGE = "https://example.slack.com/files/U1/F1/graph.png"
HOSTED: dict[str, Any] = {
    "id": "F1",
    "name": "graph.png",
    "title": "graph.png",
    "mimetype": "image/png",
    "filetype": "png",
    "pretty_type": "PNG",
    "user": "U1",
    "mode": "hosted",
    "is_external": False,
    "url_private": "https://files.slack.com/files-pri/T1-F1/graph.png",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/graph.png",
    "permalink": PAGE,
    "permalink_public": "https://slack-files.com/T1-F1-abcdef",
}


def read(**fields: Any) -> tuple[File, ...]:
    return files({"text": "", "files": [HOSTED | fields]})


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "image"),
        ({"mimetype": "video/mp4", "filetype": "mp4", "subtype": "slack_video"}, "video"),
        ({"mimetype": "audio/mp4", "filetype": "m4a", "subtype": "slack_audio"}, "audio"),
        ({"mimetype": "application/pdf", "filetype": "pdf"}, "PDF"),
        ({"mimetype": "text/plain", "filetype": "python", "mode": "snippet", "preview": "import os"}, "snippet"),
        ({"mimetype": "text/plain", "filetype": "text"}, "text"),
        ({"mimetype": "application/json", "filetype": "json"}, "text"),
        ({"mimetype": "text/csv", "filetype": "csv"}, "spreadsheet"),
        (
            {"mimetype": "application/vnd.google-apps.spreadsheet", "filetype": "gsheet", "mode": "external"},
            "spreadsheet",
        ),
        ({"mimetype": "application/vnd.openxmlformats", "filetype": "docx"}, "document"),
        ({"mimetype": "application/vnd.openxmlformats", "filetype": "pptx"}, "presentation"),
        ({"mimetype": "application/zip", "filetype": "zip"}, "archive"),
        ({"mimetype": "application/vnd.slack-docs", "filetype": "quip", "mode": "quip"}, "canvas"),
        ({"mimetype": "application/vnd.slack-docs", "filetype": "space", "mode": "space"}, "post"),
        ({"mimetype": "text/html", "filetype": "email", "mode": "email"}, "email"),
        ({"mimetype": "application/octet-stream", "filetype": "binary"}, "file"),
        ({"mimetype": None, "filetype": None}, "file"),
    ],
)
def test_file_is_called_by_what_it_is(fields: dict[str, Any], kind: str) -> None:
    (file,) = read(**fields)
    assert file == File("graph.png", kind, PAGE)


def test_content_and_its_address_stay_in_slack() -> None:
    (file,) = read(preview="secret", plain_text="secret", mode="snippet")
    assert "secret" not in repr(file)
    assert "files-pri" not in repr(file)
    assert "slack-files.com" not in repr(file)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a &lt;b&gt; &amp; c.png", "a <b> & c.png"),
        ("two\nlines\r\n.png", "two lines .png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("<!channel> <@U1>", "<!channel> <@U1>"),
        ("nul\x00 and \ud800half", "nul and half"),
        ("x" * 300, "x" * 254 + "…"),
    ],
)
def test_hostile_name_is_one_line_of_plain_text(name: str, shown: str) -> None:
    assert read(title=name)[0].name == shown


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "", None, 7, "https://x.example.com/" + "a" * 500]
)
def test_what_is_no_page_of_slack_is_not_linked(link: Any) -> None:
    assert read(permalink=link)[0].link is None


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ({"id": "F1", "mode": "tombstone"}, File("", DELETED_FILE)),
        ({"id": "F1", "mode": "hidden_by_limit"}, File("", "file that Slack no longer shows")),
        ({"id": "F1", "mode": "file_access", "file_access": "check_file_info"}, File("", "file")),
        (
            HOSTED | {"mode": "external", "is_external": True, "external_type": "gdrive"},
            File("graph.png", "image", PAGE),
        ),
    ],
)
def test_file_without_a_name_says_why(file: dict[str, Any], shown: File) -> None:
    assert files({"files": [file]}) == (shown,)


def test_files_of_a_message_that_was_passed_on_come_with_it_and_those_of_a_preview_do_not() -> None:
    attachments = [{"is_share": True, "files": [HOSTED]}, {"from_url": "https://x.example.com", "files": [HOSTED]}]
    assert files({"text": "look", "attachments": attachments}) == (File("graph.png", "image", PAGE),)


def old_share(**fields: Any) -> dict[str, Any]:
    text = f"<@U1> uploaded a file: <{PAGE}|graph.png>"
    return {"type": "message", "subtype": "file_share", "ts": "1459052866.000002", "user": "U1", "text": text} | fields


def test_file_share_of_the_old_form_is_its_file_and_what_was_said_with_it() -> None:
    seen = payloads.message_from_history("T1", "C1", old_share(file=HOSTED, upload=True))
    assert seen is not None
    assert (seen.text, seen.files) == ("", (File("graph.png", "image", PAGE),))
    commented = HOSTED | {"initial_comment": {"id": "Fc1", "user": "U1", "comment": "since &lt; 13:10"}}
    seen = payloads.message_from_history("T1", "C1", old_share(file=commented))
    assert seen is not None
    assert seen.text == "since < 13:10"


def test_comment_on_a_file_of_the_old_form_is_what_its_writer_said() -> None:
    record = {
        "type": "message",
        "subtype": "file_comment",
        "ts": "1459105865.000003",
        "text": "<@U2> commented on <@U1>'s file <https://x.example.com|graph.png>: it is the pool",
        "file": HOSTED,
        "comment": {"id": "Fc1", "created": 1459105865, "user": "U2", "comment": "it is the pool"},
    }
    seen = payloads.message_from_history("T1", "C1", record)
    assert seen is not None
    assert (seen.user_id, seen.text, seen.files[0].name) == ("U2", "it is the pool", "graph.png")


@pytest.mark.parametrize(
    ("file", "words"),
    [(File("a.png", "image"), "image: a.png"), (File("", DELETED_FILE), "deleted file"), (File("x", "PDF"), "PDF: x")],
)
def test_file_in_words(file: File, words: str) -> None:
    assert file.words == words
