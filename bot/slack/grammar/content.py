"""Readers of the commands that add to an incident's record, or show it."""

from bot.domain.errors import UserError
from bot.domain.statements import CauseKind, LessonKind
from bot.slack.grammar.asked import Asked, Choice, chosen, closest, listed, nothing_after, said, split_word, statement
from bot.slack.grammar.commands import (
    AddLesson,
    AddNote,
    AddWhy,
    CatchUp,
    Command,
    Help,
    LinkIncident,
    ListIncidents,
    MergeIncident,
    ShowInfo,
    ShowTimeline,
    ShowWhys,
    StateCause,
    StateImpact,
)
from bot.slack.grammar.targets import is_incident
from bot.slack.grammar.times import leading_moment

_LESSONS = Choice("a kind of lesson", tuple(LessonKind))
_CAUSES = Choice("a kind of cause", tuple(CauseKind))
# Above "will" and "well": a text may begin with many words.
_LIKE_A_KIND = 0.8


def note(asked: Asked) -> Command:
    """Read `note [WHEN] TEXT`."""
    when, text = leading_moment(asked, asked.rest)
    if when and not text.strip():
        right = asked.form(f"{asked.rest} the alert came")
        raise UserError("Say what happened then", right=right)
    return AddNote(statement(asked, text, what="what happened", example="14:05 the alert came"), when)


def impact(asked: Asked) -> Command:
    """Read `impact [TEXT]`."""
    return StateImpact(_optional_text(asked, asked.rest))


def cause(asked: Asked) -> Command:
    """Read `cause [root|contributing|trigger] TEXT`; a contributing factor when the kind is not said."""
    word, rest = split_word(asked.rest)
    name = _CAUSES.find(word.rstrip(":"))
    if name is None:
        return StateCause(text=_optional_text(asked, asked.rest))
    return StateCause(CauseKind(name), _optional_text(asked, rest))


def _optional_text(asked: Asked, text: str) -> str | None:
    return statement(asked, text, what="it", example="") if text else None


def why(asked: Asked) -> Command:
    """Read `why TEXT`."""
    return AddWhy(statement(asked, asked.rest, what="why", example="the pool was smaller than the load"))


def lesson(asked: Asked) -> Command:
    """Read `lesson [KIND TEXT]`."""
    word, text = split_word(asked.rest)
    if not word:
        return AddLesson()
    if not _LESSONS.find(word.rstrip(":")) and not closest(word, _LESSONS.names, likeness=_LIKE_A_KIND):
        raise UserError(f"Say which kind of lesson, {listed(_LESSONS.names)}", right=asked.form(f"well {asked.rest}"))
    name = chosen(word.rstrip(":"), _LESSONS, lambda name: asked.form(f"{name} {text}"))
    of_kind = asked.after_first_word(name)
    return AddLesson(LessonKind(name), _optional_text(of_kind, text))


def timeline(asked: Asked) -> Command:
    """Read `timeline [all]`."""
    if asked.rest and asked.rest.lower() != "all":
        raise UserError("Only “all” goes after timeline", right=asked.form("all"))
    return ShowTimeline(is_all=bool(asked.rest))


def link(asked: Asked) -> Command:
    """Read `link ID`."""
    return LinkIncident(_other_incident(asked))


def merge(asked: Asked) -> Command:
    """Read `merge ID`."""
    return MergeIncident(_other_incident(asked))


def _other_incident(asked: Asked) -> str:
    if not is_incident(asked.rest):
        example = asked.form(f"INC-{asked.context.now:%Y-%m-%d}-001")
        if not asked.rest:
            raise UserError("Say which incident, by its id or the id's end", right=example)
        raise UserError(f"{said(asked.rest)} is not an incident's id or the end of one", right=example)
    return asked.rest.upper()


def info(asked: Asked) -> Command:
    """Read `info`."""
    if is_incident(asked.rest):
        right = f"{asked.command} {asked.rest.upper()} {asked.name}"
        raise UserError("The incident goes in front", right=right)
    nothing_after(asked)
    return ShowInfo()


def whys(asked: Asked) -> Command:
    """Read `whys`."""
    nothing_after(asked)
    return ShowWhys()


def catchup(asked: Asked) -> Command:
    """Read `catchup`."""
    nothing_after(asked)
    return CatchUp()


def list_incidents(asked: Asked) -> Command:
    """Read `list`."""
    nothing_after(asked)
    return ListIncidents()


def show_help(asked: Asked) -> Command:
    """Read `help [topic]`."""
    return Help(asked.rest or None)
