"""What the command line asks of a database, without Slack. Who can open the file may see all of it."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.postmortem import Postmortem, assemble
from bot.domain.text import mentioned, with_mentions_as
from bot.domain.timeline import EmojiMap
from storage import drafts, incidents, people, records
from storage.database import Connection, Database


def listed(database: Database) -> tuple[Incident, ...]:
    """Return all incidents, the newest first, with the people in their titles by name."""
    with database.reading() as connection:
        return tuple(_titled(connection, one) for one in incidents.of_team(connection, None, only_open=False))


def _titled(connection: Connection, incident: Incident) -> Incident:
    found = people.known(connection, incident.team_id, mentioned(incident.title))
    names = {user_id: person.name for user_id, person in found.items()}
    return replace(incident, title=with_mentions_as(incident.title, lambda user_id: f"@{names.get(user_id, user_id)}"))


def assembled(
    database: Database,
    incident_id: str,
    *,
    now: datetime,
    emoji: EmojiMap,
    command: str,
    postmortem_command: str,
) -> Postmortem:
    """Return the postmortem of the incident whose id this is or ends.

    Raises NotFoundError when there is none, UserError when an ending fits several.
    """
    wanted = incident_id.upper()
    with database.reading() as connection:
        found = [
            one for one in incidents.of_team(connection, None, only_open=False) if one.incident_id.endswith(wanted)
        ]
        exact = [one for one in found if one.incident_id == wanted]
        if not found:
            raise NotFoundError(f"There is no incident {wanted}. scribe list shows them.")
        if len(exact or found) > 1:
            choices = ", ".join(one.incident_id for one in found[:5])
            raise UserError(f"Several incidents end in {wanted}: {choices}. Name one of them in full.")
        incident = (exact or found)[0]
        record = records.load(connection, incident)
        last = drafts.latest(connection, incident)
    return assemble(
        record,
        now=now,
        revision=last.revision if last else 1,
        emoji=emoji,
        command=command,
        postmortem_command=postmortem_command,
    )
