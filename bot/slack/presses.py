"""Buttons and menus: carried out and committed before the ack; what there is to say follows through response_url."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.actions import ActionStatus
from bot.domain.incident import Role, Status
from bot.domain.milestones import Milestone
from bot.domain.postmortem.audiences import Audience
from bot.domain.rights import Right
from bot.domain.tasks import TaskMove
from bot.domain.timeline import Mark
from bot.services import (
    actions,
    adopting,
    changes,
    customers,
    draft,
    entries,
    followups,
    handover,
    publish,
    reminders,
    status,
    suggesting,
    tasks,
    timeline,
    undoing,
    updates,
)
from bot.services.answering import answer_later
from bot.services.ports import OutsideError
from bot.services.requests import Request, addressed, look
from bot.services.showing import Shown, show_later
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack import asking
from bot.slack.blocks import (
    adoption,
    answers,
    followup,
    home,
    incident,
    leading_modals,
    modals,
    reminder,
    update_modals,
)
from bot.slack.blocks import draft as draft_blocks
from bot.slack.blocks import handover as handover_blocks
from bot.slack.blocks import tasks as task_blocks
from bot.slack.blocks import timeline as timeline_blocks
from bot.slack.blocks.forms import Form
from bot.slack.calls import call
from bot.slack.carrying import Carried
from bot.slack.commands import with_form
from bot.slack.door import answered, press_request
from bot.slack.forms.showing import from_timeline

log = structlog.get_logger()

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


def _in_very_row(request: Request, value: str) -> Request:
    """Return the request where a number or a revision of that incident goes with its row."""
    return replace(_in_row(request, value), is_exact=True)


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
    return draft.ask_for_draft(world, _in_row(request, value), Audience.INTERNAL)


def _preview(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return publish.preview(world, _in_row(request, value))


def _publish(world: World, request: Request, value: str, _action_id: str) -> Carried:
    revision = int(value.partition(":")[2])
    return publish.publish(world, _in_very_row(request, value), revision)


def _approve_customer(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return customers.approve(world, _in_very_row(request, value), int(value.partition(":")[2]))


def _publish_customer(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return customers.publish(world, _in_very_row(request, value), int(value.partition(":")[2]))


def _undo(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return undoing.take_back(world, request, int(value))


def _take_in(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return adopting.decide(world, request, value, takes_in=True)


def _from_now(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return adopting.decide(world, request, value, takes_in=False)


def _not_here(world: World, request: Request, value: str, _action_id: str) -> Carried:
    return adopting.cancel(world, request, value)


def _edit_entry(world: World, request: Request, value: str, _action_id: str) -> Carried | None:
    row, reference, verb, how_much = value.split(":")
    in_row, is_whole = _in_row(request, row), how_much == timeline_blocks.WHOLE
    match verb:
        case timeline_blocks.EDIT | timeline_blocks.RETIME:
            return asking.ask_entry(world, in_row, reference, **from_timeline(request, is_whole=is_whole))
        case timeline_blocks.KEEP_OUT:
            said = entries.keep_out(world, in_row, reference)
        case timeline_blocks.REMOVE:
            said = entries.remove(world, in_row, reference)
        case _:
            said = entries.set_key(world, in_row, reference, is_key=verb == timeline_blocks.KEY)
    timeline.show_later(world, in_row, is_whole=is_whole, said=said, replaces=True)
    return None


def _undo_in_timeline(world: World, request: Request, value: str, _action_id: str) -> None:
    row, key, how_much = value.split(":")
    said = undoing.take_back(world, request, int(key))
    is_whole = how_much == timeline_blocks.WHOLE
    timeline.show_later(world, _in_row(request, row), is_whole=is_whole, said=said, replaces=True)


def _add_proposed(world: World, request: Request, value: str, _action_id: str) -> Carried:
    row, mark, ts, how_much = value.split(":")
    more = from_timeline(request, is_whole=how_much == timeline_blocks.WHOLE)
    return asking.ask_proposed(world, _in_row(request, row), Mark(mark), ts, **more)


def _decide_suggestion(world: World, request: Request, value: str, _action_id: str) -> None:
    row, reference, verb, how_much = value.split(":")
    in_row = _in_row(request, row)
    decide = suggesting.accept if verb == timeline_blocks.ADD else suggesting.decline
    said = decide(world, in_row, reference)
    timeline.show_later(world, in_row, is_whole=how_much == timeline_blocks.WHOLE, said=said, replaces=True)


def _add_all_suggestions(world: World, request: Request, value: str, _action_id: str) -> None:
    row, until, how_much = value.split(":")
    in_row = _in_row(request, row)
    said = suggesting.accept_all(world, in_row, until)
    timeline.show_later(world, in_row, is_whole=how_much == timeline_blocks.WHOLE, said=said, replaces=True)


def _set_proposed_milestone(world: World, request: Request, value: str, _action_id: str) -> None:
    row, name, how_much = value.split(":")
    in_row = _in_row(request, row)
    said = suggesting.accept_milestone(world, in_row, Milestone(name))
    timeline.show_later(world, in_row, is_whole=how_much == timeline_blocks.WHOLE, said=said, replaces=True)


def _act(world: World, request: Request, value: str, _action_id: str) -> Carried:
    row, number, new_status = value.split(":")
    if ActionStatus(new_status) is not ActionStatus.DROPPED:
        return actions.move_action(world, _in_very_row(request, row), int(number), ActionStatus(new_status))
    asked = look(world, _in_very_row(request, row), Right.MOVE_ACTION)
    item = actions.find(world, asked, int(number))
    metadata = asking.metadata_of(asked, request, {"number": int(number)})
    return Form(modals.drop_action(text=item.text, metadata=metadata))


def _came_back(world: World, request: Request, value: str, action_id: str) -> Carried:
    slot, came_back = value.partition(":")[2], action_id == followup.CAME_BACK
    return followups.answer_recurrence(world, _in_very_row(request, value), slot, came_back=came_back)


def _task(world: World, request: Request, value: str, _action_id: str) -> Carried | None:
    row, number, move = value.split(":")
    in_row = _in_very_row(request, row)
    if TaskMove(move) is TaskMove.GIVE:
        asked = look(world, in_row, Right.STATE)
        task = tasks.find(world, request, asked, int(number))
        more = {"number": int(number), "response_url": request.response_url}
        view = leading_modals.give_task(text=task.text, metadata=asking.metadata_of(asked, request, more))
        return Form(view, instead=f"{addressed(world, request, asked)} tasks give {number} @name")
    said = tasks.move_task(world, in_row, int(number), TaskMove(move))
    show_later(world, in_row, Shown.TASKS, said=said, replaces=True)
    return None


def _undo_task(world: World, request: Request, value: str, _action_id: str) -> None:
    said = undoing.take_back(world, request, int(value.partition(":")[2]))
    show_later(world, _in_row(request, value), Shown.TASKS, said=said, replaces=True)


def _answer_handover(world: World, request: Request, value: str, action_id: str) -> Carried:
    ask = {
        handover_blocks.ACCEPT: handover.accept,
        handover_blocks.DECLINE: handover.decline,
        handover_blocks.WITHDRAW: handover.withdraw,
    }[action_id]
    return ask(world, _in_very_row(request, value), int(value.partition(":")[2]))


def _catch_up(world: World, request: Request, value: str, _action_id: str) -> None:
    show_later(world, _in_row(request, value), Shown.CATCH_UP)


def _update(world: World, request: Request, value: str, _action_id: str) -> Carried:
    in_row = _in_row(request, value)
    known = updates.before_sending(world, in_row)
    metadata = asking.metadata_of(known.incident, request, {})
    view = update_modals.send_update(known.incident, known.last, place=known.place, metadata=metadata)
    return Form(view, instead=f"{addressed(world, request, known.incident)} update Payments are back next 30m")


def _snooze(world: World, request: Request, value: str, _action_id: str) -> Carried:
    length = timedelta(seconds=int(value.partition(":")[2]))
    return reminders.snooze(world, _in_row(request, value), length)


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
    answers.APPROVE_CUSTOMER: Press(_approve_customer, replaces=True),
    answers.PUBLISH_CUSTOMER: Press(_publish_customer, replaces=True),
    answers.UNDO: Press(_undo, replaces=True),
    adoption.TAKE_IN: Press(_take_in, replaces=True),
    adoption.FROM_NOW: Press(_from_now, replaces=True),
    adoption.CANCEL: Press(_not_here, replaces=True),
    timeline_blocks.ENTRY_MENU: Press(_edit_entry),
    timeline_blocks.UNDO: Press(_undo_in_timeline),
    timeline_blocks.PROPOSAL: Press(_add_proposed),
    timeline_blocks.SUGGESTION: Press(_decide_suggestion),
    timeline_blocks.ADD_ALL: Press(_add_all_suggestions),
    timeline_blocks.MILESTONE_PROPOSAL: Press(_set_proposed_milestone),
    # The menu goes with the action that is done: Undo is the way back, and “Still open” shows nothing else.
    re.compile(rf"{re.escape(followup.ACTION_MENU)}\.\d+"): Press(_act),
    # The follow-up shows that it came back, the answer what to do if it is happening now.
    followup.CAME_BACK: Press(_came_back),
    followup.NOT_BACK: Press(_came_back, is_silent=True),
    re.compile(rf"{re.escape(task_blocks.MENU)}\.\d+"): Press(_task),
    task_blocks.UNDO: Press(_undo_task),
    handover_blocks.ACCEPT: Press(_answer_handover, is_silent=True),
    handover_blocks.DECLINE: Press(_answer_handover, is_silent=True),
    handover_blocks.WITHDRAW: Press(_answer_handover, is_silent=True),
    incident.CATCH_UP: Press(_catch_up, is_silent=True),
    reminder.UPDATE: Press(_update),
    reminder.SNOOZE: Press(_snooze, is_silent=True),
    home.DECLARE: Press(_declare),
    home.DRAFT: Press(_draft, is_silent=True),
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

        shown = with_form(client, str(body.get("trigger_id", "")), answered(run))
        if shown is not None and shown is not nothing_to_say:
            if request.response_url is not None:
                answer_later(world, request, shown, replaces=press.replaces)
            elif not _shown_in_modal(client, body, shown):
                # The Home tab has no place for words: where the ack stays out, Slack itself says that it failed.
                return
        ack()

    return listener


def _shown_in_modal(client: WebClient, body: Payload, shown: AnswerView) -> bool:
    """Let the modal in which something was pressed say what came of it. Return False where there is no modal."""
    view = body.get("view") or {}
    if view.get("type") != "modal":
        return False
    try:
        call(client.views_update, view_id=view["id"], view=modals.done(view["title"]["text"], shown.text))
    except OutsideError as error:
        log.warning("modal not brought up to date", error=str(error))
    return True
