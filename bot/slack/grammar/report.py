"""Readers of the commands about the postmortem."""

import re
from functools import partial

from bot.domain.errors import UserError
from bot.domain.incident import Role
from bot.domain.postmortem.audiences import Audience
from bot.slack.grammar.asked import (
    Asked,
    Choice,
    Option,
    chosen,
    keyword,
    nothing_after,
    only_person,
    said,
    statement,
)
from bot.slack.grammar.commands import (
    ApproveCustomerVersion,
    AssignRole,
    Command,
    Export,
    ExportFormat,
    FindSimilar,
    ListPostmortems,
    MakeDraft,
    Publish,
    ReviewDraft,
    SearchPostmortems,
    SetMeeting,
    SetPostmortemDue,
    ShowQuarter,
    Waive,
)
from bot.slack.grammar.options import Given, read_options
from bot.slack.grammar.times import due_date, planned_moment

_CUSTOMER = {"customers": "customer", "external": "customer", "public": "customer"}
_DRAFT_AUDIENCES = Choice("an audience", tuple(Audience), _CUSTOMER | {"executives": "executive", "exec": "executive"})
_PUBLISH_AUDIENCES = Choice("an audience to publish for", ("internal", "customer"), _CUSTOMER)
_FORMATS = Choice("a format", tuple(ExportFormat), {"markdown": "md"})
_QUARTER = re.compile(r"([0-9]{4})[ -]?q([1-4])|q([1-4])[ -/]?([0-9]{4})", re.IGNORECASE)

DRAFT_OPTIONS = (Option("audience", "|".join(Audience), "customer", aliases=("for",)),)
PUBLISH_OPTIONS = (
    Option("audience", "internal|customer", "customer", aliases=("for",)),
    Option("yes", aliases=("confirm",)),
)


def draft(asked: Asked) -> Command:
    """Read `draft [--audience AUDIENCE]`."""
    return MakeDraft(_audience(read_options(asked), _DRAFT_AUDIENCES))


def publish(asked: Asked) -> Command:
    """Read `publish [--audience AUDIENCE] [--yes]`."""
    given = read_options(asked)
    return Publish(_audience(given, _PUBLISH_AUDIENCES), is_confirmed=given.has("yes"))


def _audience(given: Given, choice: Choice) -> Audience:
    if given.text:
        name = choice.find(given.text)
        if name:
            raise UserError("Name the audience like this", right=given.asked.form(f"--audience {name}"))
        raise UserError(f"{said(given.text)} means nothing here", right=given.asked.form("--audience internal"))
    if not given.has("audience"):
        return Audience.INTERNAL
    return Audience(chosen(given.values["audience"].text, choice, partial(given.form, "audience")))


def review(asked: Asked) -> Command:
    """Read `review`."""
    nothing_after(asked)
    return ReviewDraft()


def approve(asked: Asked) -> Command:
    """Read `approve customer`."""
    if keyword(asked.rest) != "customer":
        raise UserError("Only the customer version needs an approval", right=asked.form("customer"))
    return ApproveCustomerVersion()


def owner(asked: Asked) -> Command:
    """Read `owner [@user]`: the same as giving the role."""
    return AssignRole(Role.OWNER, only_person(asked, asked.rest.split()))


def due(asked: Asked) -> Command:
    """Read `due WHEN`."""
    if not asked.rest:
        raise UserError("Say by when it is to be written", right=asked.form("friday"))
    return SetPostmortemDue(due_date(asked, asked.rest))


def meeting(asked: Asked) -> Command:
    """Read `meeting WHEN`."""
    if not asked.rest:
        raise UserError("Say when the review meeting is", right=asked.form("tomorrow 10:00"))
    return SetMeeting(planned_moment(asked, asked.rest))


def waive(asked: Asked) -> Command:
    """Read `waive REASON`."""
    return Waive(statement(asked, asked.rest, what="why none is written", example="same cause as last week's"))


def export(asked: Asked) -> Command:
    """Read `export FORMAT`."""
    if not asked.rest:
        raise UserError("Say as which kind of file, md, html, pdf or json", right=asked.form("html"))
    return Export(ExportFormat(chosen(asked.rest.lstrip("."), _FORMATS, asked.form)))


def search(asked: Asked) -> Command:
    """Read `search WORDS`."""
    return SearchPostmortems(statement(asked, asked.rest, what="what to look for", example="connection pool"))


def similar(asked: Asked) -> Command:
    """Read `similar`."""
    nothing_after(asked)
    return FindSimilar()


def list_postmortems(asked: Asked) -> Command:
    """Read `list`."""
    nothing_after(asked)
    return ListPostmortems()


def quarter(asked: Asked) -> Command:
    """Read `quarter [2026Q3]`."""
    if not asked.rest:
        return ShowQuarter()
    found = _QUARTER.fullmatch(asked.rest)
    if not found or (year := int(found[1] or found[4])) == 0:
        now = asked.context.now
        right = asked.form(f"{now.year}Q{(now.month + 2) // 3}")
        raise UserError(f"{said(asked.rest)} is not a quarter. Write the year, then Q1 to Q4", right=right)
    return ShowQuarter(year, int(found[2] or found[3]))
