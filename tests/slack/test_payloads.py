"""What Slack sends, as records: the documented shapes one by one, and anything else without an error.

Shapes: https://docs.slack.dev/reference/events/message and its subtypes, reaction_added, member_joined_channel.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import (
    AS_POSTED,
    DELETED_FILE,
    RANK_POST,
    RANK_UNFURL,
    CaptureRecord,
    File,
    MembershipChanged,
    MessageDeleted,
    MessageSeen,
    Revision,
    VoteCast,
    edit_rank,
)
from bot.domain.text import mention
from bot.slack import payloads
from bot.slack.reading.words import WITHHELD

TEAM, CHANNEL, TS, LATER, USER = "T1", "C1", "1763647533.000100", "1763647599.000200", "U1"
PLAIN = {
    "type": "message",
    "channel": CHANNEL,
    "user": USER,
    "text": "checkout &amp; login fail",
    "ts": TS,
    "event_ts": TS,
    "channel_type": "channel",
    "team": TEAM,
    "client_msg_id": "5a9f2d0e-0000-4000-8000-000000000000",
    "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}],
}
SEEN = MessageSeen(TEAM, CHANNEL, TS, "checkout & login fail", RANK_POST, user_id=USER)


def read(event: dict[str, Any]) -> CaptureRecord | None:
    return payloads.message_record(TEAM, event, own_bot_id="BOWN", own_user_id="UOWN")


def seen(**fields: Any) -> MessageSeen:
    return replace(SEEN, **fields)


def changed(message: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": CHANNEL,
        "channel_type": "channel",
        "ts": LATER,
        "event_ts": LATER,
        "message": {"type": "message", "user": USER, "ts": TS, "text": "new words"} | message,
        "previous_message": {"type": "message", "user": USER, "ts": TS, "text": "old words"},
    } | fields


EDITED = {"user": USER, "ts": "1763647598.000000"}
SHAPES: dict[str, tuple[dict[str, Any], CaptureRecord | None]] = {
    "plain": (PLAIN, SEEN),
    "thread reply": (
        PLAIN | {"thread_ts": "1763647500.000000", "parent_user_id": "U2"},
        seen(thread_ts="1763647500.000000"),
    ),
    "thread parent": (PLAIN | {"thread_ts": TS, "reply_count": 2}, SEEN),
    "broadcast of a reply": (
        PLAIN | {"subtype": "thread_broadcast", "thread_ts": "1763647500.000000", "root": {"ts": "1763647500.000000"}},
        seen(kind="thread_broadcast", thread_ts="1763647500.000000"),
    ),
    "me message": (PLAIN | {"subtype": "me_message"}, seen(kind="me_message")),
    "file": (
        PLAIN | {"subtype": "file_share", "text": "", "files": [{"id": "F1", "title": "a &lt;b&gt;", "name": "a.png"}]},
        seen(kind="file_share", text="", files=(File("a <b>", "file"),)),
    ),
    "file with words": (
        PLAIN | {"subtype": "file_share", "text": "see", "files": [{"name": "a.png"}, {"mode": "tombstone"}]},
        seen(kind="file_share", text="see", files=(File("a.png", "file"), File("", DELETED_FILE))),
    ),
    "bot message of an old integration": (
        {
            "type": "message",
            "subtype": "bot_message",
            "channel": CHANNEL,
            "ts": TS,
            "text": "",
            "bot_id": "B2",
            "username": "Watch &amp; tell",
            "attachments": [
                {
                    "fallback": "not this",
                    "pretext": "Alert",
                    "title": "CPU above 95 %",
                    "text": "on &lt;web-1&gt;",
                    "fields": [{"title": "Region", "value": "eu"}, {"title": "", "value": "now"}],
                }
            ],
        },
        seen(
            text="Alert\nCPU above 95 %\non <web-1>\nRegion: eu\nnow",
            user_id=None,
            bot_id="B2",
            author_name="Watch & tell",
            kind="bot_message",
        ),
    ),
    "bot message with a fallback alone": (
        PLAIN | {"text": "", "attachments": [{"fallback": "Disk full"}]},
        seen(text="Disk full"),
    ),
    "message of an app as its own user": (
        PLAIN | {"bot_id": "B2", "app_id": "A2", "bot_profile": {"id": "B2", "name": "Watchtower"}},
        seen(bot_id="B2", author_name="Watchtower"),
    ),
    "app message of blocks alone": (
        PLAIN
        | {
            "text": "This content can't be displayed.",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Disk almost full"}},
                {
                    "type": "section",
                    "text": {"type": "mrkdwn", "text": "on &lt;db-1&gt;"},
                    "fields": [{"type": "mrkdwn", "text": "92 %"}],
                    "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Silence"}},
                },
                {
                    "type": "context",
                    "elements": [{"type": "image", "alt_text": "x"}, {"type": "mrkdwn", "text": "now"}],
                },
                {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Ack"}}]},
                {"type": "markdown", "text": "**bold**"},
                {"type": "divider"},
            ],
        },
        seen(text="Disk almost full\non <db-1>\n92 %\nnow\n**bold**"),
    ),
    "app message whose attachment is of blocks": (
        PLAIN
        | {
            "text": "",
            "attachments": [
                {
                    "fallback": "[no preview available]",
                    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Triggered: queue age"}}],
                }
            ],
        },
        seen(text="Triggered: queue age"),
    ),
    "mention and link": (
        PLAIN | {"text": "<@U2> see <https://x.example.com|the graph>"},
        seen(text=f"{mention('U2')} see the graph (https://x.example.com)"),
    ),
    "edit": (
        changed({"edited": EDITED}),
        seen(
            text="new words",
            text_rank=edit_rank("1763647598.000000", LATER),
            edited_ts="1763647598.000000",
            before=Revision(AS_POSTED, "old words"),
        ),
    ),
    "edit of what was edited before": (
        changed(
            {"edited": EDITED},
            previous_message={"text": "old words", "ts": TS, "edited": {"user": USER, "ts": "1763647590.000000"}},
        ),
        seen(
            text="new words",
            text_rank=edit_rank("1763647598.000000", LATER),
            edited_ts="1763647598.000000",
            before=Revision("1763647590.000000", "old words"),
        ),
    ),
    "link preview of what was edited before": (
        changed({"edited": EDITED}, previous_message={"text": "new words", "ts": TS, "edited": EDITED}),
        seen(text="new words", text_rank=edit_rank("1763647598.000000", LATER), edited_ts="1763647598.000000"),
    ),
    "link preview": (
        changed({"attachments": [{"from_url": "https://x.example.com", "title": "X"}]}),
        seen(text="new words", text_rank=RANK_UNFURL),
    ),
    "edit of an app's message": (
        changed({"edited": EDITED, "subtype": "bot_message", "bot_id": "B2", "username": "W", "user": None}),
        seen(
            text="new words",
            text_rank=edit_rank("1763647598.000000", LATER),
            edited_ts="1763647598.000000",
            user_id=None,
            bot_id="B2",
            author_name="W",
            kind="bot_message",
            before=Revision(AS_POSTED, "old words"),
        ),
    ),
    "answer of an app that is still being written": (
        changed({"bot_id": "B2", "text": "new words and more", "streaming_state": "in_progress"}),
        seen(text="new words and more", bot_id="B2"),
    ),
    "deletion": (
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": CHANNEL,
            "ts": LATER,
            "deleted_ts": TS,
            "previous_message": PLAIN,
        },
        MessageDeleted(TEAM, CHANNEL, TS),
    ),
    "deletion of a thread's parent": (
        changed({"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}),
        MessageDeleted(TEAM, CHANNEL, TS),
    ),
    "own message": (PLAIN | {"user": "UOWN", "bot_id": "BOWN"}, None),
    "own message edited": (changed({"bot_id": "BOWN"}), None),
    "own file": (PLAIN | {"subtype": "file_share", "user": "UOWN"}, None),
    **{
        subtype: (PLAIN | {"subtype": subtype}, None)
        for subtype in (
            "channel_join",
            "channel_leave",
            "channel_topic",
            "channel_purpose",
            "channel_name",
            "channel_archive",
            "channel_unarchive",
            "channel_convert_to_private",
            "channel_posting_permissions",
            "group_join",
            "bot_add",
            "bot_remove",
            "pinned_item",
            "reminder_add",
            "huddle_thread",
            "message_replied",
        )
    },
    "text withheld by the organisation's key": (
        PLAIN | {"subtype": "ekm_access_denied", "user": "UREVOKEDU", "text": "Your admins have suspended access."},
        seen(text=WITHHELD, text_rank=RANK_UNFURL, user_id=None, kind=""),
    ),
    "subtype of next year, typed by a person": (
        PLAIN | {"subtype": "some_subtype_of_next_year"},
        SEEN,
    ),
    "subtype of next year, a notice of Slack": (
        {name: value for name, value in PLAIN.items() if name != "client_msg_id"} | {"subtype": "some_notice"},
        None,
    ),
    "seen by one person alone": (PLAIN | {"is_ephemeral": True}, None),
    "deleted first message of a thread, in a history": (
        PLAIN | {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT"},
        MessageDeleted(TEAM, CHANNEL, TS),
    ),
    "message of another workspace's person": (
        PLAIN | {"user_team": "T9", "user_profile": {"team": "T9", "real_name": "Ida &amp; co", "name": "ida"}},
        seen(author_name="Ida & co"),
    ),
    "message of one's own person with a profile": (
        PLAIN | {"user_team": TEAM, "user_profile": {"team": TEAM, "real_name": "Ana"}},
        SEEN,
    ),
    "message of a program under a name for the occasion": (
        PLAIN | {"bot_id": "B2", "username": "Deploys", "icons": {"emoji": ":ship:"}, "bot_profile": {"name": "CI"}},
        seen(bot_id="B2", author_name="Deploys"),
    ),
    "reminder that falls due": (
        PLAIN | {"user": "USLACKBOT", "text": "Reminder: look at the queue."},
        seen(user_id="USLACKBOT", text="Reminder: look at the queue."),
    ),
    "no channel": ({name: value for name, value in PLAIN.items() if name != "channel"}, None),
    "no ts": (PLAIN | {"ts": "yesterday"}, None),
    "deletion of nothing": ({"type": "message", "subtype": "message_deleted", "channel": CHANNEL}, None),
    "change of nothing": ({"type": "message", "subtype": "message_changed", "channel": CHANNEL, "message": None}, None),
}


@pytest.mark.parametrize("name", SHAPES)
def test_message_event_is_read_as(name: str) -> None:
    event, record = SHAPES[name]
    assert read(event) == record


def test_message_from_history_is_ranked_as_a_post_or_by_its_edit() -> None:
    assert payloads.message_from_history(TEAM, CHANNEL, PLAIN) == SEEN
    edited = payloads.message_from_history(TEAM, CHANNEL, PLAIN | {"edited": EDITED})
    assert edited
    assert edited.text_rank == edit_rank(EDITED["ts"], EDITED["ts"])
    assert payloads.message_from_history(TEAM, CHANNEL, PLAIN | {"subtype": "channel_join"}) is None


def test_edit_learned_from_history_loses_to_the_event_of_the_same_edit() -> None:
    """Both tell of one edit; the event that came with it is the later word."""
    event, _ = SHAPES["edit"]
    told = read(event)
    fetched = payloads.message_from_history(TEAM, CHANNEL, event["message"])
    assert isinstance(told, MessageSeen)
    assert fetched
    assert RANK_UNFURL < RANK_POST < fetched.text_rank < told.text_rank


REACTION = {
    "type": "reaction_added",
    "user": USER,
    "reaction": "pushpin",
    "item_user": "U2",
    "item": {"type": "message", "channel": CHANNEL, "ts": TS},
    "event_ts": LATER,
}


@pytest.mark.parametrize(
    ("event", "vote"),
    [
        (REACTION, VoteCast(TEAM, CHANNEL, TS, USER, "pushpin", is_on=True, event_ts=LATER)),
        (
            REACTION | {"type": "reaction_removed"},
            VoteCast(TEAM, CHANNEL, TS, USER, "pushpin", is_on=False, event_ts=LATER),
        ),
        (REACTION | {"item": {"type": "file", "file": "F1"}}, None),
        (REACTION | {"item": {"type": "message", "channel": CHANNEL}}, None),
        (REACTION | {"item": None}, None),
        (REACTION | {"user": None}, None),
        (REACTION | {"event_ts": 1763647599.0002}, None),
    ],
)
def test_reaction_is_read_as_a_vote(event: dict[str, Any], vote: VoteCast | None) -> None:
    assert payloads.vote_record(TEAM, event) == vote


JOIN = {"type": "member_joined_channel", "user": USER, "channel": CHANNEL, "channel_type": "C", "event_ts": LATER}


@pytest.mark.parametrize(
    ("event", "change"),
    [
        (JOIN, MembershipChanged(TEAM, CHANNEL, USER, is_member=True, event_ts=LATER)),
        (
            JOIN | {"type": "member_left_channel"},
            MembershipChanged(TEAM, CHANNEL, USER, is_member=False, event_ts=LATER),
        ),
        (JOIN | {"event_ts": None}, None),
        (JOIN | {"user": ""}, None),
    ],
)
def test_join_and_leave_are_read_as_memberships(event: dict[str, Any], change: MembershipChanged | None) -> None:
    assert payloads.membership_record(TEAM, event) == change


# Values that stand where others are documented, under the names that are read.
_NAMES = st.sampled_from(
    [
        *(
            "type",
            "subtype",
            "channel",
            "user",
            "text",
            "ts",
            "event_ts",
            "thread_ts",
            "deleted_ts",
            "message",
            "edited",
        ),
        *("bot_id", "bot_profile", "username", "attachments", "blocks", "files", "fields", "elements", "item"),
        *("reaction", "title", "value", "fallback", "name", "pretext", "hidden", "previous_message", "file", "comment"),
        *("rows", "style", "indent", "offset", "url", "timestamp", "child_blocks", "tasks", "title_link", "permalink"),
        *("is_share", "is_msg_unfurl", "message_blocks", "author_id", "user_profile", "mode", "mimetype", "filetype"),
    ]
)
_WORDS = st.sampled_from(
    [
        *("message", "message_changed", "message_deleted", "tombstone", "reaction_added", "file_share", "file_comment"),
        *(
            "section",
            "rich_text",
            "rich_text_list",
            "table",
            "container",
            "plan",
            "carousel",
            "context",
            "image",
            "date",
        ),
        *(
            "rich_text_section",
            "user",
            "link",
            "ordered",
            "bold",
            "U1",
            "https://x.example.com",
            TS,
            "9" * 12 + ".1",
            "",
        ),
    ]
)
_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=6),
    max_leaves=25,
)
_EVENTS = st.dictionaries(_NAMES, _ODD, max_size=12)


@given(_EVENTS)
def test_no_payload_is_an_error(event: dict[str, Any]) -> None:
    """An error would leave the event without an ack, to come again and fail again."""
    assert isinstance(read(event), MessageSeen | MessageDeleted | None)
    assert isinstance(payloads.message_from_history(TEAM, CHANNEL, event), MessageSeen | None)
    assert isinstance(payloads.vote_record(TEAM, event), VoteCast | None)
    assert isinstance(payloads.membership_record(TEAM, event), MembershipChanged | None)


@given(_EVENTS, st.sampled_from([None, "message_changed", "message_deleted", "bot_message", "file_share"]))
def test_what_is_read_can_be_stored(event: dict[str, Any], subtype: str | None) -> None:
    record = read(event | {"channel": CHANNEL, "ts": TS, "subtype": subtype})
    if isinstance(record, MessageSeen):
        for name in ("text", "user_id", "bot_id", "author_name", "thread_ts", "edited_ts", "kind"):
            value = getattr(record, name)
            assert value is None or isinstance(value, str)
        assert record.text.encode().decode() == record.text
        for file in record.files:
            assert "\n" not in file.name
            assert file.link is None or file.link.startswith(("http://", "https://"))
