"""What Slack says of the app and of what the settings name, for `scribe doctor`."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.slack.calls import call

_SECONDS = 10
_PAGE = 200
_PAGES = 50


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the bot's token stands for. `scopes` are those granted, None where Slack did not say.

    `slack_time` is Slack's clock (UTC), to the second, None where it did not say.
    """

    bot_name: str
    workspace: str
    workspace_url: str
    scopes: frozenset[str] | None
    slack_time: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """A channel as the bot sees it."""

    channel_id: str
    name: str
    is_member: bool
    is_archived: bool


class Checkup:
    """Asks Slack, changes nothing. Every method raises bot.services.ports.OutsideError."""

    def __init__(self, token: str, api_url: str) -> None:
        # What fails is told as a finding, and needs no line of the library's beside it.
        quiet = logging.getLogger(__name__)
        quiet.setLevel(logging.CRITICAL)
        self._client = WebClient(token=token, base_url=api_url, timeout=_SECONDS, retry_handlers=[], logger=quiet)

    def who(self) -> Who:
        """Return whom the bot's token stands for."""
        headers: dict[str, str] = {}

        def noting(**arguments: Any) -> SlackResponse:
            response = self._client.auth_test(**arguments)
            headers.update({name.lower(): str(value) for name, value in (response.headers or {}).items()})
            return response

        answer = call(noting)
        scopes = headers.get("x-oauth-scopes")
        return Who(
            bot_name=str(answer.get("user", "")),
            workspace=str(answer.get("team", "")),
            workspace_url=str(answer.get("url", "")),
            scopes=None if scopes is None else frozenset(one.strip() for one in scopes.split(",") if one.strip()),
            slack_time=_moment(headers.get("date", "")),
        )

    def open_socket(self, app_token: str) -> None:
        """Ask for a Socket Mode connection, which the app-level token must be good for; it is not used."""
        call(self._client.apps_connections_open, app_token=app_token)

    def channels(self) -> Iterator[ChannelSeen]:
        """Yield the channels that the bot can see, archived ones too."""
        cursor = ""
        for _ in range(_PAGES):
            answer = call(
                self._client.conversations_list, types="public_channel,private_channel", limit=_PAGE, cursor=cursor
            )
            for channel in answer.get("channels", []):
                yield ChannelSeen(
                    str(channel["id"]),
                    str(channel.get("name", "")),
                    is_member=bool(channel.get("is_member")),
                    is_archived=bool(channel.get("is_archived")),
                )
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def group_size(self, group_id: str) -> int:
        """Return how many people a user group has."""
        return len(call(self._client.usergroups_users_list, usergroup=group_id).get("users", []))


def _moment(http_date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(http_date).astimezone(UTC)
    except ValueError:
        return None
