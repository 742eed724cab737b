"""Drafts: each a generated revision of an incident's postmortem."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.errors import TryAgainError
from bot.domain.incident import Incident
from storage.tables import drafts
from storage.upsert import inserting


@dataclass(frozen=True, slots=True)
class Draft:
    """One revision in its forms.

    `made_for` is the request that asked for it; `sha256` is of the
    Markdown; `published_at` (UTC) is None until it is frozen.
    """

    draft_id: int
    revision: int
    made_for: str
    audience: str
    made_at: datetime
    made_by: str
    markdown: str
    html: str
    json: Mapping[str, Any]
    summary: str
    sha256: str
    published_at: datetime | None
    published_by: str | None


def next_revision(connection: Connection, incident: Incident) -> int:
    """Return the number of the incident's next revision, from 1."""
    query = select(func.coalesce(func.max(drafts.c.revision), 0)).where(drafts.c.incident == incident.row_id)
    return int(connection.execute(query).scalar_one()) + 1


def add(connection: Connection, incident: Incident, draft: Draft) -> Draft:
    """Store a revision (its `draft_id` is ignored) and return it, or the one that its request has made meanwhile.

    Raises TryAgainError when another request has made a revision of this number meanwhile.
    """
    insert = inserting(connection.dialect.name, drafts).values(
        incident=incident.row_id,
        revision=draft.revision,
        made_for=draft.made_for,
        audience=draft.audience,
        made_at=draft.made_at,
        made_by=draft.made_by,
        markdown=draft.markdown,
        html=draft.html,
        json=dict(draft.json),
        summary=draft.summary,
        sha256=draft.sha256,
    )
    connection.execute(insert.on_conflict_do_nothing())
    stored = made_for(connection, incident, draft.made_for)
    if stored is None:
        raise TryAgainError(f"Draft {draft.revision} of {incident.incident_id} has been made meanwhile.")
    return stored


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        draft_id=row.id,
        revision=row.revision,
        made_for=row.made_for,
        audience=row.audience,
        made_at=row.made_at,
        made_by=row.made_by,
        markdown=row.markdown,
        html=row.html,
        json=row.json,
        summary=row.summary,
        sha256=row.sha256,
        published_at=row.published_at,
        published_by=row.published_by,
    )


def latest(connection: Connection, incident: Incident) -> Draft | None:
    """Return the newest revision, None before the first draft."""
    query = select(drafts).where(drafts.c.incident == incident.row_id).order_by(drafts.c.revision.desc()).limit(1)
    row = connection.execute(query).first()
    return _draft(row) if row else None


def by_revision(connection: Connection, incident: Incident, revision: int) -> Draft | None:
    """Return one revision, None if there is none of this number."""
    query = select(drafts).where(drafts.c.incident == incident.row_id, drafts.c.revision == revision)
    row = connection.execute(query).first()
    return _draft(row) if row else None


def made_for(connection: Connection, incident: Incident, request: str) -> Draft | None:
    """Return the revision that this request has already made, None if it has made none."""
    query = select(drafts).where(drafts.c.incident == incident.row_id, drafts.c.made_for == request)
    row = connection.execute(query).first()
    return _draft(row) if row else None


def published(connection: Connection, incident: Incident) -> Draft | None:
    """Return the newest published revision, None before anything was published."""
    query = (
        select(drafts)
        .where(drafts.c.incident == incident.row_id, drafts.c.published_at.is_not(None))
        .order_by(drafts.c.revision.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return _draft(row) if row else None


def publish(connection: Connection, draft: Draft, *, by: str, now: datetime) -> None:
    """Freeze a revision as published."""
    connection.execute(update(drafts).where(drafts.c.id == draft.draft_id).values(published_at=now, published_by=by))
