"""What the command line asks of a database, without Slack. Who can open the file may see all of it."""

import json
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.postmortem import Postmortem, as_json, assemble
from bot.domain.postmortem.audiences import Audience, customer, executive, projected
from bot.domain.postmortem.gaps import Commands, commands_about
from bot.domain.review import Review, review, with_review
from bot.domain.text import SOMEONE, mentioned, with_mentions_as
from bot.domain.timeline import EmojiMap
from bot.rendering import Renderer
from storage import drafts, incidents, people, records
from storage.database import Connection, Database

FORMS = ("md", "html", "json")


def listed(database: Database) -> tuple[Incident, ...]:
    """Return all incidents, the newest first, with the people in their titles by name."""
    with database.reading() as connection:
        return tuple(_titled(connection, one) for one in incidents.of_team(connection, None, only_open=False))


def _titled(connection: Connection, incident: Incident) -> Incident:
    found = people.known(connection, incident.team_id, mentioned(incident.title))
    names = {user_id: person.name for user_id, person in found.items()}
    return replace(incident, title=with_mentions_as(incident.title, lambda user_id: f"@{names.get(user_id, SOMEONE)}"))


def reviewed(
    database: Database,
    incident_id: str,
    *,
    now: datetime,
    emoji: EmojiMap,
    command: str,
    postmortem_command: str,
) -> tuple[Postmortem, Review]:
    """Return the postmortem of the incident whose id this is or ends, with its review.

    Raises NotFoundError when there is none, UserError when an ending fits several.
    """
    wanted = incident_id.upper()
    with database.reading() as connection:
        found = [
            one
            for one in incidents.of_team(connection, None, only_open=False, has_parts=True)
            if one.incident_id.endswith(wanted)
        ]
        exact = [one for one in found if one.incident_id == wanted]
        if not found:
            raise NotFoundError(f"There is no incident {wanted}. scribe list shows them.")
        if len(exact or found) > 1:
            choices = ", ".join(one.incident_id for one in found[:5])
            raise UserError(f"Several incidents end in {wanted}: {choices}. Name one of them in full.")
        incident = incidents.whole_of(connection, (exact or found)[0])
        record = records.load(connection, incident)
        last = drafts.latest(connection, incident)
        first = drafts.by_revision(connection, incident, 1)
    report = assemble(
        record,
        now=now,
        revision=last.revision if last else 1,
        emoji=emoji,
        command=command,
        postmortem_command=postmortem_command,
    )
    made_at = first.made_at if first else None
    commands = commands_about(incident, Commands(command, postmortem_command))
    return report, review(report, commands, has_follow_ups=last is not None, first_drafted_at=made_at)


def document(renderer: Renderer, report: Postmortem, found: Review, audience: Audience, form: str) -> str:
    """Return the report for an audience as a document; `form` is one of FORMS."""
    if form == "json":
        data = with_review(as_json(report), found, renderer.markdown(report))
        return json.dumps(projected(data, audience), ensure_ascii=False, indent=2) + "\n"
    if audience is Audience.INTERNAL:
        return renderer.html(report) if form == "html" else renderer.markdown(report)
    brief = customer(report) if audience is Audience.CUSTOMER else executive(report)
    return renderer.brief_html(brief) if form == "html" else renderer.brief_markdown(brief)
