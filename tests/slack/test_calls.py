"""Failures of the Web API, told apart by what they mean for whoever called."""

from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.error import URLError

import pytest
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
from bot.slack.calls import call


def answer(status: int = 200, data: Any = None, **headers: str) -> SlackResponse:
    return SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )


def api_error(response: Any) -> SlackApiError:
    return SlackApiError("the request failed", response)  # type: ignore[no-untyped-call] # the SDK leaves it untyped


def refusal(code: str, status: int = 200, **fields: Any) -> SlackApiError:
    return api_error(answer(status, {"ok": False, "error": code, **fields}))


def failing(error: Exception) -> OutsideError:
    def method(**_arguments: Any) -> SlackResponse:
        raise error

    with pytest.raises(OutsideError) as failed:
        call(method)
    return failed.value


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refusal("is_archived"), ChannelGoneError),
        (refusal("channel_not_found"), ChannelGoneError),
        (refusal("not_in_channel"), ChannelGoneError),
        (refusal("user_disabled"), PersonUnreachableError),
        (refusal("cannot_dm_bot"), PersonUnreachableError),
        (refusal("message_not_found"), MessageGoneError),
        (refusal("name_taken"), NameTakenError),
        (refusal("restricted_action"), RefusedError),
        (refusal("some_code_of_next_year"), RefusedError),
        (refusal("ratelimited", 429), BusyError),
        (refusal("ratelimited"), BusyError),
        (refusal("internal_error"), OutcomeUnknownError),
        (refusal("fatal_error"), OutcomeUnknownError),
        (refusal("whatever", 503), OutcomeUnknownError),
        (api_error(answer(200, "<html>")), OutcomeUnknownError),
        (api_error({"ok": False}), OutcomeUnknownError),
        (ConnectionRefusedError(), BusyError),
        (URLError(ConnectionRefusedError()), BusyError),
        (URLError(TimeoutError()), OutcomeUnknownError),
        (URLError("name or service not known"), OutcomeUnknownError),
        (TimeoutError(), OutcomeUnknownError),
        (RemoteDisconnected("gone"), OutcomeUnknownError),
        (IncompleteRead(b""), OutcomeUnknownError),
        (ConnectionResetError(), OutcomeUnknownError),
        (SlackClientError("odd"), OutcomeUnknownError),
    ],
    ids=lambda value: repr(value)[:60] if isinstance(value, Exception) else value.__name__,
)
def test_failure_means(error: Exception, meaning: type[OutsideError]) -> None:
    assert type(failing(error)) is meaning


def test_lost_answer_is_never_taken_for_a_refusal() -> None:
    """A refusal may be forgotten; after a lost answer one has to look first."""
    assert not isinstance(failing(TimeoutError()), RefusedError | BusyError)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry_After": "7"}, 7.0), ({"retry_after": "0"}, 0.0), ({"Retry_After": "soon"}, 5.0), ({}, 5.0)],
)
def test_pause_that_slack_asks_for_is_kept(headers: dict[str, str], seconds: float) -> None:
    error = failing(api_error(answer(429, {"ok": False, "error": "ratelimited"}, **headers)))
    assert isinstance(error, BusyError)
    assert error.retry_after == seconds


def test_refusal_names_the_code_and_the_scope_that_is_missing() -> None:
    error = failing(refusal("missing_scope", needed="pins:write", provided="chat:write"))
    assert isinstance(error, RefusedError)
    assert error.code == "missing_scope (needs pins:write)"
    assert str(error) == "Slack refused: missing_scope (needs pins:write)"


def test_answer_is_given_as_it_came() -> None:
    assert call(lambda **given: answer(200, {"ok": True, **given}), ts="1.0") == {"ok": True, "ts": "1.0"}


def test_answer_without_content_is_an_empty_one() -> None:
    assert call(lambda **_: answer(200, b"")) == {}
