"""Revisions as other audiences may read them: made, approved, published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.postmortem.audiences import Audience
from storage.drafts import Draft
from storage.tables import versions
from storage.upsert import inserting


@dataclass(frozen=True, slots=True)
class Version:
    """One revision for one audience. Times are UTC; what has not happened is None."""

    draft_id: int
    audience: Audience
    markdown: str
    html: str
    sha256: str
    made_at: datetime
    approved_at: datetime | None = None
    approved_by: str | None = None
    published_at: datetime | None = None
    published_by: str | None = None


def add(connection: Connection, version: Version) -> Version:
    """Store a version, unless the revision has one for this audience already; return the one that stands."""
    insert = inserting(connection.dialect.name, versions).values(
        draft=version.draft_id,
        audience=version.audience.value,
        markdown=version.markdown,
        html=version.html,
        sha256=version.sha256,
        made_at=version.made_at,
    )
    connection.execute(insert.on_conflict_do_nothing())
    query = select(versions).where(versions.c.draft == version.draft_id, versions.c.audience == version.audience.value)
    return _version(connection.execute(query).one())


def _version(row: Row[Any]) -> Version:
    return Version(
        draft_id=row.draft,
        audience=Audience(row.audience),
        markdown=row.markdown,
        html=row.html,
        sha256=row.sha256,
        made_at=row.made_at,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        published_at=row.published_at,
        published_by=row.published_by,
    )


def of_draft(connection: Connection, draft: Draft, audience: Audience) -> Version | None:
    """Return this audience's version of a revision, None before one was made."""
    query = select(versions).where(versions.c.draft == draft.draft_id, versions.c.audience == audience.value)
    row = connection.execute(query).first()
    return _version(row) if row else None


def approve(connection: Connection, version: Version, *, by: str, now: datetime) -> None:
    """Record who agreed that it may go out, and when."""
    _set(connection, version, approved_at=now, approved_by=by)


def publish(connection: Connection, version: Version, *, by: str, now: datetime) -> None:
    """Record who published it, and when."""
    _set(connection, version, published_at=now, published_by=by)


def _set(connection: Connection, version: Version, **values: object) -> None:
    connection.execute(
        update(versions)
        .where(versions.c.draft == version.draft_id, versions.c.audience == version.audience.value)
        .values(**values)
    )
