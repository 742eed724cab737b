"""Readers of the commands that start an incident and move its state."""

import re
from dataclasses import replace
from functools import partial

from bot.domain.errors import UserError
from bot.domain.incident import IncidentType, Kind, Role, Severity, Status, valid_severity, valid_title
from bot.domain.milestones import SETTABLE, Milestone
from bot.domain.text import one_line
from bot.domain.when import Moment
from bot.slack.grammar.asked import (
    Asked,
    Choice,
    Option,
    chosen,
    only_person,
    person_in,
    said,
    split_word,
    statement,
    unquoted,
)
from bot.slack.grammar.commands import (
    Acknowledge,
    AssignRole,
    Cancel,
    ChangeServices,
    ChangeSeverity,
    ChangeStatus,
    ChangeTeam,
    ChangeTitle,
    ChangeType,
    Command,
    Reopen,
    SetMilestone,
    Start,
)
from bot.slack.grammar.options import Given, read_options
from bot.slack.grammar.times import exact_moment, leading_moment

NAME_LIMIT = 100
SERVICES_LIMIT = 20
_TITLE = "Checkout errors in the EU"
_NOTE = re.compile(r"(?:^|\s)(?:--|—|–|-(?=\s|$))\s*")
_SEVERITY = re.compile(r"(?<![\w-])(?:sev)?[ -]?([1-4])(?![\w-])", re.IGNORECASE)
_NAME_IN_LIST = re.compile(r"\"[^\"]+\"|[“„][^“”]+[”“]|[^\s,;]+")

_KINDS = Choice("a kind of incident", tuple(Kind), {"nearmiss": "near-miss", "retrospective": "retro"})
_TYPES = Choice("a type of incident", tuple(IncidentType), {"prod": "production"})
_STATUSES = Choice(
    "a status",
    tuple(status for status in Status if status is not Status.CANCELLED),
    {
        "investigate": "investigating",
        "identify": "identified",
        "mitigate": "mitigated",
        "resolve": "resolved",
        "close": "closed",
    },
    usual="mitigated",
)
_MILESTONES = Choice(
    "a milestone that can be corrected",
    tuple(milestone.value for milestone in SETTABLE),
    {milestone.field.replace("_", "-"): milestone.value for milestone in SETTABLE}
    | {
        "start": "started",
        "onset": "started",
        "detect": "detected",
        "ack": "acknowledged",
        "acked": "acknowledged",
        "acknowledge": "acknowledged",
        "identify": "identified",
        "mitigate": "mitigated",
        "resolve": "resolved",
    },
)
_ROLES = Choice(
    "a role",
    tuple(Role),
    {
        "commander": "lead",
        "incident-lead": "lead",
        "ic": "lead",
        "communications": "comms",
        "communications-lead": "comms",
        "note-taker": "notes",
        "notetaker": "notes",
        "operations": "ops",
        "operations-lead": "ops",
        "postmortem-owner": "owner",
    },
)

START_OPTIONS = (
    Option("sev", "1..4", "2", aliases=("severity",)),
    Option("kind", "|".join(Kind), "drill"),
    Option("type", "|".join(IncidentType), "security"),
    Option("vendor", "NAME", '"Big Cloud"'),
    Option("here", aliases=("adopt",)),
    Option("private"),
    Option("since", "WHEN", "13:10", aliases=("from", "started")),
)


def start(asked: Asked) -> Command:
    """Read `start [title] [options]`."""
    given = read_options(asked)
    title = unquoted(given.text)
    return Start(
        title=valid_title(title) if title else None,
        severity=_severity_option(given),
        kind=Kind(_option(given, "kind", _KINDS)) if given.has("kind") else None,
        type=IncidentType(_option(given, "type", _TYPES)) if given.has("type") else None,
        vendor=_short_name(given.values["vendor"].text) if given.has("vendor") else None,
        is_here=given.has("here"),
        is_private=given.has("private"),
        since=exact_moment(asked, given.values["since"].text) if given.has("since") else None,
    )


def _option(given: Given, name: str, choice: Choice) -> str:
    return chosen(given.values[name].text, choice, partial(given.form, name))


def _severity_option(given: Given) -> Severity | None:
    if not given.has("sev"):
        return None
    typed = given.values["sev"].text
    try:
        return valid_severity(typed)
    except UserError as error:
        raise _no_severity(typed, given.form("sev", "1")) from error


def _no_severity(typed: str, right: str) -> UserError:
    return UserError(f"{said(typed)} is not a severity. Use 1 (worst) to 4", right=right, field="severity")


def severity(asked: Asked) -> Command:
    """Read `severity N`."""
    if not asked.rest:
        raise UserError("Say how severe it is, 1 (worst) to 4", right=asked.form("2"))
    try:
        return ChangeSeverity(valid_severity(asked.rest))
    except UserError as error:
        named = _SEVERITY.search(asked.rest)
        right = asked.form(named[1] if named else "1")
        raise _no_severity(asked.rest, right) from error


def title(asked: Asked) -> Command:
    """Read `title TEXT`."""
    text = unquoted(asked.rest)
    if not text:
        raise UserError("Say the new title", right=asked.form(_TITLE))
    return ChangeTitle(valid_title(text))


def incident_type(asked: Asked) -> Command:
    """Read `type TYPE`."""
    if not asked.rest:
        raise UserError("Say the type", right=asked.form("security"))
    return ChangeType(IncidentType(chosen(asked.rest, _TYPES, asked.form)))


def service(asked: Asked) -> Command:
    """Read `service NAME ...`; names stand between commas or spaces, or in quotes."""
    names = dict.fromkeys(_short_name(unquoted(name)) for name in _NAME_IN_LIST.findall(asked.rest))
    if not names:
        raise UserError("Say which service", right=asked.form("checkout-api payments"))
    if len(names) > SERVICES_LIMIT:
        right = asked.form(" ".join(list(names)[:3]))
        raise UserError(
            f"{len(names)} services are too many; {SERVICES_LIMIT} is the limit. The main ones", right=right
        )
    return ChangeServices(tuple(names))


def team(asked: Asked) -> Command:
    """Read `team NAME`."""
    name = unquoted(asked.rest)
    if not name:
        raise UserError("Say which team", right=asked.form("Payments"))
    return ChangeTeam(_short_name(name))


def _short_name(typed: str) -> str:
    name = one_line(typed)
    if len(name) > NAME_LIMIT:
        long = f"The name {said(name)} has {len(name):,} characters"
        raise UserError(f"{long}; {NAME_LIMIT} is the limit. Use a shorter one.")
    return name


def status(asked: Asked) -> Command:
    """Read `status STATUS [WHEN] [-- note]`, also with the words of the short forms."""
    word = split_word(asked.rest)[0].rstrip(":,")
    if not word:
        raise UserError(f"Say which status ({asked.form(name='info')} shows it)", right=asked.form("mitigated"))
    for name, words, read in _OTHER_MOVES:
        if word.lower() in words:
            return read(replace(asked, name=name, rest=split_word(asked.rest)[1]))
    name = chosen(word, _STATUSES, lambda name: asked.form(f"{name} {split_word(asked.rest)[1]}"))
    return change_status(Status(name), asked.after_first_word(name))


def change_status(to: Status, asked: Asked) -> Command:
    """Read `[WHEN] [-- note]` after the name of a status."""
    when, note = _moment_and_note(asked)
    return ChangeStatus(to, when, note)


def acknowledge(asked: Asked) -> Command:
    """Read `ack [WHEN] [-- note]`."""
    when, note = _moment_and_note(asked)
    return Acknowledge(when, note)


def reopen(asked: Asked) -> Command:
    """Read `reopen [WHEN] [-- note]`."""
    when, note = _moment_and_note(asked)
    return Reopen(when, note)


def cancel(asked: Asked) -> Command:
    """Read `cancel REASON`; two dashes may stand in front of the reason."""
    dashes = _NOTE.match(asked.rest)
    reason = asked.rest[dashes.end() :] if dashes else asked.rest
    return Cancel(statement(asked, reason, what="why it was no incident", example="the probe was wrong"))


_OTHER_MOVES = (
    ("ack", ("ack", "acked", "acknowledge", "acknowledged"), acknowledge),
    ("reopen", ("reopen", "reopened"), reopen),
    ("cancel", ("cancel", "cancelled", "canceled"), cancel),
)


def _moment_and_note(asked: Asked) -> tuple[Moment | None, str]:
    dashes = _NOTE.search(asked.rest)
    typed = asked.rest[: dashes.start()].strip() if dashes else asked.rest
    note = asked.rest[dashes.end() :].strip() if dashes else ""
    if note:
        statement(asked, note, what="what happened", example="-- rolled back")
    if not typed:
        return None, note
    try:
        return exact_moment(asked, typed), note
    except UserError as error:
        if dashes or (len(typed.split()) == 1 and typed[0].isdigit()):
            raise
        raise _note_without_dashes(asked, typed, error) from error


def _note_without_dashes(asked: Asked, typed: str, error: UserError) -> UserError:
    right = "A note goes after two dashes"
    if not typed[0].isdigit():
        return UserError(f"{said(typed)} is not a time. {right}", right=asked.form(f"-- {typed}"), field="when")
    moment, note = leading_moment(asked, typed)
    if moment is None:
        return UserError(f"{error.message} {right}", right=asked.form(f"-- {typed}"), field="when")
    when = typed.removesuffix(note).strip()
    return UserError(right, right=asked.form(f"{when} -- {note}"), field="when")


def set_milestone(asked: Asked) -> Command:
    """Read `set MILESTONE WHEN`."""
    word, when = split_word(asked.rest)
    if not word:
        raise UserError("Say which milestone and when", right=asked.form("started 14:05"))
    if word.lower() in ("declared", "declared_at"):
        right = asked.form(f"started {when or '14:05'}")
        raise UserError("The time of the declaration stays as it is. To correct the start", right=right)
    name = chosen(word, _MILESTONES, lambda name: asked.form(f"{name} {when or '14:05'}"))
    if not when:
        raise UserError("Say when", right=asked.form(f"{name} 14:05"))
    return SetMilestone(Milestone(name), exact_moment(asked, when))


def role(asked: Asked) -> Command:
    """Read `role ROLE [@user]`, in either order."""
    words = asked.rest.split()
    if not words:
        raise UserError("Say which role, for you, or for somebody else with @name after it", right=asked.form("lead"))
    people = [word for word in words if person_in(word)]
    others = [word for word in words if not person_in(word)]
    if not others:
        raise UserError("Say which role", right=asked.form(f"lead {people[0]}"))
    # "incident lead" and "note taker" are one name of two words.
    word, *more = [" ".join(others)] if _ROLES.find(" ".join(others)) else others
    name = chosen(word, _ROLES, lambda name: asked.form(" ".join([name, *more, *people])))
    return AssignRole(Role(name), only_person(asked.after_first_word(name), [*more, *people]))
