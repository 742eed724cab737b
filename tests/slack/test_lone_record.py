"""Which deliveries are nothing but a record to be stored; every other one is for Bolt and its listeners."""

from typing import Any

import pytest

from bot.domain.messages import MembershipChanged, MessageDeleted, MessageSeen, VoteCast
from bot.slack.events import Identity, lone_record

TEAM, CHANNEL, BOT, BOT_ID = "T0TEAM", "C0INC", "U0SCRIBE", "B0SCRIBE"
WHO = Identity(TEAM, BOT, BOT_ID)
TS = "1795100000.000100"
POSTED = {"type": "message", "channel": CHANNEL, "user": "U1", "text": "It is down", "ts": TS, "event_ts": TS}
REACTED = {
    "type": "reaction_added",
    "user": "U1",
    "reaction": "pushpin",
    "item": {"type": "message", "channel": CHANNEL, "ts": TS},
    "event_ts": TS,
}
JOINED = {"type": "member_joined_channel", "user": "U1", "channel": CHANNEL, "event_ts": TS}
Json = dict[str, Any]


def changed(message: Json) -> Json:
    inner = {"ts": TS, "text": "better", "edited": {"ts": TS}} | message
    return {"type": "message", "subtype": "message_changed", "channel": CHANNEL, "ts": TS, "message": inner}


def deleted(previous: Json) -> Json:
    outer = {"type": "message", "subtype": "message_deleted", "channel": CHANNEL, "ts": TS, "deleted_ts": TS}
    return outer | {"previous_message": previous}


def delivery(event: object, **fields: Any) -> Json:
    # Slack says in every delivery whom it is for, so the bot's own id in it means nothing.
    who = [{"team_id": TEAM, "user_id": BOT, "is_bot": True}]
    return {"type": "event_callback", "team_id": TEAM, "event": event, "authorizations": who} | fields


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (POSTED, MessageSeen),
        (POSTED | {"subtype": "bot_message", "bot_id": "B0OTHER", "user": None}, MessageSeen),
        (POSTED | {"thread_ts": "1795100000.000001"}, MessageSeen),
        (changed({"user": "U1"}), MessageSeen),
        (changed({"user": "U1", "subtype": "tombstone"}), MessageDeleted),
        (deleted({"user": "U1", "ts": TS}), MessageDeleted),
        (REACTED, VoteCast),
        (REACTED | {"type": "reaction_removed"}, VoteCast),
        # Somebody's reaction to what the bot said counts.
        (REACTED | {"item_user": BOT}, VoteCast),
        (JOINED, MembershipChanged),
        (JOINED | {"type": "member_left_channel"}, MembershipChanged),
    ],
)
def test_what_people_do_is_a_record_and_nothing_more(event: Json, kind: type) -> None:
    record = lone_record(delivery(event), WHO)
    assert type(record) is kind
    assert record is not None
    assert (record.team_id, record.channel_id) == (TEAM, CHANNEL)


@pytest.mark.parametrize(
    "event",
    [
        # What the bot itself did: Bolt leaves it out, whatever it is.
        POSTED | {"user": BOT},
        POSTED | {"bot_id": BOT_ID, "user": None},
        changed({"user": BOT}),
        deleted({"user": BOT, "ts": TS}),
        REACTED | {"user": BOT},
        # More than a record: what becomes of the channel.
        JOINED | {"user": BOT},
        JOINED | {"user": BOT, "type": "member_left_channel"},
        POSTED | {"subtype": "channel_convert_to_private"},
        # Nothing to store.
        POSTED | {"subtype": "channel_topic"},
        POSTED | {"ts": "no time"},
        POSTED | {"channel": 7},
        REACTED | {"item": {"type": "file", "file": "F1"}},
        REACTED | {"item": "nonsense"},
        JOINED | {"event_ts": None},
        # Other events.
        {"type": "app_mention", "user": "U1", "channel": CHANNEL, "text": f"<@{BOT}> help", "ts": TS},
        {"type": "channel_rename", "channel": {"id": CHANNEL, "name": "new"}, "event_ts": TS},
        {"type": "app_home_opened", "user": "U1", "tab": "home"},
    ],
)
def test_everything_else_is_left_to_bolt(event: Json) -> None:
    assert lone_record(delivery(event), WHO) is None


def test_only_a_callback_is_a_delivery() -> None:
    assert lone_record(delivery(POSTED, type="url_verification"), WHO) is None
