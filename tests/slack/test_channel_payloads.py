from typing import Any

import pytest

from bot.domain.channels import ChannelChange, ChannelChanged, ChannelMoved
from bot.slack.channel_payloads import CHANNEL_EVENTS, channel_changed, channel_moved
from bot.slack.events import SUBSCRIBED

TS = "1795183533.000100"
OWN = "UBOT"


def read(event: dict[str, Any]) -> ChannelChanged | None:
    return channel_changed("T1", event, own_user_id=OWN)


def changed(change: ChannelChange) -> ChannelChanged:
    return ChannelChanged("T1", "C1", change, TS)


@pytest.mark.parametrize(("kind", "change"), CHANNEL_EVENTS.items())
def test_each_event_of_a_channels_life_is_read_and_subscribed_to(kind: str, change: ChannelChange) -> None:
    assert read({"type": kind, "channel": "C1", "event_ts": TS}) == changed(change)
    assert kind in SUBSCRIBED


def test_renamed_channel_comes_as_an_object() -> None:
    event = {"type": "channel_rename", "channel": {"id": "C1", "name": "new", "created": 1}, "event_ts": TS}
    assert read(event) == changed(ChannelChange.RENAMED)


@pytest.mark.parametrize(
    ("subtype", "change"),
    [
        ("channel_convert_to_private", ChannelChange.MADE_PRIVATE),
        ("channel_convert_to_public", ChannelChange.MADE_PUBLIC),
    ],
)
def test_conversion_of_a_channel_comes_as_a_message(subtype: str, change: ChannelChange) -> None:
    event = {"type": "message", "subtype": subtype, "user": "U1", "channel": "C1", "ts": TS, "event_ts": TS}
    assert read(event) == changed(change)


@pytest.mark.parametrize(
    ("kind", "change"),
    [("member_joined_channel", ChannelChange.JOINED), ("member_left_channel", ChannelChange.LEFT)],
)
def test_coming_and_going_is_read_of_the_program_alone(kind: str, change: ChannelChange) -> None:
    event = {"type": kind, "user": OWN, "channel": "C1", "event_ts": TS}
    assert read(event) == changed(change)
    assert read(event | {"user": "U1"}) is None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "text": "hello", "event_ts": TS},
        {"type": "channel_created", "channel": {"id": "C1"}, "event_ts": TS},
        {"type": "channel_archive", "event_ts": TS},
        {"type": "channel_archive", "channel": "C1"},
        {"type": "channel_archive", "channel": "C1", "event_ts": "soon"},
        {"type": "channel_rename", "channel": {"name": "new"}, "event_ts": TS},
        {},
    ],
)
def test_anything_else_says_nothing_of_a_channel(event: dict[str, Any]) -> None:
    assert read(event) is None


def test_new_id_of_a_channel_is_read_with_its_old_one() -> None:
    event = {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1", "event_ts": TS}
    assert channel_moved("T1", event) == ChannelMoved("T1", "G1", "C1", TS)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"old_channel_id": "G1"},
        {"new_channel_id": "C1"},
        {"old_channel_id": "G1", "new_channel_id": "", "event_ts": TS},
        {"old_channel_id": "G1", "new_channel_id": None, "event_ts": TS},
        {"old_channel_id": 1, "new_channel_id": "C1", "event_ts": TS},
        {"old_channel_id": "C1", "new_channel_id": "C1", "event_ts": TS},
        {"old_channel_id": "G1", "new_channel_id": "C1"},
        {"old_channel_id": "G1", "new_channel_id": "C1", "event_ts": "soon"},
    ],
)
def test_event_without_two_ids_moves_nothing(event: dict[str, Any]) -> None:
    assert channel_moved("T1", event) is None
