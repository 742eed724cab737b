"""Handing out a draft as a file, to whoever asked and nobody else."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.errors import NotFoundError, UserError
from bot.domain.incident import Incident
from bot.domain.rights import Right, sees
from bot.services import jobs, people
from bot.services.draft import tell_asker
from bot.services.ports import RefusedError
from bot.services.posting import deliver_file
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.views import AnswerView
from bot.services.world import World
from storage import drafts, incidents
from storage.database import Connection
from storage.drafts import Draft
from storage.due import DueItem
from storage.posts import NewPost

log = structlog.get_logger()

FORMS = ("md", "html", "json")


def ask_for_export(world: World, request: Request, form: str) -> AnswerView:
    """Let the newest draft be sent to the asker. Raises UserError before there is one, or for a form not there yet."""

    def change(connection: Connection, incident: Incident) -> Outcome:
        command = addressed(world, request, incident, is_postmortem=True)
        if form not in FORMS:
            missing = f"{form.upper()} isn't there yet. A browser prints this one to PDF"
            raise UserError(missing, right=f"{command} export html")
        draft = drafts.latest(connection, incident)
        if draft is None:
            raise NotFoundError(f"{incident.incident_id} has no draft yet. Make one first", right=f"{command} draft")
        asked = {
            "by": request.actor.user_id,
            "at": request.now.isoformat(),
            "channel_id": request.channel_id,
            "response_url": request.response_url,
        }
        job = jobs.export(incident, request.key, now=request.now, form=form, revision=draft.revision, asked=asked)
        return Outcome(f"Sending you draft {draft.revision} of {incident.incident_id} …", jobs=(job,))

    return carry_out(world, request, Right.DRAFT, change)


def send(world: World, item: DueItem) -> None:
    """Share one revision in the direct channel with whoever asked, unless they may not see it any more.

    Raises OutsideError where trying again is right.
    """
    payload = item.payload
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, jobs.row_of(item.subject))
        draft = drafts.by_revision(connection, incident, payload["revision"])
    assert draft is not None
    if not _still_sees(world, incident, payload):
        log.info("file not sent: its asker is out of the incident", incident=incident.incident_id)
        return
    name = f"{incident.incident_id}-draft-{draft.revision}.{payload['form']}"
    try:
        channel_id = world.channels.direct(payload["by"])
        new = NewPost(f"export:{incident.row_id}:{item.slot}", incident.team_id, incident.row_id, "export", channel_id)
        title = f"Draft {draft.revision}, postmortem {incident.incident_id}"
        deliver_file(world, new, name=name, title=title, content=content_of(draft, payload["form"]))
    except RefusedError as error:
        tell_asker(world, payload["response_url"], f"{name} could not be sent (Slack says {error.code}).")
    else:
        tell_asker(world, payload["response_url"], f"{name} is in your direct messages with me.")


def _still_sees(world: World, incident: Incident, asked: Mapping[str, Any]) -> bool:
    """Whether the asker may still see the incident: it may have taken a while until Slack could be asked."""
    by, channel_id, at = asked["by"], asked["channel_id"], datetime.fromisoformat(asked["at"])
    is_out = people.has_left(world, incident.team_id, by, channel_id, since=at)
    actor, _zone = people.actor(world, incident.team_id, by, "" if is_out else channel_id, now=world.clock())
    return sees(actor, incident)


def content_of(draft: Draft, form: str) -> bytes:
    """Return a revision as a file of this form: one of FORMS."""
    forms = {
        "md": lambda: draft.markdown,
        "html": lambda: draft.html,
        "json": lambda: json.dumps(draft.json, ensure_ascii=False, indent=2) + "\n",
    }
    return forms[form]().encode()
