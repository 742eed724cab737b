"""Adding to an incident: notes, impact, causes, whys, lessons. Each can be taken back with Undo."""

from collections.abc import Callable

from bot.domain.causes import NewCause
from bot.domain.incident import Incident
from bot.domain.rights import Right
from bot.domain.statements import Cause, CauseKind, Impact, Lesson, LessonKind, Why, valid_statement
from bot.domain.text import clipped, one_line
from bot.domain.timeline import Note
from bot.domain.when import Moment, echo
from bot.services.requests import Outcome, Request, addressed, carry_out, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import statements
from storage.database import Connection
from storage.undo import RemoveRow

_ECHO_LENGTH = 120
_LESSON_WORDS = {
    LessonKind.WELL: "went well",
    LessonKind.POORLY: "went poorly",
    LessonKind.LUCKY: "where we got lucky",
    LessonKind.HARD: "what made it hard",
    LessonKind.UNKNOWN: "still unknown",
}
_CAUSE_WORDS = {
    CauseKind.ROOT: "Root cause",
    CauseKind.CONTRIBUTING: "Contributing factor",
    CauseKind.TRIGGER: "Trigger",
}


def _short(text: str) -> str:
    return clipped(one_line(text), _ECHO_LENGTH)


def _add(
    world: World, request: Request, table: str, said: str, insert: Callable[[Connection, Incident], int]
) -> AnswerView:
    def change(connection: Connection, incident: Incident) -> Outcome:
        return Outcome(said, undo=(RemoveRow(table, insert(connection, incident)),))

    return carry_out(world, request, Right.STATE, change)


def add_note(world: World, request: Request, moment: Moment | None, text: str) -> AnswerView:
    """Put a line on the timeline at a moment, or now."""
    valid = valid_statement(text, what="what happened", example="Rolled back web")
    at = moment.at if moment else request.now
    when = echo(moment, now=request.now) if moment else f"now, {request.now:%H:%M} UTC"
    note = Note(0, at, valid, request.actor.user_id, request.now)
    return _add(
        world,
        request,
        "notes",
        f"On the timeline ({when}): {_short(valid)}",
        lambda connection, incident: statements.add_note(connection, incident, note),
    )


def add_impact(world: World, request: Request, text: str) -> AnswerView:
    """Say who and what was affected."""
    example = "1,200 customers could not pay for 40 minutes"
    valid = valid_statement(text, what="who was affected and how", example=example)
    impact = Impact(valid, request.actor.user_id, request.now)
    return _add(
        world,
        request,
        "impacts",
        f"Impact: {_short(valid)}",
        lambda connection, incident: statements.add_impact(connection, incident, impact),
    )


def add_cause(world: World, request: Request, new: NewCause) -> AnswerView:
    """Name a trigger, root cause or contributing factor."""
    example = "The retry queue has no limit"
    valid = valid_statement(new.text, what="what the cause was", example=example)
    cause = Cause(
        0,
        new.kind,
        valid,
        request.actor.user_id,
        request.now,
        evidence=new.evidence,
        layer=new.layer,
        category=new.category,
        score=new.score,
    )
    return _add(
        world,
        request,
        "causes",
        f"{_CAUSE_WORDS[new.kind]}: {_short(valid)}{_tags(new)}",
        lambda connection, incident: statements.add_cause(connection, incident, cause),
    )


def _tags(new: NewCause) -> str:
    """Return what was said of a cause beside its text, in brackets."""
    tags = (
        f"{new.layer.value} layer" if new.layer else "",
        new.category or "",
        f"score {new.score}" if new.score is not None else "",
        "with evidence" if new.evidence else "",
    )
    said = ", ".join(tag for tag in tags if tag)
    return f" ({said})" if said else ""


def add_why(world: World, request: Request, text: str) -> AnswerView:
    """Add the next link of the why chain."""
    example = "The alert only looks at the primary"
    valid = valid_statement(text, what="why that was so", example=example)
    why = Why(0, valid, request.actor.user_id, request.now)

    def change(connection: Connection, incident: Incident) -> Outcome:
        key = statements.add_why(connection, incident, why)
        number = sum(link.branch is None for link in statements.whys_of(connection, incident))
        return Outcome(f"Why {number}: {_short(valid)}", undo=(RemoveRow("whys", key),))

    return carry_out(world, request, Right.STATE, change)


def whys(world: World, request: Request) -> AnswerView:
    """Return the why chain for the asker. Raises UserError when they may not see it."""
    incident = look(world, request)
    with world.database.reading() as connection:
        chain = statements.whys_of(connection, incident)
    command = addressed(world, request, incident)
    if not chain:
        return AnswerView(
            f"{incident.incident_id} has no why chain yet. To begin it: "
            f"{command} why Checkout failed because it waited for a database connection"
        )
    lines = [
        f"{why.position}. {f'({one_line(why.branch)}) ' if why.branch else ''}{one_line(why.text)}" for why in chain
    ]
    ask = f"To add the next one: {command} why the pool was smaller than the load"
    return AnswerView("\n".join([f"Whys of {incident.incident_id}:", *lines, ask]))


def add_lesson(world: World, request: Request, kind: LessonKind, text: str) -> AnswerView:
    """Say what went well, poorly, by luck, what made it hard, or what is still unknown."""
    example = "The alert fired within a minute"
    valid = valid_statement(text, what="what was learned", example=example)
    lesson = Lesson(kind, valid, request.actor.user_id, request.now)
    return _add(
        world,
        request,
        "lessons",
        f"Lesson ({_LESSON_WORDS[kind]}): {_short(valid)}",
        lambda connection, incident: statements.add_lesson(connection, incident, lesson),
    )
