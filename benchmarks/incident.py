"""The incident that the benchmarks work on."""

from datetime import datetime

from bot.domain.incident import IncidentType, Kind, Severity
from storage import incidents
from storage.database import Database
from storage.incidents import NewIncident

TEAM, CHANNEL = "T0BENCH", "C0BENCH"


def declare(database: Database, *, at: datetime) -> None:
    """Store an incident declared at this time (aware), with its channel."""
    new = NewIncident(
        TEAM,
        "Bench",
        Kind.LIVE,
        IncidentType.PRODUCTION,
        Severity.SEV3,
        is_private=False,
        reporter_id="U1",
        declared_at=at,
    )
    with database.transaction() as connection:
        incidents.change(connection, incidents.create(connection, new), channel_id=CHANNEL)
