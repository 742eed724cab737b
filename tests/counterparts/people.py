"""What people do in local-slack, and what they see there: its control API, and the socket of its web page."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from websockets.sync.client import ClientConnection, connect

from bot.sandbox import visible_text
from bot.sandbox.views import initial_state, state_key
from tests.counterparts import local_slack

Json = dict[str, Any]

_DIRECT = build_opener(ProxyHandler({}))
_SECONDS = 20.0


class People:
    """Acts for the people of one local-slack, and reads what they see. Users and channels are given by id."""

    def __init__(self, url: str) -> None:
        self.url = url

    # Doing

    def say(self, user: str, channel: str, text: str, *, thread: str | None = None) -> str:
        """Post a message, delivered as it stands here, and return its ts."""
        posted = self._control("message", channel=channel, user=user, text=text, thread_ts=thread)
        return str(posted["message"]["ts"])

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        self._control("edit-message", channel=channel, user=user, ts=ts, text=text)

    def delete(self, user: str, channel: str, ts: str) -> None:
        self._control("delete-message", channel=channel, user=user, ts=ts)

    def react(self, user: str, channel: str, ts: str, emoji: str, *, is_on: bool = True) -> None:
        self._control("reaction", channel=channel, user=user, ts=ts, name=emoji, present=is_on)

    def command(self, user: str, channel: str, command: str, text: str = "") -> Json | None:
        """Type a slash command and return the message that the asker reads as its answer, None without one."""
        before = len(self.whispers(user, channel))
        self._control("command", channel=channel, user=user, command=command, text=text)
        assert self.is_acknowledged("slash_commands"), f"{command} {text} was not acknowledged"
        seen = self.whispers(user, channel)[before:]
        return seen[0] if seen else None

    def press(
        self, user: str, channel: str, ts: str, action_id: str, *, value: str | None = None, option: str | None = None
    ) -> None:
        """Press a button, or choose an option by its value, on a message that stands in the channel."""
        block, element = _find(self.message(channel, ts)["blocks"], action_id, value)
        self._control("interact", channel=channel, user=user, messageTs=ts, action=_action(block, element, option))

    def press_in_home(self, user: str, action_id: str) -> None:
        """Press a button of the Home tab."""
        block, element = _find(self.home(user)["blocks"], action_id, None)
        action = _action(block, element, None)
        before = self._acknowledged()
        with self._window() as (window, _):
            press = {"t": "block_action", "channel": "", "messageTs": "", "user": user, "action": action}
            window.send(json.dumps(press | {"appId": local_slack.APP}))
            local_slack.wait_until(lambda: self._acknowledged() > before, "the press was not acknowledged")

    def submit(self, user: str, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill the open modal, submit it, and return the errors at its fields, by block id.

        `values` are by block id: a text, or an option's value, or a list of those. Other fields keep what they hold,
        as in a browser.
        """
        with self._window() as (window, state):
            assert state["modalStack"], "no modal is open"
            filled = _filled(state["modalStack"][-1], values or {})
            window.send(json.dumps({"t": "view_submit", "user": user, "values": filled}))
            while True:
                told = json.loads(window.recv(_SECONDS))
                if told["t"] in ("view", "view_errors"):
                    return dict(told.get("errors") or {})

    def close_modal(self, user: str) -> None:
        with self._window() as (window, _):
            window.send(json.dumps({"t": "view_close", "user": user}))
            while json.loads(window.recv(_SECONDS))["t"] != "view":
                pass

    def open_home(self, user: str) -> None:
        self._control("open-home", user=user)

    def share(self, user: str, channel: str, name: str, content: str, *, text: str = "") -> str:
        """Share a file with a message and return the message's ts."""
        fields = {"channel": channel, "user": user, "text": text}
        mark = "made-up-boundary"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain'
        body = "".join([*parts, f"--{mark}\r\n{disposition}\r\n\r\n{content}\r\n--{mark}--\r\n"]).encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        _asked(Request(f"{self.url}/_control/upload", data=body, headers=kind, method="POST"))
        return str(self.everything(channel)[-1]["ts"])

    # Seeing

    def everything(self, channel: str) -> list[Json]:
        """Return all messages of a channel, oldest first: replies and what only one person sees included."""
        return list(self._get(f"messages/{channel}")["messages"])

    def messages(self, channel: str) -> list[Json]:
        """Return what everyone sees in a channel and its threads, oldest first."""
        return [one for one in self.everything(channel) if not one.get("ephemeral_to")]

    def message(self, channel: str, ts: str) -> Json:
        found = [one for one in self.everything(channel) if one["ts"] == ts]
        assert found, f"there is no message {ts} in {channel}"
        return found[0]

    def from_bot(self, channel: str) -> list[Json]:
        """Return what the bot posted for everyone, oldest first."""
        return [one for one in self.messages(channel) if one["user"] == local_slack.BOT_USER]

    def texts(self, channel: str) -> list[str]:
        """Return the words that everyone reads, oldest first."""
        return [visible_text(one) for one in self.messages(channel)]

    def whispers(self, user: str, channel: str) -> list[Json]:
        """Return what only this person sees in a channel, oldest first."""
        return [one for one in self.everything(channel) if one.get("ephemeral_to") == user]

    def whispered(self, user: str, channel: str) -> list[str]:
        return [visible_text(one) for one in self.whispers(user, channel)]

    def marks(self, channel: str, ts: str) -> dict[str, list[str]]:
        """Return the reactions on a message: emoji to the ids of those who gave it."""
        return {one["name"]: one["users"] for one in self.message(channel, ts).get("reactions", [])}

    def channel(self, name: str) -> Json:
        found = [one for one in self.channels() if one["name"] == name]
        assert found, f"there is no channel {name} among {[one['name'] for one in self.channels()]}"
        return found[0]

    def channels(self) -> list[Json]:
        return list(self._get("state")["channels"])

    def direct(self, user: str) -> list[str]:
        """Return what stands in the direct messages of this person and the bot."""
        mine = [one["id"] for one in self.channels() if one["is_im"] and user in one["members"]]
        return [text for channel in mine for text in self.texts(channel)]

    def modal(self) -> Json | None:
        """Return the modal that is open, None without one. There is one for the whole workspace."""
        with self._window() as (_, state):
            return state["modalStack"][-1] if state["modalStack"] else None

    def home(self, user: str) -> Json:
        """Return the Home tab published for a person."""
        with self._window() as (_, state):
            homes = state["homeViews"].get(user, {})
        assert local_slack.APP in homes, f"{user} has no Home tab"
        return dict(homes[local_slack.APP])

    def file(self, message: Json) -> str:
        """Return the text of the file shared with a message."""
        (shared,) = message["files"]
        headers = {"Authorization": f"Bearer {local_slack.BOT_TOKEN}"}
        return _asked(Request(shared["url_private"], headers=headers)).decode()

    def page(self, path: str) -> bytes:
        """Return a page as a browser gets it."""
        return _asked(Request(f"{self.url}{path}"))

    # What went between local-slack and the bot

    def log(self, direction: str | None = None, kind: str | None = None) -> list[Json]:
        """Return the last thousand lines of its traffic log: `to_bot`, `from_bot`, `internal`."""
        lines = self._get("log")["log"]
        return [one for one in lines if direction in (None, one["direction"]) and kind in (None, one["kind"])]

    def calls(self, method: str) -> list[Json]:
        """Return the arguments of each call of a Web API method."""
        return [one.get("detail") or {} for one in self.log("from_bot", "web_api") if one["summary"] == method]

    def is_acknowledged(self, kind: str) -> bool:
        """Whether the bot answered the latest delivery of this kind: `slash_commands`, `events_api`, `interactive`."""
        lines = self.log()
        sent = max(n for n, one in enumerate(lines) if one["direction"] == "to_bot" and one["kind"] == kind)
        return any(_is_ack(one) for one in lines[sent + 1 :])

    def is_connected(self) -> bool:
        """Whether the bot holds a socket open."""
        with self._window() as (_, state):
            return any(app["connected"] for app in state["apps"])

    def _acknowledged(self) -> int:
        return sum(_is_ack(one) for one in self.log())

    def _control(self, what: str, **body: Any) -> Json:
        data = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        request = Request(
            f"{self.url}/_control/{what}", data=data, headers={"Content-Type": "application/json"}, method="POST"
        )
        answer: Json = json.loads(_asked(request))
        assert answer["ok"], answer
        return answer

    def _get(self, what: str) -> Json:
        answer: Json = json.loads(_asked(Request(f"{self.url}/_control/{what}")))
        return answer

    @contextmanager
    def _window(self) -> Iterator[tuple[ClientConnection, Json]]:
        """Open the web page's socket: what it is told first is the whole state."""
        address = self.url.replace("http://", "ws://") + "/ui"
        with connect(address, proxy=None, max_size=None, close_timeout=1) as window:
            yield window, json.loads(window.recv(_SECONDS))["state"]


def _asked(request: Request) -> bytes:
    try:
        with _DIRECT.open(request, timeout=_SECONDS) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        with error:
            raise AssertionError(f"{request.full_url}: {error.code} {error.read().decode()}") from None


def _is_ack(line: Json) -> bool:
    answered = line["kind"] == "ack" or line["summary"].startswith("HTTP 200")
    return bool(line["direction"] == "from_bot" and answered)


def _elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if "action_id" in element:
                yield block, element


def _find(blocks: list[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    offered = list(_elements(blocks))
    for block, element in offered:
        if element["action_id"] == action_id and value in (None, element.get("value")):
            return block, element
    raise AssertionError(f"there is no {action_id} among {[element['action_id'] for _, element in offered]}")


def _action(block: Json, element: Json, option: str | None) -> Json:
    action: Json = {key: element[key] for key in ("type", "action_id", "value", "text") if key in element}
    action["block_id"] = block.get("block_id", "")
    return action if option is None else action | {"selected_option": _option(element, option)}


def _option(element: Json, value: str) -> Json:
    found = [one for one in element["options"] if one["value"] == value]
    assert found, f"{value} is not among {[one['value'] for one in element['options']]}"
    return dict(found[0])


def _filled(view: Json, values: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    """Return what the fields of a modal hold: what they began with, and over it what is filled in."""
    state = initial_state(view, {})
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    for block_id, given in values.items():
        element = elements[block_id]
        key = str(state_key(element))
        value: Any = given
        if key == "selected_option":
            value = _option(element, given)
        elif key == "selected_options":
            value = [_option(element, one) for one in given]
        state[block_id] = {element["action_id"]: {"type": element["type"], key: value}}
    return state
