"""Everything known of one incident, loaded in one reading transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Table, func, select
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
            uncounted=_uncounted(connection, incident, on),
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


def _here(table: Table, incident: Incident, ts: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions for the rows of the incident's channel, or of one message in it."""
    conditions = [table.c.team_id == incident.team_id, table.c.channel_id == incident.channel_id]
    return conditions if ts is None else [*conditions, table.c.ts == ts]


def _messages(connection: Connection, incident: Incident, ts: str | None = None) -> tuple[Message, ...]:
    edited = select(message_revisions.c.ts).where(*_here(message_revisions, incident, ts)).distinct()
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
        .where(*_here(messages, incident, ts), ~table.is_deleted)
        .order_by(table.at, table.ts)
    )
    return tuple(
        Message(channel_id, key, at, text, user_id, bot_id, author_name, thread_ts, key in edited_ts, kind)
        for channel_id, key, at, text, user_id, bot_id, author_name, thread_ts, kind in connection.execute(query)
    )


def _votes(connection: Connection, incident: Incident, ts: str | None = None) -> tuple[Vote, ...]:
    query = (
        select(votes.c.ts, votes.c.user_id, votes.c.emoji, votes.c.event_ts)
        .where(*_here(votes, incident, ts), votes.c.is_on)
        .order_by(votes.c.event_rank)
    )
    return tuple(Vote(*row) for row in connection.execute(query))


def _curations(connection: Connection, incident: Incident, ts: str | None = None) -> tuple[Curation, ...]:
    query = select(curations).where(*_here(curations, incident, ts))
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


def voters(connection: Connection, incident: Incident, ts: str) -> frozenset[str]:
    """Return who has a reaction on one message now."""
    return frozenset(vote.user_id for vote in _votes(connection, incident, ts))


def material_of_message(connection: Connection, incident: Incident, ts: str) -> Material:
    """Return what one message's entry is made of."""
    on = _votes(connection, incident, ts)
    return Material(
        messages=_messages(connection, incident, ts),
        votes=on,
        curations=_curations(connection, incident, ts),
        uncounted=_uncounted(connection, incident, on),
    )


def _uncounted(connection: Connection, incident: Incident, on: Sequence[Vote]) -> frozenset[str]:
    known = people.known(connection, incident.team_id, {vote.user_id for vote in on})
    return frozenset(user_id for user_id, voter in known.items() if voter.is_bot or voter.is_guest)


def _capture(connection: Connection, incident: Incident, standing: int) -> Capture:
    deletes = select(func.count()).select_from(messages).where(*_here(messages, incident, None), messages.c.is_deleted)
    edits = select(func.count()).select_from(message_revisions).where(*_here(message_revisions, incident, None))
    return Capture(
        messages=standing,
        edits=connection.execute(edits).scalar_one(),
        deletes=connection.execute(deletes).scalar_one(),
    )
