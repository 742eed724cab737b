"""The review meeting of a postmortem, told in its incident's channel."""

from bot.domain.text import clipped
from bot.services.views import MeetingView
from bot.slack.blocks.elements import Block, Rendered, context, message, moment, paragraphs, section
from bot.slack.text import escaped

_QUESTIONS = 10
_TEXT = 150


def meeting(view: MeetingView) -> Rendered:
    """Return when the review meeting is, with its agenda; or that it was called off."""
    name = f"review meeting of {view.incident.incident_id}"
    if view.at is None:
        text = f"There is no {name} any more. To set one: `{escaped(view.command)} meeting tomorrow 10:00`"
        return message(text, [section(text)])
    text = f"The {name} is {moment(view.at)}"
    agenda = [
        f"{number}. {escaped(clipped(question, _TEXT))}"
        for number, question in enumerate(view.questions[:_QUESTIONS], 1)
    ]
    if len(view.questions) > _QUESTIONS:
        rest = len(view.questions) - _QUESTIONS
        agenda.append(f"… and {rest} more; the draft names them: `{escaped(view.command)} draft`")
    blocks: list[Block] = [
        section(f"*{text}*"),
        *paragraphs(["Agenda, made of what is still open:", *agenda] if agenda else ["Nothing is open in the report."]),
        context("Questions that are answered before then leave the agenda when the meeting is moved."),
    ]
    return message(text, blocks)
