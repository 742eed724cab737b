"""What is not done for an incident that was taken in from an export.

In its channels, if Slack still has them, nobody waits for the program: nothing is said there, and nobody is brought in.
What is entered for it, asked and drafted goes to the asker alone.
"""

from collections.abc import Callable

import structlog

from bot.domain.incident import Incident
from bot.services import jobs
from bot.services.ports import RefusedError
from bot.services.posting import deliver_file
from bot.services.world import World
from storage import incidents
from storage.due import DueItem
from storage.posts import NewPost

log = structlog.get_logger()

Job = Callable[[World, DueItem], None]


def unless_imported(job: Job) -> Job:
    """Return the job, which does nothing for an imported incident."""

    def run(world: World, item: DueItem) -> None:
        with world.database.reading() as connection:
            incident = incidents.by_row(connection, jobs.row_of(item.subject))
        if not incident.is_imported:
            job(world, item)

    return run


def hand_out(world: World, incident: Incident, files: dict[str, bytes], *, to: str) -> str | None:
    """Send files to somebody by direct message, each once; return Slack's reason where it refuses, None when done.

    Raises OutsideError where trying again later is right.
    """
    try:
        channel_id = world.channels.direct(to)
        for name, content in files.items():
            key = f"handed-out:{incident.row_id}:{name}:{to}"
            new = NewPost(key, incident.team_id, incident.row_id, "handed-out", channel_id)
            deliver_file(world, new, name=name, title=name, content=content)
    except RefusedError as error:
        log.warning("file not sent", code=error.code, incident=incident.incident_id)
        return error.code
    return None
