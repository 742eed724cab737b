"""Messages of apps made of blocks: read to what people see, once. https://docs.slack.dev/reference/block-kit/blocks"""

from typing import Any

import pytest

from bot.slack.reading import words

Json = dict[str, Any]


def plain(said: str) -> Json:
    return {"type": "plain_text", "text": said, "emoji": True}


def mrkdwn(said: str) -> Json:
    return {"type": "mrkdwn", "text": said, "verbatim": False}


def app(*blocks: Json, text: str = "a summary for notifications", **fields: Any) -> Json:
    return {"type": "message", "bot_id": "B1", "text": text, "blocks": list(blocks)} | fields


RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "cell"}]}],
}
BUTTONS = {"type": "actions", "elements": [{"type": "button", "text": plain("Acknowledge"), "action_id": "ack"}]}


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ({"type": "header", "text": plain("Disk &lt;almost&gt; full")}, "Disk <almost> full"),
        (
            {"type": "section", "text": mrkdwn("*CPU* on <https://x.example.com|web-1>")},
            "*CPU* on web-1 (https://x.example.com)",
        ),
        (
            {"type": "section", "text": plain("<https://x.example.com|not a link here>")},
            "<https://x.example.com|not a link here>",
        ),
        (
            {"type": "section", "fields": [mrkdwn("*Host:*\ndb-1"), mrkdwn("*Region*\n*eu*"), mrkdwn("no label")]},
            "Host: db-1\nRegion: *eu*\nno label",
        ),
        (
            {"type": "section", "text": mrkdwn("Down"), "accessory": {"type": "button", "text": plain("Silence")}},
            "Down",
        ),
        (
            {
                "type": "context",
                "elements": [{"type": "image", "alt_text": "icon", "image_url": "x"}, mrkdwn("web"), plain("eu")],
            },
            "web eu",
        ),
        ({"type": "markdown", "text": "**down** since 13:10"}, "**down** since 13:10"),
        (RICH, "cell"),
        (
            {"type": "image", "image_url": "https://x.example.com/1.png", "alt_text": "latency", "title": plain("p99")},
            "(image: p99)",
        ),
        ({"type": "image", "image_url": "https://x.example.com/1.png", "alt_text": "latency"}, "(image: latency)"),
        (
            {
                "type": "video",
                "title": plain("Replay"),
                "title_url": "https://x.example.com/v",
                "alt_text": "a",
                "video_url": "y",
            },
            "(video: Replay (https://x.example.com/v))",
        ),
        (
            {
                "type": "table",
                "rows": [
                    [{"type": "raw_text", "text": "host"}, {"type": "raw_text", "text": "load"}],
                    [RICH, {"type": "raw_number", "number": 4.5}],
                ],
            },
            "host | load\ncell | 4.5",
        ),
        ({"type": "data_table", "caption": "Loads", "rows": [[{"type": "raw_text", "text": "web-1"}]]}, "Loads\nweb-1"),
        ({"type": "alert", "level": "error", "text": mrkdwn("Budget used up")}, "Budget used up"),
        ({"type": "card", "title": mrkdwn("Deploy"), "subtitle": mrkdwn("v1.2"), "actions": [BUTTONS]}, "Deploy\nv1.2"),
        (
            {
                "type": "carousel",
                "elements": [{"type": "card", "title": mrkdwn("One")}, {"type": "card", "title": mrkdwn("Two")}],
            },
            "One\nTwo",
        ),
        (
            {
                "type": "container",
                "title": plain("Alert"),
                "child_blocks": [{"type": "section", "text": mrkdwn("inside")}, BUTTONS],
            },
            "Alert\ninside",
        ),
        (
            {
                "type": "plan",
                "title": "Plan",
                "tasks": [{"task_id": "1", "title": "Look", "details": RICH, "status": "complete"}],
            },
            "Plan\nLook\ncell",
        ),
    ],
)
def test_block_reads(block: Json, read: str) -> None:
    assert words(app(block, {"type": "divider"}, BUTTONS)) == read


def test_text_stands_where_the_blocks_are_only_to_be_pressed() -> None:
    assert words(app(BUTTONS, text="Deploy of v1.2 waits for approval")) == "Deploy of v1.2 waits for approval"


def test_nothing_is_said_twice() -> None:
    header, repeated = (
        {"type": "header", "text": plain("Disk almost full")},
        {"type": "section", "text": mrkdwn("*Disk almost full*")},
    )
    attachments = [{"fallback": "Disk almost full", "title": "Disk almost full", "text": "db-1"}]
    assert words(app(header, repeated, text="Disk almost full", attachments=attachments)) == "Disk almost full\ndb-1"


def test_what_people_type_is_not_read_from_its_blocks() -> None:
    message = {"type": "message", "user": "U1", "text": "*typed*  as  is ", "blocks": [RICH]}
    assert words(message) == "*typed*  as  is "


def test_blocks_without_end_are_read_to_a_depth() -> None:
    block: Json = {"type": "section", "text": mrkdwn("deep")}
    for _ in range(50):
        block = {"type": "container", "title": plain("layer"), "child_blocks": [block]}
    assert words(app(block)) == "layer"
