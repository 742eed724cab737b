"""From a parsed command to the service that carries it out."""

from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.incident import IncidentType, Kind, Role
from bot.domain.when import echo
from bot.services import actions, changes, declare, draft, info, publish, statements, status, timeline
from bot.services.actions import NewAction
from bot.services.declare import Declaration
from bot.services.requests import Request
from bot.services.views import AnswerView, TimelineView
from bot.services.world import World
from bot.slack.blocks import modals
from bot.slack.grammar.commands import (
    Acknowledge,
    AddAction,
    AddLesson,
    AddNote,
    AddWhy,
    AssignRole,
    Cancel,
    ChangeSeverity,
    ChangeStatus,
    ChangeTitle,
    Command,
    Context,
    Help,
    ListIncidents,
    MakeDraft,
    Publish,
    Reopen,
    SetMilestone,
    ShowInfo,
    ShowTimeline,
    Start,
    StateCause,
    StateImpact,
)
from bot.slack.grammar.helptext import help_text


@dataclass(frozen=True, slots=True)
class Form:
    """A modal to open instead of an answer."""

    view: dict[str, Any]


Carried = AnswerView | TimelineView | Form


def carry(world: World, request: Request, command: Command, context: Context) -> Carried:
    """Carry out a command and return what to show the asker. Raises UserError."""
    match command:
        case Start():
            return _start(world, request, command)
        case Help(topic):
            return AnswerView(help_text(context, topic), is_help=True)
        case ListIncidents():
            return info.list_open(world, request.actor, now=request.now)
        case ShowInfo():
            return info.info(world, request)
        case ShowTimeline(is_all):
            return timeline.show(world, request, is_whole=is_all)
        case MakeDraft(audience):
            return draft.ask_for_draft(world, request, audience.value)
        case Publish(audience, is_confirmed):
            ask = publish.publish if is_confirmed else publish.preview
            return ask(world, request, audience.value)
        case StateImpact() | StateCause() | AddWhy() | AddLesson() | AddNote() | AddAction():
            return _state(world, request, command)
        case _:
            return _change(world, request, command)


def _start(world: World, request: Request, command: Start) -> Carried:
    severity = command.severity or world.policy.default_severity
    kind = command.kind or Kind.LIVE
    type_ = command.type or IncidentType.PRODUCTION
    if command.title is None:
        metadata = {"since": command.since.at.isoformat() if command.since else None}
        return Form(
            modals.declare(
                severity=severity,
                kind=kind,
                type_=type_,
                is_private=command.is_private,
                vendor=command.vendor or "",
                began=echo(command.since, now=request.now) if command.since else "",
                metadata=metadata,
            )
        )
    declaration = Declaration(
        title=command.title,
        severity=severity,
        kind=kind,
        type=type_,
        vendor=command.vendor,
        is_private=command.is_private,
        since=command.since.at if command.since else None,
    )
    return declare.declare(world, request, declaration)


def _state(
    world: World, request: Request, command: StateImpact | StateCause | AddWhy | AddLesson | AddNote | AddAction
) -> AnswerView:
    """Carry out what adds to an incident. A missing text is refused with an example by the services."""
    match command:
        case AddNote(text, when):
            return statements.add_note(world, request, when, text)
        case StateImpact(text):
            return statements.add_impact(world, request, text or "")
        case StateCause(kind, text):
            return statements.add_cause(world, request, kind, text or "")
        case AddWhy(text):
            return statements.add_why(world, request, text)
        case AddLesson(kind, text):
            return statements.add_lesson(world, request, kind, text)
        case AddAction():
            new = NewAction(
                command.text or "",
                owner_id=command.owner_id,
                due=command.due.on if command.due else None,
                priority=command.priority,
                type=command.type,
            )
            return actions.add_action(world, request, new)


def _change(world: World, request: Request, command: Command) -> AnswerView:
    """Carry out what changes an incident."""
    match command:
        case ChangeStatus(new_status, when, note):
            return status.change_status(world, request, new_status, when, note)
        case Acknowledge(when, note):
            return status.acknowledge(world, request, when, note)
        case Reopen(when, note):
            return status.reopen(world, request, when, note)
        case Cancel(reason):
            return status.cancel(world, request, reason)
        case SetMilestone(milestone, when):
            return status.set_milestone(world, request, milestone, when)
        case ChangeSeverity(severity):
            return changes.change_severity(world, request, severity)
        case ChangeTitle(title):
            return changes.change_title(world, request, title)
        case AssignRole(role, user_id):
            return changes.assign_role(world, request, Role(role), user_id or request.actor.user_id)
        case _:
            raise UserError(f"That isn't there yet. {world.policy.command} help says what is.")
