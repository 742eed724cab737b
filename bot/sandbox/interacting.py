"""People who use the app: commands, buttons, menus, shortcuts, modals, the Home tab."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox import respond, rules
from bot.sandbox.answers import Answer, CommandAnswer
from bot.sandbox.driver import Driver
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.filling import filled
from bot.sandbox.records import Channel, ChannelKind, Ephemeral, Json, Message, Person
from bot.sandbox.shapes import message_json
from bot.sandbox.views import View, initial_state


class Interacting(Driver):
    """What people do with the app. Users and channels are given by id or by name."""

    # Commands

    def command(self, user: str, channel: str, command: str, text: str = "") -> CommandAnswer:
        """Types a slash command and waits for its acknowledgement, as long as Slack does.

        Args:
            user: who types it; must be in the channel.
            channel: where.
            command: such as ``/incident``.
            text: what stands behind it, as typed: ``@alice`` and ``#ops`` become tokens with names.
        """
        with self._acting():
            person, place = self._present(user, channel)
            payload = self._command_payload(person, place, command, text)
        ack = self._send("slash_commands", payload, lambda answer: self._show(answer, person, place))
        answer: CommandAnswer = ack.effect if ack.acked else CommandAnswer(acked=False)
        return answer

    def _command_payload(self, person: Person, place: Channel, command: str, text: str) -> Json:
        workspace = self._workspace
        shown_name = {ChannelKind.PUBLIC: place.name, ChannelKind.PRIVATE: "privategroup"}.get(
            place.kind, "directmessage"
        )
        return {
            "token": "sandbox-verification",
            "team_id": workspace.team_id,
            "team_domain": workspace.domain,
            "channel_id": place.id,
            "channel_name": shown_name,
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": self.typed(text, labels=True) if self._should_escape else text,
            "api_app_id": workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self._response_urls.issue(person.id, place.id),
            "trigger_id": self._triggers.issue(person.id),
        }

    def _show(self, answer: Json, person: Person, place: Channel) -> CommandAnswer:
        """Shows what came with the acknowledgement."""
        with self._acting():
            try:
                ts = respond.show(self._call(answer), place, person.id)
            except SlackError as refused:
                return CommandAnswer(acked=True, problem=refused.code, raw=answer)
        if ts is None:
            return CommandAnswer(acked=True, raw=answer)
        return CommandAnswer(
            acked=True,
            text=answer.get("text"),
            blocks=answer.get("blocks") or [],
            response_type=answer.get("response_type") or "ephemeral",
            raw=answer,
        )

    # Buttons and menus

    def press(
        self,
        user: str,
        channel: str | None,
        ts: str | None,
        action_id: str,
        *,
        value: str | None = None,
        selected: Any = None,
        block_id: str | None = None,
    ) -> Answer:
        """Uses a button or a menu on a message that the user sees, ephemeral ones included.

        Args:
            user: who.
            channel: where the message stands; None for the user's open modal (as `press_in_modal`).
            ts: the message.
            action_id: of the element.
            value: which button, where several have that action_id: the one with this value.
            selected: what is chosen in a menu: an option's value or text, a person, a channel, a date; a list in a
                menu for several.
            block_id: which block, where several have that action_id.

        Raises SandboxError when the user sees no such element, or it has no such option.
        """
        if channel is None or ts is None:
            return self.press_in_modal(user, action_id, value=value, selected=selected, block_id=block_id)
        with self._acting() as workspace:
            person, place = workspace.person(user), workspace.channel(channel)
            source = self._seen(person, place, ts)
            block, element = _find(_blocks_of(source), action_id, value=value, block_id=block_id)
            action = self._action(block, element, selected)
            payload = self._message_payload(person, place, source) | {"actions": [action]}
        ack = self._send("interactive", payload)
        return Answer(ack.acked, ack.payload)

    def press_in_modal(
        self,
        user: str,
        action_id: str,
        *,
        value: str | None = None,
        selected: Any = None,
        block_id: str | None = None,
    ) -> Answer:
        """As `press`, on the user's open modal."""
        with self._acting() as workspace:
            person = workspace.person(user)
            view = self._views.top(person.id)
        return self._press_in(person, view, action_id, value, selected, block_id)

    def press_in_home(
        self,
        user: str,
        action_id: str,
        *,
        value: str | None = None,
        selected: Any = None,
        block_id: str | None = None,
    ) -> Answer:
        """As `press`, on the user's Home tab."""
        with self._acting() as workspace:
            person = workspace.person(user)
            view = self._views.home(person.id)
        return self._press_in(person, view, action_id, value, selected, block_id)

    def _press_in(
        self, person: Person, view: View | None, action_id: str, value: str | None, selected: Any, block_id: str | None
    ) -> Answer:
        if view is None:
            raise SandboxError(f"{person.name} has no such view open")
        with self._acting():
            block, element = _find(view.definition["blocks"], action_id, value=value, block_id=block_id)
            if block["type"] == "input" and not block.get("dispatch_action"):
                raise SandboxError(f"{action_id} is an input without dispatch_action: it sends nothing until submitted")
            action = self._action(block, element, selected)
            if element["type"] not in {"button", "overflow"}:
                view.state.setdefault(block["block_id"], {})[action_id] = filled(self._workspace, element, selected)
            payload = self._payload("block_actions", person, view_id=view.id) | {
                "container": {"type": "view", "view_id": view.id},
                "view": self._views.to_json(view),
                "actions": [action],
            }
        ack = self._send("interactive", payload)
        return Answer(ack.acked, ack.payload)

    def _seen(self, person: Person, place: Channel, ts: str) -> Message | Ephemeral:
        for shown in self._workspace.ephemerals:
            if shown.ts == ts and shown.user == person.id and shown.channel == place.id and not shown.deleted:
                return shown
        if person.id not in place.members and place.is_private:
            raise SandboxError(f"{person.name} does not see #{place.name}")
        return self._message(place, ts)

    def _action(self, block: Json, element: Json, selected: Any) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._workspace.next_ts(),
        }
        if element["type"] == "button":
            return action | {k: element[k] for k in ("text", "value", "style", "url") if k in element}
        if selected is None:
            raise SandboxError(f"{element['action_id']} is a {element['type']}: say what is selected")
        if element["type"] == "overflow":
            option = filled(self._workspace, {**element, "type": "static_select"}, selected)["selected_option"]
            return action | {"selected_option": option}
        return action | filled(self._workspace, element, selected)

    def _message_payload(self, person: Person, place: Channel, source: Message | Ephemeral) -> Json:
        ephemeral = isinstance(source, Ephemeral)
        container = {
            "type": "message",
            "message_ts": source.ts,
            "channel_id": place.id,
            "is_ephemeral": ephemeral,
        }
        if source.thread_ts:
            container["thread_ts"] = source.thread_ts
        payload = self._payload("block_actions", person) | {
            "container": container,
            "channel": _channel_brief(place),
            "state": {"values": initial_state({"blocks": _blocks_of(source)}, {})},
            "response_url": self._response_urls.issue(
                person.id, place.id, source=source.ts, ephemeral=ephemeral, thread_ts=source.thread_ts
            ),
        }
        if isinstance(source, Message):
            payload["message"] = message_json(self._workspace, place, source)
        return payload

    # Shortcuts

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Answer:
        """Chooses one of the app's shortcuts from a message's menu."""
        with self._acting() as workspace:
            person, place = workspace.person(user), workspace.channel(channel)
            if person.id not in place.members:
                raise SandboxError(f"{person.name} is not in #{place.name}: join or invite first")
            message = self._message(place, ts)
            payload = self._payload("message_action", person) | {
                "callback_id": callback_id,
                "action_ts": workspace.next_ts(),
                "channel": _channel_brief(place),
                "message_ts": ts,
                "message": message_json(workspace, place, message),
                "response_url": self._response_urls.issue(person.id, place.id),
            }
        ack = self._send("interactive", payload)
        return Answer(ack.acked, ack.payload)

    def global_shortcut(self, user: str, callback_id: str) -> Answer:
        """Chooses one of the app's shortcuts from the lightning menu or the search."""
        with self._acting() as workspace:
            person = workspace.person(user)
            payload = self._payload("shortcut", person)
            payload |= {"callback_id": callback_id, "action_ts": workspace.next_ts()}
        ack = self._send("interactive", payload)
        return Answer(ack.acked, ack.payload)

    # The Home tab

    def open_home(self, user: str, *, tab: str = "home") -> None:
        """Opens the app's Home tab (or its ``messages`` tab)."""
        with self._acting() as workspace:
            person = workspace.person(user)
            event: Json = {
                "type": "app_home_opened",
                "user": person.id,
                "channel": workspace.direct(person.id).id,
                "tab": tab,
                "event_ts": workspace.next_ts(),
            }
            view = self._views.home(person.id)
            if view is not None and tab == "home":
                event["view"] = self._views.to_json(view)
            workspace.announce(event)


def _channel_brief(place: Channel) -> Json:
    names = {ChannelKind.PUBLIC: place.name, ChannelKind.PRIVATE: "privategroup"}
    return {"id": place.id, "name": names.get(place.kind, "directmessage")}


def _blocks_of(source: Message | Ephemeral) -> list[Json]:
    inner = [b for a in source.attachments for b in a.get("blocks") or []]
    return [
        {**block, "block_id": block.get("block_id") or f"block-{number}"}
        for number, block in enumerate([*source.blocks, *inner])
    ]


def _find(blocks: list[Json], action_id: str, *, value: str | None, block_id: str | None) -> tuple[Json, Json]:
    seen: list[str] = []
    for block, element in _all_elements(blocks):
        seen.append(str(element.get("action_id")))
        right_place = block_id is None or block["block_id"] == block_id
        right_value = value is None or element.get("value") == value
        if element.get("action_id") == action_id and right_place and right_value:
            return block, element
    offered = ", ".join(seen) or "nothing to use"
    which = f"{action_id} with value {value}" if value is not None else action_id
    raise SandboxError(f"there is no {which} here; there is {offered}")


def _all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in rules.elements_of(block):
            yield block, element
