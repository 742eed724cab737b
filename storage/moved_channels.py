"""A channel whose id has changed: everything that is stored of it goes to the new id."""

from sqlalchemy import Table, and_, delete, exists, select, update
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from storage import incidents as stored_incidents
from storage.tables import curations, incidents, marks, memberships, message_revisions, messages, posts, sources, votes

# What is stored once for each of these within a channel.
_KEYS: dict[Table, tuple[str, ...]] = {
    messages: ("ts",),
    message_revisions: ("ts", "edited_ts"),
    votes: ("ts", "user_id", "emoji"),
    memberships: ("user_id",),
    curations: ("ts",),
    marks: ("ts",),
}


def move(connection: Connection, team_id: str, old_id: str, new_id: str) -> tuple[Incident, ...]:
    """Let the channel be known by its new id, and return the incidents that are or were led in it.

    Where something is stored of both, that of the new id stays. The same again changes nothing.
    """
    led = stored_incidents.in_channel(connection, team_id, old_id)
    if led and stored_incidents.by_channel(connection, team_id, new_id):
        # The one that was declared under the new id is the newer one.
        of_channel = and_(incidents.c.team_id == team_id, incidents.c.channel_id == old_id)
        connection.execute(update(incidents).where(of_channel).values(holds_channel=False))
    for table in (incidents, posts):
        of_old = and_(table.c.team_id == team_id, table.c.channel_id == old_id)
        connection.execute(update(table).where(of_old).values(channel_id=new_id))
    of_team = select(incidents.c.id).where(incidents.c.team_id == team_id)
    further = and_(sources.c.channel_id == old_id, sources.c.incident.in_(of_team))
    connection.execute(update(sources).where(further).values(channel_id=new_id))
    for table, key in _KEYS.items():
        of_old = and_(table.c.team_id == team_id, table.c.channel_id == old_id)
        new = table.alias()
        same = [new.c[name] == table.c[name] for name in ("team_id", *key)]
        is_known = exists().where(new.c.channel_id == new_id, *same)
        connection.execute(delete(table).where(of_old, is_known))
        connection.execute(update(table).where(of_old).values(channel_id=new_id))
    return tuple(stored_incidents.by_row(connection, one.row_id) for one in led)
