"""What people decided about a message's entry."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from storage.tables import curations
from storage.undo import RestoreCuration
from storage.upsert import inserting

_NOTHING: dict[str, Any] = {
    "text": None,
    "at": None,
    "phase": None,
    "is_key": None,
    "is_kept_out": False,
    "was_edited": False,
    "without": None,
    "is_declined": False,
    "was_suggested": False,
}


def decide(connection: Connection, incident: Incident, channel_id: str, ts: str, **decided: Any) -> RestoreCuration:
    """Store what was decided about one message; what is not named stays as it was. Return how to take it back."""
    row = {"team_id": incident.team_id, "channel_id": channel_id, "ts": ts}
    table = curations.c
    here = select(curations).where(table.team_id == incident.team_id, table.channel_id == channel_id, table.ts == ts)
    before = connection.execute(here).mappings().first() or _NOTHING
    insert = inserting(connection.dialect.name, curations).values(row | _NOTHING | decided)
    connection.execute(insert.on_conflict_do_update(index_elements=["team_id", "channel_id", "ts"], set_=decided))
    return RestoreCuration(channel_id, ts, {name: before[name] for name in decided}, decided)
