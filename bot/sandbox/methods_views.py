"""Web API: modals and the Home tab."""

from bot.sandbox import rules
from bot.sandbox.calls import Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json
from bot.sandbox.views import View


def _definition(call: Call) -> Json:
    view = call.args.data("view", "invalid_arguments")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    return view


def _shown(call: Call, view: View) -> Json:
    return {"view": call.views.to_json(view)}


def _open(call: Call) -> Json:
    definition = _definition(call)
    rules.check_view(definition)
    trigger = call.triggers.exchange(call.args.text("trigger_id"))
    return _shown(call, call.views.open(trigger.user, definition))


def _push(call: Call) -> Json:
    definition = _definition(call)
    rules.check_view(definition)
    trigger = call.triggers.exchange(call.args.text("trigger_id"))
    if call.views.top(trigger.user) is None or trigger.view_id is None:
        raise SlackError("not_found")
    return _shown(call, call.views.push(trigger.user, definition))


def _update(call: Call) -> Json:
    definition = _definition(call)
    view = call.views.find(view_id=call.args.text("view_id") or None, external_id=call.args.text("external_id") or None)
    expected = call.args.text("hash")
    if expected and expected != view.hash:
        raise SlackError("hash_conflict")
    return _shown(call, call.views.update(view, definition))


def _publish(call: Call) -> Json:
    definition = _definition(call)
    user = call.args.text("user_id")
    if user not in call.workspace.people:
        raise SlackError("invalid_arguments")
    return _shown(call, call.views.publish(user, definition, call.args.text("hash") or None))


METHODS: dict[str, Method] = {
    "views.open": _open,
    "views.push": _push,
    "views.update": _update,
    "views.publish": _publish,
}
