"""The one place that posts. Nothing is retried here: the services decide, from the kind of failure."""

import contextlib
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.services.ports import BusyError, MessageGoneError, OutcomeUnknownError, Outgoing, RefusedError
from bot.services.views import HomeView, View
from bot.slack.blocks import rendered
from bot.slack.blocks.home import home
from bot.slack.calls import call, retry_after

# https://docs.slack.dev/messaging/message-metadata: visible to the whole workspace, so it carries a key and no content.
EVENT_TYPE = "incident_scribe_post"
_REAL_TIME_TOLERANCE = 600
_PAGE = 200
_PAGES = 25


class SlackMessenger:
    """Posts views as messages. The client must have no retry handlers: each of them could post twice."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def send(self, post: Outgoing) -> str:
        """Post the message and return its ts. Raises OutsideError."""
        answer = call(
            self._client.chat_postMessage,
            channel=post.channel_id,
            thread_ts=post.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
            unfurl_links=False,
            unfurl_media=False,
            **_message(post.view),
        )
        return str(answer["ts"])

    def find(self, post: Outgoing, *, since_epoch: int) -> str | None:
        """Return the ts of the message with this key, None if there is none. Raises OutsideError."""
        for message in self._posted(post, since_epoch):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == post.key:
                return str(message["ts"])
        return None

    def _posted(self, post: Outgoing, since_epoch: int) -> Iterator[dict[str, Any]]:
        """Yield what stands in the channel, or in the thread, since then."""
        wanted: dict[str, Any] = {
            "channel": post.channel_id,
            # Slack stamps with real time, also where this program's clock has been moved forward for a test.
            "oldest": f"{min(since_epoch, int(time.time()) - _REAL_TIME_TOLERANCE)}.000000",
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        method: Callable[..., SlackResponse] = self._client.conversations_history
        if post.thread_ts:
            method = self._client.conversations_replies
            wanted["ts"] = post.thread_ts
        for _ in range(_PAGES):
            answer = call(method, **wanted)
            yield from answer.get("messages", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            wanted["cursor"] = cursor

    def update(self, channel_id: str, ts: str, view: View) -> None:
        """Replace a message of the bot. Raises OutsideError."""
        call(self._client.chat_update, channel=channel_id, ts=ts, **_message(view))

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message of the bot away; one that is gone already is fine. Raises OutsideError."""
        with contextlib.suppress(MessageGoneError):
            call(self._client.chat_delete, channel=channel_id, ts=ts)

    def whisper(self, channel_id: str, user_id: str, view: View, *, thread_ts: str | None = None) -> None:
        """Show a message to one person in a channel, or in a thread there. Raises OutsideError."""
        where = {"channel": channel_id, "user": user_id} | ({"thread_ts": thread_ts} if thread_ts else {})
        call(self._client.chat_postEphemeral, **where, **_message(view))

    def respond(self, response_url: str, view: View, *, replaces: bool) -> None:
        """Answer the asker alone; `replaces` puts it in place of the message pressed. Raises OutsideError."""
        try:
            answer = WebhookClient(response_url, retry_handlers=[]).send_dict(
                {"response_type": "ephemeral", "replace_original": replaces, **_message(view)}
            )
        except OSError as error:
            raise OutcomeUnknownError(f"the answer could not be shown: {error}") from error
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise BusyError("Slack asks to slow down", retry_after(answer))
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise OutcomeUnknownError(f"the answer could not be shown: Slack failed with {answer.status_code}")
        if answer.status_code != HTTPStatus.OK:
            raise RefusedError(f"Slack refused the answer with {answer.status_code}", str(answer.status_code))

    def show_home(self, user_id: str, view: HomeView) -> None:
        """Show somebody their Home tab. Raises OutsideError."""
        call(self._client.views_publish, user_id=user_id, view=home(view))


def _message(view: View) -> dict[str, Any]:
    message = rendered(view)
    return {"text": message.text, "blocks": message.blocks}
