"""The review of a report as it would be drafted now: what is missing, what it scores, what to write differently."""

from bot.domain.review import review
from bot.domain.rights import Right
from bot.services.draft import assembled, commands_of
from bot.services.requests import Request, look
from bot.services.views import ReviewView
from bot.services.world import World
from storage import drafts


def show(world: World, request: Request) -> ReviewView:
    """Return the review for the asker. Raises UserError when they may not see the incident."""
    incident = look(world, request, Right.DRAFT)
    with world.database.reading() as connection:
        latest = drafts.latest(connection, incident)
        first = drafts.by_revision(connection, incident, 1)
    report = assembled(world, incident, latest.revision if latest else 1)
    return ReviewView(
        incident=incident,
        # The first draft sets the follow-ups.
        review=review(
            report,
            commands_of(world, incident),
            has_follow_ups=latest is not None,
            first_drafted_at=first.made_at if first else None,
        ),
        gaps=tuple((gap.question, gap.command) for gap in report.gaps),
        postmortem_command=world.policy.postmortem_command,
    )
