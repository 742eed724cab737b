"""Checks of what is on this machine: reactions, templates, the database."""

from collections.abc import Iterator

from bot.config import Settings
from bot.doctor.findings import Finding, fail, ok, warn
from bot.doctor.sample import sample_report
from bot.domain.errors import ScribeError
from bot.domain.timeline import Mark
from bot.rendering import Renderer
from storage import health
from storage.migrate import Schema

_DATABASE = "DATABASE_URL"
_EMOJI = "SCRIBE_EMOJI"
_TEMPLATES = "SCRIBE_TEMPLATES"


def reactions(settings: Settings) -> Iterator[Finding]:
    """Yield what the reactions mean."""
    marks = settings.emoji
    if any(mark.makes_entry for mark in marks.values()):
        yield ok(_EMOJI, ", ".join(f":{emoji}: {mark.value}" for emoji, mark in marks.items()))
    else:
        entry = f"{settings.SCRIBE_EMOJI},pushpin={Mark.ENTRY.value}"
        yield warn(_EMOJI, f"no reaction puts a message on the timeline. Add one, for example {_EMOJI}={entry}")


def templates(settings: Settings) -> Iterator[Finding]:
    """Yield whether the templates fill, tried on a sample incident."""
    problems = Renderer(settings.SCRIBE_TEMPLATES).problems(sample_report())
    for problem in problems:
        yield fail(_TEMPLATES, f"{problem}. Mend that file; until then the built-in template is used.")
    if not problems:
        own = f"those in {settings.SCRIBE_TEMPLATES}" if settings.SCRIBE_TEMPLATES else "the built-in ones"
        yield ok(_TEMPLATES, f"{own} fill a sample report")


def database(settings: Settings) -> Iterator[Finding]:
    """Yield whether the database can be used as it is."""
    try:
        found = health.examine(settings.DATABASE_URL)
    except ScribeError as error:
        yield fail(_DATABASE, str(error).removeprefix(f"{_DATABASE} "))
        return
    what = f"{found.shown_url} ({found.engine})"
    if found.schema is Schema.CURRENT:
        yield ok(_DATABASE, f"{what} can be written and is up to date")
    elif found.schema is Schema.NEWER:
        yield fail(
            _DATABASE,
            f"{what} was made by a newer version of Incident Scribe. Install that version, or name another database.",
        )
    elif found.is_sqlite:
        state = "is not there yet" if found.schema is Schema.NONE else "is of an older version"
        mend = "makes it" if found.schema is Schema.NONE else "brings it up to date"
        yield ok(_DATABASE, f"{what} {state}; the next command {mend}")
    else:
        state = "has no tables yet" if found.schema is Schema.NONE else "is of an older version"
        yield warn(_DATABASE, f"{what} {state}. Run: scribe db upgrade")
