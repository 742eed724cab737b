"""The door between Slack's payloads and the services: reads the asker, carries out, words the answer.

Every command and press ends here in an answer: a refusal in one line with what was typed given back, and for a
defect a plain line with the number under which the log has the details.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.domain.errors import ElsewhereError, UserError
from bot.domain.text import clipped, one_line
from bot.services import people
from bot.services.requests import Request
from bot.services.views import AnswerView, View
from bot.services.world import World
from bot.slack.blocks import modals, rendered
from bot.slack.blocks.forms import Form
from bot.slack.carrying import Carried, carry
from bot.slack.grammar.commands import Context, Parsed
from bot.slack.text import decode

log = structlog.get_logger()

Body = Mapping[str, Any]
Parse = Callable[[str, Context], Parsed]
# More than people type; the answer stays far within Slack's fifty blocks.
_TYPED_LIMIT = 12_000
_EXAMPLE_LIMIT = 200


def request_of(
    world: World,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    key: str,
    response_url: str | None,
    channel_name: str = "",
    row: int | None = None,
) -> Request:
    """Return the request of somebody who asks now."""
    now = world.clock()
    actor, zone = people.actor(world, team_id, user_id, channel_id, now=now)
    return Request(
        actor=actor,
        key=key,
        now=now,
        zone=zone,
        channel_id=channel_id,
        channel_name=channel_name,
        response_url=response_url,
        row=row,
    )


def command_request(world: World, body: Body) -> Request:
    """Return the request of a slash command; its trigger id names it."""
    return request_of(
        world,
        team_id=str(body["team_id"]),
        user_id=str(body["user_id"]),
        channel_id=str(body.get("channel_id", "")),
        channel_name=str(body.get("channel_name", "")),
        key=f"command:{body.get('trigger_id') or uuid.uuid4().hex}",
        response_url=body.get("response_url"),
    )


def press_request(world: World, body: Body) -> Request:
    """Return the request of a button, menu or shortcut; the moment of the press names it."""
    user_id = str(body["user"]["id"])
    action = (body.get("actions") or [{}])[0]
    pressed = action.get("action_ts") or body.get("action_ts") or body.get("trigger_id") or uuid.uuid4().hex
    return request_of(
        world,
        team_id=team_of(body),
        user_id=user_id,
        channel_id=str((body.get("channel") or {}).get("id", "")),
        key=f"press:{user_id}:{pressed}:{action.get('action_id', body.get('callback_id', ''))}",
        response_url=body.get("response_url"),
    )


def team_of(body: Body) -> str:
    """Return the workspace that an interaction comes from."""
    return str((body.get("team") or {}).get("id") or body["user"]["team_id"])


def answer_command(world: World, body: Body, parse: Parse) -> Carried:
    """Carry out a slash command and return what the asker is shown, whatever happens."""
    command, raw = str(body.get("command", "")), str(body.get("text") or "")
    return answered(
        lambda: _carried(world, command_request(world, body), parse, command, decode(raw)),
        typed=decode(f"{command} {raw}".strip()),
    )


def carried_text(world: World, request: Request, parse: Parse, *, command: str, raw: str) -> Carried:
    """Carry out what somebody wrote to the bot and return what they are shown, whatever happens.

    `command` is what stands before the words, and `raw` the words as Slack sends them.
    """
    text = decode(raw)
    return answered(lambda: _carried(world, request, parse, command, text), typed=f"{command} {text}".strip())


def _carried(world: World, request: Request, parse: Parse, command: str, text: str) -> Carried:
    """Read a text and carry it out. Raises UserError."""
    context = Context(
        now=request.now,
        zone=request.zone,
        command=world.policy.command,
        postmortem_command=world.policy.postmortem_command,
    )
    parsed = parse(text, context)
    try:
        return carry(world, _with_target(request, parsed.target), parsed.command, context)
    except ElsewhereError as error:
        raise _named_first(error, command, text) from error


def _named_first(error: ElsewhereError, command: str, text: str) -> UserError:
    """Return the refusal with an example that is what was typed, the incident's id put in front."""
    right = clipped(one_line(f"{command} {error.incident_id} {text}"), _EXAMPLE_LIMIT)
    where = "This is not an incident's channel. Type it there, or put the incident's id in front, for example"
    return UserError(where, right=right)


def _with_target(request: Request, target: str | None) -> Request:
    return request if target is None else replace(request, target=target)


def answered(run: Callable[[], Carried], *, typed: str = "") -> Carried:
    """Return what `run` shows, or the words for its failure; what was typed is given back."""
    try:
        return run()
    except UserError as error:
        return AnswerView(error.message + _given_back(typed), right=error.right)
    except Exception:
        # The edge towards people: they get a plain line and a number, the log gets the rest.
        number = uuid.uuid4().hex[:8]
        log.exception("request failed", number=number)
        return AnswerView(
            f"That did not work, and it is not your fault. Please send it again; if it stays so, "
            f"tell whoever runs Incident Scribe the number {number}.{_given_back(typed)}"
        )


def _given_back(typed: str) -> str:
    return f"\nYou typed: {clipped(typed, _TYPED_LIMIT)}" if typed else ""


def ack_arguments(carried: View) -> dict[str, Any]:
    """Return what acknowledges a command with its answer, seen by the asker alone."""
    message = rendered(carried)
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}


def submitted(
    world: World, body: Body, title: str, run: Callable[[], AnswerView | Form], *, default_field: str
) -> dict[str, Any]:
    """Return how to acknowledge a form: what was done, its next step, or the error at the field that it belongs to."""
    try:
        came = run()
    except UserError as error:
        # Slack refuses an answer that names no field of the form: then nobody would read why.
        here = error.field if error.field in body["view"]["state"]["values"] else default_field
        return {"response_action": "errors", "errors": {here: _at_field(world, body, error.message)}}
    except Exception:
        # The edge towards people, as in `answered`.
        number = uuid.uuid4().hex[:8]
        log.exception("form failed", number=number)
        text = f"That did not work. Please send it again; the log has it under {number}."
        return {"response_action": "errors", "errors": {default_field: text}}
    view = came.view if isinstance(came, Form) else modals.done(title, came.text, undo=came.undo)
    return {"response_action": "update", "view": view}


def _at_field(world: World, body: Body, message: str) -> str:
    """Return a refusal as plain text, which is all that there is place for at a field: it names people by name."""
    return people.spoken(world, team_of(body), message, now=world.clock(), at_most=1)
