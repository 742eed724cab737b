"""What people decided about a message's entry."""

from typing import Any

from sqlalchemy.engine import Connection

from storage.tables import curations
from storage.upsert import inserting

_NOTHING: dict[str, Any] = {
    "text": None,
    "at": None,
    "phase": None,
    "is_key": None,
    "is_kept_out": False,
    "was_edited": False,
}


def decide(connection: Connection, team_id: str, channel_id: str, ts: str, **decided: Any) -> None:
    """Store what was decided about one message; what is not named stays as it was."""
    row = {"team_id": team_id, "channel_id": channel_id, "ts": ts}
    insert = inserting(connection.dialect.name, curations).values(row | _NOTHING | decided)
    connection.execute(insert.on_conflict_do_update(index_elements=["team_id", "channel_id", "ts"], set_=decided))
