"""Views into Block Kit: one function a view, found by its type."""

from typing import assert_never

from bot.services.views import (
    AdoptionView,
    AnnouncementView,
    AnswerView,
    CatchUpView,
    DraftView,
    FollowUpView,
    HandoverView,
    HeaderView,
    InfoView,
    LineView,
    MeetingView,
    PublishedView,
    ReminderView,
    ReviewView,
    TasksView,
    TimelineView,
    View,
)
from bot.slack.blocks import (
    adoption,
    answers,
    catchup,
    draft,
    followup,
    handover,
    incident,
    info,
    postmortem,
    reminder,
    review,
    tasks,
    timeline,
)
from bot.slack.blocks.elements import Rendered

__all__ = ["Rendered", "rendered"]


def rendered(view: View) -> Rendered:  # noqa: C901, PLR0912 - one case a view, so that none can be forgotten
    """Return the message that shows this view."""
    match view:
        case AnswerView():
            return answers.answer(view)
        case AdoptionView():
            return adoption.preview(view)
        case LineView():
            return answers.line(view)
        case HeaderView():
            return incident.header(view)
        case AnnouncementView():
            return incident.announcement(view)
        case ReminderView():
            return reminder.reminder(view)
        case TimelineView():
            return timeline.timeline(view)
        case TasksView():
            return tasks.tasks(view)
        case HandoverView():
            return handover.handover(view)
        case InfoView():
            return info.info(view)
        case CatchUpView():
            return catchup.catch_up(view)
        case DraftView():
            return draft.summary(view)
        case PublishedView():
            return draft.published(view)
        case ReviewView():
            return review.review(view)
        case MeetingView():
            return postmortem.meeting(view)
        case FollowUpView():
            return followup.follow_up(view)
        case _:
            assert_never(view)
