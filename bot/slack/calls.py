"""Calling Slack's Web API, with its failures told apart by what they mean for the caller."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.services.ports import (
    BusyError,
    ChannelGoneError,
    MessageGoneError,
    NameTakenError,
    OutcomeUnknownError,
    OutsideError,
    PersonUnreachableError,
    RefusedError,
)

# Codes of https://docs.slack.dev/reference/methods, by what they mean here.
_GONE = {
    "is_archived",
    "channel_not_found",
    "not_in_channel",
    "channel_is_archived",
    "is_inactive",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
}
_DELETED = {"message_not_found"}
_UNREACHABLE = {
    "user_not_found",
    "user_disabled",
    "cannot_dm_bot",
    "cannot_dm_user",
    "messages_tab_disabled",
    "restricted_action_non_threadable_channel",
    "users_not_found",
    "user_not_visible",
}
_BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_UNSURE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_DEFAULT_RETRY_SECONDS = 5.0


def call(method: Callable[..., SlackResponse], **arguments: Any) -> dict[str, Any]:
    """Call a Web API method and return its answer.

    Raises BusyError when nothing happened and it may be called again, OutcomeUnknownError when the answer was lost,
    RefusedError (or what it covers) when Slack said no.
    """
    try:
        answer = method(**arguments)
    except SlackApiError as error:
        raise _meaning(error) from error
    except ConnectionRefusedError as error:
        raise BusyError("Slack can't be reached", _DEFAULT_RETRY_SECONDS) from error
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            raise BusyError("Slack can't be reached", _DEFAULT_RETRY_SECONDS) from error
        raise OutcomeUnknownError(f"Slack's answer was lost: {error.reason}") from error
    except (OSError, HTTPException, SlackClientError) as error:
        raise OutcomeUnknownError(f"Slack's answer was lost: {type(error).__name__}") from error
    data = answer.data
    return data if isinstance(data, dict) else {}


def _meaning(error: SlackApiError) -> OutsideError:
    response = error.response
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == _TOO_MANY_REQUESTS or code in _BUSY:
        return BusyError("Slack asks to slow down", retry_after(response))
    if status >= _SERVER_ERRORS or code in _UNSURE or not code:
        return OutcomeUnknownError(f"Slack failed with {code or status}")
    kind = (
        ChannelGoneError
        if code in _GONE
        else PersonUnreachableError
        if code in _UNREACHABLE
        else MessageGoneError
        if code in _DELETED
        else NameTakenError
        if code == "name_taken"
        else RefusedError
    )
    needed = f" (needs {data['needed']})" if isinstance(data, dict) and data.get("needed") else ""
    return kind(f"Slack refused: {code}{needed}", code + needed)


def retry_after(response: Any) -> float:
    """Return the seconds that an answer asks to wait before the next call."""
    headers = getattr(response, "headers", None) or {}
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return float(value)
            except ValueError:
                break
    return _DEFAULT_RETRY_SECONDS
