"""What user groups and channels that were mentioned are called, as last read from Slack; empty where it told none."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage.tables import names
from storage.upsert import inserting


def known(connection: Connection, team_id: str, thing_ids: Iterable[str]) -> Mapping[str, str]:
    """Return the stored names by id; an empty one where Slack told none."""
    query = select(names.c.thing_id, names.c.name).where(
        names.c.team_id == team_id, names.c.thing_id.in_(sorted(thing_ids))
    )
    return {row.thing_id: row.name for row in connection.execute(query)}


def fresh(connection: Connection, team_id: str, thing_ids: Iterable[str], *, since: datetime) -> frozenset[str]:
    """Return those that were read from Slack after this moment (UTC)."""
    query = select(names.c.thing_id).where(
        names.c.team_id == team_id, names.c.thing_id.in_(sorted(thing_ids)), names.c.read_at > since
    )
    return frozenset(connection.execute(query).scalars())


def save(connection: Connection, team_id: str, found: Mapping[str, str], *, now: datetime) -> None:
    """Store what Slack says now. In one order everywhere, so that two processes can't wait crosswise."""
    insert = inserting(connection.dialect.name, names)
    values = {"name": insert.excluded.name, "read_at": insert.excluded.read_at}
    rows = [
        {"team_id": team_id, "thing_id": thing_id, "name": name, "read_at": now}
        for thing_id, name in sorted(found.items())
    ]
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["team_id", "thing_id"], set_=values), rows)
