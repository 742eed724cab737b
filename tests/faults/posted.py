"""What the bot has posted, counted by the key in each message's metadata: `header:1`, `line:1:…`, `follow-up:1:30d`."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox import Screen
from tests.scenarios.stage import Room, Stage

Json = dict[str, Any]


def key_of(metadata: Any) -> str:
    """Return the key in a message's or a call's metadata, empty without one."""
    found = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(((found or {}).get("event_payload") or {}).get("key", ""))


def posting(purpose: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return the condition for a fault that meets only posts of this purpose."""
    return lambda arguments: key_of(arguments.get("metadata")).startswith(f"{purpose}:")


def purposes(screen: Screen, *channels: str) -> Counter[str]:
    """Count what the bot has posted in these channels, by purpose. Nothing may stand there twice."""
    posts = [message for channel in channels for message in screen.from_bot(channel)]
    keys = Counter(key_of(message.get("metadata")) for message in posts)
    assert all(count == 1 for key, count in keys.items() if key), f"posted twice: {keys}"
    return Counter(key.partition(":")[0] for key in keys if key)


def in_room(stage: Stage, room: Room) -> Counter[str]:
    return purposes(stage.screen, room.channel)


def reports(screen: Screen, channel: str) -> list[str]:
    """Return the names of the reports shared in the channel, one for each time it was shared."""
    messages = [message for message in screen.from_bot(channel) if message.get("files")]
    return [file["name"] for message in messages for file in message["files"]]
