"""Everything known of one incident, loaded in one reading transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionItem
from bot.domain.capturing import joined_gaps
from bot.domain.incident import Incident
from bot.domain.messages import Message, Vote, ts_of
from bot.domain.people import strangers
from bot.domain.postmortem.captured import channel_name, unchecked
from bot.domain.record import Capture, Communication, IncidentRecord, Related
from bot.domain.statements import Cause, Impact, Lesson, Why
from bot.domain.tasks import Task
from bot.domain.text import mentioned, named, things_named_in
from bot.domain.timeline import Curation, Material, Note, Part, Phase
from storage import gaps, incidents, links, names, people, reconciliations, sources, statements, tasks, updates
from storage.revisions import IS_EDIT
from storage.shared_files import as_files
from storage.tables import curations, message_revisions, messages, votes
from storage.upsert import by_code_point

Said = TypeVar("Said", Message, Note)

# Votes of one moment need an order too: the same report comes from the same rows on every database.
_ORDER_OF_VOTES = (votes.c.event_rank, votes.c.ts, votes.c.user_id, votes.c.emoji)


def load(connection: Connection, incident: Incident) -> IncidentRecord:
    """Return the incident's whole record. People never read from Slack are missing from `people`."""
    workspace = people.team(connection, incident.team_id)
    parts = sources.parts_of(connection, incident)
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
    return _with_people(connection, _with_names(connection, record))


def _with_names(connection: Connection, record: IncidentRecord) -> IncidentRecord:
    """Return the record with the channels and groups that its messages and notes name without a name called by one.

    The channels of the incident itself are known; of others only what Slack told, which of private ones is nothing.
    """
    things = frozenset(key for each in record.material.every for text in _texts(each) for key in things_named_in(text))
    if not things:
        return record
    own = (record.incident, *(part.incident for part in record.material.parts))
    found = dict(names.known(connection, record.incident.team_id, things))
    found |= {one.channel_id: one.channel_name for one in own if one.channel_id and one.channel_name}
    parts = tuple(replace(part, material=_named(part.material, found)) for part in record.material.parts)
    return replace(record, material=replace(_named(record.material, found), parts=parts), things=things)


def _texts(material: Material) -> Iterator[str]:
    yield from (message.text for message in material.messages)
    yield from (note.text for note in material.notes)


def _named(material: Material, found: Mapping[str, str]) -> Material:
    return replace(
        material,
        messages=tuple(_with_text(one, named(one.text, found)) for one in material.messages),
        notes=tuple(_with_text(one, named(one.text, found)) for one in material.notes),
    )


def _with_text(said: Said, text: str) -> Said:
    return said if text == said.text else replace(said, text=text)


def _material(connection: Connection, incident: Incident) -> Material:
    """Return what the incident's own timeline is made of."""
    on = _votes(connection, incident)
    return Material(
        messages=_messages(connection, incident),
        votes=on,
        withdrawn=_votes(connection, incident, are_on=False),
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
    known = people.known(connection, record.incident.team_id, people_of(record))
    said = (message for each in record.material.every for message in each.messages)
    return replace(record, people=strangers(said) | dict(known))


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
    edited = select(message_revisions.c.ts).where(*_here(message_revisions, incident, ts), IS_EDIT).distinct()
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
            table.files,
        )
        .where(*_here(messages, incident, ts), ~table.is_deleted)
        .order_by(table.at, by_code_point(table.ts, connection.dialect.name))
    )
    return tuple(
        Message(channel, key, at, text, user_id, bot_id, author_name, thread, key in edited_ts, kind, as_files(files))
        for channel, key, at, text, user_id, bot_id, author_name, thread, kind, files in connection.execute(query)
    )


def _votes(
    connection: Connection, incident: Incident, ts: str | None = None, *, are_on: bool = True
) -> tuple[Vote, ...]:
    query = (
        select(votes.c.ts, votes.c.user_id, votes.c.emoji, votes.c.event_ts)
        .where(*_here(votes, incident, ts), votes.c.is_on == are_on)
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
            was_suggested=row.was_suggested,
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
    there = [one for one in sources.parts_of(connection, incident) if one.channel_id == channel_id]
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
    voters = {vote.user_id for vote in on}
    known = people.known(connection, incident.team_id, voters)
    uncounted = {user_id for user_id, voter in known.items() if voter.is_bot or voter.is_guest}
    return frozenset(uncounted | _strangers_among(connection, incident, voters - known.keys()))


def _strangers_among(connection: Connection, incident: Incident, user_ids: Collection[str]) -> frozenset[str]:
    """Return those of whom only their own messages here tell: people of other workspaces."""
    if not user_ids:
        return frozenset()
    table = messages.c
    query = select(table.user_id).where(
        *_here(messages, incident, None),
        table.user_id.in_(sorted(user_ids)),
        table.author_name.is_not(None),
        table.bot_id.is_(None),
    )
    return frozenset(connection.execute(query.distinct()).scalars())


def _capture(connection: Connection, of: Sequence[Incident], standing: int) -> Capture:
    """Return what was captured in the channels of these incidents."""
    edits = deletes = 0
    for one in of:
        gone = select(func.count()).select_from(messages).where(*_here(messages, one, None), messages.c.is_deleted)
        edits_here = (*_here(message_revisions, one, None), IS_EDIT)
        edited = select(func.count()).select_from(message_revisions).where(*edits_here)
        deletes += connection.execute(gone).scalar_one()
        edits += connection.execute(edited).scalar_one()
    live = [one for one in of if not one.is_imported]
    compared = [reconciliations.of(connection, one) for one in live]
    until = [one.checked_until for one in compared]
    called = [channel_name(one) if len(live) > 1 else "" for one in live]
    return Capture(
        messages=standing,
        edits=edits,
        deletes=deletes,
        recovered=sum(len(gaps.recovered_at(connection, one)) for one in live),
        checked_until=min((at for at in until if at), default=None) if all(until) else None,
        gaps=joined_gaps(gap for one in live for gap in gaps.of(connection, one)),
        unchecked=tuple(
            sentence
            for one, name in zip(compared, called, strict=True)
            if (sentence := unchecked(one.checked_until, one.doubted_at, one.problem, name))
        ),
        is_imported=not live,
    )
