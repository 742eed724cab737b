"""Other work in an incident's channel: conversations of one labelled channel mixed into another, to measure with.

What stands outside the incident of a chatty channel is cut into conversations, half of which are set down in another
channel at random, at their own pace and partly by the same people; who wrote the official rows of that one knew nothing
of them.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.messages import Message
from tests.workshop.measure_suggestions import Channel

_AROUND = timedelta(minutes=10)
_BEFORE, _AFTER = timedelta(minutes=90), timedelta(minutes=60)
_PAUSE = timedelta(minutes=3)
_LONGEST_TALK = 10


def mixed(channel: Channel, other: Channel, seed: int) -> Channel:
    """Return the channel with half of the other's conversations outside its incident, the same for the same seed."""
    pick = random.Random(seed)
    own = sorted(channel.messages, key=lambda message: message.at)
    first = own[0].at - _BEFORE
    length = own[-1].at + _AFTER - first
    people = sorted({one.user_id for one in own if one.user_id})
    names = sorted({one.user_id for one in other.messages if one.user_id})
    # Every other one is somebody who also works on the incident.
    known = {name: people[i % len(people)] if i % 2 else f"N{name}" for i, name in enumerate(names)}
    added: list[Message] = []
    for talk in _talks(other):
        if pick.random() < 1 / 2:
            shift = first + length * pick.random() - talk[0].at
            for one in talk:
                added.append(_moved(one, one.at + shift, len(added), known))
    messages = sorted((*own, *added), key=lambda message: message.at)
    return Channel(f"{channel.name} with {other.name}", tuple(messages), channel.rows, channel.milestones)


def _talks(channel: Channel) -> Sequence[Sequence[Message]]:
    """Return the conversations outside the incident: what stands within a few minutes of each other."""
    begin = min(row.at for row in channel.rows) - _AROUND
    end = max(row.at for row in channel.rows) + _AROUND
    talks: list[list[Message]] = []
    for one in sorted(channel.messages, key=lambda message: message.at):
        if begin <= one.at <= end:
            continue
        if talks and one.at - talks[-1][-1].at < _PAUSE and len(talks[-1]) < _LONGEST_TALK:
            talks[-1].append(one)
        else:
            talks.append([one])
    return talks


def _moved(one: Message, at: datetime, number: int, known: dict[str, str]) -> Message:
    who = known[one.user_id] if one.user_id else None
    return replace(one, at=at, ts=f"{int(at.timestamp())}.{number:06d}", user_id=who, thread_ts=None)
