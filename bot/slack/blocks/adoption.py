"""The preview of leading an incident in a channel that is there already."""

from bot.domain.adoption import MOST_MESSAGES
from bot.domain.text import counted
from bot.services.views import AdoptionView
from bot.slack.blocks.elements import Rendered, actions, button, message, moment, section
from bot.slack.text import whispered

TAKE_IN = "adoption.take_in"
FROM_NOW = "adoption.from_now"
CANCEL = "adoption.cancel"


def preview(view: AdoptionView) -> Rendered:
    """Return what would be taken in, what that means, and the buttons that decide."""
    question = f"Lead “{whispered(view.title)}” in <#{view.channel_id}>? {_said(view)}"
    meaning = (
        "What is said here is then recorded for the postmortem, until 2 hours after it is resolved; everybody here "
        "sees that in a pinned message. The channel keeps its name and its topic."
    )
    private = " The incident is private, as this channel is." if view.is_private else ""
    talk = view.talk
    can_take_in = talk.messages > 0 and not talk.is_too_much
    buttons = [
        *([button("Take them in", TAKE_IN, view.value, is_primary=True)] if can_take_in else []),
        button("From now only", FROM_NOW, view.value, is_primary=not can_take_in),
        button("Cancel", CANCEL, view.value),
    ]
    return message(question, [section(f"{question}\n{meaning}{private}"), actions("adoption", buttons)])


def _said(view: AdoptionView) -> str:
    """Return how much was said, and the question that it asks."""
    talk = view.talk
    if talk.since is None:
        return "Nothing was said here just now, so it would be recorded from now on."
    how_many = f"{counted(talk.messages, 'message')} from {counted(talk.people, 'person', 'people')}"
    since = f"since {moment(talk.since)}"
    if talk.is_too_much:
        return (
            f"There are more than {MOST_MESSAGES:,} messages {since}, too many to take in. For a later start: "
            f"{whispered(view.again)}"
        )
    at_least = "at least " if talk.is_more else ""
    return f"Take in {at_least}{how_many} {since}, or from now only?"
