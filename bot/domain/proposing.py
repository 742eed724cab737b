"""Which of the proposals that reactions make still wait for somebody to take them up."""

from collections.abc import Iterable

from bot.domain.messages import permalink
from bot.domain.record import IncidentRecord
from bot.domain.text import one_line
from bot.domain.timeline import Mark, Proposal


def waiting(proposals: Iterable[Proposal], record: IncidentRecord) -> tuple[Proposal, ...]:
    """Return the proposals of which nobody has made a lesson, an action or an impact yet.

    An action knows the message that it was made from; the others are known by its words, so one that was reworded
    in the form waits on.
    """
    return tuple(one for one in proposals if not _is_taken(one, record))


def _is_taken(proposal: Proposal, record: IncidentRecord) -> bool:
    message = proposal.message
    words = one_line(message.words)
    match proposal.mark:
        case Mark.LESSON:
            return any(one_line(lesson.text) == words for lesson in record.lessons)
        case Mark.IMPACT:
            return any(words in one_line(impact.text) for impact in record.impacts)
        case _:
            link = permalink(record.workspace_url, message.channel_id, message.ts, message.thread_ts)
            return any((link and action.source == link) or one_line(action.text) == words for action in record.actions)
