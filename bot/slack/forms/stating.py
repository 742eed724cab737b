"""Stating the impact, naming causes and lessons, adding actions, with a form."""

from collections.abc import Callable
from datetime import date

from slack_bolt import Ack, App

from bot.domain.actions import ActionType, Priority
from bot.domain.causes import new_cause
from bot.domain.errors import UserError
from bot.domain.impact import FIELDS
from bot.domain.links import valid_link
from bot.domain.statements import CauseKind, Layer, LessonKind
from bot.domain.when import read_due
from bot.services import actions, impact, statements
from bot.services.actions import NewAction
from bot.services.impact import SentImpact
from bot.services.requests import Request
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack.asking import metadata_of
from bot.slack.blocks import action_modals, impact_modals, statement_modals
from bot.slack.blocks.forms import Form
from bot.slack.forms.reading import Payload, Submitted, incident_request, read
from bot.slack.forms.showing import passed_on, submitted_from_timeline

_TICKET = "https://example.atlassian.net/browse/PAY-412"
Carry = Callable[[World, Request, Submitted], AnswerView | Form]


def register(app: App, world: World) -> None:
    """Register the forms."""
    for callback_id, title, default_field, carry in (
        (impact_modals.IMPACT, "Impact", "text", _impact),
        (impact_modals.COSTS, "Impact", "data_integrity", _costs),
        (statement_modals.CAUSE, "Cause", "text", _cause),
        (statement_modals.LESSON, "Lesson", "text", _lesson),
        (action_modals.ACTION, "Action", "text", _action),
    ):
        app.view(callback_id)(_listener(world, carry, title=title, default_field=default_field))


def _listener(world: World, carry: Carry, *, title: str, default_field: str) -> Callable[[Ack, Payload], None]:
    def on_form(ack: Ack, body: Payload) -> None:
        form = read(body)

        def run() -> AnswerView | Form:
            return carry(world, incident_request(world, body, form), form)

        ack(**submitted_from_timeline(world, body, form, title, run, default_field=default_field))

    return on_form


def _given(form: Submitted) -> dict[str, str]:
    return {name: form.text(name) for name in FIELDS if name in form.fields}


def _impact(world: World, request: Request, form: Submitted) -> AnswerView | Form:
    given, text = _given(form), form.text("text")
    goes_on = impact_modals.MORE in form.choices("next")
    said = ""
    if text or any(given.values()) or not goes_on:
        answer = impact.save(world, request, SentImpact(form.metadata["base"], given, text))
        if not goes_on:
            return answer
        said = answer.text
    known = impact.open_form(world, request)
    metadata = metadata_of(known.incident, request, {"base": known.base, **passed_on(form)})
    return Form(impact_modals.impact_costs(said=said, held=known.held, metadata=metadata))


def _costs(world: World, request: Request, form: Submitted) -> AnswerView:
    return impact.save(world, request, SentImpact(form.metadata["base"], _given(form)))


def _cause(world: World, request: Request, form: Submitted) -> AnswerView:
    layer, score = form.choice("layer"), form.choice("score")
    cause = new_cause(
        CauseKind(form.choice("kind") or CauseKind.CONTRIBUTING),
        form.text("text"),
        evidence=form.text("evidence"),
        layer=Layer(layer) if layer else None,
        category=form.choice("category"),
        own_category=form.text("own_category"),
        score=int(score) if score else None,
    )
    return statements.add_cause(world, request, cause)


def _lesson(world: World, request: Request, form: Submitted) -> AnswerView:
    kind = LessonKind(form.choice("kind") or LessonKind.WELL)
    return statements.add_lesson(world, request, kind, form.text("text"))


def _action(world: World, request: Request, form: Submitted) -> AnswerView:
    priority, type_, cause = form.choice("priority"), form.choice("type"), form.choice("cause")
    new = NewAction(
        form.text("text"),
        owner_id=form.person("owner"),
        due=_due(form.text("due"), request),
        priority=Priority(priority) if priority else None,
        type=ActionType(type_) if type_ else None,
        link=valid_link(form.text("link"), field="link", example=_TICKET),
        cause_id=int(cause) if cause else None,
        source=form.metadata.get("source"),
    )
    return actions.add_action(world, request, new)


def _due(text: str, request: Request) -> date | None:
    try:
        return read_due(text, now=request.now, zone=request.zone).on if text else None
    except UserError as error:
        error.field = "due"
        raise
