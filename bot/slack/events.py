"""Event listeners: each hands what it learned to capture and returns, so that the ack follows the commit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import App

from bot.domain.messages import CaptureRecord
from bot.services.capture import capture
from bot.services.home import ask_for_home
from bot.services.world import World
from bot.slack import payloads

log = structlog.get_logger()

Payload = dict[str, Any]

# The types that the app subscribes to; manifest.yml lists the same.
SUBSCRIBED = (
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace."""

    team_id: str
    bot_user_id: str
    bot_id: str


def register(app: App, world: World, identity: Identity) -> None:
    """Register one listener for each type of event, and one for all others: unhandled ones would come again."""

    def capturing(read: Callable[[str, Payload], CaptureRecord | None]) -> Callable[[Payload], None]:
        def listener(body: Payload) -> None:
            record = read(str(body.get("team_id", "")), body["event"])
            if record:
                capture(world, record)

        return listener

    def read_message(team_id: str, event: Payload) -> CaptureRecord | None:
        return payloads.message_record(team_id, event, own_bot_id=identity.bot_id, own_user_id=identity.bot_user_id)

    def open_home(body: Payload) -> None:
        if body["event"].get("tab", "home") == "home":
            ask_for_home(world, str(body.get("team_id", "")), str(body["event"]["user"]))

    def ignore(body: Payload) -> None:
        """Acknowledge an event that means nothing here; Slack would send it again otherwise."""
        kind = str(body["event"].get("type", ""))
        log.info("unused event: take its type out of the app's subscriptions", type=kind[:80])

    # Bolt runs the first listener that fits, so the one for everything comes last.
    app.event("message")(capturing(read_message))
    app.event("reaction_added")(capturing(payloads.vote_record))
    app.event("reaction_removed")(capturing(payloads.vote_record))
    app.event("member_joined_channel")(capturing(payloads.membership_record))
    app.event("member_left_channel")(capturing(payloads.membership_record))
    app.event("app_home_opened")(open_home)
    app.event(re.compile(".*"))(ignore)
