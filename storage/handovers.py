"""Handovers of the lead. At most one of an incident stands as offered."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from bot.domain.handover import Brief, Handover, HandoverStatus
from bot.domain.incident import Incident
from storage.tables import handovers


def offer(connection: Connection, incident: Incident, handover: Handover) -> Handover:
    """Store an offer (its `handover_id` is ignored) and return it with its key."""
    values = {
        "by": handover.by,
        "said_at": handover.said_at,
        "to_id": handover.to_id,
        "brief": asdict(handover.brief),
        "status": handover.status.value,
    }
    insert = handovers.insert().values(incident=incident.row_id, **values).returning(*handovers.c)
    return _handover(connection.execute(insert).one())


def _handover(row: Row[Any]) -> Handover:
    return Handover(
        handover_id=row.id,
        by=row.by,
        said_at=row.said_at,
        to_id=row.to_id,
        brief=Brief.of(row.brief),
        status=HandoverStatus(row.status),
        status_at=row.status_at,
        status_by=row.status_by,
    )


def handover_of(connection: Connection, incident: Incident, handover_id: int) -> Handover | None:
    """Return the incident's handover with this key, None if it has none."""
    query = select(handovers).where(handovers.c.incident == incident.row_id, handovers.c.id == handover_id)
    row = connection.execute(query).first()
    return _handover(row) if row else None


def standing(connection: Connection, incident: Incident) -> Handover | None:
    """Return the offer that can still be accepted, None if there is none."""
    query = select(handovers).where(
        handovers.c.incident == incident.row_id, handovers.c.status == HandoverStatus.OFFERED.value
    )
    row = connection.execute(query.order_by(handovers.c.id.desc())).first()
    return _handover(row) if row else None


def move_handover(
    connection: Connection, handover: Handover, status: HandoverStatus, *, by: str, now: datetime
) -> None:
    """Store how an offer ended."""
    values = {"status": status.value, "status_at": now, "status_by": by}
    connection.execute(update(handovers).where(handovers.c.id == handover.handover_id).values(values))
