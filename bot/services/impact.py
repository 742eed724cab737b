"""The form that states the impact: what it holds when it opens, and what sending it in changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain import impact as figures
from bot.domain.errors import UserError
from bot.domain.impact import ImpactDetails
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import Impact, valid_statement, with_details
from bot.domain.text import clipped, one_line
from bot.services import people
from bot.services.requests import Outcome, Request, carry_out, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import statements
from storage.database import Connection
from storage.undo import RemoveRow, RestoreRow, Step

_ECHO_LENGTH = 300


@dataclass(frozen=True, slots=True)
class ImpactForm:
    """What the form holds when it opens: the statement that it changes (`base`, None for a new one) as typed text."""

    incident: Incident
    base: int | None
    text: str
    held: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SentImpact:
    """What was sent in: `base` as it was opened with; `text` is None for a step that has no such field."""

    base: int | None
    given: Mapping[str, str]
    text: str | None = None


def open_form(world: World, request: Request) -> ImpactForm:
    """Return what the form holds for this asker. Raises UserError where they may not state an impact."""
    incident = look(world, request, Right.STATE)
    with world.database.reading() as connection:
        standing = _changed_by_the_form(statements.impacts_of(connection, incident))
    if standing is None:
        return ImpactForm(incident, None, "", {})
    return ImpactForm(incident, standing.impact_id, _as_typed(world, request, standing), _held(standing, request))


def save(world: World, request: Request, sent: SentImpact) -> AnswerView:
    """Save what was changed in the form, and nothing else, in the place of what stood there.

    Of two people with the form open the later one overwrites only what they changed themselves, and reads what it
    was. Raises UserError, `field` naming where.
    """
    incident = look(world, request, Right.STATE)
    with world.database.reading() as connection:
        opened = statements.impact_by_key(connection, incident, sent.base) if sent.base is not None else None
    text = _text(world, request, sent, opened)
    held = _held(opened, request) if opened else {}

    def change(connection: Connection, incident: Incident) -> Outcome:
        standing = _changed_by_the_form(statements.impacts_of(connection, incident))
        before = standing or Impact("", request.actor.user_id, request.now)
        known = before.details or ImpactDetails()
        details = figures.changed(known, held, sent.given, now=request.now, zone=request.zone)
        after = Impact(
            before.text if text is None else text,
            request.actor.user_id,
            request.now,
            None if details.is_empty else details,
        )
        if not after.text and after.details is None:
            raise UserError("Say who was affected and how, or give a figure.")
        if (after.text, after.details) == (before.text, before.details):
            return Outcome(f"The impact of {incident.incident_id} stays as it was.")
        steps = _stored(connection, incident, standing, after)
        return Outcome(_said(incident, before, after), undo=tuple(steps))

    return carry_out(world, request, Right.STATE, change)


def _changed_by_the_form(impacts: Sequence[Impact]) -> Impact | None:
    """Return the statement that the form shows and replaces: the one with the figures, else the latest."""
    return with_details(impacts) or (impacts[-1] if impacts else None)


def _held(standing: Impact, request: Request) -> dict[str, str]:
    return figures.typed(standing.details or ImpactDetails(), request.zone)


def _as_typed(world: World, request: Request, standing: Impact) -> str:
    return people.spoken(world, request.actor.team_id, standing.text, now=request.now, at_most=1)


def _text(world: World, request: Request, sent: SentImpact, opened: Impact | None) -> str | None:
    """Return the text that the form was changed to, None when it was not touched."""
    if sent.text is None:
        return None
    before = opened.text if opened else ""
    if sent.text == (_as_typed(world, request, opened).strip() if opened else ""):
        return None
    if not sent.text:
        return ""
    valid = valid_statement(sent.text, what="who was affected and how", example="1 in 5 checkouts failed")
    return people.unspoken(world, request.actor.team_id, valid, before, now=request.now)


def _stored(connection: Connection, incident: Incident, standing: Impact | None, after: Impact) -> list[Step]:
    steps: list[Step] = [RemoveRow("impacts", statements.add_impact(connection, incident, after))]
    if standing:
        statements.remove(connection, "impacts", standing.impact_id)
        steps.append(RestoreRow("impacts", standing.impact_id, {"is_removed": False}, {"is_removed": True}))
    return steps


def _said(incident: Incident, before: Impact, after: Impact) -> str:
    """Return what has changed, a line each, with what it was."""
    lines = [f"Impact of {incident.incident_id} saved."]
    if before.text != after.text:
        was = f" (was: {_short(before.text)})" if before.text else ""
        lines.append(f"{_short(after.text) or 'No sentence'}{was}")
    lines += figures.differences(before.details or ImpactDetails(), after.details or ImpactDetails())
    return "\n".join(lines)


def _short(text: str) -> str:
    return clipped(one_line(text), _ECHO_LENGTH)
