"""What a person puts into an element, in the shape of payloads; only what a client would let them put there."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import SandboxError
from bot.sandbox.records import Json
from bot.sandbox.rules import options_of
from bot.sandbox.views import state_key
from bot.sandbox.workspace import Workspace


def filled(workspace: Workspace, element: Json, given: Any) -> Json:
    """The element's value for ``state.values`` or an action: its type, and the value under Slack's key for it.

    Args:
        workspace: for the names of people and channels.
        element: the element as the app defined it.
        given: a text, an option's value or text, a person, a channel, a date; a list where several may be chosen;
            None for nothing.

    Raises SandboxError for what a client would not let a person choose or type.
    """
    kind, key = element["type"], state_key(element)
    if key is None:
        raise SandboxError(f"nothing can be filled into a {kind}")
    return {"type": kind, key: _value(workspace, element, key, given)}


def _value(workspace: Workspace, element: Json, key: str, given: Any) -> Any:
    one = _ONE.get(key.removesuffix("s") if key.endswith("s") else key)
    if key.endswith("s"):
        return [one(workspace, element, g) for g in given or []] if one else given
    if given is None:
        return None
    return one(workspace, element, given) if one else given


def _option(_workspace: Workspace, element: Json, given: Any) -> Json:
    wanted = given["value"] if isinstance(given, dict) else given
    if element["type"] in {"external_select", "multi_external_select"}:
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    options = options_of(element)
    for option in options:
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    offered = ", ".join(o["value"] for o in options)
    raise SandboxError(f"{element.get('action_id')} has no option {wanted!r}; it offers {offered}")


def _user(workspace: Workspace, _element: Json, given: Any) -> str:
    return workspace.person(str(given)).id


def _channel(workspace: Workspace, _element: Json, given: Any) -> str:
    return workspace.channel(str(given)).id


def _text(_workspace: Workspace, element: Json, given: Any) -> str | None:
    text = str(given)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if text and not least <= len(text) <= most:
        raise SandboxError(f"{element.get('action_id')} takes {least} to {most} characters, not {len(text)}")
    if element["type"] == "plain_text_input" and not element.get("multiline") and "\n" in text:
        raise SandboxError(f"{element.get('action_id')} takes one line")
    return text or None


_ONE: dict[str, Callable[[Workspace, Json, Any], Any]] = {
    "selected_option": _option,
    "selected_user": _user,
    "selected_channel": _channel,
    "selected_conversation": _channel,
    "value": _text,
}


def is_empty(value: Json) -> bool:
    """Whether nothing was filled in."""
    return all(v in (None, "", []) for k, v in value.items() if k != "type")
