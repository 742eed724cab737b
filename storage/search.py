"""Finding words in what is kept of incidents, and what they are compared and counted by."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Text, func, literal, select, type_coerce, union_all
from sqlalchemy.engine import Connection

from bot.domain.actions import ActionStatus
from bot.domain.incident import Incident
from bot.domain.metrics import metrics
from bot.domain.milestones import Milestone
from bot.domain.quarter import Case
from bot.domain.similarity import Features
from storage.tables import actions, causes, drafts, impacts, incidents, lessons, milestones, notes, whys


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which a word was found. `row` is the incident's key, `where` says what the text is."""

    row: int
    where: str
    text: str


_SOURCES = (
    ("cause", causes),
    ("impact", impacts),
    ("action", actions),
    ("lesson", lessons),
    ("why", whys),
    ("timeline", notes),
)


def _texts_with(word: str, rows: Collection[int]) -> CompoundSelect[Any]:
    """Return the query for every text of these incidents that has the word, in any case."""
    among = list(rows)
    title = select(incidents.c.id, literal("title"), incidents.c.title).where(
        incidents.c.id.in_(among), incidents.c.title.icontains(word, autoescape=True)
    )
    # The id, the services, the team and the vendor in one: each alone says too little to be shown.
    about = func.coalesce(incidents.c.owning_team, "") + " " + func.coalesce(incidents.c.vendor, "")
    known = incidents.c.incident_id + " " + type_coerce(incidents.c.services, Text) + " " + about
    facts = select(incidents.c.id, literal("facts"), known).where(
        incidents.c.id.in_(among), known.icontains(word, autoescape=True)
    )
    said = [
        select(table.c.incident, literal(name), table.c.text).where(
            table.c.incident.in_(among), ~table.c.is_removed, table.c.text.icontains(word, autoescape=True)
        )
        for name, table in _SOURCES
    ]
    part = incidents.alias("part")
    named = part.c.incident_id + " " + part.c.title
    merged = select(part.c.merged_into, literal("merged into it"), named).where(
        part.c.merged_into.in_(among), named.icontains(word, autoescape=True)
    )
    return union_all(title, facts, merged, *said)


def find(connection: Connection, words: Sequence[str], rows: Collection[int]) -> Mapping[int, tuple[Hit, ...]]:
    """Return, of these incidents, those in whose texts every one of the words is found, with the texts.

    Case does not matter for the letters a to z.
    """
    found: dict[int, list[Hit]] = defaultdict(list)
    left = set(rows)
    for word in words:
        hits = [Hit(row[0], row[1], row[2]) for row in connection.execute(_texts_with(word, left))]
        left &= {hit.row for hit in hits}
        for hit in hits:
            if hit not in found[hit.row]:
                found[hit.row].append(hit)
    return {row: tuple(found[row]) for row in left}


def features(connection: Connection, of: Sequence[Incident]) -> tuple[Features, ...]:
    """Return what each incident is compared by, in the order given."""
    texts: dict[int, list[str]] = defaultdict(list)
    categories: dict[int, set[str]] = defaultdict(set)
    query = select(causes.c.incident, causes.c.text, causes.c.category).where(
        causes.c.incident.in_([one.row_id for one in of]), ~causes.c.is_removed
    )
    for row in connection.execute(query):
        texts[row.incident].append(row.text)
        if row.category:
            categories[row.incident].add(row.category)
    return tuple(
        Features(
            key=one.row_id,
            services=frozenset(one.services),
            vendor=one.vendor,
            categories=frozenset(categories[one.row_id]),
            texts=(one.title, *texts[one.row_id]),
        )
        for one in of
    )


def cases(connection: Connection, of: Sequence[Incident]) -> tuple[Case, ...]:
    """Return what a quarter's figures are made of, in the order given."""
    rows = [one.row_id for one in of]
    stamps: dict[int, dict[Milestone, datetime]] = defaultdict(dict)
    for row in connection.execute(select(milestones).where(milestones.c.incident.in_(rows))):
        stamps[row.incident][Milestone(row.name)] = row.at
    states: dict[int, list[ActionStatus]] = defaultdict(list)
    standing = select(actions.c.incident, actions.c.status).where(actions.c.incident.in_(rows), ~actions.c.is_removed)
    for row in connection.execute(standing):
        states[row.incident].append(ActionStatus(row.status))
    first = select(drafts.c.incident, func.min(drafts.c.made_at).label("at")).where(drafts.c.incident.in_(rows))
    drafted = {row.incident: row.at for row in connection.execute(first.group_by(drafts.c.incident))}
    return tuple(
        Case(
            incident=one,
            metrics=metrics(stamps[one.row_id]),
            resolved_at=stamps[one.row_id].get(Milestone.RESOLVED),
            first_draft_at=drafted.get(one.row_id),
            actions=tuple(states[one.row_id]),
        )
        for one in of
    )
