"""The workspace and its people, as last read from Slack."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.domain.people import Person
from storage.tables import people
from storage.tables import teams as teams_table
from storage.upsert import inserting


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, and who the bot is in it. `url` is the workspace's address, which permalinks begin with."""

    team_id: str
    name: str
    url: str
    bot_user_id: str
    bot_id: str


def save_team(connection: Connection, team: Team) -> None:
    """Store what auth.test said."""
    values = asdict(team)
    insert = inserting(connection.dialect.name, teams_table).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=["team_id"], set_=values))


def team(connection: Connection, team_id: str) -> Team | None:
    """Return the workspace, None if it was never connected."""
    row = connection.execute(select(teams_table).where(teams_table.c.team_id == team_id)).first()
    return _team(row) if row else None


def _team(row: Row[Any]) -> Team:
    return Team(row.team_id, row.name, row.url, row.bot_user_id, row.bot_id)


def teams(connection: Connection) -> tuple[Team, ...]:
    """Return the workspaces that were ever connected, in the order of their ids."""
    rows = connection.execute(select(teams_table).order_by(teams_table.c.team_id))
    return tuple(_team(row) for row in rows)


def save(connection: Connection, team_id: str, person: Person, *, now: datetime) -> None:
    """Store what Slack says of somebody now."""
    values = asdict(person) | {"read_at": now}
    insert = inserting(connection.dialect.name, people).values(team_id=team_id, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=values))


def save_older(connection: Connection, team_id: str, described: Iterable[Person], *, read_at: datetime) -> None:
    """Store what was said of people at some time (UTC), where nothing later is known of them."""
    insert = inserting(connection.dialect.name, people)
    new = insert.excluded
    names = [column.name for column in people.c if not column.primary_key]
    upsert = insert.on_conflict_do_update(
        index_elements=["team_id", "user_id"],
        set_={name: new[name] for name in names},
        where=people.c.read_at < new.read_at,
    )
    rows = [{"team_id": team_id, "read_at": read_at, **asdict(person)} for person in described]
    if rows:
        # In one order everywhere, so that two processes that save the same people can't wait crosswise.
        connection.execute(upsert, sorted(rows, key=itemgetter("user_id")))


def _person(row: Row[Any]) -> Person:
    return Person(
        user_id=row.user_id,
        display_name=row.display_name,
        real_name=row.real_name,
        zone=row.zone,
        is_bot=row.is_bot,
        is_guest=row.is_guest,
        is_deactivated=row.is_deactivated,
    )


def known(connection: Connection, team_id: str, user_ids: Iterable[str]) -> Mapping[str, Person]:
    """Return those of the people who are stored."""
    wanted = list(dict.fromkeys(user_ids))
    query = select(people).where(people.c.team_id == team_id, people.c.user_id.in_(wanted))
    return {row.user_id: _person(row) for row in connection.execute(query)}


def read_at(connection: Connection, team_id: str, user_id: str) -> datetime | None:
    """Return when somebody was last read from Slack (UTC), None if never."""
    query = select(people.c.read_at).where(people.c.team_id == team_id, people.c.user_id == user_id)
    return connection.execute(query).scalar()
