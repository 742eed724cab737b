"""Slack's Web API as far as reading a channel needs it, answering from the true channel: late, in pages, and badly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from itertools import cycle
from typing import Any

from slack_sdk.errors import SlackApiError

from tests.faults.simulation import shapes
from tests.faults.simulation.story import Answer
from tests.faults.simulation.truth import State, TrueChannel, TrueMessage

Json = dict[str, Any]

RETRY_AFTER = 7.0


@dataclass
class Answered:
    """An answer as slack_sdk gives it."""

    data: Json
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class TrueWebApi:
    """Stands in for `slack_sdk.WebClient`.

    `reaches` is told of each call, before its effect and after it; `tells` of the `Date` of each answer. `troubles` are
    how the next calls go wrong.
    """

    def __init__(
        self,
        truth: TrueChannel,
        *,
        page: int,
        most_users: int,
        lags: Sequence[float],
        reaches: Callable[[str], None],
        tells: Callable[[str], None],
    ) -> None:
        self._truth = truth
        self._page = page
        self._most_users = most_users
        self._lags = cycle(lags)
        self._reaches = reaches
        self._tells = tells
        self.troubles: list[Answer] = []
        self.calls = 0

    def conversations_history(self, **wanted: Any) -> Answered:
        state = self._begin("conversations.history")
        there = [one for one in state.values() if not one.is_reply or one.subtype == "thread_broadcast"]
        within = _within(there, wanted)
        # Pages go back from the upper end; where only the lower one is given, they go forward from that.
        is_forward = "oldest" in wanted and "latest" not in wanted
        return self._answer(state, within if is_forward else within[::-1], wanted, is_forward=is_forward)

    def conversations_replies(self, **wanted: Any) -> Answered:
        state = self._begin("conversations.replies")
        asked = state.get(str(wanted["ts"]))
        if asked is None:
            raise _error("thread_not_found")
        if asked.is_reply:
            return self._answer(state, [asked], wanted)
        replies = [one for one in state.values() if one.thread_ts == asked.ts]
        return self._answer(state, _within(replies, wanted), wanted, first=asked)

    def reactions_get(self, **wanted: Any) -> Answered:
        state = self._begin("reactions.get")
        message = state.get(str(wanted["timestamp"]))
        if message is None:
            raise _error("message_not_found")
        most = None if wanted.get("full") else self._most_users
        return self._done(
            {"ok": True, "type": "message", "message": shapes.message_json(message, state, most_users=most)}
        )

    def say_when(self) -> None:
        """Say the time, as each answer does."""
        self._tells(format_datetime(datetime.fromtimestamp(int(self._truth.now), UTC), usegmt=True))

    def _begin(self, method: str) -> State:
        self.calls += 1
        self._reaches(f"before {method}")
        trouble = self.troubles.pop(0) if self.troubles else None
        match trouble:
            case Answer.BUSY:
                headers = {"Retry-After": f"{RETRY_AFTER:g}"}
                raise _error("ratelimited", 429, headers)
            case Answer.BROKEN:
                raise _error("", 503)
            case Answer.SILENT:
                raise TimeoutError("The read operation timed out")
            case _:
                return self._truth.state(self._truth.now - Decimal(str(next(self._lags))))

    def _answer(
        self,
        state: State,
        found: list[TrueMessage],
        wanted: Json,
        *,
        first: TrueMessage | None = None,
        is_forward: bool = False,
    ) -> Answered:
        begin = int(wanted.get("cursor") or 0)
        end = begin + min(self._page, int(wanted.get("limit") or 100))
        shown = found[begin:end][::-1] if is_forward else found[begin:end]
        # A thread's first message stands before each page.
        messages = [one for one in (first, *shown) if one]
        has_more = len(found) > end
        return self._done(
            {
                "ok": True,
                "messages": [shapes.message_json(one, state, most_users=self._most_users) for one in messages],
                "has_more": has_more,
                "response_metadata": {"next_cursor": str(end) if has_more else ""},
            }
        )

    def _done(self, data: Json) -> Answered:
        self._reaches("after an answer of Slack")
        self.say_when()
        return Answered(data)


def _within(messages: list[TrueMessage], wanted: Json) -> list[TrueMessage]:
    oldest, latest = Decimal(wanted.get("oldest") or 0), Decimal(wanted.get("latest") or "Infinity")
    is_inclusive = bool(wanted.get("inclusive"))

    def is_within(at: Decimal) -> bool:
        return oldest <= at <= latest if is_inclusive else oldest < at < latest

    return sorted((one for one in messages if is_within(Decimal(one.ts))), key=lambda one: Decimal(one.ts))


def _error(code: str, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    answer = Answered({"ok": False, "error": code}, status, headers or {})
    return SlackApiError(f"answered with {code or status}", answer)  # type: ignore[no-untyped-call]  # the SDK's
