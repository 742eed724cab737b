"""From a parsed command to the service that carries it out."""

from bot.domain.errors import UserError
from bot.domain.incident import Role
from bot.services import changes, describing, info, linking, merging, status, timeline
from bot.services.requests import Request
from bot.services.views import AnswerView, CatchUpView, InfoView, ReviewView, TasksView, TimelineView
from bot.services.world import World
from bot.slack.blocks.forms import Form
from bot.slack.carrying_leading import LeadingCommand, carry_leading
from bot.slack.carrying_postmortem import carry_postmortem
from bot.slack.carrying_start import carry_start
from bot.slack.carrying_statements import StatementCommand, carry_statement
from bot.slack.grammar.commands import (
    Acknowledge,
    AssignRole,
    Cancel,
    ChangeServices,
    ChangeSeverity,
    ChangeStatus,
    ChangeTeam,
    ChangeTitle,
    ChangeType,
    Command,
    Context,
    Help,
    LinkIncident,
    ListIncidents,
    MergeIncident,
    PostmortemCommand,
    Reopen,
    SetMilestone,
    ShowInfo,
    ShowTimeline,
    Start,
)
from bot.slack.grammar.helptext import help_text

Carried = AnswerView | TimelineView | TasksView | InfoView | CatchUpView | ReviewView | Form


def carry(world: World, request: Request, command: Command, context: Context) -> Carried:
    """Carry out a command and return what to show the asker. Raises UserError."""
    match command:
        case Start():
            return carry_start(world, request, command)
        case _ if isinstance(command, PostmortemCommand):
            return carry_postmortem(world, request, command)
        case _ if isinstance(command, LeadingCommand):
            return carry_leading(world, request, command)
        case Help(topic):
            return AnswerView(help_text(context, topic), is_help=True)
        case ListIncidents():
            return info.list_open(world, request.actor, now=request.now)
        case ShowInfo():
            return info.info(world, request)
        case ShowTimeline(is_all):
            return timeline.show(world, request, is_whole=is_all)
        case _ if isinstance(command, StatementCommand):
            return carry_statement(world, request, command)
        case ChangeType() | ChangeServices() | ChangeTeam() | LinkIncident() | MergeIncident():
            return _describe(world, request, command)
        case _:
            return _change(world, request, command)


def _describe(
    world: World, request: Request, command: ChangeType | ChangeServices | ChangeTeam | LinkIncident | MergeIncident
) -> AnswerView:
    """Carry out what says what an incident is about, and what belongs together with it."""
    match command:
        case ChangeType(incident_type):
            return describing.change_type(world, request, incident_type)
        case ChangeServices(names):
            return describing.change_services(world, request, names)
        case ChangeTeam(name):
            return describing.change_team(world, request, name)
        case LinkIncident(other):
            return linking.link(world, request, other)
        case MergeIncident(other):
            return merging.merge(world, request, other)


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
