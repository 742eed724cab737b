"""From a parsed `/postmortem` command to the service that carries it out."""

from bot.domain.errors import UserError
from bot.domain.postmortem.audiences import Audience
from bot.services import customers, draft, export, memory, postmortems, publish, reviewing
from bot.services.requests import Request
from bot.services.views import AnswerView, ReviewView
from bot.services.world import World
from bot.slack.grammar.commands import (
    ApproveCustomerVersion,
    Export,
    FindSimilar,
    ListPostmortems,
    MakeDraft,
    PostmortemCommand,
    Publish,
    ReviewDraft,
    SearchPostmortems,
    SetMeeting,
    SetPostmortemDue,
    ShowQuarter,
    Waive,
)


def carry_postmortem(world: World, request: Request, command: PostmortemCommand) -> AnswerView | ReviewView:
    """Carry out a command about postmortems and return what to show the asker. Raises UserError."""
    match command:
        case MakeDraft(audience):
            return draft.ask_for_draft(world, request, audience)
        case Publish(audience, is_confirmed):
            return _publish(world, request, audience, is_confirmed=is_confirmed)
        case ApproveCustomerVersion():
            return customers.preview_approval(world, request)
        case ReviewDraft():
            return reviewing.show(world, request)
        case SetPostmortemDue(due):
            return postmortems.set_due(world, request, due.on)
        case SetMeeting(when):
            return postmortems.set_meeting(world, request, when)
        case Waive(reason):
            return postmortems.waive(world, request, reason)
        case Export(form):
            return export.ask_for_export(world, request, form.value)
        case _:
            return _look_back(world, request, command)


def _publish(world: World, request: Request, audience: Audience, *, is_confirmed: bool) -> AnswerView:
    if audience is Audience.CUSTOMER:
        ask = customers.publish if is_confirmed else customers.preview_publishing
    else:
        ask = publish.publish if is_confirmed else publish.preview
    return ask(world, request)


def _look_back(world: World, request: Request, command: PostmortemCommand) -> AnswerView:
    match command:
        case ListPostmortems():
            return postmortems.list_postmortems(world, request.actor)
        case SearchPostmortems(words):
            return memory.search(world, request, words)
        case FindSimilar():
            return memory.similar(world, request)
        case ShowQuarter(year, quarter):
            return memory.quarter(world, request, year, quarter)
        case _:
            raise UserError(f"That isn't there yet. {world.policy.postmortem_command} help says what is.")
