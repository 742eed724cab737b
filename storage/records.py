"""Everything known of one incident, loaded in one reading transaction."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident
from bot.domain.messages import Message, Vote
from bot.domain.record import Capture, IncidentRecord
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.text import mentioned
from bot.domain.timeline import Curation, Material, Note, Phase
from storage import incidents, people, statements
from storage.tables import curations, message_revisions, messages, votes


def load(connection: Connection, incident: Incident) -> IncidentRecord:
    """Return the incident's whole record. People never read from Slack are missing from `people`."""
    stored = _messages(connection, incident)
    on = _votes(connection, incident)
    voters = people.known(connection, incident.team_id, {vote.user_id for vote in on})
    changes = incidents.status_changes_of(connection, incident)
    workspace = people.team(connection, incident.team_id)
    record = IncidentRecord(
        incident=incident,
        material=Material(
            messages=stored,
            votes=on,
            curations=_curations(connection, incident),
            notes=statements.notes_of(connection, incident),
            stamps=incidents.stamps_of(connection, incident),
            status_changes=changes,
            uncounted=frozenset(user_id for user_id, voter in voters.items() if voter.is_bot or voter.is_guest),
        ),
        roles=incidents.roles_of(connection, incident),
        status_changes=changes,
        impacts=statements.impacts_of(connection, incident),
        causes=statements.causes_of(connection, incident),
        whys=statements.whys_of(connection, incident),
        actions=statements.actions_of(connection, incident),
        lessons=statements.lessons_of(connection, incident),
        capture=_capture(connection, incident, len(stored)),
        workspace_url=workspace.url if workspace else None,
    )
    return _with_people(connection, record)


def people_of(record: IncidentRecord) -> frozenset[str]:
    """Return the ids of everyone who appears in the record: authors, holders, owners and the mentioned."""
    material = record.material
    said: list[Note | Impact | Cause | Why | Lesson | ActionItem] = [
        *material.notes,
        *record.impacts,
        *record.causes,
        *record.whys,
        *record.lessons,
        *record.actions,
    ]
    texts = [*(message.text for message in material.messages), *(statement.text for statement in said)]
    ids = {
        record.incident.reporter_id,
        *(message.user_id for message in material.messages),
        *(statement.by for statement in said),
        *(stamp.by for stamp in material.stamps),
        *(change.by for change in record.status_changes),
        *(holder.user_id for holder in record.roles),
        *(action.owner_id for action in record.actions),
        *(user_id for text in texts for user_id in mentioned(text)),
    }
    return frozenset(user_id for user_id in ids if user_id)


def _with_people(connection: Connection, record: IncidentRecord) -> IncidentRecord:
    return replace(record, people=people.known(connection, record.incident.team_id, people_of(record)))


def _messages(connection: Connection, incident: Incident) -> tuple[Message, ...]:
    edited = (
        select(message_revisions.c.ts)
        .where(
            message_revisions.c.team_id == incident.team_id,
            message_revisions.c.channel_id == incident.channel_id,
        )
        .distinct()
    )
    edited_ts = frozenset(connection.execute(edited).scalars())
    table = messages.c
    query = (
        select(
            table.channel_id,
            table.ts,
            table.at,
            table.text,
            table.user_id,
            table.bot_id,
            table.author_name,
            table.thread_ts,
            table.kind,
        )
        .where(table.team_id == incident.team_id, table.channel_id == incident.channel_id, ~table.is_deleted)
        .order_by(table.at, table.ts)
    )
    return tuple(
        Message(channel_id, ts, at, text, user_id, bot_id, author_name, thread_ts, ts in edited_ts, kind)
        for channel_id, ts, at, text, user_id, bot_id, author_name, thread_ts, kind in connection.execute(query)
    )


def _votes(connection: Connection, incident: Incident) -> tuple[Vote, ...]:
    query = (
        select(votes.c.ts, votes.c.user_id, votes.c.emoji, votes.c.event_ts)
        .where(votes.c.team_id == incident.team_id, votes.c.channel_id == incident.channel_id, votes.c.is_on)
        .order_by(votes.c.event_rank)
    )
    return tuple(Vote(*row) for row in connection.execute(query))


def _curations(connection: Connection, incident: Incident) -> tuple[Curation, ...]:
    query = select(curations).where(
        curations.c.team_id == incident.team_id, curations.c.channel_id == incident.channel_id
    )
    return tuple(
        Curation(
            ts=row.ts,
            text=row.text,
            at=row.at,
            phase=Phase(row.phase) if row.phase else None,
            is_key=row.is_key,
            is_kept_out=row.is_kept_out,
            was_edited=row.was_edited,
        )
        for row in connection.execute(query)
    )


def _capture(connection: Connection, incident: Incident, standing: int) -> Capture:
    here = (messages.c.team_id == incident.team_id, messages.c.channel_id == incident.channel_id)
    deletes = select(func.count()).select_from(messages).where(*here, messages.c.is_deleted)
    edits = (
        select(func.count())
        .select_from(message_revisions)
        .where(
            message_revisions.c.team_id == incident.team_id,
            message_revisions.c.channel_id == incident.channel_id,
        )
    )
    return Capture(
        messages=standing,
        edits=connection.execute(edits).scalar_one(),
        deletes=connection.execute(deletes).scalar_one(),
    )
