"""Handing over the lead: the state written down, offered to one person, passed when they accept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from bot.domain.durations import in_words
from bot.domain.incident import Incident
from bot.domain.milestones import Milestone
from bot.domain.statements import Cause, CauseKind, Why
from bot.domain.tasks import Task
from bot.domain.text import clipped, mention, one_line
from bot.domain.timeline import Entry, Origin, Phase, is_own_note
from bot.domain.updates import Update

BRIEF_LIMIT = 1_000
STATE_EXAMPLE = "checkout is back for most, the queue is still long"
_ENTRIES = 4
_LINE = 200
_TRIED = (Phase.INVESTIGATION, Phase.MITIGATION)


class HandoverStatus(StrEnum):
    """How an offer stands. Superseded: a newer one was made, or somebody else has taken the lead."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class HandoverAnswer(StrEnum):
    """What people say to an offer: the one it was made to accepts or declines, the one who made it withdraws."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Brief:
    """The state as it is handed over, in the order in which it is read. A field that is empty was left out."""

    state: str = ""
    tried: str = ""
    hypothesis: str = ""
    risks: str = ""
    tasks: str = ""
    next_check: str = ""

    @staticmethod
    def of(values: Mapping[str, str]) -> "Brief":
        """Return the brief of what stands under these names, without outer white space; the rest is empty."""
        return Brief(**{field.name: values.get(field.name, "").strip() for field in fields(Brief)})


@dataclass(frozen=True, slots=True)
class Handover:
    """The lead, offered by `by` to `to_id` at `said_at` (UTC). `status_by` moved it last, None while it stands."""

    handover_id: int
    by: str
    said_at: datetime
    to_id: str
    brief: Brief
    status: HandoverStatus = HandoverStatus.OFFERED
    status_at: datetime | None = None
    status_by: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it can still be accepted."""
        return self.status is HandoverStatus.OFFERED


@dataclass(frozen=True, slots=True)
class Situation:
    """What a brief is prefilled from. `entries` are the timeline in its order, `updates` the oldest first."""

    incident: Incident
    milestones: Mapping[Milestone, datetime]
    entries: Sequence[Entry]
    causes: Sequence[Cause]
    whys: Sequence[Why]
    tasks: Sequence[Task]
    updates: Sequence[Update]


def prefilled(known: Situation, *, now: datetime) -> Brief:
    """Return the brief that what is known makes, for the lead to correct. Texts may hold mention tokens."""
    return Brief(
        state=_cut(_state(known, now)),
        tried=_cut(_tried(known.entries)),
        hypothesis=_cut(_hypothesis(known)),
        tasks=_cut(_tasks(known.tasks, now)),
        next_check=_cut(_next_check(known.updates)),
    )


def _cut(text: str) -> str:
    return clipped(text, BRIEF_LIMIT)


def _state(known: Situation, now: datetime) -> str:
    incident = known.incident
    began = known.milestones.get(Milestone.STARTED, incident.declared_at)
    lines = [f"{incident.severity.label}, {incident.status.value}, for {in_words(now - began)}."]
    if known.updates:
        last = known.updates[-1]
        lines.append(f"Last update, {last.said_at:%H:%M} UTC: {clipped(one_line(last.text), 3 * _LINE)}")
    return "\n".join(lines)


def _listed(newest_first: Iterable[str]) -> str:
    """Return the first few texts as a list, the oldest of them first."""
    lines = [f"- {clipped(one_line(text), _LINE)}" for text in newest_first]
    return "\n".join(lines[:_ENTRIES][::-1])


def _tried(entries: Sequence[Entry]) -> str:
    """Return the latest entries that say what was tried, by their phase; without phases, what people put there."""
    newest_first = entries[::-1]
    phased = [entry.words for entry in newest_first if entry.phase in _TRIED and not entry.milestone]
    by_people = [
        entry.words
        for entry in newest_first
        if entry.origin in (Origin.REACTION, Origin.NOTE) and not is_own_note(entry)
    ]
    return _listed(phased or by_people)


def _hypothesis(known: Situation) -> str:
    """Return the root causes named so far, else the other causes, else the last link of the why chain."""
    roots = [cause.text for cause in known.causes if cause.kind is CauseKind.ROOT]
    return _listed(roots[::-1] or [one.text for one in known.causes[::-1]] or [one.text for one in known.whys[-1:]])


def _tasks(tasks: Iterable[Task], now: datetime) -> str:
    lines = [
        f"{task.number}. {clipped(one_line(task.text), _LINE)} "
        f"({mention(task.owner_id) if task.owner_id else 'nobody'}, {in_words(now - task.said_at)})"
        for task in tasks
        if task.is_open
    ]
    return "\n".join(lines)


def _next_check(updates: Sequence[Update]) -> str:
    at = updates[-1].next_due_at if updates else None
    return f"Next update due {at:%Y-%m-%d %H:%M} UTC" if at else ""
