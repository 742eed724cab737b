"""The player: does in the stand-in what each step of the story says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo import readable
from bot.demo.errors import DemoError
from bot.demo.stage import Stage
from bot.demo.story import LINK, Act, Step, Story
from bot.domain.messages import permalink

ADD_TO_TIMELINE = "add_to_timeline"
_REFUSAL = "\nYou typed: "


@dataclass
class Player:
    """Plays the steps of a story on a stage. `named` holds where the messages with a name stand."""

    stage: Stage
    story: Story
    named: dict[str, tuple[str, str]] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        """Do one step. Raises SandboxError for what nobody could do, DemoError for what went otherwise than told."""
        self._put_away(step)
        match step.act:
            case Act.SAY | Act.ALERT | Act.REPLY:
                self._write(step)
            case Act.EDIT | Act.DELETE | Act.REACT | Act.UNREACT:
                self._handle(step)
            case Act.JOIN:
                self._people.join(step.who, self._place(step))
            case Act.COMMAND:
                self._command(step)
            case Act.PRESS | Act.CHOOSE:
                self._press(step)
            case Act.SUBMIT:
                self._submit(step)
            case Act.SHORTCUT:
                answer = self._people.message_shortcut(step.who, *self._named(step), ADD_TO_TIMELINE)
                _expect(answer.acked, "the shortcut was not acknowledged")
            case Act.WAIT:
                pass  # The clock has moved, and that is all.

    @property
    def _people(self) -> Any:
        return self.stage.sandbox.people

    def _place(self, step: Step) -> str:
        """Return where a step happens: where it says, else the incident's channel."""
        return step.place or self.incident_channel()

    def incident_channel(self) -> str:
        """Return the id of the incident's channel. Raises DemoError before there is one."""
        found = [channel.id for channel in self.stage.sandbox.screen.channels() if channel.name.startswith("inc-")]
        _expect(bool(found), "there is no incident's channel yet")
        return found[0]

    def _write(self, step: Step) -> None:
        place = self._place(step)
        if step.act is Act.ALERT:
            titles = (detail.partition(": ") for detail in step.details)
            fields = [{"title": title, "value": value, "short": True} for title, _, value in titles]
            attachment = {"title": step.text, "fallback": step.text, "fields": fields}
            ts = self._people.alert(self.story.alerts_from, place, "", [attachment])
        else:
            thread = self._named(step)[1] if step.act is Act.REPLY else None
            ts = self._people.say(step.who, place, self._people.typed(step.text), thread=thread)
        if step.name:
            self.named[step.name] = (place, ts)

    def _handle(self, step: Step) -> None:
        place, ts = self._named(step)
        match step.act:
            case Act.EDIT:
                self._people.edit(step.who, place, ts, self._people.typed(step.text))
            case Act.DELETE:
                self._people.delete(step.who, place, ts)
            case Act.REACT:
                self._people.react(step.who, place, ts, step.text)
            case _:
                self._people.unreact(step.who, place, ts, step.text)

    def _command(self, step: Step) -> None:
        command, _, text = step.text.partition(" ")
        answer = self._people.command(step.who, self._place(step), command, text)
        _expect(answer.acked, "the command was not acknowledged")
        _expect(answer.problem is None, f"Slack would not show the answer: {answer.problem}")
        _expect(bool(answer.text or self._form(step.who)), "the command was neither answered nor did it open a form")
        was_refused = _REFUSAL in (answer.text or "")
        _expect(was_refused == step.is_refused, f"the answer was: {' '.join((answer.text or '').split())}")

    def _press(self, step: Step) -> None:
        place, ts = self._named(step)
        if step.beside:
            number, menu = self._menu(step, place, ts)
            answer = self._people.press(step.who, place, ts, menu, selected=step.text, block_id=number)
        elif step.act is Act.CHOOSE:
            answer = self._people.press(step.who, place, ts, f"followup.action.{step.item}", selected=step.text)
        else:
            button = self._button(step, place, ts)
            answer = self._people.press(step.who, place, ts, button["action_id"], value=button.get("value"))
        _expect(answer.acked, "the press was not acknowledged")

    def _blocks(self, step: Step, place: str, ts: str) -> list[dict[str, Any]]:
        screen = self.stage.sandbox.screen
        shown = [one for one in screen.ephemerals(step.who, place) if one["ts"] == ts] or [screen.message(place, ts)]
        blocks: list[dict[str, Any]] = shown[0].get("blocks", [])
        return blocks

    def _menu(self, step: Step, place: str, ts: str) -> tuple[str, str]:
        """Return the block and the action of the menu beside some words."""
        for number, block in enumerate(self._blocks(step, place, ts)):
            if "accessory" in block and step.beside in block.get("text", {}).get("text", ""):
                return block.get("block_id") or f"block-{number}", block["accessory"]["action_id"]
        raise DemoError(f"there is no menu beside “{step.beside}”")

    def _button(self, step: Step, place: str, ts: str) -> dict[str, Any]:
        elements = [element for block in self._blocks(step, place, ts) for element in block.get("elements", [])]
        found = [element for element in elements if readable.is_button(element, step.text)]
        _expect(bool(found), f"there is no button “{step.text}”")
        button: dict[str, Any] = found[0]
        return button

    def _form(self, who: str) -> Mapping[str, Any] | None:
        """Return the modal that somebody has open, None for none."""
        form: Mapping[str, Any] | None = self.stage.sandbox.screen.modal(who)
        return form

    def _put_away(self, step: Step) -> None:
        """Close what a form has turned into, once it was read. Raises DemoError for a form that waits to be sent in."""
        form = self._form(step.who) if step.who and step.act is not Act.SUBMIT else None
        if form:
            title = form["title"]["text"]
            _expect(not readable.is_form(form), f"the form “{title}” is still open")
            self._people.close_modal(step.who)

    def _submit(self, step: Step) -> None:
        form = self._form(step.who)
        _expect(bool(form and form["title"]["text"] == step.form), f"the form “{step.form}” is not open")
        values = dict(self._filled(form or {}, label, value) for label, value in step.fields)
        answer = self._people.submit(step.who, values=values)
        problem = answer.problem or answer.errors
        _expect(answer.acked and not problem, f"the form was not taken: {problem}")

    def _filled(self, form: Mapping[str, Any], label: str, value: str) -> tuple[str, Any]:
        """Return the id of the field with this label, and what somebody puts into it who is told this value."""
        found = [block for block in form["blocks"] if block["type"] == "input" and block["label"]["text"] == label]
        _expect(bool(found), f"the form has no field “{label}”")
        block_id, element = str(found[0]["block_id"]), found[0]["element"]
        if "options" in element:
            # Long options are cut, so the beginning of one will do.
            options = [one["value"] for one in element["options"] if one["text"]["text"].startswith(value)]
            _expect(len(options) == 1, f"“{label}” offers “{value}” {len(options)} times")
            return block_id, options if element["type"] == "checkboxes" else options[0]
        if element["type"] == "users_select":
            return block_id, value.removeprefix("@")
        return block_id, LINK.sub(self._link, value)

    def _link(self, match: re.Match[str]) -> str:
        """Return the address of a message as “Copy link” gives it."""
        place, ts = self.named[match[1]]
        thread = self.stage.sandbox.screen.message(place, ts).get("thread_ts")
        return str(permalink(f"https://{self.stage.sandbox.workspace.domain}.slack.com/", place, ts, thread))

    def _named(self, step: Step) -> tuple[str, str]:
        """Return the channel and ts of the message that a step points at."""
        if step.on in self.named:
            return self.named[step.on]
        if step.on == "answer":
            place = self._place(step)
            answers = [one["ts"] for one in self.stage.sandbox.screen.ephemerals(step.who, place)]
        else:
            place = self.incident_channel()
            answers = self._own_messages(step.on, place)
        _expect(bool(answers), f"there is no “{step.on}” yet")
        return place, answers[-1]

    def _own_messages(self, name: str, place: str) -> list[str]:
        """Return the ts of what the application posted under a purpose, such as `header` or `follow-up-30`."""
        prefix = {"summary": "draft-summary:"}.get(name, f"{name}:")
        ending = ""
        if name.startswith("follow-up-"):
            prefix, ending = "follow-up:", f":{name.removeprefix('follow-up-')}d"
        found = []
        for message in self.stage.sandbox.screen.from_bot(place):
            key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
            if key.startswith(prefix) and key.endswith(ending):
                found.append(str(message["ts"]))
        return found


def _expect(is_so: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as the assertion that it is
    if not is_so:
        raise DemoError(otherwise)
