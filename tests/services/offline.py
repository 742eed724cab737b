"""A true channel: the stand-in for Slack without its network, read by the program's real reader of histories.

What is done in it is delivered to the program or is lost, as a test says; the history can be made to lag behind, to
give short pages, or to fail.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.incident import Incident
from bot.domain.messages import CaptureRecord
from bot.sandbox import Sandbox
from bot.sandbox.records import Channel
from bot.services.world import World
from bot.slack import payloads
from bot.slack.history import SlackHistory
from storage import incidents, records
from storage.database import Database
from tests.fakes import FakeSlack, world_on
from tests.storage.stored import new_incident

Json = dict[str, Any]
PEOPLE = ("ana", "ben", "cleo", "dan", "eve", "fay", "gus")


@dataclass
class Answer:
    """An answer as slack_sdk gives it."""

    data: Json
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(code: str) -> SlackApiError:
    return SlackApiError(code, Answer({"ok": False, "error": code}))  # type: ignore[no-untyped-call] # as slack_sdk leaves it


def rate_limited(seconds: float = 7.0) -> SlackApiError:
    answer = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": f"{seconds:g}"})
    return SlackApiError("ratelimited", answer)  # type: ignore[no-untyped-call] # as slack_sdk leaves it


@dataclass
class OfflineClient:
    """Stands in for `slack_sdk.WebClient`. `calls` are the methods called; `slack` says which of them go wrong.

    `most` is how many objects a page has, whatever was asked for. `behind` are channels as the history shows them
    while it lags.
    """

    sandbox: Sandbox
    slack: FakeSlack
    most: int = 200
    calls: list[str] = field(default_factory=list)
    behind: dict[str, Channel] = field(default_factory=dict)

    def conversations_history(self, **wanted: Any) -> Answer:
        return self._call("conversations.history", wanted)

    def conversations_replies(self, **wanted: Any) -> Answer:
        return self._call("conversations.replies", wanted)

    def reactions_get(self, **wanted: Any) -> Answer:
        return self._call("reactions.get", wanted)

    def _call(self, method: str, wanted: Json) -> Answer:
        self.calls.append(method)
        if "limit" in wanted:
            wanted["limit"] = min(wanted["limit"], self.most)
        return self.slack.does(method, lambda: self._answer(method, wanted))

    def _answer(self, method: str, wanted: Json) -> Answer:
        with self._as_shown(wanted["channel"]):
            answer = self.sandbox._api.answer(method, self.sandbox.bot_token, wanted)
        if not answer["ok"]:
            raise refusal(answer["error"])
        for message in answer.get("messages", []):
            _to_the_second(message)
        return Answer(answer)

    @contextmanager
    def _as_shown(self, channel_id: str) -> Iterator[None]:
        channels = self.sandbox.workspace.channels
        if channel_id not in channels or channel_id not in self.behind:
            yield
            return
        real, channels[channel_id] = channels[channel_id], self.behind[channel_id]
        yield
        channels[channel_id] = real


def _to_the_second(message: Json) -> None:
    """Date an edit as Slack does."""
    if "edited" in message:
        message["edited"] = message["edited"] | {"ts": f"{message['edited']['ts'].partition('.')[0]}.000000"}


@dataclass
class TrueChannel:
    """A channel in which people talk, and what the program has stored of it.

    What happens is delivered at once, unless `is_delivered` says no.
    """

    sandbox: Sandbox
    client: OfflineClient
    world: World
    channel_id: str
    is_delivered: Callable[[Json], bool] = lambda _event: True

    def __post_init__(self) -> None:
        self.sandbox.workspace.deliver = lambda payload: self._happened(payload["event"])

    def _happened(self, event: Json) -> None:
        _to_the_second(event.get("message", {}))
        if self.is_delivered(event):
            self.deliver(event)

    def deliver(self, event: Json) -> None:
        """Let the program have an event."""
        record = self._record(event)
        if record:
            self.world.writer.save([record])

    def _record(self, event: Json) -> CaptureRecord | None:
        workspace = self.sandbox.workspace
        if event["type"] == "message":
            own = {"own_bot_id": workspace.bot_id, "own_user_id": workspace.bot_user_id}
            return payloads.message_record(workspace.team_id, event, **own)
        if event["type"] in ("reaction_added", "reaction_removed") and event["user"] != workspace.bot_user_id:
            return payloads.vote_record(workspace.team_id, event)
        return None

    @contextmanager
    def losing(self, when: Callable[[Json], bool] = lambda _event: True) -> Iterator[list[Json]]:
        """Lose events; the list has them."""
        before, lost = self.is_delivered, list[Json]()

        def is_delivered(event: Json) -> bool:
            if when(event):
                lost.append(deepcopy(event))
                return False
            return before(event)

        self.is_delivered = is_delivered
        yield lost
        self.is_delivered = before

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Let the history show the channel as it is now, whatever happens meanwhile."""
        self.client.behind[self.channel_id] = deepcopy(self.sandbox.workspace.channels[self.channel_id])
        yield
        del self.client.behind[self.channel_id]

    # Doing

    def say(self, text: str, user: str = "ana", **fields: Any) -> str:
        return self.sandbox.people.say(user, self.channel_id, text, **fields)

    def edit(self, ts: str, text: str, user: str = "ana") -> None:
        self.sandbox.people.edit(user, self.channel_id, ts, text)

    def delete(self, ts: str, user: str = "ana") -> None:
        self.sandbox.people.delete(user, self.channel_id, ts)

    def react(self, ts: str, user: str = "ben", emoji: str = "pushpin") -> None:
        self.sandbox.people.react(user, self.channel_id, ts, emoji)

    def unreact(self, ts: str, user: str = "ben", emoji: str = "pushpin") -> None:
        self.sandbox.people.unreact(user, self.channel_id, ts, emoji)

    def say_as_the_bot(self, text: str, thread: str | None = None) -> None:
        wanted = {"channel": self.channel_id, "text": text} | ({"thread_ts": thread} if thread else {})
        self.sandbox._api.answer("chat.postMessage", self.sandbox.bot_token, wanted)

    # Seeing

    @property
    def team_id(self) -> str:
        return self.sandbox.team_id

    def person(self, name: str) -> str:
        return self.sandbox.workspace.person(name).id

    def true(self) -> list[tuple[Any, ...]]:
        """What stands in the channel and its threads: timestamp, text, thread, whether edited, who reacted and how."""
        workspace = self.sandbox.workspace
        return [
            (
                one.ts,
                one.text,
                one.thread_ts,
                one.edited is not None,
                sorted(
                    (emoji, user)
                    for emoji, users in one.reactions.items()
                    for user in users
                    if user != workspace.bot_user_id
                ),
            )
            for _, one in sorted(workspace.channels[self.channel_id].messages.items())
            if not one.is_tombstone
            and one.subtype in (None, "thread_broadcast", "file_share")
            and one.author.user != workspace.bot_user_id
        ]

    def stored(self, incident: Incident) -> list[tuple[Any, ...]]:
        """What the program has stored of the same."""
        with self.world.database.reading() as connection:
            material = records.load(connection, incidents.by_row(connection, incident.row_id)).material
        votes: dict[str, list[tuple[str, str]]] = {}
        for vote in material.votes:
            votes.setdefault(vote.ts, []).append((vote.emoji, vote.user_id))
        return [
            (one.ts, one.text, one.thread_ts, one.is_edited, sorted(votes.get(one.ts, []))) for one in material.messages
        ]


@contextmanager
def true_channel(database: Database, slack: FakeSlack, clock: Callable[[], datetime]) -> Iterator[TrueChannel]:
    """Yield a channel with people and the bot in it, and a world that reads it. `slack` is everything else there."""
    sandbox = Sandbox(clock=clock)
    for name in PEOPLE:
        sandbox.people.add_person(name)
    channel_id = sandbox.people.add_channel("inc", members=[*PEOPLE, "scribe"])
    client = OfflineClient(sandbox, slack)
    history = SlackHistory(client, sandbox.bot_id, sandbox.bot_user_id, clock)  # type: ignore[arg-type] # as much of a client as it needs
    with world_on(database, slack, clock) as world:
        yield TrueChannel(sandbox, client, replace(world, history=history), channel_id)


def led_in(channel: TrueChannel, **fields: Any) -> Incident:
    """Declare an incident in the channel, as it stands in the database."""
    with channel.world.database.transaction() as connection:
        made = incidents.create(connection, new_incident(team_id=channel.team_id, declared_at=channel.world.clock()))
        return incidents.change(connection, made, channel_id=channel.channel_id, **fields)
