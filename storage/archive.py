"""Where the postmortems of many incidents stand, read in a handful of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.domain.archive import Standing, standing
from bot.domain.incident import Incident, Role, RoleHolder
from bot.domain.milestones import Milestone
from storage.tables import drafts, milestones, roles


def standings(connection: Connection, of: Sequence[Incident]) -> tuple[Standing, ...]:
    """Return where each incident's postmortem stands, in the order given."""
    rows = [one.row_id for one in of]
    holders = _holders(connection, rows)
    resolved = select(milestones.c.incident, milestones.c.at).where(
        milestones.c.incident.in_(rows), milestones.c.name == Milestone.RESOLVED.value
    )
    resolved_at = {row.incident: row.at for row in connection.execute(resolved)}
    newest = {
        row.incident: row
        for row in connection.execute(
            select(
                drafts.c.incident,
                func.max(drafts.c.revision).label("revision"),
                func.max(drafts.c.published_at).label("published_at"),
            )
            .where(drafts.c.incident.in_(rows))
            .group_by(drafts.c.incident)
        )
    }
    return tuple(
        standing(
            one,
            holders[one.row_id],
            resolved_at=resolved_at.get(one.row_id),
            revision=newest[one.row_id].revision if one.row_id in newest else None,
            published_at=newest[one.row_id].published_at if one.row_id in newest else None,
        )
        for one in of
    )


def _holders(connection: Connection, rows: Collection[int]) -> dict[int, list[RoleHolder]]:
    found: dict[int, list[RoleHolder]] = defaultdict(list)
    for row in connection.execute(select(roles).where(roles.c.incident.in_(list(rows)))):
        found[row.incident].append(RoleHolder(Role(row.role), row.user_id, row.since))
    return found
