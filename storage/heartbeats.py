"""From when to when each process of the program was listening to Slack, as far as it has said so."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from storage.locks import one_at_a_time
from storage.tables import heartbeats
from storage.upsert import inserting

# Each process makes a name of its own when it starts; those of old ones tell nothing any more.
_KEPT = timedelta(days=1)


def last(connection: Connection, team_id: str) -> datetime | None:
    """Return when (UTC) any process was last known to listen, None if none ever was.

    Until this transaction ends, nobody else is told: whoever asks has just begun to listen.
    """
    one_at_a_time(connection, "heartbeats", team_id)
    return connection.execute(select(func.max(heartbeats.c.at)).where(heartbeats.c.team_id == team_id)).scalar()


def beat(connection: Connection, team_id: str, worker: str, *, since: datetime, at: datetime) -> None:
    """Record that a process has been listening without a break from `since` until `at` (UTC)."""
    insert = inserting(connection.dialect.name, heartbeats)
    values = {"since": since, "at": at}
    connection.execute(
        insert.values(team_id=team_id, worker=worker, **values).on_conflict_do_update(
            index_elements=["team_id", "worker"], set_=values
        )
    )


def forget_old(connection: Connection, team_id: str, *, now: datetime) -> None:
    """Delete what long gone processes have said; `now` is UTC."""
    connection.execute(delete(heartbeats).where(heartbeats.c.team_id == team_id, heartbeats.c.at < now - _KEPT))
