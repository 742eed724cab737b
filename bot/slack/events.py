"""Event listeners: each hands what it learned to capture and returns, so that the ack follows the commit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.request.internals import extract_user_id

from bot.domain.channels import ChannelChanged
from bot.domain.messages import CaptureRecord
from bot.services.capture import capture
from bot.services.channel_life import moved, noticed
from bot.services.home import ask_for_home
from bot.services.world import World
from bot.slack import payloads
from bot.slack.channel_payloads import CHANNEL_EVENTS, channel_changed, channel_moved

log = structlog.get_logger()

Payload = dict[str, Any]

# The types that the app subscribes to, each with what it serves to; the manifest is made from them.
SUBSCRIBED = {
    "app_home_opened": "show the Home tab",
    "app_mention": "answer what is asked in threads, where no command can be typed",
    "channel_archive": "know that nothing more can be said in an incident's channel",
    "channel_deleted": "the same",
    "channel_id_changed": "follow an incident's channel that is shared with another organisation",
    "channel_left": "know that an incident's channel can no longer be recorded",
    "channel_rename": "know what an incident's channel is called",
    "channel_unarchive": "know that an incident's channel is open again",
    "group_archive": "as channel_archive, of private channels",
    "group_deleted": "as channel_deleted, of private channels",
    "group_left": "as channel_left, of private channels",
    "group_rename": "as channel_rename, of private channels",
    "group_unarchive": "as channel_unarchive, of private channels",
    "member_joined_channel": "know who may see a private incident",
    "member_left_channel": "the same",
    "message.channels": "record what is said in public incident channels",
    "message.groups": "record what is said in private incident channels",
    "reaction_added": "put messages on the timeline",
    "reaction_removed": "take them off it",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    team_id: str
    bot_user_id: str
    bot_id: str


def _message(team_id: str, event: Payload, identity: Identity) -> CaptureRecord | None:
    return payloads.message_record(team_id, event, own_bot_id=identity.bot_id, own_user_id=identity.bot_user_id)


def _vote(team_id: str, event: Payload, _identity: Identity) -> CaptureRecord | None:
    return payloads.vote_record(team_id, event)


def _membership(team_id: str, event: Payload, _identity: Identity) -> CaptureRecord | None:
    return payloads.membership_record(team_id, event)


# How what capture stores is read, by the type of the event.
_READERS: dict[str, Callable[[str, Payload, Identity], CaptureRecord | None]] = {
    "message": _message,
    "reaction_added": _vote,
    "reaction_removed": _vote,
    "member_joined_channel": _membership,
    "member_left_channel": _membership,
}


def _record(body: Payload, identity: Identity) -> CaptureRecord | None:
    event = body["event"]
    return _READERS[event["type"]](str(body.get("team_id", "")), event, identity)


def _changed(body: Payload, identity: Identity) -> ChannelChanged | None:
    return channel_changed(str(body.get("team_id", "")), body["event"], own_user_id=identity.bot_user_id)


def lone_record(body: Payload, identity: Identity) -> CaptureRecord | None:
    """Return what a delivery teaches if storing it is all there is to do.

    None where there is nothing to store or more to do, and for what the bot did itself, which Bolt leaves out: all that
    is for the listeners below. Raises KeyError, TypeError and the like for what is no delivery of an event.
    """
    if body["type"] != "event_callback" or body["event"]["type"] not in _READERS:
        return None
    is_own = extract_user_id(body) == identity.bot_user_id or body["event"].get("bot_id") == identity.bot_id
    return None if is_own or _changed(body, identity) else _record(body, identity)


def register(app: App, world: World, identity: Identity) -> None:
    """Register one listener for each type of event, and one for all others: unhandled ones would come again."""

    def look_at_channel(body: Payload) -> None:
        changed = _changed(body, identity)
        if changed:
            noticed(world, changed)

    def capture_record(body: Payload) -> None:
        look_at_channel(body)
        record = _record(body, identity)
        if record:
            capture(world, record)

    def open_home(body: Payload) -> None:
        if body["event"].get("tab", "home") == "home":
            ask_for_home(world, str(body.get("team_id", "")), str(body["event"]["user"]))

    # Bolt runs the first listener that fits, so the one for everything comes last.
    for kind in _READERS:
        app.event(kind)(capture_record)
    app.event("app_home_opened")(open_home)
    app.event("channel_id_changed")(lambda body: _follow_channel(world, body))
    for kind in CHANNEL_EVENTS:
        app.event(kind)(look_at_channel)
    app.event(re.compile(".*"))(_ignore)


def _follow_channel(world: World, body: Payload) -> None:
    new = channel_moved(str(body.get("team_id", "")), body["event"])
    if new:
        moved(world, new)


def _ignore(body: Payload) -> None:
    """Acknowledge an event that means nothing here; Slack would send it again otherwise."""
    kind = str(body["event"].get("type", ""))
    log.info("unused event: take its type out of the app's subscriptions", type=kind[:80])
