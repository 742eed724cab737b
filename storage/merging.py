"""Giving what was entered in one incident to another, and back. Every row keeps its key, so that each way is exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select, update
from sqlalchemy.engine import Connection

from bot.domain.incident import Incident
from storage.tables import actions, causes, impacts, lessons, notes, tasks, updates, whys

_ENTERED = {table.name: table for table in (notes, impacts, causes, whys, lessons, updates)}
_NUMBERED = {table.name: table for table in (actions, tasks)}


@dataclass(frozen=True, slots=True)
class Renumbered:
    """An action or a task that got another number. `is_removed` says that it had been taken back before."""

    key: int
    before: int
    after: int
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """What has been given from one incident to another: keys by the name of their table, and new numbers likewise."""

    part: int
    whole: int
    keys: dict[str, tuple[int, ...]]
    numbers: dict[str, tuple[Renumbered, ...]]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        numbers = {name: [[one.key, one.before] for one in renumbered] for name, renumbered in self.numbers.items()}
        keys = {name: list(found) for name, found in self.keys.items()}
        return {"part": self.part, "whole": self.whole, "keys": keys, "numbers": numbers}


def move(connection: Connection, part: Incident, whole: Incident) -> Moved:
    """Give everything that was entered in `part` to `whole`, also what was taken back; return what that was.

    Actions and tasks get the next numbers there, in their order.
    """
    return Moved(
        part.row_id,
        whole.row_id,
        keys={name: _give(connection, table, part, whole) for name, table in _ENTERED.items()},
        numbers={name: _renumber(connection, table, part, whole) for name, table in _NUMBERED.items()},
    )


def _give(connection: Connection, table: Table, part: Incident, whole: Incident) -> tuple[int, ...]:
    given = update(table).where(table.c.incident == part.row_id).values(incident=whole.row_id)
    return tuple(sorted(connection.execute(given.returning(table.c.id)).scalars()))


def _renumber(connection: Connection, table: Table, part: Incident, whole: Incident) -> tuple[Renumbered, ...]:
    last = select(func.coalesce(func.max(table.c.number), 0)).where(table.c.incident == whole.row_id)
    first = connection.execute(last).scalar_one() + 1
    query = select(table.c.id, table.c.number, table.c.is_removed).where(table.c.incident == part.row_id)
    found = connection.execute(query.order_by(table.c.number)).all()
    renumbered = tuple(
        Renumbered(row.id, row.number, number, row.is_removed) for number, row in enumerate(found, first)
    )
    for one in renumbered:
        _set(connection, table, one.key, incident=whole.row_id, number=one.after)
    return renumbered


def move_back(connection: Connection, moved: dict[str, Any]) -> None:
    """Give back what `Moved.to_json` names, as far as it still belongs to the incident that it was given to."""
    part, whole = moved["part"], moved["whole"]
    for name, keys in moved["keys"].items():
        table = _ENTERED[name]
        _give_back(connection, table, keys, part, whole)
    for name, numbers in moved["numbers"].items():
        for key, number in numbers:
            _set(connection, _NUMBERED[name], key, incident=part, number=number)


def _give_back(connection: Connection, table: Table, keys: Sequence[int], part: int, whole: int) -> None:
    there = update(table).where(table.c.id.in_(keys), table.c.incident == whole)
    connection.execute(there.values(incident=part))


def _set(connection: Connection, table: Table, key: int, **values: Any) -> None:
    connection.execute(update(table).where(table.c.id == key).values(**values))


def name_whys(connection: Connection, part: Incident) -> tuple[int, ...]:
    """Make the why chain without a name one that has the incident's id for its name; return the keys of its links."""
    unnamed = update(whys).where(whys.c.incident == part.row_id, whys.c.branch.is_(None))
    return tuple(connection.execute(unnamed.values(branch=part.incident_id).returning(whys.c.id)).scalars())
