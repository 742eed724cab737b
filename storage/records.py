"""Everything known of one incident, loaded in one reading transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionItem
from bot.domain.incident import Incident
from bot.domain.messages import Message, Vote, ts_of
from bot.domain.record import Capture, Communication, IncidentRecord, Related
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.tasks import Task
from bot.domain.text import mentioned
from bot.domain.timeline import Curation, Material, Note, Part, Phase
from storage import incidents, links, people, statements, tasks, updates
from storage.tables import curations, message_revisions, messages, votes
from storage.upsert import by_code_point

# Votes of one moment need an order too: the same report comes from the same rows on every database.
_ORDER_OF_VOTES = (votes.c.event_rank, votes.c.ts, votes.c.user_id, votes.c.emoji)


def load(connection: Connection, incident: Incident) -> IncidentRecord:
    """Return the incident's whole record. People never read from Slack are missing from `people`."""
    workspace = people.team(connection, incident.team_id)
    parts = incidents.parts_of(connection, incident)
    material = replace(
        _material(connection, incident), parts=tuple(Part(part, _material(connection, part)) for part in parts)
    )
    record = IncidentRecord(
        incident=incident,
        material=material,
        roles=incidents.roles_of(connection, incident),
        status_changes=tuple(material.status_changes),
        impacts=statements.impacts_of(connection, incident),
        causes=statements.causes_of(connection, incident),
        whys=statements.whys_of(connection, incident),
        actions=statements.actions_of(connection, incident),
        lessons=statements.lessons_of(connection, incident),
        tasks=tasks.tasks_of(connection, incident),
        communications=tuple(
            Communication(update.said_at, update.to, update.text) for update in updates.updates_of(connection, incident)
        ),
        related=_related(connection, incident),
        capture=_capture(connection, (incident, *parts), sum(len(each.messages) for each in material.every)),
        workspace_url=workspace.url if workspace else None,
    )
    return _with_people(connection, record)


def _material(connection: Connection, incident: Incident) -> Material:
    """Return what the incident's own timeline is made of."""
    on = _votes(connection, incident)
    return Material(
        messages=_messages(connection, incident),
        votes=on,
        curations=_curations(connection, incident),
        notes=statements.notes_of(connection, incident),
        stamps=incidents.stamps_of(connection, incident),
        status_changes=incidents.status_changes_of(connection, incident),
        uncounted=_uncounted(connection, incident, on),
    )


def _related(connection: Connection, incident: Incident) -> tuple[Related, ...]:
    """Return the linked incidents that whoever reads this one's report may know of: no private one."""
    return tuple(
        Related(other.incident_id, other.title, other.kind, other.severity, other.status)
        for other in links.of(connection, incident)
        if not other.is_private
    )


def people_of(record: IncidentRecord) -> frozenset[str]:
    """Return the ids of everyone who appears in the record: authors, holders, owners and the mentioned."""
    material = record.material
    said: list[Note | Impact | Cause | Why | Lesson | ActionItem | Task] = [
        *(note for each in material.every for note in each.notes),
        *record.impacts,
        *record.causes,
        *record.whys,
        *record.lessons,
        *record.actions,
        *record.tasks,
    ]
    messages_in_all = [message for each in material.every for message in each.messages]
    texts = [*(message.text for message in messages_in_all), *(statement.text for statement in said)]
    texts += [related.title for related in record.related]
    texts += [part.incident.title for part in material.parts]
    texts += [communication.text for communication in record.communications]
    ids = {
        record.incident.reporter_id,
        *(message.user_id for message in messages_in_all),
        *(statement.by for statement in said),
        *(stamp.by for each in material.every for stamp in each.stamps),
        *(change.by for each in material.every for change in each.status_changes),
        *(holder.user_id for holder in record.roles),
        *(action.owner_id for action in record.actions),
        *(user_id for text in texts for user_id in mentioned(text)),
    }
    return frozenset(user_id for user_id in ids if user_id)


def _with_people(connection: Connection, record: IncidentRecord) -> IncidentRecord:
    return replace(record, people=people.known(connection, record.incident.team_id, people_of(record)))


def _here(table: Table, incident: Incident, ts: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions for the rows of the incident's channel, of its window there, or of one message in it."""
    conditions = [table.c.team_id == incident.team_id, table.c.channel_id == incident.channel_id]
    # Slack's timestamps of the last two decades have the same number of digits: as texts they are in order.
    if incident.capture_from:
        conditions.append(table.c.ts >= ts_of(incident.capture_from))
    if incident.capture_until:
        conditions.append(table.c.ts <= ts_of(incident.capture_until))
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
        .order_by(table.at, by_code_point(table.ts, connection.dialect.name))
    )
    return tuple(
        Message(channel_id, key, at, text, user_id, bot_id, author_name, thread_ts, key in edited_ts, kind)
        for channel_id, key, at, text, user_id, bot_id, author_name, thread_ts, kind in connection.execute(query)
    )


def _votes(connection: Connection, incident: Incident, ts: str | None = None) -> tuple[Vote, ...]:
    query = (
        select(votes.c.ts, votes.c.user_id, votes.c.emoji, votes.c.event_ts)
        .where(*_here(votes, incident, ts), votes.c.is_on)
        .order_by(*(by_code_point(part, connection.dialect.name) for part in _ORDER_OF_VOTES))
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
            without=frozenset((user_id, emoji) for user_id, emoji in row.without or ()),
            is_declined=row.is_declined,
        )
        for row in connection.execute(query)
    )


def voters(connection: Connection, incident: Incident, ts: str) -> frozenset[str]:
    """Return who has a reaction on one message now."""
    return frozenset(vote.user_id for vote in _votes(connection, incident, ts))


def said_in(connection: Connection, incident: Incident, channel_id: str, ts: str) -> Incident:
    """Return the one of the incident and its parts to which a message of a channel belongs, itself where none has it.

    A message that was never delivered belongs to none.
    """
    there = [one for one in incidents.parts_of(connection, incident) if one.channel_id == channel_id]
    return next((one for one in there if _messages(connection, one, ts)), incident)


def material_of_message(connection: Connection, incident: Incident, ts: str) -> Material:
    """Return what the entry of one message of the incident's own channel is made of."""
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


def _capture(connection: Connection, of: Sequence[Incident], standing: int) -> Capture:
    """Return what was captured in the channels of these incidents."""
    edits = deletes = 0
    for one in of:
        gone = select(func.count()).select_from(messages).where(*_here(messages, one, None), messages.c.is_deleted)
        edited = select(func.count()).select_from(message_revisions).where(*_here(message_revisions, one, None))
        deletes += connection.execute(gone).scalar_one()
        edits += connection.execute(edited).scalar_one()
    return Capture(messages=standing, edits=edits, deletes=deletes)
