"""Declaring an incident with the form."""

from dataclasses import replace
from datetime import datetime

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.incident import IncidentType, Kind, Severity
from bot.services.adopting import ask
from bot.services.declare import Declaration, Detection, declare
from bot.services.requests import Request
from bot.services.world import World
from bot.slack import door
from bot.slack.blocks import modals
from bot.slack.blocks.forms import Form
from bot.slack.commands import with_form
from bot.slack.forms.reading import Payload, Submitted, form_request, opened_in, read

DECLARE_SHORTCUT = "declare_incident"


def register(app: App, world: World) -> None:
    """Register the global shortcut and the form."""

    def on_shortcut(ack: Ack, body: Payload, client: WebClient) -> None:
        form = Form(modals.declare(severity=world.policy.default_severity, metadata={}))
        # There is no place for words here: where the ack stays out, Slack itself says that it did not work.
        if with_form(client, str(body["trigger_id"]), form) is None:
            ack()

    def on_form(ack: Ack, body: Payload) -> None:
        form = read(body)
        request = _where_opened(world, form_request(world, body), form)
        declaration = _declaration(form, world.policy.default_severity)
        carry_out, title = (ask, "One more step") if form.metadata.get("here") else (declare, "Declared")
        ack(**door.submitted(world, body, title, lambda: carry_out(world, request, declaration), default_field="title"))

    app.shortcut(DECLARE_SHORTCUT)(on_shortcut)
    app.view(modals.DECLARE)(on_form)


def _where_opened(world: World, request: Request, form: Submitted) -> Request:
    """Return the request as made in the channel where the form was opened, if it was opened in one."""
    return replace(
        opened_in(world, request, form),
        channel_name=form.metadata.get("channel_name") or "",
        response_url=form.metadata.get("response_url"),
    )


def _declaration(form: Submitted, default_severity: Severity) -> Declaration:
    since, detected = form.metadata.get("since"), form.metadata.get("detected")
    return Declaration(
        title=form.text("title"),
        severity=Severity(int(form.choice("severity") or default_severity)),
        kind=Kind(form.choice("kind") or Kind.LIVE),
        type=IncidentType(form.choice("type") or IncidentType.PRODUCTION),
        vendor=form.text("vendor") or None,
        is_private=bool(form.choices("private")),
        since=datetime.fromisoformat(since) if since else None,
        detected=Detection(*detected) if detected else None,
    )
