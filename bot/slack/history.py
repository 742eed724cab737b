"""Reading what was said: single messages, and whole stretches of a channel."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.domain.history import Said
from bot.domain.messages import MessageSeen, VoteCast, is_ts
from bot.domain.reconciling import horizon_of
from bot.services.ports import Page, RefusedError
from bot.slack.calls import call
from bot.slack.payloads import is_tombstone, message_from_history

# As https://docs.slack.dev/reference/methods/conversations.history recommends.
_PAGE = 200
_GONE = ("thread_not_found", "message_not_found")


class SlackHistory:
    """Reads what was said by others than the bot. `clock` says when a reaction was seen.

    The bot is known by both its ids: messages bear the one, reactions the other.
    """

    def __init__(self, client: WebClient, bot_id: str, bot_user_id: str, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._bot_id = bot_id
        self._bot_user_id = bot_user_id
        self._clock = clock

    def message(self, team_id: str, channel_id: str, ts: str) -> MessageSeen | None:
        """Return one message or thread reply, None if it is not there or the bot's own. Raises OutsideError.

        History omits thread replies, and answers a reply's ts with another message or none: only an exact match counts.
        """
        wanted = {"channel": channel_id, "latest": ts, "oldest": ts, "inclusive": True, "limit": 1}
        found = self._exact(call(self._client.conversations_history, **wanted), ts)
        if found is None:
            try:
                found = self._exact(call(self._client.conversations_replies, ts=ts, **wanted), ts)
            except RefusedError as error:
                if error.code not in _GONE:
                    raise
        if found is None or self._is_own(found):
            return None
        return message_from_history(team_id, channel_id, found)

    def _is_own(self, message: dict[str, Any]) -> bool:
        return message.get("bot_id") == self._bot_id or message.get("user") == self._bot_user_id

    @staticmethod
    def _exact(answer: dict[str, Any], ts: str) -> dict[str, Any] | None:
        return next((message for message in answer.get("messages", []) if message.get("ts") == ts), None)

    def page(self, team_id: str, channel_id: str, *, after: str | None, before: str) -> Page:
        """Return what was said in the channel itself between two timestamps, the newest first. Raises OutsideError.

        With an upper end given, Slack's pages go back from there.
        """
        asked_at = self._seen_at()
        wanted = {"channel": channel_id, "latest": before, "oldest": after or "0", "limit": _PAGE}
        answer = call(self._client.conversations_history, **wanted)
        said = tuple(self._said(team_id, channel_id, answer, asked_at))
        return Page(said, is_last=not (said and answer.get("has_more")))

    def replies(self, team_id: str, channel_id: str, thread_ts: str, *, after: str) -> Page:
        """Return the replies in a thread after a timestamp, the oldest first; none if it is gone. Raises OutsideError.

        Slack puts the thread's first message before them, whatever the timestamp says.
        """
        asked_at = self._seen_at()
        wanted = {"channel": channel_id, "ts": thread_ts, "oldest": after, "limit": _PAGE}
        try:
            answer = call(self._client.conversations_replies, **wanted)
        except RefusedError as error:
            if error.code in _GONE:
                return Page((), is_last=True)
            raise
        said = tuple(one for one in self._said(team_id, channel_id, answer, asked_at) if one.ts != thread_ts)
        return Page(said, is_last=not (said and answer.get("has_more")))

    def votes(self, team_id: str, channel_id: str, ts: str) -> tuple[VoteCast, ...]:
        """Return every reaction on a message, none if it is gone. Raises OutsideError."""
        asked_at = self._seen_at()
        try:
            answer = call(self._client.reactions_get, channel=channel_id, timestamp=ts, full=True)
        except RefusedError as error:
            if error.code in _GONE:
                return ()
            raise
        return tuple(self._votes(team_id, channel_id, answer.get("message") or {}, ts, asked_at))

    def _seen_at(self) -> str:
        # Slack's clock may be behind this one: a vote taken back right after it was read must not stay on.
        return horizon_of(self._clock())

    def _said(self, team_id: str, channel_id: str, answer: dict[str, Any], asked_at: str) -> Iterator[Said]:
        for message in answer.get("messages", []):
            ts = str(message.get("ts", ""))
            if not is_ts(ts):
                continue
            repliers = tuple(message.get("reply_users") or ())
            reactions = message.get("reactions") or ()
            yield Said(
                ts=ts,
                seen=None if self._is_own(message) else message_from_history(team_id, channel_id, message),
                votes=tuple(self._votes(team_id, channel_id, message, ts, asked_at)),
                has_more_votes=any(one.get("count", 0) > len(one.get("users") or ()) for one in reactions),
                vote_counts=tuple((str(one["name"]), count) for one in reactions if (count := self._count(one))),
                replies=int(message.get("reply_count") or 0),
                repliers=repliers,
                more_repliers=int(message.get("reply_users_count") or 0) > len(repliers),
                last_reply_ts=message.get("latest_reply"),
                is_deleted=is_tombstone(message),
            )

    def _count(self, reaction: dict[str, Any]) -> int:
        """Return how many people have put a reaction on, leaving the bot out as far as it is named."""
        users = reaction.get("users") or ()
        return max(int(reaction.get("count") or 0), len(users)) - (self._bot_user_id in users)

    def _votes(
        self, team_id: str, channel_id: str, message: dict[str, Any], ts: str, asked_at: str
    ) -> Iterator[VoteCast]:
        """Yield the reactions that a message has now; an event that is newer than the asking outranks each."""
        for reaction in message.get("reactions") or ():
            for user_id in reaction.get("users") or ():
                if user_id != self._bot_user_id:
                    name = str(reaction["name"])
                    yield VoteCast(team_id, channel_id, ts, str(user_id), name, is_on=True, event_ts=asked_at)
