"""Views into Block Kit: one function a view, found by its type."""

from typing import assert_never

from bot.services.views import (
    AnnouncementView,
    AnswerView,
    DraftView,
    FollowUpView,
    HeaderView,
    LineView,
    PublishedView,
    TimelineView,
    View,
)
from bot.slack.blocks import answers, draft, followup, incident, timeline
from bot.slack.blocks.elements import Rendered

__all__ = ["Rendered", "rendered"]


def rendered(view: View) -> Rendered:
    """Return the message that shows this view."""
    match view:
        case AnswerView():
            return answers.answer(view)
        case LineView():
            return answers.line(view)
        case HeaderView():
            return incident.header(view)
        case AnnouncementView():
            return incident.announcement(view)
        case TimelineView():
            return timeline.timeline(view)
        case DraftView():
            return draft.summary(view)
        case PublishedView():
            return draft.published(view)
        case FollowUpView():
            return followup.follow_up(view)
        case _:
            assert_never(view)
