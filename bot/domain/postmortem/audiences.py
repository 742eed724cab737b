"""The same report for others: projections that hold a part of it, as a short document of headed sections.

The customer version is made of times, figures and counts alone. Nothing that anybody typed is in it, so nothing
internal can be: no name, no channel, no host, no link, no secret, whatever the report holds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.actions import ActionStatus, ActionType
from bot.domain.durations import in_words
from bot.domain.incident import IncidentType
from bot.domain.milestones import Milestone
from bot.domain.postmortem.model import ActionRow, Fact, Postmortem
from bot.domain.postmortem.wording import clock, listed
from bot.domain.text import counted, one_line


class Audience(StrEnum):
    """Whom a report is written for."""

    INTERNAL = "internal"
    EXECUTIVE = "executive"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class BriefSection:
    """One headed part: paragraphs, then labelled values, then a list."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing under the heading."""
        return not (self.paragraphs or self.facts or self.items)


@dataclass(frozen=True, slots=True)
class Brief:
    """A report for those who don't read all of it. `state` holds short labels: severity, status, revision."""

    audience: Audience
    title: str
    state: tuple[str, ...]
    sections: tuple[BriefSection, ...]


_WHAT = {
    IncidentType.PRODUCTION: "a part of our service was disrupted",
    IncidentType.SECURITY: "a security incident affected our service",
    IncidentType.PRODUCT: "a part of our service did not work as intended",
    IncidentType.PROCESS: "a part of our service was affected",
}
_AIMS = {
    ActionType.INVESTIGATE: "to understand it fully",
    ActionType.MITIGATE: "to limit its effects",
    ActionType.REPAIR: "to repair what it left behind",
    ActionType.DETECT: "to notice it sooner",
    ActionType.MITIGATE_FUTURE: "to limit the effects next time",
    ActionType.PREVENT: "to keep it from happening again",
}


def executive(report: Postmortem) -> Brief:
    """Return what those who decide need: the summary, the impact with its cost, the causes, the times, the actions."""
    incident = report.incident
    figures = report.figures.facts if report.figures else ()
    causes = [*report.causes.roots, *([] if report.causes.roots else report.causes.factors)]
    sections = (
        BriefSection("Summary", report.summary),
        BriefSection("Impact", tuple(statement.text for statement in report.impact), figures),
        BriefSection("Cause", items=tuple(one_line(cause.text) for cause in causes)),
        BriefSection("Times", facts=tuple(Fact(measure.label, measure.value) for measure in report.measures)),
        BriefSection("What is done about it", items=tuple(_action(row) for row in _actions(report))),
    )
    return Brief(
        Audience.EXECUTIVE,
        f"Postmortem: {incident.title}",
        (
            incident.incident_id,
            incident.severity.label,
            incident.status.value,
            f"executive version of draft {report.revision}",
        ),
        tuple(section for section in sections if not section.is_empty),
    )


def _actions(report: Postmortem) -> Iterator[ActionRow]:
    for group in report.actions:
        yield from (row for row in group.rows if row.status is not ActionStatus.DROPPED)


def _action(row: ActionRow) -> str:
    due = f"due {row.due:%Y-%m-%d}" if row.due else "no due date"
    return f"{one_line(row.text)} ({row.owner or 'no owner yet'}, {due}, {row.status.value})"


def customer(report: Postmortem) -> Brief:
    """Return what customers may read: what happened in general terms, when, how much, and what is being done."""
    known = {row.milestone: row.at for row in report.milestones if row.at}
    began = known.get(Milestone.STARTED)
    day = f" on {began:%Y-%m-%d}" if began else ""
    sections = (
        BriefSection("What happened", (" ".join(_course(report.incident.type, known)),)),
        BriefSection("Who was affected", tuple(_affected(report))),
        BriefSection("What we do about it", tuple(_measures(report))),
    )
    noun = "Security incident" if report.incident.type is IncidentType.SECURITY else "Service disruption"
    return Brief(Audience.CUSTOMER, f"{noun}{day}", (), tuple(section for section in sections if not section.is_empty))


def _course(kind: IncidentType, known: Mapping[Milestone, datetime]) -> Iterator[str]:
    began, over = known.get(Milestone.STARTED), known.get(Milestone.MITIGATED) or known.get(Milestone.RESOLVED)
    if began:
        yield f"On {began:%Y-%m-%d} at {clock(began)} UTC {_WHAT[kind]}."
    else:
        yield f"{_WHAT[kind].capitalize()}."
    found = known.get(Milestone.DETECTED)
    if began and found:
        length = max(found - began, timedelta(0))
        yield f"We noticed it {'at once' if length < timedelta(minutes=1) else f'{in_words(length)} later'}."
    if over is None:
        yield "We are working on it."
        return
    on = "" if began and began.date() == over.date() else f"on {over:%Y-%m-%d} "
    lasted = f", after {in_words(max(over - began, timedelta(0)))}" if began else ""
    yield f"It was over {on}at {clock(over)} UTC{lasted}."
    if Milestone.RESOLVED not in known:
        yield "We are still watching it."


def _affected(report: Postmortem) -> Iterator[str]:
    details = report.figures.details if report.figures else None
    if details is None:
        return
    if details.users is not None:
        share = f" ({_percent(details.users_share)})" if details.users_share is not None else ""
        yield f"{counted(details.users, 'user')}{share} {'was' if details.users == 1 else 'were'} affected."
    elif details.users_share == 1:
        yield "All of our users were affected."
    elif details.users_share is not None:
        yield f"{_percent(details.users_share)} of our users were affected."


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def _measures(report: Postmortem) -> Iterator[str]:
    rows = list(_actions(report))
    if not rows:
        return
    aims = Counter(row.type for row in rows if row.type)
    parts = [f"{aims[kind]} {aim}" if len(rows) > 1 else aim for kind, aim in _AIMS.items() if aims[kind]]
    done = sum(row.status is ActionStatus.DONE for row in rows)
    # Not every action says what it is for.
    joint = ", among them" if sum(aims.values()) < len(rows) else ":" if len(rows) > 1 else ","
    what = f"{joint} {listed(parts)}" if parts else ""
    yield f"We have decided on {counted(len(rows), 'measure')}{what}. {_how_many_done(done, len(rows))}"


def _how_many_done(done: int, of: int) -> str:
    if done == 0:
        return "It is not done yet." if of == 1 else "None is done yet."
    if done == of:
        return "It is done." if of == 1 else "All are done."
    return f"{done} of {of} {'is' if done == 1 else 'are'} done."


# What of the report's JSON those outside may have; everything else is emptied, never left out.
_EXECUTIVE_KEYS = ("incident", "milestones", "metrics", "impact", "actions", "communications")
_CUSTOMER_MILESTONES = ("started_at", "detected_at", "mitigated_at", "resolved_at")
_CUSTOMER_IMPACT = ("users", "users_share", "from", "to")
_CUSTOMER_INCIDENT = ("kind", "type")


def projected(data: Mapping[str, Any], audience: Audience) -> dict[str, Any]:
    """Return the report's JSON as this audience may have it: the same keys, what is not for them empty."""
    if audience is Audience.INTERNAL:
        return dict(data)
    if audience is Audience.EXECUTIVE:
        causes = _emptied(data["causes"]) | {"root": data["causes"]["root"]}
        return {key: value if key in _EXECUTIVE_KEYS else _emptied(value) for key, value in data.items()} | {
            "causes": causes
        }
    kept = {
        "incident": _only(data["incident"], _CUSTOMER_INCIDENT),
        "milestones": _only(data["milestones"], _CUSTOMER_MILESTONES),
        "metrics": data["metrics"],
        "impact": _only(data["impact"], _CUSTOMER_IMPACT),
    }
    return {key: kept.get(key, _emptied(value)) for key, value in data.items()}


def _only(data: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value if key in keys else _emptied(value) for key, value in data.items()}


def _emptied(value: object) -> Any:
    """Return what says nothing in the place of a value, in the same form."""
    if isinstance(value, Mapping):
        return {key: _emptied(inner) for key, inner in value.items()}
    return [] if isinstance(value, list | tuple) else None
