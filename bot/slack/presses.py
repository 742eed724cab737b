"""Buttons and menus: carried out and committed before the ack; what there is to say follows through response_url."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.actions import ActionStatus
from bot.domain.incident import Role, Status
from bot.services import actions, changes, draft, followups, publish, status, timeline, undoing
from bot.services.answering import answer_later
from bot.services.requests import Request, look
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack.blocks import answers, followup, home, incident, modals
from bot.slack.blocks import draft as draft_blocks
from bot.slack.blocks import timeline as timeline_blocks
from bot.slack.carrying import Carried, Form
from bot.slack.commands import with_form
from bot.slack.door import answered, press_request

Payload = dict[str, Any]
Run = Callable[[World, Request, str, str], Carried | None]


@dataclass(frozen=True, slots=True)
class Press:
    """What a button does: `run` gets the world, the request, the button's value and its action id.

    `is_silent` says that the channel shows the effect, so only refusals are answered; `replaces` that the
    answer takes the place of the message pressed, which only the asker sees.
    """

    run: Run
    is_silent: bool = False
    replaces: bool = False


def _in_row(request: Request, value: str) -> Request:
    return replace(request, row=int(value.partition(":")[0]))


def _move(world: World, request: Request, value: str, action_id: str) -> Carried:
    return status.change_status(world, _in_row(request, value), Status(action_id.rpartition(".")[2]), None, "")


def _take_lead(world: World, request: Request, value: str, _action_id: str) -> Carried:
    in_row = _in_row(request, value)
    return changes.assign_role(world, in_row, Role.LEAD, request.actor.user_id, only_if_free=True)


def _reopen(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return status.reopen(world, _in_row(request, value), None, "")


def _timeline(world: World, request: Request, value: str, _action_id: str) -> None:
    timeline.show_later(world, _in_row(request, value))


def _draft(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return draft.ask_for_draft(world, _in_row(request, value), draft.INTERNAL)


def _preview(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return publish.preview(world, _in_row(request, value), draft.INTERNAL)


def _publish(world: World, request: Request, value: str, _action_id: str) -> Carried:
    revision = int(value.partition(":")[2])
    return publish.publish(world, _in_row(request, value), draft.INTERNAL, revision)


def _undo(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return undoing.take_back(world, request, int(value))


def _curate(world: World, request: Request, value: str, _action_id: str) -> Carried:
    channel_id, ts, *decided = value.split(":")
    if not decided:
        return timeline.keep_out(world, request, channel_id, ts)
    return timeline.mark_key(world, request, channel_id, ts, is_key=decided == [timeline_blocks.KEY])


def _act(world: World, request: Request, value: str, _action_id: str) -> Carried:
    row, number, new_status = value.split(":")
    if ActionStatus(new_status) is not ActionStatus.DROPPED:
        return actions.move_action(world, _in_row(request, row), int(number), ActionStatus(new_status))
    item = actions.find(world, look(world, _in_row(request, row)), int(number))
    metadata = {"row": int(row), "number": int(number)}
    return Form(modals.drop_action(text=item.text, metadata=metadata))


def _came_back(world: World, request: Request, value: str, action_id: str) -> Carried:
    slot = value.partition(":")[2]
    return followups.answer_recurrence(world, _in_row(request, value), slot, came_back=action_id == followup.CAME_BACK)


def _declare(world: World, _request: Request, _value: str, _action_id: str) -> Carried:
    return Form(modals.declare(severity=world.policy.default_severity, metadata={}))


PRESSES: dict[str | re.Pattern[str], Press] = {
    incident.TAKE_LEAD: Press(_take_lead, is_silent=True),
    # Answered although the channel shows it: the answer carries Undo for whoever touched the wrong button.
    re.compile(rf"{re.escape(incident.MOVE)}\.\w+"): Press(_move),
    incident.REOPEN: Press(_reopen),
    incident.TIMELINE: Press(_timeline, is_silent=True),
    incident.DRAFT: Press(_draft),
    draft_blocks.AGAIN: Press(_draft),
    draft_blocks.PUBLISH: Press(_preview),
    answers.PUBLISH: Press(_publish, replaces=True),
    answers.UNDO: Press(_undo, replaces=True),
    timeline_blocks.ENTRY_MENU: Press(_curate),
    # The menu goes with the action that is done: Undo is the way back, and “Still open” shows nothing else.
    re.compile(rf"{re.escape(followup.ACTION_MENU)}\.\d+"): Press(_act),
    # The follow-up shows that it came back, the answer what to do if it is happening now.
    followup.CAME_BACK: Press(_came_back),
    followup.NOT_BACK: Press(_came_back, is_silent=True),
    home.DECLARE: Press(_declare),
}


def register(app: App, world: World) -> None:
    """Register every button and menu; a press on one from an older version is acknowledged and told so."""
    for action_id, press in PRESSES.items():
        app.action(action_id)(_listener(world, press))
    app.action(re.compile(".*"))(_listener(world, Press(_outdated)))


def _outdated(_world: World, _request: Request, _value: str, _action_id: str) -> Carried:
    return AnswerView("That button is from an older version of this message. The commands still do the same.")


def _listener(world: World, press: Press) -> Any:
    def listener(ack: Ack, body: Payload, client: WebClient) -> None:
        action = body["actions"][0]
        value = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
        request = press_request(world, body)
        nothing_to_say = AnswerView("")

        def run() -> Carried:
            carried = press.run(world, request, value, str(action["action_id"]))
            if carried is None or (press.is_silent and isinstance(carried, AnswerView)):
                return nothing_to_say
            return carried

        shown = with_form(world, client, str(body.get("trigger_id", "")), answered(run))
        if shown is not None and shown is not nothing_to_say:
            if request.response_url is None:
                # The Home tab has no place for words: where the ack stays out, Slack itself says that it failed.
                return
            answer_later(world, request, shown, replaces=press.replaces)
        ack()

    return listener
