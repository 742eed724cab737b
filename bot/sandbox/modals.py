"""People who fill in, submit and close the app's modals."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox import rules
from bot.sandbox.answers import Answer, SubmissionAnswer
from bot.sandbox.driver import Driver
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.filling import filled, is_empty
from bot.sandbox.records import Json, Person
from bot.sandbox.views import View


class Modals(Driver):
    """What people do with a modal that is open. Users are given by id or by name."""

    def fill(self, user: str, values: Mapping[str, Any]) -> None:
        """Fills fields of the open modal without submitting it; ``values`` as for `submit`."""
        with self._acting() as workspace:
            view = self._open_view(workspace.person(user), None)
            self._fill(view, values)

    def submit(
        self, user: str, view: Json | str | None = None, values: Mapping[str, Any] | None = None
    ) -> SubmissionAnswer:
        """Fills the open modal and submits it.

        Args:
            user: whose modal.
            view: the view, its id or its callback_id that must be the one open; None for whichever is.
            values: by block_id: a text, an option's value or text, a person, a channel, a date, a list of those, or
                None to empty the field; fields that are not named keep what they hold. In a block with several
                elements, a dict by action_id.

        Raises SandboxError when no such modal is open, or for what a client would not send: a required field left
        empty, a choice that is not offered.
        """
        with self._acting() as workspace:
            person = workspace.person(user)
            shown = self._open_view(person, view)
            self._fill(shown, values or {})
            self._check_required(shown)
            payload = self._payload("view_submission", person, view_id=shown.id) | {
                "view": self._views.to_json(shown),
                "response_urls": [],
            }
        ack = self._send("interactive", payload, lambda answer: self._after_submission(shown, answer))
        answer: SubmissionAnswer = ack.effect if ack.acked else SubmissionAnswer(acked=False)
        return answer

    def close_modal(self, user: str, *, everything: bool = False) -> Answer:
        """Closes the open modal (or the whole stack); the app hears of it when it asked to (``notify_on_close``)."""
        with self._acting() as workspace:
            person = workspace.person(user)
            self._open_view(person, None)
            closed = self._views.close(person.id, everything=everything)
            payloads = [
                self._payload("view_closed", person) | {"view": self._views.to_json(v), "is_cleared": everything}
                for v in closed
                if v.definition.get("notify_on_close")
            ]
        acks = [self._send("interactive", payload) for payload in payloads]
        return Answer(all(a.acked for a in acks))

    def _open_view(self, person: Person, wanted: Json | str | None) -> View:
        view = self._views.top(person.id)
        if view is None:
            raise SandboxError(f"{person.name} has no modal open")
        named = wanted.get("id") if isinstance(wanted, dict) else wanted
        if named is not None and named not in {view.id, view.definition.get("callback_id")}:
            raise SandboxError(f"{person.name} sees {view.definition.get('callback_id')!r}, not {named!r}")
        return view

    def _fill(self, view: View, values: Mapping[str, Any]) -> None:
        blocks = {b["block_id"]: b for b in view.definition["blocks"]}
        for block_id, given in values.items():
            elements = [e for e in rules.elements_of(blocks.get(block_id, {})) if e["type"] != "button"]
            if not elements:
                fields = ", ".join(b for b in view.state)
                raise SandboxError(f"the modal has no field {block_id!r}; it has {fields}")
            for element, value in _pairs(elements, given):
                view.state[block_id][element["action_id"]] = filled(self._workspace, element, value)

    def _check_required(self, view: View) -> None:
        for block in view.definition["blocks"]:
            if block["type"] != "input" or block.get("optional"):
                continue
            if is_empty(view.state[block["block_id"]][block["element"]["action_id"]]):
                raise SandboxError(f"the field {block['block_id']!r} is required: a client would not send this")

    def _after_submission(self, view: View, answer: Json) -> SubmissionAnswer:
        """Does to the modal what the acknowledgement says."""
        action = str(answer.get("response_action") or "close")
        if action == "errors":
            return self._field_errors(view, answer)
        with self._acting():
            try:
                self._change_stack(view, action, answer.get("view") or {})
            except SlackError as refused:
                return SubmissionAnswer(acked=True, problem=f"{refused.code}: {refused.fields}", raw=answer)
        return SubmissionAnswer(acked=True, action=action, raw=answer)

    def _change_stack(self, view: View, action: str, definition: Json) -> None:
        if action in {"close", "clear"}:
            self._views.close(view.user, everything=action == "clear")
        elif action == "update":
            self._views.update(view, definition)
        elif action == "push":
            self._views.push(view.user, definition)
        else:
            raise SlackError("unknown_response_action", action=action)

    def _field_errors(self, view: View, answer: Json) -> SubmissionAnswer:
        errors = answer.get("errors") or {}
        fields = {b["block_id"] for b in view.definition["blocks"] if b["type"] == "input"}
        strangers = sorted(set(errors) - fields)
        if strangers or not errors:
            named = ", ".join(strangers) or "none"
            return SubmissionAnswer(acked=True, problem=f"errors name no input block: {named}", raw=answer)
        return SubmissionAnswer(acked=True, action="errors", errors=dict(errors), raw=answer)


def _pairs(elements: list[Json], given: Any) -> Iterator[tuple[Json, Any]]:
    if not isinstance(given, dict) or "value" in given:
        yield elements[0], given
        return
    by_id = {e["action_id"]: e for e in elements}
    for action_id, value in given.items():
        if action_id not in by_id:
            raise SandboxError(f"there is no {action_id} in this block; there is {', '.join(by_id)}")
        yield by_id[action_id], value
