"""Modals and Home tabs: which view each person sees, and what they have filled in."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import rules
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace

STACK_LIMIT = 3


@dataclass
class View:
    """A view that somebody sees.

    Attributes:
        state: what is filled in, by block_id and action_id, in the shape of ``state.values``.
    """

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """The app's own id for it; empty when it has none."""
        return str(self.definition.get("external_id") or "")


class Views:
    """All views that are open, a stack of modals a person, and their Home tabs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        """The modal that a person sees now."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """The Home tab that was published for a person."""
        return self._homes.get(user)

    def open(self, user: str, definition: Json) -> View:
        """Opens a modal, in place of what was open."""
        view = self._new(user, definition, stack=[])
        self._stacks[user] = [view]
        return view

    def push(self, user: str, definition: Json) -> View:
        """Puts a modal on top of the open one; raises SlackError ``push_limit_reached``."""
        stack = self._stacks.setdefault(user, [])
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view = self._new(user, definition, stack=stack)
        stack.append(view)
        return view

    def update(self, view: View, definition: Json) -> View:
        """Puts another definition in place of a view's; what was filled in stays where the fields are the same."""
        rules.check_view(definition, kinds=(view.definition["type"],))
        self._check_external_id(definition, besides=view)
        view.definition = self._complete(definition)
        view.hash = self._new_hash()
        view.state = initial_state(view.definition, view.state)
        return view

    def publish(self, user: str, definition: Json, expected_hash: str | None) -> View:
        """Shows a Home tab; raises SlackError ``hash_conflict`` when it has changed since."""
        rules.check_view(definition, kinds=("home",))
        present = self._homes.get(user)
        if expected_hash and present is not None and present.hash != expected_hash:
            raise SlackError("hash_conflict")
        if present is not None:
            return self.update(present, definition)
        view = View(self._workspace.new_id("V"), user, self._complete(definition), self._new_hash(), "", None)
        view.root_id = view.id
        view.state = initial_state(view.definition, {})
        self._homes[user] = view
        return view

    def find(self, *, view_id: str | None, external_id: str | None) -> View:
        """An open view by either id; raises SlackError ``not_found``."""
        for view in self._all():
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise SlackError("not_found")

    def close(self, user: str, *, everything: bool = False) -> list[View]:
        """Closes a person's top modal, or all of them; those that were closed, topmost first."""
        stack = self._stacks.get(user, [])
        count = len(stack) if everything else min(1, len(stack))
        return [stack.pop() for _ in range(count)]

    def to_json(self, view: View) -> Json:
        """The view as methods return it and payloads carry it."""
        shown = {
            "id": view.id,
            "team_id": self._workspace.team_id,
            "state": {"values": view.state},
            "hash": view.hash,
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
            "app_id": self._workspace.app_id,
            "app_installed_team_id": self._workspace.team_id,
            "bot_id": self._workspace.bot_id,
        }
        return {**_DEFAULTS, **view.definition, **shown}

    def _all(self) -> list[View]:
        return [*self._homes.values(), *(v for stack in self._stacks.values() for v in stack)]

    def _new(self, user: str, definition: Json, *, stack: list[View]) -> View:
        rules.check_view(definition)
        self._check_external_id(definition)
        view_id = self._workspace.new_id("V")
        root = stack[0].id if stack else view_id
        previous = stack[-1].id if stack else None
        complete = self._complete(definition)
        return View(view_id, user, complete, self._new_hash(), root, previous, initial_state(complete, {}))

    def _check_external_id(self, definition: Json, besides: View | None = None) -> None:
        wanted = definition.get("external_id")
        if wanted and any(v.external_id == wanted for v in self._all() if v is not besides):
            raise SlackError("duplicate_external_id")

    def _complete(self, definition: Json) -> Json:
        new_id = self._workspace.new_id
        blocks = [{**b, "block_id": b.get("block_id") or new_id("b")} for b in definition["blocks"]]
        for block in blocks:
            if isinstance(block.get("element"), dict):
                block["element"] = {**block["element"], "action_id": block["element"].get("action_id") or new_id("a")}
        return {**definition, "blocks": blocks}

    def _new_hash(self) -> str:
        return f"{self._workspace.next_ts()}.hash"


_DEFAULTS: Json = {
    "callback_id": "",
    "private_metadata": "",
    "title": None,
    "close": None,
    "submit": None,
    "clear_on_close": False,
    "notify_on_close": False,
    "external_id": "",
}

_STATE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "number_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_INITIAL_KEYS = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
_LISTS = frozenset({"selected_options", "selected_users", "selected_conversations", "selected_channels"})


def state_key(element: Json) -> str | None:
    """Under which key an element's value stands in ``state.values``; None for one without, such as a button."""
    return _STATE_KEYS.get(element["type"])


def initial_state(definition: Json, kept: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """What a view's fields hold before anyone types: their initial values, or what was filled in before."""
    state: dict[str, dict[str, Json]] = {}
    for block in definition["blocks"]:
        for element in rules.elements_of(block):
            key = state_key(element)
            if key is None or not element.get("action_id"):
                continue
            before = kept.get(block["block_id"], {}).get(element["action_id"])
            value = before if before and before["type"] == element["type"] else _initial_value(element, key)
            state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def _initial_value(element: Json, key: str) -> Json:
    empty: Any = [] if key in _LISTS else None
    value = element.get(_INITIAL_KEYS[key], empty)
    return {"type": element["type"], key: value}
