"""What comes in fits its column: SQLite takes a text of any length, PostgreSQL refuses one that is too long."""

import dataclasses
from collections.abc import Iterable

import pytest
from sqlalchemy import Column, select

from bot.domain.actions import ActionStatus, ActionType, Priority
from bot.domain.handover import HandoverStatus
from bot.domain.incident import IncidentType, Kind, Role, Status
from bot.domain.messages import MessageDeleted, VoteCast, edit_rank
from bot.domain.milestones import Milestone
from bot.domain.postmortem.audiences import Audience
from bot.domain.reminders import ReminderKind
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.domain.tasks import TaskStatus
from bot.domain.timeline import Phase
from bot.services import jobs
from storage import capture, due, posts, tables
from storage.database import Database
from storage.due import NewItem
from storage.posts import NewPost, PostState
from tests.factories import CHANNEL, DECLARED, TEAM, make_incident
from tests.storage.stored import seen, store_incident

# The longest that Slack says: eleven digits of seconds, and an emoji of a hundred signs in a tone of skin.
LONGEST_TS = "99999999999.999999999"
LONGEST_EMOJI = f"{'x' * 100}::skin-tone-6"
LONGEST_ID = "U" * 21
LAST_ROW = 2**31 - 1


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (tables.incidents.c.kind, Kind),
        (tables.incidents.c.type, IncidentType),
        (tables.incidents.c.status, Status),
        (tables.roles.c.role, Role),
        (tables.status_changes.c.status, Status),
        (tables.milestones.c.name, Milestone),
        (tables.curations.c.phase, Phase),
        (tables.notes.c.phase, Phase),
        (tables.causes.c.kind, CauseKind),
        (tables.causes.c.layer, Layer),
        (tables.lessons.c.kind, LessonKind),
        (tables.actions.c.type, ActionType),
        (tables.actions.c.priority, Priority),
        (tables.actions.c.status, ActionStatus),
        (tables.action_changes.c.status, ActionStatus),
        (tables.tasks.c.status, TaskStatus),
        (tables.handovers.c.status, HandoverStatus),
        (tables.reminders.c.kind, ReminderKind),
        (tables.drafts.c.audience, Audience),
        (tables.versions.c.audience, Audience),
        (tables.posts.c.state, PostState),
        (tables.due_items.c.state, [due.WAITING, due.CLAIMED, due.DONE, due.FAILED]),
        (tables.due_items.c.kind, [value for name, value in vars(jobs).items() if name.isupper()]),
    ],
    ids=str,
)
def test_every_value_that_there_is_fits_its_column(column: Column[str], values: Iterable[str]) -> None:
    assert max(map(len, values)) <= (column.type.length or 0)  # type: ignore[attr-defined]


def test_longest_that_slack_says_of_messages_and_votes_is_stored(database: Database) -> None:
    store_incident(database)
    message = seen(ts=LONGEST_TS, text="x" * 40_000, text_rank=edit_rank(LONGEST_TS, LONGEST_TS), edited_ts=LONGEST_TS)
    message = dataclasses.replace(
        message,
        user_id=LONGEST_ID,
        bot_id=LONGEST_ID,
        author_name="x" * 300,
        thread_ts=LONGEST_TS,
        kind="thread_broadcast",
    )
    vote = VoteCast(TEAM, CHANNEL, LONGEST_TS, LONGEST_ID, LONGEST_EMOJI, is_on=True, event_ts=LONGEST_TS)
    with database.transaction() as connection:
        capture.save(connection, [message, vote, MessageDeleted(TEAM, CHANNEL, "1.1")], now=DECLARED)
    with database.reading() as connection:
        assert len(connection.execute(select(tables.messages.c.ts)).all()) == 2
        assert connection.execute(select(tables.votes.c.emoji)).scalar_one() == LONGEST_EMOJI


def test_longest_names_of_due_items_and_posts_are_stored(database: Database) -> None:
    incident = make_incident(row_id=LAST_ROW)
    key = f"press:{LONGEST_ID}:{LONGEST_TS}:{'x' * 100}"
    items = [
        jobs.line(incident, key, "text", now=DECLARED),
        jobs.invite(incident, LONGEST_ID, now=DECLARED),
        jobs.follow_up(incident, 60, at=DECLARED),
        jobs.home(TEAM, LONGEST_ID, now=DECLARED),
        jobs.answer(TEAM, key, now=DECLARED, response_url="https://hooks", shown={}),
        NewItem(TEAM, jobs.MARK, LONGEST_ID, LONGEST_TS, due_at=DECLARED),
    ]
    keys = [f"draft-summary:{LAST_ROW}:after:{LONGEST_TS}", f"follow-up:{LAST_ROW}:60d:{LONGEST_ID}"]
    with database.transaction() as connection:
        for item in items:
            due.put(connection, item)
        for post_key in keys:
            new = NewPost(post_key, TEAM, None, "follow-up", LONGEST_ID, LONGEST_TS)
            posts.set_state(connection, posts.intend(connection, new, now=DECLARED), PostState.SENT, ts=LONGEST_TS)
    with database.reading() as connection:
        assert due.unfinished(connection, before=DECLARED) == len(items)
